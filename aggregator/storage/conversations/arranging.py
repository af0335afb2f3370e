"""What the rules make of threads: read for them, and written back with the counters."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select, update

from aggregator.domain.conversations.comments import (
    CommentId,
    Kind,
    Mine,
    Pairing,
    State,
    ThreadId,
)
from aggregator.storage.conversations.chunks import chunks
from aggregator.storage.engine import Session
from aggregator.storage.tables import comments, entries, sources, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored comment as the rules need it, with what they made of it before."""

    id: CommentId
    key: str
    url: str | None
    kind: Kind
    author: str
    author_url: str | None
    email_hash: str | None
    by_author: bool
    published_at: datetime
    first_seen_at: datetime
    text: str
    content_html: str
    position: int | None
    in_reply_to: tuple[str, ...]
    in_words: bool
    parent_by_hand: int | None
    vanished_at: datetime | None
    hidden: bool
    closed_at: datetime | None
    filed_at: datetime | None
    snoozed_until: datetime | None
    sent_at: datetime | None
    verdict: "Verdict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules say of a comment: exactly what is written."""

    mine: Mine | None
    suspect: bool
    parent_id: CommentId | None
    pairing: Pairing | None
    expects: bool
    answered_by: CommentId | None
    answered_at: datetime | None
    state: State
    last_word: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a thread stands: whether its source is mine, and what names its article."""

    thread_id: ThreadId
    own: bool
    about: tuple[str, ...]


def grounds(session: Session, thread_ids: Collection[ThreadId]) -> tuple[Ground, ...]:
    """Tell of each of some threads where it stands."""
    query = (
        select(
            threads.c.id,
            threads.c.key,
            threads.c.url,
            sources.c.mine,
            entries.c.key,
            entries.c.url,
        )
        .join(sources, sources.c.id == threads.c.source_id)
        .outerjoin(entries, entries.c.id == threads.c.entry_id)
    )
    return tuple(
        Ground(
            thread_id=ThreadId(row[0]),
            own=row[3],
            about=tuple({ref for ref in (row[1], row[2], row[4], row[5]) if ref}),
        )
        for chunk in chunks(sorted(thread_ids))
        for row in session.execute(query.where(threads.c.id.in_(chunk)))
    )


def known(session: Session, thread_id: ThreadId) -> tuple[Known, ...]:
    """Read the comments of a thread, in the order in which they were written."""
    query = (
        select(comments)
        .where(comments.c.thread_id == thread_id)
        .order_by(comments.c.published_at, comments.c.id)
    )
    return tuple(_known(row) for row in session.execute(query))


def sleepers(session: Session, now: datetime) -> bool:
    """Tell whether a comment is to be woken."""
    query = select(comments.c.id).where(_slept_enough(now)).limit(1)
    return session.execute(query).first() is not None


def _slept_enough(now: datetime) -> ColumnElement[bool]:
    return and_(comments.c.state == State.SNOOZED.value, comments.c.snoozed_until <= now)


def wake(session: Session, now: datetime) -> frozenset[ThreadId]:
    """Have comments that were put off wait again once their moment has come.

    Gives the threads they are in, counted again.
    """
    state = case((comments.c.sent_at.is_(None), State.WAITING.value), else_=State.SENT.value)
    woken = session.execute(
        update(comments)
        .where(_slept_enough(now))
        .values(state=state, snoozed_until=None)
        .returning(comments.c.thread_id)
    ).scalars()
    touched = frozenset(ThreadId(thread_id) for thread_id in woken)
    recount(session, touched)
    return touched


def _known(row: Any) -> Known:
    return Known(
        id=row.id,
        key=row.key,
        url=row.url,
        kind=Kind(row.kind),
        author=row.author,
        author_url=row.author_url,
        email_hash=row.email_hash,
        by_author=row.by_author,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        text=row.text,
        content_html=row.content_html,
        position=row.position,
        in_reply_to=tuple(row.in_reply_to),
        in_words=row.in_words,
        parent_by_hand=row.parent_by_hand,
        vanished_at=row.vanished_at,
        hidden=row.hidden,
        closed_at=row.closed_at,
        filed_at=row.filed_at,
        snoozed_until=row.snoozed_until,
        sent_at=row.sent_at,
        verdict=Verdict(
            mine=Mine(row.mine) if row.mine else None,
            suspect=row.suspect,
            parent_id=row.parent_id,
            pairing=Pairing(row.pairing) if row.pairing else None,
            expects=row.expects,
            answered_by=row.answered_by,
            answered_at=row.answered_at,
            state=State(row.state),
            last_word=row.last_word,
        ),
    )


def keep(session: Session, verdicts: Mapping[CommentId, Verdict]) -> None:
    """Write verdicts down."""
    if not verdicts:
        return
    session.execute(
        _KEEP,
        [
            {
                "comment": comment_id,
                "new_mine": verdict.mine.value if verdict.mine else None,
                "new_suspect": verdict.suspect,
                "new_parent_id": verdict.parent_id,
                "new_pairing": verdict.pairing.value if verdict.pairing else None,
                "new_expects": verdict.expects,
                "new_answered_by": verdict.answered_by,
                "new_answered_at": verdict.answered_at,
                "new_state": verdict.state.value,
                "new_last_word": verdict.last_word,
            }
            for comment_id, verdict in verdicts.items()
        ],
    )


_RULED: Final = (
    *("mine", "suspect", "parent_id", "pairing"),
    *("expects", "answered_by", "answered_at", "state", "last_word"),
)
_KEEP: Final = (
    update(comments)
    .where(comments.c.id == bindparam("comment"))
    .values({name: bindparam(f"new_{name}") for name in _RULED})
)


COUNTED_STATES: Final = tuple(state for state in State if state is not State.NONE)
"""Of which each thread keeps a count, in the column that is called so."""


def recount(session: Session, thread_ids: Collection[ThreadId]) -> None:
    """Count threads again, and what is counted of them on entries and sources."""
    for chunk in chunks(sorted(thread_ids)):
        _recount(session, chunk)


def _recount(session: Session, thread_ids: Sequence[ThreadId]) -> None:
    waits = comments.c.state == State.WAITING.value
    shown = comments.c.vanished_at.is_(None) & ~comments.c.hidden
    talk = shown & (comments.c.kind == Kind.COMMENT.value)
    numbers = {
        "comment_count": talk,
        "pingback_count": shown & (comments.c.kind == Kind.PINGBACK.value),
        "last_word_count": comments.c.last_word,
        **{f"{state.value}_count": comments.c.state == state.value for state in COUNTED_STATES},
    }
    columns = {
        **{name: func.sum(case((chosen, 1), else_=0)) for name, chosen in numbers.items()},
        "first_comment_at": func.min(
            case((talk & comments.c.mine.is_(None), comments.c.published_at))
        ),
        "last_comment_at": func.max(case((talk, comments.c.published_at))),
        "oldest_waiting_at": func.min(case((waits, comments.c.published_at))),
    }
    query = (
        select(comments.c.thread_id, *columns.values())
        .where(comments.c.thread_id.in_(thread_ids))
        .group_by(comments.c.thread_id)
    )
    counted = [
        {"thread": row[0], **dict(zip((f"new_{name}" for name in columns), row[1:], strict=True))}
        for row in session.execute(query)
    ]
    if not counted:
        return
    counting: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    session.execute(
        update(threads).where(threads.c.id == bindparam("thread")).values(counting), counted
    )
    _count_elsewhere(session, thread_ids)


def _count_elsewhere(session: Session, thread_ids: Collection[ThreadId]) -> None:
    here = threads.c.entry_id == entries.c.id
    touched = select(threads.c.entry_id).where(threads.c.id.in_(thread_ids))
    session.execute(
        update(entries)
        .where(entries.c.id.in_(touched))
        .values(
            stored_comments=select(threads.c.comment_count).where(here).scalar_subquery(),
            waiting_comments=select(threads.c.waiting_count).where(here).scalar_subquery(),
        )
    )
    total = func.coalesce(func.sum(threads.c.waiting_count), 0)
    session.execute(
        update(sources)
        .where(sources.c.id.in_(select(threads.c.source_id).where(threads.c.id.in_(thread_ids))))
        .values(
            waiting_count=select(total)
            .where(threads.c.source_id == sources.c.id)
            .scalar_subquery()
        )
    )
