"""How trouble keeps a source from being asked."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.domain.backoff import End, Failure, backed_off, end_of, host_pause

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def waits(code: str, *counts: int, interval: timedelta = HOUR) -> list[float]:
    """Tell in hours how long failures in a row make one wait."""
    failed = (Failure(code=code, in_a_row=count) for count in counts)
    return [backed_off(interval, failure) / HOUR for failure in failed]


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day() -> None:
    for code in ("http-error", "http-403", "timeout", "dns-failed", "tls-failed", "refused"):
        assert waits(code, 1, 2, 3, 4, 5, 6, 7, 500) == [1, 2, 4, 8, 16, 24, 24, 24]


def test_what_is_not_there_is_asked_for_less_and_less_up_to_once_a_week() -> None:
    assert waits("http-404", 1, 2, 6, 7, 8, 9, 500) == [1, 2, 32, 64, 128, 168, 168]


def test_too_many_requests_double_the_wait_from_the_first_and_no_wish_makes_it_short() -> None:
    assert waits("http-429", 1, 2, 3, 4, 5, 9) == [2, 4, 8, 16, 24, 24]
    assert waits("http-429", 1, 2, 3, interval=HOUR / 4) == [1, 1, 2]
    assert waits("http-429", 1, 2, interval=DAY) == [48, 48]


def test_an_answer_that_is_too_large_is_not_fetched_again_at_the_usual_pace() -> None:
    assert waits("too-large", 1, 2, 3, 4, 5) == [2, 4, 8, 16, 24]


def test_a_source_asked_weekly_is_not_asked_sooner_for_failing() -> None:
    for code in ("timeout", "http-404", "http-410"):
        assert waits(code, 1, 3, 9, interval=7 * DAY) == [168, 168, 168]
    assert waits("http-429", 3, interval=30 * DAY) == [720]


@pytest.mark.parametrize(
    ("code", "same", "since", "end"),
    [
        ("http-410", 1, timedelta(0), None),
        ("http-410", 2, DAY - HOUR, None),
        ("http-410", 2, DAY, End.GONE),
        ("http-410", 9, DAY - HOUR, None),
        ("http-410", 1, 30 * DAY, None),
        ("http-401", 2, 30 * DAY, None),
        ("http-401", 3, timedelta(0), End.REFUSED),
        ("challenge", 3, timedelta(0), End.REFUSED),
        ("http-403", 99, 30 * DAY, None),
        ("http-404", 99, 30 * DAY, None),
    ],
)
def test_the_last_try_is_one_that_says_the_same_as_those_before(
    code: str, same: int, since: timedelta, end: End | None
) -> None:
    failure = Failure(code=code, in_a_row=same, same=same, same_since=NOW - since)
    assert end_of(failure, now=NOW) is end


def test_what_is_gone_is_asked_once_more_a_day_later() -> None:
    assert waits("http-410", 1) == [24]
    assert end_of(Failure(code="http-410", same=2), now=NOW) is None


def test_a_host_is_left_alone_for_as_long_as_it_asks_or_else_an_hour() -> None:
    asked = NOW + 2 * HOUR
    assert host_pause(429, asked, now=NOW) == asked
    assert host_pause(429, None, now=NOW) == NOW + HOUR
    assert host_pause(503, asked, now=NOW) == asked
    for status in (503, 500, 404, 200, None):
        assert host_pause(status, None, now=NOW) is None
    assert host_pause(500, asked, now=NOW) is None
