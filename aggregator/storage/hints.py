"""What a feed says of when to come back, as it is kept beside its source."""

from typing import Any

from aggregator.domain.hints import NO_HINTS, Hints


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
