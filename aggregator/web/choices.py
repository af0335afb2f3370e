"""What a person chooses about the look and the ways of the screens.

Each browser keeps its own choices in cookies; feeds.yaml says what holds where it has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, g, request

from aggregator.translations import N_
from aggregator.web.current import follow_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose, in words to be translated; the first value is what nobody chose."""

    title: str
    values: Mapping[str, str]
    hint: str | None = None


WORDS: Final[Mapping[str, Choice]] = {
    "theme": Choice(
        title=N_("Theme"),
        values={"auto": N_("as the system"), "light": N_("light"), "dark": N_("dark")},
    ),
    "density": Choice(
        title=N_("Density"),
        # Translators: how tight the lines stand
        values={"comfortable": N_("comfortable"), "compact": N_("compact")},
    ),
    "quiet_boxes": Choice(
        title=N_("Boxes with nothing new"),
        values={
            # Translators: what becomes of a box with nothing new
            "show": N_("shown"),
            "fold": N_("folded to one line"),
            "hide": N_("hidden"),
        },
    ),
    "excerpts": Choice(
        title=N_("A line of the text under each title"),
        values={"off": N_("no"), "on": N_("yes")},
    ),
    "images": Choice(
        title=N_("Images of articles"),
        values={"ask": N_("when asked for"), "always": N_("always")},
        hint=N_("An image that loads tells its site that you read this."),
    ),
    "keys": Choice(
        title=N_("Single-letter keys"),
        values={"on": N_("on"), "off": N_("off")},
        hint=N_("Esc, the arrows, Enter and Ctrl K act all the same."),
    ),
    "scroll_reads": Choice(
        title=N_("Mark as read what is scrolled past"),
        values={"off": N_("no"), "on": N_("yes")},
    ),
    "rail": Choice(
        title=N_("Bar of the screens"),
        values={"wide": N_("wide"), "narrow": N_("narrow")},
    ),
}

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(each.values) for name, each in WORDS.items()
}
"""What can be chosen, the first value being what nobody chose."""

IN_THE_FILE: Final = tuple(name for name in CHOICES if name != "rail")
"""The choices that feeds.yaml may say; the width of the rail follows the screen."""


def offer(app: Flask) -> None:
    """Teach the templates to ask for choices."""
    app.jinja_env.globals.update(choice=choice, choice_words=WORDS)


def choice(name: str) -> str:
    """Tell what is chosen: by this browser, else by feeds.yaml, else what nobody chose."""
    chosen = request.cookies.get(name)
    return chosen if chosen in CHOICES[name] else written(name)


def written(name: str) -> str:
    """Tell what feeds.yaml chooses, else what nobody chose."""
    if g.get("plain"):  # the list may be the very thing that cannot be read
        return CHOICES[name][0]
    said = follow_list().list.preferences.choices.get(name)
    return said if said in CHOICES[name] else CHOICES[name][0]
