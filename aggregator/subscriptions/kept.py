"""The list in use as it is kept in the database: quicker to read again than its YAML."""

from pydantic import TypeAdapter, ValidationError

from aggregator.domain.following import FollowList

_KEPT = TypeAdapter(FollowList)


def dump(follow: FollowList) -> str:
    """Write a list as JSON; what `load` reads is equal to it."""
    return _KEPT.dump_json(follow).decode()


def load(kept: str) -> FollowList | None:
    """Read what `dump` wrote; None where another version of the program wrote it."""
    try:
        follow = _KEPT.validate_json(kept)
    except ValidationError:
        return None
    return follow if dump(follow) == kept else None
