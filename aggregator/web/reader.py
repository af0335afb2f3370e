"""The reader: the tree of all one can read, a list of entries, and the one that is open.

One address says it all: what the list is of, which entries and in which order, where it goes on
(`before`), which entry is open (`entry`) or only selected (`at`). Asked by htmx, an address with
`entry` gives the panel, one with `before` the next piece of the list, any other the list.
"""

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.boards import Act
from aggregator.domain.items import EntryId
from aggregator.domain.lists import (
    Age,
    EntryList,
    Order,
    Place,
    Scope,
    Show,
    Tree,
    Wanted,
    read_place,
    write_place,
    write_wanted,
)
from aggregator.domain.sources import SourceId
from aggregator.errors import NotFoundError
from aggregator.services import lists, reading, searching
from aggregator.translations import N_
from aggregator.web import articles, hx, toast
from aggregator.web.choices import choice
from aggregator.web.current import context
from aggregator.web.frame import screen
from aggregator.web.numbers import read_id
from aggregator.web.wording import gettext

screens: Final = Blueprint("reader", __name__)

ORDERS: Final = {
    Order.NEWEST: N_("Newest first"),
    Order.OLDEST: N_("Oldest first"),
    Order.ONE_PER_SOURCE: N_("One per source"),
}
OLDER: Final = {
    Age.DAY: N_("Mark as read what is older than a day"),
    Age.WEEK: N_("Mark as read what is older than a week"),
    Age.MONTH: N_("Mark as read what is older than a month"),
}
MOST_SCROLLED: Final = 500


@screens.get("/read")
def everything() -> ResponseReturnValue:
    """Show all one follows as one list."""
    return _show(Scope())


@screens.get("/read/page/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """Show a page of the dashboard as a list."""
    return _show(Scope(page_slug=slug))


@screens.get("/read/source/<int:source_id>")
def source(source_id: int) -> ResponseReturnValue:
    """Show a source as a list."""
    return _show(Scope(source_id=SourceId(source_id)))


@screens.get("/read/kept")
def kept() -> ResponseReturnValue:
    """Show what is kept for later, read or not."""
    return _show(Scope(kept=True))


@screens.get("/read/page/<slug>/sources")
def leaves(slug: str) -> ResponseReturnValue:
    """Show the sources of a page in the tree, where it was folded."""
    return hx.part("reader/_leaves.html", slug=slug, leaves=lists.sources_of(context(), slug))


@screens.post("/read/mark")
def mark_everything() -> ResponseReturnValue:
    """Mark entries of the list of everything as read."""
    return _mark(Scope())


@screens.post("/read/page/<slug>/mark")
def mark_page(slug: str) -> ResponseReturnValue:
    """Mark entries of a page as read."""
    return _mark(Scope(page_slug=slug))


@screens.post("/read/source/<int:source_id>/mark")
def mark_source(source_id: int) -> ResponseReturnValue:
    """Mark entries of a source as read."""
    return _mark(Scope(source_id=SourceId(source_id)))


@screens.post("/read/kept/mark")
def mark_kept() -> ResponseReturnValue:
    """Mark kept entries as read."""
    return _mark(Scope(kept=True))


def _show(scope: Scope) -> ResponseReturnValue:
    wanted = _wanted(scope)
    opened, at = _entry("entry"), _entry("at")
    if opened is not None and hx.wants_part():
        return hx.part("entries/_panel.html", **_panel(wanted, opened))
    before = _place()
    found = lists.read_on(
        context(),
        wanted,
        after=before,
        holding=None if before else opened or at,
        excerpts=choice("excerpts") == "on",
    )
    values = list_values(found)
    if hx.wants_part():
        return hx.part("reader/_list.html" if before is None else "reader/_piece.html", **values)
    tree = lists.tree(context(), found.page.slug if found.page else None)
    shown: dict[str, Any] = {} if opened is None else _panel(wanted, opened)
    return screen(
        "reader/index.html",
        tabs=tree.pages,
        tree=tree,
        tree_seen=hx.seen(tree_counts(tree, found.unread)),
        selected=opened or at,
        switch_to=url_for("pages.page", slug=found.page.slug) if found.page else None,
        **{**values, **shown},
    )


def list_values(found: EntryList) -> dict[str, Any]:
    """Give what the templates of a list need."""
    wanted = found.wanted
    kept = searching.kept_comments(context()) if wanted.scope.kept else ((), 0)
    return {
        "list": found,
        "list_name": _name(found),
        "kept_comments": kept[0],
        "kept_count": kept[1],
        "list_key": write_wanted(wanted),
        "list_address": address(wanted),
        "open_base": open_base(wanted),
        "next_address": address(wanted, before=write_place(found.next)) if found.next else None,
        "shows": [(show, address(replace(wanted, show=show))) for show in Show],
        "orders": [
            (order, words, address(replace(wanted, order=order)))
            for order, words in ORDERS.items()
        ],
        "ages": OLDER,
        "mark_address": _mark_address(wanted.scope),
    }


def _name(found: EntryList) -> str:
    if found.source is not None:
        return found.source.name
    if found.page is not None:
        return found.page.name
    return gettext("Kept for later") if found.wanted.scope.kept else gettext("Everything")


def open_base(wanted: Wanted) -> str:
    """Write the address of an open entry in a list, but for its id at the end."""
    own = address(wanted)
    return f"{own}{'&' if '?' in own else '?'}entry="


def tree_counts(tree: Tree, unread: int) -> dict[str, int]:
    """Give the counts beside the tree and the list, each under the id of its element."""
    pages = {f"count-page-{page.id}": page.unread for page in tree.pages}
    return {"count-all": tree.unread, "count-kept": tree.kept, "count-list": unread, **pages}


def address(wanted: Wanted, **more: str | int) -> str:
    """Write the address of a list; what nobody chose is left out of it."""
    scope = wanted.scope
    query: dict[str, Any] = {}
    if wanted.show is not Show.UNREAD:
        query["show"] = wanted.show.value
    if wanted.order is not Order.NEWEST:
        query["order"] = wanted.order.value
    query.update(more)
    if scope.source_id is not None:
        return url_for("reader.source", source_id=scope.source_id, **query)
    if scope.page_slug is not None:
        return url_for("reader.page", slug=scope.page_slug, **query)
    return url_for("reader.kept" if scope.kept else "reader.everything", **query)


def _mark_address(scope: Scope) -> str:
    return address(Wanted(scope=scope)) + "/mark"


def _panel(wanted: Wanted, opened: EntryId) -> dict[str, Any]:
    article = reading.article(context(), opened)

    def address_of(entry_id: EntryId) -> str:
        return address(wanted, entry=entry_id)

    return articles.panel(article, back=address(wanted), address_of=address_of)


def _mark(scope: Scope) -> ResponseReturnValue:
    """Mark read: down to an entry, or what is older than an age, or all that was known."""
    wanted = _wanted(scope)
    upto = EntryId(read_id(request.form.get("upto")) or 0)
    if "to" in request.form:
        entry_id = read_id(request.form["to"])
        if entry_id is None:
            abort(400)
        acted = lists.mark_down_to(context(), wanted, EntryId(entry_id), upto=upto)
    elif "older" in request.form:
        try:
            age = Age(request.form["older"])
        except ValueError:
            abort(400)
        acted = lists.mark_older(context(), scope, age, upto=upto)
    else:
        acted = lists.mark_all(context(), scope, upto=upto)
    return toast.after(toast.done(acted), hx.CHANGED, back=address(wanted))


@screens.post("/entries/read")
def mark_scrolled() -> ResponseReturnValue:
    """Mark several entries as read: those that were scrolled past, as one act."""
    ids = [read_id(each) for each in request.form.getlist("id")[:MOST_SCROLLED]]
    if not ids or None in ids:
        abort(400)
    acted = reading.act(context(), Act.READ, [EntryId(each) for each in ids if each is not None])
    return toast.after(toast.done(acted), hx.CHANGED, back=url_for(".everything"))


def _wanted(scope: Scope) -> Wanted:
    try:
        show = Show(request.values.get("show", Show.UNREAD))
        order = Order(request.values.get("order", Order.NEWEST))
    except ValueError:
        abort(400)
    return Wanted(scope=scope, show=show, order=order)


def _entry(name: str) -> EntryId | None:
    text = request.args.get(name)
    if not text:
        return None
    number = read_id(text)
    if number is None:
        raise NotFoundError(N_("There is no such entry."))
    return EntryId(number)


def _place() -> Place | None:
    text = request.args.get("before")
    if text is None:
        return None
    place = read_place(text)
    if place is None:
        abort(400)
    return place
