import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from aggregator.services import reading
from aggregator.services.context import Context
from tests.browser.conftest import DESKTOP, watched
from tests.browser.looks import Look, assert_open_to_all, each_look, seen
from tests.web.world import entry_id

pytestmark = pytest.mark.browser

POST = "Quantité ou qualité ?"


def box(page: Page) -> Locator:
    return page.get_by_role("region", name="Le blog de CWM")


def row(page: Page) -> Locator:
    return box(page).get_by_role("listitem").filter(has_text=POST)


def test_an_entry_opens_beside_the_board_and_is_read(page: Page, context: Context) -> None:
    page.goto("/")
    expect(box(page).locator(".pill")).to_contain_text("10")
    row(page).get_by_role("link").click()
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("heading", name=POST)).to_be_focused()
    expect(panel).to_contain_text("Mieux vaut moins.")
    expect(box(page).locator(".pill")).to_contain_text("9")
    expect(row(page)).to_contain_class("is-read")
    expect(panel.get_by_role("button", name="Mark as unread")).to_be_visible()
    assert page.url.endswith(f"/entries/{entry_id(context, POST)}")
    assert reading.article(context, entry_id(context, POST)).row.read


def test_escape_closes_the_panel_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/")
    row(page).get_by_role("link").click()
    expect(page.get_by_role("heading", name=POST)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary")).to_have_count(0)
    expect(row(page).get_by_role("link")).to_be_focused()
    assert page.url.endswith("/pages/veille")


def test_going_back_closes_the_panel_and_forward_opens_it(page: Page) -> None:
    page.goto("/")
    row(page).get_by_role("link").click()
    expect(page.get_by_role("heading", name=POST)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("complementary")).to_have_count(0)
    page.go_forward()
    expect(page.get_by_role("heading", name=POST)).to_be_focused()


def test_an_entry_is_kept_and_let_go_by_undo(page: Page) -> None:
    page.goto("/")
    row(page).get_by_role("link").click()
    page.get_by_role("button", name="Keep", exact=True).click()
    toast = page.get_by_role("status").filter(has_text="Kept for later.")
    expect(toast).to_be_visible()
    expect(row(page)).to_contain_text("Kept for later")
    expect(page.get_by_role("button", name="Kept")).to_be_focused()
    toast.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("No longer kept, as before.")).to_be_visible()
    expect(page.get_by_role("button", name="Keep", exact=True)).to_be_visible()
    expect(row(page)).not_to_contain_text("Kept for later")


def test_a_click_is_told_though_its_button_was_replaced_meanwhile(
    page: Page,
) -> None:
    page.goto("/")
    row(page).get_by_role("link").click()
    keep = page.get_by_role("button", name="Keep", exact=True)
    expect(keep).to_be_visible()
    page.evaluate(
        """() => {
            const keep = document.querySelector("[id^=star-]").closest("form");
            keep.addEventListener("htmx:beforeOnLoad", () => keep.remove());
        }"""
    )
    keep.click()
    expect(row(page)).to_contain_text("Kept for later")


def test_a_whole_page_is_marked_and_taken_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Mark the whole page as read").click()
    expect(page.get_by_text("13 entries marked as read.")).to_be_visible()
    expect(page.locator("#head")).to_contain_text("all read")
    expect(page.locator(".pill")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#head")).to_contain_text("13 unread")
    expect(page.locator(".pill")).to_have_count(3)


def test_the_dot_marks_without_opening(page: Page) -> None:
    page.goto("/")
    row(page).get_by_role("button", name="Mark as read").click()
    expect(row(page)).to_contain_class("is-read")
    expect(page.get_by_role("complementary")).to_have_count(0)


def test_the_menu_of_a_box_marks_all_and_closes(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Actions: Le blog de CWM").click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(box(page).locator(".pill")).to_have_count(0)
    expect(page.locator("details[open]")).to_have_count(0)


def test_what_is_searched_is_found_and_opens(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("Magalie")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Trois huiles pour l’hiver").click()
    expect(page.get_by_role("complementary")).to_contain_text("Mieux vaut moins.")


def test_a_server_that_is_gone_is_said(browser: Browser, address: str) -> None:
    with browser.new_context(base_url=address) as profile:
        page = profile.new_page()
        page.goto("/")
        profile.set_offline(True)
        row(page).get_by_role("link").click()
        expect(page.get_by_text("Veille does not answer: what you see")).to_be_visible()
        profile.set_offline(False)
        row(page).get_by_role("link").click()
        expect(page.get_by_text("Veille does not answer: what you see")).to_be_hidden()


def test_everything_works_without_javascript(plain_page: Page, context: Context) -> None:
    plain_page.goto("/")
    row(plain_page).get_by_role("link").click()
    expect(plain_page.get_by_role("heading", name=POST)).to_be_visible()
    assert not reading.article(context, entry_id(context, POST)).row.read
    panel = plain_page.get_by_role("complementary")
    panel.get_by_role("button", name="Mark as read").click()
    expect(plain_page.get_by_text("Marked as read.")).to_be_visible()
    plain_page.get_by_role("button", name="Keep", exact=True).click()
    expect(plain_page.get_by_text("Kept for later.").first).to_be_visible()
    plain_page.get_by_role("button", name="Undo").click()
    expect(plain_page.get_by_text("No longer kept, as before.")).to_be_visible()
    plain_page.get_by_role("link", name="Close the entry").click()
    expect(plain_page.get_by_role("complementary")).to_have_count(0)
    plain_page.get_by_role("searchbox").fill("Magalie")
    plain_page.get_by_role("searchbox").press("Enter")
    expect(plain_page.get_by_role("link", name="Trois huiles pour l’hiver")).to_be_visible()
    plain_page.goto("/sources")
    plain_page.get_by_role("button", name="Try again: El annuaire").click()
    expect(plain_page.get_by_text("This source will be checked")).to_be_visible()


def test_images_load_when_asked_for_and_not_before(
    browser: Browser, address: str, complaints: list[str]
) -> None:
    with browser.new_context(viewport=DESKTOP, base_url=address) as profile:
        page = watched(profile.new_page(), address, complaints)
        page.route("https://cwm.example.org/**", lambda route: route.abort())
        page.goto("/")
        row(page).get_by_role("link").click()
        expect(page.get_by_role("link", name="Show the images")).to_be_visible()
        assert complaints == []
        with page.expect_request("https://cwm.example.org/a.png"):
            page.get_by_role("link", name="Show the images").click()
        expect(page.get_by_role("img", name="un dessin")).to_be_attached()
    assert "asked https://cwm.example.org/a.png" in complaints


@each_look
def test_everybody_can_use_it(
    browser: Browser, address: str, context: Context, look: Look
) -> None:
    opened = f"/entries/{entry_id(context, POST)}"
    with seen(browser, address, look) as page:
        for path in ("/", opened, "/sources", "/search?q=moins", "/nowhere"):
            page.goto(path)
            assert_open_to_all(page)
