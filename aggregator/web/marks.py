"""What marks a source at a glance: its initial, its colour, whether it is late."""

from functools import lru_cache
from typing import Final

from flask import Flask, request
from markupsafe import Markup

from aggregator.domain.sources import SourceHealth, SourceState, is_stale, state_of
from aggregator.web.current import now

HUES: Final = 12
"""As many as the style sheet has classes `hue-0` to `hue-11`."""

STEP: Final = 5
"""Hues between one source and the next: far apart, and all are come by."""


def paint(app: Flask) -> None:
    """Teach the templates to mark sources."""
    app.jinja_env.filters.update(state=state, stale=stale)
    app.jinja_env.globals["mark_of"] = mark_of


def mark_of(source_id: int, name: str, picture: str | None) -> Markup:
    """Write the icon of a source, or its coloured initial; its name stands beside it."""
    return _mark(hue(source_id), name, picture, request.script_root)


@lru_cache(maxsize=4096)
def _mark(colour: int, name: str, picture: str | None, root: str) -> Markup:
    if picture:
        image = '<img class="mark is-picture" src="{}/icons/{}" width="18" height="18" alt="">'
        return Markup(image).format(root, picture)  # noqa: S704 - ours, its places are escaped
    initials = '<span class="mark hue-{}" aria-hidden="true">{}</span>'
    return Markup(initials).format(colour, initial(name))  # noqa: S704 - the same


def hue(source_id: int) -> int:
    """Choose the colour of a source: always the same, unlike that of the one before it."""
    return source_id * STEP % HUES


def initial(name: str) -> str:
    """Give the first letter or digit of a name, as a capital."""
    return next((letter for letter in name if letter.isalnum()), "?").upper()[:1]


def state(source: SourceHealth) -> SourceState:
    """Tell the state of a source now."""
    return state_of(source, now=now())


def stale(source: SourceHealth) -> bool:
    """Tell whether a source is late now."""
    return is_stale(source, now=now())
