"""The dashboard as values: a page of boxes, and acts that can be undone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from aggregator.domain.items import EntryId, EntryRow
from aggregator.domain.sources import PageTab, SourceHealth

ActionId = NewType("ActionId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A source on a page, with its latest entries, newest first.

    `upto` is the greatest entry id there was when it was read: "all read" goes no further.
    """

    source: SourceHealth
    rows: tuple[EntryRow, ...]
    upto: EntryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A page. `upto` is the greatest entry id it may show: "all read" goes no further."""

    page: PageTab
    boxes: tuple[Box, ...]
    upto: EntryId


class Act(StrEnum):
    """What one can do to entries."""

    READ = "read"
    UNREAD = "unread"
    STAR = "star"
    UNSTAR = "unstar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """An act that was done: how many entries it changed, and the id that undoes it.

    `action_id` is None where nothing changed, so that there is nothing to undo.
    """

    action_id: ActionId | None
    act: Act
    count: int
