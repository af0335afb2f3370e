import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from aggregator.errors import UnavailableError
from aggregator.services import reading, sources
from aggregator.services.context import Context
from aggregator.web.app import create_app
from tests.web.conftest import HTMX, OWN


def test_a_failure_of_the_program_is_said_without_its_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_context: Context) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(sources, "health", fails)
    with caplog.at_level(logging.CRITICAL, logger="aggregator.web.app"):
        answer = client.get("/", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert "Something went wrong in Veille" in answer.text
    assert "secret" not in answer.text


def test_a_failure_where_a_part_was_asked_for_is_a_toast(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_context: Context, _source_id: int) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(reading, "box", fails)
    with caplog.at_level(logging.CRITICAL, logger="aggregator.web.app"):
        answer = client.get("/sources/1/box", headers=HTMX)
    assert answer.status_code == 500
    assert answer.headers["HX-Retarget"] == "#toast"
    assert answer.text.startswith('<div id="toast" class="toast is-bad">')


@pytest.mark.parametrize("path", ["/nowhere", "/static/../app.py", "/static/nothing.css"])
def test_an_unknown_address_is_a_page_in_words(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@pytest.mark.parametrize("number", [2**63, 10**19 - 1, 10**40])
def test_a_number_too_large_for_an_id_is_nothing_we_have(client: FlaskClient, number: int) -> None:
    asked = [client.get(f"/entries/{number}"), client.get(f"/sources/{number}/box")]
    acts = (f"/entries/{number}/read", f"/sources/{number}/poll", f"/undo/{number}")
    asked += [client.post(path, headers=OWN) for path in acts]
    assert {answer.status_code for answer in asked} == {404}


@pytest.mark.parametrize("upto", [str(2**63), "-1", "9" * 5000, "abc"])
def test_a_form_that_names_no_entry_marks_nothing(
    client: FlaskClient, context: Context, upto: str
) -> None:
    before = reading.tabs(context)[0].unread
    for path in ("/pages/veille/read", "/sources/1/read"):
        assert client.post(path, data={"upto": upto}, headers=OWN).status_code == 303
    assert reading.tabs(context)[0].unread == before


def test_a_wrong_method_is_said_in_words(client: FlaskClient) -> None:
    answer = client.put("/", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 405
    assert "This is not done that way" in answer.text


def test_an_address_with_a_slash_too_many_is_led_on(app: Flask) -> None:
    @app.get("/folder/")
    def _folder() -> str:
        return ""

    assert app.test_client().get("/folder").status_code == 308


def test_two_applications_share_nothing(context: Context) -> None:
    one, other = create_app(context), create_app(context)
    assert one.config["SECRET_KEY"] != other.config["SECRET_KEY"]


@pytest.mark.parametrize("headers", [OWN, HTMX])
def test_a_database_that_cannot_be_used_now_is_said_as_such(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    def is_full(_context: Context) -> None:
        raise UnavailableError(
            "The database %(path)s cannot be used now: %(why)s. When that is mended, try again.",
            path="veille.db",
            why="database or disk is full",
        )

    monkeypatch.setattr(sources, "health", is_full)
    monkeypatch.setattr(reading, "tabs", is_full)
    asked = client.get("/", headers=headers | {"Accept-Language": "en"})
    assert asked.status_code == 503
    assert "database or disk is full" in asked.text


def test_a_database_that_is_gone_is_said_at_every_address(app: Flask, context: Context) -> None:
    context.database.close()
    context.database.path.unlink()
    context.database.path.mkdir()
    answer = app.test_client().get("/sources", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "cannot be opened" in answer.text
