"""What marks a source at a glance: its initial, its colour, whether it is late."""

from functools import lru_cache
from typing import Final
from zlib import crc32

from flask import Flask, request
from markupsafe import Markup

from aggregator.domain.sources import SourceHealth, is_stale, state_of
from aggregator.web.current import now

HUES: Final = 12
"""As many as the style sheet has classes `hue-0` to `hue-11`."""


def paint(app: Flask) -> None:
    """Teach the templates to mark sources."""
    app.jinja_env.filters.update(hue=hue, initial=initial, state=state_of, stale=stale)
    app.jinja_env.globals["mark_of"] = mark_of


def mark_of(name: str, picture: str | None) -> Markup:
    """Write the icon of a source, or its coloured initial; its name stands beside it."""
    return _mark(name, picture, request.script_root)


@lru_cache(maxsize=4096)
def _mark(name: str, picture: str | None, root: str) -> Markup:
    if picture:
        image = '<img class="mark is-picture" src="{}/icons/{}" width="18" height="18" alt="">'
        return Markup(image).format(root, picture)  # noqa: S704 - ours, its places are escaped
    initials = '<span class="mark hue-{}" aria-hidden="true">{}</span>'
    return Markup(initials).format(hue(name), initial(name))  # noqa: S704 - the same


def hue(name: str) -> int:
    """Choose a colour for a name: always the same one."""
    return crc32(name.encode()) % HUES


def initial(name: str) -> str:
    """Give the first letter or digit of a name, as a capital."""
    return next((letter for letter in name if letter.isalnum()), "?").upper()[:1]


def stale(source: SourceHealth) -> bool:
    """Tell whether a source is late now."""
    return is_stale(source, now=now())
