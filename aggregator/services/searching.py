"""Searching what is stored."""

from aggregator.domain.items import EntryId, Found
from aggregator.services.context import Context
from aggregator.storage import reading


def search(
    context: Context, words: str, *, limit: int = 50, before: EntryId | None = None
) -> tuple[Found, ...]:
    """Find entries that have all the words, newest first; `before` goes on after that entry.

    "Quoted words" stand together, -word leaves out, the last word may be a beginning. A limit
    of 0 means all.
    """
    with context.database.read() as session:
        return reading.search(session, words, most=limit or None, before=before)
