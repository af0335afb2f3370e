"""Boxes of a page that are no source: which it has, and what they show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from aggregator.domain.conversations.comments import CommentId, Kind, Mine, State, Thread, ThreadId
from aggregator.domain.conversations.widgets import THREAD, Remark, ToAnswer
from aggregator.domain.sources import PageId
from aggregator.storage.engine import Session
from aggregator.storage.tables import comments, pages, sources, threads, widgets

WORDS: Final = 240
"""Letters of a comment that a line or a box may show."""


def of_page(session: Session, page_id: PageId) -> tuple[tuple[str, ThreadId | None, bool], ...]:
    """List the boxes of a page as (kind, thread, whether it is shown), the oldest first."""
    query = (
        select(widgets.c.kind, widgets.c.thread_id, widgets.c.shown)
        .where(widgets.c.page_id == page_id)
        .order_by(widgets.c.placed_at, widgets.c.id)
    )
    return tuple((row[0], row[1], row[2]) for row in session.execute(query))


def place(
    session: Session,
    page_id: PageId,
    kind: str,
    thread_id: ThreadId | None,
    *,
    shown: bool,
    now: datetime,
) -> bool:
    """Put a box on a page, or take it off; tell whether that changed anything.

    That it was taken off is kept too: the box of comments to answer comes by itself.
    """
    here = (
        widgets.c.page_id == page_id,
        widgets.c.kind == kind,
        widgets.c.thread_id.is_not_distinct_from(thread_id),
    )
    known = session.execute(select(widgets.c.shown).where(*here)).scalar()
    if known is None:
        values = {"page_id": page_id, "kind": kind, "thread_id": thread_id, "shown": shown}
        session.execute(insert(widgets).values(**values, placed_at=now))
        return True
    session.execute(update(widgets).where(*here).values(shown=shown))
    return bool(known) is not shown


def page_id_of(session: Session, slug: str) -> PageId | None:
    """Find a page by its slug."""
    query = select(pages.c.id).where(pages.c.slug == slug, pages.c.listed)
    found = session.execute(query).scalar()
    return None if found is None else PageId(found)


def places_of(session: Session, thread_id: ThreadId) -> tuple[tuple[str, str, bool], ...]:
    """List the pages one sees as (slug, name, whether they show this conversation)."""
    shown = (
        select(widgets.c.id)
        .where(
            widgets.c.page_id == pages.c.id,
            widgets.c.kind == THREAD,
            widgets.c.thread_id == thread_id,
            widgets.c.shown,
        )
        .exists()
    )
    query = (
        select(pages.c.slug, pages.c.name, shown)
        .where(pages.c.listed, ~pages.c.hidden)
        .order_by(pages.c.position)
    )
    return tuple((row[0], row[1], bool(row[2])) for row in session.execute(query))


def to_answer(session: Session, most: int) -> tuple[ToAnswer, ...]:
    """List the comments that wait, those that have waited longest first."""
    query = (
        select(
            comments.c.id,
            comments.c.thread_id,
            threads.c.entry_id,
            comments.c.source_id,
            threads.c.title,
            comments.c.author,
            func.substr(comments.c.text, 1, WORDS).label("words"),
            comments.c.published_at,
        )
        .join(threads, threads.c.id == comments.c.thread_id)
        .join(sources, sources.c.id == comments.c.source_id)
        .where(comments.c.state == State.WAITING.value, sources.c.listed)
        .order_by(comments.c.published_at, comments.c.id)
        .limit(most)
    )
    return tuple(ToAnswer(**row._mapping) for row in session.execute(query))  # noqa: SLF001 - SQLAlchemy's public name


def count_to_answer(session: Session) -> int:
    """Count the comments that wait, by the counters of their sources."""
    query = select(func.coalesce(func.sum(sources.c.waiting_count), 0)).where(sources.c.listed)
    return int(session.execute(query).scalar_one())


def latest(session: Session, thread: Thread, most: int) -> tuple[Remark, ...]:
    """Read the last comments of a thread and those that they answer, the oldest first.

    Each answer stands after what it answers.
    """
    query = _REMARKS.where(
        comments.c.kind == Kind.COMMENT.value,
        comments.c.state != State.HIDDEN.value,
        comments.c.vanished_at.is_(None),
    )
    newest = (comments.c.published_at.desc(), comments.c.id.desc())
    last = query.where(comments.c.thread_id == thread.id).order_by(*newest).limit(most)
    rows = list(session.execute(last))
    answered = {row.parent_id for row in rows if row.parent_id} - {row.id for row in rows}
    if answered:
        rows += session.execute(query.where(comments.c.id.in_(answered)))
    rows.sort(key=lambda row: (row.published_at, row.id))
    known = {row.id for row in rows}
    return tuple(
        Remark(
            id=CommentId(row.id),
            author=row.author,
            mine=Mine(row.mine) if row.mine else None,
            words=row.words,
            published_at=row.published_at,
            is_reply=row.parent_id in known,
            is_new=bool(thread.seen_upto) and row.id > thread.seen_upto and row.mine is None,
        )
        for row in _by_parent(rows)
    )


def _by_parent(rows: Sequence[Any]) -> list[Any]:
    """Put each answer after what it answers and the answers before it, where that is here."""
    ordered: list[Any] = []
    for row in rows:
        places = [
            place
            for place, other in enumerate(ordered)
            if row.parent_id is not None and row.parent_id in {other.id, other.parent_id}
        ]
        ordered.insert(places[-1] + 1 if places else len(ordered), row)
    return ordered


_REMARKS: Final = select(
    comments.c.id,
    comments.c.author,
    comments.c.mine,
    comments.c.parent_id,
    func.substr(comments.c.text, 1, WORDS).label("words"),
    comments.c.published_at,
)
