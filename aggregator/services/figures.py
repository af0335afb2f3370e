"""Figures: how much is followed, stored and waiting to be read."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.services.context import Context
from aggregator.services.sources import health
from aggregator.storage import figures, measures, tombstones


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What `veille stats` tells; states are the numbers of sources in each state.

    `comments` are those shown, pingbacks left out; `waiting` those that wait for an answer.
    `empty_bytes` of the database's are filled before it grows; `thrown_away` are entries that
    were older than VEILLE_KEEP.
    """

    sources: int
    states: dict[str, int]
    pages: int
    entries: int
    unread: int
    starred: int
    comments: int
    waiting: int
    polls_24h: int
    failed_24h: int
    entries_24h: int
    entries_7d: int
    database_bytes: int
    empty_bytes: int
    thrown_away: int
    oldest_at: datetime | None
    newest_at: datetime | None


def figures_now(context: Context) -> Figures:
    """Count what is followed and stored."""
    now = context.clock()
    states = health(context).states
    with context.database.read() as session:
        counts = figures.counts(session, now=now)
        _, empty = measures.space(session)
        thrown_away = tombstones.count(session)
    path = context.database.path
    return Figures(
        sources=sum(states.values()),
        states={state.value: count for state, count in sorted(states.items())},
        database_bytes=sum(
            file.stat().st_size for file in path.parent.glob(path.name + "*") if file.is_file()
        ),
        empty_bytes=empty,
        thrown_away=thrown_away,
        **counts,
    )
