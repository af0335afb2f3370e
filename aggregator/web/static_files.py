"""Scripts, styles, fonts and icons: addressed by what they contain, kept by browsers for long."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2s
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_from_directory
from markupsafe import Markup

YEAR_S = 365 * 24 * 3600
HOUR_S = 3600
NOT_MODIFIED = 304


def serve(app: Flask, folder: Path) -> None:
    """Serve `folder` under /static; `url_for('static', …)` carries a hash of the content."""

    @lru_cache
    def version(filename: str) -> str:
        return blake2s((folder / filename).read_bytes(), digest_size=6).hexdigest()

    @app.url_defaults
    def _add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values["v"] = version(values["filename"])

    sprite = "vendor/lucide/sprite.svg"
    app.jinja_env.globals["icon"] = _icons(f"/static/{sprite}?v={version(sprite)}")

    @app.get("/static/<path:filename>", endpoint="static")
    def _static(filename: str) -> Response:
        answer = send_from_directory(folder, filename)
        answer.cache_control.no_cache = None
        answer.cache_control.public = True
        answer.cache_control.max_age = YEAR_S if "v" in request.args else HOUR_S
        answer.cache_control.immutable = "v" in request.args
        if request.method == "HEAD" or answer.status_code == NOT_MODIFIED:
            answer.close()  # of an answer without a body nobody else closes the file
        return answer


def _icons(sprite: str) -> Callable[..., Markup]:
    """Make what writes an icon of the sprite; words stand beside it, it says nothing itself."""

    def icon(name: str, more: str = "") -> Markup:
        return _icon(request.script_root + sprite, name, f"icon {more}".rstrip())

    return icon


@lru_cache(maxsize=256)
def _icon(sprite: str, name: str, classes: str) -> Markup:
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        classes, sprite, name
    )
