"""Periods that figures are told of, in local days, and the one that came before each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

_DAY: Final = timedelta(days=1)
_EARLIEST: Final = date(1970, 1, 1)
_LATEST: Final = date(2999, 12, 31)
_MOST_DAYS: Final = 31
_MOST_MONTHS: Final = 36


class Period(StrEnum):
    """What one chooses; the values stand in addresses."""

    WEEK = "7d"
    DAYS = "30d"
    MONTH = "month"
    LAST_MONTH = "last-month"
    YEAR = "12m"
    ALL = "all"
    CHOSEN = "chosen"


class Unit(StrEnum):
    """How long each piece of a period is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From a day to a day, both within; None is open."""

    first: date | None = None
    last: date | None = None

    def moments(self, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
        """Give the moment it begins, and the one before which it ends, in UTC."""
        begin = _midnight(self.first, zone) if self.first else None
        end = _midnight(self.last + _DAY, zone) if self.last else None
        return begin, end


def days_of(
    period: Period, *, today: date, first: date | None = None, last: date | None = None
) -> Days:
    """Tell the days of a period; `first` and `last` are those chosen, in either order.

    The last 7 or 30 days and the 12 months hold today; a month begins on its first.
    """
    month = today.replace(day=1)
    if period is Period.CHOSEN:
        if first and last and first > last:
            first, last = last, first
        return Days(first=_within(first), last=_within(last))
    if period is Period.LAST_MONTH:
        return Days(first=_months_back(month, 1), last=month - _DAY)
    begins = {
        Period.WEEK: today - timedelta(days=6),
        Period.DAYS: today - timedelta(days=29),
        Period.MONTH: month,
        Period.YEAR: _months_back(month, 11),
    }
    return Days(first=begins[period], last=today) if period in begins else Days()


def days_before(period: Period, days: Days) -> Days | None:
    """Tell the days a period is set beside; None where it has no beginning or no end.

    Months stand beside the months before, up to the same day of the month; what is counted
    in days beside as many days.
    """
    if days.first is None or days.last is None:
        return None
    if period is Period.LAST_MONTH:
        last = days.first - _DAY
        return Days(first=last.replace(day=1), last=last)
    if period in {Period.MONTH, Period.YEAR}:
        back = 1 if period is Period.MONTH else 12
        return Days(first=_months_back(days.first, back), last=_months_back(days.last, back))
    length = days.last - days.first + _DAY
    return Days(first=days.first - length, last=days.first - _DAY)


def pieces(first: date, last: date) -> tuple[Unit, tuple[Days, ...]]:
    """Cut days into single days, months or years, the finest that a chart can show."""
    if (last - first).days < _MOST_DAYS:
        return Unit.DAY, tuple(Days(first=day, last=day) for day in _each_day(first, last))
    if (last.year - first.year) * 12 + last.month - first.month < _MOST_MONTHS:
        return Unit.MONTH, tuple(_cut(first, last, lambda day: _months_back(day, -1)))
    return Unit.YEAR, tuple(_cut(first, last, lambda day: date(day.year + 1, 1, 1)))


def _cut(first: date, last: date, following: Callable[[date], date]) -> Iterator[Days]:
    begin = first
    while begin <= last:
        after = following(begin.replace(day=1))
        yield Days(first=begin, last=min(after - _DAY, last))
        begin = after


def _each_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _months_back(day: date, months: int) -> date:
    """Go back by months, to the same day, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - _DAY).day))


def _within(day: date | None) -> date | None:
    return None if day is None else min(max(day, _EARLIEST), _LATEST)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)
