"""Periods of figures: their days, the period before, and the pieces of a chart."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from aggregator.domain.conversations.periods import (
    Days,
    Period,
    Unit,
    days_before,
    days_of,
    pieces,
)

TODAY = date(2026, 3, 31)


def days(first: str, last: str) -> Days:
    return Days(first=date.fromisoformat(first), last=date.fromisoformat(last))


@pytest.mark.parametrize(
    ("period", "now", "before"),
    [
        ("7d", ("2026-03-25", "2026-03-31"), ("2026-03-18", "2026-03-24")),
        ("30d", ("2026-03-02", "2026-03-31"), ("2026-01-31", "2026-03-01")),
        # the day of the month is that of today, or the last of a shorter month
        ("month", ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        ("last-month", ("2026-02-01", "2026-02-28"), ("2026-01-01", "2026-01-31")),
        ("12m", ("2025-04-01", "2026-03-31"), ("2024-04-01", "2025-03-31")),
    ],
)
def test_each_period_stands_beside_the_one_before(
    period: str, now: tuple[str, str], before: tuple[str, str]
) -> None:
    chosen = Period(period)
    found = days_of(chosen, today=TODAY)
    assert found == days(*now)
    assert days_before(chosen, found) == days(*before)


def test_chosen_days_come_in_either_order() -> None:
    first, last = date(2026, 3, 10), date(2026, 3, 1)
    found = days_of(Period.CHOSEN, today=TODAY, first=first, last=last)
    assert found == days("2026-03-01", "2026-03-10")
    assert days_before(Period.CHOSEN, found) == days("2026-02-19", "2026-02-28")


def test_what_is_open_stands_beside_nothing() -> None:
    assert days_before(Period.ALL, days_of(Period.ALL, today=TODAY)) is None
    until = days_of(Period.CHOSEN, today=TODAY, last=date(2026, 3, 10))
    assert until.first is None
    assert days_before(Period.CHOSEN, until) is None


def test_absurd_days_are_brought_within_what_a_calendar_holds() -> None:
    found = days_of(Period.CHOSEN, today=TODAY, first=date.min, last=date.max)
    assert found == days("1970-01-01", "2999-12-31")
    found.moments(ZoneInfo("Pacific/Kiritimati"))


def test_a_day_begins_at_midnight_where_one_lives() -> None:
    begin, end = days("2026-03-29", "2026-03-29").moments(ZoneInfo("Europe/Paris"))
    assert begin == datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert end == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "unit", "count"),
    [
        ("2026-03-31", "2026-03-31", Unit.DAY, 1),
        ("2026-03-01", "2026-03-31", Unit.DAY, 31),
        ("2026-03-01", "2026-04-01", Unit.MONTH, 2),
        ("2025-12-31", "2026-02-01", Unit.MONTH, 3),
        ("2023-04-15", "2026-03-31", Unit.MONTH, 36),
        ("2023-03-31", "2026-03-31", Unit.YEAR, 4),
    ],
)
def test_pieces_cover_the_period_and_do_not_overlap(
    first: str, last: str, unit: Unit, count: int
) -> None:
    whole = days(first, last)
    assert whole.first
    assert whole.last
    found_unit, found = pieces(whole.first, whole.last)
    assert (found_unit, len(found)) == (unit, count)
    assert (found[0].first, found[-1].last) == (whole.first, whole.last)
    for left, right in pairwise(found):
        assert left.last
        assert right.first
        assert (right.first - left.last).days == 1
