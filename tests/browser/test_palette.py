"""The palette goes, finds and acts by a few letters."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.looks import Look, assert_open_to_all, each_look, seen

pytestmark = pytest.mark.browser


def opened(page: Page, path: str = "/") -> Locator:
    page.goto(path)
    page.keyboard.press("Control+k")
    words = page.get_by_role("combobox")
    expect(words).to_be_focused()
    expect(page.get_by_role("option").first).to_be_visible()
    return words


def first(page: Page) -> Locator:
    return page.get_by_role("option").first


def test_a_screen_is_gone_to(page: Page) -> None:
    opened(page).fill("sett")
    expect(first(page)).to_contain_text("Settings")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")


def test_a_page_is_found_without_its_accents_and_capitals(page: Page) -> None:
    opened(page).fill("BLÔGS")
    expect(first(page)).to_contain_text("Blogs")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/blogs")


def test_a_source_is_found_by_the_starts_of_its_words(page: Page) -> None:
    opened(page).fill("cwm bl")
    expect(first(page)).to_contain_text("Le blog de CWM")
    page.keyboard.press("Enter")
    page.wait_for_url("**/read/source/**")


def test_the_nearest_stands_first(page: Page) -> None:
    page.goto("/sources")
    page.evaluate("veille.can('mark', () => {})")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("ma")
    expect(first(page)).to_contain_text("Mark as read or unread")
    page.get_by_role("combobox").fill("mag")
    expect(first(page)).to_contain_text("Magalie")
    page.get_by_role("combobox").fill("mgl")
    expect(first(page)).to_contain_text("Find “mgl” in the entries")
    expect(page.get_by_role("option").nth(1)).to_contain_text("Magalie")


def test_free_words_are_searched(page: Page) -> None:
    opened(page).fill("qualité")
    expect(first(page)).to_contain_text("Find “qualité” in the entries")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=qualit%C3%A9")
    expect(page.get_by_role("link", name="Quantité ou qualité ?")).to_be_visible()


def test_an_act_is_done_and_tells_its_key(page: Page) -> None:
    opened(page, "/sources").fill("the keys")
    expect(first(page).locator("kbd")).to_have_text("?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="The keys")).to_be_visible()


def test_what_this_page_cannot_do_is_not_offered(page: Page) -> None:
    page.goto("/sources")
    page.evaluate(
        "const able = veille.able; veille.able = (name) => name !== 'help' && able(name)"
    )
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Search")).to_be_visible()
    expect(page.get_by_role("option", name="The keys")).to_have_count(0)


def test_the_look_is_chosen(page: Page) -> None:
    opened(page).fill("theme dark")
    expect(first(page)).to_contain_text("Theme: dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_arrows_walk_round_and_are_told(page: Page) -> None:
    words = opened(page)
    expect(words).to_have_attribute("aria-activedescendant", "palette-option-0")
    page.keyboard.press("ArrowDown")
    expect(words).to_have_attribute("aria-activedescendant", "palette-option-1")
    expect(page.get_by_role("option", selected=True)).to_have_id("palette-option-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    last = page.get_by_role("option").last
    expect(last).to_have_attribute("aria-selected", "true")
    expect(last).to_be_in_viewport()


def test_a_click_chooses_too(page: Page) -> None:
    opened(page)
    page.get_by_role("option", name="Sources").click()
    page.wait_for_url("**/sources")


def test_escape_closes_it_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/")
    page.locator("#add").focus()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#add")).to_be_focused()


def test_it_is_asked_for_once(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/palette" in one.url else None)
    opened(page)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(first(page)).to_be_visible()
    assert len([url for url in asked if url.endswith("/palette")]) == 1


@each_look
def test_everybody_can_use_it(browser: Browser, address: str, look: Look) -> None:
    with seen(browser, address, look) as page:
        opened(page, "/sources")
        assert_open_to_all(page)


def test_without_javascript_it_is_a_page(plain_page: Page) -> None:
    plain_page.goto("/")
    plain_page.locator("#open-palette").click()
    plain_page.get_by_role("link", name="Philippe B").click()
    expect(plain_page.get_by_text("Mon outil préféré sur le web").first).to_be_visible()
