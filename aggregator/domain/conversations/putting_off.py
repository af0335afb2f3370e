"""When a comment that is put off comes back: at the beginning of office hours."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from aggregator.domain.conversations.hours import OfficeHours

FURTHEST: Final = timedelta(days=366)
"""Nothing is put off further than this: it would be forgotten."""


class Until(StrEnum):
    """Until when a comment can be put off with one click."""

    TOMORROW = "tomorrow"
    THREE_DAYS = "three-days"
    NEXT_WEEK = "next-week"


def back_at(until: Until, *, now: datetime, hours: OfficeHours) -> datetime:
    """Tell when a comment comes back: on that day, or on the first day of work after it.

    Next week begins with its first day of work.
    """
    today = now.astimezone(hours.zone).date()
    if until is Until.NEXT_WEEK:
        return opening(today + timedelta(days=7 - today.weekday()), hours)
    days = 1 if until is Until.TOMORROW else 3
    return opening(today + timedelta(days=days), hours)


def opening(day: date, hours: OfficeHours) -> datetime:
    """Give the moment at which work begins on a day, or on the first day of work after it."""
    for later in range(7):
        found = day + timedelta(days=later)
        if found.weekday() in hours.days:
            day = found
            break
    return datetime.combine(day, hours.begin, hours.zone)


def on_day(day: date, *, now: datetime, hours: OfficeHours) -> datetime | None:
    """Tell when a comment comes back on a day that was named: just that one, worked or not.

    None where the day is over or too far off to be meant.
    """
    moment = datetime.combine(day, hours.begin, hours.zone)
    return moment if now < moment <= now + FURTHEST else None
