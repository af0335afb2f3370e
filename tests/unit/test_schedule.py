"""When a source is asked again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.backoff import ENDING, Failure
from aggregator.domain.hints import NO_HINTS, Hints
from aggregator.domain.schedule import (
    LONGEST_WAIT,
    Because,
    Next,
    Rhythm,
    allowed_from,
    next_poll,
    put_right,
    retry_moment,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""A Wednesday."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FLOOR = timedelta(minutes=15)
HOURLY = Rhythm(wish=None, floor=FLOOR)
DAYTIME = frozenset(range(8, 20))

hints = st.builds(
    Hints,
    ttl_s=st.none() | st.integers(0, 10**9),
    update_every_s=st.none() | st.integers(0, 10**9),
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)
rhythms = st.builds(
    Rhythm,
    wish=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=99_999)),
    floor=st.timedeltas(timedelta(seconds=1), timedelta(days=9_999)),
    hints=hints,
    fresh_s=st.none() | st.integers(0, 10**9),
    last_new_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
jitters = st.floats(0, 1)
codes = st.sampled_from(
    ["http-404", "http-429", "http-error", "timeout", "too-large", *sorted(ENDING)]
)
failures = st.builds(
    Failure,
    code=codes,
    in_a_row=st.integers(1, 10_000),
    same=st.integers(1, 10),
    same_since=st.none() | st.timedeltas(timedelta(0), 30 * DAY).map(lambda ago: NOW - ago),
)
waits = st.timedeltas(timedelta(0), LONGEST_WAIT)


def asked_again(rhythm: Rhythm, **known: object) -> tuple[timedelta, Because]:
    """Tell how long the wait is and why, without jitter unless given."""
    again = next_poll(rhythm, now=NOW, **{"jitter": 0.0, **known})  # type: ignore[arg-type]
    assert again.at is not None
    return again.at - NOW, again.because


def test_a_source_is_asked_every_hour_unless_wished() -> None:
    assert asked_again(HOURLY) == (HOUR, Because.DEFAULT)
    assert asked_again(replace(HOURLY, wish=3 * HOUR)) == (3 * HOUR, Because.WISH)


def test_a_wish_under_the_floor_is_the_floor() -> None:
    assert asked_again(replace(HOURLY, wish=MINUTE)) == (FLOOR, Because.FLOOR)


@pytest.mark.parametrize(
    ("told", "wait", "because"),
    [
        ({"fresh_s": 43_200}, 12 * HOUR, Because.FRESH),
        ({"fresh_s": 60}, HOUR, Because.DEFAULT),
        ({"fresh_s": 0}, HOUR, Because.DEFAULT),
        ({"fresh_s": 31_536_000}, 7 * DAY, Because.FRESH),
        ({"hints": Hints(ttl_s=180 * 60)}, 3 * HOUR, Because.TTL),
        ({"hints": Hints(ttl_s=10**9)}, 7 * DAY, Because.TTL),
        ({"hints": Hints(update_every_s=43_200)}, 12 * HOUR, Because.SYNDICATION),
        ({"hints": Hints(ttl_s=7200, update_every_s=3600)}, 2 * HOUR, Because.TTL),
        ({"hints": Hints(ttl_s=7200), "fresh_s": 7200}, 2 * HOUR, Because.FRESH),
        ({"wish": 3 * HOUR, "fresh_s": 7200}, 3 * HOUR, Because.WISH),
        ({"wish": FLOOR, "fresh_s": 7200}, 2 * HOUR, Because.FRESH),
        ({"wish": MINUTE, "hints": Hints(ttl_s=7200)}, 2 * HOUR, Because.TTL),
    ],
)
def test_what_a_server_says_only_ever_lengthens_the_wait(
    told: dict[str, object], wait: timedelta, because: Because
) -> None:
    assert asked_again(replace(HOURLY, **told)) == (wait, because)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("silent", "wait"),
    [
        (timedelta(0), HOUR),
        (30 * DAY, HOUR),
        (31 * DAY, 2 * HOUR),
        (40 * DAY, 11 * HOUR),
        (53 * DAY, 24 * HOUR),
        (4000 * DAY, 24 * HOUR),
        (-3 * DAY, HOUR),
    ],
)
def test_a_quiet_source_is_asked_less_and_less_up_to_once_a_day(
    silent: timedelta, wait: timedelta
) -> None:
    rhythm = replace(HOURLY, last_new_at=NOW - silent)
    assert asked_again(rhythm) == (wait, Because.QUIET if wait > HOUR else Because.DEFAULT)
    assert asked_again(replace(rhythm, wish=FLOOR)) == (FLOOR, Because.WISH)


@pytest.mark.parametrize(
    ("skipped", "now", "at"),
    [
        (Hints(skip_hours=frozenset(range(8))), "2026-11-25T23:30", "2026-11-26T08:00"),
        (Hints(skip_hours=frozenset(range(8))), "2026-11-25T07:30", "2026-11-25T08:30"),
        (Hints(skip_days=frozenset({5, 6})), "2026-11-27T23:30", "2026-11-30T00:00"),
        (
            Hints(skip_days=frozenset({5, 6}), skip_hours=frozenset({0, 1})),
            "2026-11-27T23:30",
            "2026-11-30T02:00",
        ),
        # who asks never to be asked asks for nothing that can be done
        (Hints(skip_hours=frozenset(range(24))), "2026-11-25T09:00", "2026-11-25T10:00"),
        (Hints(skip_days=frozenset(range(7))), "2026-11-25T09:00", "2026-11-25T10:00"),
    ],
)
def test_hours_and_days_that_a_feed_skips_are_waited_for(
    skipped: Hints, now: str, at: str
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(at).replace(tzinfo=UTC)
    again = next_poll(replace(HOURLY, hints=skipped), now=moment, jitter=0)
    moved = expected > moment + HOUR
    assert again == Next(at=expected, because=Because.SKIPPED if moved else Because.DEFAULT)


@given(
    skipped=hints, minute=st.integers(0, 20_000), rhythm=rhythms, jitter=jitters, failure=failures
)
def test_no_source_is_asked_in_an_hour_that_it_skips(
    skipped: Hints, minute: int, rhythm: Rhythm, jitter: float, failure: Failure
) -> None:
    at = next_poll(
        replace(rhythm, hints=skipped), now=NOW + minute * MINUTE, jitter=jitter, failure=failure
    ).at
    every_hour, every_day = len(skipped.skip_hours) == 24, len(skipped.skip_days) == 7
    if at is not None and not every_hour and not every_day:
        assert at.hour not in skipped.skip_hours
        assert at.weekday() not in skipped.skip_days


@given(moment=st.datetimes(timezones=st.just(UTC), max_value=datetime(9000, 1, 1)), skipped=hints)  # noqa: DTZ001 - Hypothesis adds the zone
def test_the_first_moment_that_is_allowed_is_at_most_a_week_away(
    moment: datetime, skipped: Hints
) -> None:
    at = allowed_from(moment, skipped)
    assert moment <= at <= moment + 7 * DAY
    assert allowed_from(at, skipped) == at


@given(rhythm=rhythms, jitter=jitters, failure=st.none() | failures)
def test_jitter_only_ever_adds_and_at_most_a_tenth(
    rhythm: Rhythm, jitter: float, failure: Failure | None
) -> None:
    rhythm = replace(rhythm, hints=replace(rhythm.hints, skip_hours=frozenset()))
    rhythm = replace(rhythm, hints=replace(rhythm.hints, skip_days=frozenset()))
    steady = next_poll(rhythm, now=NOW, jitter=0, failure=failure).at
    shaken = next_poll(rhythm, now=NOW, jitter=jitter, failure=failure).at
    assert (steady is None) == (shaken is None)
    if steady and shaken:
        assert steady <= shaken <= NOW + (steady - NOW) * 1.1
        assert shaken <= max(steady, NOW + LONGEST_WAIT)


@given(
    rhythm=rhythms,
    jitter=jitters,
    failure=st.none() | failures,
    not_before=st.none() | waits.map(lambda wait: NOW + wait),
)
def test_no_source_is_asked_before_its_floor_nor_before_it_asked_for(
    rhythm: Rhythm, jitter: float, failure: Failure | None, not_before: datetime | None
) -> None:
    at = next_poll(rhythm, now=NOW, jitter=jitter, failure=failure, not_before=not_before).at
    if at is not None:
        assert at >= NOW + rhythm.interval
        assert not_before is None or at >= not_before


@given(rhythm=rhythms, jitter=jitters, failure=st.none() | failures, wait=waits)
def test_no_source_is_left_for_longer_than_its_interval_and_what_a_server_may_ask(
    rhythm: Rhythm, jitter: float, failure: Failure | None, wait: timedelta
) -> None:
    at = next_poll(rhythm, now=NOW, jitter=jitter, failure=failure, not_before=NOW + wait).at
    skipping = 7 * DAY + HOUR if rhythm.hints != NO_HINTS else timedelta(0)
    if at is not None:
        assert at <= NOW + max(rhythm.interval * 1.1, LONGEST_WAIT) + skipping


@given(rhythm=rhythms, failure=failures, more=st.integers(1, 50))
def test_more_failures_never_make_the_wait_shorter(
    rhythm: Rhythm, failure: Failure, more: int
) -> None:
    later = replace(failure, in_a_row=failure.in_a_row + more)
    first = next_poll(rhythm, now=NOW, jitter=0, failure=failure).at
    second = next_poll(rhythm, now=NOW, jitter=0, failure=later).at
    assert (first is None) == (second is None)
    assert first is None or second is None or first <= second


@given(rhythm=rhythms, jitter=jitters, failure=st.none() | failures, hour=st.integers(0, 9000))
def test_neither_time_zones_nor_their_clock_changes_make_a_difference(
    rhythm: Rhythm, jitter: float, failure: Failure | None, hour: int
) -> None:
    now = NOW + hour * HOUR
    there = now.astimezone(ZoneInfo("Europe/Paris"))
    asked = next_poll(rhythm, now=now, jitter=jitter, failure=failure)
    assert next_poll(rhythm, now=there, jitter=jitter, failure=failure) == asked


def test_what_a_server_asked_for_is_waited_for_and_said() -> None:
    assert asked_again(HOURLY, not_before=NOW + DAY) == (DAY, Because.RETRY_AFTER)
    assert asked_again(HOURLY, not_before=NOW + MINUTE) == (HOUR, Because.DEFAULT)


def test_what_fails_is_tried_again_within_a_day_however_long_its_last_answer_stays_fresh() -> None:
    fresh = replace(HOURLY, fresh_s=7 * 86_400)
    assert asked_again(fresh)[0] == 7 * DAY
    assert asked_again(fresh, failure=Failure(code="timeout")) == (DAY, Because.FRESH)


def test_a_first_410_is_asked_about_once_more_and_says_so() -> None:
    following = next_poll(HOURLY, now=NOW, jitter=0, failure=Failure(code="http-410"))
    assert following == Next(at=NOW + DAY, because=Because.GONE)


def test_what_was_the_last_try_is_never_asked_again() -> None:
    gone = Failure(code="http-410", in_a_row=2, same=2, same_since=NOW - DAY)
    assert next_poll(HOURLY, now=NOW, jitter=0, failure=gone) == Next(
        at=None, because=Because.GONE
    )
    shut = Failure(code="http-401", in_a_row=3, same=3)
    assert next_poll(HOURLY, now=NOW, jitter=0, failure=shut) == Next(
        at=None, because=Because.REFUSED
    )


@pytest.mark.parametrize(
    ("asked_s", "wait"),
    [
        (1, timedelta(seconds=1)),
        (7200, timedelta(hours=2)),
        (10**9, timedelta(days=7)),
        (10**30, timedelta(days=7)),
    ],
)
def test_a_retry_after_is_a_moment_at_most_a_week_away(asked_s: int, wait: timedelta) -> None:
    assert retry_moment(NOW, asked_s) == NOW + wait


@pytest.mark.parametrize("asked_s", [None, 0, -5])
def test_no_retry_after_is_no_moment(asked_s: int | None) -> None:
    assert retry_moment(NOW, asked_s) is None


def test_what_a_wrong_clock_planned_is_planned_as_long_from_the_right_one() -> None:
    wrong = NOW + 400 * DAY
    assert put_right(wrong + HOUR, seen_at=wrong, now=NOW) == NOW + HOUR
    assert put_right(wrong - HOUR, seen_at=wrong, now=NOW) == NOW
    assert put_right(wrong, seen_at=None, now=NOW) == NOW
    assert put_right(None, seen_at=wrong, now=NOW) is None
