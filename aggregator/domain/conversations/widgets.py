"""Boxes of a page that are no source: the comments to answer, and one conversation."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.conversations.comments import CommentId, Mine, Thread, ThreadId
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId

ANSWERS = "answers"
"""The kind of the box of comments to answer; it is also its key on a page."""

THREAD = "thread"
"""The kind of the box of a conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAnswer:
    """A comment that waits, as a line: where it was written, the beginning of its words."""

    id: CommentId
    thread_id: ThreadId
    entry_id: EntryId | None
    source_id: SourceId
    title: str
    author: str
    words: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment of a conversation in a box: the beginning of its words; `is_reply` stands in."""

    id: CommentId
    author: str
    mine: Mine | None
    words: str
    published_at: datetime
    is_reply: bool
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersBox:
    """The comments to answer, those that have waited longest first; `count` is of all."""

    rows: tuple[ToAnswer, ...]
    count: int

    @property
    def key(self) -> str:
        """Name it on its page."""
        return ANSWERS

    @property
    def is_quiet(self) -> bool:
        """Tell whether it may shrink: nothing waits."""
        return not self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadBox:
    """One conversation with its latest comments, in the order in which they were written."""

    thread: Thread
    latest: tuple[Remark, ...]
    new: int

    @property
    def key(self) -> str:
        """Name it on its page."""
        return f"{THREAD}-{self.thread.id}"

    @property
    def is_quiet(self) -> bool:
        """Tell whether it may shrink: nothing is new in it, and nothing waits."""
        return not (self.new or self.thread.waiting_count)


Widget = AnswersBox | ThreadBox


def read_key(key: str) -> tuple[str, ThreadId | None] | None:
    """Read which box of a page a key names, as (kind, thread); None where it names none."""
    if key == ANSWERS:
        return ANSWERS, None
    kind, _, number = key.partition("-")
    if kind != THREAD or not (number.isascii() and number.isdecimal()) or len(number) > _LONGEST:
        return None
    return THREAD, ThreadId(int(number))


_LONGEST = 15
