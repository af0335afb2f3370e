"""Behind reverse proxies, under other names, under a path."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aggregator.services import door
from aggregator.services.context import Context
from aggregator.web.app import create_app
from tests.web.conftest import HTMX, OWN

PASSWORD = "trois mots simples"
PAGE = {"Accept": "text/html"}
LINK = re.compile(
    r'\s(?:href|src|action|formaction|hx-get|hx-post|data-from|data-search)="(/[^"]*)"'
)
PAGES = ("/", "/pages/veille", "/pages/blogs", "/sources", "/search?q=huiles", "/entries/1")
MORE_PAGES = ("/settings", "/sign-ins", "/nowhere", "/read", "/add")


def visitor(context: Context, **settings: object) -> FlaskClient:
    """Come to a dashboard with other settings, its password known."""
    door.set_password(context, PASSWORD)
    changed = context.settings.model_copy(update=settings)
    return create_app(replace(context, settings=changed)).test_client()


def enter(client: FlaskClient, path: str = "", **request: object) -> TestResponse:
    headers = OWN | PAGE | request.pop("headers", {})  # type: ignore[operator]
    return client.post(f"{path}/sign-in", data={"password": PASSWORD}, headers=headers, **request)


def address(context: Context) -> str:
    return door.last_tries(context, 1)[0].address


def test_what_is_forwarded_is_not_believed_unless_told(context: Context) -> None:
    client = visitor(context, trusted_hosts=("example.org",))
    forwarded = {
        "X-Forwarded-For": "198.51.100.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "example.org",
        "X-Forwarded-Prefix": "/veille",
    }
    answer = enter(client, headers=forwarded)
    assert answer.location == "/"
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert address(context) == "127.0.0.1"


def test_a_trusted_proxy_tells_who_came_and_how(context: Context) -> None:
    client = visitor(context, trusted_proxies=1, trusted_hosts=("example.org",))
    forwarded = {
        "X-Forwarded-For": "203.0.113.9, 198.51.100.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "example.org",
        "X-Forwarded-Prefix": "/veille",
    }
    answer = enter(client, headers=forwarded)
    assert answer.location == "/veille/"
    assert answer.headers["Set-Cookie"].startswith("__Secure-veille=")
    assert "Path=/veille" in answer.headers["Set-Cookie"]
    assert address(context) == "198.51.100.1"


def test_of_two_proxies_the_visitor_is_the_one_before_both(context: Context) -> None:
    client = visitor(context, trusted_proxies=2)
    enter(client, headers={"X-Forwarded-For": "6.6.6.6, 198.51.100.1, 10.0.0.2"})
    assert address(context) == "198.51.100.1"


@pytest.mark.parametrize("prefix", ["//evil.example", "/a//b", "veille", '/"><b>', "/a?b"])
def test_a_forwarded_prefix_that_is_no_path_is_dropped(context: Context, prefix: str) -> None:
    client = visitor(context, trusted_proxies=1)
    assert enter(client, headers={"X-Forwarded-Prefix": prefix}).location == "/"


def test_a_forwarded_host_that_is_not_ours_is_refused(context: Context) -> None:
    client = visitor(context, trusted_proxies=1)
    assert client.get("/", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("stripped", [True, False])
@pytest.mark.parametrize("host", ["https://example.org", "http://127.0.0.1:8000"])
def test_each_link_is_under_the_path_of_the_public_address(
    context: Context, host: str, *, stripped: bool
) -> None:
    client = visitor(context, public_url="https://example.org/veille")
    under = "" if stripped else "/veille"
    door_page = client.get(f"{under}/sources", base_url=host, headers=PAGE)
    assert door_page.location == "/veille/sign-in?next=/veille/sources"
    answer = enter(client, under, base_url=host)
    assert answer.location == "/veille/"
    assert "Path=/veille;" in answer.headers["Set-Cookie"] + ";"
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    outside = []
    for path in ("/sign-in", *PAGES, *MORE_PAGES):
        page = client.get(under + path, base_url=host, headers=PAGE | {"Cookie": cookie})
        links = LINK.findall(page.text)
        assert links or page.status_code in {303, 308}, path
        outside += [f"{path}: {link}" for link in links if not link.startswith("/veille/")]
        if page.location:
            assert page.location.startswith("/veille/"), path
    assert outside == []


@pytest.mark.parametrize("path", PAGES)
def test_at_the_top_no_link_has_a_path(client: FlaskClient, path: str) -> None:
    assert "/veille/" not in LINK.findall(client.get(path).text)


def test_forms_lead_back_under_the_path(context: Context) -> None:
    client = visitor(context, public_url="http://127.0.0.1/veille")
    cookie = enter(client, "/veille").headers["Set-Cookie"].split(";")[0]
    for written in ("/sources", "/veille/sources"):
        answer = client.post(
            "/veille/preferences",
            data={"theme": "dark", "next": written},
            headers=OWN | {"Cookie": cookie},
        )
        assert answer.location == "/veille/sources"
        assert "Path=/veille" in answer.headers["Set-Cookie"]


def test_the_path_alone_is_the_first_page(context: Context) -> None:
    client = visitor(context, public_url="https://example.org/veille")
    assert client.get("/veille", headers=PAGE).location == "/veille/sign-in"
    assert client.get("/veilleurs", headers=PAGE).location.endswith("next=/veille/veilleurs")


@pytest.mark.parametrize(
    ("public_url", "host"),
    [
        ("https://example.org", "example.org"),
        ("https://example.org:8443", "example.org:8443"),
        ("https://example.org:443", "example.org"),
        ("https://[2001:db8::1]", "[2001:db8::1]"),
    ],
)
def test_under_its_public_name_it_knows_that_it_is_encrypted(
    context: Context, public_url: str, host: str
) -> None:
    client = visitor(context, public_url=public_url)
    origin = {"Origin": f"https://{host}"}
    answer = client.post(
        "/sign-in", base_url=f"http://{host}", data={"password": PASSWORD}, headers=origin
    )
    assert answer.status_code == 303
    assert answer.headers["Set-Cookie"].startswith("__Host-veille=")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_https_is_promised_only_where_the_public_address_has_it(context: Context) -> None:
    plain = visitor(context, public_url="http://example.org")
    assert "Strict-Transport-Security" not in plain.get("/sign-in").headers
    over_https = plain.get("/sign-in", base_url="https://localhost")
    assert "Strict-Transport-Security" not in over_https.headers
    near = visitor(context, public_url="https://example.org").get("/sign-in")
    assert "Strict-Transport-Security" not in near.headers


@pytest.mark.parametrize(
    ("host", "asked", "status"),
    [
        ("::1", "[::1]:8000", 200),
        ("127.0.0.1", "[::1]", 200),
        ("127.0.0.1", "[::2]", 400),
        ("192.168.1.7", "192.168.1.7:8000", 200),
        ("192.168.1.7", "192.168.1.8", 400),
        ("nas.lan", "nas.lan", 200),
        ("0.0.0.0", "192.168.1.7", 400),  # noqa: S104 - nothing is bound
        ("2001:db8::1", "[2001:db8::1]:8000", 200),
        ("::", "[::]", 400),
    ],
)
def test_the_name_it_listens_on_is_answered(
    context: Context, host: str, asked: str, status: int
) -> None:
    client = visitor(context, host=host)
    answer = client.get("/sign-in", headers={"Host": asked, "Accept-Language": "en"})
    assert answer.status_code == status
    assert ("VEILLE_TRUSTED_HOSTS" in answer.text) is (status == 400)


LAN = "http://192.168.1.7:8000"


def test_without_encryption_our_own_forms_can_say_where_they_come_from(context: Context) -> None:
    client = visitor(context, host="192.168.1.7")
    page = client.get("/sign-in", base_url=LAN)
    # With no-referrer a browser would say "Origin: null", and nothing else, of our own form.
    assert page.headers["Referrer-Policy"] == "same-origin"
    form = {"password": PASSWORD}
    refused: list[Mapping[str, str]] = [{"Origin": "null"}, {"Origin": "http://192.168.1.8"}]
    for headers in refused:
        answer = client.post("/sign-in", base_url=LAN, data=form, headers=dict(headers))
        assert answer.status_code == 403
    answer = client.post("/sign-in", base_url=LAN, data=form, headers={"Origin": LAN})
    assert answer.status_code == 303


@pytest.mark.parametrize("base_url", ["http://localhost", "http://[::1]:8000", "https://nas.lan"])
def test_elsewhere_no_site_is_told_anything(context: Context, base_url: str) -> None:
    headers = visitor(context, host="nas.lan").get("/sign-in", base_url=base_url).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_part_of_a_page_under_a_path_leads_to_the_door_under_it(context: Context) -> None:
    client = visitor(context, public_url="https://example.org/veille")
    asked = HTMX | {"HX-Current-URL": "https://example.org/veille/sources"}
    answer = client.get("/veille/sources", base_url="https://example.org", headers=asked)
    assert answer.headers["HX-Redirect"] == "/veille/sign-in?next=/veille/sources"
