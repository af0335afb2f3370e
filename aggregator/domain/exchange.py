"""The list of subscriptions as other programs exchange it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlOutline:
    """One subscription. `feed_url` still has its `${NAME}`; `site_url` is None if unknown."""

    name: str
    feed_url: str
    site_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFolder:
    """A page of the dashboard with its subscriptions, in order."""

    name: str
    outlines: tuple[OpmlOutline, ...] = ()
