"""The own rhythm of a source: its usual gap, and when silence becomes sleep."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.domain.habits import LONGEST, UNKNOWN, Came, dormant_from, patience, usual_gap

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def every(gap: timedelta, count: int = 12) -> list[datetime]:
    return [NOW - gap * back for back in range(count)]


def came(published: Sequence[datetime], *, seen: datetime = NOW) -> list[Came]:
    return [Came(published_at=at, first_seen_at=seen) for at in published]


def test_the_usual_gap_is_the_one_in_the_middle() -> None:
    days = [0, 1, 2, 30, 31]
    assert usual_gap([NOW + DAY * day for day in days]) == DAY
    assert usual_gap([NOW + DAY * day for day in (4, 0, 1)]) == DAY * 2


@pytest.mark.parametrize("count", [0, 1, 2])
def test_of_fewer_than_three_entries_no_gap_is_known(count: int) -> None:
    assert usual_gap(every(DAY, count)) is None


@pytest.mark.parametrize(
    ("published", "silent_days"),
    [
        (every(HOUR), 10),
        (every(HOUR * 6), 10),
        (every(DAY), 30),
        (every(DAY * 7), 30),
        (every(DAY * 30), 120),
        (every(DAY * 182), 728),
        (every(DAY * 365), 730),
        (every(timedelta(0)), 10),
    ],
    ids=["hourly", "often", "daily", "weekly", "monthly", "twice a year", "yearly", "all at once"],
)
def test_the_silence_that_is_sleep_grows_with_the_gap(
    published: list[datetime], silent_days: int
) -> None:
    assert patience(published) == DAY * silent_days


def test_who_came_back_from_a_long_silence_is_waited_for_as_long_and_a_half() -> None:
    this_year = [NOW - HOUR * back for back in range(5)]
    last_year = [NOW - DAY * 360 - HOUR * back for back in range(5)]
    assert patience([*this_year, *last_year]) == (DAY * 360 - HOUR * 4) * 1.5


def test_no_one_is_waited_for_longer_than_two_years() -> None:
    assert patience(every(DAY * 1000)) == LONGEST


def test_without_a_known_rhythm_a_year_is_waited() -> None:
    assert dormant_from(came([NOW])) == NOW + UNKNOWN
    assert dormant_from([]) is None


def test_a_source_sleeps_from_so_long_after_its_last_entry_on() -> None:
    assert dormant_from(came(every(DAY))) == NOW + DAY * 30


def test_an_old_blog_that_is_followed_today_sleeps_already() -> None:
    published = [at - DAY * 3000 for at in every(DAY * 7)]
    asleep_from = dormant_from(came(published))
    assert asleep_from is not None
    assert asleep_from < NOW


def test_what_comes_later_is_a_sign_of_life_whatever_its_date() -> None:
    old = [at - DAY * 3000 for at in every(DAY)]
    both = [*came(old, seen=NOW - DAY), *came([old[-1] - DAY], seen=NOW)]
    assert dormant_from(both) == NOW + DAY * 30
