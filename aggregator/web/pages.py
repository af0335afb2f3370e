"""The dashboard: a page of feeds.yaml with its boxes."""

from contextlib import suppress
from typing import Any, Final

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.boards import Board
from aggregator.domain.items import Article, EntryId
from aggregator.domain.sources import PageTab, SourceId
from aggregator.errors import NotFoundError
from aggregator.services import reading
from aggregator.web import following, hx, layouts, toast
from aggregator.web.choices import choice
from aggregator.web.current import context
from aggregator.web.frame import screen
from aggregator.web.live import instead
from aggregator.web.numbers import read_id

screens: Final = Blueprint("pages", __name__)


@screens.get("/")
def first() -> ResponseReturnValue:
    """Show the first page, or that of the entry `at`; without a follow list, how to make one."""
    at = read_id(request.args.get("at"))
    with suppress(NotFoundError):
        return show(page_of(reading.article(context(), EntryId(at))) if at else None)
    return show(None)


@screens.get("/pages/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """Show one page."""
    return show(slug)


def show(slug: str | None, **values: Any) -> ResponseReturnValue:
    """Show a page (None: the first), with the entry open beside it that `values` may hold.

    Where htmx asks, only the boxes with what is new in them. `open` names a box that is not
    to be folded, `at` an entry whose box is not; with `all`, no box is hidden.
    """
    tabs = reading.tabs(context())
    if slug is None and not tabs:
        return following.welcome()
    board = reading.board(context(), slug, excerpts=choice("excerpts") == "on", known=tabs)
    at = _entry_at(values.get("article"))
    shown = layouts.laid_out(board, choice("quiet_boxes"), wanted=_wanted(), at=at)
    head = head_values(board.page, board.upto, 0)
    if hx.wants_part() and not values:
        answer = hx.part("pages/_board.html", layout=shown, **head)
        answer.set_data(answer.get_data(as_text=True) + instead("pages/_head.html", **head))
        return answer
    switch_to = url_for("reader.page", slug=board.page.slug)
    return screen(
        "pages/index.html",
        here=board.page.slug,
        tabs=tabs,
        layout=shown,
        at=at,
        at_box=_box_of(at, board),
        switch_to=switch_to,
        **head,
        **values,
    )


def page_of(article: Article) -> str | None:
    """Tell the page an entry stands on; None where that page is hidden."""
    slugs = {tab.slug for tab in reading.tabs(context())}
    return article.page_slug if article.page_slug in slugs else None


def _entry_at(article: Article | None) -> EntryId | None:
    at = read_id(request.args.get("at"))
    return EntryId(at) if at else article.row.id if article else None


def _box_of(at: EntryId | None, board: Board) -> SourceId | None:
    """Tell the box of an entry that is too old to have a line in it."""
    if at is None or any(row.id == at for box in board.boxes for row in box.rows):
        return None
    with suppress(NotFoundError):
        return reading.article(context(), at).row.source_id
    return None


def _wanted() -> layouts.Wanted:
    named = request.args.getlist("open")
    return layouts.Wanted(
        opened=frozenset(SourceId(each) for each in map(read_id, named) if each),
        widgets=frozenset(named),
        all="all" in request.args,
    )


@screens.post("/pages/<slug>/read")
def mark_read(slug: str) -> ResponseReturnValue:
    """Mark all that the page showed as read."""
    acted = reading.mark_all_read(context(), upto=upto(), page_slug=slug)
    back = url_for(".page", slug=slug)
    return toast.after(toast.done(acted), hx.CHANGED, back=back)


def upto() -> EntryId:
    """Read the greatest entry that the form showed."""
    return EntryId(read_id(request.form.get("upto")) or 0)


def head_values(page: PageTab, upto: EntryId, news: int) -> dict[str, Any]:
    """Give what the head of a page shows; `upto` is the greatest id that its boxes may show."""
    seen = hx.seen(page.unread, page.name, news)
    return {"page": page, "upto": upto, "news": news, "head_seen": seen}
