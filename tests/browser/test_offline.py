"""Veille installed, and away: what was last read is there."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from aggregator.services.context import Context
from tests.browser.conftest import DESKTOP, PHONE, served
from tests.browser.looks import Look, assert_open_to_all, each_look, seen

pytestmark = pytest.mark.browser

READY = "navigator.serviceWorker.ready.then((it) => it.active.state)"
IN_CHARGE = "() => navigator.serviceWorker.controller !== null"
KEPT = """async () => {
  const kept = await caches.open('veille / articles');
  return (await kept.keys()).map((one) => new URL(one.url).pathname);
}"""
FILES = "async () => (await caches.keys()).filter((name) => name.startsWith('veille / files'))"
OPENED = "Quantité ou qualité ?"
SHOWN = "Quantité ou qualité\u00a0?"


@pytest.fixture
def profile(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """Give a browser that lets a worker in."""
    with browser.new_context(
        viewport=DESKTOP, base_url=address, service_workers="allow"
    ) as profile:
        yield profile


@pytest.fixture
def installed(profile: BrowserContext) -> Page:
    """Open the board once the worker is there."""
    page = profile.new_page()
    page.goto("/")
    until(page, IN_CHARGE)
    return page


def until(page: Page, asked: str) -> None:
    """Wait for a function to give something true; the policy forbids Playwright's own way."""
    wait = "new Promise((done) => setTimeout(done, 20))"
    page.evaluate(f"async () => {{ while (!(await ({asked})())) await {wait}; }}")


def read(page: Page, title: str) -> str:
    """Open an article from the board and wait until it is kept; give its path."""
    before = len(page.evaluate(KEPT))
    page.click(f".row-link:has-text('{title}')")
    until(page, f"async () => (await ({KEPT})()).length > {before}")
    path: str = page.evaluate("location.pathname")
    return path


def test_the_browser_finds_nothing_wrong_with_the_manifest(page: Page, address: str) -> None:
    page.goto("/")
    session = page.context.new_cdp_session(page)
    told = session.send("Page.getAppManifest")
    assert told["url"] == f"{address}/manifest.webmanifest"
    assert told["errors"] == []
    for icon in json.loads(told["data"])["icons"]:
        size = page.evaluate(
            """async (address) => {
              const picture = new Image();
              picture.src = address;
              await picture.decode();
              return `${picture.naturalWidth}x${picture.naturalHeight}`;
            }""",
            icon["src"],
        )
        assert size == icon["sizes"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_frame_of_the_app_has_the_colour_of_the_page(
    browser: Browser, address: str, scheme: str
) -> None:
    with browser.new_context(color_scheme=scheme, base_url=address) as profile:  # type: ignore[arg-type]
        page = profile.new_page()
        page.goto("/")
        said = page.get_attribute(f"meta[name=theme-color][media*={scheme}]", "content")
        painted = page.evaluate(
            """() => {
              const brush = document.createElement('canvas').getContext('2d');
              brush.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
              brush.fillRect(0, 0, 1, 1);
              const parts = [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
              return '#' + parts.map((part) => part.toString(16).padStart(2, '0')).join('');
            }"""
        )
        assert said == painted


def test_the_worker_is_installed_with_the_page_that_stands_in(installed: Page) -> None:
    until(installed, f"async () => await {READY} === 'activated'")
    kept = installed.evaluate(
        f"""async () => {{
          const files = await caches.open((await ({FILES})())[0]);
          return (await files.keys()).map((one) => new URL(one.url).pathname);
        }}"""
    )
    assert {"/offline", "/static/css/veille.css", "/static/js/offline.js"} <= set(kept)


def test_a_read_article_opens_and_is_listed_when_the_server_is_gone(installed: Page) -> None:
    path = read(installed, OPENED)
    installed.context.set_offline(True)
    installed.goto(path)
    expect(installed.locator("#panel-title")).to_have_text(SHOWN)
    expect(installed.locator("#offline")).to_be_visible()
    assert_open_to_all(installed)
    installed.goto("/sources")
    assert installed.inner_text("h1") == "Offline"
    installed.click(f"#kept-articles a:has-text('{OPENED}')")
    expect(installed.locator("#panel-title")).to_have_text(SHOWN)


def test_the_last_board_is_kept_and_its_articles_open_in_it(installed: Page) -> None:
    installed.goto("/pages/veille")
    read(installed, OPENED)
    installed.goto("/pages/veille")
    installed.context.set_offline(True)
    installed.reload()
    assert installed.locator(".box").count() > 1
    expect(installed.locator("#offline")).to_be_visible()
    installed.click(f".row-link:has-text('{OPENED}')")
    installed.wait_for_selector("#panel .prose")
    installed.goto("/sources")
    expect(installed.locator("#kept-pages a").first).to_be_visible()


def test_the_banner_goes_when_veille_is_back(installed: Page) -> None:
    installed.goto("/")
    installed.context.set_offline(True)
    installed.reload()
    expect(installed.locator("#offline")).to_be_visible()
    installed.context.set_offline(False)
    installed.evaluate("document.body.dispatchEvent(new Event('changed'))")
    installed.wait_for_selector("#offline", state="hidden")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_nothing_moves_when_veille_is_away_and_one_can_try_again(
    installed: Page, size: ViewportSize
) -> None:
    installed.set_viewport_size(size)
    installed.goto("/pages/veille")
    line = installed.locator(".row").first
    before = line.bounding_box()
    installed.context.set_offline(True)
    installed.click(f".row-link:has-text('{OPENED}')")
    installed.wait_for_selector("#offline:not([hidden])")
    toast = installed.locator("#toast")
    expect(toast).to_have_text("This cannot be opened: Veille does not answer.")
    assert line.bounding_box() == before
    strip, said = installed.locator("#offline").bounding_box(), toast.bounding_box()
    assert strip is not None
    assert said is not None
    assert said["y"] + said["height"] <= strip["y"]
    if size == PHONE:
        rail = installed.locator("#rail").bounding_box()
        assert rail is not None
        assert strip["y"] + strip["height"] <= rail["y"]
    assert_open_to_all(installed)
    installed.context.set_offline(False)
    installed.click("#offline a")
    installed.wait_for_selector("#offline", state="hidden")
    assert installed.url.endswith("/pages/veille")


def test_without_anything_read_the_page_says_so(installed: Page) -> None:
    installed.context.set_offline(True)
    installed.goto("/search?q=x")
    expect(installed.locator("#kept-none")).to_be_visible()
    expect(installed.locator("#kept-articles")).to_be_hidden()


def test_thirty_articles_are_kept_and_the_oldest_goes(installed: Page) -> None:
    path = read(installed, OPENED)
    installed.evaluate(
        """async () => {
          const kept = await caches.open('veille / articles');
          for (let id = 1000; id < 1040; id += 1) {
            await kept.put(`/entries/${id}`, new Response('x'));
          }
        }"""
    )
    installed.goto(path)
    until(installed, f"async () => (await ({KEPT})()).length === 30")
    kept = installed.evaluate(KEPT)
    assert kept[-1] == path
    assert "/entries/1000" not in kept


def test_acts_settings_and_searches_are_never_kept(installed: Page) -> None:
    for path in ("/settings", "/search?q=mieux", "/sources", "/"):
        installed.goto(path)
    kept = installed.evaluate(
        """async () => {
          const pages = await caches.open('veille / pages');
          return (await pages.keys()).map((one) => new URL(one.url).pathname);
        }"""
    )
    assert kept == ["/"]


def test_signing_out_forgets_what_was_kept(installed: Page) -> None:
    read(installed, OPENED)
    installed.evaluate(
        """() => {
          const form = document.createElement('form');
          form.id = 'sign-out';
          form.addEventListener('submit', (event) => event.preventDefault());
          document.body.append(form);
          form.requestSubmit();
        }"""
    )
    until(installed, f"async () => (await ({KEPT})()).length === 0")


def test_another_version_takes_the_place_of_the_one_before(installed: Page) -> None:
    installed.evaluate("caches.open('veille / files old')")
    installed.evaluate("caches.open('veille /other/ files old')")
    installed.evaluate("navigator.serviceWorker.getRegistration().then((it) => it.unregister())")
    installed.goto("/")
    until(installed, f"async () => (await ({FILES})()).length === 1")
    assert "veille / files old" not in installed.evaluate(FILES)
    assert "veille /other/ files old" in installed.evaluate("caches.keys()")


def test_the_page_that_stands_in_follows_the_language(installed: Page) -> None:
    installed.context.add_cookies([{"name": "language", "value": "fr", "url": installed.url}])
    installed.goto("/")
    stand = """async () => {
      const found = await caches.match('/offline', { ignoreVary: true });
      return found.headers.get('Content-Language') === 'fr';
    }"""
    until(installed, stand)


def test_a_server_that_was_stopped_is_as_good_as_no_network(
    browser: Browser, context: Context
) -> None:
    with ExitStack() as serving:
        address = serving.enter_context(served(context))
        with browser.new_context(base_url=address, service_workers="allow") as profile:
            page = profile.new_page()
            page.goto("/")
            until(page, IN_CHARGE)
            path = read(page, OPENED)
            serving.close()
            page.goto(path)
            assert page.inner_text("#panel-title") == SHOWN


def test_nothing_is_missing_where_no_worker_is_let_in(page: Page) -> None:
    page.goto("/")
    page.click(f".row-link:has-text('{OPENED}')")
    page.wait_for_selector("#panel .prose")
    assert page.is_hidden("#offline")


@each_look
def test_the_page_that_stands_in_is_open_to_everybody(
    browser: Browser, address: str, look: Look
) -> None:
    with seen(browser, address, look) as page:
        page.goto("/offline")
        assert_open_to_all(page)
