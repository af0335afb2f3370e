"""Whole copies of a database, made while others write; and the exchange of one for another."""

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import delete, text, update

from aggregator.errors import InvalidInputError, UnavailableError
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_feeds, hosts, installation, sources
from aggregator.translations import N_

Progress = Callable[[float], None]
"""Is told how much of the copy is made, from 0 to 1."""

_STEPS: Final = 20_000
"""Of SQLite's own steps, between two reports of progress: a few hundredths of a second."""

_PATIENCE_S: Final = 2.0
"""For a command that is about to end; a server never does."""

_HEADER: Final = b"SQLite format 3\0"
_BESIDE: Final = ("-wal", "-shm", "-journal")


@contextmanager
def fresh_beside(path: Path) -> Iterator[Path]:
    """Give an empty file of its owner's alone beside a path; what is left of it is removed.

    Raises:
        InvalidInputError: the system refuses; the sentence says why.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield fresh
    except OSError as error:
        raise InvalidInputError(
            N_("%(path)s cannot be written: %(why)s."),
            path=str(path),
            why=error.strerror or str(error),
        ) from error
    finally:
        for ending in ("", *_BESIDE):
            fresh.with_name(fresh.name + ending).unlink(missing_ok=True)


def put_in_place(fresh: Path, path: Path) -> None:
    """Give a finished file its name, in one step and for good."""
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    fresh.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy(source: Path, target: Path, *, progress: Progress) -> None:
    """Copy a database as it is at one moment into an empty file, without what is empty in it.

    Others may read and write meanwhile; neither waits for the other.

    Raises:
        sqlite3.Error: it cannot be read, or the copy not be written.
    """
    with closing(_opened(source, "ro")) as connection:
        sizes = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "page_size")
        ]
        whole = max(sizes[0] * sizes[1], 1)
        with _reporting(connection, lambda: progress(min(target.stat().st_size / whole, 1))):
            connection.execute("VACUUM INTO ?", (str(target),))


@contextmanager
def _reporting(connection: sqlite3.Connection, report: Callable[[], None]) -> Iterator[None]:
    """Call `report` while SQLite works; what it raises, Ctrl-C for instance, ends the work."""
    raised: list[BaseException] = []

    def step() -> int:
        try:
            report()
        except BaseException as error:  # noqa: BLE001 - it is raised again, outside of SQLite
            raised.append(error)
        return len(raised)

    connection.set_progress_handler(step, _STEPS)
    try:
        yield
    except sqlite3.OperationalError:
        if raised:
            raise raised[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def fault_of(path: Path) -> str | None:
    """Read a whole database and its indexes over; say what is torn, None where it is sound."""
    try:
        with closing(_opened(path, "ro")) as connection:
            found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        found = str(error)
    return None if found == "ok" else found


_TOTALS: Final = {
    "sources": "SELECT count(*) FROM sources WHERE listed",
    "entries": "SELECT count(*) FROM entries",
    "comments": "SELECT count(*) FROM comments",
}


def totals(path: Path) -> dict[str, int]:
    """Count what a copy of this version holds: followed sources, entries, comments."""
    # Not as other storage does: its connections would make the copy a file with others beside it.
    with closing(_opened(path, "ro")) as connection:
        return {name: connection.execute(query).fetchone()[0] for name, query in _TOTALS.items()}


def totals_now(session: Session) -> dict[str, int]:
    """Count the same in a database that is open."""
    return {name: session.execute(text(query)).scalar_one() for name, query in _TOTALS.items()}


def is_a_database(path: Path) -> bool:
    """Tell whether a file is one of SQLite, sound or not."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def is_ours(path: Path) -> bool:
    """Tell whether a file is a database of Veille, of whatever version."""
    try:
        with closing(_opened(path, "ro")) as connection:
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            connection.execute("SELECT name FROM installation LIMIT 1")
    except sqlite3.Error:
        return False
    return version is not None


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=_PATIENCE_S)


@contextmanager
def held(path: Path) -> Iterator[object]:
    """Keep everybody else out of a database; give its fact of pollers, None where it has none.

    One that is damaged or not there cannot be held, and is nobody's.

    Raises:
        UnavailableError: somebody has it open.
    """
    if not path.is_file():
        yield None
        return
    with closing(_opened(path, "rw")) as connection:
        try:
            # Only who is alone may leave WAL; it also brings all that was written into the file.
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise UnavailableError(IN_USE, path=str(path)) from error
        yield _pollers(connection)


IN_USE: Final = N_(
    "The database %(path)s is in use: end Veille, “veille serve” and every other command of it, "
    "and try again."
)


def _pollers(connection: sqlite3.Connection) -> object:
    query = "SELECT value FROM installation WHERE name = 'pollers'"
    with suppress(sqlite3.Error):
        found = connection.execute(query).fetchone()
        return found[0] if found else None
    return None


def set_aside(path: Path, kept_as: Path) -> None:
    """Give a database another name, with what belongs to it where it was not closed well.

    Where the database itself is gone, what it left gets the name it would have then.
    """
    for ending in ("", *_BESIDE):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(kept_as.with_name(kept_as.name + ending))


def settle(session: Session) -> None:
    """Forget what was going on when a copy was made: who polled what, and who was alive."""
    for table in (sources, comment_feeds):
        session.execute(update(table).values(claimed_by=None, claimed_until=None))
    session.execute(delete(hosts))
    session.execute(delete(installation).where(installation.c.name == "pollers"))
