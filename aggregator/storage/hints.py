"""What a feed says of when to come back, as it is kept beside its source."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from aggregator.domain.hints import NO_HINTS, Hints
from aggregator.domain.schedule import Because, allowed_from
from aggregator.storage.engine import Session
from aggregator.storage.tables import sources


def dumped(hints: Hints) -> dict[str, Any] | None:
    """Write hints as JSON; None for none."""
    if hints == NO_HINTS:
        return None
    return {
        "ttl_s": hints.ttl_s,
        "update_every_s": hints.update_every_s,
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
    }


def loaded(kept: dict[str, Any] | None) -> Hints:
    """Read what `dumped` wrote."""
    if not kept:
        return NO_HINTS
    return Hints(
        ttl_s=kept.get("ttl_s"),
        update_every_s=kept.get("update_every_s"),
        skip_hours=frozenset(kept.get("skip_hours", ())),
        skip_days=frozenset(kept.get("skip_days", ())),
    )


def ill_timed(session: Session, *, now: datetime) -> dict[int, datetime]:
    """Find the sources that are due at a moment they ask to be left alone, and until when.

    Their poller may have been late. Not those that a person wants polled.
    """
    query = select(sources.c.id, sources.c.hints).where(
        sources.c.listed,
        ~sources.c.paused,
        sources.c.retired_since.is_(None),
        sources.c.next_poll_at <= now,
        sources.c.hints.is_not(None),
        sources.c.next_because.is_distinct_from(Because.ASKED.value),
    )
    allowed = {row.id: allowed_from(now, loaded(row.hints)) for row in session.execute(query)}
    return {source_id: at for source_id, at in allowed.items() if at > now}


def put_off(session: Session, later: Mapping[int, datetime], *, spread: timedelta) -> None:
    """Have sources polled when they let themselves be asked again, `spread` after that."""
    for source_id, at in later.items():
        session.execute(
            update(sources)
            .where(sources.c.id == source_id)
            .values(next_poll_at=at + spread, next_because=Because.SKIPPED.value)
        )
