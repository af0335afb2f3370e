"""How figures are said: times, shares, days and differences, each in both languages."""

from collections.abc import Callable
from datetime import date
from typing import Final

from babel.dates import format_date, format_interval, get_day_names
from babel.numbers import format_percent

from aggregator.domain.conversations.periods import Days, Period, Unit
from aggregator.services.conversations.figures import Slot
from aggregator.translations import N_
from aggregator.web.wording import gettext, language, ngettext, number

PERIODS: Final = {
    Period.WEEK: N_("7 days"),
    Period.DAYS: N_("30 days"),
    Period.MONTH: N_("This month"),
    Period.LAST_MONTH: N_("Last month"),
    Period.YEAR: N_("12 months"),
    # Translators: of all times: a period
    Period.ALL: N_("All time"),
}
NOTHING: Final = "–"
_MINUTE_S: Final = 60
_HOUR: Final = 60
"""In minutes."""

_TWO_DAYS: Final = 2 * 24 * 60


def lasting(seconds: float | None) -> str:
    """Say how long something took, to the minute: `40 min`, `2 h 52`, `3 h`, `3 d 4 h`."""
    if seconds is None:
        return NOTHING
    if 0 < seconds < _MINUTE_S:
        return gettext("< 1 min")
    minutes = round(seconds / _MINUTE_S)
    if minutes < _HOUR:
        return gettext("%(number)s min", number=minutes)
    return _hours(minutes) if minutes < _TWO_DAYS else _days(minutes)


def _hours(minutes: int) -> str:
    hours, left = divmod(minutes, _HOUR)
    if left == 0:
        return gettext("%(number)s h", number=hours)
    # Translators: hours and minutes, as in "2 h 52"
    return gettext("%(hours)s h %(minutes)s", hours=hours, minutes=f"{left:02d}")


def _days(minutes: int) -> str:
    days, hours = divmod(round(minutes / _HOUR), 24)
    if hours == 0:
        return gettext("%(number)s d", number=number(days))
    # Translators: days and hours, as in "3 d 4 h"
    return gettext("%(days)s d %(hours)s h", days=number(days), hours=hours)


def share(rate: float | None) -> str:
    """Say a share of one in hundredths."""
    return NOTHING if rate is None else format_percent(rate, locale=language())


def spell(days: Days) -> str:
    """Say from which day to which, both within."""
    if days.first and days.last:
        return format_interval(days.first, days.last, "yMMMd", locale=language())
    if days.first:
        return gettext("since %(date)s", date=_day(days.first))
    if days.last:
        return gettext("until %(date)s", date=_day(days.last))
    return gettext("all time")


def _day(day: date) -> str:
    return format_date(day, "medium", locale=language())


def name_of(slot: Slot, unit: Unit = Unit.DAY) -> str:
    """Say in full what a slot is about: a day, a month, an hour, a source."""
    if slot.name is not None:
        return slot.name
    if slot.hour is not None:
        hours = {"hour": slot.hour, "next": slot.hour + 1}
        # Translators: hours of the day, as in "from 9 to 10 h"
        return gettext("from %(hour)s to %(next)s h", **hours)
    if slot.weekday is not None:
        return str(get_day_names("wide", locale=language())[slot.weekday])
    first = slot.days.first if slot.days else None
    if first is None:
        return ""
    form = {Unit.DAY: "EEEE d MMMM y", Unit.MONTH: "MMMM y", Unit.YEAR: "y"}[unit]
    if unit is Unit.DAY and language() == "en":
        form = "EEEE, MMMM d, y"
    return format_date(first, form, locale=language())


def tick_of(slot: Slot, unit: Unit) -> str:
    """Say shortly what a slot is about, for under its bar."""
    if slot.hour is not None:
        # Translators: an hour of the day, as in "9 h"
        return gettext("%(hour)s h", hour=slot.hour)
    if slot.weekday is not None:
        return str(get_day_names("abbreviated", locale=language())[slot.weekday])
    first = slot.days.first if slot.days else None
    if first is None:
        return ""
    if unit is Unit.DAY:
        return format_date(first, "d MMM" if language() == "fr" else "MMM d", locale=language())
    return format_date(first, "MMM" if unit is Unit.MONTH else "y", locale=language())


def compared(
    now: float | None, before: float | None, say: Callable[[float | None], str]
) -> str | None:
    """Say a figure of the period before, and how much more or less this one is.

    In words and without colour: more is not always better. None where neither has one.
    """
    if now is None and before is None:
        return None
    was = gettext("%(value)s before", value=say(before))
    if now is None or before is None:
        return was
    return f"{was} · {_difference(now - before, say)}"


def _difference(change: float, say: Callable[[float | None], str]) -> str:
    amount = say(abs(change))
    if amount == say(0):
        return gettext("as before")
    if say is share:
        points = round(abs(change) * 100)
        if change > 0:
            return ngettext("%(num)s point more", "%(num)s points more", points)
        return ngettext("%(num)s point less", "%(num)s points less", points)
    if say is lasting:
        longer, shorter = N_("%(time)s longer"), N_("%(time)s shorter")
        return gettext(longer if change > 0 else shorter, time=amount)
    count = int(abs(change))
    if change > 0:
        return ngettext("%(num)s more", "%(num)s more", count)
    return ngettext("%(num)s fewer", "%(num)s fewer", count)


def counted(value: float | None) -> str:
    """Write a number; a dash for none."""
    return NOTHING if value is None else number(value)
