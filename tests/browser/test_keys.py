"""Keys act by what they type, on any layout, and not where one types."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import assert_open_to_all

pytestmark = pytest.mark.browser

PLACES: Final = {"d": "/", "s": "/sources", "r": "/settings", "l": "/read", "a": "/add"}


def press_as(page: Page, key: str, code: str, **held: bool) -> None:
    """Press a key as a keyboard of another layout does."""
    event = {"key": key, "code": code, "bubbles": True, "cancelable": True, **held}
    page.evaluate("e => document.body.dispatchEvent(new KeyboardEvent('keydown', e))", event)


def note_acts(page: Page, *names: str) -> None:
    """Have the page note which of these acts are done."""
    page.wait_for_load_state()  # its scripts are there
    page.evaluate(
        "names => { window.done = []; "
        "for (const name of names) veille.can(name, () => { window.done.push(name); }); }",
        list(names),
    )


def done(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.done")
    return found


@pytest.mark.parametrize(
    ("key", "act"),
    [
        ("j", "next-line"),
        ("k", "previous-line"),
        ("n", "next-unread"),
        ("p", "previous-unread"),
        ("u", "show-new"),
        ("o", "open"),
        ("v", "original"),
        ("c", "comments"),
        ("m", "mark"),
        ("s", "keep"),
        ("w", "share"),
        ("Shift+A", "read-all"),
        ("z", "undo"),
        ("b", "switch"),
        ("/", "search"),
        ("+", "add"),
        ("?", "help"),
        ("Control+k", "palette"),
        ("Meta+k", "palette"),
    ],
)
def test_each_key_has_its_act_done(page: Page, key: str, act: str) -> None:
    page.goto("/sources")
    note_acts(page, act)
    page.keyboard.press(key)
    assert done(page) == [act]


@pytest.mark.parametrize(("letter", "path"), PLACES.items())
def test_g_and_a_letter_go_somewhere(page: Page, letter: str, path: str) -> None:
    page.goto("/search")
    page.locator("#main").focus()
    page.keyboard.press("g")
    page.keyboard.press(letter)
    page.wait_for_url(f"**{path}")


def test_g_waits_a_moment_only(page: Page) -> None:
    page.clock.install()
    page.goto("/sources")
    note_acts(page, "go-dashboard", "keep")
    page.keyboard.press("g")
    page.clock.fast_forward(1_600)
    page.keyboard.press("d")
    assert done(page) == []
    page.keyboard.press("s")
    assert done(page) == ["keep"]


@pytest.mark.parametrize(
    ("key", "code", "act"),
    [
        ("?", "KeyM", "help"),
        ("/", "Period", "search"),
        ("+", "Equal", "add"),
        ("A", "KeyQ", "read-all"),
    ],
)
def test_an_azerty_keyboard_types_shifted_signs(page: Page, key: str, code: str, act: str) -> None:
    page.goto("/sources")
    note_acts(page, act)
    press_as(page, key, code, shiftKey=True)
    assert done(page) == [act]


@pytest.mark.parametrize(
    ("key", "code", "act"),
    [("m", "Semicolon", "mark"), ("z", "KeyW", "undo"), ("w", "KeyZ", "share")],
)
def test_letters_act_where_azerty_has_them(page: Page, key: str, code: str, act: str) -> None:
    page.goto("/sources")
    note_acts(page, act)
    press_as(page, key, code)
    assert done(page) == [act]


def test_held_modifiers_belong_to_the_browser(page: Page) -> None:
    page.goto("/sources")
    note_acts(page, "keep", "next-unread", "palette")
    press_as(page, "s", "KeyS", ctrlKey=True)
    press_as(page, "n", "KeyN", metaKey=True)
    press_as(page, "s", "KeyS", altKey=True)
    press_as(page, "K", "KeyK", ctrlKey=True, shiftKey=True)
    assert done(page) == []


def test_what_is_composed_is_no_key(page: Page) -> None:
    page.goto("/sources")
    note_acts(page, "keep")
    press_as(page, "s", "KeyS", isComposing=True)
    assert done(page) == []


def test_a_held_key_moves_on_but_marks_once(page: Page) -> None:
    page.goto("/sources")
    note_acts(page, "next-line", "mark")
    for key in ("j", "m"):
        press_as(page, key, "KeyJ")
        press_as(page, key, "KeyJ", repeat=True)
    assert done(page) == ["next-line", "next-line", "mark"]


def test_letters_typed_in_a_field_are_letters(page: Page) -> None:
    page.goto("/sources")
    note_acts(page, "next-line", "help", "palette")
    page.locator("#search-box").focus()
    page.keyboard.type("j?")
    assert done(page) == []
    expect(page.locator("#search-box")).to_have_value("j?")
    page.keyboard.press("Control+k")
    assert done(page) == ["palette"]


def test_letters_can_be_switched_off(page: Page) -> None:
    page.goto("/settings")
    page.get_by_role("group", name="Single-letter keys").get_by_text("off", exact=True).click()
    page.get_by_role("button", name="Save into feeds.yaml").click()
    expect(page.locator("html")).to_have_attribute("data-keys", "off")
    note_acts(page, "next-line", "help", "palette", "go-dashboard")
    page.locator("#main").focus()
    for key in ("j", "?", "g", "d"):
        page.keyboard.press(key)
    assert done(page) == []
    page.keyboard.press("Control+k")
    assert done(page) == ["palette"]


def test_a_slash_goes_to_the_search_field(page: Page) -> None:
    page.goto("/sources")
    page.keyboard.press("/")
    expect(page.locator("#search-box")).to_be_focused()
    expect(page.locator("#search-box")).to_have_value("")


def test_the_help_sheet_opens_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/sources")
    page.locator("#add").focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="The keys")
    expect(sheet.get_by_text("Next unread entry, in any box")).to_be_visible()
    assert_open_to_all(page)
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(page.locator("#add")).to_be_focused()


def test_the_help_sheet_speaks_the_language_of_the_page(page: Page) -> None:
    page.goto("/sources")
    page.context.add_cookies([{"name": "language", "value": "fr", "url": page.url}])
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("Tableau de bord", exact=True)).to_be_visible()


def test_help_is_a_page_without_javascript(plain_page: Page) -> None:
    plain_page.goto("/sources")
    plain_page.locator("#looks > summary").click()
    plain_page.get_by_role("link", name="The keys").click()
    expect(plain_page.get_by_role("heading", name="The keys", level=1)).to_be_visible()
    expect(plain_page.get_by_text("Mark as read or unread")).to_be_visible()
