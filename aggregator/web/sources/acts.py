"""What is done to a source without changing feeds.yaml; and its box on the dashboard."""

from typing import Final

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.sources import SourceId
from aggregator.services import polling, reading, replacing, sources
from aggregator.web import hx, pages, toast
from aggregator.web.choices import choice
from aggregator.web.current import context
from aggregator.web.sources.blueprint import screens
from aggregator.web.wording import fault_sentence, gettext, until

__all__ = ["screens"]

_LOST: Final = {"http-404", "http-410"}
"""Faults whose sentence would have one look for the address that was just looked for."""


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


@screens.post("/sources/<int:source_id>/look")
def look(source_id: int) -> ResponseReturnValue:
    """Look on the site of a source for another address of its feed; what is found is proposed."""
    found = replacing.look_now(context(), SourceId(source_id))
    said, page = toast.Toast(text=_sought(found)), url_for(".show", source_id=source_id)
    if found.proposals or found.used:  # told on the page of the source alone
        return toast.on_page(said, page)
    return toast.after(said, hx.CHANGED, back=page)


def _sought(found: replacing.Sought) -> str:
    if found.used:
        return gettext(
            "Found: the feed is at %(url)s and is asked there from now on.", url=found.used
        )
    if found.proposals:
        return gettext("Found: another address is proposed.")
    if found.too_soon:
        return gettext("It was looked for a moment ago: try again in a few minutes.")
    if found.fault and found.fault.code in _LOST:
        return gettext(
            "Nothing was found: its site is not there any more either. "
            "Look in your browser where it went."
        )
    if found.fault:
        return gettext("Its site cannot be looked at. %(why)s", why=fault_sentence(found.fault))
    return gettext("Nothing was found: its site announces no other feed.")


@screens.post("/sources/<int:source_id>/images")
def images(source_id: int) -> ResponseReturnValue:
    """Allow the pictures of a source for good, or ask about them again."""
    wanted = request.form.get("images")
    if wanted not in {"allow", "forbid"}:
        abort(400)
    name = sources.show_images(context(), SourceId(source_id), allowed=wanted == "allow")
    if wanted == "allow":
        said = gettext("The images of %(name)s are shown from now on.", name=name)
    else:
        said = gettext("The images of %(name)s are shown only when you ask.", name=name)
    return toast.after(toast.Toast(text=said), hx.IMAGES_CHANGED, back=url_for(".index"))
