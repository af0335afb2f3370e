"""The pages of the door: sign in, choose the first password, sign out, who came in."""

from math import ceil
from typing import Final

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask import session as toasts
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from aggregator.domain.door import LEAST_LETTERS, OUTCOME_WORDS, Outcome, Standing
from aggregator.errors import InvalidInputError, UnavailableError
from aggregator.services import door
from aggregator.services.door import Tried
from aggregator.web.current import context, now
from aggregator.web.door import gate, session
from aggregator.web.frame import screen
from aggregator.web.security import is_near_or_encrypted, own_path
from aggregator.web.wording import gettext, mistake, ngettext

screens: Final = Blueprint("door", __name__)

SHOWN: Final = 30
_STATUS: Final = {Outcome.WRONG: 403, Outcome.REFUSED: 429}


@screens.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the door; who is in already, or needs no password, goes on."""
    return _elsewhere(Standing.LOCKED) or _page("door/index.html")


@screens.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Let in who knows the password."""
    if elsewhere := _elsewhere(Standing.LOCKED):
        return elsewhere
    tried = door.try_password(context(), request.form.get("password", ""), _address())
    if tried.outcome is Outcome.RIGHT:
        return _let_in()
    return _refused("door/index.html", tried, gettext("This is not the password."))


@screens.get("/first-password")
def first() -> ResponseReturnValue:
    """Ask for the one-time word, and for the password that one chooses."""
    return _elsewhere(Standing.WAITING) or _page("door/first.html")


@screens.post("/first-password")
def choose() -> ResponseReturnValue:
    """Set the first password, and let in who chose it."""
    if elsewhere := _elsewhere(Standing.WAITING):
        return elsewhere
    given = request.form
    if given.get("password", "") != given.get("again", ""):
        return _page("door/first.html", gettext("The two passwords are not the same."), 400)
    try:
        tried = door.choose_password(
            context(), given.get("word", ""), given.get("password", ""), _address()
        )
    except UnavailableError:
        raise
    except InvalidInputError as error:
        return _page("door/first.html", mistake(error), 400)
    if tried.outcome is Outcome.RIGHT:
        return _let_in()
    sentence = gettext("This is not the word that “veille serve” printed at its last start.")
    return _refused("door/first.html", tried, sentence)


@screens.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session, and have the browser forget what it kept of the pages."""
    answer = redirect(url_for("door.sign_in"), 303)
    if gate.is_signed_in():
        door.end_session(context(), g.session.id)
        g.leaving = True
        toasts.clear()
        session.forget(answer)
        if is_near_or_encrypted():  # elsewhere browsers do not heed it, and keep nothing
            answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@screens.get("/sign-ins")
def history() -> ResponseReturnValue:
    """Show who tried to come in lately."""
    tries = door.last_tries(context(), SHOWN)
    return screen("door/tries.html", tries=tries, outcomes=OUTCOME_WORDS)


def _elsewhere(expected: Standing) -> Response | None:
    """Lead on where this page of the door has nothing to ask; None where it has."""
    found = gate.standing().standing
    if found is Standing.SHUT:
        return gate.turn_away(found)
    if gate.is_admitted():
        return redirect(_next() or url_for("pages.first"), 303)
    if found is expected:
        return None
    endpoint = "door.sign_in" if found is Standing.LOCKED else "door.first"
    return redirect(url_for(endpoint, next=_next()), 303)


def _let_in() -> ResponseReturnValue:
    toasts.clear()
    answer = redirect(_next() or url_for("pages.first"), 303)
    session.begin(answer, door.look(context()), now())
    return answer


def _refused(template: str, tried: Tried, wrong: str) -> ResponseReturnValue:
    if tried.wait is None:
        return _page(template, wrong, _STATUS[tried.outcome])
    wait_s = max(ceil(tried.wait.total_seconds()), 1)
    sentence = ngettext(
        "Too many tries: wait %(num)s second, then try again.",
        "Too many tries: wait %(num)s seconds, then try again.",
        wait_s,
    )
    answer = _page(template, sentence, _STATUS[tried.outcome])
    answer.headers["Retry-After"] = str(wait_s)
    return answer


def _page(template: str, sentence: str | None = None, status: int = 200) -> Response:
    """Make a page that stands alone: around it is nothing that is stored."""
    page = render_template(template, sentence=sentence, next=_next(), least=LEAST_LETTERS)
    return make_response(page, status)


def _next() -> str | None:
    return own_path(request.values.get("next"))


def _address() -> str:
    return request.remote_addr or ""
