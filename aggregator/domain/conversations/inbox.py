"""The inbox as values: queues of comments, filters, lines, and what is known of a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from aggregator.domain.conversations.comments import CommentId, State, ThreadId
from aggregator.domain.sources import SourceId
from aggregator.translations import N_


class Queue(StrEnum):
    """The queues, in the order in which they are shown."""

    WAITING = "waiting"
    OTHERS = "others"
    SENT = "sent"
    ANSWERED = "answered"
    HANDLED = "handled"
    SNOOZED = "snoozed"
    PINGBACKS = "pingbacks"
    HIDDEN = "hidden"


QUEUE_WORDS: Final[Mapping[Queue, str]] = {
    Queue.WAITING: N_("To answer"),
    Queue.OTHERS: N_("I wait for an answer"),
    Queue.SENT: N_("Sent, to be confirmed"),
    Queue.ANSWERED: N_("Answered"),
    Queue.HANDLED: N_("Filed away"),
    Queue.SNOOZED: N_("Put off"),
    Queue.PINGBACKS: N_("Pingbacks"),
    Queue.HIDDEN: N_("Hidden"),
}
OLDEST_FIRST: Final = frozenset({Queue.WAITING})


class Age(StrEnum):
    """Which comments by their age; LATE are those older than one promises to answer within."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What of a queue is wanted; None, or False, means: whatever it is."""

    source_id: SourceId | None = None
    thread_id: ThreadId | None = None
    age: Age | None = None
    label: str | None = None
    assigned_to: str | None = None
    question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The moments between which comments are wanted: `begin` is within it, `end` is not."""

    begin: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A comment as a line of a queue. `excerpt` are the first 300 letters of its text."""

    id: CommentId
    thread_id: ThreadId
    author: str
    published_at: datetime
    state: State
    excerpt: str
    thread_title: str
    source_id: SourceId
    source_name: str
    source_icon: str | None
    starred: bool
    suspect: bool
    has_draft: bool
    has_note: bool
    asks: bool
    assigned_to: str | None
    filed_why: str | None
    sent_at: datetime | None
    snoozed_until: datetime | None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many comments are in a queue, and of when the oldest is; None where nobody asks."""

    number: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the filters offer: sources that have comments, labels, names used before."""

    sources: tuple[tuple[SourceId, str], ...]
    labels: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Something that a person wrote here before, and what I answered."""

    comment_id: CommentId
    thread_id: ThreadId
    title: str
    text: str
    published_at: datetime
    state: State
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """What is known of who wrote a comment: by name and site, within what is stored.

    `others` are other names signed with the same site. `exchanges` are the last ones, without
    the comment at hand.
    """

    name: str
    site: str | None
    others: tuple[str, ...]
    count: int
    first_at: datetime
    last_at: datetime
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A saved phrase, to begin or to end an answer with."""

    id: int
    text: str
