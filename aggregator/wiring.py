"""Put the parts together: one place that knows them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aggregator import __version__, clock
from aggregator.errors import UnavailableError
from aggregator.ingest.fetch import Fetcher, user_agent
from aggregator.ingest.guard import AddressGuard
from aggregator.ingest.parsers import ParserPool
from aggregator.services.context import Context
from aggregator.settings import Settings, environment
from aggregator.storage.engine import GONE, Database
from aggregator.storage.schema import prepare

MOST_BODY_BYTES: Final = 10 * 1024 * 1024
MOST_PARSER_BYTES: Final = 1024 * 1024 * 1024


@contextmanager
def assembled(
    settings: Settings, *, new: bool = True, patience_s: float | None = None
) -> Iterator[Context]:
    """Open the database (made or migrated where needed) and hand out the context.

    Fetching and reading start their thread and processes only when first used. Unless `new`,
    the database must be there already. `patience_s` is how long a writer waits for another.

    Raises:
        InvalidInputError: the database cannot be used.
    """
    database = _database(settings, new=new, patience_s=patience_s)
    fetcher = Fetcher(
        guard=AddressGuard(settings.allow_private),
        user_agent=user_agent(__version__, settings.contact),
        concurrency=settings.concurrency,
        host_delay=settings.host_delay,
        host_concurrency=settings.host_concurrency,
        timeout_s=settings.fetch_timeout.total_seconds(),
        max_body_bytes=MOST_BODY_BYTES,
        clock=clock.now,
    )
    parsers = ParserPool(
        workers=settings.parsers,
        deadline_s=settings.parse_timeout.total_seconds(),
        max_memory_bytes=MOST_PARSER_BYTES,
    )
    try:
        yield Context(
            clock=clock.now,
            database=database,
            fetcher=fetcher,
            parsers=parsers,
            settings=settings,
            environment=environment(),
        )
    finally:
        fetcher.close()
        parsers.close()
        database.close()


def _database(settings: Settings, *, new: bool, patience_s: float | None) -> Database:
    # A migration waits longer for its turn than a click may.
    database = Database(settings.database)
    if not new and not database.path.exists():
        raise UnavailableError(GONE, path=str(database.path))
    prepare(database)
    if patience_s is None:
        return database
    database.close()
    hasty = Database(settings.database, patience_s=patience_s)
    prepare(hasty)
    return hasty
