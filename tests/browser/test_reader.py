"""The reader in a real browser: three panes that stay where they are."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from sqlalchemy import insert, select, update

from aggregator.domain.boards import Act
from aggregator.services import reading
from aggregator.services.context import Context
from aggregator.storage import tables
from tests.browser.conftest import DESKTOP, PHONE, watched
from tests.browser.looks import DESK, HAND, Look, assert_open_to_all, seen
from tests.web.world import NOW, entry_id

pytestmark = pytest.mark.browser

POST: Final = "Quantité ou qualité ?"
OTHER: Final = "Mon outil préféré sur le web"
TABLET: Final[ViewportSize] = {"width": 900, "height": 800}
MANY: Final = 120
READ: Final = re.compile(r"\bis-read\b")


def line(page: Page, title: str) -> Locator:
    return page.locator(".reader-list .row").filter(has_text=title)


def panel(page: Page) -> Locator:
    return page.locator("#panel")


def opened(page: Page, title: str) -> None:
    line(page, title).get_by_role("link").click()
    expect(panel(page).get_by_role("heading", name=title)).to_be_visible()


@pytest.fixture
def many(context: Context) -> Context:
    """Add entries enough for three pieces of a list, older than those of the world."""
    with context.database.write() as session:
        source = session.execute(
            select(tables.sources.c.id, tables.sources.c.page_id).where(
                tables.sources.c.name == "Erick"
            )
        ).one()
        rows = [
            {
                "source_id": source.id,
                "page_id": source.page_id,
                "key": f"many-{number}",
                "fingerprint": str(number),
                "title": f"Erick raconte {number}",
                "published_at": NOW - timedelta(days=3, minutes=number),
                "first_seen_at": NOW,
            }
            for number in range(MANY)
        ]
        ids = session.execute(insert(tables.entries).returning(tables.entries.c.id), rows)
        bodies: list[dict[str, Any]] = [
            {
                "entry_id": entry,
                "title": "Erick raconte",
                "content_html": "<p>Un texte.</p>",
                "text": "Un texte.",
                "rules": 1,
                "authors": [],
                "categories": [],
                "enclosures": [],
            }
            for entry in ids.scalars()
        ]
        session.execute(insert(tables.bodies), bodies)
        session.execute(
            update(tables.sources)
            .where(tables.sources.c.id == source.id)
            .values(entry_count=MANY, unread_count=MANY)
        )
    return context


def add_entry(context: Context, title: str) -> None:
    """Have an entry come in while one reads."""
    with context.database.write() as session:
        session.execute(
            insert(tables.entries).values(
                source_id=1,
                page_id=1,
                key=title,
                fingerprint=title,
                title=title,
                published_at=NOW,
                first_seen_at=NOW,
            )
        )
        session.execute(
            update(tables.sources)
            .where(tables.sources.c.id == 1)
            .values(unread_count=tables.sources.c.unread_count + 1)
        )


def is_read(context: Context, title: str) -> bool:
    return reading.article(context, entry_id(context, title)).row.read


def test_an_entry_opens_in_its_pane_and_its_line_stays(page: Page, context: Context) -> None:
    page.goto("/read")
    expect(page.get_by_text("Choose an entry")).to_be_visible()
    opened(page, POST)
    expect(page.get_by_text("Choose an entry")).to_be_hidden()
    expect(line(page, POST)).to_have_class(READ)
    expect(line(page, POST).get_by_role("link")).to_have_attribute("aria-current", "true")
    expect(page.locator("#count-list")).to_have_text("13 unread")
    expect(page.locator("#count-all")).to_contain_text("13")
    expect(page.locator(".reader-list .row")).to_have_count(14)
    assert page.url.endswith(f"/read?entry={entry_id(context, POST)}")
    tree, pane = page.locator("#tree").bounding_box(), panel(page).bounding_box()
    assert tree is not None
    assert pane is not None
    assert tree["x"] + tree["width"] < pane["x"]


def test_the_arrows_of_the_browser_change_the_article_and_not_the_list(page: Page) -> None:
    page.goto("/read")
    opened(page, POST)
    opened(page, OTHER)
    page.go_back()
    expect(panel(page).get_by_role("heading", name=POST)).to_be_visible()
    expect(line(page, POST).get_by_role("link")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.get_by_text("Choose an entry")).to_be_visible()
    expect(page.locator(".reader-list .row")).to_have_count(14)
    expect(page.locator(".reader-list .row.is-read")).to_have_count(2)
    page.go_forward()
    expect(panel(page).get_by_role("heading", name=POST)).to_be_visible()


def test_escape_closes_the_article_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/read")
    opened(page, POST)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Choose an entry")).to_be_visible()
    expect(line(page, POST).get_by_role("link")).to_be_focused()
    assert page.url.endswith("/read")
    expect(page.locator(".row-link[aria-current]")).to_have_count(0)


def test_a_long_list_goes_on_as_one_scrolls_and_keeps_its_place(many: Context, page: Page) -> None:
    page.goto("/read")
    expect(page.locator(".reader-list .row")).to_have_count(50)
    page.locator("#list").hover()
    page.mouse.wheel(0, 20_000)
    expect(page.locator(".reader-list .row")).to_have_count(100)
    wanted = line(page, "Erick raconte 60")
    wanted.scroll_into_view_if_needed()
    before = page.locator("#list").evaluate("list => list.scrollTop")
    opened(page, "Erick raconte 60")
    assert page.locator("#list").evaluate("list => list.scrollTop") == before
    above = f"document.getElementById('entry-{entry_id(many, 'Erick raconte 60')}').offsetTop"
    in_sight = f"{above} - document.getElementById('list').scrollTop"
    where = page.evaluate(in_sight)
    page.reload()
    expect(wanted).to_be_in_viewport()
    assert abs(page.evaluate(in_sight) - where) < 80
    assert many.database.path.exists()


def test_a_list_begins_at_the_entry_one_comes_from(many: Context, page: Page) -> None:
    number = entry_id(many, "Erick raconte 70")
    page.goto(f"/read?at={number}")
    expect(line(page, "Erick raconte 70").get_by_role("link")).to_be_focused()
    page.get_by_role("link", name="From the top of the list").click()
    expect(line(page, POST)).to_be_visible()


def test_each_pane_scrolls_by_itself(many: Context, page: Page) -> None:
    page.goto("/read")
    page.locator("#list").hover()
    page.mouse.wheel(0, 600)
    expect(page.locator("#list")).not_to_have_js_property("scrollTop", 0)
    assert page.evaluate("scrollY") == 0
    assert page.locator("#tree").evaluate("tree => tree.scrollTop") == 0
    assert many.database.path.exists()


def test_new_entries_announce_themselves_without_moving_a_line(
    page: Page, context: Context
) -> None:
    page.clock.install()
    page.goto("/read")
    top = page.locator(".reader-list .row").first
    before = top.bounding_box()
    add_entry(context, "Tout nouveau")
    page.clock.fast_forward(21_000)
    announced = page.get_by_role("link", name="1 new")
    expect(announced).to_be_visible()
    assert top.bounding_box() == before
    expect(line(page, "Tout nouveau")).to_have_count(0)
    expect(page.locator("#count-list")).to_have_text("15 unread")
    page.keyboard.press("u")
    expect(line(page, "Tout nouveau")).to_be_visible()
    expect(announced).to_have_count(0)


def test_what_was_read_elsewhere_turns_read_and_stays(page: Page, context: Context) -> None:
    page.clock.install()
    page.goto("/read")
    reading.act(context, Act.READ, [entry_id(context, POST)])
    page.clock.fast_forward(21_000)
    expect(line(page, POST)).to_have_class(READ)
    expect(page.locator(".reader-list .row")).to_have_count(14)


def test_a_whole_list_is_marked_by_key_and_taken_back(page: Page) -> None:
    page.goto("/read/page/veille")
    page.keyboard.press("Shift+A")
    expect(page.get_by_text("13 entries marked as read.")).to_be_visible()
    expect(page.locator("#count-list")).to_have_text("all read")
    expect(page.locator(".reader-list .row.is-read")).to_have_count(13)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#count-list")).to_have_text("13 unread")
    expect(page.locator(".reader-list .row.is-read")).to_have_count(0)


def test_a_list_is_marked_down_to_a_line(page: Page) -> None:
    page.goto("/read/source/1")
    line(page, "Billet 8").hover()
    line(page, "Billet 8").get_by_role("button", name="Mark as read down to this line").click()
    expect(page.get_by_text("3 entries marked as read.")).to_be_visible()
    expect(page.locator(".reader-list .row.is-read")).to_have_count(3)


def test_the_menu_marks_down_to_the_open_entry_and_what_is_old(page: Page) -> None:
    page.goto("/read/source/1")
    menu = page.get_by_label("Acts on this list")
    down_to = page.get_by_role("button", name="down to the selected entry")
    menu.click()
    expect(down_to).to_be_disabled()
    page.keyboard.press("Escape")
    opened(page, "Billet 9")
    menu.click()
    down_to.click()
    expect(page.get_by_text("Marked as read.", exact=True)).to_be_visible()
    expect(page.locator(".reader-list .row.is-read")).to_have_count(2)
    expect(line(page, POST)).to_have_class(READ)
    menu.click()
    page.get_by_role("button", name="older than a day").click()
    expect(page.get_by_text("2 entries marked as read.")).to_be_visible()


def test_a_folded_page_shows_its_sources(page: Page) -> None:
    page.goto("/read/page/veille")
    tree = page.get_by_role("navigation", name="Lists")
    expect(tree.get_by_role("link", name="Magalie")).to_be_visible()
    tree.locator("[aria-label='Sources of Blogs']").click()
    source = tree.get_by_role("link", name="Philippe B")
    source.click()
    expect(page.get_by_role("heading", name="Philippe B", level=1)).to_be_visible()
    expect(source).to_have_attribute("aria-current", "page")
    expect(page.locator(".reader-list .row")).to_have_count(1)


def test_unread_or_all_and_the_order_are_chosen(page: Page, context: Context) -> None:
    reading.act(context, Act.READ, [entry_id(context, POST)])
    page.goto("/read/source/1")
    expect(page.locator(".reader-list .row")).to_have_count(9)
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator(".reader-list .row")).to_have_count(10)
    page.locator("#order-button").click()
    page.get_by_role("link", name="Oldest first").click()
    expect(page.locator(".reader-list .row").first).to_contain_text("Billet 1")
    expect(page.locator("#show-all")).to_have_attribute("aria-current", "true")


def test_what_is_scrolled_past_is_read_by_choice(
    many: Context, browser: Browser, address: str, complaints: list[str]
) -> None:
    with browser.new_context(viewport=DESKTOP, base_url=address) as profile:
        profile.add_cookies([{"name": "scroll_reads", "value": "on", "url": address}])
        page = watched(profile.new_page(), address, complaints)
        page.goto("/read")
        page.locator("#list").hover()
        page.mouse.wheel(0, 700)
        expect(page.locator("#toast")).to_contain_text("entries marked as read.")
        assert is_read(many, POST)
        first_in_sight = page.evaluate(
            """() => {
                const edge = document.querySelector(".list-head").getBoundingClientRect().bottom;
                const lines = [...document.querySelectorAll(".reader-list .row")];
                return lines.find((line) => line.getBoundingClientRect().bottom > edge)
                    .querySelector(".row-title").textContent;
            }"""
        )
        assert not is_read(many, first_in_sight)
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".reader-list .row.is-read")).to_have_count(0)
    assert complaints == []


@pytest.fixture
def reading_on_scroll(
    many: Context, browser: Browser, address: str, complaints: list[str]
) -> Iterator[Page]:
    assert many.database.path.exists()
    with browser.new_context(viewport=DESKTOP, base_url=address) as profile:
        profile.add_cookies([{"name": "scroll_reads", "value": "on", "url": address}])
        yield watched(profile.new_page(), address, complaints)
    assert complaints == []


def test_what_a_program_scrolls_past_is_not_read(reading_on_scroll: Page) -> None:
    page = reading_on_scroll
    page.clock.install()
    page.goto("/read")
    page.locator("#list").evaluate("list => list.scrollTo(0, 900)")
    page.clock.run_for(5_000)
    expect(page.locator(".reader-list .row.is-read")).to_have_count(0)
    expect(page.locator("#toast")).to_be_empty()


def test_on_a_phone_the_list_comes_first_and_the_article_over_it(
    many: Context, browser: Browser, address: str, complaints: list[str]
) -> None:
    with browser.new_context(viewport=PHONE, base_url=address) as profile:
        page = watched(profile.new_page(), address, complaints)
        page.goto("/read")
        line(page, "Erick raconte 20").scroll_into_view_if_needed()
        opened(page, "Erick raconte 20")
        expect(panel(page)).to_have_js_property("offsetWidth", 390)
        expect(panel(page)).to_have_js_property("offsetHeight", 844)
        page.go_back()
        expect(panel(page)).to_be_hidden()
        expect(line(page, "Erick raconte 20")).to_be_in_viewport()
        page.get_by_role("button", name="Lists").click()
        page.locator("#tree").get_by_role("link", name="Blogs").click()
        expect(line(page, OTHER)).to_be_visible()
    assert complaints == []
    assert many.database.path.exists()


def test_on_a_tablet_the_tree_is_a_drawer(
    browser: Browser, address: str, complaints: list[str]
) -> None:
    with browser.new_context(viewport=TABLET, base_url=address) as profile:
        page = watched(profile.new_page(), address, complaints)
        page.goto("/read")
        expect(page.locator("#tree")).to_be_hidden()
        page.get_by_role("button", name="Lists").click()
        expect(page.locator("#tree")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#tree")).to_be_hidden()
        opened(page, POST)
        expect(line(page, POST)).to_be_visible()
    assert complaints == []


def test_the_reader_works_without_javascript(plain_page: Page, context: Context) -> None:
    page = plain_page
    page.goto("/read")
    opened(page, POST)
    expect(line(page, POST).get_by_role("link")).to_have_attribute("aria-current", "true")
    assert not is_read(context, POST)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("14 entries marked as read.")).to_be_visible()
    expect(page.get_by_text("All is read.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    tree = page.get_by_role("navigation", name="Lists")
    tree.locator("[aria-label='Sources of Blogs']").click()
    tree.get_by_role("link", name="Show its sources").last.click()
    tree.get_by_role("link", name="Philippe B").click()
    expect(page.get_by_role("heading", name="Philippe B")).to_be_visible()
    page.get_by_label("Acts on this list").click()
    page.get_by_role("button", name="older than a month").click()
    expect(page.get_by_text("Nothing had to be changed.")).to_be_visible()


def test_titles_of_any_kind_stay_in_their_line(page: Page, context: Context) -> None:
    number, other = entry_id(context, POST), entry_id(context, OTHER)
    with context.database.write() as session:
        session.execute(
            update(tables.entries)
            .where(tables.entries.c.id == number)
            .values(title="mot" * 3_000, language=None)
        )
        session.execute(
            update(tables.entries)
            .where(tables.entries.c.id == other)
            .values(title="صباح الخير يا مدينة البحر", language="ar")
        )
    page.goto("/read")
    long_title = page.locator(f"#entry-{number}").bounding_box()
    assert long_title is not None
    assert long_title["height"] < 90
    arabic = page.get_by_text("صباح الخير")
    assert arabic.evaluate("title => getComputedStyle(title).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("look", [DESK, Look(size=TABLET, language="fr"), HAND])
def test_everybody_can_use_the_reader(
    browser: Browser, address: str, context: Context, look: Look
) -> None:
    opened = f"/read/page/veille?entry={entry_id(context, POST)}"
    with seen(browser, address, look) as page:
        for path in ("/read", opened, "/read/kept"):
            page.goto(path)
            assert_open_to_all(page)
