"""Lists of stored entries, for whoever takes them out."""

from collections.abc import Sequence
from datetime import datetime

from aggregator.domain.items import EntryId, EntryRow
from aggregator.errors import NotFoundError
from aggregator.services.context import Context
from aggregator.storage import reading, sources
from aggregator.translations import N_


def entries(
    context: Context, *, limit: int = 100, source: str | None = None, since: datetime | None = None
) -> tuple[EntryRow, ...]:
    """List entries, newest first; a limit of 0 means all.

    Raises:
        NotFoundError: no source of feeds.yaml has this address.
    """
    with context.database.read() as session:
        url = source
        if source is not None:
            found = sources.listed(session, floor_s=0, url=source)
            if not found:
                raise NotFoundError(N_("No source in feeds.yaml has this address."))
            url = found[0].url
        return reading.latest(session, most=limit or None, source_url=url, since=since)


def contents(context: Context, ids: Sequence[EntryId]) -> dict[EntryId, str]:
    """Give the safe HTML of entries."""
    with context.database.read() as session:
        return reading.contents(session, ids)
