"""Lines by keys: from one to the next across boxes, the panel that follows, focus kept."""

import re
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from aggregator.domain.boards import Act
from aggregator.services import reading
from aggregator.services.context import Context
from tests.browser.conftest import until
from tests.web.world import entry_id

pytestmark = pytest.mark.browser

FIRST: Final = "Quantité ou qualité ?"


def selected(page: Page) -> Locator:
    return page.locator(".row.is-selected")


def title(page: Page) -> Locator:
    return page.locator("#panel #panel-title")


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_keys_go_from_line_to_line_down_the_columns(page: Page) -> None:
    page.goto("/")
    press(page, "j")
    expect(selected(page)).to_contain_text(FIRST)
    press(page, "jj")
    expect(selected(page)).to_contain_text("Billet 8")
    press(page, "k")
    expect(selected(page)).to_contain_text("Billet 9")
    press(page, "jjjjjj")
    expect(selected(page)).to_contain_text("Billet 3")
    press(page, "j")
    expect(selected(page)).to_contain_text("alert('titre')")
    expect(selected(page).get_by_role("link")).to_be_focused()
    expect(selected(page)).to_have_count(1)


def test_n_and_p_jump_to_unread_lines_across_boxes(page: Page, context: Context) -> None:
    read = [entry_id(context, f"Billet {number}") for number in range(3, 10)]
    reading.act(context, Act.READ, read)
    page.goto("/")
    press(page, "n")
    expect(selected(page)).to_contain_text(FIRST)
    press(page, "n")
    expect(selected(page)).to_contain_text("alert('titre')")
    press(page, "nn")
    expect(selected(page)).to_contain_text("Les gagnants de septembre")
    press(page, "n")
    expect(selected(page)).to_contain_text(FIRST)
    press(page, "p")
    expect(selected(page)).to_contain_text("Les gagnants de septembre")


def test_that_all_is_read_is_said(page: Page, context: Context) -> None:
    upto = reading.board(context, None).upto
    reading.mark_all_read(context, upto=upto, page_slug="veille")
    page.goto("/")
    press(page, "n")
    expect(page.locator("#say")).to_have_text("All is read here.")
    expect(selected(page)).to_have_count(0)


def test_each_list_is_one_stop_of_the_tab_key(page: Page) -> None:
    page.goto("/")
    stops = page.locator("#box-1 .row-link[tabindex='0']")
    expect(stops).to_have_count(1)
    press(page, "jjj")
    expect(stops).to_have_count(1)
    expect(stops).to_contain_text("Billet 8")
    page.keyboard.press("Tab")
    expect(page.locator("#box-1 .box-more a")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(stops).to_be_focused()


def test_arrows_move_within_a_list_that_has_the_focus(page: Page) -> None:
    page.goto("/")
    press(page, "j")
    page.keyboard.press("ArrowDown")
    expect(selected(page)).to_contain_text("Billet 9")
    page.keyboard.press("ArrowUp")
    expect(selected(page)).to_contain_text(FIRST)


def test_the_open_panel_follows_and_the_focus_stays_in_the_list(
    page: Page, context: Context
) -> None:
    page.goto("/")
    press(page, "j")
    page.keyboard.press("o")
    expect(title(page)).to_be_focused()
    selected(page).get_by_role("link").focus()
    press(page, "j")
    expect(title(page)).to_have_text("Billet 9")
    expect(selected(page).get_by_role("link")).to_be_focused()
    assert page.url.endswith(f"/entries/{entry_id(context, 'Billet 9')}")
    page.keyboard.press("Enter")
    expect(title(page)).to_be_focused()


def test_who_reads_in_the_panel_stays_in_it(page: Page) -> None:
    page.goto("/")
    press(page, "jo")
    expect(title(page)).to_be_focused()
    press(page, "n")
    expect(title(page)).to_have_text("Billet 9")
    expect(title(page)).to_be_focused()
    page.locator("#panel-next").click()
    expect(title(page)).to_have_text("Billet 8")
    expect(page.locator("#panel-next")).to_be_focused()


def test_of_lines_passed_in_haste_only_the_last_is_opened_and_read(
    page: Page, context: Context
) -> None:
    page.goto("/")
    press(page, "jo")
    expect(title(page)).to_be_focused()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        "for (let times = 0; times < 4; times += 1) document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key: 'j', bubbles: true, cancelable: true }))"
    )
    expect(title(page)).to_have_text("Billet 6")
    expect(page.locator("#box-1 .pill")).to_contain_text("8")
    panels = [url for url in asked if "/entries/" in url and not url.endswith("/read")]
    assert len(panels) == 1
    assert not reading.article(context, entry_id(context, "Billet 8")).row.read


def test_escape_closes_and_the_selection_stays(page: Page) -> None:
    page.goto("/")
    press(page, "jjo")
    expect(title(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(selected(page)).to_contain_text("Billet 9")
    expect(selected(page).get_by_role("link")).to_be_focused()
    press(page, "j")
    expect(selected(page)).to_contain_text("Billet 8")


@pytest.mark.parametrize(("key", "path"), [("v", "original"), ("c", "comments")])
def test_keys_open_the_source_in_a_tab_of_its_own(page: Page, key: str, path: str) -> None:
    page.context.route("https://example.org/**", lambda route: route.fulfill(body="there"))
    page.context.route(f"**/entries/*/{path}", lambda route: route.fulfill(body="there"))
    page.goto("/")
    press(page, "j")
    with page.context.expect_page() as of_line:
        page.keyboard.press(key)
    of_line.value.wait_for_url(f"**/entries/*/{path}")
    press(page, "o")
    expect(title(page)).to_be_focused()
    with page.context.expect_page() as of_panel:
        page.keyboard.press(key)
    of_panel.value.wait_for_url("https://example.org/**")


def test_the_selected_line_is_kept_in_sight(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 300})
    page.goto("/")
    press(page, "jjjjjjjj")
    expect(selected(page)).to_be_in_viewport(ratio=1)
    press(page, "kkkkkkk")
    expect(selected(page)).to_be_in_viewport(ratio=1)
    top = selected(page).bounding_box()
    bar = page.locator(".top").bounding_box()
    assert top is not None
    assert bar is not None
    assert top["y"] >= bar["y"] + bar["height"]


def test_the_selection_survives_lines_that_come_anew(page: Page, context: Context) -> None:
    page.clock.install()
    page.goto("/")
    press(page, "jj")
    reading.act(context, Act.READ, [entry_id(context, "Billet 8")])
    page.clock.fast_forward(21_000)
    expect(page.locator("#box-1 .row.is-read")).to_have_count(1)
    expect(selected(page)).to_contain_text("Billet 9")
    expect(selected(page).get_by_role("link")).to_be_focused()


def test_the_board_and_the_reader_hand_the_selection_on(page: Page) -> None:
    page.goto("/")
    press(page, "jjj")
    page.keyboard.press("b")
    page.wait_for_url("**/read/page/veille**")
    expect(selected(page)).to_contain_text("Billet 8")
    press(page, "j")
    chosen = selected(page).get_attribute("id")
    page.keyboard.press("b")
    page.wait_for_url(re.compile(r"/(pages/veille)?\?at="))
    assert selected(page).get_attribute("id") == chosen
    expect(selected(page).get_by_role("link")).to_be_focused()


def test_the_board_and_the_reader_hand_the_open_entry_on(page: Page, context: Context) -> None:
    number = entry_id(context, "Billet 9")
    page.goto("/")
    press(page, "jjo")
    expect(title(page)).to_have_text("Billet 9")
    page.keyboard.press("b")
    page.wait_for_url(f"**/read/page/veille?entry={number}")
    expect(title(page)).to_have_text("Billet 9")
    expect(title(page)).to_be_focused()
    expect(page.locator(f".reader-list #open-{number}")).to_have_attribute("aria-current", "true")
    page.keyboard.press("b")
    page.wait_for_url(f"**/entries/{number}")
    expect(title(page)).to_have_text("Billet 9")
    expect(selected(page)).to_contain_text("Billet 9")


@pytest.mark.parametrize("width", [1181, 1440, 1920])
def test_the_selected_line_is_never_under_the_panel(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/")
    press(page, "jo")
    expect(title(page)).to_be_focused()
    lines = page.locator(".board .row[id]")
    free = """() => {
        const line = document.querySelector(".row.is-selected").getBoundingClientRect();
        const panel = document.getElementById("panel").getBoundingClientRect();
        return line.right <= panel.left && line.bottom <= innerHeight;
    }"""
    assert lines.count() > 9
    for line in lines.all():
        number = (line.get_attribute("id") or "").removeprefix("entry-")
        expect(page.locator("#panel")).to_have_attribute("data-entry", number)
        until(page, lambda: page.evaluate(free))
        selected(page).get_by_role("link").focus()
        press(page, "j")


def test_of_an_entry_older_than_the_lines_of_its_box_the_box_is_the_place(
    page: Page, context: Context
) -> None:
    page.goto(f"/?at={entry_id(context, 'Billet 1')}")
    expect(page.locator("#board")).to_have_attribute("data-box", "1")
    expect(page.locator("#box-1 .row-link").first).to_be_focused()
    expect(selected(page)).to_contain_text(FIRST)
    page.goto(f"/?at={entry_id(context, 'Billet 9')}")
    expect(selected(page)).to_contain_text("Billet 9")
    expect(page.locator("#board[data-box]")).to_have_count(0)
