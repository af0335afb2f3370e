"""When what is put off comes back: over nights, weekends and changes of the clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from aggregator.domain.conversations.hours import OfficeHours
from aggregator.domain.conversations.putting_off import Until, back_at, on_day

PARIS = ZoneInfo("Europe/Paris")
HOURS = OfficeHours(zone=PARIS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "until", "back"),
    [
        ("2026-11-25 10:00", Until.TOMORROW, "2026-11-26 09:00"),
        ("2026-11-25 23:59", Until.TOMORROW, "2026-11-26 09:00"),
        ("2026-11-25 00:10", Until.TOMORROW, "2026-11-26 09:00"),
        ("2026-11-27 10:00", Until.TOMORROW, "2026-11-30 09:00"),  # a Friday
        ("2026-11-25 10:00", Until.THREE_DAYS, "2026-11-30 09:00"),  # Saturday is no work
        ("2026-11-23 10:00", Until.THREE_DAYS, "2026-11-26 09:00"),
        ("2026-11-23 08:00", Until.NEXT_WEEK, "2026-11-30 09:00"),  # a Monday
        ("2026-11-29 22:00", Until.NEXT_WEEK, "2026-11-30 09:00"),  # a Sunday
    ],
)
def test_it_comes_back_as_work_begins(now: str, until: Until, back: str) -> None:
    assert back_at(until, now=at(now).astimezone(UTC), hours=HOURS) == at(back)


@pytest.mark.parametrize(
    ("now", "back"),
    [
        ("2026-03-28 12:00", "2026-03-29T07:00:00+00:00"),  # the clock is put forward that night
        ("2026-10-24 12:00", "2026-10-25T08:00:00+00:00"),  # and back
    ],
)
def test_the_hour_is_that_of_the_clock_on_the_wall(now: str, back: str) -> None:
    every_day = OfficeHours(zone=PARIS, days=frozenset(range(7)))
    found = back_at(Until.TOMORROW, now=at(now), hours=every_day)
    assert found.astimezone(UTC) == datetime.fromisoformat(back)


def test_who_works_on_no_day_gets_it_back_on_the_next() -> None:
    never = OfficeHours(zone=PARIS, days=frozenset(), begin=time(8, 30))
    assert back_at(Until.TOMORROW, now=at("2026-11-25 10:00"), hours=never) == at(
        "2026-11-26 08:30"
    )


def test_a_day_that_is_named_is_meant_though_it_is_a_sunday() -> None:
    now = at("2026-11-25 10:00")
    assert on_day(date(2026, 11, 29), now=now, hours=HOURS) == at("2026-11-29 09:00")


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 11, 25), date(2028, 1, 1)])
def test_a_day_that_is_over_or_far_off_is_not_meant(day: date) -> None:
    assert on_day(day, now=at("2026-11-25 10:00"), hours=HOURS) is None
