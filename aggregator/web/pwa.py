"""Veille as an app of one's own: its manifest, its worker, and the page for when it is away.

All three are open to everybody: they show nothing that is followed or stored.
"""

import json
from functools import cache
from hashlib import blake2s
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.resources import packaged
from aggregator.translations import N_
from aggregator.web.security import CONTENT_SECURITY_POLICY
from aggregator.web.wording import gettext, language

screens: Final = Blueprint("pwa", __name__)

GROUND: Final = "#f8f7f4"
"""The colour of the page in light, as the style sheet has it (`--bg`)."""

SHELL: Final = (
    "css/veille.css",
    "icon.svg",
    "js/offline.js",
    "vendor/inter/inter-latin-400-700.woff2",
    "vendor/lucide/sprite.svg",
)
"""What the offline page needs; all else under /static is kept as it comes."""

SHORTCUTS: Final = (
    (N_("Reader"), "/read"),
    (N_("Search"), "/search"),
    (N_("Follow something"), "/add"),
)


@screens.get("/manifest.webmanifest")
def manifest() -> Response:
    """Tell a browser how to install Veille."""
    root = f"{request.script_root}/"
    told: dict[str, Any] = {
        "id": root,
        "start_url": root,
        "scope": root,
        "name": "Veille",
        "short_name": "Veille",
        "description": gettext(
            N_("One page for the sites one follows and the conversations below them.")
        ),
        "lang": language(),
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [_picture(size, purpose) for size in (192, 512) for purpose in _PURPOSES],
        "shortcuts": [
            {"name": gettext(name), "url": request.script_root + path} for name, path in SHORTCUTS
        ],
    }
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")


_PURPOSES: Final = ("any", "maskable")


def _picture(size: int, purpose: str) -> dict[str, str]:
    name = f"icons/{purpose}-{size}.png"
    return {
        "src": url_for("static", filename=name),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


@screens.get("/sw.js")
def service_worker() -> Response:
    """Send the worker, told what to keep; any change of a file makes it another worker."""
    text = _worker()
    told = {
        "root": f"{request.script_root}/",
        "offline": url_for("pwa.offline"),
        "policy": CONTENT_SECURITY_POLICY,
        "shell": [url_for("static", filename=name) for name in SHELL],
    }
    head = json.dumps({**told, "version": _version(text, json.dumps(told))})
    answer = Response(f"self.veille = {head};\n{text}", mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = told["root"]
    return answer


@screens.get("/offline")
def offline() -> ResponseReturnValue:
    """Show the page that stands in when Veille does not answer."""
    answer = make_response(render_template("offline/index.html"))
    answer.content_language.add(language())
    return answer


@cache
def _worker() -> str:
    return (packaged("web/static") / "js/worker.js").read_text(encoding="utf-8")


def _version(*texts: str) -> str:
    return blake2s("\0".join(texts).encode(), digest_size=6).hexdigest()
