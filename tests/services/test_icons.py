"""Icons of sites: found by the poller now and then, kept, served from here."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from aggregator.errors import NotFoundError
from aggregator.ingest.icons import MOST_BYTES
from aggregator.sample_web.media import icon as drawn
from aggregator.services import housekeeping, icons
from aggregator.storage import dialect, tables
from tests.scripted_server import Answer
from tests.world import NOW, World, item

PNG = drawn("cwm")


def page(*links: str) -> Answer:
    body = f"<!doctype html><html><head>{''.join(links)}</head><body>CWM</body></html>"
    return Answer(body=body.encode(), headers=(("Content-Type", "text/html"),))


def followed(world: World, *names: str) -> None:
    """Follow blogs, poll them, and let each have its site at /<name>/."""
    world.follow(*(world.publish(f"/{name}/rss", item(1)) for name in names))
    world.poll()
    for name in names:
        set_site(world, name, world.web.url(f"/{name}/"))
    world.web.asked.clear()


def set_site(world: World, name: str, site: str | None) -> None:
    with world.context.database.write() as session:
        here = tables.sources.c.url == world.web.url(f"/{name}/rss")
        session.execute(update(tables.sources).where(here).values(site_url=site))


def asked(world: World) -> list[str]:
    """List what was asked for besides robots.txt, which says nothing here."""
    return [path for path in world.web.paths if path != "/robots.txt"]


def looked_at(world: World) -> list[bool]:
    with world.context.database.read() as session:
        found = session.execute(select(tables.sources.c.icon_looked_at))
        return [row[0] is not None for row in found]


def stored(world: World) -> int:
    with world.context.database.read() as session:
        return session.execute(select(func.count()).select_from(tables.icons)).scalar_one()


def test_the_icon_that_the_page_of_the_site_announces_is_kept(world: World) -> None:
    followed(world, "cwm")
    world.web.answer("/cwm/", page('<link rel="icon" href="i.png">'))
    world.web.answer("/cwm/i.png", Answer(body=PNG))
    assert icons.look(world.context) == 1
    assert asked(world) == ["/cwm/", "/cwm/i.png"]
    (source,) = world.sources()
    found = icons.find(world.context, source.icon or "")
    assert (found.media_type, found.content) == ("image/png", PNG)
    assert [row.source_icon for row in world.entries()] == [source.icon]


@pytest.mark.parametrize("site", [page(), Answer(status=404), Answer(body=b"\x89")])
def test_a_site_that_announces_none_is_asked_for_the_usual_one(world: World, site: Answer) -> None:
    followed(world, "cwm")
    world.web.answer("/cwm/", site)
    world.web.answer("/favicon.ico", Answer(body=PNG))
    icons.look(world.context)
    assert asked(world) == ["/cwm/", "/favicon.ico"]
    assert world.sources()[0].icon


def test_a_source_without_a_page_is_asked_for_the_usual_one(world: World) -> None:
    followed(world, "cwm")
    set_site(world, "cwm", None)
    icons.look(world.context)
    assert asked(world) == ["/favicon.ico"]


@pytest.mark.parametrize(
    "picture",
    [
        Answer(status=404),
        Answer(status=500),
        Answer(hang_up=True),
        Answer(body=b"<html>Sorry</html>"),
        Answer(body=b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Answer(body=PNG + b"\0" * MOST_BYTES),
        Answer(body=PNG, endless=True),
    ],
)
def test_what_is_no_good_icon_is_not_asked_for_again_for_a_month(
    world: World, picture: Answer
) -> None:
    followed(world, "cwm")
    world.web.answer("/cwm/", page('<link rel="icon" href="i.png">'))
    world.web.answer("/cwm/i.png", picture)
    icons.look(world.context)
    assert (looked_at(world), world.sources()[0].icon, stored(world)) == ([True], None, 0)
    before = len(world.web.asked)
    world.clock.go_on(days=29)
    assert icons.look(world.context) == 0
    assert len(world.web.asked) == before
    world.clock.go_on(days=2)
    assert icons.look(world.context) == 1


@pytest.mark.parametrize("site", [Answer(status=500), Answer(status=403), Answer(hang_up=True)])
def test_a_site_in_trouble_is_asked_once_and_left_alone(world: World, site: Answer) -> None:
    followed(world, "cwm")
    world.web.answer("/cwm/", site)
    icons.look(world.context)
    assert asked(world) == ["/cwm/"]
    assert looked_at(world) == [True]


def test_an_icon_stays_when_a_later_look_finds_none(world: World) -> None:
    followed(world, "cwm")
    world.web.answer("/cwm/", page('<link rel="icon" href="i.png">'))
    world.web.answer("/cwm/i.png", Answer(body=PNG), Answer(status=404))
    icons.look(world.context)
    before = world.sources()[0].icon
    world.clock.go_on(days=31)
    icons.look(world.context)
    assert before
    assert world.sources()[0].icon == before


def test_a_source_that_fails_rests_or_was_never_read_is_not_asked(world: World) -> None:
    url = world.publish("/cwm/rss", item(1))
    world.follow(
        text=f"sources:\n  - {{url: '{url}', paused: true}}\n  - {world.web.url('/no')}\n"
    )
    world.poll()
    world.web.asked.clear()
    assert icons.look(world.context) == 0
    assert world.web.asked == []


def test_a_site_with_several_feeds_is_looked_at_once_for_all(world: World) -> None:
    followed(world, "cwm", "cwm2")
    set_site(world, "cwm2", world.web.url("/cwm/"))
    world.web.answer("/cwm/", page('<link rel="icon" href="i.png">'))
    world.web.answer("/cwm/i.png", Answer(body=PNG))
    assert icons.look(world.context) == 1
    one, other = world.sources()
    assert one.icon == other.icon != None  # noqa: E711 - the three at once
    assert stored(world) == 1


def test_of_a_host_of_others_one_site_is_looked_at_a_round(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed(world, "cwm", "magalie", "erick")
    monkeypatch.setattr(world.context.fetcher, "concurrency_on", lambda _host: 1)
    assert [icons.look(world.context) for _ in range(4)] == [1, 1, 1, 0]


def test_a_host_that_another_process_asks_now_is_left_to_it(world: World) -> None:
    followed(world, "cwm")
    with world.context.database.write() as session:
        held = {
            "host": "127.0.0.1",
            "holder": "elsewhere:1",
            "held_until": NOW + timedelta(minutes=9),
        }
        dialect.upsert(session, tables.hosts, [held], by="host")
    assert icons.look(world.context) == 0
    assert world.web.asked == []


def test_a_look_ends_when_the_program_is_to_end(world: World) -> None:
    followed(world, "cwm")
    world.web.answer("/cwm/", Answer(held=True))
    assert icons.look(world.context, stopping=lambda: bool(world.web.asked)) == 0
    assert looked_at(world) == [False]


def test_a_secret_in_the_address_of_a_site_is_not_asked_for(world: World) -> None:
    followed(world, "cwm")
    set_site(world, "cwm", world.web.url("/${CWM_KEY}/"))
    icons.look(replace(world.context, environment={"CWM_KEY": "s3cret"}))
    assert asked(world) == ["/favicon.ico"]


def test_an_icon_that_no_source_has_any_more_is_dropped(world: World) -> None:
    followed(world, "cwm")
    world.web.answer("/favicon.ico", Answer(body=PNG), Answer(body=drawn("nadia")))
    world.web.answer("/cwm/", page())
    icons.look(world.context)
    old = world.sources()[0].icon or ""
    world.clock.go_on(days=31)
    icons.look(world.context)
    assert stored(world) == 2
    housekeeping.keep(world.context)
    assert stored(world) == 1
    with pytest.raises(NotFoundError):
        icons.find(world.context, old)


def test_a_picture_is_asked_for_with_what_it_came_with(world: World) -> None:
    followed(world, "cwm")
    world.web.answer("/cwm/", page('<link rel="icon" href="i.png">'))
    validators = (("ETag", '"i-1"'), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"))
    world.web.answer(
        "/cwm/i.png",
        Answer(body=PNG, headers=validators),
        Answer(status=304, headers=(("ETag", '"i-2"'),)),
        Answer(status=304),
    )
    for _ in range(3):
        icons.look(world.context)
        world.clock.go_on(days=31)
    pictures = [one for one in world.web.asked if one.path == "/cwm/i.png"]
    assert [one.header("If-None-Match") for one in pictures] == [None, '"i-1"', '"i-2"']
    assert {one.header("If-Modified-Since") for one in pictures[1:]} == {validators[1][1]}
    assert world.sources()[0].icon


def test_a_site_followed_again_within_a_week_is_not_asked_again(world: World) -> None:
    followed(world, "cwm")
    world.web.answer("/cwm/", page('<link rel="icon" href="i.png">'))
    world.web.answer("/cwm/i.png", Answer(body=PNG))
    icons.look(world.context)
    world.clock.go_on(days=6)
    followed(world, "cwm", "cwm2")
    set_site(world, "cwm2", world.web.url("/cwm/"))
    assert icons.look(world.context) == 1
    assert asked(world) == []
    one, other = world.sources()
    assert one.icon == other.icon != None  # noqa: E711 - the three at once


@pytest.mark.parametrize("picture", [Answer(body=PNG), Answer(status=404)])
def test_the_usual_icon_of_a_host_is_asked_for_once_for_all_its_sites(
    world: World, picture: Answer
) -> None:
    followed(world, "cwm", "magalie")
    for path in ("/cwm/", "/magalie/"):
        world.web.answer(path, page())
    world.web.answer("/favicon.ico", picture)
    assert icons.look(world.context) == 2
    assert asked(world) == ["/cwm/", "/favicon.ico", "/magalie/"]


def test_robots_txt_keeps_us_from_a_page_and_from_a_picture(world: World) -> None:
    followed(world, "cwm")
    world.web.answer("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /cwm/"))
    world.web.answer("/favicon.ico", Answer(body=PNG))
    icons.look(world.context)
    assert world.web.paths == ["/robots.txt", "/favicon.ico"]
    world.clock.go_on(days=31)
    world.web.answer("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /"))
    world.web.asked.clear()
    icons.look(world.context)
    assert world.web.paths == ["/robots.txt"]
