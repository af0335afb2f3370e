import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from aggregator.services import reading
from aggregator.services.context import Context
from aggregator.storage.tables import metadata
from aggregator.web.app import create_app
from aggregator.web.security import CONTENT_SECURITY_POLICY
from tests.web.conftest import OWN

REFUSED: list[Mapping[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:81"},
    {"Origin": "http://localhost@evil.example"},
    {"Referer": "https://evil.example/localhost"},
    {},
]
ALLOWED: list[Mapping[str, str]] = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
    {"Referer": "http://localhost/pages/veille"},
]


@pytest.mark.parametrize("headers", REFUSED)
def test_a_foreign_form_does_nothing(
    client: FlaskClient, context: Context, headers: Mapping[str, str]
) -> None:
    answer = client.post("/pages/veille/read", data={"upto": "99"}, headers=dict(headers))
    assert answer.status_code == 403
    assert "nothing was done" in answer.text
    assert reading.tabs(context)[0].unread == 13


@pytest.mark.parametrize("headers", ALLOWED)
def test_our_own_form_is_heard(client: FlaskClient, headers: Mapping[str, str]) -> None:
    answer = client.post("/pages/veille/read", data={"upto": "99"}, headers=dict(headers))
    assert answer.status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", ""])
def test_an_unknown_host_gets_a_sentence_and_nothing_else(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host or "["})
    assert answer.status_code == 400
    assert "Le blog de CWM" not in answer.text
    assert "VEILLE_TRUSTED_HOSTS" in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000"])
def test_our_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_a_name_given_in_the_settings_is_answered(context: Context) -> None:
    settings = context.settings.model_copy(update={"trusted_hosts": ("veille.example",)})
    client = create_app(replace(context, settings=settings)).test_client()
    assert client.get("/", headers={"Host": "veille.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/sources", "/search?q=a", "/nowhere", "/entries/1"])
def test_every_page_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def addresses(rule: Rule) -> str:
    """Fill the places of a rule with something that exists."""
    values = {"slug": "veille", "act": "read", "where": "original", "filename": "icon.svg"}
    if chosen := re.search(r"<any\((\w+).*\):act>", rule.rule):
        values["act"] = chosen[1]
    _domain, path = rule.build({name: values.get(name, 1) for name in rule.arguments}) or ("", "")
    return path


def test_no_visit_changes_anything(app: Flask, client: FlaskClient, context: Context) -> None:
    def stored() -> list[tuple[object, ...]]:
        with context.database.read() as session:
            tables = metadata.sorted_tables
            return [tuple(session.execute(select(table)).all()) for table in tables]

    before = stored()
    for rule in app.url_map.iter_rules():
        client.get(addresses(rule), headers=OWN).close()
        client.get(addresses(rule), headers=OWN | {"HX-Request": "true"}).close()
    assert stored() == before


def test_every_unsafe_route_refuses_a_foreign_form(app: Flask, client: FlaskClient) -> None:
    unsafe = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(unsafe) >= 6
    for rule in unsafe:
        answer = client.post(addresses(rule), headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403, rule.rule


def test_a_form_longer_than_any_of_ours_is_refused(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"next": "x" * 100_000}, headers=OWN)
    assert answer.status_code == 413
