"""What the boxes of a page show: their latest entries, and how many have come since."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select

from aggregator.domain.items import EntryId, EntryRow
from aggregator.domain.sources import SourceHealth, SourceId
from aggregator.storage.engine import Session
from aggregator.storage.reading import COMMENTS
from aggregator.storage.tables import bodies, entries, sources

EXCERPT: Final = 200
"""Letters of a text that a line under a title may show."""

_newest: Final = entries.alias("newest")
_newest_ids: Final = (
    select(_newest.c.id)
    .where(_newest.c.source_id == sources.c.id, _newest.c.id <= bindparam("upto"))
    .order_by(_newest.c.published_at.desc(), _newest.c.id.desc())
    .limit(bindparam("most"))
    .correlate(sources)
)
_COLUMNS: Final = (
    entries.c.source_id,
    entries.c.id,
    entries.c.key,
    entries.c.title,
    entries.c.url,
    entries.c.author,
    entries.c.published_at,
    entries.c.updated_at,
    COMMENTS,
    entries.c.read,
    entries.c.starred,
    entries.c.language,
    entries.c.stored_comments,
    entries.c.waiting_comments,
)
# Joined by the ids alone: by source too, SQLite would look through all entries of each.
_LATEST: Final = (
    select(*_COLUMNS)
    .select_from(sources.join(entries, entries.c.id.in_(_newest_ids)))
    .where(sources.c.id.in_(bindparam("sources", expanding=True)))
    .order_by(entries.c.published_at.desc(), entries.c.id.desc())
)
_WITH_EXCERPT: Final = _LATEST.add_columns(func.substr(bodies.c.text, 1, EXCERPT)).join(
    bodies, bodies.c.entry_id == entries.c.id
)
_NEWS: Final = select(entries.c.source_id, entries.c.id).where(
    entries.c.source_id.in_(bindparam("sources", expanding=True)),
    entries.c.id > bindparam("since"),
    ~entries.c.read,
)


def latest(
    session: Session,
    shown: Sequence[SourceHealth],
    *,
    most: int,
    upto: EntryId,
    excerpts: bool = False,
) -> dict[SourceId, tuple[EntryRow, ...]]:
    """List the latest entries of each of these sources, none beyond `upto`, newest first."""
    query: Select[tuple[Any, ...]] = _WITH_EXCERPT if excerpts else _LATEST
    of = {source.id: source for source in shown}
    found: dict[SourceId, list[EntryRow]] = {}
    asked = {"sources": list(of), "most": most, "upto": upto}
    for row in session.execute(query, asked):
        source = of[row[0]]
        found.setdefault(source.id, []).append(_line(source, *row[1:]))
    return {source_id: tuple(rows) for source_id, rows in found.items()}


def _line(  # noqa: PLR0913, PLR0917 - one argument a column: a row is taken apart by its order
    source: SourceHealth,
    entry_id: EntryId,
    key: str,
    title: str,
    url: str | None,
    author: str | None,
    published_at: Any,
    updated_at: Any,
    comment_count: int | None,
    read: bool,  # noqa: FBT001 - a column
    starred: bool,  # noqa: FBT001 - a column
    language: str | None,
    stored_comments: int,
    waiting_comments: int,
    excerpt: str | None = None,
) -> EntryRow:
    return EntryRow(
        id=entry_id,
        key=key,
        source_id=source.id,
        source_url=source.url,
        source_name=source.name,
        source_icon=source.icon,
        title=title,
        url=url,
        author=author,
        published_at=published_at,
        updated_at=updated_at,
        comment_count=comment_count,
        read=read,
        starred=starred,
        language=language,
        excerpt=excerpt,
        stored_comments=stored_comments,
        waiting_comments=waiting_comments,
    )


def count_news(session: Session, since: Mapping[SourceId, EntryId]) -> dict[SourceId, int]:
    """Count for each source the unread entries that were stored after the id it was shown with."""
    if not since:
        return {}
    asked = {"sources": list(since), "since": min(since.values())}
    found = session.execute(_NEWS, asked)
    return Counter(row[0] for row in found if row[1] > since[row[0]])
