"""The figures of conversations: how many were answered, and how soon."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from aggregator.domain.conversations.comments import CommentId, ThreadId
from aggregator.domain.conversations.hours import OfficeHours, office_time
from aggregator.domain.sources import SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A comment that expects an answer, and when it was first answered, None if it was not.

    It counts in the period in which it was received. « J'ai répondu » answers it at the
    moment it was said, until the answer itself comes. One that was filed away, put off or
    sent is received and not answered; one that is hidden is no exchange.
    """

    comment_id: CommentId
    thread_id: ThreadId
    source_id: SourceId
    received_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Of delays in seconds: None where there are none.

    The median of an even number is the mean of the two in the middle. `p90_s` is the
    smallest delay that at least nine in ten do not exceed (nearest rank).
    """

    count: int
    median_s: float | None
    mean_s: float | None
    p90_s: float | None
    longest_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What a period came to.

    `office` is about answers that took office time; `out_of_hours` counts those that took
    none, which never enter its figures. `answer_rate` is 0 to 1, None where nothing was
    received. `first_comment_after_s` is the median over threads.
    """

    received: int
    answered: int
    answer_rate: float | None
    delays: Delays
    office: Delays
    out_of_hours: int
    first_comment_after_s: float | None


def measure(
    exchanges: Iterable[Exchange], *, hours: OfficeHours, first_after_s: Iterable[float] = ()
) -> Metrics:
    """Make the figures; `first_after_s` are the times from articles to their first comments."""
    received = 0
    delays: list[float] = []
    office: list[float] = []
    for exchange in exchanges:
        received += 1
        if exchange.answered_at is None:
            continue
        delays.append(delay_s(exchange.received_at, exchange.answered_at))
        in_office = office_time(exchange.received_at, exchange.answered_at, hours)
        if in_office:
            office.append(in_office.total_seconds())
    return Metrics(
        received=received,
        answered=len(delays),
        answer_rate=len(delays) / received if received else None,
        delays=delays_of(delays),
        office=delays_of(office),
        out_of_hours=len(delays) - len(office),
        first_comment_after_s=delays_of(list(first_after_s)).median_s,
    )


def delay_s(received_at: datetime, answered_at: datetime) -> float:
    """Tell how long an answer took; one dated before its comment took no time."""
    return max((answered_at - received_at).total_seconds(), 0.0)


def delays_of(delays_s: Sequence[float]) -> Delays:
    """Sum delays up."""
    if not delays_s:
        return Delays(count=0, median_s=None, mean_s=None, p90_s=None, longest_s=None)
    ordered = sorted(delays_s)
    count = len(ordered)
    return Delays(
        count=count,
        median_s=float(median(ordered)),
        mean_s=sum(ordered) / count,
        p90_s=ordered[(9 * count + 9) // 10 - 1],
        longest_s=ordered[-1],
    )
