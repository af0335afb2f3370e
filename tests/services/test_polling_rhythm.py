"""When sources are polled again: what servers wish is kept, and heeded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.domain.schedule import Because
from aggregator.services import housekeeping, polling
from aggregator.storage import pauses
from tests.scripted_server import Answer, Asked
from tests.world import World, feed, item

HOUR = timedelta(hours=1)
RECENT = 30 * 24
"""The number of an item that is published now."""


def fresh(seconds: object, *items: str) -> Answer:
    return feed(*items, headers=(("Cache-Control", f"max-age={seconds}"),))


def rss(head: str, *items: str) -> Answer:
    """Answer with a feed whose head says more."""
    whole = feed(*(items or (item(RECENT),)))
    return replace(whole, body=whole.body.replace(b"<title>", head.encode() + b"<title>", 1))


def wait(world: World) -> timedelta:
    """Tell how long the first source rests from now, without jitter's tenth."""
    at = world.sources()[0].next_poll_at
    assert at is not None
    return at - world.clock.now


def assert_waits(world: World, least: timedelta, because: Because) -> None:
    [source, *_] = world.sources()
    assert least <= wait(world) <= least * 1.1
    assert source.next_because == because


def test_a_source_says_why_it_is_polled_when_it_is(world: World) -> None:
    url = world.publish("/rss", item(RECENT))
    world.follow(url)
    world.poll()
    assert_waits(world, HOUR, Because.DEFAULT)
    world.follow(text=f"sources:\n  - url: {url}\n    every: 2h\n")
    world.poll(hours=2)
    assert_waits(world, 2 * HOUR, Because.WISH)
    world.follow(text=f"sources:\n  - url: {url}\n    every: 1m\n")
    world.poll(hours=3)
    assert_waits(world, HOUR / 4, Because.FLOOR)
    polling.ask_for_poll(world.context, world.sources()[0].id)
    assert world.sources()[0].next_because == Because.ASKED


def test_an_answer_is_not_asked_for_again_while_it_is_fresh(world: World) -> None:
    world.follow(world.web.answer("/rss", fresh(43_200, item(RECENT))))
    world.poll()
    assert_waits(world, 12 * HOUR, Because.FRESH)


def test_a_304_says_how_long_it_is_fresh_and_one_that_says_nothing_changes_nothing(
    world: World,
) -> None:
    etag = ("ETag", '"1"')
    world.web.answer(
        "/rss",
        replace(fresh(7200, item(RECENT)), headers=(etag, ("Cache-Control", "max-age=7200"))),
        Answer(status=304, headers=(("Cache-Control", "max-age=18000"),)),
        Answer(status=304),
        Answer(status=304, headers=(("Cache-Control", "no-cache"),)),
        feed(item(RECENT)),
    )
    world.follow(world.web.url("/rss"))
    for hours, least in ((0, 2), (3, 5), (6, 5), (6, 1), (2, 1)):
        world.poll(hours=hours)
        assert wait(world) >= least * HOUR
        assert wait(world) <= least * HOUR * 1.1


def test_what_a_feed_says_of_its_rhythm_is_kept_for_polls_that_do_not_read_it(
    world: World,
) -> None:
    world.web.answer("/rss", rss("<ttl>180</ttl>"), rss("<ttl>180</ttl>"), rss(""))
    world.follow(world.web.url("/rss"))
    world.poll()
    assert_waits(world, 3 * HOUR, Because.TTL)
    world.poll(hours=4)
    assert_waits(world, 3 * HOUR, Because.TTL)
    world.poll(hours=4)
    assert_waits(world, HOUR, Because.DEFAULT)


def test_hours_that_a_feed_skips_are_waited_for(world: World) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(10, 14))
    world.follow(world.web.answer("/rss", rss(f"<skipHours>{hours}</skipHours>")))
    world.poll()
    assert world.sources()[0].next_because == Because.SKIPPED
    assert 5 * HOUR <= wait(world) <= 5.5 * HOUR


def test_a_quiet_source_is_asked_less_until_it_has_something_new(world: World) -> None:
    world.publish("/rss", item(-10 * 24))
    world.follow(world.web.url("/rss"))
    world.poll()
    assert_waits(world, 11 * HOUR, Because.QUIET)
    world.publish("/rss", item(-10 * 24), item(-9 * 24))
    world.poll(hours=13)
    assert_waits(world, HOUR, Because.DEFAULT)
    world.poll(days=31)
    assert_waits(world, 2 * HOUR, Because.QUIET)


def test_a_source_whose_silence_began_before_it_was_followed_is_quiet_at_once(
    world: World,
) -> None:
    world.publish("/rss", item(-99 * 24), item(-100 * 24))
    world.publish("/b")
    world.follow(world.web.url("/rss"), world.web.url("/b"))
    world.poll()
    first, second = world.sources()
    assert first.last_new_at == world.clock.now - timedelta(days=129)
    assert second.last_new_at == world.clock.now
    assert_waits(world, 24 * HOUR, Because.QUIET)


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_names_a_time_is_left_alone_as_long(world: World, status: int) -> None:
    no = Answer(status=status, headers=(("Retry-After", "20000"),))
    world.follow(world.web.answer("/rss", no))
    world.poll()
    assert (wait(world), world.sources()[0].next_because) == (
        timedelta(seconds=20_000),
        Because.RETRY_AFTER,
    )
    assert polling.poll_due(world.context, force=True).polled == 0


def test_too_many_requests_double_the_wait(world: World) -> None:
    world.follow(world.web.answer("/rss", Answer(status=429)))
    for hours in (2, 4, 8):
        world.poll()
        assert_waits(world, hours * HOUR, Because.FAILURES)
        world.clock.go_on(hours=hours * 1.2)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(status=401), "http-401"),
        (Answer(status=403, headers=(("cf-mitigated", "challenge"),)), "challenge"),
    ],
)
def test_who_shuts_us_out_is_asked_three_times_and_never_again_by_ourselves(
    world: World, answer: Answer, code: str
) -> None:
    world.web.answer("/rss", Answer(status=500), Answer(status=500), answer)
    world.follow(world.web.url("/rss"))
    for _ in range(12):
        world.poll(days=3)
    [source] = world.sources()
    assert len(world.web.paths) == 5
    assert (source.next_poll_at, source.next_because) == (None, Because.REFUSED)
    assert source.fault is not None
    assert source.fault.code == code
    assert polling.poll_due(world.context, force=True).polled == 0
    world.publish("/rss", item(RECENT))
    polling.ask_for_poll(world.context, source.id)
    assert world.poll().entries_new == 1
    assert world.sources()[0].next_poll_at is not None


def test_what_is_gone_is_believed_when_it_is_said_a_day_apart(world: World) -> None:
    world.follow(world.web.answer("/rss", feed(item(RECENT)), Answer(status=410)))
    world.poll()
    world.poll(hours=2)
    assert world.sources()[0].next_poll_at is not None
    polling.poll_source(world.context, world.web.url("/rss"), force=True)
    world.clock.go_on(hours=1)
    polling.poll_source(world.context, world.web.url("/rss"))
    assert world.sources()[0].next_poll_at is not None
    for _ in range(10):
        world.poll(days=3)
    [source] = world.sources()
    assert (source.next_poll_at, source.next_because) == (None, Because.GONE)
    assert world.web.paths.count("/rss") <= 5


@pytest.mark.parametrize(
    "odd",
    [
        Answer(status=304),
        Answer(),
        Answer(status=206, body=b"<rss", headers=(("Content-Range", "bytes 0-3/9"),)),
        Answer(status=204),
    ],
)
def test_an_answer_that_is_none_keeps_the_entries_and_is_an_error(
    world: World, odd: Answer
) -> None:
    world.follow(world.web.answer("/rss", feed(item(RECENT)), odd))
    world.poll()
    for hours in (1, 2, 4):
        world.poll(hours=1.2 * hours)
        assert_waits(world, hours * HOUR, Because.DEFAULT if hours == 1 else Because.FAILURES)
        world.clock.go_on(hours=-0.2 * hours)
    assert len(world.entries()) == 1
    assert world.sources()[0].fault is not None


def test_a_clock_that_jumps_makes_neither_a_storm_nor_a_silence(world: World) -> None:
    world.follow(*(world.publish(f"/{number}", item(RECENT)) for number in range(5)))
    world.poll()
    for days in (1, -1, -1, 20, -20):
        asked = len(world.web.paths)
        world.poll(days=days)
        assert len(world.web.paths) - asked <= 5
        asked = len(world.web.paths)
        for _ in range(6):
            world.poll(hours=0.25)
        assert len(world.web.paths) - asked == 5


@pytest.fixture
def strangers(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give the world as if its web were others'."""
    monkeypatch.setattr(world.context.fetcher, "opens", lambda _host: False)
    return world


def busy(path: str) -> Callable[[Asked], Answer]:
    return lambda asked: (
        Answer(status=429, headers=(("Retry-After", "10800"),))
        if asked.path == path
        else feed(item(RECENT))
    )


def test_a_host_that_asks_to_wait_is_left_alone_by_all_its_sources(strangers: World) -> None:
    world = strangers
    paths = [f"/{number}" for number in range(9)]
    world.follow(*(world.web.answer(path, busy("/0")) for path in paths))
    world.poll()
    asked = len(world.web.paths)
    assert "/0" in world.web.paths
    for source in world.sources():
        assert source.next_poll_at == world.clock.now + 3 * HOUR
        assert source.next_because in {Because.HOST_PAUSE, Because.RETRY_AFTER}
        assert polling.ask_for_poll(world.context, source.id) == world.clock.now + 3 * HOUR
    world.poll(hours=2)
    polling.poll_due(world.context, force=True)
    polling.poll_source(world.context, world.web.url("/3"), force=True)
    assert len(world.web.paths) == asked
    world.poll(hours=1)
    assert len(world.web.paths) > asked


def test_one_host_of_ones_own_may_have_feeds_that_wait_and_others_that_do_not(
    world: World,
) -> None:
    world.follow(*(world.web.answer(path, busy("/0")) for path in ("/0", "/1")))
    world.poll()
    world.poll(hours=1.2)
    assert world.web.paths.count("/0") == 1
    assert world.web.paths.count("/1") == 2


def test_pauses_that_are_over_are_forgotten(strangers: World) -> None:
    world = strangers
    world.follow(world.web.answer("/0", busy("/0")))
    world.poll()
    with world.context.database.read() as session:
        assert list(pauses.current(session, now=world.clock.now)) == ["127.0.0.1"]
    world.clock.go_on(hours=4)
    housekeeping.keep(world.context)
    with world.context.database.write() as session:
        assert pauses.forget_old(session, now=world.clock.now) == 0


def test_a_pause_that_a_wrong_clock_wrote_keeps_nobody_away(strangers: World) -> None:
    world = strangers
    world.follow(world.web.answer("/0", busy("/0"), feed(item(RECENT))))
    world.clock.go_on(days=400)
    world.poll()
    world.clock.go_on(days=-400)
    world.poll()
    world.poll(hours=3)
    assert len(world.entries()) == 1
