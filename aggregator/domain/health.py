"""How a source is doing, looked at closely: what its own page shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from urllib.parse import urlsplit

from aggregator.domain.faults import Fault
from aggregator.domain.hints import NO_HINTS, Hints
from aggregator.domain.schedule import Outcome
from aggregator.domain.sources import CommentsState, SourceHealth

ProposalId = NewType("ProposalId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """One poll as it was recorded."""

    polled_at: datetime
    outcome: Outcome
    http_status: int | None
    fault: Fault | None
    bytes_received: int
    took_ms: int
    entries_new: int
    entries_changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How the last body of a source began: `text` is shown as it came, `size` bytes in all."""

    fetched_at: datetime
    url: str
    content_type: str | None
    size: int
    text: str


class ProposalKind(StrEnum):
    """Why another address is proposed: its site says so for good, or announces it now."""

    MOVED = "moved"
    FOUND = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An address that feeds.yaml might name instead of the source's; never written unasked."""

    id: ProposalId
    kind: ProposalKind
    url: str
    title: str | None
    found_at: datetime

    @property
    def host(self) -> str:
        """Tell the host it leads to, which may be another than the source's."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What one makes of a source: of the last 90 days, and when an entry was last opened.

    `arrived` were published then, `opened` were opened then, `starred` are those published
    then that are kept; `used` counts each that was opened or kept, once. `counted_since` is
    since when openings are counted.
    """

    arrived: int = 0
    opened: int = 0
    starred: int = 0
    used: int = 0
    counted_since: datetime | None = None
    last_opened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFeedLine:
    """One comment feed of a source; `entry_title` is None for that of the whole site."""

    url: str
    entry_title: str | None
    state: CommentsState
    fault: Fault | None
    last_polled_at: datetime | None
    next_poll_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSheet:
    """Everything the page of a source shows.

    `polls` are the last 30, the newest first. `rhythm` counts its entries by week, the first
    day of each, the oldest first, weeks without any included. `remarks` are what its parser
    noticed. `hints` and `fresh_s` are what decides its next poll besides our own rules.
    `comment_feeds` are the first few of `comment_feed_count`, those in trouble before others.
    `duplicates` are other sources that give the same feed.
    """

    health: SourceHealth
    polls: Sequence[PollRecord]
    rhythm: Sequence[tuple[date, int]]
    use: Use
    sample: Sample | None = None
    remarks: Sequence[str] = ()
    proposals: Sequence[Proposal] = ()
    comment_feeds: Sequence[CommentFeedLine] = ()
    comment_feed_count: int = 0
    hints: Hints = NO_HINTS
    fresh_s: int | None = None
    duplicates: Sequence[SourceHealth] = field(default=())
