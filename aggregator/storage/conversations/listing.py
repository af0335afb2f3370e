"""Threads and their comments, for whoever takes them out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from aggregator.domain.conversations.comments import (
    CommentId,
    Kind,
    Mine,
    Pairing,
    State,
    ThreadId,
)
from aggregator.domain.conversations.listed import ListedComment, ListedThread
from aggregator.domain.sources import SourceId
from aggregator.storage.conversations.chunks import chunks
from aggregator.storage.engine import Session
from aggregator.storage.tables import comments, entries, sources, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which comments: of a source, written since a moment, in a state; None means any."""

    source_id: SourceId | None = None
    since: datetime | None = None
    state: State | None = None

    def comments(self) -> list[ColumnElement[bool]]:
        """Tell which comments, as conditions."""
        conditions = []
        if self.since is not None:
            conditions.append(comments.c.published_at >= self.since)
        if self.state is not None:
            conditions.append(comments.c.state == self.state.value)
        return conditions


def listed(session: Session, wanted: Wanted, *, most: int | None) -> tuple[ListedThread, ...]:
    """List threads with the comments that are wanted of them, the one spoken in last first.

    A thread without any is left out; so is what left feeds.yaml. `most` None means all.
    """
    any_wanted = select(comments.c.id).where(
        comments.c.thread_id == threads.c.id, *wanted.comments()
    )
    query = (
        select(
            threads.c.id,
            func.coalesce(threads.c.url, entries.c.url).label("url"),
            func.coalesce(entries.c.title, threads.c.title).label("title"),
            func.coalesce(sources.c.name, sources.c.title, sources.c.host).label("source_name"),
        )
        .join(sources, sources.c.id == threads.c.source_id)
        .outerjoin(entries, entries.c.id == threads.c.entry_id)
        .where(sources.c.listed, any_wanted.exists())
        .order_by(threads.c.last_comment_at.desc().nulls_last(), threads.c.id.desc())
        .limit(most)
    )
    if wanted.source_id is not None:
        query = query.where(threads.c.source_id == wanted.source_id)
    rows = session.execute(query).all()
    found = _comments(session, [row.id for row in rows], wanted)
    return tuple(
        ListedThread(
            id=row.id,
            url=row.url,
            title=row.title,
            source_name=row.source_name,
            comments=found[row.id],
        )
        for row in rows
        if row.id in found
    )


def _comments(
    session: Session, thread_ids: Sequence[ThreadId], wanted: Wanted
) -> dict[ThreadId, tuple[ListedComment, ...]]:
    query = (
        select(
            *(comments.c[name] for name in ListedComment.__dataclass_fields__),
            comments.c.thread_id,
        )
        .where(*wanted.comments())
        .order_by(comments.c.published_at, comments.c.id)
    )
    found: defaultdict[ThreadId, list[ListedComment]] = defaultdict(list)
    for chunk in chunks(thread_ids):
        for row in session.execute(query.where(comments.c.thread_id.in_(chunk))):
            found[ThreadId(row.thread_id)].append(_comment(row))
    return {thread_id: _closed(of_thread) for thread_id, of_thread in found.items()}


def _closed(found: Sequence[ListedComment]) -> tuple[ListedComment, ...]:
    """Let comments name none but those that are listed too."""
    known: set[CommentId | None] = {one.id for one in found}
    return tuple(
        one
        if {one.parent_id or one.id, one.answered_by or one.id} <= known
        else replace(
            one,
            parent_id=one.parent_id if one.parent_id in known else None,
            answered_by=one.answered_by if one.answered_by in known else None,
        )
        for one in found
    )


def _comment(row: Any) -> ListedComment:
    return ListedComment(
        id=row.id,
        key=row.key,
        author=row.author,
        author_url=row.author_url,
        published_at=row.published_at,
        parent_id=row.parent_id,
        kind=Kind(row.kind),
        mine=Mine(row.mine) if row.mine else None,
        state=State(row.state),
        answered_by=row.answered_by,
        pairing=Pairing(row.pairing) if row.pairing else None,
        text=row.text,
    )
