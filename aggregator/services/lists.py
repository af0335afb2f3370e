"""Lists to work through: read piece by piece, marked read in one stroke."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from aggregator.domain.boards import Act, Acted
from aggregator.domain.items import EntryId, EntryRow
from aggregator.domain.lists import (
    AGES,
    Age,
    EntryList,
    Order,
    Place,
    Scope,
    Tree,
    TreeSource,
    Wanted,
    Within,
    comes_before,
    place_of,
    with_row,
)
from aggregator.domain.sources import PageTab
from aggregator.errors import NotFoundError
from aggregator.services.context import Context
from aggregator.storage import actions, lists, pages, reading
from aggregator.storage.conversations import searching as comments
from aggregator.storage.engine import Session
from aggregator.translations import N_

PIECE: Final = 50
"""Entries in a piece of a list."""

ABOVE: Final = 10
"""Lines above an entry at which a list begins."""

MOST_ANNOUNCED: Final = 99
"""New entries are counted no further."""


def tree(context: Context, open_page: str | None) -> Tree:
    """Show all one can read, with the sources of one page.

    Raises:
        NotFoundError: there is no such page.
    """
    with context.database.read() as session:
        tabs = _visible(session)
        page = None if open_page is None else _page(tabs, open_page)
        return Tree(
            pages=tabs,
            open_page=open_page,
            sources=() if page is None else lists.sources_of(session, page.id),
            kept=lists.count_kept(session) + comments.count_kept(session),
        )


def read_on(
    context: Context,
    wanted: Wanted,
    *,
    after: Place | None = None,
    holding: EntryId | None = None,
    excerpts: bool = False,
) -> EntryList:
    """Read a piece of a list: after a place, else from its top.

    An entry that the piece is to hold stands in it though it was read meanwhile; where it
    lies further down, the piece begins a few lines above it. An entry of another list is left out.

    Raises:
        NotFoundError: there is no such page, or no such source (any more).
    """
    with context.database.read() as session:
        found = _found(session, wanted.scope)
        rows = _piece(session, found, wanted, after, PIECE + 1)
        later = False
        held = None if holding is None else lists.row(session, found.within, holding)
        if held is not None and held.id not in {row.id for row in rows[:PIECE]}:
            later = len(rows) > PIECE and comes_before(rows[PIECE - 1], held, wanted.order)
            if later:
                rows = _around(session, found, wanted, held)
            else:
                rows = with_row(rows, held, wanted.order)
        shown = rows[:PIECE]
        if excerpts:
            shown = _with_excerpts(session, shown)
        return EntryList(
            wanted=wanted,
            page=found.page,
            source=found.source,
            rows=shown,
            next=place_of(shown[-1]) if len(rows) > PIECE else None,
            upto=reading.greatest_id(session),
            unread=found.unread,
            begins_later=later,
        )


def lines(
    context: Context, ids: Sequence[EntryId], *, excerpts: bool = False
) -> tuple[EntryRow, ...]:
    """Read lines again, in the order of their ids here; those that have gone are left out."""
    with context.database.read() as session:
        found = lists.lines(session, ids)
        rows = tuple(found[entry_id] for entry_id in ids if entry_id in found)
        return _with_excerpts(session, rows) if excerpts else rows


def unread(context: Context, scope: Scope) -> int:
    """Count what is unread in a list.

    Raises:
        NotFoundError: there is no such page, or no such source (any more).
    """
    with context.database.read() as session:
        return _found(session, scope).unread


def sources_of(context: Context, slug: str) -> tuple[TreeSource, ...]:
    """List the sources of a page.

    Raises:
        NotFoundError: there is no such page.
    """
    with context.database.read() as session:
        return lists.sources_of(session, _page(_visible(session), slug).id)


def count_new(context: Context, scope: Scope, *, since: EntryId) -> int:
    """Count what came into a list after the greatest id it knew, 99 at most.

    Raises:
        NotFoundError: there is no such page, or no such source (any more).
    """
    with context.database.read() as session:
        within = _found(session, scope).within
        return lists.count_new(session, within, since=since, most=MOST_ANNOUNCED)


def mark_all(context: Context, scope: Scope, *, upto: EntryId) -> Acted:
    """Mark a whole list read, up to the id one has seen.

    Raises:
        NotFoundError: there is no such page, or no such source (any more).
    """
    with context.database.write() as session:
        within = _found(session, scope).within
        return _remembered(session, context, lists.mark_read(session, within, upto=upto))


def mark_older(context: Context, scope: Scope, age: Age, *, upto: EntryId) -> Acted:
    """Mark read what a list has that is older than a day, a week or a month.

    Raises:
        NotFoundError: there is no such page, or no such source (any more).
    """
    moment = context.clock() - AGES[age]
    with context.database.write() as session:
        within = _found(session, scope).within
        changed = lists.mark_read(session, within, upto=upto, older_than=moment)
        return _remembered(session, context, changed)


def mark_down_to(context: Context, wanted: Wanted, entry_id: EntryId, *, upto: EntryId) -> Acted:
    """Mark read what stands in a list from its top down to an entry, this one included.

    Raises:
        NotFoundError: there is no such page, source or entry (any more).
    """
    with context.database.write() as session:
        within = _found(session, wanted.scope).within
        row = lists.row(session, within, entry_id)
        if row is None:
            raise NotFoundError(N_("There is no such entry."))
        here = (place_of(row), wanted.order)
        changed = lists.mark_read(session, within, upto=upto, down_to=here)
        return _remembered(session, context, changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a scope is of, found in the database."""

    within: Within
    unread: int
    page: PageTab | None = None
    source: TreeSource | None = None


def _found(session: Session, scope: Scope) -> _Found:
    tabs = _visible(session)
    if scope.source_id is not None:
        source = lists.source(session, scope.source_id)
        if source is None:
            raise NotFoundError(N_("This source is not followed (any more)."))
        return _Found(
            within=Within(source_id=source.id),
            unread=source.unread,
            page=_page(tabs, source.page_slug),
            source=source,
        )
    if scope.page_slug is not None:
        page = _page(tabs, scope.page_slug)
        return _Found(within=Within(page_id=page.id), unread=page.unread, page=page)
    return _Found(within=Within(kept=scope.kept), unread=sum(tab.unread for tab in tabs))


def _visible(session: Session) -> tuple[PageTab, ...]:
    return tuple(tab for tab in pages.tabs(session) if not tab.hidden)


def _page(tabs: Sequence[PageTab], slug: str) -> PageTab:
    page = next((tab for tab in tabs if tab.slug == slug), None)
    if page is None:
        raise NotFoundError(N_("There is no such page."))
    return page


def _piece(
    session: Session, found: _Found, wanted: Wanted, after: Place | None, most: int
) -> tuple[EntryRow, ...]:
    unread = found.unread if wanted.only_unread else None
    return lists.rows(session, found.within, wanted.order, unread=unread, after=after, most=most)


def _around(
    session: Session, found: _Found, wanted: Wanted, held: EntryRow
) -> tuple[EntryRow, ...]:
    """Read on at an entry, with a few lines above it, so that one sees where one is."""
    above: tuple[EntryRow, ...] = ()
    if wanted.order is not Order.ONE_PER_SOURCE:
        backwards = Order.NEWEST if wanted.order is Order.OLDEST else Order.OLDEST
        way_back = replace(wanted, order=backwards)
        above = _piece(session, found, way_back, place_of(held), ABOVE)
    below = _piece(session, found, wanted, place_of(held), PIECE - len(above))
    return (*reversed(above), held, *below)


def _with_excerpts(session: Session, rows: tuple[EntryRow, ...]) -> tuple[EntryRow, ...]:
    texts = lists.excerpts(session, rows)
    return tuple(replace(row, excerpt=texts.get(row.id)) for row in rows)


def _remembered(session: Session, context: Context, changed: Sequence[EntryId]) -> Acted:
    action_id = actions.remember(session, Act.READ, changed, now=context.clock())
    return Acted(action_id=action_id, act=Act.READ, count=len(changed))
