"""The dashboard: a page of feeds.yaml with its boxes."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.boards import Board, Box
from aggregator.domain.items import EntryId
from aggregator.services import reading
from aggregator.web import hx, toast
from aggregator.web.current import context
from aggregator.web.frame import minute, screen

screens: Final = Blueprint("pages", __name__)

HEAD_OF_A_BOX: Final = 2
LEAST_ROWS: Final = 3
"""What a box is high beside its rows, and at least, counted in rows."""


@screens.get("/")
def first() -> ResponseReturnValue:
    """Show the first page; without a follow list, how to make one."""
    return show(None)


@screens.get("/pages/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """Show one page."""
    return show(slug)


def show(slug: str | None, **values: Any) -> ResponseReturnValue:
    """Show a page (None: the first), with the entry open beside it that `values` may hold."""
    tabs = reading.tabs(context())
    if slug is None and not tabs:
        return screen("pages/welcome.html", tabs=tabs, **values)
    board = reading.board(context(), slug)
    return screen(
        "pages/index.html",
        here=board.page.slug,
        tabs=tabs,
        columns=arrange(board.boxes, board.page.columns),
        box_seen=box_seen,
        **head_of(board),
        **values,
    )


@screens.get("/pages/<slug>/head")
def head(slug: str) -> ResponseReturnValue:
    """Show the head of a page again where its count has changed."""
    values = head_of(reading.board(context(), slug, rows=1))
    return (
        hx.unchanged()
        if hx.has_seen(values["head_seen"])
        else hx.part("pages/_head.html", **values)
    )


@screens.post("/pages/<slug>/read")
def mark_read(slug: str) -> ResponseReturnValue:
    """Mark all that the page showed as read."""
    acted = reading.mark_all_read(context(), upto=upto(), page_slug=slug)
    back = url_for(".page", slug=slug)
    return toast.after(toast.done(acted), hx.CHANGED, hx.ALL_CHANGED, back=back)


def upto() -> EntryId:
    """Read the greatest entry that the form showed."""
    return EntryId(request.form.get("upto", type=int) or 0)


def head_of(board: Board) -> dict[str, Any]:
    """Give what the head of a page shows."""
    unread = sum(box.source.unread for box in board.boxes)
    seen = hx.seen(unread, board.upto, board.page.name)
    return {"board": board, "unread": unread, "head_seen": seen}


def box_seen(box: Box) -> str:
    """Make the token of what a box shows."""
    return hx.seen(box, minute())


def arrange(boxes: Sequence[Box], columns: int) -> list[list[Box]]:
    """Put boxes into columns of about one height, so that their order runs down a column."""
    heights = [HEAD_OF_A_BOX + max(len(box.rows), LEAST_ROWS) for box in boxes]
    limit = max([*heights, -(-sum(heights) // columns)], default=0)
    while len(filled := _fill(boxes, heights, limit)) > columns:
        limit += 1
    return filled


def _fill(boxes: Sequence[Box], heights: Sequence[int], limit: int) -> list[list[Box]]:
    columns: list[list[Box]] = []
    height = limit
    for box, own in zip(boxes, heights, strict=True):
        if height + own > limit:
            columns.append([])
            height = 0
        columns[-1].append(box)
        height += own
    return columns
