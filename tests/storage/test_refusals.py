"""What the place of a database refuses is said in a sentence, and nothing is half written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from aggregator.errors import InvalidInputError
from aggregator.storage import installation, schema
from aggregator.storage.engine import Database

FACT = "fact"


@pytest.fixture
def hasty(database: Database) -> Iterator[Database]:
    """Give the database to somebody who waits for nobody."""
    hasty = Database(str(database.url), patience_s=0.001)
    yield hasty
    hasty.close()


@contextmanager
def another_writer(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def keep(database: Database, value: str) -> None:
    with database.write() as session:
        installation.keep_fact(session, FACT, value)


def fill_up(database: Database) -> None:
    with database.write() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar()
        session.execute(text(f"PRAGMA max_page_count={pages}"))
        installation.keep_fact(session, FACT, "after")
        installation.keep_fact(session, "long", "x" * 1_000_000)


def test_a_lock_that_another_holds_is_said_and_passes(hasty: Database) -> None:
    with (
        another_writer(hasty.path),
        pytest.raises(InvalidInputError, match="cannot be used now: database is locked"),
    ):
        keep(hasty, "kept")
    keep(hasty, "kept")
    with hasty.read() as session:
        assert installation.fact(session, FACT) == "kept"


def test_reading_waits_for_no_writer(hasty: Database) -> None:
    keep(hasty, "kept")
    with another_writer(hasty.path), hasty.read() as session:
        assert installation.fact(session, FACT) == "kept"


def test_a_full_disk_is_said_and_undoes_the_whole_transaction(database: Database) -> None:
    keep(database, "before")
    with pytest.raises(InvalidInputError, match="disk is full"):
        fill_up(database)
    with database.read() as session:
        assert installation.fact(session, FACT) == "before"


def test_a_mistake_of_the_program_stays_one(database: Database) -> None:
    with pytest.raises(OperationalError, match="no such table"), database.read() as session:
        session.execute(text("SELECT 1 FROM nowhere"))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        closing(Database(f"sqlite:///{tmp_path / 'file' / 'veille.db'}")) as database,
        pytest.raises(InvalidInputError, match="Name another in VEILLE_DATA"),
    ):
        schema.prepare(database)


@pytest.mark.parametrize("url", ["nonsense", "", "sqlite://", "mysql://localhost/veille"])
def test_an_address_that_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError, match="VEILLE_DATABASE_URL"):
        Database(url)


def test_torn_pages_are_found(database: Database) -> None:
    with database.read() as session:
        assert schema.faults(session) is None
    database.close()
    with database.path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"torn" * 3 * 4096)
    with database.read() as session:
        assert schema.faults(session)
