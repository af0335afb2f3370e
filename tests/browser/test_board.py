"""The board lives: what comes is announced and moves nothing; boxes shrink as one chooses."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from aggregator.domain.boards import Act
from aggregator.services import following, reading
from aggregator.services.context import Context
from tests.browser.looks import Look, assert_open_to_all, each_look, seen
from tests.web.world import FAILING, FEEDS, entry_id, publish, set_source

pytestmark = pytest.mark.browser

SHIFTS: Final = """
  window.shifted = [];
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries()) {
      for (const { node } of sources) {
        const moved = node instanceof Element ? node : node?.parentElement;
        if (moved?.closest("main")) window.shifted.push(moved.outerHTML.slice(0, 80));
      }
    }
  }).observe({ type: "layout-shift" });
"""
"""Notes what moves in the page by itself, once its letters are there."""


def watch_shifts(page: Page) -> None:
    page.evaluate("document.fonts.ready")
    page.evaluate(SHIFTS)
    page.evaluate("window.shifted = []")


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def later(page: Page) -> None:
    """Let the time pass after which the page asks what has changed."""
    page.clock.fast_forward(21_000)


def places(page: Page) -> list[float]:
    found: list[float] = page.locator(".board .row, .board h2, #read-page").evaluate_all(
        "all => all.map((each) => { const at = each.getBoundingClientRect(); "
        "return Math.round(at.top * 10_000 + at.right); })"
    )
    return found


def test_what_comes_is_announced_and_moves_no_line(page: Page, context: Context) -> None:
    page.clock.install()
    page.goto("/")
    watch_shifts(page)
    before = places(page)
    publish(context, "Magalie", "Une", "Deux", "Trois")
    publish(context, "Le blog de CWM", "Quatre")
    later(page)
    expect(box(page, "Magalie").get_by_role("link", name="3 new")).to_be_visible()
    expect(page.locator("#head").get_by_role("link", name="4 new")).to_be_visible()
    expect(page.locator("#tabs [aria-current]")).to_contain_text("17")
    assert places(page) == before
    assert page.evaluate("window.shifted") == []


@pytest.mark.parametrize(("language", "words"), [("en", "3 new"), ("fr", "3 nouveaux")])
def test_what_comes_is_counted_in_the_title_and_said_once(
    page: Page, context: Context, language: str, words: str
) -> None:
    page.context.add_cookies([{"name": "language", "value": language, "url": page_url(page)}])
    page.clock.install()
    page.goto("/")
    title = page.title()
    publish(context, "Magalie", "Une", "Deux", "Trois")
    later(page)
    expect(page).to_have_title(f"({words}) {title}")
    expect(page.locator("#say")).to_have_text(words)
    page.evaluate("document.getElementById('say').textContent = ''")
    later(page)
    expect(page.locator("#say")).to_be_empty()
    page.keyboard.press("u")
    expect(page).to_have_title(title)


def test_the_new_ones_of_a_box_are_shown_at_a_click(page: Page, context: Context) -> None:
    page.clock.install()
    page.goto("/")
    publish(context, "Magalie", "Une", "Deux")
    publish(context, "Le blog de CWM", "Quatre")
    later(page)
    box(page, "Magalie").get_by_role("link", name="2 new").click()
    expect(box(page, "Magalie").locator(".row").first).to_contain_text("Deux")
    expect(box(page, "Magalie").locator(".row-link").first).to_be_focused()
    expect(box(page, "Le blog de CWM")).not_to_contain_text("Quatre")
    later(page)
    expect(page.locator("#head").get_by_role("link", name="1 new")).to_be_visible()


def test_a_key_shows_all_that_is_new_and_keeps_the_focus(page: Page, context: Context) -> None:
    page.clock.install()
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    publish(context, "Magalie", "Une")
    publish(context, "Le blog de CWM", "Quatre")
    later(page)
    expect(page.locator("#show-new")).to_be_visible()
    page.keyboard.press("u")
    expect(box(page, "Le blog de CWM").locator(".row").first).to_contain_text("Quatre")
    expect(box(page, "Magalie").locator(".row").first).to_contain_text("Une")
    expect(page.locator("#show-new")).to_have_count(0)
    expect(page.locator(".row.is-selected")).to_contain_text("Billet 9")
    expect(page.locator(".row.is-selected").get_by_role("link")).to_be_focused()


def test_nothing_moves_as_the_first_entries_of_a_source_come(page: Page, context: Context) -> None:
    context.settings.feeds_path.write_text(
        FEEDS.replace("  - name: Veille\n", "  - name: Veille\n    columns: 1\n").replace(
            "  - name: Magalie\n",
            "  - name: Arrivant\n    url: https://a.example.org/rss\n"
            "    page: Veille\n  - name: Magalie\n",
        ),
        encoding="utf-8",
    )
    following.refresh(context)
    page.clock.install()
    page.goto("/")
    expect(box(page, "Arrivant")).to_contain_text("Not checked yet")
    watch_shifts(page)
    before = places(page)[-5:]
    publish(context, "Arrivant", "Bonjour", "Bonsoir")
    later(page)
    expect(box(page, "Arrivant")).to_contain_text("Bonjour")
    assert page.evaluate("window.shifted") == []
    assert places(page)[-5:] == before


def test_a_fresh_count_needs_no_reload(page: Page, context: Context) -> None:
    page.clock.install()
    page.goto("/")
    reading.act(context, Act.READ, [entry_id(context, "Billet 9")])
    later(page)
    expect(box(page, "Le blog de CWM").locator(".pill")).to_contain_text("9")
    expect(box(page, "Le blog de CWM").locator(".row.is-read")).to_contain_text("Billet 9")


def test_a_hidden_tab_asks_nothing_until_it_is_looked_at(page: Page) -> None:
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.away ?? true })")
    later(page)
    later(page)
    assert not [url for url in asked if "/changes" in url]
    with page.expect_request("**/changes?**"):
        page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")


def test_one_request_asks_for_the_whole_page(page: Page) -> None:
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    with page.expect_response("**/changes?**") as answer:
        later(page)
    assert answer.value.status == 204
    assert len([url for url in asked if "/changes" in url]) == 1


def test_an_answer_for_a_page_that_was_left_is_dropped(page: Page, context: Context) -> None:
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.goto("/")
    page.route("**/changes?**", keep)
    with page.expect_request("**/changes?**"):
        box(page, "Le blog de CWM").get_by_role("link", name="Quantité").click()
    page.go_back()
    expect(page.get_by_role("complementary")).to_have_count(0)
    reading.act(context, Act.STAR, [entry_id(context, "Quantité ou qualité ?")])
    with page.expect_event("requestfinished"):
        page.unroute("**/changes?**")
    with page.expect_response("**/changes?**") as answer:
        page.evaluate("document.body.dispatchEvent(new Event('changed'))")
    assert answer.value.ok


def test_an_open_menu_stays_open(page: Page, context: Context) -> None:
    page.clock.install()
    page.goto("/")
    page.get_by_label("Actions: Le blog de CWM").click()
    publish(context, "Le blog de CWM", "Quatre")
    later(page)
    expect(page.locator("#show-new")).to_be_visible()
    expect(page.get_by_role("link", name="Open in the reader")).to_be_visible()
    page.keyboard.press("Escape")
    later(page)
    expect(box(page, "Le blog de CWM").get_by_role("link", name="1 new")).to_be_visible()


def test_a_folded_box_opens_at_a_click(page: Page, context: Context) -> None:
    titles = ["Trois huiles pour l’hiver", "<script>alert('titre')</script>"]
    reading.act(context, Act.READ, [entry_id(context, title) for title in titles])
    page.context.add_cookies([{"name": "quiet_boxes", "value": "fold", "url": page_url(page)}])
    page.goto("/")
    expect(box(page, "Magalie").locator(".row")).to_have_count(0)
    page.get_by_label("Show the entries: Magalie").click()
    expect(box(page, "Magalie").locator(".row")).to_have_count(2)
    expect(box(page, "Magalie").locator(".row-link").first).to_be_focused()


def page_url(page: Page) -> str:
    page.goto("/sources")
    return page.url.removesuffix("/sources")


def test_a_folded_box_opens_without_script(plain_page: Page, context: Context) -> None:
    titles = ["Trois huiles pour l’hiver", "<script>alert('titre')</script>"]
    reading.act(context, Act.READ, [entry_id(context, title) for title in titles])
    address = page_url(plain_page)
    plain_page.context.add_cookies([{"name": "quiet_boxes", "value": "fold", "url": address}])
    plain_page.goto("/")
    plain_page.get_by_label("Show the entries: Magalie").click()
    expect(box(plain_page, "Magalie").locator(".row")).to_have_count(2)


def test_a_box_is_paused_and_checked_again_from_its_menu(page: Page, context: Context) -> None:
    page.goto("/")
    page.get_by_label("Actions: Le blog de CWM").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#toast")).to_contain_text("Le blog de CWM")
    assert reading.board(context, None).boxes[0].source.paused


@each_look
@pytest.mark.parametrize("choices", [{}, {"quiet_boxes": "fold", "excerpts": "on"}])
def test_everybody_can_use_a_board_in_all_its_states(
    browser: Browser, address: str, context: Context, look: Look, choices: dict[str, str]
) -> None:
    reading.act(context, Act.READ, [entry_id(context, "Trois huiles pour l’hiver")])
    reading.act(context, Act.STAR, [entry_id(context, "Billet 9")])
    reading.act(context, Act.READ, [entry_id(context, "<script>alert('titre')</script>")])
    with seen(browser, address, look) as page:
        page.context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in choices.items()]
        )
        page.clock.install()
        page.goto("/")
        publish(context, "Le blog de CWM", "Quatre")
        set_source(context, "Magalie", **FAILING)
        later(page)
        expect(page.locator("#show-new")).to_be_visible()
        page.keyboard.press("j")
        assert_open_to_all(page)
