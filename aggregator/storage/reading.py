"""What readers ask of entries: lists, one article, search."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, case, func, select, tuple_

from aggregator.domain.items import Article, Author, Enclosure, EntryId, EntryRow, Found
from aggregator.storage import dialect
from aggregator.storage.engine import Session
from aggregator.storage.tables import bodies, entries, pages, sources

COMMENTS: Final = case(
    (
        entries.c.stored_comments > func.coalesce(entries.c.comment_count, 0),
        entries.c.stored_comments,
    ),
    else_=entries.c.comment_count,
).label("comment_count")
"""The greater of the comments that are stored and those that a feed announced."""

# What left feeds.yaml is kept and not shown: it returns with its address.
LINE: Final = (
    entries.c.id,
    entries.c.key,
    entries.c.source_id,
    entries.c.title,
    entries.c.url,
    entries.c.author,
    entries.c.published_at,
    entries.c.updated_at,
    COMMENTS,
    entries.c.stored_comments,
    entries.c.waiting_comments,
    entries.c.read,
    entries.c.starred,
    entries.c.language,
    sources.c.url.label("source_url"),
    func.coalesce(sources.c.name, sources.c.title, sources.c.host).label("source_name"),
    sources.c.icon.label("source_icon"),
)
_NAMED: Final = (
    select(*LINE).join(sources, sources.c.id == entries.c.source_id).where(sources.c.listed)
)
_CHUNK: Final = 500
"""Of ids in one query: SQLite takes only so many parameters."""
_NEWEST_FIRST: Final = (entries.c.published_at.desc(), entries.c.id.desc())


def latest(
    session: Session,
    *,
    most: int | None,
    source_url: str | None = None,
    since: datetime | None = None,
) -> tuple[EntryRow, ...]:
    """List entries of every stored source, newest first; `most` None means all."""
    query = _NAMED.order_by(*_NEWEST_FIRST).limit(most)
    if source_url is not None:
        query = query.where(sources.c.url == source_url)
    if since is not None:
        query = query.where(entries.c.published_at >= since)
    return tuple(row_of(row) for row in session.execute(query))


def contents(session: Session, ids: Sequence[EntryId]) -> dict[EntryId, str]:
    """Give the safe HTML of entries."""
    found: dict[EntryId, str] = {}
    for start in range(0, len(ids), _CHUNK):
        chosen = bodies.c.entry_id.in_(ids[start : start + _CHUNK])
        query = select(bodies.c.entry_id, bodies.c.content_html).where(chosen)
        found |= {EntryId(row[0]): row[1] for row in session.execute(query)}
    return found


def article(session: Session, entry_id: EntryId) -> Article | None:
    """Read one entry with its body."""
    query: Select[tuple[object, ...]] = (
        _NAMED.add_columns(bodies, pages.c.slug, sources.c.shows_images, entries.c.opened_at)
        .join(bodies, bodies.c.entry_id == entries.c.id)
        .join(pages, pages.c.id == entries.c.page_id)
        .where(entries.c.id == entry_id)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    return Article(
        row=row_of(row),
        content_html=row.content_html,
        authors=tuple(Author(name=name, url=url) for name, url in row.authors),
        categories=tuple(row.categories),
        enclosures=tuple(
            Enclosure(url=url, media_type=media_type, length_bytes=length)
            for url, media_type, length in row.enclosures
        ),
        comments_url=row.comments_url,
        page_slug=row.slug,
        shows_images=row.shows_images,
        opened_at=row.opened_at,
    )


def earlier(session: Session, row: EntryRow, *, most: int, looked_at: int) -> tuple[EntryRow, ...]:
    """List what the author of an entry published before it in its source, newest first.

    Where an entry names no author, what its source published. No more than `looked_at`
    entries are looked at, so that an author who writes once a year costs no more.
    """
    before = tuple_(entries.c.published_at, entries.c.id) < tuple_(row.published_at, row.id)
    nearest = (
        select(entries.c.id, entries.c.author, entries.c.published_at)
        .where(entries.c.source_id == row.source_id, before)
        .order_by(*_NEWEST_FIRST)
        .limit(looked_at)
        .subquery()
    )
    wanted = select(nearest.c.id).limit(most)
    if row.author is not None:
        wanted = wanted.where(nearest.c.author == row.author)
    newest_first = (nearest.c.published_at.desc(), nearest.c.id.desc())
    # By their ids in a query of its own: in one, SQLite may walk all entries by their dates.
    ids = list(session.execute(wanted.order_by(*newest_first)).scalars())
    lines = {found.id: found for found in session.execute(_NAMED.where(entries.c.id.in_(ids)))}
    return tuple(row_of(lines[entry_id]) for entry_id in ids if entry_id in lines)


def greatest_id(session: Session) -> EntryId:
    """Tell the newest entry's id, 0 where there is none."""
    return EntryId(session.execute(select(func.max(entries.c.id))).scalar() or 0)


def search(
    session: Session, words: str, *, most: int | None, before: EntryId | None
) -> tuple[Found, ...]:
    """Find entries with all the words, newest first, `most` None meaning all.

    `before` goes on after that entry.
    """
    query = dialect.search_words(words)
    ids = dialect.hits(session, query) if query else []
    if not ids:
        return ()
    rows = _NAMED.where(entries.c.id.in_(ids)).order_by(*_NEWEST_FIRST).limit(most)
    if before is not None:
        there = select(entries.c.published_at, entries.c.id).where(entries.c.id == before)
        place = session.execute(there).first()
        if place is not None:
            rows = rows.where(tuple_(entries.c.published_at, entries.c.id) < tuple_(*place))
    found = tuple(row_of(row) for row in session.execute(rows))
    snippets = dialect.snippets(session, query, [row.id for row in found])
    return tuple(Found(row=row, snippet=pieces(snippets.get(row.id, ""))) for row in found)


def count_found(session: Session, words: str) -> int:
    """Count the entries that have all the words, `dialect.MOST_HITS` at most."""
    query = dialect.search_words(words)
    ids = dialect.hits(session, query) if query else []
    if not ids:
        return 0
    counted = _NAMED.with_only_columns(func.count()).where(dialect.among(entries.c.id, ids))
    return session.execute(counted).scalar_one()


def pieces(snippet: str) -> tuple[tuple[str, bool], ...]:
    """Cut a snippet into (words, is_match)."""
    cut: list[tuple[str, bool]] = []
    for part in snippet.split(dialect.MATCH_START):
        match, end, rest = part.partition(dialect.MATCH_END)
        cut += [(match, True), (rest, False)] if end else [(part, False)]
    return tuple(piece for piece in cut if piece[0])


def row_of(row: Row[*tuple[Any, ...]]) -> EntryRow:
    """Make the line of a list from a row of entries joined with their source."""
    return EntryRow(
        id=EntryId(row.id),
        key=row.key,
        source_id=row.source_id,
        source_url=row.source_url,
        source_name=row.source_name,
        title=row.title,
        url=row.url,
        author=row.author,
        published_at=row.published_at,
        updated_at=row.updated_at,
        comment_count=row.comment_count,
        read=row.read,
        starred=row.starred,
        language=row.language,
        source_icon=row.source_icon,
        stored_comments=row.stored_comments,
        waiting_comments=row.waiting_comments,
    )
