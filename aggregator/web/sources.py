"""Sources: how each is doing, in words, and the box of one on the dashboard."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.sources import SourceHealth, SourceId, SourceState, state_of
from aggregator.errors import NotFoundError
from aggregator.services import polling, reading
from aggregator.services import sources as use_cases
from aggregator.translations import N_
from aggregator.web import boxes, hx, pages, toast
from aggregator.web.boxes import minute
from aggregator.web.current import context
from aggregator.web.frame import screen
from aggregator.web.wording import gettext, until

screens: Final = Blueprint("sources", __name__)

GROUPS: Final = (
    (N_("Needs attention"), {SourceState.FAILING, SourceState.GONE, SourceState.BRIDGE_DOWN}),
    (N_("Not checked yet"), {SourceState.NEW}),
    (N_("Working"), {SourceState.OK, SourceState.SLOW, SourceState.DORMANT}),
    (N_("Paused or no longer followed"), {SourceState.PAUSED, SourceState.RETIRED}),
)


@screens.get("/sources")
def index() -> ResponseReturnValue:
    """Show every source with its health; only the list itself where htmx asks for it."""
    listed = use_cases.list_sources(context())
    token = hx.seen(listed, minute())
    if hx.has_seen(token):
        return hx.unchanged()
    values: dict[str, Any] = {"groups": _grouped(listed), "listed_seen": token}
    if hx.wants_part():
        return hx.part("sources/_list.html", **values)
    return screen("sources/index.html", **values)


def _grouped(listed: Sequence[SourceHealth]) -> list[tuple[str, list[SourceHealth]]]:
    groups = [
        (title, [source for source in listed if state_of(source) in states])
        for title, states in GROUPS
    ]
    return [group for group in groups if group[1]]


@screens.get("/sources/<int:source_id>/box")
def box(source_id: int) -> ResponseReturnValue:
    """Show a box again where it has changed; where its source has gone, the box goes too."""
    try:
        shown = reading.box(context(), SourceId(source_id))
    except NotFoundError:
        if hx.wants_part():
            return Response()
        raise
    token = boxes.seen(shown)
    if hx.has_seen(token):
        return hx.unchanged()
    return hx.part("pages/_box.html", box=shown)


@screens.post("/sources/<int:source_id>/read")
def mark_read(source_id: int) -> ResponseReturnValue:
    """Mark all entries of a source as read."""
    wanted = SourceId(source_id)
    acted = reading.mark_all_read(context(), upto=pages.upto(), source_id=wanted)
    events = (hx.CHANGED, hx.changed_in(source_id))
    return toast.after(toast.done(acted), *events, back=url_for("pages.first"))


@screens.post("/sources/<int:source_id>/poll")
def poll(source_id: int) -> ResponseReturnValue:
    """Ask for a source to be read soon."""
    moment = polling.ask_for_poll(context(), SourceId(source_id))
    asked = toast.Toast(text=gettext("This source will be checked %(when)s.", when=until(moment)))
    events = (hx.CHANGED, hx.changed_in(source_id))
    return toast.after(asked, *events, back=url_for(".index"))
