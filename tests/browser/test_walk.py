"""A morning by keyboard, in both languages: thirty entries, an undo, the reader, a new source."""

import re
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from aggregator.services.context import Context
from tests.world import World, item

pytestmark = pytest.mark.browser

SOURCES: Final = 4
THIRTY: Final = 30
WORDS: Final = {
    "en": ("Marked as unread.", "Followed"),
    "fr": ("Marqué comme non lu.", "Source suivie"),
}


@pytest.fixture
def context(world: World) -> Context:
    """Serve a world whose sources are asked in rounds."""
    urls = [
        world.publish(f"/rss-{source}", *(item(10 * source + nth) for nth in range(10)))
        for source in range(SOURCES)
    ]
    lines = "".join(f"  - url: {url}\n    name: Blog {nth}\n" for nth, url in enumerate(urls))
    world.follow(text=f"sources:\n{lines}pages:\n  - name: Veille\n    columns: 2\n")
    world.poll()
    return world.context


def title(page: Page) -> Locator:
    return page.locator("#panel #panel-title")


def read(page: Page) -> Locator:
    return page.locator(".rows .row.is-read")


@pytest.mark.parametrize(("language", "entries"), [("en", THIRTY), ("fr", 3)])
def test_a_morning_by_keyboard_alone(
    page: Page, address: str, world: World, language: str, entries: int
) -> None:
    marked, followed = WORDS[language]
    page.context.add_cookies([{"name": "language", "value": language, "url": address}])
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", language)

    seen = set()
    for number in range(1, entries + 1):
        page.keyboard.press("n")
        if number == 1:
            page.keyboard.press("o")
        chosen = page.locator(".row.is-selected").get_attribute("id") or ""
        expect(page.locator("#panel")).to_have_attribute(
            "data-entry", chosen.removeprefix("entry-")
        )
        expect(read(page)).to_have_count(number)
        seen.add(title(page).inner_text())
    assert len(seen) == entries

    page.keyboard.press("m")
    expect(page.locator("#toast")).to_contain_text(marked)
    expect(read(page)).to_have_count(entries - 1)
    page.keyboard.press("z")
    expect(read(page)).to_have_count(entries)

    last = title(page).inner_text()
    page.keyboard.press("b")
    page.wait_for_url("**/read/page/veille?entry=*")
    expect(title(page)).to_have_text(last)
    expect(page.locator(".reader-list .row-link[aria-current='true']")).to_contain_text(last)
    page.keyboard.press("b")
    page.wait_for_url(re.compile(r"/entries/\d+$"))
    expect(title(page)).to_have_text(last)
    expect(page.locator(".board .row.is-selected")).to_contain_text(last)

    page.keyboard.press("Escape")
    page.keyboard.press("+")
    expect(page.locator("#what")).to_be_focused()
    page.keyboard.type(world.publish("/new", item(99, "Bonjour de loin")))
    page.keyboard.press("Enter")
    expect(page.locator("#found-title")).to_be_focused()
    page.locator("#name").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/veille")
    expect(page.locator("#toast")).to_contain_text(followed)
    world.poll()
    page.reload()
    expect(page.locator(".board .row-link").filter(has_text="Bonjour de loin")).to_be_visible()
