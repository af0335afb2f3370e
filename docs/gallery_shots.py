"""What the gallery shows: each screen in each of its states, a line a picture."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from aggregator.services.context import Context
from docs import gallery_worlds as worlds
from docs.gallery_health import ailing

ALL: Final = ("light", "dark", "phone")

Act = tuple[Literal["click", "press", "fill", "offline", "go", "show"], str]
World = Callable[[Path], AbstractContextManager[Context]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture: where it is taken, and what is done before.

    A path may hold `{entry}`, the id of the entry whose title holds `entry`, and `{comment}`
    and `{thread}`, those of the comment that begins with `comment`. `looks` are `light` and
    `dark` on a desktop, `phone` in light. `tall` is the height, where a window shows too little.
    """

    name: str
    says: str
    path: str = "/"
    world: World = worlds.demo
    acts: tuple[Act, ...] = ()
    entry: str = ""
    comment: str = ""
    tall: int = 0
    looks: tuple[str, ...] = ALL
    language: str = "fr"


GOLDEN: Final = "quelque part"
SCREENS: Final = (
    Shot(name="board", says="The board", path="/pages/commentateurs"),
    Shot(name="board-first", says="The first page of the board", looks=("light", "phone")),
    Shot(name="board-english", says="The board in English", language="en", looks=("light",)),
    Shot(name="panel", says="An article beside the board", path="/entries/{entry}", entry=GOLDEN),
    Shot(name="reader", says="The reader", path="/read"),
    Shot(
        name="reader-open",
        says="The reader with an article",
        path="/read",
        acts=(("click", ".row-link >> nth=1"),),
    ),
    Shot(name="reader-kept", says="What is kept for later", path="/read/kept", looks=("light",)),
    Shot(name="search", says="Search", path="/search?q=blog", looks=("light", "phone")),
    Shot(name="search-none", says="Nothing found", path="/search?q=introuvable", looks=("light",)),
    Shot(name="sources", says="How each source is doing", path="/sources"),
    Shot(name="sources-ailing", says="Sources in every state", path="/sources", world=ailing),
    Shot(
        name="sources-useless",
        says="Sources that nobody said the use of",
        path="/sources?show=no-purpose",
        world=ailing,
        looks=("light", "phone"),
    ),
    Shot(name="source", says="The page of a source", path="/sources/1", world=ailing, tall=1800),
    Shot(name="source-lost", says="A source in error", path="/sources/3", world=ailing),
    Shot(
        name="source-gone",
        says="A source that is gone",
        path="/sources/4",
        world=ailing,
        looks=("light",),
    ),
    Shot(
        name="source-asleep",
        says="A source that sleeps",
        path="/sources/2",
        world=ailing,
        looks=("light", "phone"),
    ),
    Shot(
        name="source-moved",
        says="A source that has moved",
        path="/sources/7",
        world=ailing,
        looks=("light",),
    ),
    Shot(name="add", says="Follow something", path="/add"),
    Shot(name="settings", says="Settings", path="/settings"),
    Shot(name="help", says="The keys", path="/", acts=(("press", "?"),), looks=("light",)),
    Shot(name="palette", says="The palette", acts=(("press", "Control+k"),)),
    Shot(
        name="palette-words",
        says="The palette with words",
        acts=(("press", "Control+k"), ("fill", "so")),
        looks=("light",),
    ),
    Shot(
        name="offline",
        says="Offline: what was last read",
        path="/entries/{entry}",
        entry=GOLDEN,
        acts=(("go", "/pages/commentateurs"), ("offline", ""), ("go", "/sources")),
    ),
    Shot(
        name="offline-board",
        says="Offline: the board as it last was",
        acts=(("go", "/"), ("offline", ""), ("go", "/")),
        looks=("light",),
    ),
    Shot(
        name="missing", says="A page that is not there", path="/pages/nulle-part", looks=("light",)
    ),
    Shot(name="welcome", says="Bienvenue: no feeds.yaml yet", world=worlds.nothing),
    Shot(name="sign-in", says="The door", world=worlds.locked),
    Shot(name="loading", says="Nothing was read yet", world=worlds.unread),
    Shot(name="stale", says="The poller has stopped", world=worlds.stale),
    Shot(name="quiet", says="All is read", world=worlds.quiet),
    Shot(
        name="broken-list",
        says="feeds.yaml has a fault",
        world=worlds.broken,
        looks=("light", "phone"),
    ),
    Shot(name="many", says="Three hundred sources", world=worlds.many, looks=("light",)),
    Shot(
        name="many-sources",
        says="Three hundred sources, listed",
        path="/sources",
        world=worlds.many,
        looks=("light", "phone"),
    ),
    Shot(name="strange", says="Long words and titles in boxes", world=worlds.strange),
    Shot(
        name="right-to-left",
        says="An article from right to left",
        path="/entries/{entry}",
        entry="كيف",
        world=worlds.strange,
    ),
    Shot(
        name="long-title",
        says="A title of 10 kB",
        path="/entries/{entry}",
        entry="ne veut pas finir",
        world=worlds.strange,
        looks=("light", "phone"),
    ),
    Shot(
        name="long-words",
        says="An article of words without end",
        path="/entries/{entry}",
        entry="Un lien",
        world=worlds.strange,
        looks=("light", "phone"),
    ),
)
