"""The dashboard speaks French wherever a person reads it."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from aggregator.domain.conversations.inbox import Queue
from aggregator.services.context import Context
from aggregator.translations import FOLDER
from aggregator.web.sources.amounts import every
from tests.conversations import fresh, golden, put
from tests.web.conftest import HTMX, OWN
from tests.web.world import NOW, entry_id

NO_BREAK = "\u00a0"


@pytest.fixture
def french(client: FlaskClient) -> FlaskClient:
    client.post("/preferences", data={"language": "fr"}, headers=OWN)
    return client


@pytest.fixture(scope="session")
def english() -> list[str]:
    """List the English sentences that have no place to fill and are other words in French."""
    with Path(FOLDER, "fr", "LC_MESSAGES", "messages.po").open("rb") as source:
        catalogue = read_po(source, locale="fr")
    return [
        str(message.id)
        for message in catalogue
        if not message.pluralizable and re.fullmatch(r"\w+ [^%`]+", str(message.id))
    ]


def words(page: str) -> str:
    """Take what a person reads or hears out of a page."""
    labels = re.findall(r'(?:title|aria-label|placeholder|data-[a-z-]+)="([^"]*)"', page)
    texts = re.sub(r"<[^>]*>", "\n", page)
    return html.unescape("\n".join([*labels, texts]))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/pages/blogs",
        "/entries/1",
        "/search?q=billet",
        "/search?q=zzz",
        "/sources",
        "/sources?show=no-purpose",
        "/sources/1",
        "/sources/3",
        "/sources/1/retire",
        "/read",
        "/read?show=all&order=one-per-source",
        "/read/kept",
        "/read/source/1",
        "/add",
        "/settings",
        "/help",
        "/palette",
    ],
)
def test_no_english_is_left_on_a_page(french: FlaskClient, english: list[str], path: str) -> None:
    answer = french.get(path)
    said = words(answer.text)
    assert answer.status_code == 200
    assert '<html lang="fr"' in answer.text
    assert "Tableau de bord" in said
    assert [sentence for sentence in english if sentence in said] == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/entries/{entry}",
        "/threads/1",
        "/comments?age=late&question=1",
        *(f"/comments?queue={queue}" for queue in Queue),
        "/comments/1/parent",
        "/comments/figures?period=all",
        "/comments/figures?period=7d",
        "/search?q=netvibes&kind=comment",
        "/search?q=est:répondre",
    ],
)
def test_no_english_is_left_around_comments(
    french: FlaskClient, context: Context, english: list[str], path: str
) -> None:
    entry = entry_id(context, "Quantité ou qualité ?")
    put(context, entry, (*golden(), *fresh(NOW)))
    answer = french.get(path.format(entry=entry))
    assert answer.status_code == 200
    said = words(answer.text)
    assert [sentence for sentence in english if sentence in said] == []


def test_the_queues_bear_their_french_names(french: FlaskClient, context: Context) -> None:
    put(context, entry_id(context, "Quantité ou qualité ?"), fresh(NOW))
    queues = french.get("/comments").text.partition('id="queues"')[2].partition("</nav>")[0]
    assert re.findall("<span>([^<]+)</span>", queues) == [
        "À répondre",
        "J’attends une réponse",
        "Envoyés, à confirmer",
        "Répondus",
        "Classés",
        "Reportés",
        "Rétroliens",
        "Masqués",
    ]


def test_the_title_and_the_rail_are_french(french: FlaskClient) -> None:
    page = french.get("/search?q=billet").text
    assert f"<title>Recherche{NO_BREAK}: billet · Veille</title>" in page
    rail = words(page.partition('class="rail"')[2].partition("</nav>")[0]).split("\n")
    assert {"Tableau de bord", "Chercher", "Sources", "Exporter en OPML"} <= set(rail)


def test_a_source_in_error_is_told_in_french(french: FlaskClient) -> None:
    said = words(french.get("/").text)
    assert "Le flux n’est plus à cette adresse (404)" in said
    told = " ".join(said.split("\n")).replace("  ", " ")
    assert "en erreur depuis le 23 nov." in told
    assert "dernier relevé réussi le 22 nov." in told
    assert f"prochain essai dans 6{NO_BREAK}h" in told


def test_times_and_counts_agree_with_their_numbers(french: FlaskClient) -> None:
    said = words(french.get("/pages/blogs").text)
    assert f"1{NO_BREAK}non lu\n" in said
    assert f"il y a 4{NO_BREAK}min" in said
    assert re.search(rf"\d\d{NO_BREAK}non lus\n", words(french.get("/").text))


def test_an_error_page_is_french(french: FlaskClient) -> None:
    answer = french.get("/pages/nulle-part")
    assert answer.status_code == 404
    assert "<title>Il n’y a rien ici · Veille</title>" in answer.text
    assert "Cette page n’existe pas." in answer.text
    assert "Retour au tableau de bord" in answer.text


def test_a_refusal_is_french(french: FlaskClient) -> None:
    answer = french.post("/entries/1/read", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Cette demande vient d’un autre site" in answer.text


def test_a_toast_is_french_for_one_and_for_many(french: FlaskClient) -> None:
    one = french.post("/entries/1/read", headers=HTMX).text
    assert "Marqué comme lu." in one
    assert "Annuler" in one
    many = french.post("/pages/veille/read", data={"upto": "100"}, headers=HTMX).text
    assert re.search(rf"\d\d{NO_BREAK}articles marqués comme lus\.", many)


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(seconds=20), "plusieurs fois par minute"),
        (timedelta(minutes=15), "toutes les 15 min"),
        (timedelta(minutes=70), "toutes les heures"),
        (timedelta(hours=30), "toutes les 30 h"),
        (timedelta(days=9), "tous les 9 jours"),
        (timedelta(days=30), "toutes les 4 semaines"),
        (timedelta(days=120), "tous les 4 mois"),
    ],
)
def test_how_often_agrees_with_the_unit(app: Flask, gap: timedelta, said: str) -> None:
    with app.test_request_context("/", headers={"Cookie": "language=fr"}):
        assert every(gap).replace(NO_BREAK, " ") == said


def test_a_number_in_a_sentence_is_written_as_the_language_does(app: Flask) -> None:
    sentence = "{{ ngettext('%(num)s unread', '%(num)s unread', 12345) }}"
    with app.test_request_context("/", headers={"Cookie": "language=fr"}):
        said = app.jinja_env.from_string(sentence).render()
    assert said == f"12\u202f345{NO_BREAK}non lus"
