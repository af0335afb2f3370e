"""The keys of the screens: which does what, said once for scripts, help sheet and palette.

By what a key types (`event.key`), not where it lies: so AZERTY, QWERTZ and QWERTY agree. An act
is done by whichever script of the page can do it (`veille.can` in core.js).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from aggregator.translations import N_
from aggregator.web import hx
from aggregator.web.frame import screen

screens: Final = Blueprint("help", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An act with the keys that do it; `then` is typed after `keys`, one after the other.

    `path` is where a key that goes somewhere goes; `always`: it acts though single letters
    are switched off; `native`: the browser or its own script acts, it is only told here.
    """

    keys: tuple[str, ...]
    act: str
    label: str
    then: str = ""
    path: str | None = None
    always: bool = False
    native: bool = False

    @property
    def offered(self) -> bool:
        """Whether the palette offers to do it: not what it lists as a place, nor itself."""
        return not (self.path or self.native or self.act in {"add", "palette", "open"})

    @property
    def steps(self) -> bool:
        """Whether it goes from line to line: nobody looks for that in a palette without words."""
        return self.act.startswith(("next-", "previous-"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Keys that belong together."""

    title: str
    keys: tuple[Key, ...]


MOVE: Final = Group(
    title=N_("From line to line"),
    keys=(
        Key(keys=("j",), act="next-line", label=N_("Next line")),
        Key(keys=("k",), act="previous-line", label=N_("Previous line")),
        Key(keys=("n",), act="next-unread", label=N_("Next unread entry, in any box")),
        Key(keys=("p",), act="previous-unread", label=N_("Previous unread entry, in any box")),
        Key(keys=("u",), act="show-new", label=N_("Show the new entries")),
    ),
)
ENTRY: Final = Group(
    title=N_("The entry"),
    keys=(
        Key(keys=("o", "Enter"), act="open", label=N_("Open the entry")),
        Key(keys=("v",), act="original", label=N_("Open the original")),
        Key(keys=("c",), act="comments", label=N_("Go to the comments")),
        Key(keys=("m",), act="mark", label=N_("Mark as read or unread")),
        Key(keys=("s",), act="keep", label=N_("Keep for later, or no longer")),
        Key(keys=("w",), act="share", label=N_("Share")),
        Key(keys=("A",), act="read-all", label=N_("Mark all as read")),
        Key(keys=("z",), act="undo", label=N_("Undo")),
        Key(keys=("Escape",), act="close", label=N_("Close"), always=True, native=True),
    ),
)
COMMENT: Final = Group(
    title=N_("The comment"),
    keys=(
        Key(keys=("r",), act="answer", label=N_("Answer at the source")),
        Key(keys=("e",), act="file-away", label=N_("File away")),
        Key(keys=("h",), act="put-off", label=N_("Put off until tomorrow")),
    ),
)
GO: Final = Group(
    title=N_("Go"),
    keys=(
        Key(keys=("g",), then="d", act="go-dashboard", label=N_("Dashboard"), path="/"),
        Key(keys=("g",), then="l", act="go-reader", label=N_("Reader"), path="/read"),
        Key(keys=("g",), then="k", act="go-kept", label=N_("Kept for later"), path="/read/kept"),
        Key(keys=("g",), then="c", act="go-comments", label=N_("Comments"), path="/comments"),
        Key(keys=("g",), then="s", act="go-sources", label=N_("Sources"), path="/sources"),
        Key(keys=("g",), then="a", act="go-add", label=N_("Follow something"), path="/add"),
        Key(keys=("g",), then="r", act="go-settings", label=N_("Settings"), path="/settings"),
        Key(keys=("b",), act="switch", label=N_("Switch between dashboard and reader")),
    ),
)
EVERYWHERE: Final = Group(
    title=N_("Everywhere"),
    keys=(
        Key(keys=("/",), act="search", label=N_("Search")),
        Key(keys=("+",), act="add", label=N_("Follow something")),
        Key(keys=("Control", "K"), act="palette", label=N_("Go, find, act"), always=True),
        Key(keys=("?",), act="help", label=N_("The keys")),
    ),
)
GROUPS: Final = (MOVE, ENTRY, COMMENT, GO, EVERYWHERE)
NAMES: Final[Mapping[str, str]] = {
    # Translators: names of keys, as they are written on a keyboard
    "Enter": N_("Enter"),
    "Escape": N_("Esc"),
    "Control": N_("Ctrl"),
}
CHORDS: Final = frozenset({"Control"})
"""What is held down while the key after it is pressed."""


def every_key() -> Iterator[Key]:
    """Give the keys of all groups."""
    for group in GROUPS:
        yield from group.keys


def key_map() -> str:
    """Write for keys.js what each key does: `j=next-line`, `g,d=go-dashboard`, by spaces.

    Enter opens a line because it is a link, Ctrl K is known to keys.js.
    """
    typed = [
        f"{','.join(filter(None, (letter, key.then)))}={key.act}"
        for key in every_key()
        if not (key.native or CHORDS & set(key.keys))
        for letter in key.keys
        if letter != "Enter"
    ]
    return " ".join(typed)


def tell(app: Flask) -> None:
    """Give the templates the keys."""
    app.jinja_env.globals.update(
        key_map=key_map(), key_groups=GROUPS, key_names=NAMES, chords=CHORDS
    )


@screens.get("/help")
def sheet() -> ResponseReturnValue:
    """Show the keys in groups; the sheet alone for the dialog that asks for it."""
    if hx.wants_part():
        return hx.part("help/_keys.html")
    return screen("help/index.html")


def places() -> Iterator[tuple[Key, str]]:
    """Give each key that goes somewhere with its address here."""
    for key in GO.keys:
        if key.path is not None:
            yield key, request.script_root + key.path
