"""Polls: what is asked of a source, what came of it, and what a round came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.domain.faults import Fault
from aggregator.domain.hints import NO_HINTS, Hints
from aggregator.domain.items import FeedDocument
from aggregator.domain.moves import Move
from aggregator.domain.samples import Taken
from aggregator.domain.schedule import Because, Outcome
from aggregator.domain.sources import PageId, SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What makes the next request conditional; all belong to one body, that `url` gave."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSource:
    """A source claimed for a poll, as far as polling needs it.

    `last_new_at` is when it last had something new, None where that is not known. `hints`
    and `fresh_s` are what it last said of when to come back; `move` is the permanent
    redirect that was seen in its last polls.
    """

    id: SourceId
    url: str
    feed_url: str | None
    host: str
    page_id: PageId
    every: timedelta | None
    validators: Validators
    failures: int
    failing_since: datetime | None
    http_status: int | None
    hints: Hints = NO_HINTS
    fresh_s: int | None = None
    last_new_at: datetime | None = None
    move: Move | None = None

    @property
    def is_new(self) -> bool:
        """Whether it was never asked, as far as is known."""
        return self.feed_url is None and not self.failures and self.validators == Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPause:
    """A host that asks to be left alone until a moment, whatever is wanted of it."""

    host: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll came to: all that is stored of it, together.

    `validators` None means: those stored stay. `document` is None where nothing was read
    (not modified, the same body, a failure). `next_poll_at`, `next_because`, `hints` and
    `last_new_at` are known when what it brought is (see `services.coming_back`). `moved_to` is
    the address to ask from now on, where a move was seen often enough; `host` that of the
    address to ask. `body` is how what came begins, where it is other than before, or could not
    be read. `pause` is what its host asks for. One that is `skipped` was not made:
    its next poll alone is stored, where it has one.
    """

    source: DueSource
    polled_at: datetime
    outcome: Outcome
    http_status: int | None = None
    fault: Fault | None = None
    took_ms: int = 0
    bytes_received: int = 0
    failures: int = 0
    next_poll_at: datetime | None = None
    next_because: Because | None = None
    not_before_at: datetime | None = None
    validators: Validators | None = None
    feed_url: str | None = None
    host: str | None = None
    document: FeedDocument | None = None
    body: Taken | None = None
    hints: Hints = NO_HINTS
    fresh_s: int | None = None
    last_new_at: datetime | None = None
    move: Move | None = None
    moved_to: str | None = None
    pause: HostPause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One line of a round's summary.

    `comments_new` are those that its comment feeds brought.
    `next_poll_at` of one that was skipped is when it may be polled, None where that is unknown.
    """

    url: str
    outcome: Outcome
    http_status: int | None = None
    fault: Fault | None = None
    entries_new: int = 0
    entries_changed: int = 0
    comments_new: int = 0
    next_poll_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSummary:
    """What a round came to; skipped sources are listed and not counted as polled.

    `comments_new` counts those of all comment feeds, also of sources that were not polled.
    """

    took_s: float
    sources: Sequence[SourceReport]
    comments_new: int = 0

    def count(self, outcome: Outcome) -> int:
        """Count the sources with one outcome."""
        return sum(report.outcome is outcome for report in self.sources)

    @property
    def polled(self) -> int:
        """How many sources were asked."""
        return len(self.sources) - self.count(Outcome.SKIPPED)

    @property
    def entries_new(self) -> int:
        """How many entries came new."""
        return sum(report.entries_new for report in self.sources)

    @property
    def entries_changed(self) -> int:
        """How many stored entries changed."""
        return sum(report.entries_changed for report in self.sources)
