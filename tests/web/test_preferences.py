from pathlib import Path

import pytest
from flask.testing import FlaskClient

from aggregator.web.app import create_app
from tests.web.conftest import HTMX, OWN
from tests.web.world import FEEDS, steady_world


def test_a_language_is_kept(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"language": "fr", "next": "/sources"}, headers=OWN)
    assert (answer.status_code, answer.location) == (303, "/sources")
    assert '<html lang="fr"' in client.get("/").text


def test_a_theme_is_kept(client: FlaskClient) -> None:
    client.post("/preferences", data={"theme": "dark"}, headers=OWN)
    page = client.get("/").text
    assert 'data-theme="dark"' in page
    assert '<meta name="color-scheme" content="dark">' in page


def test_the_cookie_is_for_this_site_and_no_script(client: FlaskClient) -> None:
    cookie = client.post("/preferences", data={"theme": "dark"}, headers=OWN).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_with_htmx_the_page_is_shown_again(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"language": "fr"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_with_htmx_a_theme_changes_on_the_page_that_is_there(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"theme": "dark"}, headers=HTMX)
    assert (answer.status_code, "HX-Refresh" in answer.headers) == (204, False)
    assert 'data-theme="dark"' in client.get("/").text


@pytest.mark.parametrize("form", [{}, {"language": "klingon"}, {"theme": "<b>"}, {"next": "/"}])
def test_a_choice_that_does_not_exist_is_refused(
    client: FlaskClient, form: dict[str, str]
) -> None:
    assert client.post("/preferences", data=form, headers=OWN).status_code == 400


def test_preferences_are_no_page(client: FlaskClient) -> None:
    assert client.get("/preferences").status_code == 405


def test_feeds_yaml_chooses_the_language_before_the_browser(client: FlaskClient) -> None:
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize(
    ("asked", "language"), [("en-GB,en;q=0.9", "en"), ("de", "fr"), ("", "fr"), ("fr-CA", "fr")]
)
def test_without_a_word_of_the_person_the_browser_chooses(
    tmp_path: Path, asked: str, language: str
) -> None:
    feeds = FEEDS.replace("  language: en\n", "")
    with steady_world(tmp_path, feeds=feeds) as context:
        page = create_app(context).test_client().get("/", headers={"Accept-Language": asked})
    assert f'<html lang="{language}"' in page.text


def test_times_are_local(client: FlaskClient) -> None:
    # 06:00 UTC is 07:00 in Paris, where feeds.yaml says that one is.
    assert "7:00" in client.get("/").text
