"""Veille as an app: its manifest, its worker, the page for when it is away."""

import json
import struct

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import OWN

PREFIX = {"SCRIPT_NAME": "/veille"}


def test_the_manifest_names_the_app_and_where_it_starts(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.text)
    assert (told["name"], told["start_url"], told["scope"]) == ("Veille", "/", "/")
    assert (told["display"], told["lang"]) == ("standalone", "en")
    assert [shortcut["url"] for shortcut in told["shortcuts"]] == ["/read", "/search", "/add"]


def test_the_manifest_speaks_the_language_that_was_chosen(client: FlaskClient) -> None:
    client.set_cookie("language", "fr")
    assert json.loads(client.get("/manifest.webmanifest").text)["lang"] == "fr"


def test_each_icon_of_the_manifest_has_the_size_it_says(client: FlaskClient) -> None:
    told = json.loads(client.get("/manifest.webmanifest").text)
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        ("192x192", "any"),
        ("192x192", "maskable"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in told["icons"]:
        with client.get(icon["src"]) as answer:
            assert answer.mimetype == icon["type"]
            width, height = struct.unpack(">II", answer.data[16:24])
            assert f"{width}x{height}" == icon["sizes"]


def test_under_a_prefix_everything_stands_there(client: FlaskClient) -> None:
    told = json.loads(client.get("/manifest.webmanifest", environ_overrides=PREFIX).text)
    assert (told["start_url"], told["scope"]) == ("/veille/", "/veille/")
    addresses = [*told["icons"], *told["shortcuts"]]
    assert all((one.get("src") or one["url"]).startswith("/veille/") for one in addresses)
    worker = client.get("/sw.js", environ_overrides=PREFIX)
    assert worker.headers["Service-Worker-Allowed"] == "/veille/"
    assert all(one.startswith("/veille/") for one in told_to(worker.text)["shell"])


def told_to(worker: str) -> dict[str, list[str]]:
    told: dict[str, list[str]] = json.loads(worker.partition("= ")[2].partition(";\n")[0])
    return told


def test_the_worker_is_a_script_that_is_asked_for_again_each_time(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Service-Worker-Allowed"] == "/"


def test_each_file_that_the_worker_keeps_is_there(client: FlaskClient) -> None:
    told = told_to(client.get("/sw.js").text)
    for address in [*told["shell"], told["offline"]]:
        with client.get(str(address)) as answer:
            assert answer.status_code == 200, address


def test_the_page_that_stands_in_needs_nothing_but_what_the_worker_keeps(
    client: FlaskClient,
) -> None:
    page = client.get("/offline").text
    kept = told_to(client.get("/sw.js").text)["shell"]
    needed = [part.split('"')[0] for part in page.split('="')[1:] if part.startswith("/static/")]
    assert needed
    assert {address.partition("#")[0] for address in needed} <= {*kept}


@pytest.mark.parametrize(("language", "words"), [("en", "Offline"), ("fr", 'lang="fr"')])
def test_the_page_that_stands_in_speaks_both_languages(
    client: FlaskClient, language: str, words: str
) -> None:
    client.set_cookie("language", language)
    answer = client.get("/offline")
    assert words in answer.text
    assert answer.headers["Content-Language"] == language


@pytest.mark.parametrize("path", ["/manifest.webmanifest", "/sw.js", "/offline"])
def test_these_are_only_to_be_looked_at(client: FlaskClient, path: str) -> None:
    assert client.post(path, headers=OWN).status_code == 405


def test_every_page_names_the_manifest_and_the_colour_of_its_frame(client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<link rel="manifest" href="/manifest.webmanifest"' in page
    assert page.count('name="theme-color"') == 2
    client.set_cookie("theme", "dark")
    assert client.get("/").text.count('name="theme-color"') == 1
