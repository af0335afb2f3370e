"""Threads found and begun: of stored articles, and of articles that are not stored (yet)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import delete, func, insert, or_, select, update

from aggregator.domain.conversations.comments import CommentItem, ThreadId
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.storage.conversations.chunks import chunks
from aggregator.storage.engine import Session
from aggregator.storage.tables import comments, entries, threads, widgets

_WEB: Final = ("http://", "https://")

About = tuple[str, ...]
"""Keys or addresses of one article, the surest first."""


def of_items(
    session: Session, source_id: SourceId, items: Iterable[CommentItem]
) -> dict[str, ThreadId]:
    """Find, or begin, the thread of each comment, by the comment's key."""
    items = tuple(items)
    titles: dict[About, str | None] = {}
    for item in items:
        titles[item.about] = titles.get(item.about) or item.about_title
    refs = {spelled for about in titles for ref in about for spelled in spellings(ref)}
    stored = _entries_named(session, source_id, refs)
    begun = _threads_named(session, source_id, refs)
    found: dict[About, ThreadId] = {}
    for about, title in titles.items():
        names = [spelled for ref in about for spelled in spellings(ref)]
        entry_id = next((stored[name] for name in names if name in stored), None)
        thread_id = next((begun[name] for name in names if name in begun), None)
        if entry_id is not None:
            thread_id = of_entry(session, source_id, entry_id)
        elif thread_id is None:
            thread_id = _begin_about(session, source_id, about, title)
            begun |= dict.fromkeys(names, thread_id)
        found[about] = thread_id
    return {item.key: found[item.about] for item in items}


def spellings(ref: str) -> Iterator[str]:
    """Give a key, and where it is an address its other usual spellings."""
    yield ref
    if not ref.startswith(_WEB):
        return
    scheme, _, rest = ref.partition("://")
    slashed = rest.removesuffix("/") if rest.endswith("/") else f"{rest}/"
    other = "http" if scheme == "https" else "https"
    yield from (f"{scheme}://{slashed}", f"{other}://{rest}", f"{other}://{slashed}")


def _entries_named(
    session: Session, source_id: SourceId, refs: Collection[str]
) -> dict[str, EntryId]:
    by_url: dict[str, EntryId] = {}
    by_key: dict[str, EntryId] = {}
    for some in chunks(refs):
        here = select(entries.c.key, entries.c.url, entries.c.id).where(
            entries.c.source_id == source_id
        )
        for row in session.execute(here.where(entries.c.key.in_(some))):
            by_key[row.key] = EntryId(row.id)
        for row in session.execute(here.where(entries.c.url.in_(some)).order_by(entries.c.id)):
            by_url[row.url] = EntryId(row.id)
    return by_url | by_key


def _threads_named(
    session: Session, source_id: SourceId, refs: Collection[str]
) -> dict[str, ThreadId]:
    by_url: dict[str, ThreadId] = {}
    by_key: dict[str, ThreadId] = {}
    for some in chunks(refs):
        here = select(threads.c.key, threads.c.url, threads.c.id).where(
            threads.c.source_id == source_id
        )
        found = or_(threads.c.key.in_(some), threads.c.url.in_(some))
        for row in session.execute(here.where(found).order_by(threads.c.id)):
            by_key[row.key] = ThreadId(row.id)
            if row.url:
                by_url[row.url] = ThreadId(row.id)
    return by_url | by_key


def of_entry(session: Session, source_id: SourceId, entry_id: EntryId) -> ThreadId:
    """Find, or begin, the thread of a stored article."""
    query = select(threads.c.id).where(threads.c.entry_id == entry_id)
    if (known := session.execute(query).scalar()) is not None:
        return ThreadId(known)
    if adopted := adopt(session, [entry_id]):
        return adopted[0]
    entry: Any = session.execute(
        select(entries.c.key, entries.c.url, entries.c.title).where(entries.c.id == entry_id)
    ).one()
    named = select(threads.c.id).where(
        threads.c.source_id == source_id, threads.c.key == entry.key
    )
    # an article that was called so before, and is called otherwise now, keeps its thread
    taken = session.execute(named).scalar() is not None
    begun = session.execute(
        insert(threads).values(
            source_id=source_id,
            entry_id=entry_id,
            key=f"{entry.key}#{entry_id}" if taken else entry.key,
            url=entry.url,
            title=entry.title,
        )
    )
    return ThreadId((begun.inserted_primary_key or (0,))[0])


def _begin_about(
    session: Session, source_id: SourceId, about: About, title: str | None
) -> ThreadId:
    key = about[0] if about else ""
    named = select(threads.c.id).where(threads.c.source_id == source_id, threads.c.key == key)
    if (known := session.execute(named).scalar()) is not None:
        return ThreadId(known)
    # the surest is often a key that looks like an address; what follows is the page
    addresses = [ref for ref in (*about[1:], *about[:1]) if ref.startswith(_WEB)]
    url = next(iter(addresses), None)
    begun = session.execute(
        insert(threads).values(source_id=source_id, key=key, url=url, title=title or url or "…")
    )
    return ThreadId((begun.inserted_primary_key or (0,))[0])


def adopt(session: Session, entry_ids: Sequence[EntryId]) -> tuple[ThreadId, ...]:
    """Give entries the threads that were begun before they were stored; list these threads."""
    wanted: dict[tuple[int, str], Any] = {}
    for some in chunks(entry_ids):
        query = select(
            *(entries.c.id, entries.c.source_id, entries.c.key, entries.c.url, entries.c.title)
        ).where(entries.c.id.in_(some))
        for row in session.execute(query):
            for name in (row.url, row.key):
                if name:
                    wanted[row.source_id, name] = row
    adopted: dict[ThreadId, None] = {}
    for orphan in _orphans(session, {source_id for source_id, _ in wanted}):
        names = [name for ref in (orphan.key, orphan.url) if ref for name in spellings(ref)]
        found = (wanted.get((orphan.source_id, name)) for name in names)
        if (entry := next((one for one in found if one is not None), None)) is not None:
            adopted[_give(session, ThreadId(orphan.id), entry)] = None
    return tuple(adopted)


def _orphans(session: Session, source_ids: Collection[int]) -> Sequence[Any]:
    if not source_ids:
        return ()
    query = select(threads.c.id, threads.c.source_id, threads.c.key, threads.c.url).where(
        threads.c.source_id.in_(source_ids), threads.c.entry_id.is_(None)
    )
    return session.execute(query).all()


def _give(session: Session, orphan: ThreadId, entry: Any) -> ThreadId:
    query = select(threads.c.id).where(threads.c.entry_id == entry.id)
    if (own := session.execute(query).scalar()) is not None:
        merge(session, orphan, into=ThreadId(own))
        return ThreadId(own)
    session.execute(
        update(threads)
        .where(threads.c.id == orphan)
        .values(entry_id=entry.id, url=entry.url, title=entry.title)
    )
    return orphan


def merge_orphans(session: Session, thread_ids: Collection[ThreadId], *, into: ThreadId) -> None:
    """Merge those of these threads whose article is not stored into another."""
    for some in chunks(thread_ids):
        query = select(threads.c.id).where(threads.c.id.in_(some), threads.c.entry_id.is_(None))
        for thread_id in session.execute(query).scalars().all():
            if thread_id != into:
                merge(session, ThreadId(thread_id), into=into)


def merge(session: Session, thread_id: ThreadId, *, into: ThreadId) -> None:
    """Make two threads one; what one has seen of both is what counts as seen."""
    session.execute(
        update(comments).where(comments.c.thread_id == thread_id).values(thread_id=into)
    )
    there = select(widgets.c.page_id).where(widgets.c.thread_id == into)
    session.execute(
        update(widgets)
        .where(widgets.c.thread_id == thread_id, widgets.c.page_id.not_in(there))
        .values(thread_id=into)
    )
    seen = select(threads.c.seen_upto).where(threads.c.id == thread_id).scalar_subquery()
    session.execute(
        update(threads)
        .where(threads.c.id == into)
        .values(seen_upto=func.min(threads.c.seen_upto, seen))
    )
    session.execute(delete(threads).where(threads.c.id == thread_id))
