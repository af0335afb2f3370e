"""What is new in a feed document, and what changed, against what is stored."""

from collections.abc import Iterable, Mapping
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


def decide(items: Iterable[Item], known: Iterable[Known]) -> Changes:
    """Compare a document's items with the stored entries of its source.

    An item whose key is not stored is the same entry under a new key only where a stored
    entry with the same address and title is absent from this document.
    """
    items = tuple(items)
    keys = {item.key for item in items}
    by_key: dict[str, Known] = {}
    absent: dict[tuple[str | None, str], Known] = {}
    for entry in known:
        if entry.key in keys:
            by_key[entry.key] = entry
        elif entry.url:
            absent[entry.url, entry.title] = entry
    new: list[Item] = []
    altered: list[Altered] = []
    for item in items:
        entry = by_key.get(item.key) or _taken(absent, item)
        if entry is None:
            new.append(item)
        elif entry.fingerprint != item.fingerprint or entry.key != item.key:
            seen = entry.fingerprint != item.fingerprint
            altered.append(Altered(id=entry.id, item=item, seen=seen))
        elif item.comment_count is not None and entry.comment_count != item.comment_count:
            altered.append(Altered(id=entry.id, item=item, seen=False))
    return Changes(new=tuple(new), altered=tuple(altered))


def _taken(absent: Mapping[tuple[str | None, str], Known], item: Item) -> Known | None:
    """Find, and use up, the stored entry that this item renames."""
    found = absent.get((item.url, item.title))
    if found is not None and isinstance(absent, dict):
        del absent[item.url, item.title]
    return found
