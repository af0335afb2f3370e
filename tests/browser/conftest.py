"""A real browser over the steady world; what it complains of fails the test."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import (
    Browser,
    BrowserType,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from aggregator.services import following
from aggregator.services.context import Context
from aggregator.web.app import create_app
from tests.web.world import copied

NO_WORKER: Final = "Service Worker registration blocked by Playwright"
"""Said in tests that are not about the worker: what it would keep must not stand between."""

DESKTOP: Final[ViewportSize] = {"width": 1440, "height": 900}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


CHROMIUMS: Final = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first is the same engine without a window around it, at a third of the work."""

PATIENCE_S: Final = 15
"""How long a test waits for what must come: long, for a machine that does much else."""

expect.set_options(timeout=PATIENCE_S * 1000)


def until(page: Page, look: Callable[[], object]) -> None:
    """Look again and again until it is so, and let the page go on between two looks.

    For what `expect` has no word for. Playwright's own `wait_for_function` asks the page to
    evaluate text, which the policy of ours refuses from the second look on.
    """
    end_s = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < end_s, f"not so within {PATIENCE_S} seconds: {look}"
        page.wait_for_timeout(20)


def launched(kind: BrowserType, *args: str) -> Browser:
    """Start Chromium; skip where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip("Chromium is not installed")
    usual = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
    return kind.launch(executable_path=found, args=[*usual, *args])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launched(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture
def context(made_world: Path, tmp_path: Path) -> Iterator[Context]:
    with copied(made_world, tmp_path) as world:
        following.refresh(world, adopt=True)
        yield world


CUT_OFF: Final = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx writes of a request that ends with its page; a refused one says more than that."""


@contextmanager
def served(context: Context) -> Iterator[str]:
    """Serve a dashboard from a thread; give its address."""
    server = make_server("127.0.0.1", 0, create_app(context), threaded=True)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.fixture
def address(context: Context) -> Iterator[str]:
    with served(context) as address:
        yield address


@pytest.fixture
def complaints() -> list[str]:
    """Give what the browser complained of: an error, a refusal of the policy, another host."""
    return []


def watched(page: Page, address: str, complaints: list[str]) -> Page:
    """Have a page write down what goes wrong in it."""

    def judge(request: Request) -> None:
        if not request.url.startswith((address, "data:")):
            complaints.append(f"asked {request.url}")

    page.on("request", judge)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def hear(said: ConsoleMessage) -> None:
        cut_off = said.text.startswith(CUT_OFF)
        if said.type in {"error", "warning"} and NO_WORKER not in said.text and not cut_off:
            complaints.append(said.text)

    page.on("console", hear)
    return page


@pytest.fixture
def page(browser: Browser, address: str, complaints: list[str]) -> Iterator[Page]:
    with browser.new_context(
        viewport=DESKTOP, base_url=address, service_workers="block"
    ) as profile:
        yield watched(profile.new_page(), address, complaints)
    assert complaints == []


@pytest.fixture
def plain_page(browser: Browser, address: str, complaints: list[str]) -> Iterator[Page]:
    """Give a page without JavaScript."""
    with browser.new_context(
        viewport=DESKTOP, base_url=address, java_script_enabled=False
    ) as profile:
        yield watched(profile.new_page(), address, complaints)
    assert complaints == []
