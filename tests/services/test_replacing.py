"""New addresses of lost feeds: looked for on their sites, politely, and proposed."""

import pytest
from sqlalchemy import update

from aggregator.domain.health import Proposal, ProposalKind
from aggregator.domain.replacing import Lost, places
from aggregator.domain.sources import SourceId, SourceState, state_of
from aggregator.errors import NotFoundError
from aggregator.services import health, proposals, replacing
from aggregator.storage import tables
from aggregator.storage.proposals import propose
from tests.scripted_server import Answer, Asked
from tests.world import World, feed, item

GONE = Answer(status=410)


def page(*feeds: str, title: str = "Le blog") -> Answer:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{url}">'
        for url in feeds
    )
    body = f"<!doctype html><html><head>{links}</head><body>CWM</body></html>"
    return Answer(body=body.encode(), headers=(("Content-Type", "text/html"),))


def lose(world: World, answer: Answer = GONE, *, failures: int = 1) -> None:
    """Follow /old, which worked once, and fails since."""
    world.web.answer("/old", feed(item(1)), answer)
    world.follow(world.web.url("/old"))
    world.poll()
    with world.context.database.write() as session:
        session.execute(update(tables.sources).values(site_url=None))
    for _ in range(failures):
        world.poll(hours=100)
    world.web.asked.clear()


def proposed(world: World) -> list[Proposal]:
    return list(health.sheet(world.context, world.sources()[0].id).proposals)


@pytest.mark.parametrize(
    ("answer", "failures"),
    [(GONE, 1), (Answer(status=404), 3), (page(), 3)],
    ids=["gone", "not found", "a web page"],
)
def test_a_lost_feed_is_offered_the_one_that_its_site_announces(
    world: World, answer: Answer, failures: int
) -> None:
    lose(world, answer, failures=failures)
    world.web.answer("/", page("/new"))
    new = world.publish("/new", item(1), item(2))
    assert replacing.look(world.context) == 1
    assert world.web.paths == ["/robots.txt", "/", "/new"]
    (found,) = proposed(world)
    assert (found.url, found.title, found.host) == (new, "Le blog de CWM", "127.0.0.1")
    assert world.sources()[0].url == world.web.url("/old")


@pytest.mark.parametrize(("status", "failures"), [(404, 2), (500, 9)])
def test_a_feed_that_may_come_back_is_not_looked_for(
    world: World, status: int, failures: int
) -> None:
    lose(world, Answer(status=status), failures=failures)
    assert replacing.look(world.context) == 0
    assert world.web.asked == []


def test_a_lost_feed_is_looked_for_once_a_week(world: World) -> None:
    lose(world)
    world.web.answer("/", page())
    assert replacing.look(world.context) == 1
    world.clock.go_on(days=6)
    assert replacing.look(world.context) == 0
    world.clock.go_on(days=2)
    assert replacing.look(world.context) == 1


def test_nothing_is_looked_for_while_an_address_waits_for_a_decision(world: World) -> None:
    lose(world)
    world.web.answer("/", page("/new", "/other"))
    world.publish("/new", item(1))
    world.publish("/other", item(1))
    replacing.look(world.context)
    world.clock.go_on(days=8)
    assert replacing.look(world.context) == 0
    proposals.decline(world.context, proposed(world)[0].id)
    assert replacing.look(world.context) == 1
    assert [each.url for each in proposed(world)] == [world.web.url("/other")]


def test_robots_txt_is_obeyed_unless_a_person_asks(world: World) -> None:
    lose(world)
    world.web.answer("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /\n"))
    world.web.answer("/", page("/new"))
    world.publish("/new", item(1))
    replacing.look(world.context)
    assert world.web.paths == ["/robots.txt"]
    world.clock.go_on(hours=1)
    sought = replacing.look_now(world.context, world.sources()[0].id)
    assert [each.url for each in sought.proposals] == [world.web.url("/new")]


def test_comments_what_is_known_and_what_cannot_be_read_are_passed_over(world: World) -> None:
    lose(world)
    world.web.answer("/", page("/old", "/broken", "/empty", "/new", "/comments/feed"))
    world.web.answer("/broken", Answer(body=b"nothing"))
    world.publish("/empty")
    world.publish("/new", item(1))
    world.publish("/comments/feed", item(1))
    replacing.look(world.context)
    assert world.web.paths == ["/robots.txt", "/", "/broken", "/empty", "/new"]
    assert [each.url for each in proposed(world)] == [world.web.url("/new")]


def test_what_was_declined_or_is_followed_already_is_not_found_again(world: World) -> None:
    lose(world)
    world.web.answer("/", page("/new"))
    world.publish("/new", item(1))
    replacing.look(world.context)
    proposals.decline(world.context, proposed(world)[0].id)
    world.clock.go_on(days=8)
    replacing.look(world.context)
    assert proposed(world) == []


def test_a_site_that_is_followed_is_asked_for_its_new_feed_without_a_question(
    world: World,
) -> None:
    site = world.publish_site()
    world.follow(site)
    world.poll()
    (before,) = world.sources()
    assert before.feed_url == world.web.url("/feed")
    world.web.answer("/feed", GONE)
    world.web.answer("/", page("/new"))
    new = world.publish("/new", item(1), item(2))
    world.poll(hours=2)
    world.poll(hours=30)
    replacing.look(world.context)
    (source,) = world.sources()
    assert (source.id, source.url, source.feed_url) == (before.id, site, new)
    assert state_of(source, now=world.clock()) is SourceState.OK
    world.poll()
    assert sorted(world.titles()) == ["Article 1", "Article 2"]
    assert proposed(world) == []


def test_who_stood_back_for_a_feed_that_was_left_is_asked_again(world: World) -> None:
    site = world.publish_site()
    world.follow(site, world.web.url("/feed"))
    world.poll()
    world.poll(hours=2)
    first, second = world.sources()
    assert (second.next_because, second.next_poll_at) == ("duplicate", None)
    world.web.answer("/feed", GONE)
    world.web.answer("/", page("/new"))
    new = world.publish("/new", item(1))
    world.poll(hours=2)
    assert replacing.look_now(world.context, first.id).used == new
    world.publish("/feed", item(7))
    world.poll(hours=1)
    assert "article-7" in {entry.key for entry in world.entries(second.url)}


def test_what_was_found_for_an_address_that_was_left_meanwhile_counts_for_nothing(
    world: World,
) -> None:
    site = world.publish_site()
    world.follow(site)
    world.poll()
    world.web.answer("/feed", GONE)
    world.publish("/new", item(1))
    moved = world.publish("/elsewhere", item(1))
    world.poll(hours=2)
    [source] = world.sources()
    with world.context.database.write() as session:
        kind = ProposalKind.FOUND
        propose(session, source.id, kind=kind, url=moved, title=None, at=world.clock())
    [proposal] = proposed(world)

    def announcing(_asked: Asked) -> Answer:
        proposals.accept(world.context, proposal.id)
        return page("/new")

    world.web.answer("/", announcing)
    assert replacing.look_now(world.context, source.id).used is None
    [after] = world.sources()
    assert (after.id, after.url, after.feed_url) == (source.id, moved, None)


def test_a_person_is_told_why_nothing_was_found_and_cannot_ask_all_the_time(
    world: World,
) -> None:
    lose(world)
    source_id = world.sources()[0].id
    world.web.answer("/", Answer(status=500))
    sought = replacing.look_now(world.context, source_id)
    assert sought.fault is not None
    assert sought.fault.code == "http-error"
    world.web.asked.clear()
    assert replacing.look_now(world.context, source_id).too_soon
    assert world.web.asked == []
    world.clock.go_on(minutes=5)
    world.web.answer("/", page())
    assert replacing.look_now(world.context, source_id) == replacing.Sought()


def test_only_a_source_that_is_followed_can_be_looked_for(world: World) -> None:
    with pytest.raises(NotFoundError):
        replacing.look_now(world.context, SourceId(99))


def test_a_host_that_asks_to_be_left_alone_is(world: World) -> None:
    lose(world)
    until = world.clock()
    world.clock.go_on(hours=-1)
    with world.context.database.write() as session:
        session.execute(tables.host_pauses.insert().values(host="127.0.0.1", until=until))
    assert replacing.look(world.context) == 0


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        ({}, ("https://cwm.example/",)),
        (
            {"site_url": "https://cwm.example/blog/"},
            ("https://cwm.example/blog/", "https://cwm.example/"),
        ),
        (
            {"url": "https://cwm.example/blog", "feed_url": "https://feeds.example/cwm"},
            ("https://cwm.example/blog", "https://feeds.example/"),
        ),
        ({"fault_code": "dns-failed"}, ()),
        (
            {"fault_code": "dns-failed", "site_url": "https://cwm.over-blog.com/"},
            ("https://cwm.over-blog.com/",),
        ),
        ({"url": "${FEED}"}, ()),
        ({"url": "https://${HOST}/rss"}, ()),
    ],
)
def test_a_lost_feed_is_looked_for_where_its_site_is(
    lost: dict[str, str], expected: tuple[str, ...]
) -> None:
    told = {"url": "https://cwm.example/rss", "feed_url": None, "site_url": None}
    one = Lost(source_id=SourceId(1), **{"fault_code": "http-410", **told, **lost})  # type: ignore[arg-type]
    assert places(one) == expected
