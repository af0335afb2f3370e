"""What one browser chooses about the look and the ways of the screens, kept in its cookies."""

from collections.abc import Mapping
from typing import Final

from flask import Flask, request

from aggregator.web.current import follow_list

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "theme": ("auto", "light", "dark"),
    "density": ("comfortable", "compact"),
    "quiet_boxes": ("show", "fold", "hide"),
    "excerpts": ("off", "on"),
    "images": ("ask", "always"),
    "keys": ("on", "off"),
    "scroll_reads": ("off", "on"),
    "rail": ("wide", "narrow"),
}
"""What can be chosen, the first value being what nobody chose."""


def offer(app: Flask) -> None:
    """Teach the templates to ask for choices."""
    app.jinja_env.globals["choice"] = choice


def choice(name: str) -> str:
    """Tell what is chosen: by this browser, else by feeds.yaml, else what nobody chose."""
    values = CHOICES[name]
    for chosen in (request.cookies.get(name), follow_list().list.preferences.choices.get(name)):
        if chosen in values:
            return chosen
    return values[0]
