"""Office hours: how much of a time span fell into them."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """When one works; `days` count from Monday = 0. `end` may be 24:00, written 00:00."""

    zone: tzinfo
    days: frozenset[int] = field(default_factory=lambda: frozenset(range(5)))
    begin: time = time(9)
    end: time = time(18)


def office_time(begin: datetime, end: datetime, hours: OfficeHours) -> timedelta:
    """Count the office time between two moments, both DST changes included."""
    total = timedelta(0)
    day = begin.astimezone(hours.zone).date()
    last = end.astimezone(hours.zone).date()
    while day <= last:
        if day.weekday() in hours.days:
            opens = datetime.combine(day, hours.begin, hours.zone)
            closes = datetime.combine(day, hours.end, hours.zone)
            overlap = min(end, closes) - max(begin, opens)
            total += max(overlap, timedelta(0))
        day += timedelta(days=1)
    return total
