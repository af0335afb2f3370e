"""A conversation of the demo: a comment comes, waits, is answered at its source, closes."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESKTOP, served, watched
from tests.browser.looks import assert_open_to_all
from tests.demo import demo_of

pytestmark = pytest.mark.browser

SAYS: Final = "Un mot dès le samedi : « vu, réponse lundi »."


def count(page: Page, queue: str) -> Locator:
    return page.locator(f"#queue-{queue} .queue-count")


def figures(page: Page) -> dict[str, str]:
    page.wait_for_load_state("networkidle")
    page.goto("/comments/figures")
    return {
        name: page.locator(f"#tile-{name} .tile-value").inner_text()
        for name in ("received", "answered", "rate")
    }


def look_again(page: Page) -> None:
    """Let the time pass after which the page asks what has changed."""
    page.clock.fast_forward(21_000)


def test_a_comment_comes_waits_is_answered_at_its_source_and_closes_by_itself(
    browser: Browser, tmp_path: Path, complaints: list[str]
) -> None:
    with (
        demo_of(tmp_path, "en") as demo,
        served(demo.context) as address,
        browser.new_context(
            viewport=DESKTOP,
            base_url=address,
            service_workers="block",
            permissions=["clipboard-read", "clipboard-write"],
        ) as profile,
    ):
        page = watched(profile.new_page(), address, complaints)
        page.clock.install()
        before = figures(page)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.goto("/comments")
        waiting, answered = (
            int(count(page, name).inner_text().split()[0]) for name in ("waiting", "answered")
        )

        # It arrives while one looks, and waits with its time.
        article, comment = demo.comes()
        look_again(page)
        expect(count(page, "waiting")).to_contain_text(str(waiting + 1))
        demo.go_on(minutes=3)
        page.goto("/comments")
        line = page.locator("#inbox-list .row").filter(has_text=article.title)
        expect(line.locator(".waited")).to_contain_text("3")
        line.locator(".row-link").click()
        expect(page.locator("#open-title")).to_have_text(article.title)
        assert_open_to_all(page)

        # It is answered at its source, in a tab of its own.
        page.locator("#inbox-open textarea[name=draft]").fill(SAYS)
        with page.expect_popup() as opened:
            page.locator("[data-send]").click()
        source = opened.value
        source.wait_for_url(f"**/*#comment-{comment.number}")
        expect(count(page, "sent")).to_contain_text("1")
        source.locator(f"#comment-{comment.number} .comment-reply-link").first.click()
        source.locator("#respond textarea").focus()
        source.keyboard.press("ControlOrMeta+v")
        expect(source.locator("#respond textarea")).to_have_value(SAYS)
        demo.web.web = replace(demo.web.web, now=demo.clock)
        source.locator("#respond button").click()
        expect(source.locator(":target")).to_contain_text("réponse lundi")
        source.close()

        # The next round reads it, and nobody has to touch the comment.
        demo.go_on(seconds=5)
        look_again(page)
        expect(count(page, "sent")).to_have_count(0)
        expect(count(page, "answered")).to_contain_text(str(answered + 1))
        page.locator("#queue-answered").click()
        line.first.locator(".row-link").click()
        expect(page.locator("#inbox-open")).to_contain_text("réponse lundi")

        after = figures(page)
        # other comments may have come meanwhile
        assert int(after["received"]) > int(before["received"])
        assert int(after["answered"]) == int(before["answered"]) + 1
        assert after["rate"] != before["rate"]
    assert complaints == []
