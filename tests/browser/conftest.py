"""A real browser over the steady world; what it complains of fails the test."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    sync_playwright,
)
from werkzeug.serving import make_server

from aggregator.services.context import Context
from aggregator.web.app import create_app
from tests.web.world import steady_world

NO_WORKER: Final = "Service Worker registration blocked by Playwright"
"""Said in tests that are not about the worker: what it would keep must not stand between."""

DESKTOP: Final[ViewportSize] = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with steady_world(tmp_path) as world:
        yield world


@pytest.fixture
def address(context: Context) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(context), threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


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
        if said.type in {"error", "warning"} and NO_WORKER not in said.text:
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
