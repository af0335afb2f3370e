"""Figures for machines: what was done since the database was made, and how things stand now."""

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.domain.sources import SourceState
from aggregator.services import heartbeats
from aggregator.services.context import Context
from aggregator.services.sources import health
from aggregator.storage import counters, measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """All that /metrics tells. `counted` is by the names of `domain.counters`.

    `lag_s` is how long the source has been due that waits longest; `beat_age_s` is None where
    no poller ever gave a sign of life.
    """

    counted: Mapping[str, int]
    states: Mapping[SourceState, int]
    failing: int
    lag_s: float
    beat_age_s: float | None
    database_bytes: int
    empty_bytes: int
    entries: int
    unread: int
    comments: int
    waiting: int
    tombstones: int
    sources_due: int
    sources_claimed: int
    comment_feeds_due: int
    comment_feeds_claimed: int


def measure(context: Context) -> Measures:
    """Read everything that is measured: a few milliseconds."""
    now = context.clock()
    summary = health(context)
    beat_at = heartbeats.last_beat(context)
    with context.database.read() as session:
        counted = counters.kept(session)
        amounts = measures.amounts(session, now=now)
        due_since = measures.longest_due(session, now=now)
        size, empty = measures.space(session)
    return Measures(
        counted=counted,
        states=summary.states,
        failing=summary.failing,
        lag_s=0 if due_since is None else (now - due_since).total_seconds(),
        beat_age_s=None if beat_at is None else (now - beat_at).total_seconds(),
        database_bytes=size,
        empty_bytes=empty,
        **amounts,
    )
