"""The frame around the screens: what stands there, fits, and changes where one is."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from aggregator.domain.boards import Act
from aggregator.services import reading
from aggregator.services.context import Context
from tests.browser.conftest import DESKTOP, PHONE, watched
from tests.browser.looks import DESK, HAND, Look, assert_open_to_all, each_look, seen
from tests.web.world import FAILING, TITLES, entry_id, publish, set_source

pytestmark = pytest.mark.browser

SMALL: Final[ViewportSize] = {"width": 1024, "height": 768}
SIZES: Final[tuple[ViewportSize, ...]] = (SMALL, PHONE, {"width": 320, "height": 640})
SCREENS: Final = ("/", "/sources", "/search", "/settings", "/help", "/palette")


def look(page: Page, name: str) -> str:
    return str(page.evaluate("name => document.documentElement.dataset[name]", name))


def looks(page: Page) -> None:
    """Open the menu of language, theme and density."""
    page.locator("#looks > summary").click()


def test_the_theme_changes_at_once_and_stays(page: Page) -> None:
    page.goto("/")
    page.evaluate("window.same = true")
    looks(page)
    with page.expect_response("**/preferences"):
        page.locator("#looks").get_by_role("button", name="dark").click()
    assert look(page, "theme") == "dark"
    expect(page.locator("#looks").get_by_role("button", name="dark")).to_have_attribute(
        "aria-pressed", "true"
    )
    background = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(background)
    assert page.evaluate("window.same")
    page.reload()
    assert look(page, "theme") == "dark"
    assert page.evaluate(background) == dark
    looks(page)
    page.locator("#looks").get_by_role("button", name="light").click()
    assert look(page, "theme") == "light"
    assert page.evaluate(background) != dark


def test_compact_lines_are_lower(page: Page) -> None:
    page.goto("/")
    height = "document.querySelector('.row').getBoundingClientRect().height"
    roomy = page.evaluate(height)
    looks(page)
    page.locator("#looks").get_by_role("button", name="compact").click()
    assert page.evaluate(height) < roomy


def test_the_language_changes_where_one_is(page: Page) -> None:
    page.goto("/sources")
    looks(page)
    page.locator("#looks").get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.url.endswith("/sources")


def test_the_rail_becomes_narrow_with_names_as_tips(page: Page) -> None:
    page.goto("/")
    rail = page.get_by_role("navigation", name="Screens")
    name = rail.get_by_role("link", name="Sources").locator("span")
    page.get_by_role("button", name="Narrow this bar").click()
    assert look(page, "rail") == "narrow"
    box = rail.bounding_box()
    assert box
    assert box["width"] == 56
    expect(name).to_have_css("opacity", "0")
    rail.get_by_role("link", name="Sources").hover()
    expect(name).to_have_css("opacity", "1")
    page.reload()
    page.get_by_role("button", name="Widen this bar").click()
    assert look(page, "rail") == "wide"
    box = rail.bounding_box()
    assert box
    assert box["width"] == 224


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_scrolls_sideways(browser: Browser, address: str, language: str) -> None:
    with browser.new_context(base_url=address) as profile:
        profile.add_cookies([{"name": "language", "value": language, "url": address}])
        page = profile.new_page()
        for path in SCREENS:
            page.goto(path)
            for viewport in SIZES:
                page.set_viewport_size(viewport)
                assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
                for bar in page.locator(".top, .rail").all():
                    assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth + 1")


@pytest.mark.parametrize("script", [True, False])
def test_the_bar_of_a_phone_has_five_places(
    browser: Browser, address: str, *, script: bool
) -> None:
    complaints: list[str] = []
    with browser.new_context(
        viewport=PHONE, base_url=address, java_script_enabled=script
    ) as profile:
        page = watched(profile.new_page(), address, complaints)
        page.goto("/")
        bar = page.locator(".rail-nav > :visible")
        expect(bar).to_have_count(5)
        for place in bar.all():
            box = place.bounding_box()
            assert box
            assert box["height"] >= 44
        page.locator("#more > summary").click()
        sheet = page.locator(".more-sheet")
        for name in ("Follow something", "Kept for later", "All settings", "Export OPML"):
            expect(sheet.get_by_role("link", name=name)).to_be_visible()
        sheet.get_by_role("button", name="dark").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.goto("/")
        page.locator(".rail-nav").get_by_role("link", name="Search").click()
        expect(page.get_by_role("heading", name="Search", level=1)).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_the_tab_one_is_on_is_in_view_on_a_phone(
    browser: Browser, address: str, *, script: bool
) -> None:
    with browser.new_context(
        viewport={"width": 160, "height": 640}, base_url=address, java_script_enabled=script
    ) as profile:
        page = profile.new_page()
        page.goto("/pages/blogs")
        expect(page.locator("#tabs [aria-current]")).to_be_in_viewport(ratio=0.9)


def test_what_scripts_say_is_spoken(page: Page) -> None:
    page.goto("/")
    page.evaluate("veille.say('3 new')")
    expect(page.locator("#say")).to_have_text("3 new")
    assert page.locator("#say").get_attribute("aria-live") == "polite"


def test_the_first_stop_of_tab_leads_past_the_frame(page: Page) -> None:
    page.goto("/sources")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@each_look
def test_everybody_can_use_the_screens_of_the_frame(
    browser: Browser, address: str, look: Look
) -> None:
    with seen(browser, address, look) as page:
        for path in ("/settings", "/help", "/palette"):
            page.goto(path)
            assert_open_to_all(page)


@pytest.mark.parametrize(("look", "theme"), [(DESK, "light"), (HAND, "dark")])
def test_everybody_can_use_the_open_menus(
    browser: Browser, address: str, look: Look, theme: str
) -> None:
    with seen(browser, address, look) as page:
        page.context.add_cookies([{"name": "theme", "value": theme, "url": address}])
        page.goto("/sources")
        page.locator("#more > summary" if look == HAND else "#looks > summary").click()
        assert_open_to_all(page)


def test_a_wrong_time_zone_is_said_at_its_field_without_a_complaint(page: Page) -> None:
    page.goto("/settings")
    page.fill("#timezone", "Paris")
    page.click(".setting-foot button")
    expect(page.locator("#timezone-wrong")).to_contain_text("unknown")
    expect(page.locator("#timezone")).to_have_value("Paris")
    page.fill("#timezone", "America/Montreal")
    page.click(".setting-foot button")
    expect(page.locator("#toast")).to_contain_text("Written into feeds.yaml")
    expect(page.locator("#timezone")).to_have_value("America/Montreal")


def test_one_undo_too_many_is_said_without_a_complaint(page: Page) -> None:
    page.goto("/pages/veille")
    page.keyboard.press("z")
    expect(page.locator("#toast")).to_contain_text("nothing left to undo")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_top_bar_stays_as_counts_and_the_health_sentence_change(
    browser: Browser, address: str, context: Context, language: str
) -> None:
    with browser.new_context(
        viewport=DESKTOP, base_url=address, service_workers="block"
    ) as profile:
        profile.add_cookies([{"name": "language", "value": language, "url": address}])
        page = profile.new_page()
        page.clock.install()
        page.goto("/")
        page.evaluate("document.fonts.ready")
        places = """() => [...document.querySelectorAll(".tabs a, #switch, .search, #add, #looks")]
            .map((each) => each.getBoundingClientRect()).map(({ left, right }) => [left, right])"""
        before, words = page.evaluate(places), page.locator("#health").inner_text()
        for source in ("Erick", "Magalie"):
            set_source(context, source, **FAILING)
        page.clock.fast_forward(21_000)
        expect(page.locator("#health .health-words b")).to_contain_text("3")
        assert len(page.locator("#health").inner_text()) < len(words)
        assert page.evaluate(places) == before
        reading.act(
            context, Act.READ, [entry_id(context, title) for title in TITLES["Philippe B"]]
        )
        publish(context, "Le blog de CWM", *(f"Encore {number}" for number in range(100)))
        page.clock.fast_forward(21_000)
        expect(page.locator("#tabs [aria-current] .tab-count")).to_contain_text("113")
        expect(page.locator(".tab-count").last).to_be_empty()
        assert page.evaluate(places) == before


def test_the_tab_keeps_its_width_as_its_last_unread_line_is_read(page: Page) -> None:
    page.goto("/pages/blogs")
    width = "document.querySelector('#tabs [aria-current]').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.locator("#tabs [aria-current] .tab-count")).not_to_contain_text("1")
    assert page.evaluate(width) == before
