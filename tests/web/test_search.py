import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from aggregator.services.context import Context
from aggregator.storage import tables
from aggregator.web import search
from tests.conversations import comment, fresh, put
from tests.web.world import NOW, entry_id, set_source


def test_words_are_found_and_marked(client: FlaskClient) -> None:
    page = client.get("/search?q=Magalie").text
    assert "Trois huiles pour l’hiver" in page
    assert "<mark>Magalie</mark>" in page


def test_the_words_stay_in_the_box_as_text(client: FlaskClient) -> None:
    page = client.get("/search?q=%22%3E%3Cscript%3E").text
    assert "<script>" not in page.partition("</head>")[2]


def test_without_words_it_is_said_what_is_searched(client: FlaskClient) -> None:
    page = client.get("/search").text
    assert "Titles and texts of all entries are searched" in page


def test_nothing_found_is_said(client: FlaskClient) -> None:
    assert "No entry holds all these words." in client.get("/search?q=introuvable").text


def test_older_results_are_a_link_away(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RESULTS", 10)
    page = client.get("/search?q=moins").text
    older = page[page.index("/search?q=moins&amp;before=") :].split('"')[0].replace("&amp;", "&")
    found = client.get(older).text
    assert found.count('class="result') - found.count('class="results') == 5


@pytest.mark.parametrize("before", ["abc", "-1", "9" * 19, "9" * 40])
def test_a_place_to_go_on_from_that_makes_no_sense_is_refused(
    client: FlaskClient, before: str
) -> None:
    assert client.get(f"/search?q=moins&before={before}").status_code == 400


@pytest.mark.parametrize("words", ['"', "*", "AND OR", "(", "-", "a" * 5000, "\x00", "été:*"])
def test_odd_words_break_nothing(client: FlaskClient, words: str) -> None:
    assert client.get("/search", query_string={"q": words}).status_code == 200


def test_search_is_only_asked(client: FlaskClient) -> None:
    assert client.post("/search", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405


@pytest.fixture
def discussed(context: Context) -> Context:
    """Have comments, one of them hidden, one kept, one labelled."""
    put(
        context,
        entry_id(context, "Billet 3"),
        (
            *fresh(NOW),
            comment("g1", author="Netvibes", at=NOW - timedelta(days=9), text="Moins, oui !"),
            comment("g2", author="Erick", at=NOW - timedelta(days=8), text="Un secret."),
        ),
    )
    found = tables.comments.c
    with context.database.write() as session:
        for key, values in (
            ("g2", {"hidden": True, "state": "hidden"}),
            ("f1", {"starred": True}),
        ):
            session.execute(update(tables.comments).where(found.key == key).values(**values))
        session.execute(insert(tables.labels).values(id=1, name="Revue de presse"))
        chosen = tables.comments.select().where(found.key == "f4")
        session.execute(
            insert(tables.comment_labels).values(
                comment_id=session.execute(chosen).one().id, label_id=1
            )
        )
    return context


def found_comments(client: FlaskClient, words: str, **query: str) -> list[str]:
    """Give the authors of the comments that a search shows."""
    page = client.get("/search", query_string={"q": words, **query}).text
    return re.findall(r'id="found-\d+">\s*<h2><a[^>]*><bdi>([^<]*)<', page)


def counts(client: FlaskClient, words: str) -> list[str]:
    page = client.get("/search", query_string={"q": words}).text
    return re.findall(r'id="found-(?:entries|comments)".*?tab-count">([^<]*)<', page)


@pytest.mark.usefixtures("discussed")
def test_comments_stand_beside_entries_with_their_counts(client: FlaskClient) -> None:
    assert counts(client, "moins") == ["15", "1"]
    assert "Mieux vaut" in client.get("/search?q=moins").text
    assert found_comments(client, "moins") == []
    assert found_comments(client, "moins", kind="comment") == ["Netvibes"]


@pytest.mark.usefixtures("discussed")
def test_comments_are_shown_where_no_entry_is_found(client: FlaskClient) -> None:
    assert counts(client, "samedi") == ["0", "1"]
    assert found_comments(client, "samedi") == ["Magalie"]
    assert found_comments(client, "samedi", kind="entry") == []


@pytest.mark.usefixtures("discussed")
def test_a_found_comment_is_marked_says_that_it_waits_and_leads_to_it(
    client: FlaskClient,
) -> None:
    page = client.get("/search?q=samedi").text
    assert "<mark>samedi</mark>" in page
    assert "waits for an answer" in page
    assert re.search(r'href="/entries/\d+\?comment=(\d+)#comment-\1"', page)


@pytest.mark.usefixtures("discussed")
def test_people_are_found_by_their_names(client: FlaskClient) -> None:
    assert found_comments(client, "netvibes", kind="comment") == ["Netvibes"]


@pytest.mark.usefixtures("discussed")
def test_what_is_hidden_is_not_found(client: FlaskClient) -> None:
    assert found_comments(client, "secret", kind="comment") == []


def test_comments_of_a_source_that_left_are_not_found(
    client: FlaskClient, discussed: Context
) -> None:
    set_source(discussed, "Le blog de CWM", listed=False)
    assert found_comments(client, "samedi", kind="comment") == []


@pytest.mark.parametrize(
    ("typed", "authors"),
    [
        ("is:kept", ["Magalie"]),
        ("EST:gardé", ["Magalie"]),
        ("is:waiting bravo", ["Philippe B"]),
        ("bravo est:répondre", ["Philippe B"]),
        ('label:"revue de presse"', ["Philippe B"]),
        ('étiquette:"Revue de presse" is:waiting', ["Philippe B"]),
        ("label:presse", []),
        ("is:kept bravo", []),
        ("is:kept label:none", []),
        ('is:kept "', []),
    ],
)
@pytest.mark.usefixtures("discussed")
def test_labels_and_states_choose_among_comments(
    client: FlaskClient, typed: str, authors: list[str]
) -> None:
    assert found_comments(client, typed) == authors


@pytest.mark.usefixtures("discussed")
def test_what_is_no_filter_stays_a_word(client: FlaskClient) -> None:
    assert counts(client, "is:strange") == ["0", "0"]
    assert "No entry holds all these words." in client.get("/search?q=is:strange").text


@pytest.mark.usefixtures("discussed")
def test_older_comments_are_a_link_away(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = found_comments(client, "is:waiting")
    assert len(everything) > 3
    monkeypatch.setattr(search, "RESULTS", 2)
    seen: list[str] = []
    address: str | None = "/search?q=is:waiting"
    while address:
        page = client.get(address).text
        seen += re.findall(r'id="found-\d+">\s*<h2><a[^>]*><bdi>([^<]*)<', page)
        older = re.search(r'href="([^"]*before=\d+)"', page)
        address = unescape(older[1]) if older else None
    assert seen == everything


def test_an_unknown_kind_is_refused(client: FlaskClient) -> None:
    assert client.get("/search?q=moins&kind=person").status_code == 400


def test_the_help_tells_what_can_be_asked(client: FlaskClient) -> None:
    page = client.get("/search").text
    for written in ("is:waiting", "is:kept", "label:press"):
        assert f"<code>{written}</code>" in page


@pytest.mark.usefixtures("discussed")
def test_kept_comments_stand_with_what_is_kept(client: FlaskClient) -> None:
    page = client.get("/read/kept").text
    kept = page[page.index('id="kept-comments"') :]
    assert "1 kept comment" in kept
    assert re.search(r'id="kept-comment-(\d+)"><a href="[^"]*comment=\1#comment-\1"', kept)
    assert "Et le samedi soir ?" in kept
    counted = re.search(r'id="count-kept"[^>]*>([^<]*)<', page)
    assert counted
    assert counted[1].strip() == "1"


def test_without_kept_comments_nothing_is_said_of_them(client: FlaskClient) -> None:
    assert 'id="kept-comments"' not in client.get("/read/kept").text
