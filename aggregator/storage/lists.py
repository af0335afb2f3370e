"""Lists of entries as readers work through them: by places, never by counting from the top.

Each query walks along an index from a place on, so that the thousandth page costs what the
first does. Only listed sources of pages one sees are shown.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, false, func, select, true, tuple_

from aggregator.domain.boards import Act
from aggregator.domain.items import EntryId, EntryRow
from aggregator.domain.lists import Order, Place, TreeSource, Within
from aggregator.domain.sources import PageId, SourceId
from aggregator.storage import actions
from aggregator.storage.engine import Session
from aggregator.storage.reading import LINE, row_of
from aggregator.storage.tables import bodies, entries, pages, sources

FEW: Final = 1_000
"""So few unread are gathered source by source and put in order. Walked through in their order,
those of hidden pages, which nobody ever reads, would be walked through too, for nothing."""

_VISIBLE_PAGES: Final = select(pages.c.id).where(pages.c.listed, ~pages.c.hidden)
_VISIBLE: Final = sources.c.listed & sources.c.page_id.in_(_VISIBLE_PAGES)
_PAGE_OF_SOURCE: Final = sources.c.page_id + 0
"""Keeps SQLite from beginning with the sources, and putting all their entries in order."""
_NAME: Final = func.coalesce(sources.c.name, sources.c.title, sources.c.host)
_EXCERPT: Final = func.substr(bodies.c.text, 1, 300).label("excerpt")


def rows(
    session: Session,
    within: Within,
    order: Order,
    *,
    unread: int | None,
    after: Place | None,
    most: int,
) -> tuple[EntryRow, ...]:
    """Read a piece of a list: `most` entries after a place, or from the top.

    `unread` says that only unread entries are wanted, and how many there are; it decides
    which way is the shorter one. None means: read ones too.
    """
    if order is Order.ONE_PER_SOURCE:
        query = _one_per_source(within, only_unread=unread is not None)
    elif unread is not None and unread <= FEW and not within.kept:
        query = _gathered(within)
    else:
        query = _walked(within, only_unread=unread is not None)
    if after is not None:
        query = query.where(_beyond(after, order))
    query = query.order_by(*_direction(order)).limit(most)
    return tuple(row_of(row) for row in session.execute(query))


def row(session: Session, within: Within, entry_id: EntryId) -> EntryRow | None:
    """Read the line of one entry, if it belongs there."""
    found = session.execute(_walked(within, only_unread=False).where(entries.c.id == entry_id))
    line = found.first()
    return None if line is None else row_of(line)


def lines(session: Session, ids: Sequence[EntryId]) -> dict[EntryId, EntryRow]:
    """Read the lines of these entries, those that are still shown."""
    query = _walked(Within(), only_unread=False).where(entries.c.id.in_(ids))
    return {EntryId(line.id): row_of(line) for line in session.execute(query)}


def count_new(session: Session, within: Within, *, since: EntryId, most: int) -> int:
    """Count the unread entries stored after an id, `most` of them at most."""
    # Entered by the id: IS keeps SQLite from the indexes that hold all that is unread or kept.
    query = _LINES.with_only_columns(entries.c.id).where(
        entries.c.id > since,
        entries.c.read.is_(false()),
        sources.c.listed,
        _PAGE_OF_SOURCE.in_(_VISIBLE_PAGES),
    )
    if within.page_id is not None:
        query = query.where(_PAGE_OF_SOURCE == within.page_id)  # noqa: SIM300 - it is a column
    if within.source_id is not None:
        query = query.where(entries.c.source_id + 0 == within.source_id)
    if within.kept:
        query = query.where(entries.c.starred.is_(true()))
    query = query.limit(most)
    counted = select(func.count()).select_from(query.subquery())
    return session.execute(counted).scalar_one()


def excerpts(session: Session, found: Sequence[EntryRow]) -> dict[EntryId, str]:
    """Read the beginnings of the texts of entries."""
    query = select(bodies.c.entry_id, _EXCERPT).where(
        bodies.c.entry_id.in_([each.id for each in found])
    )
    return {EntryId(row[0]): row[1] for row in session.execute(query)}


def sources_of(session: Session, page_id: PageId) -> tuple[TreeSource, ...]:
    """List the sources of a page in the order of feeds.yaml, with their unread counts."""
    query = _LEAF.where(sources.c.page_id == page_id).order_by(sources.c.position)
    return tuple(_leaf(row) for row in session.execute(query))


def source(session: Session, source_id: SourceId) -> TreeSource | None:
    """Find a source on a page one sees."""
    row = session.execute(_LEAF.where(sources.c.id == source_id, _VISIBLE)).first()
    return None if row is None else _leaf(row)


def count_kept(session: Session) -> int:
    """Count what is kept and shown."""
    query = _walked(Within(kept=True), only_unread=False).with_only_columns(func.count())
    return session.execute(query).scalar_one()


def mark_read(
    session: Session,
    within: Within,
    *,
    upto: EntryId,
    down_to: tuple[Place, Order] | None = None,
    older_than: datetime | None = None,
) -> tuple[EntryId, ...]:
    """Mark read what is unread in a scope and known up to an id.

    `down_to` stops at a place of a list in its order, that place included; `older_than` is
    the moment before which entries must be published.
    """
    chosen = entries.c.id <= upto
    if within.source_id is not None:
        chosen &= entries.c.source_id == within.source_id
    elif within.page_id is not None:
        chosen &= entries.c.page_id == within.page_id
    if within.kept:
        chosen &= entries.c.starred
    if older_than is not None:
        chosen &= entries.c.published_at < older_than
    if down_to is not None:
        place, order = down_to
        chosen &= ~_beyond(place, order)
        if order is Order.ONE_PER_SOURCE:
            newest = _one_per_source(within, only_unread=True).with_only_columns(entries.c.id)
            chosen &= entries.c.id.in_(newest)
    chosen &= entries.c.source_id.in_(select(sources.c.id).where(_VISIBLE))
    return actions.change(session, Act.READ, chosen)


_LINES: Final = select(*LINE).select_from(
    entries.join(sources, sources.c.id == entries.c.source_id)
)
_LEAF: Final = (
    select(
        sources.c.id,
        _NAME.label("name"),
        sources.c.unread_count,
        sources.c.icon,
        pages.c.slug.label("page_slug"),
    )
    .join(pages, pages.c.id == sources.c.page_id)
    .where(sources.c.listed)
)
_newest: Final = entries.alias("newest")
_NEWEST_UNREAD: Final = (
    select(func.max(_newest.c.id))
    .where(_newest.c.source_id == sources.c.id, ~_newest.c.read)
    .correlate(sources)
    .scalar_subquery()
)
_NEWEST: Final = (
    select(_newest.c.id)
    .where(_newest.c.source_id == sources.c.id)
    .order_by(_newest.c.published_at.desc(), _newest.c.id.desc())
    .limit(1)
    .correlate(sources)
    .scalar_subquery()
)
_NEWEST_KEPT: Final = select(func.max(_newest.c.id)).where(_newest.c.starred)


def _walked(within: Within, *, only_unread: bool) -> Select[tuple[Any, ...]]:
    """Choose the entries of a scope so that one index gives them in their order."""
    query = _LINES.where(sources.c.listed, _PAGE_OF_SOURCE.in_(_VISIBLE_PAGES))
    if within.source_id is not None:
        query = query.where(entries.c.source_id == within.source_id)
    elif within.page_id is not None:
        query = query.where(entries.c.page_id == within.page_id)
    if within.kept:
        query = query.where(entries.c.starred)
    if only_unread:
        query = query.where(~entries.c.read)
    return query


def _gathered(within: Within) -> Select[tuple[Any, ...]]:
    """Choose the few unread entries of a scope source by source."""
    return _of_sources(within, only_unread=True).join(
        entries, (entries.c.source_id == sources.c.id) & ~entries.c.read
    )


def _one_per_source(within: Within, *, only_unread: bool) -> Select[tuple[Any, ...]]:
    """Choose the newest entry of each source; of unread ones that which came last."""
    if within.kept:
        ids = _NEWEST_KEPT.group_by(_newest.c.source_id)
        return _walked(within, only_unread=False).where(entries.c.id.in_(ids))
    newest = _NEWEST_UNREAD if only_unread else _NEWEST
    return _of_sources(within, only_unread=only_unread).join(entries, entries.c.id == newest)


def _of_sources(within: Within, *, only_unread: bool) -> Select[tuple[Any, ...]]:
    query = select(*LINE).select_from(sources).where(_VISIBLE)
    if within.source_id is not None:
        query = query.where(sources.c.id == within.source_id)
    elif within.page_id is not None:
        query = query.where(sources.c.page_id == within.page_id)
    return query.where(sources.c.unread_count > 0) if only_unread else query


def _beyond(place: Place, order: Order) -> ColumnElement[bool]:
    here = tuple_(entries.c.published_at, entries.c.id)
    there = tuple_(place.published_at, place.id)
    return here > there if order is Order.OLDEST else here < there


def _direction(order: Order) -> tuple[ColumnElement[Any], ...]:
    if order is Order.OLDEST:
        return entries.c.published_at.asc(), entries.c.id.asc()
    return entries.c.published_at.desc(), entries.c.id.desc()


def _leaf(row: Any) -> TreeSource:
    return TreeSource(
        id=row.id,
        name=row.name,
        unread=row.unread_count,
        page_slug=row.page_slug,
        icon=row.icon,
    )
