"""Nobody passes who did not come in: every address is closed but those on the list."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden, ServiceUnavailable, Unauthorized
from werkzeug.wrappers import Response as Answer

from aggregator.domain.door import Standing
from aggregator.services import door
from aggregator.services.door import Door
from aggregator.translations import N_
from aggregator.web import hx
from aggregator.web.current import context, now
from aggregator.web.door import session
from aggregator.web.security import own_path

PUBLIC: Final = frozenset(
    {
        "static",
        "door.sign_in",
        "door.enter",
        "door.first",
        "door.choose",
        "pwa.manifest",
        "pwa.service_worker",
        "pwa.offline",
        "health.tell",
    }
)
"""What is answered to everybody: it shows nothing that is followed or stored."""

UNASKED: Final = frozenset({"static", "health.tell"})
"""What is answered before the database is asked who may come in: it may be out of order."""

BY_TOKEN: Final = frozenset({"metrics.tell"})
"""What a program may read too that has the token of the settings."""

SHUT: Final = N_(
    "Others can reach this dashboard, and it has no password: nobody comes in until there is "
    "one. Choose it with “veille user set-password”."
)
THROUGH_A_PROXY: Final = N_(
    "This came through another server, and the dashboard has no password: it would be open to "
    "anybody. Choose one with “veille user set-password”."
)
_OF_PROXIES: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


def stand(app: Flask) -> None:
    """Put the gate before every route."""
    app.before_request(_judge)
    app.after_request(_renew)
    app.jinja_env.globals["signed_in"] = is_signed_in


def is_admitted() -> bool:
    """Tell whether this request may see what is stored; False until it was judged."""
    return bool(g.get("admitted"))


def is_signed_in() -> bool:
    """Tell whether the person came in by a password, and may go out again."""
    return g.get("session") is not None


def standing() -> Door:
    """See the door as it stands during this request."""
    if "door" not in g:
        g.door = door.look(context())
    found: Door = g.door
    return found


def _judge() -> Answer | None:
    if request.endpoint in UNASKED:
        return None
    seen = standing()
    if seen.standing is Standing.OPEN:
        _refuse_proxies()
        g.admitted = True
        return None
    if seen.standing is Standing.LOCKED:
        g.session = session.read(seen, now())
        g.admitted = g.session is not None
    if is_admitted() or request.endpoint in PUBLIC or _has_token():
        return None
    return turn_away(seen.standing)


def _has_token() -> bool:
    """Tell whether a program shows the token, where one is enough (RFC 6750 §2.1)."""
    shown = request.authorization
    return (
        request.endpoint in BY_TOKEN
        and shown is not None
        and shown.type == "bearer"
        and door.knows_token(context(), shown.token or "")
    )


def _refuse_proxies() -> None:
    """Let in no one from far away whom a proxy on this machine lets seem near."""
    if any(name in request.headers for name in _OF_PROXIES):
        raise Forbidden(THROUGH_A_PROXY)


def turn_away(found: Standing) -> Answer:
    """Send a page to the door; refuse everything else in a sentence."""
    if found is Standing.SHUT:
        raise ServiceUnavailable(SHUT)
    endpoint = "door.first" if found is Standing.WAITING else "door.sign_in"
    if hx.wants_part():
        answer = Response(status=401)
        answer.headers["HX-Redirect"] = url_for(endpoint, next=_page_of_the_part())
        return answer
    if "text/html" not in request.headers.get("Accept", ""):
        raise Unauthorized
    here = request.script_root + request.full_path.rstrip("?")
    back = here if request.method in {"GET", "HEAD"} and request.path != "/" else None
    return redirect(url_for(endpoint, next=back), 303)


def _page_of_the_part() -> str | None:
    """Tell which of our pages asked for a part."""
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    if page.netloc != request.host:
        return None
    return own_path(page.path + (f"?{page.query}" if page.query else ""))


def _renew(answer: Response) -> Response:
    found = g.get("session")
    if found is not None and not g.get("leaving"):
        session.renew(answer, standing(), found, now())
    return answer
