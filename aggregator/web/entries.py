"""An entry opened, and the acts on it.

Reading never happens by GET. The panel holds a form that JavaScript sends when the panel
appears; without JavaScript the same panel has a button "Mark as read".
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.boards import Act, ActionId
from aggregator.domain.items import Article, EntryId
from aggregator.errors import NotFoundError
from aggregator.services import reading, undoing
from aggregator.translations import N_
from aggregator.web import articles, hx, pages, toast
from aggregator.web.boxes import token
from aggregator.web.current import context
from aggregator.web.live import Asked, changed
from aggregator.web.numbers import read_id
from aggregator.web.wording import gettext

screens: Final = Blueprint("entries", __name__)


@screens.get("/entries/<int:entry_id>")
def entry(entry_id: int) -> ResponseReturnValue:
    """Open an entry: the panel, or the board with its panel open."""
    article = reading.article(context(), EntryId(entry_id))
    values = articles.panel(article, back=_place_of(article))
    if hx.wants_part():
        return hx.part("entries/_panel.html", **values)
    return pages.show(pages.page_of(article), **values)


def actions_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the buttons of an open entry again, after its state has changed."""
    for part in asked:
        with suppress(NotFoundError):
            article = reading.article(context(), EntryId(read_id(part.argument) or 0))
            shown = token((article.row.read, article.row.starred))
            yield changed(part, shown, "entries/_actions.html", article=article)


@screens.post("/entries/<int:entry_id>/<any(read, unread, star, unstar):act>")
def change(entry_id: int, act: str) -> ResponseReturnValue:
    """Mark, unmark, keep or let go of an entry; `quiet` (opened just now) says nothing of it.

    `opened` comes from the panel without JavaScript, where one has read it.
    """
    article = reading.article(context(), EntryId(entry_id))
    quiet = hx.wants_part() and "quiet" in request.form
    opened = quiet or "opened" in request.form
    acted = reading.act(context(), Act(act), [article.row.id], undoable=not quiet, opened=opened)
    if quiet:
        return hx.quiet(hx.CHANGED)
    return toast.after(toast.done(acted), hx.CHANGED, back=_place_of(article))


@screens.post("/entries/<int:entry_id>/opened")
def opened(entry_id: int) -> ResponseReturnValue:
    """Note that an entry was opened, which was read before or is read at its source."""
    article = reading.article(context(), EntryId(entry_id))
    reading.note_opened(context(), article.row.id)
    return hx.quiet() if hx.wants_part() else redirect(_place_of(article), 303)


def _place_of(article: Article) -> str:
    """Find where on the dashboard an entry stands."""
    slug = pages.page_of(article)
    if slug is None:
        return url_for("pages.first")
    return url_for("pages.page", slug=slug, _anchor=f"entry-{article.row.id}")


@screens.post("/undo/<int:action_id>")
def undo(action_id: int) -> ResponseReturnValue:
    """Take an act back."""
    return _undone(ActionId(action_id))


@screens.post("/undo")
def undo_last() -> ResponseReturnValue:
    """Take the last act back, one of the last ten."""
    return _undone(None)


def _undone(action_id: ActionId | None) -> ResponseReturnValue:
    """Say what was undone, or that nothing was: to press `z` once too often is no failure."""
    try:
        said = toast.undone(undoing.undo(context(), action_id))
    except NotFoundError as error:
        if action_id is not None and not hx.wants_part():
            raise
        said = toast.Toast(text=gettext(str(error)))
    return toast.after(said, hx.UNDONE, back=url_for("pages.first"))


@screens.get("/entries/<int:entry_id>/<any(original, comments):where>")
def at_source(entry_id: int, where: str) -> ResponseReturnValue:
    """Go to an entry at its source, or to its comments there."""
    article = reading.article(context(), EntryId(entry_id))
    address = article.row.url if where == "original" else article.comments_url
    if address is None:
        raise NotFoundError(N_("This entry names no such address."))
    return redirect(address)
