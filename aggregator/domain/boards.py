"""The dashboard as values: a page of boxes, and acts that can be undone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from aggregator.domain.conversations.acts import CommentAct
from aggregator.domain.conversations.widgets import Widget
from aggregator.domain.items import EntryId, EntryRow
from aggregator.domain.sources import PageTab, SourceHealth

ActionId = NewType("ActionId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A source on a page, with its latest entries, newest first.

    `upto` is the greatest entry id it may show: "all read" goes no further, and `news`
    counts the unread entries that came after it.
    """

    source: SourceHealth
    rows: tuple[EntryRow, ...]
    upto: EntryId
    news: int = 0

    @property
    def beyond(self) -> int:
        """Count the unread entries that are older than its lines."""
        return max(self.source.unread - self.news - sum(not row.read for row in self.rows), 0)


def is_quiet(box: Box) -> bool:
    """Tell whether a box may shrink: all is read, and its source wants no attention."""
    return (
        not box.source.unread
        and box.source.last_success_at is not None
        and (box.source.fault is None or box.source.paused)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A page. `upto` is the greatest entry id it may show: "all read" goes no further.

    `widgets` are its boxes that are no source; `lacks_answers`: that of the comments to
    answer was taken off.
    """

    page: PageTab
    boxes: tuple[Box, ...]
    upto: EntryId
    widgets: tuple[Widget, ...] = ()
    lacks_answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardNews:
    """How many unread entries have come to a page since it was shown."""

    page: PageTab
    news: int


class Act(StrEnum):
    """What one can do to entries."""

    READ = "read"
    UNREAD = "unread"
    STAR = "star"
    UNSTAR = "unstar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """An act that was done: how many entries or comments it changed, and the id that undoes it.

    `action_id` is None where nothing changed, so that there is nothing to undo.
    """

    action_id: ActionId | None
    act: Act | CommentAct
    count: int
