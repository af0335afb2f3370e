"""Put the parts together: one place that knows them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aggregator import __version__, clock
from aggregator.ingest.fetch import Fetcher, user_agent
from aggregator.ingest.guard import AddressGuard
from aggregator.ingest.parsers import ParserPool
from aggregator.services.context import Context
from aggregator.settings import Settings, environment
from aggregator.storage.engine import Database
from aggregator.storage.schema import prepare

MOST_BODY_BYTES: Final = 10 * 1024 * 1024
MOST_PARSER_BYTES: Final = 1024 * 1024 * 1024


@contextmanager
def assembled(settings: Settings) -> Iterator[Context]:
    """Open the database (made or migrated where needed) and hand out the context.

    Fetching and reading start their thread and processes only when first used.

    Raises:
        InvalidInputError: the database cannot be used.
    """
    database = Database(settings.database)
    prepare(database)
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
