"""Take a picture of every screen in every state: `make gallery`.

A screen more is a line more in `SHOTS`.
"""

import argparse
import logging
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from aggregator.services.context import Context
from aggregator.web.app import create_app
from docs import gallery_worlds as worlds
from docs.make_pictures import squeezed

FOLDER: Final = Path(__file__).parent / "gallery"
DESKTOP: Final = ViewportSize(width=1440, height=900)
PHONE: Final = ViewportSize(width=390, height=844)
SETTLED_MS: Final = 350
ALL: Final = ("light", "dark", "phone")

Act = tuple[Literal["click", "press", "fill", "offline", "go"], str]
World = Callable[[Path], AbstractContextManager[Context]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture: where it is taken, and what is done before.

    A path may hold `{entry}`, the id of the entry whose title holds `entry`. `looks` are
    `light` and `dark` on a desktop, `phone` in light.
    """

    name: str
    says: str
    path: str = "/"
    world: World = worlds.demo
    acts: tuple[Act, ...] = ()
    entry: str = ""
    looks: tuple[str, ...] = ALL
    language: str = "fr"


GOLDEN: Final = "quelque part"
SHOTS: Final = (
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


def main() -> None:
    """Take every picture anew, or those that are named; write the page that shows them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", help="shots to take; all where none is named")
    names = options.parse_args().names
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    if not names:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        chosen = [shot for shot in SHOTS if not names or shot.name in names]
        ordered = sorted(chosen, key=lambda shot: shot.world.__name__)
        for world, shots in groupby(ordered, key=lambda shot: shot.world):
            with served(world) as (address, context):
                for shot in shots:
                    for look in shot.looks:
                        take(browser, address, context, shot, look)
        browser.close()
    (FOLDER / "README.md").write_text(index(), encoding="utf-8")
    print(f"{sum(path.stat().st_size for path in FOLDER.iterdir()) / 1e6:.1f} MB in all")


@contextmanager
def served(world: World) -> Iterator[tuple[str, Context]]:
    """Serve a world from a thread."""
    with tempfile.TemporaryDirectory(prefix="veille-") as folder, world(Path(folder)) as context:
        server = make_server("127.0.0.1", 0, create_app(context), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", context
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def take(browser: Browser, address: str, context: Context, shot: Shot, look: str) -> None:
    """Take one picture."""
    with browser.new_context(
        base_url=address,
        viewport=PHONE if look == "phone" else DESKTOP,
        color_scheme="dark" if look == "dark" else "light",
        locale=shot.language,
        timezone_id="Europe/Paris",
    ) as profile:
        profile.add_cookies([{"name": "language", "value": shot.language, "url": address}])
        page = profile.new_page()
        entry = worlds.entry_with(context, shot.entry) if shot.entry else ""
        answer = page.goto(shot.path.format(entry=entry), wait_until="networkidle")
        if answer is None or answer.status not in {200, 404}:
            sys.exit(f"{shot.name}: {answer and answer.status}")
        if any(act == "offline" for act, _ in shot.acts):
            page.evaluate("navigator.serviceWorker.ready")
        for act, what in shot.acts:
            do(page, act, what)
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(SETTLED_MS)
        picture = squeezed(page.screenshot(animations="disabled", caret="hide"))
        (FOLDER / f"{shot.name}-{look}.png").write_bytes(picture)
        print(f"{shot.name}-{look}: {len(picture) // 1000} kB")


def do(page: Page, act: str, what: str) -> None:
    """Do one thing to a page, and let it come to rest."""
    match act:
        case "click":
            page.click(what)
        case "press":
            page.keyboard.press(what)
        case "fill":
            page.keyboard.type(what)
        case "offline":
            page.context.set_offline(True)
        case "go":
            page.goto(what)
    page.wait_for_timeout(SETTLED_MS)


def index() -> str:
    """Write the page of the gallery."""
    lines = ["# Every screen, in every state", "", "Made by `make gallery`.", ""]
    for shot in SHOTS:
        pictures = " ".join(
            f'<img src="{shot.name}-{look}.png" alt="{shot.says} ({look})" '
            f'width="{150 if look == "phone" else 420}">'
            for look in shot.looks
        )
        lines += [f"## {shot.says}", "", pictures, ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
