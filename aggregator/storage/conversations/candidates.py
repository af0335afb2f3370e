"""Articles whose comments may be asked for, and what may tell where they are."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from aggregator.domain.conversations.feeds import Article
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.storage.conversations.chunks import chunks
from aggregator.storage.engine import Session
from aggregator.storage.tables import bodies, entries, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article whose comments may be asked for, and what may tell where they are."""

    source_id: SourceId
    article: Article
    key: str
    url: str | None
    announced: str | None
    comments_url: str | None


_stored: Final = func.coalesce(threads.c.comment_count, 0) + func.coalesce(
    threads.c.pingback_count, 0
)
_CANDIDATES: Final = (
    select(
        entries.c.id,
        entries.c.source_id,
        entries.c.published_at,
        entries.c.comment_count.label("told"),
        entries.c.key,
        entries.c.url,
        bodies.c.comments_feed_url,
        bodies.c.comments_url,
        threads.c.last_comment_at,
        _stored.label("stored"),
    )
    .join(bodies, bodies.c.entry_id == entries.c.id)
    .outerjoin(threads, threads.c.entry_id == entries.c.id)
)


def named(session: Session, entry_ids: Collection[EntryId]) -> tuple[Candidate, ...]:
    """Read these articles."""
    found: list[Candidate] = []
    for some in chunks(entry_ids):
        query = _CANDIDATES.where(entries.c.id.in_(some))
        found += [_candidate(row) for row in session.execute(query)]
    return tuple(found)


def newest(
    session: Session, source_id: SourceId, *, most: int, only_gaps: bool = False
) -> tuple[Candidate, ...]:
    """Read the newest articles of a source, or those of them with more comments than stored."""
    ids = (
        select(entries.c.id)
        .where(entries.c.source_id == source_id)
        .order_by(entries.c.published_at.desc(), entries.c.id.desc())
        .limit(most)
    )
    query = _CANDIDATES.where(entries.c.id.in_(ids))
    if only_gaps:
        query = query.where(entries.c.comment_count > entries.c.stored_comments)
    return tuple(_candidate(row) for row in session.execute(query))


def _candidate(row: Any) -> Candidate:
    return Candidate(
        source_id=SourceId(row.source_id),
        article=Article(
            id=EntryId(row.id),
            published_at=row.published_at,
            last_comment_at=row.last_comment_at,
            announced=row.told,
            stored=row.stored,
        ),
        key=row.key,
        url=row.url,
        announced=row.comments_feed_url,
        comments_url=row.comments_url,
    )


def are_articles(session: Session, source_id: SourceId, keys: Collection[str]) -> bool:
    """Tell whether most of these keys are those of a source's articles."""
    count = 0
    for some in chunks(keys):
        query = select(func.count()).where(
            entries.c.source_id == source_id, entries.c.key.in_(some)
        )
        count += session.execute(query).scalar_one()
    return count * 2 > len(keys)
