"""Entries: written by the poller, listed for readers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Table, Update, bindparam, func, insert, select, update

from aggregator.domain.changes import Altered, Changes, Known
from aggregator.domain.items import EntryId, Item
from aggregator.domain.sources import PageId, SourceId
from aggregator.storage import dialect
from aggregator.storage.engine import Session
from aggregator.storage.tables import bodies, entries, sources


def known(
    session: Session, source_id: SourceId, items: Sequence[Item], same_keys: Sequence[str] = ()
) -> tuple[Known, ...]:
    """Find the stored entries of a source that its document's items may be: by key, by address.

    Those of `same_keys`, which were not read again, are found by key alone.
    """
    keys = {*(item.key for item in items), *same_keys}
    asked = {"source": source_id, "keys": dialect.as_list(keys)}
    found = session.execute(_BY_KEY, asked).all()
    stored = {row.key for row in found}
    if urls := {item.url for item in items if item.url and item.key not in stored}:
        asked = {"source": source_id, "urls": dialect.as_list(urls)}
        others = session.execute(_BY_URL, asked).all()
        found = [*found, *(row for row in others if row.key not in keys)]
    return tuple(
        Known(
            id=EntryId(row.id),
            key=row.key,
            fingerprint=row.fingerprint,
            title=row.title,
            url=row.url,
            comment_count=row.comment_count,
        )
        for row in found
    )


_OF_SOURCE: Final = select(
    entries.c.id,
    entries.c.key,
    entries.c.fingerprint,
    entries.c.title,
    entries.c.url,
    entries.c.comment_count,
).where(entries.c.source_id == bindparam("source"))
_BY_KEY: Final = _OF_SOURCE.where(dialect.listed(entries.c.key, "keys"))
_BY_URL: Final = _OF_SOURCE.where(dialect.listed(entries.c.url, "urls"))


def apply(
    session: Session,
    *,
    source_id: SourceId,
    page_id: PageId,
    changes: Changes,
    now: datetime,
    rules: int,
) -> tuple[EntryId, ...]:
    """Write changes; give the ids of new entries, which are not in the search index yet.

    `rules` is the version of the sanitiser that made the bodies safe. Altered entries are
    indexed again here; the caller indexes the new ones of a whole batch at once.
    """
    seen = [altered for altered in changes.altered if altered.seen]
    dialect.unindex(session, [altered.id for altered in seen])
    for altered in changes.altered:
        _update(session, altered, now=now, rules=rules)
    dialect.index(session, [altered.id for altered in seen])
    return _insert(session, source_id, page_id, changes.new, now=now, rules=rules)


def _insert(
    session: Session,
    source_id: SourceId,
    page_id: PageId,
    items: Sequence[Item],
    *,
    now: datetime,
    rules: int,
) -> tuple[EntryId, ...]:
    if not items:
        return ()
    # Oldest first, and undated ones as the document lists them, so that ids grow with time.
    order = sorted(range(len(items)), key=lambda n: (items[n].published_at or now, -n))
    items = [items[n] for n in order]
    rows = [
        _entry(item)
        | {
            "source_id": source_id,
            "page_id": page_id,
            "published_at": item.published_at or now,
            "first_seen_at": now,
        }
        for item in items
    ]
    session.execute(_ADD, rows)
    # asked for together with the rows, SQLite would be given them one at a time
    asked = {"source": source_id, "keys": dialect.as_list(item.key for item in items)}
    ids = {row.key: EntryId(row.id) for row in session.execute(_BY_KEY, asked)}
    new = tuple(ids[item.key] for item in items)
    session.execute(
        _ADD_BODIES,
        [
            _body(item, rules) | {"entry_id": entry_id}
            for item, entry_id in zip(items, new, strict=True)
        ],
    )
    latest = rows[-1]["published_at"]
    session.execute(_COUNT_NEW, {"source": source_id, "count": len(new), "latest": latest})
    return new


_ADD: Final = insert(entries)
_ADD_BODIES: Final = insert(bodies)
_COUNT_NEW: Final = (
    update(sources)
    .where(sources.c.id == bindparam("source"))
    .values(
        entry_count=sources.c.entry_count + bindparam("count"),
        unread_count=sources.c.unread_count + bindparam("count"),
        last_entry_at=func.max(
            func.coalesce(
                sources.c.last_entry_at, bindparam("latest", type_=sources.c.last_entry_at.type)
            ),
            bindparam("latest", type_=sources.c.last_entry_at.type),
        ),
    )
)


def _update(session: Session, altered: Altered, *, now: datetime, rules: int) -> None:
    item = altered.item
    if not altered.seen:
        told = {"new_key": item.key, "new_comment_count": item.comment_count}
        session.execute(_RECOUNT, told | {"entry": altered.id})
        return
    values = _entry(item) | {"updated_at": item.updated_at or now}
    for statement, new in ((_ALTER, values), (_ALTER_BODY, _body(item, rules))):
        told = {f"new_{name}": value for name, value in new.items()}
        session.execute(statement, told | {"entry": altered.id})


def _setting(table: Table, key: Column[Any], names: Iterable[str]) -> Update:
    values: dict[str, Any] = {
        name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names
    }
    return update(table).where(key == bindparam("entry")).values(values)


_BODY: Final = (
    *("title", "content_html", "text", "rules", "authors", "categories", "enclosures"),
    *("comments_url", "comments_feed_url"),
)
_ENTRY: Final = (
    *("key", "fingerprint", "title", "url", "author", "updated_at", "comment_count", "language"),
)
_RECOUNT: Final = _setting(entries, entries.c.id, ("key", "comment_count"))
_ALTER: Final = _setting(entries, entries.c.id, _ENTRY)
_ALTER_BODY: Final = _setting(bodies, bodies.c.entry_id, _BODY)


def _entry(item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "fingerprint": item.fingerprint,
        "title": item.title,
        "url": item.url,
        "author": ", ".join(author.name for author in item.authors) or None,
        "updated_at": item.updated_at,
        "comment_count": item.comment_count,
        "language": item.language,
    }


def _body(item: Item, rules: int) -> dict[str, Any]:
    return {
        "title": item.title,
        "content_html": item.content_html,
        "text": item.text,
        "rules": rules,
        # The e-mail stays out: it is compared while a document is read, and never kept.
        "authors": [[author.name, author.url] for author in item.authors],
        "categories": list(item.categories),
        "enclosures": [
            [enclosure.url, enclosure.media_type, enclosure.length_bytes]
            for enclosure in item.enclosures
        ],
        "comments_url": item.comments_url,
        "comments_feed_url": item.comments_feed_url,
    }
