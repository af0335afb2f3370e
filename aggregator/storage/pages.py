"""Pages of the dashboard."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select, update

from aggregator.domain.following import FollowedPage
from aggregator.domain.slugs import slug_of
from aggregator.domain.sources import PageId, PageTab
from aggregator.storage.engine import Session
from aggregator.storage.tables import pages, sources


def follow(session: Session, listed: Sequence[FollowedPage]) -> dict[str, PageId]:
    """Make the stored pages those of the list, in its order; give their ids by name.

    A page that left the list stays stored, so that the entries on it keep their place.
    """
    stored = session.execute(select(pages.c.name, pages.c.id))
    known = {row[0]: row[1] for row in stored}
    slugs = set(session.execute(select(pages.c.slug)).scalars())
    session.execute(update(pages).where(pages.c.listed).values(listed=False))
    ids: dict[str, PageId] = {}
    for position, page in enumerate(listed):
        values = {
            "position": position,
            "columns": page.columns,
            "hidden": page.hidden,
            "listed": True,
        }
        if (page_id := known.get(page.name)) is not None:
            session.execute(update(pages).where(pages.c.id == page_id).values(values))
        else:
            slug = slug_of(page.name, taken=slugs)
            slugs.add(slug)
            inserted = session.execute(pages.insert().values(name=page.name, slug=slug, **values))
            page_id = (inserted.inserted_primary_key or (0,))[0]
        ids[page.name] = PageId(page_id)
    return ids


def tabs(session: Session) -> tuple[PageTab, ...]:
    """List the pages of the list in their order, with their unread counts."""
    unread = (
        select(func.coalesce(func.sum(sources.c.unread_count), 0))
        .where(sources.c.page_id == pages.c.id, sources.c.listed)
        .scalar_subquery()
    )
    query = select(pages, unread.label("unread")).where(pages.c.listed).order_by(pages.c.position)
    return tuple(_tab(row) for row in session.execute(query))


def _tab(row: Row[*tuple[Any, ...]]) -> PageTab:
    return PageTab(
        id=row.id,
        slug=row.slug,
        name=row.name,
        columns=row.columns,
        hidden=row.hidden,
        unread=row.unread,
    )
