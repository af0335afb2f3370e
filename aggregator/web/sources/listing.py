"""The list of sources: how each is doing, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue

from aggregator.domain.sources import SourceHealth, SourceState, state_of
from aggregator.services import sources as use_cases
from aggregator.translations import N_
from aggregator.web.boxes import token
from aggregator.web.current import context, now
from aggregator.web.frame import screen
from aggregator.web.live import Asked, changed
from aggregator.web.sources.blueprint import screens

__all__ = ["index", "list_again", "screens"]

GROUPS: Final = (
    (N_("Needs attention"), {SourceState.FAILING, SourceState.GONE, SourceState.BRIDGE_DOWN}),
    (N_("Not checked yet"), {SourceState.NEW}),
    (N_("Working"), {SourceState.OK, SourceState.SLOW, SourceState.DORMANT}),
    (N_("Paused or no longer followed"), {SourceState.PAUSED, SourceState.RETIRED}),
)


MOST_SHOWN: Final = 200
"""Sources of a group that are listed before one asks for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Sources that are doing alike: how many there are, and those that are shown."""

    title: str
    count: int
    shown: Sequence[SourceHealth]


@screens.get("/sources")
def index() -> ResponseReturnValue:
    """Show every source with its health; of a long group the first ones, unless `all` is asked."""
    return screen("sources/index.html", **_listed(shows_all=request.args.get("all") == "1"))


def list_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the list again where a source is doing otherwise."""
    for part in asked:
        values = _listed(shows_all=part.argument == "all")
        yield changed(part, values["listed_seen"], "sources/_list.html", **values)


def _listed(*, shows_all: bool) -> dict[str, Any]:
    listed = [
        (state_of(source, now=now()), source) for source in use_cases.list_sources(context())
    ]
    groups = []
    for title, states in GROUPS:
        alike = [source for state, source in listed if state in states]
        shown = alike if shows_all else alike[:MOST_SHOWN]
        if alike:
            groups.append(Group(title=title, count=len(alike), shown=shown))
    return {"groups": groups, "shows_all": shows_all, "listed_seen": token(groups)}
