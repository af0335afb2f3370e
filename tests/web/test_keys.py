import re

import pytest
from flask.testing import FlaskClient

from aggregator.web.keys import every_key, key_map, places
from tests.web.conftest import HTMX, OWN


def test_each_key_is_told_on_the_help_page_with_what_it_does(client: FlaskClient) -> None:
    page = client.get("/help").text
    assert "<html" in page
    for key in every_key():
        assert f"<dd>{key.label}</dd>" in page
    assert "<kbd>g</kbd> <span" in page


def test_the_help_sheet_comes_alone_for_its_dialog(client: FlaskClient) -> None:
    sheet = client.get("/help", headers=HTMX).text
    assert sheet.lstrip().startswith("<div")
    assert "<html" not in sheet


def test_help_is_asked_for_and_not_sent(client: FlaskClient) -> None:
    assert client.post("/help", headers=OWN).status_code == 405


def test_no_key_does_two_things() -> None:
    typed = [each.split("=")[0] for each in key_map().replace("==", "=").split(" ")]
    assert len(typed) == len(set(typed))
    starts = {each.split(",")[0] for each in typed if "," in each}
    assert starts == {"g"}
    assert not starts & set(typed)


def test_the_keys_come_with_each_page(client: FlaskClient) -> None:
    told = re.search('<meta name="veille-keys" content="([^"]+)">', client.get("/").text)
    assert told
    assert told[1].split(" ")[0] == "j=next-line"
    assert "g,d=go-dashboard" in told[1]
    assert "Enter" not in told[1]


@pytest.mark.parametrize("act", ["dashboard", "sources", "settings", "reader", "kept", "add"])
def test_each_place_that_a_key_goes_to_exists(client: FlaskClient, act: str) -> None:
    with client.application.test_request_context():
        paths = {key.act: path for key, path in places()}
    assert client.get(paths[f"go-{act}"]).status_code == 200


def test_where_letters_are_off_the_help_says_so(client: FlaskClient) -> None:
    client.post("/preferences", data={"keys": "off"}, headers=OWN)
    page = client.get("/help").text
    assert 'data-keys="off"' in page
    assert "Single-letter keys are switched off." in page
