"""Icons of sites, served from here: no site learns who reads it, or when."""

from typing import Final

from flask import Blueprint, Response

from aggregator.services import icons
from aggregator.web.current import context

screens: Final = Blueprint("icons", __name__)

YEAR_S: Final = 365 * 24 * 3600


@screens.get("/icons/<digest>")
def show(digest: str) -> Response:
    """Send an icon; its name is made of what it contains, so that browsers may keep it."""
    found = icons.find(context(), digest)
    answer = Response(found.content, mimetype=found.media_type)
    answer.cache_control.private = True
    answer.cache_control.max_age = YEAR_S
    answer.cache_control.immutable = True
    return answer
