"""Comment feeds: which there are, when each is asked, and what came of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import or_, select, update

from aggregator.domain.conversations.comments import ThreadId
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_feeds, sources, threads


def ask(session: Session, thread_id: ThreadId, moments: Sequence[datetime]) -> bool:
    """Have the comments of a thread asked for at these moments too; tell whether they will be.

    The feed of the whole site is asked where it works, else the article's own. False where
    neither is known, or the source is paused or no longer followed.
    """
    query = (
        select(comment_feeds.c.id, comment_feeds.c.next_poll_at, comment_feeds.c.asked_for)
        .join(threads, threads.c.source_id == comment_feeds.c.source_id)
        .join(sources, sources.c.id == comment_feeds.c.source_id)
        .where(
            threads.c.id == thread_id,
            or_(
                comment_feeds.c.entry_id.is_(None), comment_feeds.c.entry_id == threads.c.entry_id
            ),
            comment_feeds.c.wanted,
            sources.c.listed,
            ~sources.c.paused,
            sources.c.retired_since.is_(None),
        )
        .order_by(
            comment_feeds.c.fault_code.is_not(None),
            comment_feeds.c.entry_id.is_not(None),
        )
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None or not moments:
        return False
    feed_id, planned_at, asked_for = found
    asked = sorted({*map(datetime.fromisoformat, asked_for), *moments})
    session.execute(
        update(comment_feeds)
        .where(comment_feeds.c.id == feed_id)
        .values(
            asked_for=[moment.astimezone(UTC).isoformat() for moment in asked],
            next_poll_at=min([asked[0], *([planned_at] if planned_at else [])]),
        )
    )
    return True
