"""What answering at the source needs to know: by what a site is made, when it is asked next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from aggregator.domain.conversations.comments import ThreadId
from aggregator.domain.sources import SourceId
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_feeds, sources, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """When a thread was last asked with success, and the moments at which it will be by hand."""

    looked_at: datetime | None
    moments: tuple[datetime, ...]


def asked(session: Session, thread_id: ThreadId) -> Asked | None:
    """Tell when a thread was asked for comments; None where it never is."""
    of_entry = comment_feeds.c.entry_id == threads.c.entry_id
    query = (
        select(comment_feeds.c.last_success_at, comment_feeds.c.asked_for)
        .join(threads, threads.c.source_id == comment_feeds.c.source_id)
        .where(
            threads.c.id == thread_id,
            or_(comment_feeds.c.entry_id.is_(None), of_entry),
            comment_feeds.c.wanted,
        )
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    looked = [row.last_success_at for row in rows if row.last_success_at is not None]
    moments = {datetime.fromisoformat(each) for row in rows for each in row.asked_for}
    return Asked(looked_at=max(looked, default=None), moments=tuple(sorted(moments)))


def generator(session: Session, source_id: SourceId) -> str | None:
    """Tell by which program a source says it is made."""
    query = select(sources.c.generator).where(sources.c.id == source_id)
    found: str | None = session.execute(query).scalar()
    return found
