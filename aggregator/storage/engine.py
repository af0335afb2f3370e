"""Connections: many readers, one writer at a time.

On SQLite the writer begins with BEGIN IMMEDIATE in WAL mode and waits for its turn: what
SQLAlchemy does by default loses updates between processes.
"""

import logging
import sqlite3
import threading
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

log = logging.getLogger(__name__)

Session = Connection
"""What storage functions are given: one transaction."""

BUSY_TIMEOUT_S: Final = 30.0
"""How long one that writes waits for another, unless it is told otherwise."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-8192",
)
_REFUSALS: Final = (
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_NOTADB",
    "SQLITE_READONLY",
)
"""What the place of the database is at fault for, and not the program."""

GONE: Final = N_(
    "The database %(path)s is not there any more. Put it back as it was, or end Veille and "
    "start it again: it then begins with an empty one."
)
ANOTHER: Final = N_(
    "Another file stands where the database %(path)s was, and it is none of this Veille. Put "
    "the right one there, or end Veille and start it again."
)


class Database:
    """One database, by its SQLAlchemy address. Opening it writes nothing.

    One that writes waits `patience_s` for another writer.
    """

    def __init__(self, url: str, *, patience_s: float = BUSY_TIMEOUT_S) -> None:
        self.url: Final = _sqlite_url(url)
        self._readers: Final = _sqlite_engine(url, begin="BEGIN", patience_s=patience_s)
        self._writer: Final = _sqlite_engine(url, begin="BEGIN IMMEDIATE", patience_s=patience_s)
        self._file: tuple[int, int] | None = None
        self._is_ours: Callable[[Session], bool] = lambda _: True
        self._changing_over: Final = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that only reads: it sees one state of the database."""
        with self._opened(self._readers) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that may write, commit it at the end, undo it on an exception.

        Waits its turn while another writes, in this process or elsewhere.

        Raises:
            UnavailableError: its turn did not come, or the place of the database refuses.
        """
        with self._opened(self._writer) as session:
            yield session

    def remember(self, is_ours: Callable[[Session], bool]) -> None:
        """Hold on to the file there is: from now on one that is gone or another is noticed.

        Connections that are open would go on writing into a file that nobody finds again, and
        new ones would make an empty one in its place. `is_ours` judges a file that comes later.
        """
        self._is_ours = is_ours
        self._file = self._found()

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _look(self) -> None:
        """Make sure that the file is still the one that was remembered."""
        if self._file is None or (found := self._found()) == self._file:
            return
        if found is None:
            raise UnavailableError(GONE, path=str(self.path))
        with self._changing_over:
            if found != self._file:
                self._change_over()
                self._file = found

    def _change_over(self) -> None:
        """Go on with the file that was put in the place of ours, if it is one of ours."""
        self.close()
        try:
            with self._readers.connect() as connection, connection.begin():
                is_ours = self._is_ours(connection)
        except DatabaseError:
            is_ours = False
        if not is_ours:
            self.close()
            raise UnavailableError(ANOTHER, path=str(self.path))
        log.warning("the database was replaced path=%s", self.path)

    @contextmanager
    def _opened(self, engine: Engine) -> Iterator[Session]:
        self._look()
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


def _sqlite_engine(url: str, *, begin: str, patience_s: float) -> Engine:
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_with(patience_s))
    event.listen(engine, "begin", _begin_with(begin))
    return engine


def _prepare_with(
    patience_s: float,
) -> Callable[[sqlite3.Connection, ConnectionPoolEntry], None]:
    pragmas = (f"PRAGMA busy_timeout={round(patience_s * 1000)}", *_PRAGMAS)

    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # We begin transactions ourselves: sqlite3 would do it late, and only for writes.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    return prepare


def _begin_with(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin
