"""What one browser prefers: its language and its choices, kept in cookies."""

from collections.abc import Iterable, Mapping
from typing import Final

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from aggregator.translations import LANGUAGES
from aggregator.web import cookies, hx
from aggregator.web.choices import CHOICES
from aggregator.web.security import own_path
from aggregator.web.wording import COOKIE as LANGUAGE

screens: Final = Blueprint("preferences", __name__)

YEAR_S: Final = 365 * 24 * 3600
ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {LANGUAGE: LANGUAGES, **CHOICES}
SHOWN_AT_ONCE: Final = frozenset({"theme", "density", "rail"})
"""What look.js changes on the page that is there; after any other choice it is made again."""


@screens.post("/preferences")
def keep() -> ResponseReturnValue:
    """Keep choices in this browser, then show the same page with them."""
    chosen = {name: request.form[name] for name in ALLOWED if name in request.form}
    if not chosen or any(value not in ALLOWED[name] for name, value in chosen.items()):
        abort(400)
    answer: Response
    if hx.wants_part():
        answer = hx.unchanged()
        if not chosen.keys() <= SHOWN_AT_ONCE:
            answer.headers["HX-Refresh"] = "true"
    else:
        answer = redirect(own_path(request.form.get("next")) or url_for("pages.first"), 303)
    return remember(answer, chosen)


def remember(answer: Response, chosen: Mapping[str, str]) -> Response:
    """Have the browser keep these choices."""
    for name, value in chosen.items():
        cookies.put(answer, name, value, max_age_s=YEAR_S)
    return answer


def forget(answer: Response, names: Iterable[str]) -> Response:
    """Have the browser drop its own choices of these names."""
    for name in names:
        if name in request.cookies:
            cookies.drop(answer, name)
    return answer
