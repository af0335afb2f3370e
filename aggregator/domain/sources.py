"""Sources: followed feeds, and how each is doing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from aggregator.domain.faults import Fault
from aggregator.translations import N_

SourceId = NewType("SourceId", int)
PageId = NewType("PageId", int)


class SourceState(StrEnum):
    """How a source is doing, in one word; the values are the contract of `--json`."""

    NEW = "new"
    OK = "ok"
    SLOW = "slow"
    FAILING = "failing"
    GONE = "gone"
    DORMANT = "dormant"
    PAUSED = "paused"
    RETIRED = "retired"
    BRIDGE_DOWN = "bridge-down"


STATE_WORDS: Final[Mapping[SourceState, str]] = {
    SourceState.NEW: N_("not checked yet"),
    SourceState.OK: N_("up to date"),
    SourceState.SLOW: N_("slow to answer"),
    SourceState.FAILING: N_("in error"),
    SourceState.GONE: N_("gone for good"),
    SourceState.DORMANT: N_("asleep"),
    SourceState.PAUSED: N_("paused"),
    SourceState.RETIRED: N_("no longer followed"),
    SourceState.BRIDGE_DOWN: N_("its bridge is down"),
}


class CommentsState(StrEnum):
    """How the comments of a source are doing; the values are the contract of `--json`.

    `none`: it has no comment feed that is known. `new`: none has been asked yet.
    """

    OFF = "off"
    NONE = "none"
    NEW = "new"
    OK = "ok"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsHealth:
    """How the comment feeds of a source are doing; `url` is that of the whole site, if it has one.

    `fault` and `failing_since` are set where it is failing.
    """

    state: CommentsState = CommentsState.NONE
    url: str | None = None
    fault: Fault | None = None
    failing_since: datetime | None = None
    last_success_at: datetime | None = None
    next_poll_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """A source with all that a list, a box or a health sentence says of it.

    `url` is the address as feeds.yaml writes it, `feed_url` the one polled (None until it
    is found). `failing_since` is the first failure of the present row of failures.
    `last_entry_at` is when its newest entry was published. Counts are of stored entries.
    `icon` is the digest of the icon of its site, `shows_images` whether its pictures may always
    be shown. `comments` is told where it is asked for.
    `next_because` is what decided `next_poll_at` (`schedule.Because`). Its own rhythm:
    `last_new_at` is when a poll last brought something new, `usual_gap_s` the usual time
    between two entries, `dormant_from` from when on it counts as asleep.
    """

    id: SourceId
    url: str
    feed_url: str | None
    name: str
    site_url: str | None
    page_id: PageId
    page_slug: str
    page_name: str
    mine: bool
    paused: bool
    retired_since: date | None
    retired_why: str | None
    purpose: str | None
    tags: tuple[str, ...]
    interval_s: int
    http_status: int | None
    fault: Fault | None
    failures: int
    failing_since: datetime | None
    last_took_ms: int | None
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_entry_at: datetime | None
    next_poll_at: datetime | None
    not_before_at: datetime | None
    comments_url: str | None
    entries: int
    unread: int
    icon: str | None = None
    shows_images: bool = False
    waiting_comments: int = 0
    next_because: str | None = None
    last_new_at: datetime | None = None
    usual_gap_s: int | None = None
    dormant_from: datetime | None = None
    comments: CommentsHealth = field(default_factory=CommentsHealth)


def state_of(source: SourceHealth, *, now: datetime) -> SourceState:
    """Tell the state of a source."""
    return state_when(
        retired=source.retired_since is not None,
        paused=source.paused,
        fault_code=source.fault.code if source.fault else None,
        ever_read=source.last_success_at is not None,
        slow=(source.last_took_ms or 0) > SLOW_MS,
        asleep=source.dormant_from is not None and source.dormant_from <= now,
    )


def state_when(
    *,
    retired: bool,
    paused: bool,
    fault_code: str | None,
    ever_read: bool,
    slow: bool,
    asleep: bool,
) -> SourceState:
    """Tell a state from what decides it; the first that applies, from one's will to its ways."""
    if retired:
        return SourceState.RETIRED
    if paused:
        return SourceState.PAUSED
    if fault_code is not None:
        return SourceState.GONE if fault_code == "http-410" else SourceState.FAILING
    if not ever_read:
        return SourceState.NEW
    if asleep:
        return SourceState.DORMANT
    return SourceState.SLOW if slow else SourceState.OK


def is_stale(source: SourceHealth, *, now: datetime) -> bool:
    """Tell whether a source should have been read again, and was not: its poller has stopped."""
    expected_at = source.next_poll_at
    return (
        expected_at is not None
        and source.last_polled_at is not None
        and now - expected_at > timedelta(seconds=max(source.interval_s, LATE_S))
    )


LATE_S = 300
"""A poll that is late by less is only waiting for its turn."""

SLOW_MS = 10_000
"""An answer that took longer than this is called slow: a third of the deadline of a fetch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTab:
    """A tab: one page of the dashboard with its count of unread entries."""

    id: PageId
    slug: str
    name: str
    columns: int
    hidden: bool
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSummary:
    """What the health sentence counts: sources that are followed and not paused."""

    up_to_date: int = 0
    failing: int = 0
    waiting: int = 0
    last_polled_at: datetime | None = None
    states: dict[SourceState, int] = field(default_factory=dict)
