"""What marks a source at a glance: its initial, its colour, whether it is late."""

from typing import Final
from zlib import crc32

from flask import Flask

from aggregator.domain.sources import SourceHealth, is_stale, state_of
from aggregator.web.current import now

HUES: Final = 12
"""As many as the style sheet has classes `hue-0` to `hue-11`."""


def paint(app: Flask) -> None:
    """Teach the templates to mark sources."""
    app.jinja_env.filters.update(hue=hue, initial=initial, state=state_of, stale=stale)


def hue(name: str) -> int:
    """Choose a colour for a name: always the same one."""
    return crc32(name.encode()) % HUES


def initial(name: str) -> str:
    """Give the first letter or digit of a name, as a capital."""
    return next((letter for letter in name if letter.isalnum()), "?").upper()[:1]


def stale(source: SourceHealth) -> bool:
    """Tell whether a source is late now."""
    return is_stale(source, now=now())
