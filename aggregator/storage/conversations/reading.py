"""What is shown of conversations: a thread with its comments, and lists of either."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, or_, select, tuple_, update

from aggregator.domain.conversations.comments import (
    Comment,
    CommentId,
    Kind,
    Mine,
    Pairing,
    State,
    Thread,
    ThreadId,
)
from aggregator.domain.conversations.feeds import SURE, Trouble
from aggregator.domain.faults import Fault
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.storage.engine import Session
from aggregator.storage.tables import (
    comment_feeds,
    comment_labels,
    comments,
    entries,
    labels,
    sources,
    threads,
)

_THREADS: Select[tuple[Any, ...]] = (
    select(
        threads,
        func.coalesce(sources.c.name, sources.c.title, sources.c.host).label("source_name"),
        sources.c.icon.label("source_icon"),
        sources.c.url.label("source_url"),
        sources.c.mine.label("own"),
        entries.c.published_at,
    )
    .join(sources, sources.c.id == threads.c.source_id)
    .outerjoin(entries, entries.c.id == threads.c.entry_id)
    .where(sources.c.listed)
)

_AGE: Final = (comments.c.published_at, comments.c.id)
_COMMENTS: Final = select(
    *(comments.c[field.name] for field in fields(Comment) if field.name != "labels")
)


def thread(
    session: Session, *, thread_id: ThreadId | None = None, entry_id: EntryId | None = None
) -> Thread | None:
    """Find a thread by its id or by its article; None where there is none."""
    query = _THREADS.where(
        threads.c.id == thread_id if thread_id is not None else threads.c.entry_id == entry_id
    )
    row = session.execute(query).first()
    return None if row is None else thread_of(row)


def comments_of(session: Session, thread_id: ThreadId) -> tuple[Comment, ...]:
    """Read all the comments of a thread, in the order in which they were written."""
    query = _COMMENTS.where(comments.c.thread_id == thread_id).order_by(*_AGE)
    return tuple(comment_of(row) for row in session.execute(query))


def some(session: Session, ids: Sequence[CommentId]) -> dict[CommentId, Comment]:
    """Read these comments, those that are stored."""
    query = _COMMENTS.where(comments.c.id.in_(ids))
    named = labels_of(session, ids)
    return {
        CommentId(row.id): comment_of(row, named.get(CommentId(row.id), ()))
        for row in session.execute(query)
    }


def labels_of(session: Session, ids: Sequence[CommentId]) -> dict[CommentId, tuple[str, ...]]:
    """Tell which labels these comments carry, in the order of the alphabet."""
    query = (
        select(comment_labels.c.comment_id, labels.c.name)
        .join(labels, labels.c.id == comment_labels.c.label_id)
        .where(comment_labels.c.comment_id.in_(ids))
        .order_by(labels.c.name)
    )
    found: dict[CommentId, tuple[str, ...]] = {}
    for comment_id, name in session.execute(query):
        found[comment_id] = (*found.get(comment_id, ()), name)
    return found


def twigs(session: Session, thread_id: ThreadId) -> Sequence[tuple[Any, ...]]:
    """Read what places each comment of a thread, oldest first.

    As rows of (id, parent_id, kind, state, mine): there may be fifty thousand of them.
    """
    of_each = (comments.c.id, comments.c.parent_id, comments.c.kind, comments.c.state)
    query = (
        select(*of_each, comments.c.mine).where(comments.c.thread_id == thread_id).order_by(*_AGE)
    )
    return session.execute(query).all()


def authors(session: Session, ids: Sequence[CommentId]) -> dict[CommentId, str]:
    """Tell who wrote these comments."""
    query = select(comments.c.id, comments.c.author).where(comments.c.id.in_(ids))
    return {CommentId(row[0]): row[1] for row in session.execute(query)}


def before(session: Session, comment: Comment, *, most: int) -> tuple[Comment, ...]:
    """List comments that a comment may answer: those that are open, then the nearest before it.

    The one that it stands under comes first.
    """
    earlier = tuple_(comments.c.published_at, comments.c.id) < tuple_(
        comment.published_at, comment.id
    )
    query = _COMMENTS.where(
        comments.c.thread_id == comment.thread_id,
        comments.c.kind == Kind.COMMENT.value,
        comments.c.id != comment.id,
        comments.c.state != State.HIDDEN.value,
    )
    waits = query.where(comments.c.state == State.WAITING.value, earlier).order_by(*_AGE)
    newest = (comments.c.published_at.desc(), comments.c.id.desc())
    found = [
        *session.execute(query.where(comments.c.id == comment.parent_id)),
        *session.execute(waits.limit(most // 2)),
        *session.execute(query.where(earlier).order_by(*newest).limit(most)),
    ]
    distinct = {row.id: comment_of(row) for row in found}
    return tuple(distinct.values())[:most]


def shows_images(session: Session, thread_id: ThreadId) -> bool:
    """Tell whether the source of a thread may always show its pictures."""
    of_thread = threads.c.source_id == sources.c.id
    query = select(sources.c.shows_images).join(threads, of_thread)
    return bool(session.execute(query.where(threads.c.id == thread_id)).scalar())


def troubles(
    session: Session, source_id: SourceId, entry_id: EntryId | None
) -> tuple[Trouble, ...]:
    """List the comment feeds of an article, or of its site, that fail and are missed.

    Those are the ones that somebody stands for and those that worked before; what a
    platform only might have is not missed.
    """
    missed = or_(comment_feeds.c.origin.in_(SURE), comment_feeds.c.last_success_at.is_not(None))
    of_it = or_(comment_feeds.c.entry_id.is_(None), comment_feeds.c.entry_id == entry_id)
    query = (
        select(
            comment_feeds.c.url,
            comment_feeds.c.fault_code,
            comment_feeds.c.fault_params,
            comment_feeds.c.failing_since,
            comment_feeds.c.next_poll_at,
        )
        .where(comment_feeds.c.source_id == source_id, of_it, missed)
        .where(comment_feeds.c.fault_code.is_not(None), comment_feeds.c.wanted)
        .order_by(comment_feeds.c.id)
    )
    return tuple(
        Trouble(
            url=row.url,
            fault=Fault(code=row.fault_code, params=row.fault_params or {}),
            failing_since=row.failing_since,
            next_poll_at=row.next_poll_at,
        )
        for row in session.execute(query)
    )


def greatest(session: Session, thread_id: ThreadId) -> CommentId:
    """Tell the id of the comment of a thread that came last, 0 where there is none."""
    query = select(func.max(comments.c.id)).where(comments.c.thread_id == thread_id)
    return CommentId(session.execute(query).scalar() or 0)


def count_since(session: Session, thread_id: ThreadId, since: CommentId) -> int:
    """Count the comments of a thread that came after one of them."""
    query = select(func.count()).where(comments.c.thread_id == thread_id, comments.c.id > since)
    return session.execute(query).scalar_one()


def look(session: Session, thread_id: ThreadId, upto: CommentId, *, now: datetime) -> bool:
    """Write down that one has seen a thread up to a comment; tell whether that was more."""
    seen = session.execute(
        update(threads)
        .where(threads.c.id == thread_id, threads.c.seen_upto < upto)
        .values(seen_upto=upto, looked_at=now)
    )
    return bool(seen.rowcount)


def thread_of(row: Any) -> Thread:
    """Make a thread from a row of threads joined with its source and entry."""
    return Thread(
        id=row.id,
        source_id=row.source_id,
        source_name=row.source_name,
        source_icon=row.source_icon,
        source_url=row.source_url,
        own=row.own,
        entry_id=row.entry_id,
        url=row.url,
        title=row.title,
        published_at=row.published_at,
        comment_count=row.comment_count,
        pingback_count=row.pingback_count,
        waiting_count=row.waiting_count,
        first_comment_at=row.first_comment_at,
        last_comment_at=row.last_comment_at,
        oldest_waiting_at=row.oldest_waiting_at,
        seen_upto=row.seen_upto,
    )


def comment_of(row: Any, named: tuple[str, ...] = ()) -> Comment:
    """Make a comment from a row of its table, with the labels it carries."""
    return Comment(
        id=row.id,
        key=row.key,
        thread_id=row.thread_id,
        source_id=row.source_id,
        kind=Kind(row.kind),
        url=row.url,
        author=row.author,
        author_url=row.author_url,
        author_image=row.author_image,
        by_author=row.by_author,
        content_html=row.content_html,
        text=row.text,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        edited_at=row.edited_at,
        vanished_at=row.vanished_at,
        mine=Mine(row.mine) if row.mine else None,
        suspect=row.suspect,
        parent_id=row.parent_id,
        pairing=Pairing(row.pairing) if row.pairing else None,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        expects=row.expects,
        state=State(row.state),
        starred=row.starred,
        sent_at=row.sent_at,
        closed_at=row.closed_at,
        filed_at=row.filed_at,
        filed_why=row.filed_why,
        snoozed_until=row.snoozed_until,
        assigned_to=row.assigned_to,
        note=row.note,
        draft=row.draft,
        labels=named,
    )
