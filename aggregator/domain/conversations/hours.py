"""Office hours: how much of a time span fell into them."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from aggregator.domain.following import WorkingHours

_DAY: Final = timedelta(days=1)
_EARLIEST: Final = datetime(2, 1, 5, tzinfo=UTC)
_LATEST: Final = datetime(9998, 12, 27, tzinfo=UTC)
"""Between these each day has days before and after it, in every zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """When one works; `days` count from Monday = 0. Holidays are not known.

    An `end` that is not after the `begin` is on the next day: 00:00 is 24:00, and a night
    shift belongs to the day on which it begins.
    """

    zone: tzinfo
    days: frozenset[int] = field(default_factory=lambda: frozenset(range(5)))
    begin: time = time(9)
    end: time = time(18)


def office_hours(written: WorkingHours, zone: tzinfo) -> OfficeHours:
    """Make ready what feeds.yaml says of office hours."""
    return OfficeHours(
        zone=zone, days=frozenset(written.days), begin=written.begin, end=written.end
    )


def office_time(begin: datetime, end: datetime, hours: OfficeHours) -> timedelta:
    """Count the office time between two moments, both changes of the clock included.

    It is elapsed time: a night of office hours in which the clock is put forward is an hour
    shorter. Nothing where `end` is not after `begin`. A span costs two look-ups a year.
    """
    begin, end = max(begin, _EARLIEST), min(end, _LATEST)
    if end <= begin:
        return timedelta(0)
    since, until = begin.timestamp(), end.timestamp()
    # The last opening of a year may reach into the next one, and a zone be ahead of UTC.
    first = (begin - _DAY).year if hours.end > hours.begin else (begin - 2 * _DAY).year
    total = 0.0
    for number in range(first, (end + _DAY).year + 1):
        year = _openings(number, hours)
        total += year.upto(until) - year.upto(since)
    return timedelta(seconds=total)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Openings:
    """The office hours of a year, in order, as seconds since 1970; `before` adds them up."""

    opens: tuple[float, ...]
    closes: tuple[float, ...]
    before: tuple[float, ...]

    def upto(self, moment: float) -> float:
        """Count the office seconds of the year before a moment."""
        place = bisect_right(self.opens, moment) - 1
        if place < 0:
            return 0.0
        return self.before[place] + min(moment, self.closes[place]) - self.opens[place]


# A year is laid out in a millisecond: too long for each of 100,000 comments.
@lru_cache(maxsize=128)
def _openings(year: int, hours: OfficeHours) -> _Openings:
    opens: list[float] = []
    closes: list[float] = []
    before: list[float] = []
    total = 0.0
    day = date(year, 1, 1)
    while day.year == year:
        if day.weekday() in hours.days:
            ends_on = day if hours.end > hours.begin else day + _DAY
            opening = datetime.combine(day, hours.begin, hours.zone).timestamp()
            # The clock may be put forward past both.
            closing = max(datetime.combine(ends_on, hours.end, hours.zone).timestamp(), opening)
            opens.append(opening)
            closes.append(closing)
            before.append(total)
            total += closing - opening
        day += _DAY
    return _Openings(opens=tuple(opens), closes=tuple(closes), before=tuple(before))
