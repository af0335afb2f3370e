"""The figures of conversations: a period beside the one before, cut up, and what lies behind.

A comment counts in the period in which it was received. Hidden ones are left out; those that
were filed away, put off or sent are received and not answered; « J'ai répondu » answers at
the moment it was said, until the answer itself comes (`domain.conversations.metrics`).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from aggregator.domain.conversations.hours import OfficeHours, office_hours
from aggregator.domain.conversations.metrics import Exchange, Metrics, delay_s, delays_of, measure
from aggregator.domain.conversations.periods import (
    Days,
    Period,
    Unit,
    days_before,
    days_of,
    pieces,
)
from aggregator.domain.following import Preferences
from aggregator.domain.sources import SourceId
from aggregator.services.context import Context
from aggregator.storage.conversations import figures as storage
from aggregator.storage.conversations.figures import Opening
from aggregator.storage.engine import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What figures are wanted of: days, of one source or of all, now and before."""

    period: Period
    days: Days
    before: Days | None
    source_id: SourceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A part of a period, counted. What it is a part by is not None; `name` is a source's."""

    days: Days | None = None
    hour: int | None = None
    weekday: int | None = None
    source_id: SourceId | None = None
    name: str | None = None
    received: int
    answered: int
    median_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of a period. `openings` counts what `first_comment_after_s` is about.

    `before` is None where there is no period before. `days` are closed where anything was
    received, even of an open period.
    """

    asked: Asked
    days: Days
    metrics: Metrics
    openings: int
    before: Metrics | None
    unit: Unit
    by_time: tuple[Slot, ...]
    by_source: tuple[Slot, ...]
    by_hour: tuple[Slot, ...]
    by_weekday: tuple[Slot, ...]
    sources: tuple[tuple[SourceId, str], ...]


def asked_for(
    period: Period,
    *,
    now: datetime,
    preferences: Preferences,
    first: date | None = None,
    last: date | None = None,
    source_id: SourceId | None = None,
) -> Asked:
    """Say which days a choice means."""
    today = now.astimezone(ZoneInfo(preferences.timezone)).date()
    days = days_of(period, today=today, first=first, last=last)
    before = days_before(period, days)
    return Asked(period=period, days=days, before=before, source_id=source_id)


def metrics_of(
    exchanges: Iterable[Exchange],
    *,
    preferences: Preferences,
    first_after_s: Iterable[float] = (),
) -> Metrics:
    """Measure exchanges by the office hours of feeds.yaml."""
    return measure(exchanges, hours=_hours(preferences), first_after_s=first_after_s)


def figures(context: Context, asked: Asked, *, preferences: Preferences) -> Figures:
    """Make all figures of a period."""
    hours = _hours(preferences)
    with context.database.read() as session:
        found, openings = received(session, asked.days, asked.source_id, hours.zone)
        before = None
        if asked.before is not None:
            then, then_openings = received(session, asked.before, asked.source_id, hours.zone)
            before = measure(then, hours=hours, first_after_s=_afters(then_openings))
        named = storage.answering_sources(session)
    local = [_placed(one, hours.zone) for one in found]
    days = _closed(asked.days, local, today=context.clock().astimezone(hours.zone).date())
    unit, parts = pieces(days.first, days.last) if days.first and days.last else (Unit.DAY, ())
    return Figures(
        asked=asked,
        days=days,
        metrics=measure(found, hours=hours, first_after_s=_afters(openings)),
        openings=len(openings),
        before=before,
        unit=unit,
        by_time=_by_time(parts, local),
        by_source=_by_source(named, found, local),
        by_hour=_by_hour(local),
        by_weekday=_by_weekday(local),
        sources=named,
    )


def received(
    session: Session, days: Days, source_id: SourceId | None, zone: tzinfo
) -> tuple[list[Exchange], list[Opening]]:
    """Read what was received in a period, and which articles got their first comments in it."""
    begin, end = days.moments(zone)
    return (
        storage.exchanges(session, begin=begin, end=end, source_id=source_id),
        storage.openings(session, begin=begin, end=end, source_id=source_id),
    )


_Placed = tuple[datetime, float | None]
"""When something was received, in local time, and how long its answer took."""

_Local = Sequence[_Placed]


def _placed(one: Exchange, zone: tzinfo) -> _Placed:
    delay = None if one.answered_at is None else delay_s(one.received_at, one.answered_at)
    return one.received_at.astimezone(zone), delay


def _by_time(parts: Sequence[Days], local: _Local) -> tuple[Slot, ...]:
    """Count each part of the period; parts and comments both come in order."""
    begins = [part.first for part in parts if part.first]
    found: list[list[float | None]] = [[] for _ in begins]
    for at, delay in local:
        found[bisect_right(begins, at.date()) - 1].append(delay)
    return tuple(_slot(delays, days=part) for part, delays in zip(parts, found, strict=True))


def _by_source(
    named: Sequence[tuple[SourceId, str]], found: Sequence[Exchange], local: _Local
) -> tuple[Slot, ...]:
    """Count each source that received anything, the one that received most first."""
    of_source = _grouped(
        (one.source_id, delay) for one, (_, delay) in zip(found, local, strict=True)
    )
    slots = [
        _slot(of_source[source_id], source_id=source_id, name=name)
        for source_id, name in named
        if source_id in of_source
    ]
    return tuple(sorted(slots, key=lambda slot: -slot.received))


def _by_hour(local: _Local) -> tuple[Slot, ...]:
    found = _grouped((at.hour, delay) for at, delay in local)
    return tuple(_slot(found.get(hour, ()), hour=hour) for hour in range(24))


def _by_weekday(local: _Local) -> tuple[Slot, ...]:
    found = _grouped((at.weekday(), delay) for at, delay in local)
    return tuple(_slot(found.get(day, ()), weekday=day) for day in range(7))


_Key = TypeVar("_Key")


def _grouped(keyed: Iterable[tuple[_Key, float | None]]) -> dict[_Key, list[float | None]]:
    groups: dict[_Key, list[float | None]] = defaultdict(list)
    for key, delay in keyed:
        groups[key].append(delay)
    return groups


def _slot(found: Sequence[float | None], **what: Any) -> Slot:
    delays = [delay for delay in found if delay is not None]
    return Slot(
        received=len(found),
        answered=len(delays),
        median_s=delays_of(delays).median_s,
        **what,
    )


def _closed(days: Days, local: _Local, *, today: date) -> Days:
    """Close an open period around what was received in it."""
    if not local:
        return days
    last = days.last or max(today, local[-1][0].date())
    return Days(first=days.first or min(local[0][0].date(), last), last=last)


def _afters(openings: Iterable[Opening]) -> list[float]:
    return [opening.after_s for opening in openings]


def _hours(preferences: Preferences) -> OfficeHours:
    return office_hours(preferences.office_hours, ZoneInfo(preferences.timezone))
