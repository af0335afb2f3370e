"""Comments as the poller writes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, tuple_, update

from aggregator.domain.conversations.comments import CommentId, CommentItem, ThreadId
from aggregator.domain.conversations.questions import is_question
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.storage import dialect
from aggregator.storage.engine import Session
from aggregator.storage.tables import comments, entries, threads

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a document of comments brought: new ones, edited ones, and the threads they touch."""

    new: tuple[CommentId, ...] = ()
    edited: tuple[CommentId, ...] = ()
    threads: frozenset[ThreadId] = frozenset()


def take_in(  # noqa: PLR0913 - all that a document brings
    session: Session,
    *,
    source_id: SourceId,
    items: Sequence[CommentItem],
    entry_id: EntryId | None,
    now: datetime,
    rules: int,
    hashed: Callable[[str], str],
) -> Taken:
    """Write the comments of a document; those of one article if `entry_id` names it.

    `hashed` makes of an e-mail address what may be kept. Threads are not arranged yet.
    """
    known = _known(session, source_id, [item.key for item in items])
    places = _threads(session, source_id, items, entry_id)
    new: list[CommentItem] = []
    edited: list[CommentId] = []
    touched: set[ThreadId] = set()
    for item in items:
        row = known.get(item.key)
        if row is None:
            new.append(item)
            touched.add(places[item.key])
        elif row.fingerprint != item.fingerprint or row.vanished_at is not None:
            comment_id = CommentId(row.id)
            edited.append(comment_id)
            touched.add(ThreadId(row.thread_id))
            _edit(session, comment_id, item, rules=rules, now=now)
    ids = _insert(session, source_id, new, places, now=now, rules=rules, hashed=hashed)
    dialect.index_comments(session, ids)
    return Taken(new=ids, edited=tuple(edited), threads=frozenset(touched))


def _known(session: Session, source_id: SourceId, keys: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for start in range(0, len(keys), _CHUNK):
        query = select(
            comments.c.id,
            comments.c.key,
            comments.c.thread_id,
            comments.c.fingerprint,
            comments.c.vanished_at,
        ).where(
            comments.c.source_id == source_id,
            comments.c.key.in_(keys[start : start + _CHUNK]),
        )
        found |= {row.key: row for row in session.execute(query)}
    return found


def _threads(
    session: Session,
    source_id: SourceId,
    items: Sequence[CommentItem],
    entry_id: EntryId | None,
) -> dict[str, ThreadId]:
    """Find, or begin, the thread of each comment, by the comment's key."""
    if entry_id is not None:
        thread_id = _thread_of_entry(session, source_id, entry_id)
        return {item.key: thread_id for item in items}
    found: dict[tuple[str, ...], ThreadId] = {}
    places: dict[str, ThreadId] = {}
    for item in items:
        if item.about not in found:
            found[item.about] = _thread_about(session, source_id, item)
        places[item.key] = found[item.about]
    return places


def _thread_of_entry(session: Session, source_id: SourceId, entry_id: EntryId) -> ThreadId:
    query = select(threads.c.id).where(threads.c.entry_id == entry_id)
    if (known := session.execute(query).scalar()) is not None:
        return ThreadId(known)
    entry: Any = session.execute(
        select(entries.c.key, entries.c.url, entries.c.title).where(entries.c.id == entry_id)
    ).one()
    begun = session.execute(
        insert(threads).values(
            source_id=source_id,
            entry_id=entry_id,
            key=entry.key,
            url=entry.url,
            title=entry.title,
        )
    )
    return ThreadId((begun.inserted_primary_key or (0,))[0])


def _thread_about(session: Session, source_id: SourceId, item: CommentItem) -> ThreadId:
    """Find the thread of the article that a comment names, stored or not."""
    for ref in item.about:
        query = select(entries.c.id).where(
            entries.c.source_id == source_id, (entries.c.key == ref) | (entries.c.url == ref)
        )
        if (entry_id := session.execute(query).scalar()) is not None:
            return _thread_of_entry(session, source_id, EntryId(entry_id))
    key = item.about[0] if item.about else ""
    query = select(threads.c.id).where(
        tuple_(threads.c.source_id, threads.c.key) == tuple_(source_id, key)
    )
    if (known := session.execute(query).scalar()) is not None:
        return ThreadId(known)
    url = next((ref for ref in item.about if ref.startswith(("http://", "https://"))), None)
    begun = session.execute(
        insert(threads).values(
            source_id=source_id, key=key, url=url, title=item.about_title or url or "…"
        )
    )
    return ThreadId((begun.inserted_primary_key or (0,))[0])


def _insert(  # noqa: PLR0913 - all that a row holds
    session: Session,
    source_id: SourceId,
    items: Sequence[CommentItem],
    places: dict[str, ThreadId],
    *,
    now: datetime,
    rules: int,
    hashed: Callable[[str], str],
) -> tuple[CommentId, ...]:
    if not items:
        return ()
    # Oldest first, so that ids grow with time.
    ordered = sorted(items, key=lambda item: item.published_at or now)
    rows = [
        _said(item, rules)
        | {
            "source_id": source_id,
            "thread_id": places[item.key],
            "key": item.key,
            "email_hash": hashed(item.author.email) if item.author.email else None,
            "published_at": item.published_at or now,
            "first_seen_at": now,
        }
        for item in ordered
    ]
    ids = session.execute(
        insert(comments).returning(comments.c.id, sort_by_parameter_order=True), rows
    ).scalars()
    return tuple(CommentId(comment_id) for comment_id in ids)


def _edit(
    session: Session, comment_id: CommentId, item: CommentItem, *, rules: int, now: datetime
) -> None:
    dialect.unindex_comments(session, [comment_id])
    session.execute(
        update(comments)
        .where(comments.c.id == comment_id)
        .values(_said(item, rules) | {"edited_at": now, "vanished_at": None})
    )
    dialect.index_comments(session, [comment_id])


def _said(item: CommentItem, rules: int) -> dict[str, Any]:
    return {
        "fingerprint": item.fingerprint,
        "kind": item.kind.value,
        "url": item.url,
        "author": item.author.name,
        "author_url": item.author.url,
        "author_image": item.image,
        "by_author": item.by_author,
        "content_html": item.content_html,
        "text": item.text,
        "asks": is_question(item.text),
        "rules": rules,
        "updated_at": item.updated_at,
        "position": item.position,
        "in_reply_to": list(item.in_reply_to),
    }
