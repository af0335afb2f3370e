"""When a source is asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.schedule import GONE, Rhythm, next_poll, retry_moment

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FLOOR = timedelta(minutes=15)
HOURLY = Rhythm(wish=None, floor=FLOOR)

rhythms = st.builds(
    Rhythm,
    wish=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=99_999)),
    floor=st.timedeltas(timedelta(seconds=1), timedelta(days=9_999)),
)
jitters = st.floats(0, 1)
failures = st.integers(0, 10_000)
statuses = st.none() | st.sampled_from([200, 304, 404, GONE, 429, 500])


def asked_again(rhythm: Rhythm, **known: object) -> timedelta:
    """Tell how long the wait is, without jitter unless given."""
    moment = next_poll(rhythm, now=NOW, **{"failures": 0, "jitter": 0.0, **known})  # type: ignore[arg-type]
    assert moment is not None
    return moment - NOW


def test_a_source_is_asked_every_hour_unless_wished() -> None:
    assert asked_again(HOURLY) == HOUR
    assert asked_again(Rhythm(wish=timedelta(hours=3), floor=FLOOR)) == timedelta(hours=3)


def test_a_wish_under_the_floor_is_the_floor() -> None:
    assert asked_again(Rhythm(wish=timedelta(minutes=1), floor=FLOOR)) == FLOOR


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day() -> None:
    waits = [asked_again(HOURLY, failures=count) for count in (1, 2, 3, 4, 5, 6, 7, 500)]
    assert [wait / HOUR for wait in waits] == [1, 2, 4, 8, 16, 24, 24, 24]


def test_a_source_asked_weekly_is_not_asked_sooner_for_failing() -> None:
    weekly = Rhythm(wish=timedelta(days=7), floor=FLOOR)
    assert asked_again(weekly, failures=3) == timedelta(days=7)


@given(rhythm=rhythms, jitter=jitters, count=failures)
def test_jitter_only_ever_adds_and_at_most_a_tenth(
    rhythm: Rhythm, jitter: float, count: int
) -> None:
    steady = asked_again(rhythm, failures=count)
    shaken = asked_again(rhythm, failures=count, jitter=jitter)
    assert steady <= shaken <= steady * 1.1


@given(rhythm=rhythms, jitter=jitters, count=failures, before=statuses, answer=statuses)
def test_no_source_is_asked_again_before_its_floor(
    rhythm: Rhythm, jitter: float, count: int, before: int | None, answer: int | None
) -> None:
    moment = next_poll(rhythm, now=NOW, failures=count, answers=(answer, before), jitter=jitter)
    assert moment is None or moment >= NOW + rhythm.floor
    assert (moment is None) == (answer == before == GONE)


@given(rhythm=rhythms, count=failures, wait=st.timedeltas(timedelta(0), timedelta(days=7)))
def test_what_a_server_asked_for_is_waited_for(
    rhythm: Rhythm, count: int, wait: timedelta
) -> None:
    asked = asked_again(rhythm, failures=count, not_before=NOW + wait)
    assert asked == max(wait, asked_again(rhythm, failures=count))


def test_what_is_gone_is_asked_once_more_a_day_later_and_then_never() -> None:
    assert asked_again(HOURLY, failures=1, answers=(GONE, 200)) == DAY
    assert next_poll(HOURLY, now=NOW, failures=2, answers=(GONE, GONE), jitter=0) is None


def test_other_failures_before_confirm_no_going() -> None:
    assert asked_again(HOURLY, failures=7, answers=(GONE, 500)) == DAY


@pytest.mark.parametrize(
    ("asked_s", "wait"),
    [
        (1, timedelta(seconds=1)),
        (7200, timedelta(hours=2)),
        (10**9, timedelta(days=7)),
    ],
)
def test_a_retry_after_is_a_moment_at_most_a_week_away(asked_s: int, wait: timedelta) -> None:
    assert retry_moment(NOW, asked_s) == NOW + wait


@pytest.mark.parametrize("asked_s", [None, 0, -5])
def test_no_retry_after_is_no_moment(asked_s: int | None) -> None:
    assert retry_moment(NOW, asked_s) is None


def test_a_senseless_retry_after_breaks_nothing() -> None:
    assert retry_moment(NOW, 10**30) == NOW + timedelta(days=7)
