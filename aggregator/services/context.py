"""What every use case is given."""

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.clock import Clock
from aggregator.ingest.fetch import Fetcher
from aggregator.ingest.parsers import ParserPool
from aggregator.settings import Settings
from aggregator.storage.engine import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The parts a use case works with; made in `wiring`, or by a test.

    `environment` is what `${NAME}` in feeds.yaml may name.
    """

    clock: Clock
    database: Database
    fetcher: Fetcher
    parsers: ParserPool
    settings: Settings
    environment: Mapping[str, str]
