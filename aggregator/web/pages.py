"""The dashboard: a page of feeds.yaml with its boxes."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.boards import Board
from aggregator.domain.items import EntryId
from aggregator.errors import NotFoundError
from aggregator.services import reading
from aggregator.web import boxes, following, hx, toast
from aggregator.web.current import context
from aggregator.web.frame import screen
from aggregator.web.live import Asked, changed
from aggregator.web.numbers import read_id

screens: Final = Blueprint("pages", __name__)


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
        return following.welcome()
    board = reading.board(context(), slug)
    return screen(
        "pages/index.html",
        here=board.page.slug,
        tabs=tabs,
        columns=boxes.arrange(board.boxes, board.page.columns),
        **head_of(board),
        **values,
    )


def head_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the head of a page again where its count has changed."""
    for part in asked:
        with suppress(NotFoundError):  # a page that left feeds.yaml while it was looked at
            values = head_of(reading.board(context(), part.argument, rows=1))
            yield changed(part, values["head_seen"], "pages/_head.html", **values)


@screens.post("/pages/<slug>/read")
def mark_read(slug: str) -> ResponseReturnValue:
    """Mark all that the page showed as read."""
    acted = reading.mark_all_read(context(), upto=upto(), page_slug=slug)
    back = url_for(".page", slug=slug)
    return toast.after(toast.done(acted), hx.CHANGED, back=back)


def upto() -> EntryId:
    """Read the greatest entry that the form showed."""
    return EntryId(read_id(request.form.get("upto")) or 0)


def head_of(board: Board) -> dict[str, Any]:
    """Give what the head of a page shows."""
    unread = sum(box.source.unread for box in board.boxes)
    seen = hx.seen(unread, board.upto, board.page.name)
    return {"board": board, "unread": unread, "head_seen": seen}
