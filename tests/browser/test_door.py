"""The door, in a browser: signing in and out, the first password, on a network of one's own."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from aggregator.services import door
from aggregator.services.context import Context
from tests.browser.conftest import DESKTOP, PHONE, launched, served, watched
from tests.browser.looks import HAND, Look, assert_open_to_all, each_look, seen
from tests.web.world import copied

pytestmark = pytest.mark.browser

PASSWORD = "trois mots simples"
LAN = "veille.lan"


@pytest.fixture
def context(context: Context) -> Context:
    door.set_password(context, PASSWORD)
    return context


def enter(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def only(complaints: list[str], *statuses: int) -> None:
    """Expect no complaint but the browser's own line about a status that was meant."""
    meant = re.compile(rf"status of ({'|'.join(map(str, statuses))})\b")
    assert [said for said in complaints if not meant.search(said)] == []
    complaints.clear()


def test_one_signs_in_by_keyboard_where_one_wanted_to_go(page: Page) -> None:
    page.goto("/sources")
    expect(page).to_have_title("Sign in · Veille")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/sources$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_wrong_password_is_said_and_one_tries_again(page: Page, complaints: list[str]) -> None:
    page.goto("/sources")
    enter(page, "faux")
    expect(page.get_by_role("alert")).to_have_text("This is not the password.")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Password")).to_have_accessible_description(
        "This is not the password."
    )
    enter(page)
    expect(page).to_have_url(re.compile(r"/sources$"))
    only(complaints, 403)


def test_one_signs_out_and_going_back_shows_nothing(page: Page) -> None:
    page.goto("/")
    enter(page)
    expect(page.get_by_text("Billet 9").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in · Veille")
    page.go_back()
    expect(page).to_have_title("Sign in · Veille")
    expect(page.get_by_text("Billet 9")).to_have_count(0)


def test_a_session_that_ended_leads_through_the_door_and_back(
    page: Page, context: Context, complaints: list[str]
) -> None:
    page.goto("/pages/blogs")
    enter(page)
    expect(page.get_by_text("Mon outil préféré")).to_be_visible()
    door.set_password(context, "quatre mots encore simples")
    page.get_by_role("link", name="Mon outil préféré").click()
    expect(page).to_have_title("Sign in · Veille")
    enter(page, "quatre mots encore simples")
    expect(page).to_have_url(re.compile(r"/pages/blogs$"))
    only(complaints, 401)


def test_without_javascript_the_door_works_too(plain_page: Page) -> None:
    plain_page.goto("/sources")
    enter(plain_page)
    expect(plain_page).to_have_url(re.compile(r"/sources$"))
    plain_page.get_by_role("button", name="Sign out").click()
    expect(plain_page).to_have_title("Sign in · Veille")


def test_on_a_phone_one_signs_out_from_more(browser: Browser, address: str) -> None:
    with browser.new_context(viewport=PHONE, base_url=address, has_touch=True) as profile:
        page = profile.new_page()
        page.goto("/")
        enter(page)
        page.locator("#more summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_title("Sign in · Veille")


def test_the_first_password_is_chosen_with_the_word(
    browser: Browser, made_world: Path, tmp_path: Path
) -> None:
    with copied(made_world, tmp_path / "new") as world:
        word = door.make_ready(world, first_password=True)
        assert word
        with served(world) as address, browser.new_context(base_url=address) as profile:
            page = profile.new_page()
            page.goto("/sources")
            expect(page.get_by_label("The word that")).to_be_focused()
            page.keyboard.type(word)
            page.get_by_label("Password at least 10").fill(PASSWORD)
            page.get_by_label("The same password again").fill(PASSWORD)
            page.keyboard.press("Enter")
            expect(page).to_have_url(re.compile(r"/sources$"))


@pytest.fixture(scope="module")
def network(browser: Browser) -> Iterator[Browser]:
    """Give a browser in whose network this machine has a name of its own."""
    away = launched(browser.browser_type, f"--host-resolver-rules=MAP {LAN} 127.0.0.1")
    yield away
    away.close()


def test_without_encryption_on_ones_own_network_forms_are_heard(
    network: Browser, context: Context, complaints: list[str]
) -> None:
    settings = context.settings.model_copy(update={"trusted_hosts": (LAN,)})
    with served(replace(context, settings=settings)) as here:
        address = here.replace("127.0.0.1", LAN)
        with network.new_context(viewport=DESKTOP, base_url=address) as profile:
            page = watched(profile.new_page(), address, complaints)
            page.goto("/pages/blogs")
            enter(page)
            expect(page).to_have_url(re.compile(r"/pages/blogs$"))
            page.get_by_role("button", name="Sign out").click()
            expect(page).to_have_title("Sign in · Veille")
    assert complaints == []


def test_under_a_path_the_screens_work_as_at_the_top(
    browser: Browser, context: Context, complaints: list[str]
) -> None:
    settings = context.settings.model_copy(update={"public_url": "http://veille.example/veille"})
    with (
        served(replace(context, settings=settings)) as address,
        browser.new_context(
            viewport=DESKTOP, base_url=address, service_workers="block"
        ) as profile,
    ):
        page = watched(profile.new_page(), address, complaints)
        page.goto("/veille/pages/blogs")
        enter(page)
        expect(page).to_have_url(re.compile(r"/veille/pages/blogs$"))
        page.get_by_role("link", name="Mon outil préféré").click()
        expect(page.locator("#panel-title")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(re.compile(r"/veille/sign-in$"))
    assert complaints == []


@each_look
def test_nothing_at_the_door_is_hard_to_use(browser: Browser, address: str, look: Look) -> None:
    with seen(browser, address, look) as page:
        page.goto("/sign-in")
        assert page.locator("html").get_attribute("lang") == look.language
        assert_open_to_all(page)
        page.locator("#password").fill("faux")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        assert_open_to_all(page)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_visible()
        page.goto("/sign-ins")
        assert_open_to_all(page)


def test_nothing_about_the_first_password_is_hard_to_use(
    browser: Browser, made_world: Path, tmp_path: Path
) -> None:
    with copied(made_world, tmp_path / "new") as world:
        door.make_ready(world, first_password=True)
        with served(world) as address, seen(browser, address, HAND) as page:
            page.goto("/first-password")
            assert_open_to_all(page)
