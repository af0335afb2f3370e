"""`/comments/figures`: the page, the lists behind its numbers, and CSV."""

import csv
import re
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from flask.testing import FlaskClient

from aggregator.services.context import Context
from aggregator.web.conversations import figures
from tests.conversations import MINE_URL, comment, golden, put
from tests.web.conftest import OWN
from tests.web.world import NOW, entry_id

GOLDEN = "/comments/figures?from=2010-09-17&to=2010-09-19"


@pytest.fixture
def discussed(context: Context) -> Context:
    """Have the golden case, and two comments of these days, one answered."""
    put(context, entry_id(context, "Quantité ou qualité ?"), golden())
    put(
        context,
        entry_id(context, "Billet 3"),
        (
            comment("n1", author="=HYPERLINK(1)", at=NOW - timedelta(days=1), text="+33 6"),
            comment("n2", author="Erick; fils", at=NOW - timedelta(days=2), text="Deux\nlignes"),
            comment(
                "n3",
                author="CWM",
                url=MINE_URL,
                at=NOW - timedelta(days=2) + timedelta(hours=3),
                in_reply_to=("n2",),
            ),
        ),
    )
    return context


def tile(page: str, name: str) -> str:
    found = re.search(rf'id="tile-{name}".*?tile-value">([^<]*)<', page)
    assert found, name
    return unescape(found[1])


@pytest.mark.usefixtures("discussed")
def test_the_golden_case_is_told_exactly(client: FlaskClient) -> None:
    page = client.get(GOLDEN).text
    assert tile(page, "received") == tile(page, "answered") == "5"
    assert tile(page, "rate") == "100%"
    assert tile(page, "delay") == "2 h 52"
    assert "10 h 46" in page
    assert "4 h 40" in page
    assert "2 h 20" in page
    assert "4 answers out of hours" in page


@pytest.mark.usefixtures("discussed")
def test_each_link_opens_a_list_as_long_as_its_number(client: FlaskClient) -> None:
    page = client.get("/comments/figures?period=12m").text
    linked = re.findall(r'<a[^>]*href="([^"]*figures/list[^"]*)"[^>]*>(\d+)</a>', page)
    linked += re.findall(
        r'href="([^"]*figures/list[^"]*)"[^>]*><span class="tile-name">(?:Received|Answered)'
        r'</span><span class="tile-value">(\d+)<',
        page,
    )
    assert len(linked) > 8
    for address, number in linked:
        behind = client.get(unescape(address)).text
        assert f'data-count="{number}"' in behind, address
        assert behind.count('<li class="result"') == int(number)


@pytest.mark.usefixtures("discussed")
def test_each_bar_opens_a_list_and_says_what_it_shows(client: FlaskClient) -> None:
    page = client.get("/comments/figures?period=7d").text
    bars = re.findall(
        r'class="chart-link" href="([^"]*)" title="[^"]*" aria-label="([^"]*)"', page
    )
    assert len(bars) >= 4
    for address, spoken in bars:
        counts = re.search(r": (\d+) received, (\d+) answered", spoken)
        assert counts, spoken
        of_answers = "what=answered" in address
        number = counts[2] if of_answers else counts[1]
        assert f'data-count="{number}"' in client.get(unescape(address)).text


@pytest.mark.usefixtures("discussed")
def test_a_list_leads_to_each_comment_and_goes_on(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/comments/figures/list?what=received&from=2010-09-17&to=2010-09-19"
    page = client.get(path).text
    assert re.search(r'href="/entries/\d+\?comment=(\d+)#comment-\1"', page)
    assert "answered after 10 h 46, out of hours" in page
    assert "answered after 2 h 20, 2 h 20 in office hours" in page
    monkeypatch.setattr(figures, "LINES", 3)
    first = client.get(path).text
    further = re.search(r'id="behind-more" href="([^"]*)"', first)
    assert further
    second = client.get(unescape(further[1])).text
    ids = re.findall(r'id="behind-(\d+)"', first) + re.findall(r'id="behind-(\d+)"', second)
    assert len(ids) == len(set(ids)) == 5
    assert 'id="behind-more"' not in second


def test_an_empty_period_says_so(client: FlaskClient) -> None:
    page = client.get("/comments/figures?period=7d").text
    assert "No comment that expects an answer came in this period." in page
    assert 'class="tile"' not in page
    assert "There is nothing here" in client.get("/comments/figures/list").text


@pytest.mark.usefixtures("discussed")
def test_differences_are_said_in_words(client: FlaskClient) -> None:
    page = client.get("/comments/figures?period=30d").text
    assert "0 before · 2 more" in page
    assert "is-good" not in page


@pytest.mark.usefixtures("discussed")
def test_without_htmx_and_with_it_the_page_is_the_same(client: FlaskClient) -> None:
    plain = client.get(GOLDEN)
    assert plain.status_code == 200
    assert client.get(GOLDEN, headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/comments/figures?period=never",
        "/comments/figures?from=yesterday",
        "/comments/figures?source=x",
        "/comments/figures/list?what=nothing",
        "/comments/figures/list?hour=24",
        "/comments/figures/list?weekday=7",
        "/comments/figures/list?begin=-1",
        "/comments/figures.csv?table=everything",
    ],
)
def test_what_makes_no_sense_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "from=0001-01-01&to=9999-12-31",
        "from=2026-11-25&to=2026-11-01",
        "source=999",
        "to=2020-01-01",
    ],
)
@pytest.mark.usefixtures("discussed")
def test_odd_periods_and_unknown_sources_break_nothing(client: FlaskClient, query: str) -> None:
    for path in ("/comments/figures", "/comments/figures/list", "/comments/figures.csv"):
        assert client.get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize("path", ["", "/list", ".csv"])
def test_figures_are_only_asked(client: FlaskClient, path: str) -> None:
    assert client.post(f"/comments/figures{path}", headers=OWN).status_code == 405


def rows(client: FlaskClient, query: str, delimiter: str = ",") -> list[list[str]]:
    answer = client.get(f"/comments/figures.csv?{query}")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.usefixtures("discussed")
def test_csv_has_a_line_for_each_comment(client: FlaskClient) -> None:
    heading, *found = rows(client, "from=2010-09-17&to=2010-09-19")
    assert heading[0] == "Received (Europe/Paris)"
    assert [line[7] for line in found] == ["172", "368", "646", "74", "140"]
    assert [line[8] for line in found] == ["0", "0", "0", "0", "140"]
    assert found[-1][:4] == [
        "2010-09-17 15:10",
        "Le blog de CWM",
        "Quantité ou qualité ?",
        "Magalie",
    ]
    assert found[-1][6] == "2010-09-17 17:30"


@pytest.mark.usefixtures("discussed")
def test_no_cell_of_csv_is_a_formula(client: FlaskClient) -> None:
    _, first, second = rows(client, "period=7d")
    assert first[3:5] == ["'=HYPERLINK(1)", "'+33 6"]
    assert second[3:5] == ["Erick; fils", "Deux\nlignes"]
    for line in (first, second):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)


@pytest.mark.usefixtures("discussed")
def test_csv_in_french_is_cut_by_semicolons(client: FlaskClient) -> None:
    client.set_cookie("language", "fr")
    _, first, second = rows(client, "period=7d", delimiter=";")
    assert (first[3], second[3]) == ("'=HYPERLINK(1)", "Erick; fils")


@pytest.mark.usefixtures("discussed")
def test_each_chart_has_its_csv(client: FlaskClient) -> None:
    by_day = rows(client, "period=7d&table=time")
    assert by_day[0] == ["When", "Received", "Answered", "Median delay (min)"]
    assert ["2026-11-23", "1", "1", "180"] in by_day
    assert len(by_day) == 8
    assert rows(client, "period=7d&table=source")[1] == ["Le blog de CWM", "2", "1", "180"]
    assert len(rows(client, "period=7d&table=hour")) == 25
    assert rows(client, "period=7d&table=weekday")[1][0] == "Monday"


@pytest.mark.usefixtures("discussed")
def test_durations_and_shares_are_french_in_french(client: FlaskClient) -> None:
    client.set_cookie("language", "fr")
    page = client.get(GOLDEN).text
    assert re.fullmatch(r"100[\xa0\u202f]%", tile(page, "rate"))
    assert re.fullmatch(r"2[ \xa0\u202f]h[ \xa0\u202f]52", tile(page, "delay"))
