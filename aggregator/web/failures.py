"""What a person reads when something fails: a page, or a toast where a part was asked for."""

from typing import Final

from flask import Flask, g, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from aggregator.errors import InvalidInputError, NotFoundError, UnavailableError
from aggregator.translations import N_
from aggregator.web import hx
from aggregator.web.door import gate
from aggregator.web.frame import screen
from aggregator.web.security import FOREIGN
from aggregator.web.toast import Toast
from aggregator.web.wording import gettext, mistake

TITLES: Final[dict[int, str]] = {
    400: N_("This cannot be understood"),
    401: N_("You have to sign in"),
    403: N_("This is not allowed"),
    404: N_("There is nothing here"),
    405: N_("This is not done that way"),
    413: N_("This is too long"),
    500: N_("Something went wrong in Veille"),
    503: N_("This cannot be done now"),
}
SENTENCES: Final[dict[int, str]] = {
    400: N_(
        "The address or the form holds a value that makes no sense here: go back and try again."
    ),
    401: N_("This dashboard has a password: open its first page and sign in."),
    403: FOREIGN,
    404: N_("The page, source or entry you ask for does not exist, or is not followed any more."),
    405: N_("This address does something only when a form of the dashboard asks for it."),
    413: N_("What was sent is larger than any form of the dashboard: send less."),
    500: N_("It is written in the log, and nothing that was stored is lost. Try again."),
}
OWN_WORDS: Final = frozenset({403, 503})
"""Where what is raised says why, in a sentence of ours."""
UNKNOWN_HOST: Final = N_(
    "The dashboard does not answer under this name. Open it as http://127.0.0.1, or name the "
    "host in VEILLE_TRUSTED_HOSTS."
)


def explain(app: Flask) -> None:
    """Answer every failure in words."""
    app.register_error_handler(
        NotFoundError, lambda error: _answer(404, sentence=gettext(str(error) or SENTENCES[404]))
    )
    app.register_error_handler(
        InvalidInputError, lambda error: _answer(400, sentence=mistake(error))
    )
    app.register_error_handler(
        UnavailableError, lambda error: _plain(503, error.message, **error.params)
    )
    app.register_error_handler(SecurityError, lambda _error: _plain(400, UNKNOWN_HOST))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _internal)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:  # a redirect of the router
        return error.get_response()
    own = error.description if error.description != type(error).description else None
    return _answer(error.code, sentence=gettext(own) if own and error.code in OWN_WORDS else None)


def _internal(_error: InternalServerError) -> ResponseReturnValue:
    """Say that the program failed: Flask has written it in the log."""
    return _plain(500, SENTENCES[500])


def _answer(status: int, *, sentence: str | None = None) -> ResponseReturnValue:
    words = sentence or gettext(SENTENCES.get(status, SENTENCES[400]))
    if not gate.is_admitted():  # the frame shows what is stored
        return _alone(status, words)
    if hx.wants_part():
        return _toast(status, words)
    title = gettext(TITLES.get(status, TITLES[400]))
    return screen("errors/index.html", status=status, title=title, sentence=words)


def _toast(status: int, words: str) -> ResponseReturnValue:
    shown = hx.part("frame/_toast.html", status=status, toast=Toast(text=words, bad=True))
    return hx.into(shown, "#toast")


def _plain(status: int, message: str, **places: str | int) -> ResponseReturnValue:
    """Answer without asking for what may have failed itself: the host, the database."""
    g.plain = True
    g.pop("language", None)
    return _alone(status, gettext(message, **places))


def _alone(status: int, words: str) -> ResponseReturnValue:
    """Answer without the frame."""
    if hx.wants_part():
        return _toast(status, words)
    title = gettext(TITLES.get(status, TITLES[400]))
    return make_response(render_template("errors/plain.html", title=title, sentence=words), status)
