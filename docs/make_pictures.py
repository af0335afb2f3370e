"""Take the pictures of the README from `veille demo`, with headless Chromium: `make pictures`."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from playwright.sync_api import Error as PlaywrightError

FOLDER: Final = Path(__file__).parent / "pictures"
WIDE: Final = ViewportSize(width=1280, height=680)
PHONE: Final = ViewportSize(width=390, height=680)
ENOUGH_ENTRIES: Final = 12
ENOUGH_COMMENTS: Final = 4
NOT_READ_YET: Final = 'class="box is-new"'
PATIENCE_S: Final = 90
FULLEST_TAB: Final = "nav a[href^='/pages/'] >> nth=2"
OPENED: Final = ".row-link:has-text('quelque part')"

Scheme = Literal["light", "dark"]


def main() -> None:
    """Take every picture in both languages, each from a demo of its own."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for language in ("en", "fr"):
            with demo(language) as address:
                take_all(browser, address, language)
        browser.close()


def take_all(browser: Browser, address: str, language: str) -> None:
    """Take the pictures of one language."""
    for scheme in ("light", "dark"):
        with shown(browser, address, scheme, WIDE) as page:
            page.click(FULLEST_TAB)
            page.wait_for_load_state("networkidle")
            take(page, f"dashboard-{scheme}", language)
    with shown(browser, address, "light", PHONE) as page:
        take(page, "phone", language)
    with shown(browser, address, "light", WIDE) as page:
        page.click(OPENED)
        page.wait_for_selector("#panel .prose")
        page.wait_for_load_state("networkidle")
        take(page, "panel", language)
    with shown(browser, address, "light", WIDE) as page:
        page.goto(f"{address}read?show=all")
        page.click(f".reader {OPENED}")
        page.wait_for_selector("#panel .prose")
        page.wait_for_load_state("networkidle")
        take(page, "reader", language)
    with shown(browser, address, "light", WIDE) as page:
        wait_for_comments(page, f"{address}comments")
        take(page, "inbox", language)
        page.goto(f"{address}comments/figures?period=all", wait_until="networkidle")
        take(page, "figures", language)
    with shown(browser, address, "light", WIDE) as page:
        page.goto(f"{address}sources", wait_until="networkidle")
        take(page, "sources", language)
        page.click("text=Le blog de CWM >> nth=0")
        page.wait_for_url("**/sources/*")
        page.wait_for_load_state("networkidle")
        take(page, "source", language)


@contextmanager
def demo(language: str) -> Iterator[str]:
    """Run the demo on a free port; give its address."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
    running = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "demo", "--port", str(port)],
        env={**os.environ, "VEILLE_LANGUAGE": language},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(timeout=30)


@contextmanager
def shown(browser: Browser, address: str, scheme: Scheme, size: ViewportSize) -> Iterator[Page]:
    """Open the dashboard once it has entries enough to be looked at."""
    context = browser.new_context(color_scheme=scheme, viewport=size, device_scale_factor=1)
    page = context.new_page()
    wait_for_entries(page, address)
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def wait_for_entries(page: Page, address: str) -> None:
    """Ask again until the server answers and the boxes are filled."""
    for _ in range(PATIENCE_S):
        try:
            board = page.request.get(address).text()
        except PlaywrightError:  # nobody listens yet
            board = ""
        if board.count('class="row-link"') >= ENOUGH_ENTRIES and NOT_READ_YET not in board:
            page.goto(address, wait_until="networkidle")
            return
        page.wait_for_timeout(1_000)
    sys.exit("the demo shows too few entries")


def wait_for_comments(page: Page, address: str) -> None:
    """Ask for the inbox again until enough comments wait in it; open the second."""
    for _ in range(PATIENCE_S):
        page.goto(address, wait_until="networkidle")
        lines = page.locator(".inbox .line")
        if lines.count() >= ENOUGH_COMMENTS:
            wanted = lines.nth(1).get_attribute("data-comment")
            lines.nth(1).locator(".row-link").click()
            page.locator(f'#inbox-open[data-comment="{wanted}"]').wait_for()
            page.mouse.move(0, 0)
            return
        page.wait_for_timeout(1_000)
    sys.exit("the demo shows too few comments")


def take(page: Page, name: str, language: str) -> None:
    """Write one picture."""
    path = FOLDER / f"{name}.{language}.png"
    path.write_bytes(squeezed(page.screenshot(animations="disabled", caret="hide")))
    print(f"{path.name}: {path.stat().st_size // 1024} kB")


def squeezed(png: bytes) -> bytes:
    """Compress a PNG harder than the browser, which hurries; the picture stays the same."""
    signature, place = png[:8], 8
    head, pixels = b"", b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            head = body
        elif kind == b"IDAT":
            pixels += body
        place += 12 + length
    again = zlib.compress(zlib.decompress(pixels), 9)
    chunks = ((b"IHDR", head), (b"IDAT", again), (b"IEND", b""))
    return signature + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


if __name__ == "__main__":
    main()
