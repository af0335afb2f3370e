"""Boxes of a page laid out: in which column, which of the quiet ones are folded or hidden."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from aggregator.domain.boards import Board, Box, is_quiet
from aggregator.domain.conversations.widgets import AnswersBox, ThreadBox, Widget
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.web.boxes import WAITING_ROWS, waits

HEAD_OF_A_BOX: Final = 2
LEAST_ROWS: Final = 3
"""What a box is high beside its rows, and at least, counted in rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one asks of quiet boxes: which are not to be folded, and whether all are shown.

    `widgets` are the keys of those that are no source.
    """

    opened: frozenset[SourceId] = frozenset()
    widgets: frozenset[str] = frozenset()
    all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The boxes of a page in their columns: which of them are folded, how many are hidden."""

    board: Board
    columns: list[list[Box | Widget]]
    folded: frozenset[SourceId]
    folded_widgets: frozenset[str]
    hidden: int


def laid_out(board: Board, quiet_boxes: str, *, wanted: Wanted, at: EntryId | None) -> Layout:
    """Lay out the boxes of a page, the quiet ones as is chosen: show, fold or hide.

    The box of the entry one is `at` is never folded or hidden.
    """
    quiet: set[SourceId] = set()
    if quiet_boxes != "show":
        quiet = {
            box.source.id
            for box in board.boxes
            if is_quiet(box)
            and box.source.id not in wanted.opened
            and not any(row.id == at for row in box.rows)
        }
    quiet_widgets: set[str] = set()
    if quiet_boxes != "show":
        quiet_widgets = {
            each.key for each in board.widgets if each.is_quiet and each.key not in wanted.widgets
        }
    hides = quiet_boxes == "hide" and not wanted.all
    ordered = placed(board)
    shown = [
        box
        for box in ordered
        if not hides
        or (box.source.id not in quiet if isinstance(box, Box) else box.key not in quiet_widgets)
    ]
    folds = quiet_boxes == "fold"
    folded = frozenset(quiet if folds else ())
    folded_widgets = frozenset(quiet_widgets if folds else ())
    return Layout(
        board=board,
        columns=arrange(shown, board.page.columns, folded=folded | folded_widgets),
        folded=folded,
        folded_widgets=folded_widgets,
        hidden=len(ordered) - len(shown),
    )


def placed(board: Board) -> list[Box | Widget]:
    """Put the boxes of a page in their order.

    The comments to answer come first, a conversation after the box of its source, or last.
    """
    ordered: list[Box | Widget] = [*board.boxes]
    for each in board.widgets:
        at = next(
            (
                place + 1
                for place, box in enumerate(ordered)
                if isinstance(box, Box)
                and isinstance(each, ThreadBox)
                and box.source.id == each.thread.source_id
            ),
            len(ordered) if isinstance(each, ThreadBox) else 0,
        )
        ordered.insert(at, each)
    return ordered


def arrange(
    boxes: Sequence[Box | Widget],
    columns: int,
    *,
    folded: AbstractSet[SourceId | str] = frozenset(),
) -> list[list[Box | Widget]]:
    """Put boxes into columns of about one height, so that their order runs down a column."""
    heights = [
        _height(box, folded=(box.source.id if isinstance(box, Box) else box.key) in folded)
        for box in boxes
    ]
    limit = max([*heights, -(-sum(heights) // columns)], default=0)
    while len(filled := _fill(boxes, heights, limit)) > columns:
        limit += 1
    return filled


def _height(box: Box | Widget, *, folded: bool) -> int:
    if folded:
        return HEAD_OF_A_BOX
    if isinstance(box, ThreadBox):
        return HEAD_OF_A_BOX + LEAST_ROWS * max(len(box.latest), 1)
    if isinstance(box, AnswersBox):
        return HEAD_OF_A_BOX + max(len(box.rows) + 1, LEAST_ROWS)
    rows = WAITING_ROWS if waits(box) else max(len(box.rows), LEAST_ROWS)
    return HEAD_OF_A_BOX + rows


def _fill(
    boxes: Sequence[Box | Widget], heights: Sequence[int], limit: int
) -> list[list[Box | Widget]]:
    columns: list[list[Box | Widget]] = []
    height = limit
    for box, own in zip(boxes, heights, strict=True):
        if height + own > limit:
            columns.append([])
            height = 0
        columns[-1].append(box)
        height += own
    return columns
