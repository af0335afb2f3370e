"""Acts are shown at once, put back where they fail, and undone by a key."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from aggregator.domain.boards import Act
from aggregator.services import reading
from aggregator.services.context import Context
from tests.browser.conftest import until
from tests.web.world import entry_id

pytestmark = pytest.mark.browser

POST = "Quantité ou qualité ?"


def row(page: Page, title: str = POST) -> Locator:
    return page.locator(".board .row").filter(has_text=title)


@dataclass
class Held:
    """Requests that are kept back, in the order of their coming."""

    page: Page
    routes: list[Route] = field(default_factory=list)

    def __getitem__(self, number: int) -> Route:
        """Give the one of this number, once the page has sent it."""
        until(self.page, lambda: len(self.routes) > number)
        return self.routes[number]

    def __len__(self) -> int:
        return len(self.routes)


def hold(page: Page, pattern: str) -> Held:
    """Keep requests back; give what they come into."""
    held = Held(page)

    def keep(route: Route) -> None:
        held.routes.append(route)

    page.route(pattern, keep)
    return held


def is_read(context: Context, title: str = POST) -> bool:
    return reading.article(context, entry_id(context, title)).row.read


def is_kept(context: Context, title: str = POST) -> bool:
    return reading.article(context, entry_id(context, title)).row.starred


def test_a_mark_is_shown_before_the_server_answers(page: Page) -> None:
    held = hold(page, "**/entries/*/read")
    page.goto("/")
    row(page).get_by_role("button", name="Mark as read").click()
    expect(row(page)).to_contain_class("is-read")
    expect(page.locator("#box-1 .pill")).to_contain_text("9")
    expect(page.locator("#tabs [aria-current] .tab-count")).to_contain_text("12")
    expect(row(page).get_by_role("button", name="Mark as unread")).to_be_attached()
    expect(row(page)).not_to_contain_text("Unread:")
    assert len(held) == 1
    held[0].continue_()
    expect(page.get_by_text("Marked as read.")).to_be_visible()


@pytest.fixture
def unwatched(browser: Browser, address: str) -> Iterator[Page]:
    """Give a page where things go wrong: the browser itself complains of that."""
    with browser.new_context(base_url=address, service_workers="block") as profile:
        yield profile.new_page()


def test_what_is_refused_is_put_back_and_said(unwatched: Page) -> None:
    page = unwatched
    page.route("**/entries/*/read", lambda route: route.fulfill(status=500, body=""))
    page.goto("/")
    row(page).get_by_role("button", name="Mark as read").click()
    expect(row(page)).not_to_contain_class("is-read")
    expect(row(page)).to_contain_text("Unread:")
    expect(page.locator("#box-1 .pill")).to_contain_text("10")


def test_what_does_not_reach_veille_is_put_back_and_said(unwatched: Page) -> None:
    page = unwatched
    page.goto("/")
    page.context.set_offline(True)
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.get_by_text("This did not reach Veille: nothing was changed.")).to_be_visible()
    expect(row(page)).not_to_contain_class("is-kept")
    expect(page.get_by_text("Veille does not answer")).to_be_visible()
    page.context.set_offline(False)
    page.keyboard.press("s")
    expect(page.get_by_text("Kept for later.")).to_be_visible()
    expect(row(page)).to_contain_class("is-kept")


def test_keys_mark_and_keep_the_selected_line(page: Page, context: Context) -> None:
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.get_by_text("Marked as read.")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("Kept for later.")).to_be_visible()
    assert (is_read(context), is_kept(context)) == (True, True)
    page.keyboard.press("m")
    expect(page.get_by_text("Marked as unread.")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("No longer kept.")).to_be_visible()
    assert (is_read(context), is_kept(context)) == (False, False)
    expect(row(page).get_by_role("link")).to_be_focused()


def test_keys_act_on_the_open_entry_for_who_reads_in_it(page: Page, context: Context) -> None:
    page.goto(f"/entries/{entry_id(context, 'Billet 1')}")
    page.locator("#panel-title").focus()
    expect(page.get_by_role("button", name="Mark as unread").first).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Kept")).to_be_visible()
    assert is_kept(context, "Billet 1")
    expect(page.locator("#panel-title")).to_be_focused()


def test_each_of_the_last_acts_is_undone_by_a_key(unwatched: Page, context: Context) -> None:
    page = unwatched
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.get_by_text("Marked as read.")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("Kept for later.")).to_be_visible()
    page.keyboard.press("z")
    expect(row(page)).not_to_contain_class("is-kept")
    page.keyboard.press("z")
    expect(row(page)).not_to_contain_class("is-read")
    assert (is_read(context), is_kept(context)) == (False, False)
    page.keyboard.press("z")
    expect(page.get_by_text("There is nothing left to undo.")).to_be_visible()


def test_after_all_is_marked_the_focus_is_on_a_line(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Mark the whole page as read").click()
    expect(page.get_by_text("13 entries marked as read.")).to_be_visible()
    expect(page.locator(".board .row-link:focus")).to_have_count(1)
    page.keyboard.press("j")
    expect(page.locator(".board .row.is-selected .row-link")).to_be_focused()


def test_an_act_is_undone_on_another_page_long_after(page: Page, context: Context) -> None:
    page.clock.install()
    page.goto("/")
    page.keyboard.press("Shift+A")
    expect(page.get_by_text("13 entries marked as read.")).to_be_visible()
    page.clock.fast_forward(9_000)
    expect(page.locator("#toast.toast")).to_have_count(0)
    page.goto("/sources")
    page.keyboard.press("z")
    expect(page.get_by_text("13 entries marked as unread again.")).to_be_visible()
    assert not is_read(context)


def test_a_whole_page_is_read_at_once_and_put_back_in_and_out_of_sight(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 300})
    held = hold(page, "**/pages/veille/read")
    page.goto("/")
    page.keyboard.press("Shift+A")
    expect(page.locator(".board .row:not(.is-read, .is-skeleton)")).to_have_count(0)
    held[0].continue_()
    expect(page.get_by_text("13 entries marked as read.")).to_be_visible()
    expect(page.locator("#head")).to_contain_text("all read")
    page.keyboard.press("z")
    expect(page.locator(".board .row:not(.is-read, .is-skeleton)")).to_have_count(11)
    expect(page.locator("#head")).to_contain_text("13 unread")


def test_a_line_stays_read_though_an_older_answer_comes_after(
    page: Page, context: Context
) -> None:
    page.goto("/")
    reading.act(context, Act.STAR, [entry_id(context, POST)])
    held = hold(page, "**/changes?**")
    with page.expect_request("**/changes?**"):
        page.evaluate("document.body.dispatchEvent(new Event('changed'))")
    older = held[0].fetch()
    row(page).get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("Marked as read.")).to_be_visible()
    with page.expect_request("**/changes?**"):
        held[0].fulfill(response=older)
    expect(row(page)).to_contain_class("is-read")
    expect(row(page)).not_to_contain_class("is-kept")
    held[1].continue_()
    expect(row(page)).to_contain_class("is-kept")
    expect(row(page)).to_contain_class("is-read")
