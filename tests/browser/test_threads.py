"""Threads in a browser: by keyboard, live, folded, on a phone, for everybody; and their boxes."""

from datetime import timedelta
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from aggregator.services.context import Context
from aggregator.services.conversations import showing, widgets
from tests.browser.conftest import until
from tests.browser.looks import Look, assert_open_to_all, each_look, seen
from tests.conversations import MINE_URL, comment, fresh, golden, put, state
from tests.web.world import NOW, entry_id

pytestmark = pytest.mark.browser

POST: Final = "Quantité ou qualité ?"
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


def look(page: Page) -> None:
    """Have the page ask what has changed."""
    page.evaluate("document.body.dispatchEvent(new Event('changed'))")


def seen_upto(context: Context) -> int:
    view = showing.of_entry(context, entry_id(context, POST))
    assert view is not None
    return view.thread.seen_upto


def test_a_key_leads_from_a_line_to_its_conversation_and_looking_is_kept(
    page: Page, context: Context
) -> None:
    put(context, entry_id(context, POST), golden())
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("#thread-title-1")).to_be_focused()
    expect(page.locator("#thread-title-1")).to_be_in_viewport()
    until(page, lambda: seen_upto(context) == state(context, "c10").id)
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_a_line_without_stored_comments_leads_to_the_source(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("j")
    page.evaluate("window.open = (address) => { window.opened = address; }")
    page.keyboard.press("c")
    assert page.evaluate("window.opened").endswith("/comments")


def test_what_has_come_is_announced_and_shown_when_one_asks(page: Page, context: Context) -> None:
    entry = entry_id(context, POST)
    put(context, entry, golden())
    with page.expect_response("**/look"):
        page.goto("/threads/1")
        page.locator("#thread-title-1").scroll_into_view_if_needed()
    last = page.locator(f"#comment-{state(context, 'c10').id}")
    last.scroll_into_view_if_needed()
    at = last.bounding_box()
    put(context, entry, fresh(NOW))
    look(page)
    news = page.locator("#thread-show-1")
    expect(news).to_have_text("6 new comments")
    expect(page.locator("#say")).to_have_text("6 new comments")
    assert last.bounding_box() == at
    page.keyboard.press("u")
    first = page.locator(f"#comment-{state(context, 'f1').id}")
    expect(first).to_be_focused()
    expect(first).to_contain_class("is-new")
    expect(page.locator(".new-mark")).to_have_count(4)


def test_an_answer_that_arrives_closes_its_comment_by_itself(page: Page, context: Context) -> None:
    entry = entry_id(context, POST)
    put(context, entry, fresh(NOW))
    page.goto(f"/entries/{entry}")
    stands = page.locator(f"#state-{state(context, 'f1').id}")
    expect(stands).to_contain_text("waiting for 2 d")
    mine = comment("mine", author="CWM", url=MINE_URL, at=NOW, in_reply_to=("f1",))
    put(context, entry, [mine])
    look(page)
    expect(stands).to_contain_text("answered")
    expect(page.locator("#to-answer-1")).to_have_count(0)
    expect(page.locator("#widget-answers .pill")).to_contain_text("2")


def test_long_ones_hidden_ones_and_pingbacks_are_unfolded_where_one_wants(
    page: Page, context: Context
) -> None:
    put(context, entry_id(context, POST), fresh(NOW))
    put(context, entry_id(context, POST), [comment("long", at=NOW, text="Un long propos. " * 200)])
    page.goto("/threads/1")
    text = page.locator(f"#comment-{state(context, 'long').id} .comment-text")
    folded = text.evaluate("element => element.clientHeight")
    page.get_by_text("Show all of it").click()
    assert text.evaluate("element => element.clientHeight") > folded * 2
    expect(page.get_by_text("[…] à lire chez CWM […]")).to_be_hidden()
    page.get_by_text("1 pingback").click()
    expect(page.get_by_text("[…] à lire chez CWM […]")).to_be_visible()


def test_one_says_whom_a_comment_answers_and_takes_it_back(page: Page, context: Context) -> None:
    put(context, entry_id(context, POST), fresh(NOW))
    moved, to = state(context, "f4").id, state(context, "f1").id
    page.goto("/threads/1")
    page.locator(f"#place-{moved}").focus()
    page.keyboard.press("Enter")
    form = page.locator(f"#pairing-{moved} form")
    form.get_by_label("Et le samedi soir ?").check()
    form.get_by_role("button", name="Move it there").click()
    there = page.locator(f"#comment-{to} .replies #comment-{moved}")
    expect(there).to_contain_text("placed by hand")
    page.locator("#main").focus()
    page.keyboard.press("z")
    expect(there).to_have_count(0)
    expect(page.locator(f"#comment-{moved}")).to_be_visible()


def test_a_long_conversation_goes_on_where_one_asks_with_and_without_javascript(
    page: Page, plain_page: Page, context: Context
) -> None:
    many = [comment(f"m{n}", at=NOW - timedelta(minutes=300 - n)) for n in range(90)]
    put(context, entry_id(context, POST), many)
    for each in (page, plain_page):
        each.goto("/threads/1")
        expect(each.locator(".comment")).to_have_count(40)
        each.get_by_role("link", name="See the 50 other comments").click()
        expect(each.locator("#thread-on-1")).to_be_visible()
    page.locator("#thread-on-1").click()
    expect(page.locator(".comment")).to_have_count(80)
    page.locator("#thread-on-1").click()
    expect(page.locator(".comment")).to_have_count(90)
    plain_page.locator("#thread-on-1").click()
    expect(plain_page.locator(".comment")).to_have_count(40)


def test_without_javascript_one_says_that_one_has_seen_them(
    plain_page: Page, context: Context
) -> None:
    put(context, entry_id(context, POST), golden())
    showing.look(context, showing.show(context, 1).thread.id, 3)  # type: ignore[arg-type]
    plain_page.goto("/threads/1")
    plain_page.get_by_role("button", name="I have seen them").click()
    expect(plain_page.get_by_role("button", name="I have seen them")).to_have_count(0)
    assert seen_upto(context) == state(context, "c10").id


def test_a_comment_to_answer_opens_in_the_panel_at_its_place(page: Page, context: Context) -> None:
    put(context, entry_id(context, POST), fresh(NOW))
    page.goto("/")
    waiting = state(context, "f1").id
    page.locator(f"#to-answer-{waiting}").click()
    expect(page.locator(f"#panel #comment-{waiting}")).to_be_in_viewport()
    expect(page.locator(f"#panel #comment-{waiting}")).to_be_focused()


def test_a_box_is_taken_off_and_comes_back_and_a_conversation_is_put_on_a_page(
    page: Page, context: Context
) -> None:
    put(context, entry_id(context, POST), golden())
    page.goto("/")
    box = page.locator("#widget-answers")
    page.get_by_label("Actions: To answer").click()
    box.get_by_role("button", name="Take this box off the page").click()
    expect(box).to_have_count(0)
    expect(page.locator("#toast")).to_contain_text("Taken off “Veille”.")
    page.locator("#undo").click()
    expect(box).to_be_visible()
    page.goto(f"/entries/{entry_id(context, POST)}")
    page.locator("#thread-menu-button-1").click()
    page.locator("#thread-menu-1").get_by_role("button", name="Veille").click()
    expect(page.locator("#widget-thread-1")).to_be_visible()
    expect(page.locator("#panel-title")).to_be_visible()


@each_look
def test_everybody_can_use_a_thread_and_its_boxes(
    browser: Browser, address: str, context: Context, look: Look
) -> None:
    entry = entry_id(context, POST)
    put(context, entry, golden())
    showing.look(context, showing.show(context, 1).thread.id, 4)  # type: ignore[arg-type]
    chain = [
        comment(f"d{n}", at=NOW - timedelta(minutes=9 - n), in_reply_to=(f"d{n - 1}",))
        for n in range(7)
    ]
    names = comment("n", author="N" * 10_000, at=NOW, text="long" * 2_000)
    arabic = comment("r", author="سلمى", at=NOW, text="شكرا جزيلا على هذا المقال")
    put(context, entry, [*fresh(NOW), *chain, names, arabic])
    widgets.place(context, "veille", "thread-1", shown=True)
    with seen(browser, address, look) as page:
        for path in ("/", "/threads/1", f"/comments/{state(context, 'd3').id}/parent"):
            page.goto(path)
            assert_open_to_all(page)
