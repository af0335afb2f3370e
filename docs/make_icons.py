"""Draw the icons of the installed app from `static/icon.svg`, with headless Chromium."""

import shutil
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

STATIC: Final = Path(__file__).parent.parent / "aggregator" / "web" / "static"
ROUNDED: Final = 'rx="5.5"'
"""The corners of the icon; systems that cut it to their own shape are given it square."""

WANTED: Final = {
    "any-192": (192, ROUNDED),
    "any-512": (512, ROUNDED),
    "maskable-192": (192, ""),
    "maskable-512": (512, ""),
    "apple-touch-180": (180, ""),
}


def main() -> None:
    """Draw every size."""
    drawing = (STATIC / "icon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        for name, (size, corners) in WANTED.items():
            path = STATIC / "icons" / f"{name}.png"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(drawn(page, drawing.replace(ROUNDED, corners), size))
            print(f"{path.name}: {path.stat().st_size} bytes")
        browser.close()


def drawn(page: Page, drawing: str, size: int) -> bytes:
    """Draw an SVG at a size, on nothing."""
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(
        f"<style>body{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{drawing}"
    )
    return page.screenshot(omit_background=True)


if __name__ == "__main__":
    main()
