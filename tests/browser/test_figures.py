"""Figures and search in a browser: charts that lead to their lists, by mouse and by keyboard."""

import re
from datetime import timedelta
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import update

from aggregator.services.context import Context
from aggregator.storage import tables
from tests.browser.conftest import DESKTOP, watched
from tests.browser.looks import Look, assert_open_to_all, each_look, seen
from tests.conversations import MINE_URL, comment, fresh, golden, put
from tests.web.world import NOW, entry_id

pytestmark = pytest.mark.browser

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


@pytest.fixture
def context(context: Context) -> Context:
    """Have the golden case, comments of these days, and some of this year; keep one."""
    put(context, entry_id(context, "Quantité ou qualité ?"), (*golden(), *fresh(NOW)))
    others = []
    for number in range(30):
        at = NOW - timedelta(days=9 * number, hours=number)
        others.append(comment(f"o{number}", author="Erick", at=at))
        others.append(
            comment(
                f"a{number}",
                author="CWM",
                url=MINE_URL,
                at=min(at + timedelta(minutes=50 + 31 * number), NOW),
                in_reply_to=(f"o{number}",),
            )
        )
    put(context, entry_id(context, "Billet 3"), others)
    with context.database.write() as session:
        kept = update(tables.comments).where(tables.comments.c.key == "f1")
        session.execute(kept.values(starred=True))
    return context


def count(page: Page) -> int:
    return int(page.locator("#behind-count").get_attribute("data-count") or -1)


def test_figures_lead_to_their_lists_and_back(page: Page) -> None:
    page.goto("/comments")
    page.locator("#to-figures").click()
    expect(page.get_by_role("heading", name="Figures", level=1)).to_be_visible()
    page.locator("#period-12m").click()
    expect(page.locator("#period-12m")).to_have_attribute("aria-current", "true")
    received = int(page.locator("#tile-received .tile-value").inner_text())
    page.locator("#tile-received").click()
    assert count(page) == received
    page.get_by_role("link", name="To the figures").click()
    expect(page.locator("#period-12m")).to_have_attribute("aria-current", "true")
    # by keyboard: a bar is a link that says what it shows
    bar = page.locator('[aria-labelledby="weekday-title"] a.chart-link').first
    spoken = bar.get_attribute("aria-label") or ""
    bar.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#behind")).to_be_visible()
    number = re.search(r": (\d+) received", spoken)
    assert number
    assert count(page) == int(number[1])
    page.go_back()
    # the table of a chart, folded until it is asked for
    table = page.locator("section", has=page.locator("#time-title")).locator("table")
    expect(table).to_be_hidden()
    page.locator("section", has=page.locator("#time-title")).locator("summary").click()
    expect(table).to_be_visible()
    # chosen days: the golden case
    page.locator("#from").fill("2010-09-17")
    page.locator("#to").fill("2010-09-19")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#tile-delay .tile-value")).to_have_text("2 h 52")
    page.locator("#count-out").click()
    assert count(page) == 4
    with page.expect_download() as download:
        page.go_back()
        page.locator("#csv").click()
    assert download.value.suggested_filename == "veille-comments-2010-09-17-2010-09-19.csv"


def test_bars_stand_as_high_as_what_they_count(page: Page) -> None:
    page.goto("/comments/figures?period=12m")
    heights = page.evaluate(
        "[...document.querySelectorAll('[aria-labelledby=weekday-title] .chart-link')].map(link =>"
        " [link.querySelector('.bar-received').getBoundingClientRect().height,"
        " +(link.getAttribute('title').match(/: (\\d+)/)[1])])"
    )
    highest, most = max(heights, key=lambda pair: pair[1])
    assert most > 1
    for height, number in heights:
        assert height == pytest.approx(highest * number / most, abs=1)
    dot = page.locator(".chart-point").first.bounding_box()
    line = page.locator(".chart-line polyline").bounding_box()
    assert dot
    assert line
    assert line["y"] - 6 <= dot["y"] <= line["y"] + line["height"] + 6


def test_a_comment_is_found_and_opened_in_its_thread(page: Page) -> None:
    page.goto("/search?q=samedi")
    expect(page.locator("#found-comments")).to_have_attribute("aria-current", "true")
    result = page.locator(".result.is-comment")
    expect(result).to_have_count(1)
    expect(result.locator("mark")).to_have_text("samedi")
    found_id = (result.get_attribute("id") or "").removeprefix("found-")
    result.get_by_role("link").click()
    expect(page.locator(f"#comment-{found_id}")).to_be_in_viewport()
    page.goto("/read/kept")
    page.locator("#kept-comments").get_by_role("link").click()
    expect(page.locator(f"#comment-{found_id}")).to_be_in_viewport()
    expect(page.locator("#reader")).to_be_visible()


@each_look
def test_axe_finds_nothing_and_nothing_hangs_over_the_edge(
    browser: Browser, address: str, complaints: list[str], look: Look
) -> None:
    with seen(browser, address, look) as page:
        watched(page, address, complaints)
        for path in (
            "/comments/figures?period=12m",
            "/comments/figures?period=30d",
            "/comments/figures?from=2001-01-01&to=2001-01-31",
            "/comments/figures/list?what=answered&period=12m",
            "/search?q=is:kept",
            "/search?q=samedi",
            "/read/kept",
        ):
            page.goto(path)
            for summary in page.locator(".chart-table > summary").all():
                summary.click()
            assert_open_to_all(page)
    assert complaints == []


def test_figures_work_without_javascript_and_print(plain_page: Page) -> None:
    plain_page.set_viewport_size(DESKTOP)
    plain_page.goto("/comments/figures?period=12m")
    plain_page.locator("#tile-answered").click()
    expect(plain_page.locator("#behind")).to_be_visible()
    plain_page.go_back()
    plain_page.emulate_media(media="print")
    expect(plain_page.locator("#tile-received")).to_be_visible()
    expect(plain_page.locator("#rail")).to_be_hidden()
    expect(plain_page.locator(".chart-bar").first).to_be_visible()
    expect(plain_page.locator(".chart-table table").first).to_be_visible()
