"""How much and how often, in words: the rhythm of a source, its use, sizes and times."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, TypeGuard

from aggregator.domain.health import SourceSheet, Use
from aggregator.domain.overview import COUNTED_DAYS
from aggregator.domain.sources import SourceHealth
from aggregator.web.current import now
from aggregator.web.wording import ago, duration, gettext, ngettext, number, since

_DAY_S: Final = 24 * 3600
_WEEK_S: Final = 7 * _DAY_S
_KILO: Final = 1000
_MONTH_DAYS: Final = 30
_MINUTE: Final = timedelta(minutes=1)
_IN_DAYS: Final = timedelta(days=2)
_IN_WEEKS: Final = 2 * 7
_IN_MONTHS: Final = 2 * _MONTH_DAYS
"""From these on a time is told in days, weeks and months; the last two are numbers of days."""
_COUNTED: Final = timedelta(days=COUNTED_DAYS)
_LATELY: Final = 13
"""Weeks of the rhythm that are said in words: about 90 days."""
_A_RHYTHM: Final = 3
"""From as many entries on, the weeks before the first of them say nothing of how often."""


def rhythm(sheet: SourceSheet) -> str:
    """Say how often something comes of a source, and when something did for the last time."""
    last_at = sheet.health.last_entry_at
    weeks = _known_weeks(sheet)
    lately = sum(count for _, count in weeks)
    if last_at is None:
        return gettext("Nothing came of it so far.")
    if not lately:
        often = gettext("Nothing in the last 3 months")
    elif lately >= len(weeks):
        each = round(lately / len(weeks))
        often = ngettext("About %(num)s entry a week", "About %(num)s entries a week", each)
    else:
        gap = timedelta(weeks=len(weeks)) / lately
        often = gettext("About one entry every %(gap)s", gap=roughly(gap))
    # Translators: how often, and when last: "About 3 entries a week; the last one 5 d ago."
    return gettext("%(often)s; the last one %(ago)s.", often=often, ago=ago(last_at))


def _known_weeks(sheet: SourceSheet) -> Sequence[tuple[date, int]]:
    """Give the weeks lately, but none before the first entry: a feed may begin with that one."""
    counts = [count for _, count in sheet.rhythm]
    if sum(counts) < _A_RHYTHM:
        return sheet.rhythm[-_LATELY:]
    first = next(place for place, count in enumerate(counts) if count)
    return sheet.rhythm[first:][-_LATELY:]


def used(told: Use) -> str:
    """Say what one made of a source in the last 90 days."""
    came = ngettext("%(num)s entry came", "%(num)s entries came", told.arrived)
    parts = [came if told.arrived else gettext("nothing came")]
    if told.opened:
        parts.append(ngettext("%(num)s was opened", "%(num)s were opened", told.opened))
    elif told.arrived:
        parts.append(gettext("none was opened"))
    if told.starred:
        parts.append(ngettext("%(num)s is kept", "%(num)s are kept", told.starred))
    return gettext("In the last 90 days %(what)s.", what=", ".join(parts))


def use(told: Use) -> Iterator[str]:
    """Say the same, when one opened something last, and since when that is counted."""
    yield used(told)
    if told.last_opened_at:
        yield gettext("You opened the last one %(ago)s.", ago=ago(told.last_opened_at))
    if is_new(told.counted_since):
        yield gettext("What is opened is counted %(since)s.", since=since(told.counted_since))


def is_unused(told: Use) -> bool:
    """Tell whether enough came, and was counted for long enough, to ask whether to go on."""
    known = told.counted_since is not None and not is_new(told.counted_since)
    return known and told.arrived > 0 and not told.used


def is_new(counted_since: datetime | None) -> TypeGuard[datetime]:
    """Tell whether openings are counted for less than the days that are told."""
    return counted_since is not None and now() - counted_since < _COUNTED


def often(source: SourceHealth) -> str | None:
    """Say shortly how often something usually comes: `5 a week`; None where that is not known."""
    gap_s = source.usual_gap_s
    if not gap_s:
        return None
    if gap_s <= _DAY_S / 2:
        return ngettext("%(num)s a day", "%(num)s a day", round(_DAY_S / gap_s))
    if gap_s <= _WEEK_S / 2:
        return ngettext("%(num)s a week", "%(num)s a week", round(_WEEK_S / gap_s))
    return every(timedelta(seconds=gap_s))


def every(gap: timedelta) -> str:
    """Say how often something is done or comes: `every 15 min`, `every hour`, `every 2 days`.

    With words of its own for each unit: in French they have to agree with it.
    """
    if gap < _MINUTE:
        return gettext("several times a minute")
    if timedelta(hours=1) <= gap < timedelta(hours=2):
        return gettext("every hour")
    if gap < _IN_DAYS:
        # Translators: minutes or hours, as in "every 15 min"
        return gettext("every %(time)s", time=duration(gap))
    days = round(gap / timedelta(days=1))
    if days < _IN_WEEKS:
        return ngettext("every %(num)s day", "every %(num)s days", days)
    if days < _IN_MONTHS:
        return ngettext("every %(num)s week", "every %(num)s weeks", round(days / 7))
    return ngettext("every %(num)s month", "every %(num)s months", round(days / _MONTH_DAYS))


def roughly(time: timedelta) -> str:
    """Say how long something is about: `15 min`, `3 h`, `2 days`, `5 weeks`, `4 months`."""
    if time < _IN_DAYS:
        return duration(time)
    days = round(time / timedelta(days=1))
    if days < _IN_WEEKS:
        return ngettext("%(num)s day", "%(num)s days", days)
    if days < _IN_MONTHS:
        return ngettext("%(num)s week", "%(num)s weeks", round(days / 7))
    return ngettext("%(num)s month", "%(num)s months", round(days / _MONTH_DAYS))


def weight(length_bytes: int) -> str:
    """Say the size of what came: `0`, `640 B`, `12 kB`, `1.4 MB`."""
    if length_bytes < _KILO:
        return gettext("%(number)s B", number=number(length_bytes))
    if length_bytes < _KILO * _KILO:
        return gettext("%(number)s kB", number=number(round(length_bytes / _KILO)))
    return gettext("%(number)s MB", number=number(round(length_bytes / _KILO / _KILO, 1)))


def taken(length_ms: int) -> str:
    """Say how long an answer took: `120 ms`, `2.4 s`."""
    if length_ms < _KILO:
        return gettext("%(number)s ms", number=number(length_ms))
    return gettext("%(number)s s", number=number(round(length_ms / _KILO, 1)))
