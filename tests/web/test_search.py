import pytest
from flask.testing import FlaskClient

from aggregator.web import search


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
