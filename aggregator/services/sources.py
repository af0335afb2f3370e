"""The followed sources and how they are doing."""

from dataclasses import replace

from aggregator.domain.sources import HealthSummary, SourceHealth, SourceId, SourceState
from aggregator.errors import NotFoundError
from aggregator.services.context import Context
from aggregator.storage import sources
from aggregator.storage.conversations import health as comments_health
from aggregator.translations import N_

_FOLLOWED = frozenset(SourceState) - {SourceState.PAUSED, SourceState.RETIRED}
_FAILING = frozenset({SourceState.FAILING, SourceState.GONE, SourceState.BRIDGE_DOWN})


def list_sources(context: Context) -> tuple[SourceHealth, ...]:
    """List all sources of feeds.yaml, in its order, retired ones included, with their comments."""
    with context.database.read() as session:
        found = sources.listed(session, floor_s=int(context.settings.floor.total_seconds()))
        comments = comments_health.of_comments(session)
    return tuple(
        replace(source, comments=told, comments_url=told.url)
        if (told := comments.get(source.id))
        else source
        for source in found
    )


def source(context: Context, source_id: SourceId) -> SourceHealth:
    """Give one source, a retired one too.

    Raises:
        NotFoundError: it is not in feeds.yaml (any more).
    """
    with context.database.read() as session:
        found = sources.listed(session, floor_s=0, source_id=source_id)
    if not found:
        raise NotFoundError(N_("This source is not followed (any more)."))
    return found[0]


def show_images(context: Context, source_id: SourceId, *, allowed: bool) -> str:
    """Show the pictures of a source always, or ask again; give the name of the source.

    Raises:
        NotFoundError: it is not in feeds.yaml (any more).
    """
    with context.database.write() as session:
        name = sources.show_images(session, source_id, allowed=allowed)
    if name is None:
        raise NotFoundError(N_("This source is not followed (any more)."))
    return name


def health(context: Context) -> HealthSummary:
    """Count what the health sentence says; `waiting` are those never polled yet."""
    with context.database.read() as session:
        states, last_polled_at = sources.count_states(session, now=context.clock())
    failing = sum(states.get(state, 0) for state in _FAILING)
    waiting = states.get(SourceState.NEW, 0)
    return HealthSummary(
        up_to_date=sum(states.get(state, 0) for state in _FOLLOWED) - failing - waiting,
        failing=failing,
        waiting=waiting,
        last_polled_at=last_polled_at,
        states=states,
    )
