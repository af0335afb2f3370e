"""The palette: all one can go to and do, for `Ctrl K` to search in; a page without JavaScript."""

from typing import Any, Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from aggregator.services import reading, sources
from aggregator.web import hx, keys
from aggregator.web.current import context
from aggregator.web.frame import screen

screens: Final = Blueprint("palette", __name__)


@screens.get("/palette")
def index() -> ResponseReturnValue:
    """List the screens, pages and sources, and what keys do; the list alone for the dialog."""
    shown = reading.tabs(context())
    followed = sorted(sources.list_sources(context()), key=lambda one: one.name.casefold())
    visible = {tab.slug for tab in shown}
    values: dict[str, Any] = {
        "places": tuple(keys.places()),
        "acts": tuple(key for key in keys.every_key() if key.offered),
        "pages": shown,
        "sources": [one for one in followed if one.page_slug in visible],
    }
    if hx.wants_part():
        return hx.part("palette/_list.html", dialog=True, **values)
    return screen("palette/index.html", tabs=shown, dialog=False, **values)
