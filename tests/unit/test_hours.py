"""Office hours: how much of a span falls into them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from aggregator.domain.conversations.hours import OfficeHours, office_hours, office_time
from aggregator.domain.following import WorkingHours

PARIS = ZoneInfo("Europe/Paris")
OFFICE = OfficeHours(zone=PARIS)
ALL_DAY = OfficeHours(zone=PARIS, days=frozenset(range(7)), begin=time(0), end=time(0))
NIGHT = OfficeHours(zone=PARIS, days=frozenset({4}), begin=time(22), end=time(6))


def between(begin: str, end: str, hours: OfficeHours = OFFICE) -> timedelta:
    """Count office time between two local moments."""
    return office_time(
        datetime.fromisoformat(begin).replace(tzinfo=PARIS).astimezone(UTC),
        datetime.fromisoformat(end).replace(tzinfo=PARIS).astimezone(UTC),
        hours,
    )


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("2026-11-23T10:00", "2026-11-23T11:30", timedelta(hours=1, minutes=30)),
        ("2026-11-23T07:00", "2026-11-23T23:00", timedelta(hours=9)),
        ("2026-11-23T17:00", "2026-11-24T10:00", timedelta(hours=2)),
        ("2026-11-23T18:00", "2026-11-24T09:00", timedelta(0)),
        ("2026-11-23T18:00", "2026-11-24T09:00:01", timedelta(seconds=1)),
        # a weekend
        ("2026-11-20T17:00", "2026-11-23T10:00", timedelta(hours=2)),
        ("2026-11-21T00:00", "2026-11-23T00:00", timedelta(0)),
        # a holiday is a day like another: holidays are not known
        ("2026-07-14T00:00", "2026-07-15T00:00", timedelta(hours=9)),
        # nothing, and less than nothing
        ("2026-11-23T10:00", "2026-11-23T10:00", timedelta(0)),
        ("2026-11-23T11:00", "2026-11-23T10:00", timedelta(0)),
    ],
)
def test_what_falls_into_the_hours_counts(begin: str, end: str, expected: timedelta) -> None:
    assert between(begin, end) == expected


def test_a_day_on_which_the_clock_changes_is_as_long_as_it_is() -> None:
    assert between("2026-03-29T00:00", "2026-03-30T00:00", ALL_DAY) == timedelta(hours=23)
    assert between("2026-10-25T00:00", "2026-10-26T00:00", ALL_DAY) == timedelta(hours=25)


def test_hours_by_day_are_not_moved_by_a_change_of_the_clock_at_night() -> None:
    assert between("2026-03-27T17:00", "2026-03-30T10:00") == timedelta(hours=2)
    assert between("2026-10-23T17:00", "2026-10-26T10:00") == timedelta(hours=2)


def test_midnight_as_the_end_is_that_of_the_day() -> None:
    late = OfficeHours(zone=PARIS, begin=time(14), end=time(0))
    assert between("2026-11-23T00:00", "2026-11-24T00:00", late) == timedelta(hours=10)


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    assert between("2026-11-20T12:00", "2026-11-23T12:00", NIGHT) == timedelta(hours=8)
    assert between("2026-11-21T05:00", "2026-11-21T07:00", NIGHT) == timedelta(hours=1)
    assert between("2026-11-22T05:00", "2026-11-22T07:00", NIGHT) == timedelta(0)


def test_a_night_shift_reaches_into_the_new_year() -> None:
    every_night = OfficeHours(zone=PARIS, days=frozenset(range(7)), begin=time(22), end=time(6))
    assert between("2026-12-31T21:00", "2027-01-01T07:00", every_night) == timedelta(hours=8)
    assert between("2027-01-01T05:00", "2027-01-01T07:00", every_night) == timedelta(hours=1)


def test_years_add_up_to_what_their_weeks_do() -> None:
    weeks = between("1990-01-01T00:00", "2026-01-05T00:00") / timedelta(hours=45)
    assert weeks == (datetime(2026, 1, 5) - datetime(1990, 1, 1)) / timedelta(weeks=1)  # noqa: DTZ001 - local weeks


def test_a_zone_that_is_ahead_is_in_the_next_year_earlier() -> None:
    auckland = OfficeHours(zone=ZoneInfo("Pacific/Auckland"))
    begin = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
    assert office_time(begin, begin + timedelta(days=1), auckland) == timedelta(hours=9)


def test_moments_at_the_ends_of_the_calendar_break_nothing() -> None:
    least, most = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    begin = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert office_time(least, least + hour, OFFICE) == timedelta(0)
    assert office_time(most - hour, most, NIGHT) == timedelta(0)
    assert office_time(begin, begin + hour, OFFICE) == hour


def test_what_the_list_says_is_taken_over() -> None:
    hours = office_hours(WorkingHours(days=(0, 2), begin=time(8), end=time(0)), PARIS)
    assert (hours.days, hours.begin, hours.end) == (frozenset({0, 2}), time(8), time(0))
