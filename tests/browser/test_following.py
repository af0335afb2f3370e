"""Following in a real browser: from an address or a list, by keyboard, with and without script."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from aggregator.services.context import Context
from tests.browser.conftest import watched
from tests.browser.looks import Look, assert_open_to_all, each_look, seen
from tests.scripted_server import Answer
from tests.world import World, item

pytestmark = pytest.mark.browser

A, B = "http://a.example/rss", "http://b.example/rss"


@pytest.fixture
def context(world: World) -> Context:
    """Serve the world of the scripted web instead of the steady one."""
    return world.context


def written(world: World) -> str:
    return world.feeds.read_text(encoding="utf-8")


def test_a_source_is_followed_by_keyboard_alone(page: Page, world: World) -> None:
    world.follow(A)
    url = world.publish_site()
    page.goto("/sources")
    page.keyboard.press("+")
    page.wait_for_url("**/add")
    expect(page.locator("#what")).to_be_focused()
    page.keyboard.type(url)
    page.keyboard.press("Enter")
    expect(page.locator("#found-title")).to_be_focused()
    expect(page.locator(".feed")).to_have_count(1)
    page.get_by_role("button", name="Look further").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".feed")).to_have_count(2)
    expect(page.locator("#found-title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#name")).to_have_value("Commentaires")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#name")).to_have_value("Le blog de CWM")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Mon blog")
    expect(page.locator("#lines")).to_contain_text("    page: Mon blog")
    assert "Mon blog" not in written(world)
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/mon-blog")
    expect(page.locator("#toast")).to_contain_text("Followed")
    assert f"    url: {url}feed\n    page: Mon blog\n" in written(world)
    world.poll()
    expect(page.locator(".row-link")).to_contain_text("Bonjour")


def test_what_was_typed_stays_where_nothing_is_found(page: Page, world: World) -> None:
    world.follow(A)
    gone = world.web.answer("/gone", Answer(status=410, body=b""))
    page.goto("/add")
    page.fill("#what", gone)
    page.click("#look")
    expect(page.locator("#problem")).to_contain_text("gone for good (410)")
    expect(page.locator("#what")).to_have_value(gone)
    expect(page.locator("#what")).to_be_focused()


def test_an_uploaded_list_becomes_feeds_yaml(page: Page, world: World, tmp_path: Path) -> None:
    file = tmp_path / "list.opml"
    outlines = f'<outline text="Un"><outline text="A" xmlUrl="{A}"/></outline>'
    file.write_text(f"<opml><body>{outlines}</body></opml>", encoding="utf-8")
    page.goto("/")
    page.set_input_files("#file", file)
    page.click("#look")
    text = page.locator("#text")
    expect(page.locator("#found-title")).to_be_focused()
    good = text.input_value()
    text.fill(good.replace("name: A", "name: A : B"))
    page.click("#write")
    expect(page.locator("#problems")).to_contain_text("needs quotes")
    assert not world.feeds.exists()
    page.locator("#text").fill(good + "# à moi\n")
    page.click("#write")
    page.wait_for_url("**/")
    expect(page.locator("#toast")).to_contain_text("feeds.yaml is written")
    assert written(world).replace("\r\n", "\n") == good + "# à moi\n"


def test_a_pause_is_undone(page: Page, world: World) -> None:
    world.follow(A)
    before = written(world)
    page.goto("/sources")
    page.get_by_label("Actions: a.example").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#toast")).to_contain_text("a.example is paused.")
    expect(page.locator(".source.is-paused")).to_have_count(1)
    assert "paused: true" in written(world)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".source.is-paused")).to_have_count(0)
    assert written(world) == before.replace(f"- {A}", f"- url: {A}")


def test_a_source_is_retired_with_a_reason_and_followed_again(page: Page, world: World) -> None:
    world.follow(A)
    page.goto("/sources")
    page.get_by_label("Actions: a.example").click()
    page.get_by_role("link", name="Stop following").click()
    page.fill("#why", "page: fermée")
    page.click("#write")
    expect(page.locator(".source.is-retired")).to_contain_text("page: fermée")
    page.get_by_role("button", name="Follow again").click()
    expect(page.locator(".source.is-new")).to_have_count(1)


def test_the_key_of_undo_takes_back_what_the_toast_offers(page: Page, world: World) -> None:
    world.follow(A)
    page.goto("/sources")
    page.get_by_label("Actions: a.example").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#toast")).to_contain_text("a.example is paused.")
    expect(page.locator(".source.is-paused")).to_have_count(1)
    page.keyboard.press("z")
    expect(page.locator(".source.is-paused")).to_have_count(0)
    assert "paused" not in written(world)
    page.get_by_label("Actions: a.example").click()
    page.get_by_role("link", name="Stop following").click()
    page.click("#write")
    expect(page.locator(".source.is-retired")).to_have_count(1)
    page.keyboard.press("z")
    expect(page.locator(".source.is-retired")).to_have_count(0)
    assert "retired" not in written(world)
    page.goto("/add")
    page.fill("#what", world.publish("/rss", item(1)))
    page.click("#look")
    expect(page.locator("#found-title")).to_be_focused()
    page.click("#write")
    expect(page.locator("#toast")).to_contain_text("Followed")
    page.keyboard.press("z")
    expect(page.locator("#toast")).to_contain_text("as it was before")
    assert "/rss" not in written(world).replace(A, "")


def test_following_works_without_javascript(plain_page: Page, world: World) -> None:
    world.follow(A)
    url = world.publish_site()
    page = plain_page
    page.goto("/add")
    page.fill("#what", url)
    page.click("#look")
    page.fill("#page", "Mon blog")
    page.get_by_role("button", name="Show the lines").click()
    expect(page.locator("#lines")).to_contain_text("    page: Mon blog")
    assert "Mon blog" not in written(world)
    page.click("#write")
    expect(page.locator("#toast")).to_contain_text("Followed")
    assert "    page: Mon blog\n" in written(world)


@each_look
def test_axe_finds_nothing_on_any_step(
    browser: Browser, address: str, world: World, complaints: list[str], look: Look
) -> None:
    with seen(browser, address, look) as page:
        watched(page, address, complaints)
        page.goto("/")
        assert_open_to_all(page)
        page.fill("#what", f"{A}\n{A}\nhttp://b.example/\n")
        page.click("#look")
        page.wait_for_selector("#text")
        page.fill("#text", "sources:\n  - name: a : b\n    url: http://a.example/\n")
        page.click("#write")
        page.wait_for_selector("#problems")
        assert_open_to_all(page)
        world.follow(A)
        for path in ("/sources", f"/sources/{world.sources()[0].id}/retire", "/add"):
            page.goto(path)
            assert_open_to_all(page)
        page.fill("#what", world.publish_site())
        page.click("#look")
        page.wait_for_selector("#choice")
        assert_open_to_all(page)
        page.goto("/add")
        page.fill("#what", f"{A}\n" + "http://b.example/\n" * 6)
        page.click("#look")
        page.wait_for_selector(".read-list")
        page.click(".left-out summary")
        assert_open_to_all(page)
    assert complaints == []


def test_a_box_is_paused_and_resumed_from_its_menu(page: Page, world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    wanted = world.sources()[0].id
    page.goto("/pages/veille")
    page.click(f"#menu-button-{wanted}")
    page.click(f"#menu-{wanted} button:has-text('Pause')")
    expect(page.locator(f"#head-{wanted} .fresh")).to_have_text("paused")
    expect(page.locator("#toast")).to_contain_text("is paused.")
    page.click(f"#menu-button-{wanted}")
    page.click(f"#menu-{wanted} button:has-text('Check it again')")
    expect(page.locator(f"#head-{wanted} .fresh")).to_contain_text("checked")
    page.click(f"#menu-button-{wanted}")
    page.click(f"#menu-{wanted} a:has-text('Stop following')")
    page.click("#write")
    page.wait_for_url("**/pages/veille")
    expect(page.locator("#toast")).to_contain_text("is no longer followed.")
    page.click("#undo")
    expect(page.locator("#toast")).to_contain_text("is followed again.")


def test_a_line_of_the_sources_just_paused_says_so(page: Page, world: World) -> None:
    world.follow(world.publish("/rss", item(1)), B)
    world.poll()
    wanted = world.sources()[0].id
    page.goto("/sources")
    page.click(f"#source-menu-{wanted} summary")
    page.click(f"#source-menu-{wanted} button:has-text('Pause')")
    expect(page.locator(f"#listed-{wanted} .state")).to_have_text("paused")
