"""A clock that is wrong, and one that is changed twice a year: no storm, and no silence."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from aggregator.domain.conversations.hours import OfficeHours, office_time
from aggregator.services import housekeeping
from aggregator.services.processes import this_process
from aggregator.storage import claims, tables
from tests.comment_feeds import announced, comments, said
from tests.world import World, item

SOURCES: Final = 12
INTERVAL: Final = timedelta(hours=1)
PARIS: Final = ZoneInfo("Europe/Paris")
CHANGES: Final = (datetime(2026, 3, 29, tzinfo=PARIS), datetime(2026, 10, 25, tzinfo=PARIS))
Figure = Callable[[str, object], None]


@pytest.fixture
def followed(world: World) -> World:
    """Follow sources that are asked every hour, and were just asked."""
    world.follow(*(world.publish(f"/{number}", item(number)) for number in range(SOURCES)))
    assert world.poll().polled == SOURCES
    return world


def polls_during(world: World, time: timedelta, step: timedelta) -> Counter[str]:
    """Let time pass in steps, polling at each; count how often each source is asked."""
    before = len(world.web.asked)
    for _ in range(int(time / step)):
        world.poll(hours=step / INTERVAL)
    return Counter(asked.path for asked in world.web.asked[before:])


@pytest.mark.parametrize("days", [1, -1])
def test_a_clock_that_leaps_a_day_brings_no_storm_and_no_silence(
    followed: World, days: int
) -> None:
    before = len(followed.web.asked)
    followed.poll(hours=24 * days)
    assert len(followed.web.asked) - before <= SOURCES
    asked = polls_during(followed, timedelta(hours=3), timedelta(minutes=5))
    assert set(asked) == {f"/{number}" for number in range(SOURCES)}
    assert max(asked.values()) <= 3


def test_a_clock_that_was_a_day_ahead_and_is_put_right_brings_no_silence(
    followed: World,
) -> None:
    followed.poll(hours=24)
    followed.clock.go_on(days=-1)
    before = len(followed.web.asked)
    followed.poll()
    assert len(followed.web.asked) - before <= SOURCES
    asked = polls_during(followed, timedelta(hours=3), timedelta(minutes=5))
    assert set(asked) == {f"/{number}" for number in range(SOURCES)}
    assert max(asked.values()) <= 3


def test_claims_that_a_wrong_clock_wrote_keep_nobody_from_polling(followed: World) -> None:
    followed.clock.go_on(days=1)
    with followed.context.database.write() as session:
        due = claims.claim_due(
            session, now=followed.clock.now, holder="elsewhere:7", most=99, busy_hosts=()
        )
        claims.hold(session, due, now=followed.clock.now, holder="elsewhere:7")
    assert len(due) == SOURCES
    followed.clock.go_on(days=-1)
    asked = polls_during(followed, timedelta(hours=2), timedelta(minutes=10))
    assert set(asked) == {f"/{number}" for number in range(SOURCES)}


def test_comments_alone_that_were_asked_for_in_a_wrong_year_are_asked_for_again(
    world: World,
) -> None:
    asked = world.web.answer("/comments", comments(said(1)))
    world.follow(world.publish("/rss", announced(asked), item(1)))
    world.poll()
    with world.context.database.write() as session:
        feeds, ahead = tables.comment_feeds, world.clock.now + timedelta(days=365)
        session.execute(
            update(feeds).values(last_polled_at=ahead, next_poll_at=ahead + timedelta(hours=1))
        )
    for _ in range(4):
        world.poll(hours=1)
    assert world.web.paths.count("/comments") in {2, 3}


def test_what_died_while_the_clock_was_wrong_is_not_put_off_until_then(followed: World) -> None:
    followed.clock.go_on(days=365)
    dead = this_process().rpartition(":")[0] + ":4194305"  # more than a pid can be
    now = followed.clock.now
    with followed.context.database.write() as session:
        due = claims.claim_due(session, now=now, holder=dead, most=99, busy_hosts=())
        claims.hold(session, due, now=now, holder=dead)
    followed.clock.go_on(days=-365)
    asked = polls_during(followed, timedelta(hours=3), timedelta(minutes=10))
    assert set(asked) == {f"/{number}" for number in range(SOURCES)}


def test_a_beat_of_a_wrong_clock_gives_way_to_the_next(world: World) -> None:
    world.clock.go_on(days=1)
    housekeeping.beat(world.context)
    world.clock.go_on(days=-1)
    housekeeping.beat(world.context)
    assert housekeeping.last_beat(world.context) == world.clock.now


@pytest.mark.parametrize("night", CHANGES, ids=["forward", "back"])
def test_a_night_in_which_the_clock_is_changed_is_polled_as_any_other(
    world: World, night: datetime
) -> None:
    # The moments of a person's clock: 02:30 is there not at all, or twice.
    world.clock.now = night.astimezone(UTC)
    world.follow(*(world.publish(f"/{number}", item(number)) for number in range(SOURCES)))
    world.poll()
    asked = polls_during(world, timedelta(hours=6), timedelta(minutes=5))
    assert set(asked) == {f"/{number}" for number in range(SOURCES)}
    assert set(asked.values()) <= {5, 6}


@pytest.mark.parametrize(("night", "hours"), [(CHANGES[0], 7), (CHANGES[1], 9)])
def test_office_hours_count_the_time_that_passed_in_such_a_night(
    night: datetime, hours: int
) -> None:
    shift = OfficeHours(
        zone=PARIS,
        days=frozenset(range(7)),
        begin=night.replace(hour=22).time(),
        end=night.replace(hour=6).time(),
    )
    begin = (night - timedelta(days=1)).replace(hour=12)
    end = night.replace(hour=12)
    assert office_time(begin, end, shift) == timedelta(hours=hours)
