"""The comments behind a figure: as many as its number says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.conversations.hours import OfficeHours, office_hours, office_time
from aggregator.domain.conversations.metrics import Exchange, delay_s
from aggregator.domain.following import Preferences
from aggregator.services.context import Context
from aggregator.services.conversations.figures import Asked, received
from aggregator.storage.conversations import figures as storage
from aggregator.storage.conversations.figures import CommentLine


class Behind(StrEnum):
    """Which comments; the values stand in addresses."""

    RECEIVED = "received"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    IN_OFFICE = "in-office"
    OUT_OF_HOURS = "out-of-hours"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Which part of a period: an hour (0 to 23) and a weekday (Monday = 0), both local."""

    what: Behind = Behind.RECEIVED
    hour: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindLine:
    """A comment behind a number.

    `delay_s` and `office_s` are how long its answer took, None where there is none. Of a
    first comment `delay_s` is how long after its article it came.
    """

    line: CommentLine
    delay_s: float | None
    office_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindList:
    """The comments behind a number: how many, and a page of them; `next` goes on after it."""

    count: int
    lines: tuple[BehindLine, ...]
    next: int | None


def behind(
    context: Context,
    asked: Asked,
    narrowed: Narrowed,
    *,
    preferences: Preferences,
    begin: int = 0,
    most: int | None,
) -> BehindList:
    """List the comments behind a number, from the place `begin` on; `most` None means all.

    What was answered comes slowest first, anything else newest first.
    """
    hours = office_hours(preferences.office_hours, ZoneInfo(preferences.timezone))
    with context.database.read() as session:
        exchanges, openings = received(session, asked.days, asked.source_id, hours.zone)
        times: list[_Times]
        if narrowed.what is Behind.FIRST:
            times = [(one.comment_id, one.after_s, None) for one in reversed(openings)]
        else:
            wanted = _wanted(_narrow(exchanges, narrowed, hours), narrowed.what, hours)
            times = [(one.comment_id, _delay_s(one), one) for one in wanted]
        if narrowed.what not in {Behind.RECEIVED, Behind.UNANSWERED}:
            times.sort(key=lambda each: -(each[1] or 0.0))
        end = len(times) if most is None else begin + most
        page = times[begin:end]
        lines = {line.id: line for line in storage.lines(session, [each[0] for each in page])}
    return BehindList(
        count=len(times),
        lines=tuple(
            BehindLine(
                line=lines[comment_id],
                delay_s=delay,
                office_s=None if one is None or delay is None else _office(one, hours),
            )
            for comment_id, delay, one in page
            if comment_id in lines
        ),
        next=end if end < len(times) else None,
    )


_Times = tuple[CommentId, float | None, Exchange | None]


def _narrow(
    exchanges: Iterable[Exchange], narrowed: Narrowed, hours: OfficeHours
) -> Iterator[Exchange]:
    """Give what is wanted by its moment, newest first."""
    newest_first = reversed(list(exchanges))
    if narrowed.hour is None and narrowed.weekday is None:
        yield from newest_first
        return
    for one in newest_first:
        local = one.received_at.astimezone(hours.zone)
        if narrowed.hour in {None, local.hour} and narrowed.weekday in {None, local.weekday()}:
            yield one


def _wanted(exchanges: Iterable[Exchange], what: Behind, hours: OfficeHours) -> Iterator[Exchange]:
    """Give what is wanted by its answer."""
    for one in exchanges:
        if what is Behind.RECEIVED or (what is Behind.UNANSWERED) is (one.answered_at is None):
            in_office = {Behind.IN_OFFICE: True, Behind.OUT_OF_HOURS: False}.get(what)
            if in_office is None or in_office is (_office(one, hours) > 0):
                yield one


def _delay_s(one: Exchange) -> float | None:
    return None if one.answered_at is None else delay_s(one.received_at, one.answered_at)


def _office(one: Exchange, hours: OfficeHours) -> float:
    if one.answered_at is None:
        return 0.0
    return office_time(one.received_at, one.answered_at, hours).total_seconds()
