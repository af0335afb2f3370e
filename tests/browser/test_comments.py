"""The inbox in a real browser: a queue walked through by keys, answers begun and never lost."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from aggregator.domain.conversations.comments import CommentId
from aggregator.services.context import Context
from aggregator.services.conversations import acts
from tests.browser.conftest import PHONE, watched
from tests.browser.looks import Look, assert_open_to_all, each_look, seen
from tests.conversations import fresh, golden, put, state
from tests.web.world import NOW, entry_id

pytestmark = pytest.mark.browser

LEFT: Final = "window.opened = []; window.open = (...given) => { window.opened.push(given); };"
"""Other sites are not opened in tests: what would be is written down."""


@pytest.fixture(autouse=True)
def talk(context: Context) -> None:
    put(context, entry_id(context, "Quantité ou qualité ?"), golden())
    put(context, entry_id(context, "Billet 9"), fresh(NOW))


def _id(context: Context, key: str) -> CommentId:
    return CommentId(state(context, key).id)


def line(page: Page, comment_id: CommentId) -> Locator:
    return page.locator(f"#line-{comment_id}")


def opened(page: Page, comment_id: CommentId) -> Locator:
    return page.locator(f"#inbox-open[data-comment='{comment_id}']")


def test_a_queue_is_walked_through_by_keys_and_each_act_undone(
    page: Page, context: Context
) -> None:
    first, second, third = (_id(context, key) for key in ("f1", "f6", "f4"))
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_title("To answer (3) · Comments · Veille")
    expect(page.locator(f"#open-{first}")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#open-{second}")).to_be_focused()
    expect(opened(page, second)).to_be_visible()
    expect(page.locator("#acquaintance-name")).to_have_text("CWM")
    page.keyboard.press("k")
    expect(opened(page, first)).to_be_visible()

    page.keyboard.press("e")
    expect(page.locator("#toast")).to_contain_text("Filed away.")
    expect(line(page, first)).to_have_count(0)
    expect(page.locator(f"#open-{second}")).to_be_focused()
    expect(opened(page, second)).to_be_visible()
    expect(page.locator("#queue-waiting .queue-count")).to_contain_text("2")
    expect(page.locator("#waiting-count")).to_contain_text("2")

    page.keyboard.press("h")
    expect(page.locator("#toast")).to_contain_text("Put off.")
    expect(page.locator(f"#open-{third}")).to_be_focused()
    expect(page.locator("#queue-snoozed .queue-count")).to_contain_text("1")
    page.keyboard.press("s")
    expect(page.locator(f"#keep-{third}")).to_have_attribute("aria-pressed", "true")

    for _ in range(3):
        page.keyboard.press("z")
        expect(page.locator("#toast")).to_contain_text("The comment is as it was.")
        page.evaluate("document.getElementById('toast').replaceChildren()")
    expect(line(page, first)).to_be_visible()
    expect(page.locator("#waiting-count")).to_contain_text("3")
    expect(page.locator("#inbox-list .row")).to_have_count(3)


def test_an_answer_is_begun_kept_copied_and_marked_as_sent(page: Page, context: Context) -> None:
    first = _id(context, "f1")
    page.add_init_script(LEFT)
    page.goto("/comments")
    page.keyboard.press("r")
    field = page.locator(f"#draft-{first}")
    expect(field).to_be_focused()
    with page.expect_response(f"**/comments/{first}/draft"):
        page.keyboard.type("Le samedi aussi.")
    page.reload()
    expect(field).to_have_value("Le samedi aussi.")

    # What was typed a moment before leaving is kept too.
    field.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Venez !")
    page.goto("/comments?queue=answered")
    page.goto("/comments")
    expect(field).to_have_value("Le samedi aussi. Venez !")

    page.locator(f"#phrases-{first} > summary").click()
    page.get_by_role("button", name="Keep this answer as a phrase").click()
    expect(page.locator(f"#phrases-{first} [data-phrase]")).to_have_count(1)
    field.fill("")
    page.locator(f"#phrases-{first} [data-phrase]").click()
    expect(field).to_have_value("Le samedi aussi. Venez !")

    page.get_by_role("button", name="Copy and open the source").click()
    expect(page.locator("#toast")).to_contain_text("Sent, to be confirmed.")
    assert page.evaluate("window.opened") == [
        ["https://cwm.example.org/billet#comment-f1", "_blank", "noopener"]
    ]
    expect(page.locator("#queue-sent .queue-count")).to_contain_text("1")
    page.goto("/comments?queue=sent")
    expect(page.locator(f"#search-{first}")).to_contain_text("not asked for")
    assert state(context, "f1").draft == "Le samedi aussi. Venez !"
    page.locator(f"#waiting-{first}").click()
    expect(page.locator("#inbox-list")).to_contain_text("Nothing is in this queue.")


def test_labels_names_notes_and_several_at_once(page: Page, context: Context) -> None:
    first, second, third = (_id(context, key) for key in ("f1", "f6", "f4"))
    page.goto("/comments")
    more = page.locator(f"#more-acts-{first}")
    more.locator("summary").click()
    page.locator(f"#label-{first}").fill("presse")
    more.get_by_role("button", name="Add").click()
    expect(page.locator(f"#bar-{first} .label")).to_have_text("presse")
    page.locator(f"#note-{first}").fill("à rappeler")
    more.get_by_role("button", name="Keep the note").click()
    expect(page.locator(f"#bar-{first} .acts-note")).to_have_text("à rappeler")

    page.locator(f"#check-{second}").check()
    page.locator(f"#check-{third}").check()
    page.locator("#bulk-file").click()
    expect(page.locator("#toast")).to_contain_text("2 comments")
    expect(page.locator("#inbox-list .row")).to_have_count(1)

    page.locator("#filters-button").click()
    page.locator("#filter-question").check()
    expect(page.locator("#inbox-filters .chip")).to_have_count(1)
    assert page.url.endswith("/comments?queue=waiting&question=1")


def test_one_stays_where_one_is_after_an_act(
    page: Page, context: Context, complaints: list[str]
) -> None:
    first, second, third = (_id(context, key) for key in ("f1", "f6", "f4"))
    page.goto("/comments")
    more = page.locator(f"#more-acts-{first}")
    more.locator("summary").click()
    for number in range(2):  # the second time a label stands there already
        page.locator(f"#label-{first}").fill(f"presse {number}")
        page.keyboard.press("Enter")
        expect(page.locator(f"#bar-{first} .label")).to_have_count(number + 1)
        expect(page.locator(f"#label-{first}")).to_be_focused()

    more.locator("[name=day]").fill("2020-01-01")
    more.get_by_role("button", name="Until this day").click()
    expect(page.locator("#toast")).to_contain_text("Choose a day to come")
    expect(line(page, first)).to_be_visible()
    expect(opened(page, first)).to_be_visible()
    complaints.clear()  # the browser's own word of the refusal

    page.locator(f"#open-{first}").focus()
    page.keyboard.press("h")
    expect(page).to_have_title("To answer (2) · Comments · Veille")
    page.keyboard.press("z")
    expect(page).to_have_title("To answer (3) · Comments · Veille")
    expect(page.locator(f"#open-{first}")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#open-{second}")).to_be_focused()
    expect(opened(page, second)).to_be_visible()

    page.locator(f"#check-{first}").check()
    page.locator(f"#check-{third}").check()
    expect(opened(page, second)).to_be_visible()
    page.locator("#bulk-label").fill("de Paris")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("Label added.")
    page.locator(f"#check-{third}").focus()
    page.keyboard.press("e")
    expect(page.locator("#toast")).to_contain_text("2 comments")
    expect(page.locator("#inbox-list .row")).to_have_count(1)

    page.locator(f"#more-acts-{second} summary").click()
    page.locator(f"#more-acts-{second} [name=why]").fill("déjà dit")
    page.keyboard.press("Enter")
    expect(page.locator("#queue-handled .queue-count")).to_contain_text("3")
    assert state(context, "f6").filed_why == "déjà dit"


def test_all_of_it_works_without_javascript(plain_page: Page, context: Context) -> None:
    first = _id(context, "f1")
    plain_page.goto("/comments")
    plain_page.locator(f"#draft-{first}").fill("Le samedi aussi.")
    plain_page.get_by_role("button", name="It is sent").click()
    expect(plain_page.locator("#toast")).to_contain_text("Sent, to be confirmed.")
    expect(opened(plain_page, _id(context, "f6"))).to_be_visible()
    plain_page.locator("#undo").click()
    expect(line(plain_page, first)).to_be_visible()
    plain_page.locator(f"#check-{first}").check()
    plain_page.locator("#bulk-snooze").click()
    expect(line(plain_page, first)).to_have_count(0)


@pytest.fixture
def phone(browser: Browser, address: str, complaints: list[str]) -> Iterator[Page]:
    with browser.new_context(
        viewport=PHONE, base_url=address, service_workers="block", has_touch=True
    ) as profile:
        yield watched(profile.new_page(), address, complaints)
    assert complaints == []


def test_a_phone_shows_the_list_then_the_conversation(phone: Page, context: Context) -> None:
    first = _id(context, "f1")
    phone.goto("/")
    phone.get_by_role("link", name="Comments").first.click()
    expect(phone.locator("#inbox-open")).to_be_hidden()
    phone.locator(f"#open-{first}").click()
    expect(phone.locator(f"#draft-{first}")).to_be_visible()
    expect(phone.locator("#inbox-list")).to_be_hidden()
    expect(phone.locator("#acquaintance")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.locator("#back-to-list").click()
    expect(line(phone, first)).to_be_visible()
    phone.locator(f"#open-{first}").click()
    phone.locator(f"#file-{first}").click()
    expect(opened(phone, _id(context, "f6"))).to_be_visible()


@each_look
def test_nothing_stands_in_anybodys_way(
    browser: Browser, address: str, context: Context, look: Look
) -> None:
    acts.label(context, [_id(context, "f1")], "presse", carried=True)
    acts.note(context, _id(context, "f1"), "à rappeler")
    with seen(browser, address, look) as page:
        for path in ("/comments?question=1", f"/comments?comment={_id(context, 'f1')}"):
            page.goto(path)
            for each in page.locator(".more-acts > summary").all():
                if each.is_visible():
                    each.click()
            assert_open_to_all(page)
