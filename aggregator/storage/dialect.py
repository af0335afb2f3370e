"""What differs between SQLite and PostgreSQL: upserts, claims and the search index.

Written for SQLite; PostgreSQL will find its place here and nowhere else.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final
from unicodedata import normalize

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    cast,
    column,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.sqlite import Insert, insert

from aggregator.storage.engine import Session

MATCH_START: Final = "\x02"
MATCH_END: Final = "\x03"
"""Around the matches of a snippet: characters that no stored text holds."""

_INDEX: Final = text(
    "INSERT INTO entry_search(rowid, title, text) "
    "SELECT entry_id, title, text FROM bodies "
    "WHERE entry_id IN (SELECT value FROM json_each(:ids))"
)
_UNINDEX: Final = text(
    "INSERT INTO entry_search(entry_search, rowid, title, text) "
    "SELECT 'delete', entry_id, title, text FROM bodies "
    "WHERE entry_id IN (SELECT value FROM json_each(:ids))"
)
_INDEX_COMMENTS: Final = text(
    "INSERT INTO comment_search(rowid, author, text) "
    "SELECT id, author, text FROM comments "
    "WHERE id IN (SELECT value FROM json_each(:ids))"
)
_UNINDEX_COMMENTS: Final = text(
    "INSERT INTO comment_search(comment_search, rowid, author, text) "
    "SELECT 'delete', id, author, text FROM comments "
    "WHERE id IN (SELECT value FROM json_each(:ids))"
)
MOST_HITS: Final = 2_000
"""Of a very common word only the hits stored last are put in order of date."""

_HITS: Final = text(
    "SELECT rowid FROM entry_search WHERE entry_search MATCH :words "
    "ORDER BY rowid DESC LIMIT :most"
)
_COMMENT_SEARCH: Final = table(
    "comment_search", column("rowid", Integer), column("comment_search")
)
_COMMENT_SNIPPETS: Final = text(
    "SELECT rowid AS id, "
    "snippet(comment_search, 1, char(2), char(3), '…', 24) AS snippet "
    "FROM comment_search WHERE comment_search MATCH :words "
    "AND rowid BETWEEN :least AND :greatest "
    "AND +rowid IN (SELECT value FROM json_each(:ids))"
)
_SNIPPETS: Final = text(
    "SELECT rowid AS id, "
    "snippet(entry_search, -1, char(2), char(3), '…', 24) AS snippet "
    "FROM entry_search WHERE entry_search MATCH :words "
    # The index is entered between two ids only; by a list of ids it would be read whole.
    "AND rowid BETWEEN :least AND :greatest "
    "AND +rowid IN (SELECT value FROM json_each(:ids))"
)


def seconds(moment: Column[Any]) -> ColumnElement[int]:
    """Give a moment as whole seconds since 1970: much faster read than as a moment."""
    return cast(func.strftime("%s", moment), Integer)


def upsert(
    session: Session, table: Table, rows: Sequence[dict[str, Any]], *, by: str | tuple[str, ...]
) -> None:
    """Insert rows, or update those whose column, or columns, `by` are there already."""
    if not rows:
        return
    known = [by] if isinstance(by, str) else list(by)
    statement: Insert = insert(table)
    changing = {name: statement.excluded[name] for name in rows[0] if name not in known}
    session.execute(statement.on_conflict_do_update(index_elements=known, set_=changing), rows)


def add_up(
    session: Session, table: Table, rows: Sequence[dict[str, Any]], *, by: str, into: str
) -> None:
    """Insert rows, or add their `into` to that of the row whose column `by` is there already."""
    if rows:
        statement: Insert = insert(table)
        total = table.c[into] + statement.excluded[into]
        session.execute(
            statement.on_conflict_do_update(index_elements=[by], set_={into: total}), rows
        )


def insert_new(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, leaving out those that a unique constraint refuses."""
    if rows:
        session.execute(insert(table).on_conflict_do_nothing(), rows)


def hits(session: Session, words: str) -> list[int]:
    """Find the entries that match a query made by `search_words`, the last stored first."""
    return list(session.execute(_HITS, {"words": words, "most": MOST_HITS}).scalars())


def matching_comments(words: str) -> Select[Any]:
    """Write what finds the ids of comments that match a query made by `search_words`."""
    return select(_COMMENT_SEARCH.c.rowid).where(_COMMENT_SEARCH.c.comment_search.match(words))


def comment_hits(session: Session, words: str) -> list[int]:
    """Find the comments that match a query made by `search_words`, the last stored first."""
    query = matching_comments(words).order_by(_COMMENT_SEARCH.c.rowid.desc()).limit(MOST_HITS)
    return list(session.execute(query).scalars())


def among(column: Column[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """Say that a column is one of any number of ids: as one parameter, not as thousands."""
    listed = func.json_each(_json(ids)).table_valued("value")
    return column.in_(select(listed.c.value))


def among_texts(column: Column[Any], texts: Collection[str]) -> ColumnElement[bool]:
    """Say that a column is one of any number of texts, as one parameter."""
    listed = func.json_each(json.dumps(list(texts))).table_valued("value")
    return column.in_(select(listed.c.value))


def listed(column: Column[Any], name: str) -> ColumnElement[bool]:
    """Say that a column is one of those that `as_list` wrote for the parameter `name`.

    For statements that are made once: how many there are does not change them.
    """
    values = func.json_each(bindparam(name, type_=String())).table_valued("value")
    return column.in_(select(values.c.value))


def as_list(values: Iterable[str]) -> str:
    """Write the parameter of `listed`."""
    return json.dumps(list(values))


def snippets(
    session: Session, words: str, ids: Sequence[int], *, of_comments: bool = False
) -> dict[int, str]:
    """Cut the piece of the text of each entry, or comment, around its matches."""
    if not ids:
        return {}
    parameters = {"words": words, "ids": _json(ids), "least": min(ids), "greatest": max(ids)}
    statement = _COMMENT_SNIPPETS if of_comments else _SNIPPETS
    return {row.id: row.snippet for row in session.execute(statement, parameters)}


def index(session: Session, ids: Sequence[int]) -> None:
    """Put entries into the search index, all in one statement."""
    if ids:
        session.execute(_INDEX, {"ids": _json(ids)})


def unindex(session: Session, ids: Sequence[int]) -> None:
    """Take entries out of the search index: before their bodies change, never after."""
    if ids:
        session.execute(_UNINDEX, {"ids": _json(ids)})


def index_comments(session: Session, ids: Sequence[int]) -> None:
    """Put comments into their search index."""
    if ids:
        session.execute(_INDEX_COMMENTS, {"ids": _json(ids)})


def unindex_comments(session: Session, ids: Sequence[int]) -> None:
    """Take comments out of their search index: before their text changes, never after."""
    if ids:
        session.execute(_UNINDEX_COMMENTS, {"ids": _json(ids)})


def search_words(words: str) -> str:
    """Write what a person typed as a query: every word, the last one as a beginning.

    "Quoted words" stay together, -word excludes. Empty where no word is left.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for position, part in enumerate(normalize("NFC", words).split('"')):
        if position % 2:
            wanted += _phrase(part)
            continue
        for word in part.split():
            (unwanted if word.startswith("-") else wanted).extend(_phrase(word.lstrip("-")))
    if wanted and words[-1:].isalnum():
        wanted[-1] += "*"
    query = " AND ".join(wanted)
    return f"({query}) NOT ({' OR '.join(unwanted)})" if query and unwanted else query


def _phrase(words: str) -> list[str]:
    kept = "".join(character if character.isalnum() else " " for character in words).strip()
    return [f'"{kept}"'] if kept else []


def _json(ids: Sequence[int]) -> str:
    return "[" + ",".join(map(str, ids)) + "]"
