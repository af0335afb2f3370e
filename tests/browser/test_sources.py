"""The list and the page of sources in a browser: by mouse, by keyboard, without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from aggregator.services import following
from aggregator.services.context import Context
from aggregator.storage import tables
from tests.browser.conftest import DESKTOP, PHONE, watched
from tests.web.test_sources import ASLEEP
from tests.web.world import NOW, set_source

pytestmark = pytest.mark.browser


@pytest.fixture
def context(context: Context) -> Context:
    """Have one asleep, an address proposed, and the follow list be editable."""
    following.refresh(context, adopt=True)
    set_source(context, "Magalie", **ASLEEP)
    row = {"source_id": 3, "kind": "found", "url": "https://annuaire.example.org/feed"}
    poll = {
        "source_id": 3,
        "polled_at": NOW,
        "outcome": "failed",
        "http_status": 404,
        "fault_code": "http-404",
        "fault_params": {},
        "bytes_received": 0,
        "took_ms": 120,
        "entries_new": 0,
        "entries_changed": 0,
    }
    with context.database.write() as session:
        session.execute(tables.proposals.insert().values(**row, found_at=NOW))
        session.execute(tables.polls.insert(), [poll] * 30)
    return context


def test_one_goes_from_the_list_to_a_source_by_keys_and_says_what_it_is_for(page: Page) -> None:
    page.goto("/sources")
    page.locator("#show-asleep").click()
    expect(page).to_have_url("/sources?show=asleep")
    expect(page.locator(".row.source")).to_have_count(1)
    page.locator("#show-all").click()
    expect(page.locator(".row.source")).to_have_count(6)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#listed-2")).to_have_class("row source is-dormant is-selected")
    page.keyboard.press("k")
    page.keyboard.press("o")
    expect(page).to_have_url("/sources/3")
    page.locator("#purpose").fill("suivre")
    page.locator("#purpose-write").click()
    expect(page.locator("#toast")).to_contain_text("Written: what it is for.")
    page.get_by_role("button", name="No, leave it").click()
    expect(page.locator(".proposal")).to_have_count(0)
    page.locator("#pause").click()
    expect(page.locator("#resume")).to_be_visible()
    expect(page.locator("#purpose")).to_have_value("suivre")


def test_sources_work_without_javascript(plain_page: Page) -> None:
    plain_page.goto("/sources")
    plain_page.locator("#show-trouble").click()
    plain_page.get_by_role("link", name="El annuaire").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("El annuaire")
    plain_page.get_by_role("button", name="No, leave it").click()
    expect(plain_page.locator("#toast")).to_contain_text("The address stays as it is.")
    plain_page.locator("#retire").click()
    plain_page.get_by_label("Why? (if you like)").fill("fermée")
    plain_page.get_by_role("button", name="Stop following").click()
    expect(plain_page.locator("#source-state")).to_contain_text("Why: fermée.")


@pytest.mark.parametrize(
    ("language", "size", "scheme"), [("en", DESKTOP, "light"), ("fr", PHONE, "dark")]
)
def test_axe_finds_nothing_and_nothing_hangs_over_the_edge(
    browser: Browser,
    address: str,
    complaints: list[str],
    *,
    language: str,
    size: ViewportSize,
    scheme: str,
) -> None:
    with browser.new_context(
        viewport=size,
        base_url=address,
        color_scheme="dark" if scheme == "dark" else "light",
        service_workers="block",
    ) as profile:
        profile.add_cookies([{"name": "language", "value": language, "url": address}])
        page = watched(profile.new_page(), address, complaints)
        for path in ("/sources", "/sources?show=no-purpose", "/sources/1", "/sources/3"):
            page.goto(path)
            for summary in page.locator(".chart-table > summary, .sample > summary").all():
                summary.click()
            found = Axe().run(page)
            assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    assert complaints == []
