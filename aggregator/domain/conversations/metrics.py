"""The figures of conversations: how many were answered, and how soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.conversations.comments import CommentId, ThreadId
from aggregator.domain.conversations.hours import OfficeHours
from aggregator.domain.sources import SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A comment that expects an answer, and when it was first answered, None if it was not."""

    comment_id: CommentId
    thread_id: ThreadId
    source_id: SourceId
    received_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Of delays in seconds: None where there are none."""

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
    raise NotImplementedError
