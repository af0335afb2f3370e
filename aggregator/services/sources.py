"""The followed sources and how they are doing."""

from collections import Counter

from aggregator.domain.sources import HealthSummary, SourceHealth, SourceState, state_of
from aggregator.services.context import Context
from aggregator.storage import sources

_FOLLOWED = frozenset(SourceState) - {SourceState.PAUSED, SourceState.RETIRED}
_FAILING = frozenset({SourceState.FAILING, SourceState.GONE, SourceState.BRIDGE_DOWN})


def list_sources(context: Context) -> tuple[SourceHealth, ...]:
    """List all sources of feeds.yaml, in its order, retired ones included."""
    with context.database.read() as session:
        return sources.listed(session, floor_s=int(context.settings.floor.total_seconds()))


def health(context: Context) -> HealthSummary:
    """Count what the health sentence says; `waiting` are those never polled yet."""
    found = list_sources(context)
    states = Counter(state_of(source) for source in found)
    failing = sum(states[state] for state in _FAILING)
    waiting = states[SourceState.NEW]
    return HealthSummary(
        up_to_date=sum(states[state] for state in _FOLLOWED) - failing - waiting,
        failing=failing,
        waiting=waiting,
        last_polled_at=max(
            (source.last_polled_at for source in found if source.last_polled_at), default=None
        ),
        states=dict(states),
    )
