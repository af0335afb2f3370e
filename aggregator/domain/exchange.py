"""The list of subscriptions as other programs exchange it, and as they are asked for."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A source that somebody wishes to follow; no page means the first one."""

    url: str
    name: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An address of a list that is not followed, and why: a gettext id."""

    address: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """What a list of another program comes to, in its order; `kind` is what it was."""

    kind: str
    subscriptions: tuple[Subscription, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
