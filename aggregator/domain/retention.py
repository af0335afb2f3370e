"""What may be thrown away when entries are kept for a time only, and what never comes back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from aggregator.domain.items import Item

KEPT_OF_EACH: Final = 30
"""The newest entries of a source stay whatever their age: a quiet blog is never emptied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """An entry that was thrown away."""

    key: str
    url: str | None
    title: str


def unburied(
    items: Sequence[Item], tombstones: Collection[Tombstone], *, named: Collection[str]
) -> tuple[Item, ...]:
    """Leave out the new items of a document that were thrown away once.

    An item is one by its key; under a new key, by address and title, where the key of the
    tombstone is not among those `named` by the document: as stored entries are known.
    """
    keys = {stone.key for stone in tombstones}
    moved = {(stone.url, stone.title) for stone in tombstones if stone.url} - {
        (stone.url, stone.title) for stone in tombstones if stone.key in set(named)
    }
    return tuple(
        item for item in items if item.key not in keys and (item.url, item.title) not in moved
    )
