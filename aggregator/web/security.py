"""Who may ask, and what a browser may do with the answer."""

import re
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden, SecurityError
from werkzeug.sansio.utils import host_is_trusted

from aggregator.settings import OWN_HOSTS, Settings
from aggregator.translations import N_

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src * data:; media-src *; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KEPT: Final = frozenset({"static", "icons.show"})
"""What browsers may keep: its address changes when it does."""

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
YEAR_S: Final = 365 * 24 * 3600

FOREIGN: Final = N_(
    "This was sent from another site, or by a program that does not say where it comes from: "
    "nothing was done. Do it again from the page itself."
)


def guard(app: Flask, settings: Settings) -> None:
    """Refuse hosts that are not ours, and put the headers on every answer."""
    names = tuple(_as_asked(name) for name in settings.known_hosts)

    @app.before_request
    def _refuse_unknown_hosts() -> None:
        if not _is_known(request.host, names):
            raise SecurityError

    app.after_request(_add_headers)
    if (settings.public_url or "").startswith("https:"):
        app.after_request(_promise_https)


def refuse_foreign_acts(app: Flask) -> None:
    """Refuse forms that were not sent from a page of ours."""
    app.before_request(_refuse_foreign_act)


def _as_asked(name: str) -> str:
    """Write the name of a host as browsers ask for it: an IPv6 address in brackets."""
    return f"[{name}]" if ":" in name and not name.startswith("[") else name


def _is_known(host: str, names: tuple[str, ...]) -> bool:
    """Tell whether `host` is one of the names; Flask's TRUSTED_HOSTS can hold no IPv6 address."""
    return _name(host) in names if host.startswith("[") else host_is_trusted(host, names)


def _name(host: str) -> str:
    """Take the port off a host."""
    return re.sub(r":\d+$", "", host)


def is_near_or_encrypted() -> bool:
    """Tell whether nobody stands between: then browsers say where a request comes from."""
    return request.is_secure or _name(request.host) in {_as_asked(name) for name in OWN_HOSTS}


def _refuse_foreign_act() -> None:
    if request.method not in SAFE_METHODS and not _comes_from_us():
        raise Forbidden(FOREIGN)


def _comes_from_us() -> bool:
    """Judge by what browsers say of a request, the surest first; silence is a refusal.

    `Sec-Fetch-Site: none` is a person's own doing (a reload, a bookmark). A page cannot set
    or remove any of the three headers.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    whence = request.headers.get("Origin") or request.headers.get("Referer")
    return bool(whence) and urlsplit(whence or "").netloc == request.host


def _add_headers(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if is_near_or_encrypted():
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    else:
        # Without encryption browsers send no Sec-Fetch-Site, and "no-referrer" would make them
        # say "Origin: null" of our own forms. Other sites learn nothing by this one either.
        answer.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint not in KEPT or answer.status_code >= 400:
        answer.headers["Cache-Control"] = "no-store"
        answer.vary.update(["HX-Request", "Cookie", "Accept-Language"])
    return answer


def _promise_https(answer: Response) -> Response:
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = f"max-age={YEAR_S}"
    return answer


def own_path(wanted: str | None) -> str | None:
    r"""Give `wanted` back if it is a path of ours; `//evil`, `/\evil` and the like are not.

    Under a path of a host, it is put under that path where it is not.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    if "\\" in wanted or any(ord(letter) < ord(" ") for letter in wanted):
        return None
    root = request.script_root
    is_under = wanted == root or wanted.startswith((f"{root}/", f"{root}?"))
    return wanted if is_under else root + wanted
