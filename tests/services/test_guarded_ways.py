"""Whatever a public site names, in whatever document: no private address is connected to."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from aggregator.ingest import guard as guard_module
from aggregator.ingest.fetch import Fetcher
from aggregator.ingest.guard import AddressGuard
from aggregator.sample_web.media import icon as drawn
from aggregator.services import finding, icons, replacing
from tests.comment_feeds import announced, comments, counted, said
from tests.scripted_server import Answer, ScriptedServer
from tests.world import World, feed, item

LOST = Answer(status=410)


@pytest.fixture
def inside() -> Iterator[ScriptedServer]:
    """Run a server at a private address, where nothing may ever arrive."""
    with ScriptedServer().running("127.0.0.2") as server:
        server.answer("/", page('<link rel="icon" href="/icon.png">'))
        server.answer("/feed", feed(item(1, "Ce qui est chez moi")))
        server.answer("/comments", comments(said(1)))
        server.answer("/icon.png", Answer(body=drawn("cwm")))
        yield server


@pytest.fixture(params=[(), ("127.0.0.2",), ("127.0.0.2/31", "localhost")], ids=str)
def outside(
    request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """Give a world whose web is public, with nothing opened, or what is inside."""
    monkeypatch.setattr(guard_module, "is_public", "127.0.0.1".__eq__)
    fetcher = Fetcher(
        guard=AddressGuard(request.param),
        user_agent="Veille/0 (+https://cwm.example/contact)",
        concurrency=64,
        host_delay=0,
        host_concurrency=8,
        timeout_s=5,
        clock=world.clock,
    )
    yield replace(world, context=replace(world.context, fetcher=fetcher))
    fetcher.close()


def page(*links: str) -> Answer:
    body = f"<!doctype html><html><head>{''.join(links)}</head><body>CWM</body></html>"
    return Answer(body=body.encode(), headers=(("Content-Type", "text/html"),))


def alternate(url: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{url}">'


def titled(url: str, *items: str) -> Answer:
    """Answer with a feed that says its site is at an address."""
    written = feed(*items)
    return replace(written, body=written.body.replace(b"http://cwm.example/<", f"{url}<".encode()))


def to(url: str, status: int = 301) -> Answer:
    return Answer(status=status, headers=(("Location", url),))


def by_redirect(web: ScriptedServer, inside: ScriptedServer) -> str:
    return web.answer("/feed", to(inside.url("/feed")))


def by_two_redirects(web: ScriptedServer, inside: ScriptedServer) -> str:
    web.answer("/further", to(inside.url("/feed"), 307))
    return web.answer("/feed", to(web.url("/further"), 302))


def by_a_page(web: ScriptedServer, inside: ScriptedServer) -> str:
    return web.answer("/", page(alternate(inside.url("/feed"))))


def by_the_comments_of_a_page(web: ScriptedServer, inside: ScriptedServer) -> str:
    web.answer("/feed", feed(item(1, more=counted(3))))
    links = alternate(web.url("/feed")), alternate(inside.url("/comments"))
    return web.answer("/", page(*links))


def by_the_comments_of_a_site(web: ScriptedServer, inside: ScriptedServer) -> str:
    return web.answer("/feed", feed(announced(inside.url("/comments")), item(1)))


def by_the_comments_of_an_article(web: ScriptedServer, inside: ScriptedServer) -> str:
    more = announced(inside.url("/comments")) + counted(3)
    return web.answer("/feed", feed(item(1, more=more)))


def by_the_page_of_an_article(web: ScriptedServer, inside: ScriptedServer) -> str:
    more = f"<comments>{inside.url('/comments')}</comments>{counted(3)}"
    return web.answer("/feed", feed(item(1, more=more)))


def by_the_next_page_of_comments(web: ScriptedServer, inside: ScriptedServer) -> str:
    web.answer("/comments", comments(said(1), next_url=inside.url("/comments")))
    return web.answer("/feed", feed(announced(web.url("/comments")), item(1)))


def by_the_site_of_a_feed(web: ScriptedServer, inside: ScriptedServer) -> str:
    return web.answer("/feed", titled(inside.url("/"), item(1)))


def by_the_icon_of_a_site(web: ScriptedServer, inside: ScriptedServer) -> str:
    web.answer("/", page(f'<link rel="icon" href="{inside.url("/icon.png")}">'))
    return web.answer("/feed", titled(web.url("/"), item(1)))


def by_the_rules_for_robots(web: ScriptedServer, inside: ScriptedServer) -> str:
    web.answer("/robots.txt", to(inside.url("/robots.txt")))
    web.answer("/", page())
    return web.answer("/feed", titled(web.url("/"), item(1)))


def by_the_site_of_a_lost_feed(web: ScriptedServer, inside: ScriptedServer) -> str:
    return web.answer("/feed", titled(inside.url("/"), item(1)), LOST)


def by_the_page_of_a_lost_feed(web: ScriptedServer, inside: ScriptedServer) -> str:
    web.answer("/", page(alternate(inside.url("/feed"))))
    return web.answer("/feed", titled(web.url("/"), item(1)), LOST)


def by_a_redirect_of_the_page_of_a_lost_feed(web: ScriptedServer, inside: ScriptedServer) -> str:
    web.answer("/", to(inside.url("/")))
    return web.answer("/feed", titled(web.url("/"), item(1)), LOST)


WAYS = (
    by_redirect,
    by_two_redirects,
    by_a_page,
    by_the_comments_of_a_page,
    by_the_comments_of_a_site,
    by_the_comments_of_an_article,
    by_the_page_of_an_article,
    by_the_next_page_of_comments,
    by_the_site_of_a_feed,
    by_the_icon_of_a_site,
    by_the_rules_for_robots,
    by_the_site_of_a_lost_feed,
    by_the_page_of_a_lost_feed,
    by_a_redirect_of_the_page_of_a_lost_feed,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_document_of_a_public_site_leads_to_a_private_address(
    way: Callable[[ScriptedServer, ScriptedServer], str],
    outside: World,
    inside: ScriptedServer,
) -> None:
    url = way(outside.web, inside)
    outside.follow(url)
    for _ in range(3):
        outside.poll(days=2)
        icons.look(outside.context)
        replacing.look(outside.context)
    replacing.look_now(outside.context, outside.sources()[0].id)
    finding.find(outside.context, url)
    assert outside.web.asked
    assert (inside.connections, inside.asked) == (0, [])


def test_what_is_inside_would_have_answered(
    world: World, inside: ScriptedServer, make_fetcher: Callable[..., Fetcher]
) -> None:
    fetcher = make_fetcher(allow_private=("127.0.0.2",), host_delay=0)
    inside_world = replace(world, context=replace(world.context, fetcher=fetcher))
    inside_world.follow(inside.url("/feed"))
    inside_world.poll()
    assert inside_world.titles() == ["Ce qui est chez moi"]
    assert inside.connections == 1
