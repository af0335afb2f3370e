"""Sources: how each is doing, in words, and the box of one on the dashboard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.sources import SourceHealth, SourceId, SourceState, state_of
from aggregator.services import polling, reading
from aggregator.services import sources as use_cases
from aggregator.translations import N_
from aggregator.web import hx, pages, toast
from aggregator.web.boxes import token
from aggregator.web.choices import choice
from aggregator.web.current import context
from aggregator.web.frame import screen
from aggregator.web.live import Asked, changed
from aggregator.web.wording import gettext, until

screens: Final = Blueprint("sources", __name__)

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
    listed = [(state_of(source), source) for source in use_cases.list_sources(context())]
    groups = []
    for title, states in GROUPS:
        alike = [source for state, source in listed if state in states]
        shown = alike if shows_all else alike[:MOST_SHOWN]
        if alike:
            groups.append(Group(title=title, count=len(alike), shown=shown))
    return {"groups": groups, "shows_all": shows_all, "listed_seen": token(groups)}


@screens.get("/sources/<int:source_id>/box")
def box(source_id: int) -> ResponseReturnValue:
    """Show a box with what is new in it."""
    wanted = SourceId(source_id)
    shown = reading.box(context(), wanted, excerpts=choice("excerpts") == "on")
    return hx.part("pages/_box.html", box=shown)


@screens.post("/sources/<int:source_id>/read")
def mark_read(source_id: int) -> ResponseReturnValue:
    """Mark all entries of a source as read."""
    wanted = SourceId(source_id)
    acted = reading.mark_all_read(context(), upto=pages.upto(), source_id=wanted)
    return toast.after(toast.done(acted), hx.CHANGED, back=url_for("pages.first"))


@screens.post("/sources/<int:source_id>/poll")
def poll(source_id: int) -> ResponseReturnValue:
    """Ask for a source to be read soon."""
    moment = polling.ask_for_poll(context(), SourceId(source_id))
    asked = toast.Toast(text=gettext("This source will be checked %(when)s.", when=until(moment)))
    return toast.after(asked, hx.CHANGED, back=url_for(".index"))


@screens.post("/sources/<int:source_id>/images")
def images(source_id: int) -> ResponseReturnValue:
    """Allow the pictures of a source for good, or ask about them again."""
    wanted = request.form.get("images")
    if wanted not in {"allow", "forbid"}:
        abort(400)
    name = use_cases.show_images(context(), SourceId(source_id), allowed=wanted == "allow")
    if wanted == "allow":
        said = gettext("The images of %(name)s are shown from now on.", name=name)
    else:
        said = gettext("The images of %(name)s are shown only when you ask.", name=name)
    return toast.after(toast.Toast(text=said), hx.IMAGES_CHANGED, back=url_for(".index"))
