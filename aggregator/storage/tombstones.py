"""Entries that were thrown away: so that no document brings them back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from aggregator.domain.items import Item
from aggregator.domain.retention import Tombstone
from aggregator.domain.sources import SourceId
from aggregator.storage.engine import Session
from aggregator.storage.tables import tombstones


def of_items(
    session: Session, source_id: SourceId, items: Sequence[Item]
) -> tuple[Tombstone, ...]:
    """Find the tombstones of a source that these items may be: by key, by address."""
    here = select(tombstones.c.key, tombstones.c.url, tombstones.c.title).where(
        tombstones.c.source_id == source_id
    )
    by_key = here.where(tombstones.c.key.in_([item.key for item in items]))
    by_url = here.where(tombstones.c.url.in_({item.url for item in items if item.url}))
    rows = [*session.execute(by_key), *session.execute(by_url)]
    return tuple({row.key: _stone(row) for row in rows}.values())


def _stone(row: Row[*tuple[Any, ...]]) -> Tombstone:
    return Tombstone(key=row.key, url=row.url, title=row.title)


def count(session: Session) -> int:
    """Count the entries that were thrown away, of all sources."""
    return session.execute(select(func.count()).select_from(tombstones)).scalar_one()
