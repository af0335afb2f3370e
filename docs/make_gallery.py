"""Take a picture of every screen in every state: `make gallery`.

A screen more is a line more in `gallery_shots` or `gallery_talk_shots`.
"""

import argparse
import logging
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from aggregator.services.context import Context
from aggregator.web.app import create_app
from docs import gallery_talks as conversing
from docs import gallery_worlds as worlds
from docs.gallery_shots import SCREENS, Shot, World
from docs.gallery_talk_shots import TALKS
from docs.make_pictures import squeezed

SHOTS: Final = SCREENS + TALKS
FOLDER: Final = Path(__file__).parent / "gallery"
DESKTOP: Final = ViewportSize(width=1440, height=900)
PHONE: Final = ViewportSize(width=390, height=844)
SETTLED_MS: Final = 350


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
    size = PHONE if look == "phone" else DESKTOP
    with browser.new_context(
        base_url=address,
        viewport=ViewportSize(width=size["width"], height=shot.tall or size["height"]),
        color_scheme="dark" if look == "dark" else "light",
        locale=shot.language,
        timezone_id="Europe/Paris",
    ) as profile:
        profile.add_cookies([{"name": "language", "value": shot.language, "url": address}])
        page = profile.new_page()
        # What is new stays so for the next picture.
        page.route("**/threads/*/look", lambda route: route.fulfill(status=204))
        ids = named(context, shot)
        answer = page.goto(shot.path.format(**ids), wait_until="networkidle")
        if answer is None or answer.status not in {200, 404}:
            sys.exit(f"{shot.name}: {answer and answer.status}")
        if any(act == "offline" for act, _ in shot.acts):
            page.evaluate("navigator.serviceWorker.ready")
        for act, what in shot.acts:
            do(page, act, what.format(**ids))
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(SETTLED_MS)
        picture = squeezed(page.screenshot(animations="disabled", caret="hide"))
        (FOLDER / f"{shot.name}-{look}.png").write_bytes(picture)
        print(f"{shot.name}-{look}: {len(picture) // 1000} kB")


def named(context: Context, shot: Shot) -> dict[str, int]:
    """Find what the paths of a shot name."""
    ids: dict[str, int] = {}
    if shot.entry:
        ids["entry"] = worlds.entry_with(context, shot.entry)
    if shot.comment:
        comment_id = conversing.said(context, shot.comment)
        ids |= {"comment": comment_id, "thread": conversing.thread_of(context, comment_id)}
    return ids


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
        case "show":
            page.locator(what).first.evaluate("it => it.scrollIntoView({block: 'start'})")
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
