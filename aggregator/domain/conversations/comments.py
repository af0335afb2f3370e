"""Comments: as a document tells them, and as they are known once stored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from aggregator.domain.items import Author, EntryId
from aggregator.domain.sources import SourceId

CommentId = NewType("CommentId", int)
ThreadId = NewType("ThreadId", int)

ANONYMOUS: Final = "?"
"""The name of whoever leaves a comment without one; what shows it says it in words."""


class Kind(StrEnum):
    """What was left under an article; the values are the contract of `--json`."""

    COMMENT = "comment"
    PINGBACK = "pingback"


class Mine(StrEnum):
    """By what a comment was known to be mine."""

    EMAIL = "email"
    SITE = "site"
    AUTHOR = "author"
    NAME = "name"


class Pairing(StrEnum):
    """Who says what a comment answers: its platform, a rule, or a person."""

    DECLARED = "declared"
    DEDUCED = "deduced"
    MANUAL = "manual"


class State(StrEnum):
    """Where a comment stands; the values are the contract of `--json`."""

    WAITING = "waiting"
    SENT = "sent"
    ANSWERED = "answered"
    HANDLED = "handled"
    SNOOZED = "snoozed"
    HIDDEN = "hidden"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentItem:
    """One comment as its document tells it, made safe: what a poll hands to storage.

    `key` is what its platform calls it, unique in its source (relative ids stay as written).
    `in_reply_to` are keys or addresses of what it says it answers, the surest first: a
    comment, or the article itself, or empty; `in_words` where only its text says so. `about`
    are keys or addresses of its article, the surest first, without fragment. `by_author` is
    the platform's own mark of the article's author. `image` is the address of a portrait.
    `position` is its place on the page, from 0, None where the document is no page.
    `content_html` is sanitised, `text` the same as plain text. `fingerprint` tells edited
    from same: SHA-256, hex, of what a reader sees.
    """

    key: str
    kind: Kind = Kind.COMMENT
    url: str | None
    author: Author
    image: str | None = None
    by_author: bool = False
    published_at: datetime | None
    updated_at: datetime | None = None
    content_html: str
    text: str
    in_reply_to: tuple[str, ...] = ()
    in_words: bool = False
    about: tuple[str, ...] = ()
    about_title: str | None = None
    position: int | None = None
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsDocument:
    """One document of comments, read: a feed, or what an interface answers.

    `platform` is the module of `ingest.comments` that read it. `title` is the document's.
    `next_url` goes on where it is in pages (RFC 5005 rel=next, openSearch). `total` is the
    number of comments that it says there are. `whole` is True when it holds all there are of
    what was asked, so that a stored comment it does not name has vanished; where it is False
    only those newer than its oldest have. One that tells no `pingbacks` misses none either.
    """

    platform: str
    title: str | None
    items: tuple[CommentItem, ...]
    next_url: str | None = None
    total: int | None = None
    whole: bool = False
    pingbacks: bool = True
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A stored comment as a thread shows it. What it may contain is escaped or sanitised.

    `parent_id` and `answered_by` name comments of the same thread. `expects` tells that an
    answer is mine to give, given or not. `suspect`: signed with my name, by somebody else.
    `label_ids` are empty unless asked for. `draft` is an answer begun here.
    """

    id: CommentId
    key: str
    thread_id: ThreadId
    source_id: SourceId
    kind: Kind
    url: str | None
    author: str
    author_url: str | None
    author_image: str | None
    by_author: bool
    content_html: str
    text: str
    published_at: datetime
    first_seen_at: datetime
    edited_at: datetime | None
    vanished_at: datetime | None
    mine: Mine | None
    suspect: bool
    parent_id: CommentId | None
    pairing: Pairing | None
    answered_by: CommentId | None
    answered_at: datetime | None
    expects: bool
    state: State
    starred: bool
    sent_at: datetime | None
    closed_at: datetime | None
    filed_at: datetime | None
    filed_why: str | None
    snoozed_until: datetime | None
    assigned_to: str | None
    note: str | None
    draft: str | None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """An article's conversation, counted. `url` and `title` are the article's.

    `first_comment_at` is that of the first comment that is not mine.
    `seen_upto` is the greatest comment id that was there when one last looked.
    """

    id: ThreadId
    source_id: SourceId
    source_name: str
    source_url: str
    own: bool
    entry_id: EntryId | None
    url: str | None
    title: str
    published_at: datetime | None
    comment_count: int
    pingback_count: int
    waiting_count: int
    first_comment_at: datetime | None
    last_comment_at: datetime | None
    oldest_waiting_at: datetime | None
    seen_upto: int
    source_icon: str | None = None
