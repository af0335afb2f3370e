"""Finding comments by their words, their labels and where they stand; and those that are kept."""

from typing import Any, Final

from sqlalchemy import Select, func, select, tuple_

from aggregator.domain.conversations.comments import CommentId, Kind, Mine, State
from aggregator.domain.conversations.search import FoundComment, Search, Trait
from aggregator.storage import dialect
from aggregator.storage.engine import Session
from aggregator.storage.reading import pieces
from aggregator.storage.tables import comment_labels, comments, labels, sources, threads

_CUT: Final = 200
_NEWEST_FIRST: Final = (comments.c.published_at.desc(), comments.c.id.desc())
# Hidden ones, and those of sources that left feeds.yaml, are kept and not shown.
_SHOWN: Final = (
    select(
        comments.c.id,
        comments.c.key,
        comments.c.kind,
        comments.c.thread_id,
        comments.c.source_id,
        comments.c.url,
        comments.c.author,
        comments.c.author_url,
        comments.c.published_at,
        comments.c.mine,
        comments.c.state,
        comments.c.starred,
        func.substr(comments.c.text, 1, _CUT).label("beginning"),
        threads.c.entry_id,
        threads.c.title,
        threads.c.url.label("thread_url"),
        sources.c.url.label("source_url"),
        sources.c.icon.label("source_icon"),
        func.coalesce(sources.c.name, sources.c.title, sources.c.host).label("source_name"),
    )
    .join(threads, threads.c.id == comments.c.thread_id)
    .join(sources, sources.c.id == comments.c.source_id)
    .where(sources.c.listed, ~comments.c.hidden)
)


def search(
    session: Session, wanted: Search, *, most: int | None, before: CommentId | None = None
) -> tuple[FoundComment, ...]:
    """Find comments, newest first, `most` None meaning all; `before` goes on after that one."""
    query = dialect.search_words(wanted.words)
    found = _found(session, wanted, query)
    if found is None:
        return ()
    found = found.order_by(*_NEWEST_FIRST).limit(most)
    if before is not None:
        there = select(comments.c.published_at, comments.c.id).where(comments.c.id == before)
        place = session.execute(there).first()
        if place is not None:
            found = found.where(tuple_(comments.c.published_at, comments.c.id) < tuple_(*place))
    rows = session.execute(found).all()
    cut = {}
    if query:
        cut = dialect.snippets(session, query, [row.id for row in rows], of_comments=True)
    return tuple(_comment(row, cut.get(row.id, "")) for row in rows)


def count_found(session: Session, wanted: Search) -> int:
    """Count what a search finds; of words alone, `dialect.MOST_HITS` at most."""
    found = _found(session, wanted, dialect.search_words(wanted.words))
    if found is None:
        return 0
    return session.execute(found.with_only_columns(func.count())).scalar_one()


def kept(session: Session, *, most: int) -> tuple[FoundComment, ...]:
    """List the comments that are kept, newest first."""
    wanted = Search(words="", traits=frozenset({Trait.KEPT}))
    return search(session, wanted, most=most)


def count_kept(session: Session) -> int:
    """Count the comments that are kept and shown."""
    return count_found(session, Search(words="", traits=frozenset({Trait.KEPT})))


def _found(session: Session, wanted: Search, query: str) -> Select[Any] | None:
    """Write what finds; None where nothing can be found."""
    found = _SHOWN
    if query and wanted.of_comments:
        found = found.where(comments.c.id.in_(dialect.matching_comments(query)))
    elif query:
        # Of a very common word only the last: putting all of them in order takes too long.
        ids = dialect.comment_hits(session, query)
        if not ids:
            return None
        found = found.where(dialect.among(comments.c.id, ids))
    elif not wanted.of_comments or wanted.words.strip():
        return None
    for trait in wanted.traits:
        found = found.where(
            comments.c.starred if trait is Trait.KEPT else comments.c.state == State.WAITING.value
        )
    known = _label_ids(session) if wanted.labels else {}
    for label in wanted.labels:
        carried = select(comment_labels.c.comment_id).where(
            comment_labels.c.label_id == known.get(label.casefold(), -1)
        )
        found = found.where(comments.c.id.in_(carried))
    return found


def _label_ids(session: Session) -> dict[str, int]:
    query = select(labels.c.name, labels.c.id)
    return {name.casefold(): label_id for name, label_id in session.execute(query)}


def _comment(row: Any, snippet: str) -> FoundComment:
    cut = pieces(snippet)
    if not cut:
        more = "…" if len(row.beginning) == _CUT else ""
        cut = ((row.beginning + more, False),)
    return FoundComment(
        id=row.id,
        key=row.key,
        kind=Kind(row.kind),
        thread_id=row.thread_id,
        entry_id=row.entry_id,
        source_id=row.source_id,
        source_url=row.source_url,
        source_name=row.source_name,
        source_icon=row.source_icon,
        thread_url=row.thread_url,
        title=row.title,
        url=row.url,
        author=row.author,
        author_url=row.author_url,
        published_at=row.published_at,
        mine=Mine(row.mine) if row.mine else None,
        state=State(row.state),
        starred=row.starred,
        snippet=cut,
    )
