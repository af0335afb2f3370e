"""What the page of a source writes into feeds.yaml: its purpose, a proposed address; and undo."""

from collections.abc import Callable

from flask import request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.health import ProposalId
from aggregator.domain.sources import SourceHealth, SourceId
from aggregator.services import editing, proposals, reverting
from aggregator.web import hx, toast
from aggregator.web.current import context
from aggregator.web.sources.blueprint import screens
from aggregator.web.wording import gettext

__all__ = ["screens"]

LONGEST: int = 200
"""Letters of a purpose."""


@screens.post("/sources/<int:source_id>/purpose")
def describe(source_id: int) -> ResponseReturnValue:
    """Write what a source is for, or nothing."""
    wanted = " ".join(request.form.get("purpose", "").split())[:LONGEST] or None
    said = gettext("Written: what it is for.") if wanted else gettext("Its purpose is taken out.")
    return _edited(
        source_id, said, lambda: editing.describe(context(), SourceId(source_id), wanted)
    )


@screens.post("/sources/<int:source_id>/proposals/<int:proposal_id>/accept")
def accept(source_id: int, proposal_id: int) -> ResponseReturnValue:
    """Write a proposed address into feeds.yaml in the place of the one that is there."""
    said = gettext("The new address is written: it is checked in a moment.")
    return _edited(source_id, said, lambda: proposals.accept(context(), ProposalId(proposal_id)))


@screens.post("/sources/<int:source_id>/proposals/<int:proposal_id>/decline")
def decline(source_id: int, proposal_id: int) -> ResponseReturnValue:
    """Leave the address as it is; the other one is not proposed again."""
    proposals.decline(context(), ProposalId(proposal_id))
    back = url_for(".reopen", source_id=source_id, proposal_id=proposal_id)
    said = toast.Toast(text=gettext("The address stays as it is."), undo_path=back)
    return toast.after(said, hx.CHANGED, back=_page(source_id))


@screens.post("/sources/<int:source_id>/proposals/<int:proposal_id>/reopen")
def reopen(source_id: int, proposal_id: int) -> ResponseReturnValue:
    """Propose again an address that was declined by mistake."""
    proposals.reopen(context(), ProposalId(proposal_id))
    said = toast.Toast(text=gettext("The address is proposed again."))
    return toast.on_page(said, _page(source_id))


@screens.post("/sources/<int:source_id>/undo/<after>/<before>")
def undo(source_id: int, after: str, before: str) -> ResponseReturnValue:
    """Put back the feeds.yaml that was there before, unless it was edited since."""
    if reverting.take_back(context(), before=before, after=after):
        said = gettext("Undone: feeds.yaml is as it was before.")
    else:
        said = gettext("feeds.yaml was edited since: change it back by hand.")
    return toast.on_page(toast.Toast(text=said), _page(source_id))


def _edited(source_id: int, said: str, edit: Callable[[], SourceHealth]) -> ResponseReturnValue:
    """Edit feeds.yaml, and offer to take that back where anything changed."""
    before = editing.digest(context())
    edit()
    after = editing.digest(context())
    if after == before:
        nothing = toast.Toast(text=gettext("Nothing had to be changed."))
        return toast.after(nothing, hx.CHANGED, back=_page(source_id))
    back = url_for(".undo", source_id=source_id, before=before, after=after)
    done = toast.Toast(text=said, undo_path=back)
    return toast.after(done, hx.CHANGED, back=_page(source_id))


def _page(source_id: int) -> str:
    return url_for(".show", source_id=source_id)
