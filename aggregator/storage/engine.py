"""Connections: many readers, one writer at a time.

On SQLite the writer begins with BEGIN IMMEDIATE in WAL mode and waits for its turn: what
SQLAlchemy does by default loses updates between processes.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from aggregator.errors import InvalidInputError, UnavailableError
from aggregator.translations import N_

Session = Connection
"""What storage functions are given: one transaction."""

BUSY_TIMEOUT_S: Final = 30
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16384",
)
_REFUSALS: Final = ("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")
"""What the place of the database is at fault for, and not the program."""


class Database:
    """One database, by its SQLAlchemy address. Opening it writes nothing."""

    def __init__(self, url: str) -> None:
        self.url: Final = _sqlite_url(url)
        self._readers: Final = _sqlite_engine(url, begin="BEGIN")
        self._writer: Final = _sqlite_engine(url, begin="BEGIN IMMEDIATE")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that only reads: it sees one state of the database."""
        with self._opened(self._readers) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that may write, commit it at the end, undo it on an exception.

        Waits up to 30 seconds for another writer, in this process or elsewhere.
        """
        with self._opened(self._writer) as session:
            yield session

    @contextmanager
    def _opened(self, engine: Engine) -> Iterator[Session]:
        try:
            connection = engine.connect()
        except DatabaseError as error:
            raise UnavailableError(
                N_("The database %(path)s cannot be opened: %(why)s. Check VEILLE_DATA."),
                path=str(self.url.database),
                why=str(error.orig),
            ) from error
        try:
            with connection, connection.begin():
                yield connection
        except DatabaseError as error:
            if not getattr(error.orig, "sqlite_errorname", "").startswith(_REFUSALS):
                raise
            raise UnavailableError(
                N_(
                    "The database %(path)s cannot be used now: %(why)s. When that is mended, "
                    "try again."
                ),
                path=str(self.url.database),
                why=str(error.orig),
            ) from error

    @property
    def path(self) -> Path:
        """The file of the database."""
        return Path(self.url.database or "")

    def close(self) -> None:
        """Close every connection."""
        self._readers.dispose()
        self._writer.dispose()


def _sqlite_url(written: str) -> URL:
    try:
        url = make_url(written)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "sqlite" or not url.database:
        raise InvalidInputError(
            N_("VEILLE_DATABASE_URL must begin with sqlite:/// in this version.")
        )
    return url


def _sqlite_engine(url: str, *, begin: str) -> Engine:
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_with(begin))
    return engine


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # We begin transactions ourselves: sqlite3 would do it late, and only for writes.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_with(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin
