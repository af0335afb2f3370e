"""The door in front of every screen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from aggregator.cli.serving import dashboard
from aggregator.domain.door import TRIES
from aggregator.services import door
from aggregator.services.context import Context
from aggregator.web.app import create_app
from aggregator.web.door.gate import PUBLIC
from tests.web.conftest import HTMX, OWN
from tests.web.world import NOW

PASSWORD = "trois mots simples"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Clock:
    """A clock that is put on by hand."""

    passed: timedelta = timedelta()

    def __call__(self) -> object:
        return NOW + self.passed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def locked(context: Context, clock: Clock) -> Context:
    """Give the world with a password."""
    kept = replace(context, clock=clock)  # type: ignore[arg-type]
    door.set_password(kept, PASSWORD)
    return kept


@pytest.fixture
def app(locked: Context) -> Flask:
    """Give the whole application, the doors for programs included."""
    return dashboard(locked, polls=True)


@pytest.fixture
def word(context: Context) -> str:
    drawn = door.make_ready(context, first_password=True)
    assert drawn
    return drawn


@pytest.fixture
def waiting(context: Context, word: str) -> FlaskClient:
    """Give a dashboard whose first password is to be chosen."""
    assert word
    return create_app(context).test_client()


def enter(client: FlaskClient, password: str = PASSWORD, **form: str) -> TestResponse:
    return client.post("/sign-in", data={"password": password, **form}, headers=OWN | PAGE)


def address(rule: Rule) -> str:
    """Fill the places of a rule with something that exists."""
    values = {"slug": "veille", "act": "read", "where": "original", "filename": "icon.svg"}
    if chosen := re.search(r"<any\((\w+).*\):act>", rule.rule):
        values["act"] = chosen[1]
    _domain, path = rule.build({name: values.get(name, 1) for name in rule.arguments}) or ("", "")
    return path


def closed(app: Flask) -> list[tuple[str, str]]:
    """List every method and address that is not on the public list."""
    public = {address(rule) for rule in app.url_map.iter_rules() if rule.endpoint in PUBLIC}
    return [
        (method, path)
        for rule in app.url_map.iter_rules()
        for path in (address(rule),)
        if path not in public
        for method in METHODS
    ]


def test_every_address_but_the_public_ones_sends_a_page_to_the_door(
    app: Flask, client: FlaskClient
) -> None:
    assert len(closed(app)) > 100
    for method, path in closed(app):
        answer = client.open(path, method=method, headers=OWN | PAGE)
        assert answer.status_code == 303, (method, path)
        assert answer.location.startswith("/sign-in"), (method, path)
        assert "CWM" not in answer.text


def test_every_address_but_the_public_ones_refuses_whoever_is_no_page(
    app: Flask, client: FlaskClient
) -> None:
    for method, path in closed(app):
        answer = client.open(path, method=method, headers=OWN)
        assert answer.status_code == 401, (method, path)
        assert "CWM" not in answer.text


def test_every_part_is_sent_to_the_door_as_a_whole_page(app: Flask, client: FlaskClient) -> None:
    for method, path in closed(app):
        headers = HTMX | {"HX-Current-URL": "http://localhost/pages/veille?a=b"}
        answer = client.open(path, method=method, headers=headers)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["HX-Redirect"] == "/sign-in?next=/pages/veille?a%3Db"


@pytest.mark.parametrize("path", ["/nowhere", "/entries/99999", "/static/nothing.css", "/admin"])
def test_what_does_not_exist_tells_nothing_of_what_does(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=PAGE)
    assert answer.status_code in {303, 404}
    assert "Veille</a>" not in answer.text
    assert "CWM" not in answer.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_foreign_form_at_the_door_is_refused_without_a_word_of_what_is_stored(
    client: FlaskClient, site: str
) -> None:
    answer = client.post("/sign-in", data={"password": PASSWORD}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
    assert "Blogs" not in answer.text


def test_each_name_on_the_public_list_is_a_page_of_ours(app: Flask) -> None:
    assert app.view_functions.keys() >= PUBLIC


def test_the_door_shows_nothing_that_is_stored(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers=PAGE)
    assert page.status_code == 200
    assert 'name="password"' in page.text
    assert 'autocomplete="current-password"' in page.text
    for stored in ("CWM", "Blogs", "Concurrents", "feeds.yaml", "Magalie"):
        assert stored not in page.text


def test_the_door_is_a_whole_page_for_htmx_too(client: FlaskClient) -> None:
    assert "<html" in client.get("/sign-in", headers=HTMX).text


def test_the_password_opens_what_one_came_for(client: FlaskClient) -> None:
    turned_away = client.get("/pages/veille?a=b", headers=PAGE)
    assert turned_away.location == "/sign-in?next=/pages/veille?a%3Db"
    page = client.get(turned_away.location)
    assert 'name="next" value="/pages/veille?a=b"' in page.text
    answer = enter(client, next="/pages/veille?a=b")
    assert (answer.status_code, answer.location) == (303, "/pages/veille?a=b")
    assert "Le blog de CWM" in client.get(answer.location, headers=PAGE).text


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
def test_nobody_is_led_away_from_the_door(client: FlaskClient, path: str) -> None:
    assert 'name="next"' not in client.get("/sign-in", query_string={"next": path}).text
    assert enter(client, next=path).location == "/"


@pytest.mark.parametrize("password", ["", "faux", PASSWORD + " ", PASSWORD.upper(), "x" * 5000])
def test_a_wrong_password_opens_nothing_and_says_so(client: FlaskClient, password: str) -> None:
    answer = enter(client, password)
    assert answer.status_code == 403
    assert 'role="alert"' in answer.text
    assert "not the password" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert client.get("/", headers=PAGE).status_code == 303


def test_a_form_without_a_password_is_a_wrong_one(client: FlaskClient) -> None:
    assert client.post("/sign-in", headers=OWN).status_code == 403


def test_too_many_tries_are_told_how_long_to_wait(client: FlaskClient, clock: Clock) -> None:
    for _ in range(TRIES):
        assert enter(client, "faux").status_code == 403
    answer = enter(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "wait 60 seconds" in answer.text
    clock.passed += timedelta(seconds=60)
    assert enter(client).status_code == 303


def test_the_cookie_is_no_scripts_and_no_other_sites(client: FlaskClient) -> None:
    cookie = enter(client).headers["Set-Cookie"]
    assert cookie.startswith("veille=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={30 * 24 * 3600}"):
        assert part in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_on_https_the_cookie_is_for_https_and_this_host_alone(app: Flask) -> None:
    client = app.test_client()
    answer = client.post(
        "/sign-in", base_url="https://localhost", data={"password": PASSWORD}, headers=OWN
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-veille=")
    assert "Secure" in cookie
    assert client.get("/sources", base_url="https://localhost").status_code == 200


def forged(cookie: str) -> list[str]:
    payload, signature = cookie.rsplit(".", 1)
    return [payload, f"{payload}.", f"{payload}.{signature[::-1]}", f"x{cookie}", ".", "null"]


def test_a_cookie_that_was_tampered_with_opens_nothing(client: FlaskClient, app: Flask) -> None:
    enter(client)
    kept = client.get_cookie("veille")
    assert kept is not None
    for cookie in forged(kept.value):
        other = app.test_client()
        other.set_cookie("veille", cookie)
        assert other.get("/sources").status_code == 401, cookie


def test_a_session_ends_after_thirty_idle_days(client: FlaskClient, clock: Clock) -> None:
    enter(client)
    for _ in range(3):  # in use, it goes on
        clock.passed += timedelta(days=20)
        assert client.get("/sources").status_code == 200
    clock.passed += timedelta(days=31)
    assert client.get("/sources").status_code == 401


def test_a_session_in_use_is_not_written_anew_with_each_page(
    client: FlaskClient, clock: Clock
) -> None:
    enter(client)
    assert "Set-Cookie" not in client.get("/sources").headers
    clock.passed += timedelta(days=2)
    assert "veille=" in client.get("/sources").headers["Set-Cookie"]


def test_signing_in_begins_another_session(client: FlaskClient, app: Flask) -> None:
    enter(client)
    first = client.get_cookie("veille")
    enter(app.test_client())
    client.delete_cookie("veille")
    enter(client)
    second = client.get_cookie("veille")
    assert first is not None
    assert second is not None
    assert first.value != second.value


def test_a_new_password_ends_every_session_at_once(client: FlaskClient, locked: Context) -> None:
    enter(client)
    assert client.get("/sources").status_code == 200
    door.set_password(locked, "quatre mots encore simples")
    assert client.get("/sources").status_code == 401
    assert enter(client, "quatre mots encore simples").status_code == 303
    assert client.get("/sources").status_code == 200


def test_signing_out_ends_the_session_and_every_copy_of_it(
    client: FlaskClient, app: Flask
) -> None:
    enter(client)
    kept = client.get_cookie("veille")
    assert kept is not None
    copy, other = app.test_client(), app.test_client()
    copy.set_cookie("veille", kept.value)
    enter(other)
    answer = client.post("/sign-out", headers=OWN | PAGE)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie("veille") is None
    assert client.get("/sources").status_code == 401
    assert copy.get("/sources").status_code == 401
    assert other.get("/sources").status_code == 200


def test_one_signs_out_by_a_form_of_our_own_alone(client: FlaskClient) -> None:
    enter(client)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/sources").status_code == 200


def test_the_way_out_is_shown_only_where_there_is_a_door(
    client: FlaskClient, context: Context
) -> None:
    enter(client)
    assert 'action="/sign-out"' in client.get("/").text
    door.remove_password(context)
    assert 'action="/sign-out"' not in client.get("/").text


def test_who_is_in_already_goes_on(client: FlaskClient) -> None:
    enter(client)
    assert client.get("/sign-in?next=/sources").location == "/sources"
    assert client.get("/first-password").location == "/"


def test_who_came_in_is_shown(client: FlaskClient) -> None:
    enter(client, "faux")
    enter(client)
    page = client.get("/sign-ins").text
    assert "wrong password" in page
    assert "came in" in page
    assert "127.0.0.1" in page


def test_a_hostile_address_is_shown_as_text(client: FlaskClient, locked: Context) -> None:
    door.try_password(locked, "faux", "<script>alert(1)</script>")
    enter(client)
    assert "<script>alert" not in client.get("/sign-ins").text


def test_without_a_password_nothing_is_asked(context: Context) -> None:
    client = create_app(context).test_client()
    assert client.get("/").status_code == 200
    assert client.get("/sign-in").location == "/"
    assert client.get("/first-password").location == "/"
    assert "Nobody has signed in yet" in client.get("/sign-ins").text
    assert client.post("/sign-out", headers=OWN).status_code == 303


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded"])
def test_without_a_password_nobody_comes_through_a_proxy(context: Context, header: str) -> None:
    client = create_app(context).test_client()
    answer = client.get("/", headers={header: "198.51.100.1", "Accept-Language": "en"})
    assert answer.status_code == 403
    assert "veille user set-password" in answer.text
    assert "Le blog de CWM" not in answer.text


@pytest.mark.parametrize("path", ["/", "/sources", "/sign-in", "/first-password", "/nowhere"])
def test_where_others_can_come_and_no_password_is_left_nobody_does(
    context: Context, path: str
) -> None:
    settings = context.settings.model_copy(update={"public_url": "https://example.org"})
    client = create_app(replace(context, settings=settings)).test_client()
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == 503
    assert "veille user set-password" in answer.text


def choose(client: FlaskClient, word: str, password: str = PASSWORD, **form: str) -> TestResponse:
    filled = {"word": word, "password": password, "again": password, **form}
    return client.post("/first-password", data=filled, headers=OWN | PAGE)


def test_until_the_first_password_is_chosen_all_is_closed(waiting: FlaskClient) -> None:
    for method, path in closed(waiting.application):
        answer = waiting.open(path, method=method, headers=OWN | PAGE)
        assert answer.status_code == 303, (method, path)
        assert answer.location.startswith("/first-password"), (method, path)
    assert waiting.get("/sign-in").location == "/first-password"
    assert enter(waiting, "").location == "/first-password"


def test_the_word_lets_one_choose_the_password_once(waiting: FlaskClient, word: str) -> None:
    page = waiting.get("/first-password", headers=PAGE).text
    assert 'autocomplete="new-password"' in page
    answer = choose(waiting, word)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Le blog de CWM" in waiting.get("/").text
    late = waiting.application.test_client()
    assert choose(late, word, "un autre mot de passe").location == "/sign-in"
    assert enter(late).status_code == 303


def test_a_wrong_word_chooses_nothing(waiting: FlaskClient) -> None:
    answer = choose(waiting, "abcd-efgh-ijkl-mnop")
    assert answer.status_code == 403
    assert "printed at its last start" in answer.text
    assert waiting.get("/sources").status_code == 401


def test_two_passwords_that_differ_choose_nothing(waiting: FlaskClient, word: str) -> None:
    answer = choose(waiting, word, again="trois mots simple")
    assert answer.status_code == 400
    assert "not the same" in answer.text
    assert choose(waiting, word).status_code == 303


def test_a_password_too_short_says_how_long_it_must_be(waiting: FlaskClient, word: str) -> None:
    answer = choose(waiting, word, "court")
    assert answer.status_code == 400
    assert "at least 10 characters" in answer.text
    assert choose(waiting, word).status_code == 303


def test_guessing_the_word_is_slow(waiting: FlaskClient, word: str) -> None:
    for _ in range(TRIES):
        assert choose(waiting, "faux").status_code == 403
    assert choose(waiting, word).status_code == 429


@pytest.mark.parametrize(("language", "words"), [("en", "Sign in"), ("fr", '<html lang="fr"')])
def test_the_door_speaks_the_language_of_the_visitor(
    client: FlaskClient, language: str, words: str
) -> None:
    client.set_cookie("language", language)
    assert words in client.get("/sign-in").text


def test_the_headers_are_on_what_is_refused_too(client: FlaskClient) -> None:
    asked: list[Mapping[str, str]] = [PAGE, HTMX, {}]
    for headers in asked:
        answer = client.get("/", headers=dict(headers))
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
