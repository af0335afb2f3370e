"""Conversations as a list takes them out."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.conversations.comments import (
    CommentId,
    Kind,
    Mine,
    Pairing,
    State,
    ThreadId,
)
from aggregator.domain.conversations.metrics import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedComment:
    """A comment of a list; `parent_id` and `answered_by` name others of the same list, or None."""

    id: CommentId
    key: str
    author: str
    author_url: str | None
    published_at: datetime
    parent_id: CommentId | None
    kind: Kind
    mine: Mine | None
    state: State
    answered_by: CommentId | None
    pairing: Pairing | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedThread:
    """A thread of a list, with those of its comments that were asked for, oldest first."""

    id: ThreadId
    url: str | None
    title: str
    source_name: str
    comments: tuple[ListedComment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    """A list of threads, the one spoken in last first, and the figures of what was received."""

    metrics: Metrics
    threads: tuple[ListedThread, ...]
