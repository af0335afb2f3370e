from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from aggregator.services import following
from aggregator.services.context import Context
from aggregator.subscriptions.shape import model
from aggregator.web.app import create_app
from aggregator.web.choices import CHOICES, IN_THE_FILE
from tests.web.conftest import HTMX, OWN
from tests.web.world import steady_world


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """Give a world of one's own: its feeds.yaml is written."""
    with steady_world(tmp_path) as world:
        yield world


def feeds(context: Context) -> str:
    return context.settings.feeds_path.read_text(encoding="utf-8")


def test_each_setting_names_its_key_and_its_variable(client: FlaskClient) -> None:
    page = client.get("/settings").text
    for name in ("language", "timezone", *IN_THE_FILE):
        assert f"settings.{name}<" in page
    for name in ("FLOOR", "MANUAL_FLOOR", "HOST_DELAY", "HOST_CONCURRENCY"):
        assert f"VEILLE_{name}<" in page


def test_what_the_screens_offer_is_what_feeds_yaml_takes() -> None:
    taken = {
        name: model.SettingsPart.model_json_schema()["properties"][name]["anyOf"][0]["enum"]
        for name in model.CHOICES
    }
    assert set(IN_THE_FILE) == set(model.CHOICES)
    for name in IN_THE_FILE:
        assert set(CHOICES[name]) == {word for word in taken[name] if isinstance(word, str)}


def test_what_is_saved_is_written_with_the_rest_of_the_text(
    client: FlaskClient, context: Context
) -> None:
    before = feeds(context)
    answer = client.post("/settings", data={"theme": "dark", "keys": "off"}, headers=OWN)
    assert (answer.status_code, answer.location) == (303, "/settings")
    written = feeds(context)
    assert "  theme: dark\n" in written
    assert following.current(context).list.preferences.choices == {"theme": "dark", "keys": "off"}
    assert [line for line in before.splitlines() if line not in written.splitlines()] == []
    page = client.get("/settings").text
    assert 'data-theme="dark"' in page
    assert 'data-keys="off"' in page
    assert "Written into feeds.yaml" in page


def test_only_what_differs_is_written(client: FlaskClient, context: Context) -> None:
    before = feeds(context)
    same = {"language": "en", "timezone": "Europe/Paris", "theme": "auto", "keys": "on"}
    client.post("/settings", data=same, headers=OWN)
    assert feeds(context) == before
    assert "Nothing had to be changed" in client.get("/settings").text


def test_saving_ends_what_this_browser_chose(client: FlaskClient) -> None:
    client.post("/preferences", data={"theme": "light"}, headers=OWN)
    assert "chosen in this browser" in client.get("/settings").text
    client.post("/settings", data={"theme": "dark"}, headers=OWN)
    page = client.get("/settings").text
    assert 'data-theme="dark"' in page
    assert "chosen in this browser" not in page


def test_the_time_zone_and_the_language_are_written(client: FlaskClient, context: Context) -> None:
    data = {"language": "fr", "timezone": "America/Montreal"}
    client.post("/settings", data=data, headers=OWN)
    preferences = following.current(context).list.preferences
    assert (preferences.language, preferences.timezone) == ("fr", "America/Montreal")
    page = client.get("/").text
    assert '<html lang="fr"' in page
    # 06:00 UTC is 01:00 in Montréal.
    assert "01:00" in page


@pytest.mark.parametrize("zone", ["Paris", "", "../etc/passwd", "Europe", "x" * 300])
def test_an_unknown_time_zone_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, context: Context, zone: str
) -> None:
    before = feeds(context)
    answer = client.post("/settings", data={"theme": "dark", "timezone": zone}, headers=OWN)
    assert answer.status_code == 400
    assert "This time zone is unknown" in answer.text
    assert f'value="{zone}"' in answer.text
    assert '<input type="radio" name="theme" value="dark" checked>' in answer.text
    assert feeds(context) == before


@pytest.mark.parametrize("form", [{"theme": "klingon"}, {"language": "de"}, {"keys": ""}])
def test_a_value_that_no_field_offers_is_refused(
    client: FlaskClient, context: Context, form: dict[str, str]
) -> None:
    before = feeds(context)
    assert client.post("/settings", data=form, headers=OWN).status_code == 400
    assert feeds(context) == before


def test_a_broken_file_is_said_and_the_choice_stays_in_the_browser(
    client: FlaskClient, context: Context
) -> None:
    context.settings.feeds_path.write_text(feeds(context) + "sorces: []\n", encoding="utf-8")
    data = {"theme": "dark", "timezone": "Europe/Rome"}
    answer = client.post("/settings", data=data, headers=OWN)
    assert answer.status_code == 400
    assert "sorces" in answer.text
    assert "kept in this browser" in answer.text
    assert "only feeds.yaml can say it" in answer.text
    assert 'value="Europe/Rome"' in answer.text
    assert "theme: dark" not in feeds(context)
    assert 'data-theme="dark"' in client.get("/").text


def test_without_a_file_the_choice_stays_in_the_browser(
    client: FlaskClient, context: Context
) -> None:
    context.settings.feeds_path.unlink()
    answer = client.post("/settings", data={"density": "compact"}, headers=OWN)
    assert answer.status_code == 400
    assert "There is no feeds.yaml yet" in answer.text
    assert not context.settings.feeds_path.exists()
    assert 'data-density="compact"' in client.get("/").text


def test_settings_are_saved_with_htmx_too(client: FlaskClient, context: Context) -> None:
    answer = client.post("/settings", data={"theme": "dark"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/settings")
    assert "theme: dark" in feeds(context)
    assert "Written into feeds.yaml" in client.get("/settings").text


def test_with_htmx_a_wrong_time_zone_is_no_failure_of_the_browser(client: FlaskClient) -> None:
    answer = client.post("/settings", data={"timezone": "Paris"}, headers=HTMX)
    assert answer.status_code == 200
    assert "This time zone is unknown" in answer.text
    assert '<main id="main"' in answer.text


def test_a_foreign_form_changes_no_setting(client: FlaskClient, context: Context) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/settings", data={"theme": "dark"}, headers=headers).status_code == 403
    assert "theme" not in feeds(context)


def test_settings_are_not_deleted(client: FlaskClient) -> None:
    assert client.delete("/settings", headers=OWN).status_code == 405


def test_the_pace_is_told_as_it_is(tmp_path: Path) -> None:
    with steady_world(tmp_path) as context:
        page = create_app(context).test_client().get("/settings").text
    assert "<dd>15 min</dd>" in page
    assert "<dd>1 s</dd>" in page
    assert "<dd>256</dd>" in page
