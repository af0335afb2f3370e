"""Sharing an entry: plain links that carry no more than its title and its bare address."""

from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from aggregator.services.context import Context
from aggregator.web import shares
from tests.web.articles import publish
from tests.web.conftest import HTMX, OWN

TITLE = "Thé & café : 100 % « bio » ?"
URL = "https://cwm.example.org/thé?id=3&utm_source=rss#partie"
BARE = "https://cwm.example.org/thé?id=3#partie"


@pytest.fixture
def path(context: Context) -> str:
    return f"/entries/{publish(context, title=TITLE, url=URL)}"


def link(client: FlaskClient, path: str, target: str) -> str:
    """Give the address of one target of the menu."""
    menu = client.get(path, headers=HTMX).text
    start = menu.index(f'id="share-{target}-')
    return unescape(menu[start:].split('href="', 1)[1].split('"', 1)[0])


def test_a_mail_is_begun_with_the_title_and_the_bare_address(
    client: FlaskClient, path: str
) -> None:
    mail = link(client, path, "mail")
    assert mail.startswith("mailto:?subject=Th%C3%A9%20%26%20caf%C3%A9")
    said = parse_qs(urlsplit(mail).query, strict_parsing=True)
    assert said == {"subject": [TITLE], "body": [f"{TITLE}\r\n\r\n{BARE}"]}


@pytest.mark.parametrize(
    ("target", "field", "words"),
    [
        ("bluesky", "text", f"{TITLE}\n{BARE}"),
        ("linkedin", "url", BARE),
        ("facebook", "u", BARE),
        ("x", "url", BARE),
        ("x", "text", TITLE),
    ],
)
def test_each_network_is_given_the_words_whole(
    client: FlaskClient, path: str, target: str, field: str, words: str
) -> None:
    assert parse_qs(urlsplit(link(client, path, target)).query)[field] == [words]


def test_mastodon_is_asked_through_its_own_chooser_until_ones_server_is_known(
    client: FlaskClient, path: str
) -> None:
    fragment = urlsplit(link(client, path, "mastodon"))
    assert fragment.netloc == "share.joinmastodon.org"
    assert unquote(fragment.fragment) == f"text={TITLE}\n{BARE}"


def test_ones_mastodon_server_is_remembered_without_htmx(client: FlaskClient, path: str) -> None:
    answer = client.post(
        f"{path}/mastodon", data={"server": "@cwm@Mamot.fr", "next": path}, headers=OWN
    )
    assert (answer.status_code, answer.location) == (303, path)
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    share = urlsplit(link(client, path, "mastodon"))
    assert (share.netloc, share.path) == ("mamot.fr", "/share")
    assert parse_qs(share.query) == {"text": [f"{TITLE}\n{BARE}"]}


def test_ones_mastodon_server_is_remembered_with_htmx_and_the_menu_stays_open(
    client: FlaskClient, path: str
) -> None:
    answer = client.post(f"{path}/mastodon", data={"server": "mamot.fr"}, headers=HTMX)
    assert answer.text.startswith('<details class="menu share"')
    assert " open>" in answer.text
    assert "https://mamot.fr/share?text=" in answer.text


def test_an_empty_server_is_forgotten(client: FlaskClient, path: str) -> None:
    client.post(f"{path}/mastodon", data={"server": "mamot.fr"}, headers=OWN)
    client.post(f"{path}/mastodon", data={"server": " "}, headers=OWN)
    assert client.get_cookie(shares.COOKIE) is None


def test_what_is_no_server_is_refused_in_words(client: FlaskClient, path: str) -> None:
    answer = client.post(f"{path}/mastodon", data={"server": "<b>mamot"}, headers=OWN)
    assert answer.status_code == 400
    assert "&lt;b&gt;mamot is not the name of a server" in answer.text
    assert client.get_cookie(shares.COOKIE) is None


def test_a_cookie_that_is_no_server_is_ignored(client: FlaskClient, path: str) -> None:
    client.set_cookie(shares.COOKIE, "evil.example/x?")
    assert link(client, path, "mastodon").startswith("https://evil.example/share?")
    client.set_cookie(shares.COOKIE, "javascript:alert(1)")
    assert link(client, path, "mastodon").startswith("https://share.joinmastodon.org/")


def test_a_server_is_not_remembered_for_no_entry_nor_by_a_visit(
    client: FlaskClient, path: str
) -> None:
    gone = client.post("/entries/999/mastodon", data={"server": "mamot.fr"}, headers=OWN)
    assert gone.status_code == 404
    assert client.get(f"{path}/mastodon").status_code == 405


def test_after_it_is_remembered_one_never_lands_elsewhere(client: FlaskClient, path: str) -> None:
    data = {"server": "mamot.fr", "next": "https://evil.example"}
    assert client.post(f"{path}/mastodon", data=data, headers=OWN).location == path


def test_without_an_address_there_is_nothing_to_share(
    client: FlaskClient, context: Context
) -> None:
    entry = publish(context, url=None)
    assert 'class="menu share"' not in client.get(f"/entries/{entry}", headers=HTMX).text


def test_the_links_open_elsewhere_and_tell_nobody_whence(client: FlaskClient, path: str) -> None:
    menu = client.get(path, headers=HTMX).text
    for target in shares.TARGETS:
        tag = menu[menu.index(f'id="share-{target.id}-') :].split(">", 1)[0]
        assert 'rel="noopener noreferrer"' in tag
        assert ('target="_blank"' in tag) == (target.id != "mail")


def test_without_javascript_the_address_can_be_copied_by_hand(
    client: FlaskClient, path: str
) -> None:
    assert f'value="{BARE}" readonly' in unescape(client.get(path, headers=HTMX).text)
