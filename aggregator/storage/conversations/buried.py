"""Comments of articles that were thrown away: what was said before is not taken in again."""

from collections.abc import Container, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from aggregator.domain.conversations.comments import CommentItem
from aggregator.domain.sources import SourceId
from aggregator.storage.conversations.chunks import chunks
from aggregator.storage.conversations.threads import spellings
from aggregator.storage.engine import Session
from aggregator.storage.tables import tombstones


def unburied(
    session: Session,
    source_id: SourceId,
    items: Sequence[CommentItem],
    *,
    stored: Container[str],
) -> Sequence[CommentItem]:
    """Leave out comments that went with their article; what is said since begins a thread anew.

    `stored` holds the keys of comments that are there: these are never left out. A comment
    without a date is taken for one that went.
    """
    unknown = [item for item in items if item.key not in stored]
    names = {spelled for item in unknown for ref in item.about for spelled in spellings(ref)}
    purged = _purged(session, source_id, names) if names else {}
    if not purged:
        return items
    gone = {item.key for item in unknown if _went(item, purged)}
    return [item for item in items if item.key not in gone]


def _went(item: CommentItem, purged: dict[str, datetime]) -> bool:
    moments = (purged.get(name) for ref in item.about for name in spellings(ref))
    purged_at = next((moment for moment in moments if moment is not None), None)
    if purged_at is None:
        return False
    return item.published_at is None or item.published_at <= purged_at


def _purged(session: Session, source_id: SourceId, names: set[str]) -> dict[str, datetime]:
    """Tell when the articles of these names were thrown away, by the name."""
    found: dict[str, datetime] = {}
    stone = tombstones.c
    for some in chunks(names):
        query = select(stone.key, stone.url, stone.purged_at).where(
            stone.source_id == source_id, or_(stone.key.in_(some), stone.url.in_(some))
        )
        for row in session.execute(query):
            found |= {name: row.purged_at for name in (row.key, row.url) if name}
    return found
