"""Entries that were thrown away: so that no document brings them back."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, or_, select

from aggregator.domain.items import Item
from aggregator.domain.retention import Tombstone
from aggregator.domain.sources import SourceId
from aggregator.storage.dialect import as_list, listed
from aggregator.storage.engine import Session
from aggregator.storage.tables import tombstones


def of_items(
    session: Session, source_id: SourceId, items: Sequence[Item]
) -> tuple[Tombstone, ...]:
    """Find the tombstones of a source that these items may be: by key, by address."""
    asked: dict[str, Any] = {
        "source": source_id,
        "keys": as_list(item.key for item in items),
        "urls": as_list({item.url for item in items if item.url}),
    }
    rows = session.execute(_OF_ITEMS, asked).all()
    return tuple({row.key: _stone(row) for row in rows}.values())


_OF_ITEMS: Final = select(tombstones.c.key, tombstones.c.url, tombstones.c.title).where(
    tombstones.c.source_id == bindparam("source"),
    or_(listed(tombstones.c.key, "keys"), listed(tombstones.c.url, "urls")),
)


def _stone(row: Row[*tuple[Any, ...]]) -> Tombstone:
    return Tombstone(key=row.key, url=row.url, title=row.title)


def count(session: Session) -> int:
    """Count the entries that were thrown away, of all sources."""
    return session.execute(select(func.count()).select_from(tombstones)).scalar_one()
