"""Screens as people have them: at a desk and in the hand, in both languages, by day and night."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import DESKTOP, PHONE

AXE: Final = Axe()
FAULTS: Final = {"resultTypes": ["violations"]}
COLOURS: Final = FAULTS | {"runOnly": ["color-contrast"]}
"""Of what axe looks for, that alone depends on the theme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One way to have a screen before one; both themes belong to each."""

    size: ViewportSize
    language: str


DESK: Final = Look(size=DESKTOP, language="en")
HAND: Final = Look(size=PHONE, language="fr")

each_look: Final = pytest.mark.parametrize("look", [DESK, HAND], ids=["desk", "hand"])
"""Two looks find what more would: sizes and languages are paired, themes are both looked at."""


@contextmanager
def seen(browser: Browser, address: str, look: Look) -> Iterator[Page]:
    """Open a page for somebody, as whose screen and language are."""
    with browser.new_context(
        viewport=look.size, base_url=address, reduced_motion="reduce", service_workers="block"
    ) as profile:
        profile.add_cookies([{"name": "language", "value": look.language, "url": address}])
        yield profile.new_page()


def assert_open_to_all(page: Page) -> None:
    """Find nothing that keeps somebody out, in both themes, and nothing over the edge."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = AXE.run(page, options=FAULTS)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    page.emulate_media(color_scheme="dark")
    dark: dict[str, Any] = page.evaluate("wanted => axe.run(document, wanted)", COLOURS)
    assert dark["violations"] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
