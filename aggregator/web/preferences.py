"""What one browser prefers: its language and its theme, kept in cookies."""

from typing import Final

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from aggregator.translations import LANGUAGES
from aggregator.web import hx
from aggregator.web.frame import THEME_COOKIE, THEMES
from aggregator.web.security import own_path
from aggregator.web.wording import COOKIE as LANGUAGE_COOKIE

screens: Final = Blueprint("preferences", __name__)

YEAR_S: Final = 365 * 24 * 3600
CHOICES: Final = {LANGUAGE_COOKIE: LANGUAGES, THEME_COOKIE: THEMES}


@screens.post("/preferences")
def keep() -> ResponseReturnValue:
    """Keep a choice of language or theme, then show the same page with it."""
    chosen = {name: request.form[name] for name in CHOICES if name in request.form}
    if not chosen or any(value not in CHOICES[name] for name, value in chosen.items()):
        abort(400)
    if hx.wants_part():
        answer: Response = hx.unchanged()
        answer.headers["HX-Refresh"] = "true"
    else:
        answer = redirect(own_path(request.form.get("next")) or url_for("pages.first"), 303)
    for name, value in chosen.items():
        answer.set_cookie(
            name, value, max_age=YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return answer
