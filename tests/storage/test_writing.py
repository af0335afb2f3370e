"""Transactions: one writer at a time, nothing lost between processes."""

import multiprocessing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from aggregator.storage import installation
from aggregator.storage.engine import Database
from aggregator.storage.tables import pages, polls


def _count_up(url: str, times: int) -> None:
    database = Database(url)
    for _ in range(times):
        with database.write() as session:
            installation.keep_fact(session, "count", installation.fact(session, "count") + 1)
    database.close()


def test_no_update_is_lost_between_processes(database: Database) -> None:
    with database.write() as session:
        installation.keep_fact(session, "count", 0)
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_count_up, args=(str(database.url), 50)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    with database.read() as session:
        assert installation.fact(session, "count") == 150


def test_what_fails_in_the_middle_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            installation.keep_fact(session, "half", "done")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.read() as session:
        assert installation.fact(session, "half") is None


def test_a_reader_sees_one_state_while_another_writes(database: Database) -> None:
    with database.read() as reader:
        assert installation.fact(reader, "page") is None
        with database.write() as writer:
            installation.keep_fact(writer, "page", "new")
        assert installation.fact(reader, "page") is None
    with database.read() as reader:
        assert installation.fact(reader, "page") == "new"


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    query = select(polls).where(polls.c.polled_at == datetime(2026, 1, 1))  # noqa: DTZ001 - the point
    with database.read() as session, pytest.raises(Exception, match="time zone"):
        session.execute(query)


def test_the_database_is_in_wal_mode_and_keeps_its_references(database: Database) -> None:
    with database.read() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert session.execute(select(pages)).all() == []


def test_opening_a_database_writes_no_file(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'none.db'}").close()
    assert list(tmp_path.iterdir()) == []
