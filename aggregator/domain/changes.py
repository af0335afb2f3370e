"""What is new in a feed document, and what changed, against what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.domain.items import EntryId, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored entry, as far as the decision needs it."""

    id: EntryId
    key: str
    fingerprint: str
    title: str
    url: str | None
    comment_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """An item that is stored already and differs now; `seen` is False if only counts differ."""

    id: EntryId
    item: Item
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to write: entries to add and entries to update. What vanished is kept as it is."""

    new: tuple[Item, ...]
    altered: tuple[Altered, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.altered)


def decide(
    items: Iterable[Item], known: Iterable[Known], same_keys: Iterable[str] = ()
) -> Changes:
    """Compare a document's items with the stored entries of its source.

    `same_keys` are those of the items that it has too, and that are known to be as they were.

    An item whose key is not stored is the same entry under a new key only where a stored
    entry with the same address and title is absent from this document.
    """
    items = tuple(items)
    keys = {item.key for item in items}
    present = keys.union(same_keys)
    by_key: dict[str, Known] = {}
    absent: dict[tuple[str | None, str], Known] = {}
    for entry in known:
        if entry.key in keys:
            by_key[entry.key] = entry
        elif entry.url and entry.key not in present:
            absent[entry.url, entry.title] = entry
    new: list[Item] = []
    altered: list[Altered] = []
    for item in items:
        stored = by_key.get(item.key) or absent.pop((item.url, item.title), None)
        if stored is None:
            new.append(item)
        elif change := _change(stored, item):
            altered.append(change)
    return Changes(new=tuple(new), altered=tuple(altered))


def _change(entry: Known, item: Item) -> Altered | None:
    if entry.fingerprint != item.fingerprint:
        return Altered(id=entry.id, item=item, seen=True)
    recounted = item.comment_count not in {None, entry.comment_count}
    if recounted or entry.key != item.key:
        return Altered(id=entry.id, item=item, seen=False)
    return None
