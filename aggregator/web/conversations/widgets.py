"""Boxes of a page that are no source: kept fresh, put on a page, taken off again."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from flask import Blueprint, Flask, abort, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.conversations.widgets import AnswersBox, Widget
from aggregator.errors import NotFoundError
from aggregator.services import reading
from aggregator.services.conversations import widgets
from aggregator.translations import N_
from aggregator.web import hx, toast
from aggregator.web.current import context, now
from aggregator.web.live import Asked, gone, instead
from aggregator.web.wording import ago, duration, gettext

screens: Final = Blueprint("widgets", __name__)

PLACED: Final = "placed"
"""Event: a page has other boxes; threads.js has the board shown again."""


def furnish(app: Flask) -> None:
    """Give the templates of widgets what they need."""
    app.jinja_env.filters["widget_token"] = token


def token(widget: Widget) -> str:
    """Make the token of what a box shows, ages in words included."""
    if isinstance(widget, AnswersBox):
        ages = [duration(now() - row.published_at) for row in widget.rows]
        return hx.seen(widget.count, [row.id for row in widget.rows], ages)
    ages = [ago(remark.published_at) for remark in widget.latest]
    return hx.seen(
        widget.thread.title, widget.new, widget.thread.comment_count, widget.latest, ages
    )


@screens.get("/pages/<slug>/widgets/<key>")
def show(slug: str, key: str) -> ResponseReturnValue:
    """Show a box, unfolded."""
    page = next((tab for tab in reading.tabs(context()) if tab.slug == slug), None)
    found = widgets.again(context(), [key]).get(key)
    if page is None or found is None:
        raise NotFoundError(N_("There is no such box."))
    return hx.part("conversations/_widget.html", widget=found, page=page, folded=False)


@screens.post("/pages/<slug>/widgets/<key>/<any(show, hide):act>")
def place(slug: str, key: str, act: str) -> ResponseReturnValue:
    """Put a box on a page, or take it off."""
    return _placed(slug, key, shown=act == "show")


@screens.post("/threads/<int:thread_id>/page")
def place_thread(thread_id: int) -> ResponseReturnValue:
    """Show a conversation on the page that the form names, or no longer."""
    name = "show" if "show" in request.form else "hide"
    slug = request.form.get(name)
    if not slug:
        abort(400)
    return _placed(slug, f"thread-{thread_id}", shown=name == "show")


def _placed(slug: str, key: str, *, shown: bool) -> ResponseReturnValue:
    changed = widgets.place(context(), slug, key, shown=shown)
    page = next((tab.name for tab in reading.tabs(context()) if tab.slug == slug), slug)
    if not changed:
        said = toast.Toast(text=gettext("Nothing had to be changed."))
    else:
        words = N_("Shown on “%(page)s”.") if shown else N_("Taken off “%(page)s”.")
        opposite = url_for(".place", slug=slug, key=key, act="hide" if shown else "show")
        said = toast.Toast(text=gettext(words, page=page), undo_path=opposite)
    return toast.after(said, PLACED, back=url_for("pages.page", slug=slug))


def widgets_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show boxes again that have changed; one whose conversation has gone goes too."""
    named = [(part, *_read(part)) for part in asked]
    found = widgets.again(context(), [key for _, _, key, _ in named])
    pages: dict[str, Any] = {tab.slug: tab for tab in reading.tabs(context())}
    for part, slug, key, folded in named:
        widget = found.get(key)
        if widget is None or slug not in pages:
            yield gone(f"widget-{key}")
        elif token(widget) != part.token:
            values = {"widget": widget, "page": pages[slug], "folded": folded}
            yield instead("conversations/_widget.html", **values)


def _read(part: Asked) -> tuple[str, str, bool]:
    slug, _, rest = part.argument.partition("@")
    key, _, folded = rest.partition("@")
    return slug, key, folded == "f"
