"""Section D: the request itself."""

import gzip
import re
import socket
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import brotli
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from sqlalchemy import select

from aggregator import __version__
from aggregator.domain.exchange import Subscription
from aggregator.ingest.fetch import FetchRequest
from aggregator.sample_web.media import icon as drawn
from aggregator.services import editing, finding, icons, polling
from aggregator.settings import Settings
from aggregator.storage import tables
from aggregator.wiring import assembled
from tests.comment_feeds import announced, comments, said
from tests.fetching import Fetchers
from tests.politeness.conftest import Worlds
from tests.politeness.rows import row
from tests.politeness.watching import (
    FEED,
    followed,
    honest,
    let_pass,
    not_modified,
    watch,
    with_headers,
)
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import World, feed, item

CONTACT = "https://cwm.example/contact"
COOKIE = ("Set-Cookie", "sid=1; Path=/; Max-Age=99999")


def site(*links: tuple[str, str], headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Answer with a page that announces feeds and icons: relation and address of each."""
    kinds = {"alternate": ' type="application/rss+xml"'}
    written = "".join(
        f'<link rel="{relation}"{kinds.get(relation, "")} href="{href}">'
        for relation, href in links
    )
    body = f"<!doctype html><html><head>{written}</head><body>CWM</body></html>"
    return Answer(body=body.encode(), headers=(("Content-Type", "text/html"), *headers))


def of_site(url: str, *items: str) -> Answer:
    """Answer with a feed that says where its site is."""
    written = feed(*items)
    return replace(written, body=written.body.replace(b"http://cwm.example/<", f"{url}<".encode()))


@pytest.fixture
def walked(world: World) -> list[Asked]:
    """Do all that Veille does on the web: look, follow, poll, be led on, look for icons."""
    url = world.web.url
    cookie = (COOKIE,)
    world.web.answer("/", site(("alternate", "/old"), ("icon", "/i.png"), headers=cookie))
    world.web.answer("/old", Answer(status=302, headers=(("Location", "/feed"), COOKIE)))
    world.web.answer(
        "/feed",
        honest(COOKIE, ("ETag", '"1"'), answer=of_site(url("/"), item(1))),
    )
    world.web.answer("/i.png", Answer(body=drawn("cwm"), headers=cookie))
    world.web.answer("/robots.txt", Answer(body=b"", headers=cookie))
    world.web.answer("/no-feed", site(headers=cookie))
    finding.find(world.context, url("/"))
    finding.find(world.context, url("/no-feed"), everywhere=True)
    world.follow(url("/"))
    for _ in range(3):
        world.poll(hours=2)
    assert icons.look(world.context) == 1
    paths = {"/", "/old", "/feed", "/i.png", "/robots.txt", "/no-feed"}
    assert paths <= set(world.web.paths)
    return world.web.asked


@row("D1")
def test_every_request_has_the_one_name_of_veille(walked: list[Asked]) -> None:
    names = {asked.header("User-Agent") for asked in walked}
    assert names == {f"Veille/0 (+{CONTACT})"}


@row("D1")
def test_the_name_holds_the_real_version_and_an_address(
    tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    settings = Settings(data=tmp_path, allow_private=("127.0.0.1",), contact=CONTACT)
    with assembled(settings) as context:
        context.fetcher.fetch(FetchRequest(url=scripted_server.answer("/feed", FEED)))
    [asked] = scripted_server.asked
    assert asked.header("User-Agent") == f"Veille/{__version__} (+{CONTACT})"


@row("D2")
def test_no_cookie_is_ever_sent_back(walked: list[Asked]) -> None:
    assert [asked.path for asked in walked if asked.header("Cookie")] == []


@row("D3")
def test_nobody_is_told_where_we_come_from(walked: list[Asked]) -> None:
    told = {name.lower() for asked in walked for name, _ in asked.headers}
    assert told == {
        *("host", "user-agent", "accept", "accept-encoding"),
        *("connection", "if-none-match"),
    }


@row("D4")
def test_each_address_is_asked_for_as_it_is_written(world: World) -> None:
    paths = [
        *("/feed", "/feed?x=1", "/feed?b=2&a=1", "/feed?a=1&b=2"),
        *("/%7Efeed", "/~feed", "/a//b/./c;d", "/?q=caf%c3%a9&r=a+b", "/feed/?null"),
    ]
    for path in paths:
        world.web.answer(path, with_headers(("ETag", f'"{path}"')))
    world.follow(*(f"'{world.web.url(path)}#part'" for path in paths))
    for _ in range(2):
        world.poll(hours=2)
    assert Counter(world.web.paths) == dict.fromkeys(paths, 2)


@row("D5")
@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)],
)
def test_compression_is_asked_for_and_undone(
    world: World, encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    packed = with_headers(
        ("Content-Encoding", encoding), ("Vary", "Accept-Encoding"), ("ETag", '"1"')
    )
    watched = followed(
        world,
        replace(packed, body=compress(FEED.body)),
        not_modified(("Content-Encoding", encoding)),
    )
    assert world.poll().entries_new == 2
    assert world.poll(hours=2).sources[0].fault is None
    accepted = re.split(r",\s*", watched.sent("Accept-Encoding")[0] or "")
    assert encoding in accepted
    assert set(accepted) <= {"gzip", "deflate", "br"}


@row("D6")
def test_feeds_are_preferred_and_anything_is_taken(world: World) -> None:
    watched = followed(world, FEED)
    world.poll()
    accepted = (watched.sent("Accept")[0] or "").split(", ")
    kinds = [kind.partition(";")[0] for kind in accepted]
    assert {
        *("application/atom+xml", "application/rss+xml", "application/feed+json"),
        *("application/xml", "text/xml"),
    } <= set(kinds)
    assert accepted[-1].startswith("*/*;q=0.")


@row("D7")
def test_nothing_is_asked_but_by_a_whole_get(walked: list[Asked]) -> None:
    assert {asked.method for asked in walked} == {"GET"}
    assert [asked.path for asked in walked if asked.header("Range")] == []


@row("D8")
@pytest.mark.parametrize("wait_s", [0, 3000])
def test_following_a_feed_asks_for_it_once_its_first_poll_included(
    world: World, wait_s: int
) -> None:
    watched = watch(world, "/rss", with_headers(("ETag", '"1"')), not_modified())
    for _ in range(3):
        [found] = finding.find(world.context, watched.url).usable
    world.clock.go_on(seconds=wait_s)
    editing.follow(world.context, [Subscription(url=found.url, name=found.title, page=None)])
    assert world.poll().entries_new == 2
    assert world.web.paths == ["/rss"]
    world.poll(hours=2)
    assert watched.sent("If-None-Match") == [None, '"1"']
    assert len(world.entries()) == 2


@row("D8")
def test_what_was_found_long_ago_is_asked_for_again(world: World) -> None:
    watched = watch(world, "/rss", FEED)
    finding.find(world.context, watched.url)
    world.clock.go_on(hours=2)
    world.follow(watched.url)
    world.poll()
    assert len(watched.asked) == 2


@row("D8")
def test_of_a_page_one_feed_is_looked_into_and_the_others_when_asked(world: World) -> None:
    feeds = [("alternate", f"/{number}") for number in range(8)]
    page = watch(world, "/", site(*feeds))
    for _, path in feeds:
        world.web.answer(path, FEED)
    found = finding.find(world.context, page.url)
    assert world.web.paths == ["/", "/0"]
    assert ([one.url for one in found.usable], found.more) == ([world.web.url("/0")], True)
    finding.find(world.context, page.url, everywhere=True)
    assert world.web.paths == ["/", "/0", "/1", "/2", "/3", "/4"]


@row("D8")
@pytest.mark.parametrize(
    ("page", "asked"),
    [
        (site(*(("alternate", f"/{number}") for number in range(8))), ["/", "/0", "/1"]),
        (site(), ["/", "/robots.txt", "/feed"]),
    ],
)
def test_before_a_first_feed_is_shown_three_requests_are_made_at_most(
    world: World, page: Answer, asked: list[str]
) -> None:
    found = finding.find(world.context, world.web.answer("/", page))
    assert (found.usable, found.more) == ((), True)
    assert world.web.paths == asked


@row("D9")
def test_an_icon_is_asked_for_seldom_conditionally_and_apart_from_polls(world: World) -> None:
    site_url = world.web.answer("/", site(("icon", "/i.png")))
    validators = (("ETag", '"i"'), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"))
    picture = watch(world, "/i.png", Answer(body=drawn("cwm"), headers=validators), not_modified())
    world.web.answer("/a", of_site(site_url, item(1)))
    world.web.answer("/b", of_site(site_url, item(2)))
    world.follow(world.web.url("/a"))
    world.poll()
    assert world.web.paths == ["/a"]
    icons.look(world.context)
    for _ in range(60):
        if len(world.sources()) == 1:
            world.follow(world.web.url("/a"), world.web.url("/b"))
        world.poll(hours=24)
        icons.look(world.context)
    assert len(picture.asked) >= 2
    assert min(picture.waits()) >= timedelta(days=7)
    assert picture.sent("If-None-Match") == [None, *['"i"'] * (len(picture.asked) - 1)]
    assert set(picture.sent("If-Modified-Since")[1:]) == {validators[1][1]}
    assert all(source.icon for source in world.sources())


@row("D9")
def test_an_icon_that_is_not_there_is_remembered(world: World) -> None:
    site_url = world.web.answer("/", site())
    missing = watch(world, "/favicon.ico", Answer(status=404))
    followed(world, of_site(site_url, item(1)))
    for _ in range(20):
        world.poll(hours=24)
        icons.look(world.context)
    assert len(missing.asked) >= 1
    assert [wait for wait in missing.waits() if wait < timedelta(days=7)] == []


@row("D10")
def test_articles_and_pictures_are_not_asked_for(world: World) -> None:
    url = world.web.url
    pictures = f'<img src="{url("/picture.png")}"> <a href="{url("/other")}">autre</a>'
    items = [
        item(number, text=pictures).replace("http://cwm.example/", url("/article/"))
        for number in range(30)
    ]
    enclosure = f'<enclosure url="{url("/son.mp3")}" length="1" type="audio/mpeg"/>'
    followed(world, feed(*items, item(31, more=enclosure)))
    let_pass(world, days=1, step=timedelta(hours=1))
    assert set(world.web.paths) == {"/rss"}
    assert len(world.entries()) == 31


@row("D11")
def test_a_host_of_others_is_asked_one_thing_at_a_time(public_world: Worlds) -> None:
    world = public_world(host_delay=0.02)
    paths = [f"/{number}" for number in range(20)]
    for path in paths:
        world.web.answer(path, replace(FEED, delay_s=0.005))
    world.follow(*map(world.web.url, paths))
    assert world.poll().polled == 20
    assert world.web.most_at_once == 1
    moments = [asked.at_s for asked in world.web.asked]
    assert min(later - earlier for earlier, later in pairwise(moments)) >= 0.02


@row("D11")
def test_unless_set_otherwise_a_second_lies_between_two_requests(public_world: Worlds) -> None:
    world = public_world()
    paths = ["/1", "/2", "/3"]
    for path in paths:
        world.web.answer(path, FEED)
    world.follow(*map(world.web.url, paths))
    assert world.poll().polled == 3
    moments = [asked.at_s for asked in world.web.asked]
    assert min(later - earlier for earlier, later in pairwise(moments)) >= 1


@row("D12")
def test_two_addresses_that_lead_to_one_feed_make_one_request(world: World) -> None:
    page = watch(world, "/", site(("alternate", "/feed")))
    one = watch(world, "/feed", with_headers(("ETag", '"1"')), not_modified())
    world.follow(one.url, page.url)
    let_pass(world, days=1, step=timedelta(minutes=30))
    assert len(page.asked) == 1
    assert min(one.waits()) >= timedelta(hours=1)
    [first, second] = world.sources()
    assert first.fault is None
    assert second.fault is not None
    assert (second.fault.code, second.next_poll_at) == ("same-feed", None)
    assert len(world.entries()) == 2


@row("D12")
def test_the_other_is_polled_when_the_first_is_taken_out(world: World) -> None:
    page = watch(world, "/", site(("alternate", "/feed")))
    one = watch(world, "/feed", FEED)
    world.follow(one.url, page.url)
    world.poll()
    world.follow(page.url)
    world.poll(hours=1)
    assert world.sources()[0].fault is None
    assert len(world.entries(page.url)) == 2


@row("D12")
def test_the_same_address_is_not_taken_twice(world: World) -> None:
    one = watch(world, "/feed", FEED)
    world.follow(one.url, one.url)
    world.poll()
    assert len(one.asked) <= 1


@row("D13")
def test_a_password_goes_to_its_origin_alone(world: World) -> None:
    with ScriptedServer().running() as other:
        arrived = other.answer("/feed", FEED)
        redirect = Answer(status=302, headers=(("Location", arrived),))
        here = watch(world, "/feed", FEED, redirect)
        world.follow(here.url.replace("://", "://magalie:s%3Acret@"))
        for _ in range(2):
            world.poll(hours=2)
        assert here.sent("Authorization") == ["Basic bWFnYWxpZTpzOmNyZXQ="] * 2
        assert [asked.header("Authorization") for asked in other.asked] == [None]


@row("D14")
def test_a_body_without_end_is_broken_off_and_asked_for_later_and_conditionally(
    world: World,
) -> None:
    endless = Answer(body=b" " * 65_536, endless=True)
    watched = followed(world, with_headers(("ETag", '"1"')), endless)
    let_pass(world, days=3, step=timedelta(minutes=30))
    [source] = world.sources()
    assert source.fault is not None
    assert source.fault.code == "too-large"
    assert watched.sent("If-None-Match") == [None, *['"1"'] * (len(watched.asked) - 1)]
    assert watched.waits()[-1] >= timedelta(hours=24)
    assert len(watched.asked) <= 9


@row("D15")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_host_of_either_family_alone_is_reached_by_one_request(
    host: str, make_fetcher: Fetchers
) -> None:
    with ScriptedServer().running(host) as server:
        server.answer("/feed", FEED)
        port = server.address.rpartition(":")[2]
        resolver = BothFamilies()
        fetcher = make_fetcher(allow_private=["both.example"], resolver=resolver)
        fetched = fetcher.fetch(FetchRequest(url=f"http://both.example:{port}/feed"))
        assert fetched.body == FEED.body
        assert server.paths == ["/feed"]


class BothFamilies(AbstractResolver):
    """Say that a host is at both addresses of this machine, the newer family first."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del family
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)
            for kind, address in ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))
        ]

    async def close(self) -> None:
        """Nothing is open."""


@row("D15")
def test_an_address_may_be_written_in_the_newer_family(make_fetcher: Fetchers) -> None:
    with ScriptedServer().running("::1") as server:
        server.answer("/feed", FEED)
        port = server.address.rpartition(":")[2]
        fetcher = make_fetcher(allow_private=["::1"])
        assert fetcher.fetch(FetchRequest(url=f"http://[::1]:{port}/feed")).body == FEED.body
        assert server.paths == ["/feed"]


@row("D16")
def test_a_feed_whose_hub_tells_of_news_is_polled_once_a_day(world: World) -> None:
    hub = watch(world, "/hub", Answer(status=202))
    link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub.url}"/>'
    watched = followed(world, feed(link, item(1)))
    let_pass(world, days=2, step=timedelta(hours=1))
    assert [asked.method for asked in hub.asked] == ["POST"]
    assert min(watched.waits()) >= timedelta(hours=24)


@row("D17")
def test_robots_txt_does_not_keep_a_person_from_a_feed(world: World) -> None:
    world.web.answer("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /\n"))
    world.web.answer("/", site(("alternate", "/feed"), ("icon", "/i.png")))
    world.web.answer("/feed", of_site(world.web.url("/"), item(1)))
    assert finding.find(world.context, world.web.url("/")).usable
    world.follow(world.web.url("/"))
    world.poll(hours=2)
    assert len(world.entries()) == 1
    assert "/robots.txt" not in world.web.paths


@row("D17")
def test_robots_txt_is_obeyed_where_veille_goes_by_itself(world: World) -> None:
    world.web.answer("/robots.txt", Answer(body=b"User-agent: Veille\nDisallow: /\n"))
    world.web.answer("/", site(("icon", "/i.png")))
    followed(world, of_site(world.web.url("/"), item(1)))
    world.poll()
    icons.look(world.context)
    finding.find(world.context, world.web.url("/"), everywhere=True)
    assert world.web.paths == ["/rss", "/robots.txt", "/"]


@row("D17")
def test_later_pages_of_comments_are_asked_for_where_robots_txt_lets_us(world: World) -> None:
    world.web.answer("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /*?page=\n"))
    later = world.web.url("/comments?page=2")
    url = world.web.answer("/comments", comments(said(1), next_url=later))
    world.web.answer("/comments?page=2", comments(said(2)))
    followed(world, feed(announced(url), item(1)))
    world.poll()
    assert Counter(world.web.paths) == Counter(["/rss", "/comments", "/robots.txt"])
    with world.context.database.read() as session:
        stored = session.execute(select(tables.comments.c.key)).all()
    assert len(stored) == 1


@row("D18")
@pytest.mark.parametrize(
    "left", ["  - url: {0}\n", "  - url: {0}\n  - url: {1}\n    paused: true\n"]
)
def test_a_source_that_is_given_up_is_not_asked_any_more(world: World, left: str) -> None:
    one, other = watch(world, "/1", FEED), watch(world, "/2", FEED)
    world.follow(one.url, other.url)
    world.poll()
    polling.ask_for_poll(world.context, world.sources()[1].id)
    world.follow(text="sources:\n" + left.format(one.url, other.url))
    let_pass(world, days=1, step=timedelta(hours=1))
    assert len(other.asked) == 1
    assert len(one.asked) > 10


@row("D18")
def test_a_request_that_waits_for_its_turn_is_not_made_any_more(public_world: Worlds) -> None:
    world = public_world(host_delay=0)
    urls = [world.web.url(path) for path in ("/1", "/2")]

    def give_up(_asked: Asked) -> Answer:
        world.follow(urls[0])
        return replace(FEED, delay_s=0.7)

    world.web.answer("/1", give_up)
    world.web.answer("/2", FEED)
    world.follow(*urls)
    world.poll()
    assert world.web.paths == ["/1"]
