"""Leaving a source alone for a while or for good: nothing is lost, and all can be undone."""

from typing import Final

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.sources import SourceId
from aggregator.services import editing, sources
from aggregator.translations import N_
from aggregator.web import hx, toast
from aggregator.web.current import context
from aggregator.web.frame import screen
from aggregator.web.security import own_path
from aggregator.web.wording import gettext

screens: Final = Blueprint("retiring", __name__)

REASONS: Final = (
    N_("it has closed"),
    N_("nothing new for a long time"),
    N_("too many entries"),
    N_("no longer of use to me"),
)
"""Why people stop following; they may write another."""


@screens.post("/sources/<int:source_id>/pause")
def pause(source_id: int) -> ResponseReturnValue:
    """Leave a source alone until it is resumed."""
    source = editing.pause(context(), SourceId(source_id))
    return _done(source_id, gettext("%(name)s is paused.", name=source.name), undo=True)


@screens.post("/sources/<int:source_id>/resume")
def resume(source_id: int) -> ResponseReturnValue:
    """Follow a source again that was paused or retired."""
    source = editing.resume(context(), SourceId(source_id))
    text = gettext("%(name)s is followed again.", name=source.name)
    if source.retired_since is not None:  # it has no box yet on the page at hand
        back = own_path(request.form.get("next")) or url_for("sources.index")
        return toast.on_page(toast.Toast(text=text), back)
    return _done(source_id, text)


@screens.get("/sources/<int:source_id>/retire")
def ask(source_id: int) -> ResponseReturnValue:
    """Ask why a source is no longer followed."""
    source = sources.source(context(), SourceId(source_id))
    back = own_path(request.args.get("next")) or url_for("sources.index")
    return screen("sources/retire.html", source=source, reasons=REASONS, back=back)


@screens.post("/sources/<int:source_id>/retire")
def retire(source_id: int) -> ResponseReturnValue:
    """Stop following a source, for the reason that is given, if one is."""
    why = request.form.get("why", "")[:200].strip() or None
    source = editing.retire(context(), SourceId(source_id), why)
    return _done(
        source_id, gettext("%(name)s is no longer followed.", name=source.name), undo=True
    )


def _done(source_id: int, text: str, *, undo: bool = False) -> ResponseReturnValue:
    path = url_for(".resume", source_id=source_id) if undo else None
    said = toast.Toast(text=text, undo_path=path)
    return toast.after(said, hx.CHANGED, back=url_for("sources.index"))
