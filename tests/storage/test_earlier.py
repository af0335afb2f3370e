"""What came before an entry is found by looking at a bounded number of entries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, insert

from aggregator.domain.items import EntryId, EntryRow
from aggregator.storage import reading
from aggregator.storage.engine import Database
from aggregator.storage.tables import entries, pages, sources

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def _fill(database: Database, authors: Sequence[str | None]) -> EntryRow:
    """Store one source whose entries are signed so, oldest first; give the newest."""
    with database.write() as session:
        session.execute(
            insert(pages).values(
                id=1, slug="p", name="P", position=0, columns=3, hidden=False, listed=True
            )
        )
        session.execute(
            insert(sources).values(
                id=1,
                url="https://cwm.example/rss",
                host="cwm.example",
                page_id=1,
                position=0,
                listed=True,
                mine=False,
                paused=False,
                tags=[],
            )
        )
        rows = [
            {
                "source_id": 1,
                "page_id": 1,
                "key": str(number),
                "fingerprint": str(number),
                "title": f"Billet {number}",
                "author": author,
                "published_at": NOW + timedelta(minutes=number),
                "first_seen_at": NOW,
            }
            for number, author in enumerate(authors)
        ]
        session.execute(insert(entries), rows)
    with database.read() as session:
        (newest,) = reading.latest(session, most=1)
    return newest


def _earlier(database: Database, row: EntryRow, looked_at: int = 200) -> list[str]:
    with database.read() as session:
        found = reading.earlier(session, row, most=5, looked_at=looked_at)
    return [each.title for each in found]


def test_the_five_nearest_of_the_same_author_are_found_newest_first(database: Database) -> None:
    newest = _fill(database, ["CWM", "Erick"] * 8 + ["CWM"])
    assert _earlier(database, newest) == [f"Billet {number}" for number in (14, 12, 10, 8, 6)]


def test_no_more_entries_are_looked_at_than_said(database: Database) -> None:
    newest = _fill(database, ["CWM", *["Erick"] * 20, "CWM"])
    assert _earlier(database, newest, looked_at=21) == ["Billet 0"]
    assert _earlier(database, newest, looked_at=20) == []


def test_where_nobody_signs_all_of_the_source_counts(database: Database) -> None:
    newest = _fill(database, ["CWM", "Erick", None])
    assert _earlier(database, newest) == ["Billet 1", "Billet 0"]


def test_entries_of_one_moment_are_told_apart_by_their_id(database: Database) -> None:
    newest = _fill(database, ["CWM"] * 3)
    with database.write() as session:
        session.execute(entries.update().values(published_at=NOW))
    with database.read() as session:
        row = {each.id: each for each in reading.latest(session, most=None)}[EntryId(2)]
    assert _earlier(database, row) == ["Billet 0"]
    assert newest.id == 3


def test_the_indexes_are_walked_whether_an_entry_is_signed_or_not(database: Database) -> None:
    newest = _fill(database, ["CWM"] * 3)
    for row in (newest, replace(newest, author=None)):
        plans = _plans(database, row)
        assert len(plans) == 2
        assert "ix_entries_source_published" in plans[0]
        assert "SEARCH entries USING INTEGER PRIMARY KEY" in plans[1]
        assert "SCAN entries" not in "".join(plans)


def _plans(database: Database, row: EntryRow) -> list[str]:
    """Tell how each question is answered."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    with database.read() as session:

        @event.listens_for(session, "before_cursor_execute")
        def _note(*call: Any) -> None:
            asked.append((call[2], call[3]))

        reading.earlier(session, row, most=5, looked_at=200)
        event.remove(session, "before_cursor_execute", _note)
        explained = [
            session.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            for statement, values in asked
        ]
    return ["\n".join(step[3] for step in steps) for steps in explained]
