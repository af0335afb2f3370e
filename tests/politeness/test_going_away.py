"""Section C: errors, and being told to go away."""

import socket
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from sqlalchemy import select

from aggregator.domain.sources import SourceState, state_of
from aggregator.services import polling
from aggregator.storage import tables
from aggregator.translations import translator
from tests.politeness.conftest import Worlds
from tests.politeness.rows import row
from tests.politeness.watching import (
    FEED,
    followed,
    honest,
    let_pass,
    news,
    not_modified,
    watch,
    with_headers,
)
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import NOW, World

HOUR = timedelta(hours=1)
STEP = timedelta(minutes=15)


def to(url: str, status: int = 301) -> Answer:
    return Answer(status=status, headers=(("Location", url),))


def too_many(*headers: tuple[str, str], status: int = 429) -> Answer:
    return Answer(status=status, headers=headers)


def code_of(world: World) -> str | None:
    """Tell what is wrong with the one source."""
    [source] = world.sources()
    return source.fault.code if source.fault else None


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@row("C1")
def test_who_asks_for_two_hours_is_left_alone_for_two_hours(world: World) -> None:
    watched = followed(world, too_many(("Retry-After", "7200")), FEED)
    let_pass(world, hours=1)
    polling.ask_for_poll(world.context, world.sources()[0].id)
    assert polling.poll_due(world.context, force=True).polled == 0
    assert polling.poll_source(world.context, watched.url, force=True).polled == 0
    let_pass(world, hours=5, step=timedelta(minutes=5))
    assert watched.waits()[0] >= timedelta(seconds=7200)
    assert len(world.entries()) == 2


@row("C2")
@pytest.mark.parametrize("wrong_by", [timedelta(days=-1), timedelta(days=2)])
def test_a_moment_is_counted_from_the_clock_of_who_names_it(
    world: World, wrong_by: timedelta
) -> None:
    theirs = NOW + wrong_by
    refusal = too_many(
        ("Date", http_date(theirs)), ("Retry-After", http_date(theirs + 3 * HOUR)), status=503
    )
    watched = followed(world, refusal, FEED)
    let_pass(world, hours=8)
    assert 3 * HOUR <= watched.waits()[0] <= 4 * HOUR


@row("C3")
def test_a_429_without_a_time_doubles_the_wait(world: World) -> None:
    watched = followed(world, too_many())
    let_pass(world, hours=16)
    assert watched.waits()[0] >= 2 * HOUR
    assert watched.waits()[1] >= 2 * watched.waits()[0] * 0.8
    assert min(watched.waits()) >= HOUR


@row("C4")
def test_a_public_host_that_refuses_one_feed_is_left_alone_for_all(
    public_world: Worlds,
) -> None:
    world = public_world(host_delay=0)
    at: list[datetime] = []

    def first_refused(_asked: Asked) -> Answer:
        at.append(world.clock.now)
        return too_many(("Retry-After", "7200")) if len(at) == 1 else FEED

    urls = [world.web.answer(f"/{number}", first_refused) for number in range(20)]
    world.follow(*urls)
    let_pass(world, hours=3)
    assert at[1] - at[0] >= timedelta(seconds=7200)
    assert len(at) >= 21


@row("C4")
def test_ones_own_host_that_refuses_one_feed_is_asked_for_the_others(world: World) -> None:
    refused = watch(world, "/0", too_many(("Retry-After", "7200")))
    others = [watch(world, f"/{number}", FEED) for number in range(1, 20)]
    world.follow(refused.url, *(other.url for other in others))
    let_pass(world, minutes=15)
    assert len(refused.asked) == 1
    assert [len(other.asked) for other in others] == [1] * 19


@row("C5")
@pytest.mark.parametrize(
    ("asked_for", "least", "most"),
    [
        ("99999999", timedelta(days=6), timedelta(days=7)),
        ("9" * 400, timedelta(days=6), timedelta(days=7)),
        ("-5", 2 * HOUR, 3 * HOUR),
        ("bald", 2 * HOUR, 3 * HOUR),
        ("Sun, 99 Nov 1994 08:49:37 GMT", 2 * HOUR, 3 * HOUR),
    ],
)
def test_what_makes_no_sense_is_capped_or_ignored(
    world: World, asked_for: str, least: timedelta, most: timedelta
) -> None:
    watched = followed(world, too_many(("Retry-After", asked_for)), FEED)
    let_pass(world, seconds=most.total_seconds() + 7200, step=HOUR / 2)
    assert least <= watched.waits()[0] <= most + HOUR / 2


@row("C6")
def test_what_is_gone_is_asked_for_twice_more_at_most(world: World) -> None:
    gone = Answer(status=410)
    watched = followed(world, FEED, gone)
    let_pass(world, days=40, step=timedelta(hours=6))
    assert 2 <= len(watched.asked) <= 4
    assert min(watched.waits()[1:]) >= timedelta(hours=24)
    assert world.clock.now - watched.at[-1] >= timedelta(days=30)
    [source] = world.sources()
    assert state_of(source, now=world.clock.now) is SourceState.GONE
    assert source.fault is not None
    assert "look for its new address" in source.fault.sentence(translator("en"))
    assert len(world.entries()) == 2


@row("C7")
@pytest.mark.parametrize(
    ("status", "cap"),
    [(404, timedelta(days=7)), (403, 24 * HOUR), (500, 24 * HOUR)],
)
def test_each_failure_doubles_the_wait_up_to_a_cap(
    world: World, status: int, cap: timedelta
) -> None:
    watched = followed(world, Answer(status=status))
    step = timedelta(hours=2)
    let_pass(world, hours=30, step=STEP)
    for wait, hours in zip(watched.waits(), (1, 2, 4, 8), strict=False):
        assert hours * HOUR <= wait <= 1.1 * hours * HOUR + STEP
    let_pass(world, seconds=3 * cap.total_seconds(), step=step)
    assert cap <= max(watched.waits()) <= cap * 1.1 + step
    watched.now(lambda _asked: news(world))
    let_pass(world, seconds=1.2 * cap.total_seconds(), step=step)
    watched.at.clear()
    let_pass(world, hours=5, step=STEP)
    assert max(watched.waits()) <= 1.1 * HOUR + STEP


def tries(world: World, **time: float) -> list[int]:
    """Count the connections of each poll, while time passes."""
    made, end = [], world.clock.now + timedelta(**time)
    while world.clock.now < end:
        before = world.web.connections
        let_pass(world, minutes=30)
        made.append(world.web.connections - before)
    return made


@row("C8")
@pytest.mark.parametrize(
    ("answer", "scheme", "code"),
    [
        (Answer(hang_up=True), "http", "disconnected"),
        (FEED, "https", "tls-failed"),
        (Answer(held=True), "http", "timeout"),
    ],
)
def test_a_connection_that_fails_is_tried_once_and_then_later(
    public_world: Worlds, answer: Answer, scheme: str, code: str
) -> None:
    world = public_world(timeout_s=0.2, host_delay=0)
    world.follow(world.web.answer("/rss", answer).replace("http", scheme, 1))
    made = tries(world, hours=18)
    assert code_of(world) == code
    assert max(made) == 1
    assert 3 <= sum(made) <= 5


class NoNames(AbstractResolver):
    """Know no name, and count how often one was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del port, family
        self.asked += 1
        raise OSError(f"no such name: {host}")

    async def close(self) -> None:
        """Nothing is open."""


@row("C8")
@pytest.mark.parametrize("url", ["http://no.example/rss", "http://127.0.0.1:1/rss"])
def test_a_host_that_is_not_there_is_looked_for_once_and_then_later(
    public_world: Worlds, url: str
) -> None:
    resolver = NoNames()
    world = public_world(resolver=resolver, host_delay=0)
    world.follow(url)
    polled = 0
    for _ in range(36):
        world.clock.go_on(minutes=30)
        polled += polling.poll_due(world.context).polled
    assert 3 <= polled <= 5
    assert resolver.asked in {0, polled}
    assert code_of(world) in {"dns-failed", "refused"}


@row("C9")
@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_taken_for_good_after_three_polls_over_a_day(
    world: World, status: int
) -> None:
    new = watch(world, "/new", honest(("ETag", '"1"')))
    old = followed(world, to("/new", status), path="/old")
    written = world.feeds.read_text("utf-8")
    let_pass(world, days=3, step=HOUR / 2)
    assert len(old.asked) >= 3
    assert old.at[-1] - old.at[0] >= timedelta(hours=24)
    assert old.at[-1] - old.at[0] <= timedelta(hours=26)
    assert new.at[: len(old.at)] == old.at
    old.asked.clear()
    let_pass(world, days=30, step=timedelta(hours=6))
    assert old.asked == []
    assert new.sent("If-None-Match")[-1] == '"1"'
    assert world.feeds.read_text("utf-8") == written
    with world.context.database.read() as session:
        proposed = session.execute(select(tables.proposals.c.kind, tables.proposals.c.url)).all()
    assert [tuple(one) for one in proposed] == [("moved", new.url)]


@row("C10")
@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_never_taken_for_good(world: World, status: int) -> None:
    new = watch(world, "/new", FEED)
    old = followed(world, to("/new", status), path="/old")
    let_pass(world, days=4, step=HOUR)
    assert len(old.asked) >= 25
    assert len(new.asked) == len(old.asked)


@row("C11")
def test_a_redirect_to_a_parked_name_leaves_the_address(world: World) -> None:
    world.web.answer("/parked", Answer(body=b"<html><title>For sale</title><p>!</html>"))
    old = followed(world, FEED, path="/old")
    world.poll()
    old.now(to("/parked"))
    let_pass(world, days=9, step=HOUR)
    assert code_of(world) == "not-a-feed"
    asked = len(old.asked)
    old.now(FEED)
    let_pass(world, days=2, step=HOUR)
    assert len(old.asked) > asked
    assert world.sources()[0].fault is None


@row("C12")
def test_redirects_in_a_ring_are_one_error_of_six_requests_at_most(world: World) -> None:
    followed(world, to("/rss"))
    summary = world.poll()
    assert len(world.web.paths) <= 6
    assert summary.polled == 1
    assert (code_of(world), world.sources()[0].failures) == ("too-many-redirects", 1)


@row("C12")
def test_twenty_redirects_in_a_row_are_not_followed(world: World) -> None:
    for number in range(20):
        world.web.answer(f"/{number}", to(f"/{number + 1}"))
    world.web.answer("/20", FEED)
    world.follow(world.web.url("/0"))
    world.poll()
    assert len(world.web.paths) <= 6
    assert world.sources()[0].failures == 1


@row("C13")
def test_validators_stay_with_their_origin_and_start_anew_elsewhere(world: World) -> None:
    with ScriptedServer().running() as other:
        old = followed(world, with_headers(("ETag", '"old"')), path="/old")
        world.poll()
        asked: list[Asked] = []

        def there(one: Asked) -> Answer:
            asked.append(one)
            known = one.header("If-None-Match") == '"new"'
            return not_modified() if known else with_headers(("ETag", '"new"'))

        old.now(to(other.answer("/feed", there)))
        let_pass(world, days=4, step=HOUR)
        sent = [one.header("If-None-Match") for one in asked]
        assert sent[0] is None
        assert set(sent[1:]) == {'"new"'}
        assert old.sent("If-None-Match")[2:] == [None] * (len(old.asked) - 2)


CHALLENGE = Answer(status=403, headers=(("cf-mitigated", "challenge"),), body=b"<html></html>")


@row("C14")
@pytest.mark.parametrize("refusal", [Answer(status=401), CHALLENGE])
def test_who_wants_a_person_is_asked_three_times(world: World, refusal: Answer) -> None:
    watched = followed(world, refusal)
    let_pass(world, days=30, step=timedelta(hours=3))
    assert len(watched.asked) == 3
    assert len(set(watched.sent("User-Agent"))) == 1
    [source] = world.sources()
    assert source.next_poll_at is None
    assert source.fault is not None
    assert "three tries" in source.fault.sentence(translator("en"))
