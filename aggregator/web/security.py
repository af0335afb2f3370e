"""Who may ask, and what a browser may do with the answer."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from aggregator.settings import Settings
from aggregator.translations import N_

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src * data:; media-src *; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_HOSTS: Final = ("127.0.0.1", "localhost")

FOREIGN: Final = N_(
    "This was sent from another site, or by a program that does not say where it comes from: "
    "nothing was done. Do it again from the page itself."
)


def guard(app: Flask, settings: Settings) -> None:
    """Refuse foreign hosts and foreign forms, and put the headers on every answer."""
    app.config["TRUSTED_HOSTS"] = [*OWN_HOSTS, *settings.trusted_hosts]
    app.before_request(_refuse_foreign_acts)
    app.after_request(_add_headers)


def _refuse_foreign_acts() -> None:
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
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"
        answer.vary.update(["HX-Request", "Cookie", "Accept-Language"])
    return answer


def own_path(wanted: str | None) -> str | None:
    r"""Give `wanted` back if it is a path of ours; `//evil`, `/\evil` and the like are not."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    strange = "\\" in wanted or any(ord(letter) < ord(" ") for letter in wanted)
    return None if strange else wanted
