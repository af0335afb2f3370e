"""Parts for htmx: who wants one, and how to answer with it.

The only module that knows flask-htmx. A part is a template with one root element; the page
that includes it and the route that returns it show the same.
"""

from collections.abc import Sequence
from hashlib import blake2s
from typing import Any, Final

from flask import Response, current_app, make_response, render_template
from flask_htmx import HTMX

_REQUEST: Final = HTMX()
"""Reads the headers of the request at hand; holds nothing."""

REFRESH_S: Final = 20
"""Seconds between two looks of a page at what has changed."""

CHANGED: Final = "changed"
"""Event: something changed its state; the page asks at once what it shows otherwise now."""

UNDONE: Final = "undone"
"""Event: an act was taken back; the page asks for all it shows, in sight or not."""

IMAGES_CHANGED: Final = "changed-images"
"""Event: the images of a source were allowed or forbidden; the open article listens."""


def wants_part() -> bool:
    """Tell whether the answer is to be a part: asked by htmx for a place in the page."""
    asked = bool(_REQUEST)
    return asked and not (_REQUEST.boosted or _REQUEST.history_restore_request)


def part(template: str, *events: str, status: int = 200, **values: Any) -> Response:
    """Answer with a part; the `events` are told to the page."""
    return _told(make_response(render_template(template, **values), status), events)


def quiet(*events: str) -> Response:
    """Answer with no part, only with `events`, to a form that replaces nothing."""
    return _told(current_app.response_class(), events)


def gone_to(path: str) -> Response:
    """Have the page go to another, where what it shows is no longer so."""
    answer = current_app.response_class()
    answer.headers["HX-Redirect"] = path
    return answer


def unchanged() -> Response:
    """Answer that the page shows it already."""
    return current_app.response_class(status=204)


def _told(answer: Response, events: Sequence[str]) -> Response:
    """Tell the page that something happened.

    After the swap, where htmx tells it to the body if the button that asked was replaced
    meanwhile; `HX-Trigger` tells it to that button alone, and it would be lost.
    """
    if events:
        answer.headers["HX-Trigger-After-Swap"] = ", ".join(events)
    return answer


def into(answer: Response, selector: str) -> Response:
    """Send a part to another place than the one that asked, replacing what is there."""
    answer.headers["HX-Retarget"] = selector
    answer.headers["HX-Reswap"] = "outerHTML"
    return answer


def seen(*values: object) -> str:
    """Make a token of what a part shows: it changes when the values do."""
    return blake2s(repr(values).encode(), digest_size=8).hexdigest()
