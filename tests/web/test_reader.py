"""The reader's addresses: lists, pieces, the panel, marks, and what stays fresh."""

import re

import pytest
from flask.testing import FlaskClient

from aggregator.domain.boards import Act
from aggregator.services import lists, reading
from aggregator.services.context import Context
from tests.web.conftest import HTMX, OWN
from tests.web.world import entry_id

POST = "Quantité ou qualité ?"
LISTS = ("/read", "/read/page/veille", "/read/source/1", "/read/kept")


def lines(page: str) -> list[str]:
    return re.findall(
        r'class="row-title"[^>]*>([^<]*)<', page.replace("\N{NO-BREAK SPACE}?", " ?")
    )


def seen(page: str, kind: str) -> str:
    """Find what a part of a kind says that it shows."""
    found: list[str] = re.findall(f'name="seen" value="({kind}[.][^"]*)"', page)
    return found[0]


@pytest.mark.parametrize("path", LISTS)
def test_each_list_has_its_address(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert 'aria-current="page"' in answer.text
    assert "Choose an entry" in answer.text


def test_the_unread_of_all_pages_come_the_newest_first(client: FlaskClient) -> None:
    page = client.get("/read").text
    assert len(lines(page)) == 14
    assert lines(page)[0] in {POST, "Mon outil préféré sur le web", "Les gagnants de septembre"}
    assert "Un secret de concurrent" not in page
    assert "Concurrents" not in page


def test_a_page_and_a_source_hold_their_own(client: FlaskClient) -> None:
    assert lines(client.get("/read/page/blogs").text) == ["Mon outil préféré sur le web"]
    assert lines(client.get("/read/source/1").text)[0] == POST
    assert len(lines(client.get("/read/source/1").text)) == 10


def test_unread_or_all_in_an_order(client: FlaskClient, context: Context) -> None:
    reading.act(context, Act.READ, [entry_id(context, POST)])
    assert POST not in client.get("/read/source/1").text
    assert lines(client.get("/read/source/1?show=all").text)[0] == POST
    assert lines(client.get("/read/source/1?show=all&order=oldest").text)[-1] == POST
    assert len(lines(client.get("/read?order=one-per-source").text)) == 4


def test_the_way_to_show_goes_with_every_link_of_a_list(client: FlaskClient) -> None:
    page = client.get("/read/page/veille?show=all&order=oldest").text
    assert 'href="/read/page/veille?show=all&amp;order=oldest&amp;entry=' in page
    assert 'href="/read/page/veille?order=oldest"' in page
    assert 'href="/read/page/veille?show=all"' in page


def test_an_entry_opens_in_its_pane_and_stays_unread(
    client: FlaskClient, context: Context
) -> None:
    number = entry_id(context, POST)
    page = client.get(f"/read/page/veille?entry={number}").text
    assert "Mieux vaut <strong>moins</strong>." in page
    assert page.count('id="panel"') == 1
    assert f'id="open-{number}" aria-current="true"' in page
    assert 'data-close href="/read/page/veille"' in page
    part = client.get(f"/read/page/veille?entry={number}", headers=HTMX).text
    assert part.lstrip().startswith('<aside class="panel" id="panel"')
    assert not reading.article(context, number).row.read


def test_the_line_of_an_open_entry_stays_though_it_was_read(
    client: FlaskClient, context: Context
) -> None:
    number = entry_id(context, POST)
    reading.act(context, Act.READ, [number])
    assert f'id="entry-{number}"' in client.get(f"/read?entry={number}").text
    assert f'id="entry-{number}"' in client.get(f"/read?at={number}").text
    assert f'id="entry-{number}"' not in client.get("/read").text


def test_a_long_list_goes_on_by_a_link_and_as_a_part(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PIECE", 5)
    first = client.get("/read").text
    assert len(lines(first)) == 5
    further = re.findall(r'id="go-on" href="([^"]*)"', first)[0]
    second = client.get(further).text
    assert "<html" in second
    part = client.get(further, headers=HTMX).text
    assert part.lstrip().startswith('<div class="piece"')
    assert lines(part) == lines(second)
    assert not {*lines(first)} & {*lines(part)}


def test_a_list_that_begins_further_down_leads_to_its_top(
    client: FlaskClient, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PIECE", 5)
    monkeypatch.setattr(lists, "ABOVE", 1)
    page = client.get(f"/read/source/1?at={entry_id(context, 'Billet 2')}").text
    assert lines(page) == ["Billet 3", "Billet 2", "Billet 1"]
    assert "From the top of the list" in page


def test_a_list_is_shown_again_as_a_part(client: FlaskClient) -> None:
    part = client.get("/read/page/blogs", headers=HTMX).text
    assert part.lstrip().startswith('<section class="reader-list" id="list"')


def test_what_is_empty_is_said_with_a_way_on(client: FlaskClient, context: Context) -> None:
    assert "Nothing is kept yet." in client.get("/read/kept").text
    assert "There is no entry yet" in client.get("/read/source/4?show=all").text
    reading.act(context, Act.READ, [entry_id(context, "Mon outil préféré sur le web")])
    page = client.get("/read/page/blogs").text
    assert "All is read." in page
    assert 'href="/read/page/blogs?show=all"' in page


def test_titles_are_words_and_never_markup(client: FlaskClient) -> None:
    page = client.get("/read").text
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page


def test_an_excerpt_stands_below_the_title_by_choice(client: FlaskClient) -> None:
    assert "row-excerpt" not in client.get("/read").text
    client.set_cookie("excerpts", "on")
    assert "Mieux vaut moins, dit Magalie." in client.get("/read").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/read/page/nowhere", 404),
        ("/read/page/concurrents", 404),
        ("/read/source/6", 404),
        ("/read/source/99", 404),
        ("/read/source/x", 404),
        ("/read?entry=9999", 404),
        ("/read?entry=x", 404),
        ("/read?at=x", 404),
        ("/read?at=9999", 200),
        ("/read?before=x", 400),
        ("/read?show=some", 400),
        ("/read?order=best", 400),
        ("/read/page/nowhere/sources", 404),
    ],
)
def test_what_does_not_exist_is_said(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize("path", [f"{path}/mark" for path in LISTS] + ["/entries/read"])
def test_nothing_is_marked_by_get(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in {404, 405}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_only_read(client: FlaskClient, path: str) -> None:
    assert client.post(path, headers=OWN).status_code == 405


def test_the_sources_of_a_folded_page_come_when_it_opens(client: FlaskClient) -> None:
    page = client.get("/read/page/veille").text
    assert "Le blog de CWM" in page
    assert 'href="/read/source/5"' not in page
    part = client.get("/read/page/blogs/sources", headers=HTMX).text
    assert 'href="/read/source/5"' in part


def marked(client: FlaskClient, path: str, **fields: object) -> str:
    answer = client.post(path, data={"upto": 999, **fields}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["HX-Trigger-After-Swap"] == "changed"
    return answer.text


def test_a_whole_list_is_marked_with_a_way_back(client: FlaskClient) -> None:
    toast = marked(client, "/read/source/1/mark")
    assert "10 entries marked as read." in toast
    assert 'id="undo"' in toast
    assert "3 entries marked as read." in marked(client, "/read/page/veille/mark")
    assert "Marked as read." in marked(client, "/read/mark")


def test_kept_entries_are_marked(client: FlaskClient, context: Context) -> None:
    reading.act(context, Act.STAR, [entry_id(context, POST)])
    assert "Marked as read." in marked(client, "/read/kept/mark")


def test_a_list_is_marked_down_to_an_entry_in_its_order(
    client: FlaskClient, context: Context
) -> None:
    here = entry_id(context, "Billet 8")
    assert "3 entries marked" in marked(client, "/read/source/1/mark", to=here)
    assert "7 entries marked" in marked(client, "/read/source/1/mark", to=here, order="oldest")


def test_what_is_older_than_a_day_is_marked(client: FlaskClient) -> None:
    assert "2 entries marked" in marked(client, "/read/source/1/mark", older="day")


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"to": "x"}, 400), ({"to": 9999}, 404), ({"older": "year"}, 400), ({"order": "best"}, 400)],
)
def test_a_strange_mark_changes_nothing(
    client: FlaskClient, context: Context, fields: dict[str, object], status: int
) -> None:
    answer = client.post("/read/source/1/mark", data={"upto": 999, **fields}, headers=OWN)
    assert answer.status_code == status
    assert not reading.article(context, entry_id(context, POST)).row.read


def test_without_htmx_a_mark_leads_back_to_the_list(client: FlaskClient) -> None:
    answer = client.post(
        "/read/page/veille/mark", data={"upto": 999, "show": "all", "next": ""}, headers=OWN
    )
    assert answer.status_code == 303
    assert answer.location == "/read/page/veille?show=all"
    assert "13 entries marked as read." in client.get(answer.location).text


def test_what_is_scrolled_past_is_marked_as_one_act(client: FlaskClient, context: Context) -> None:
    ids = [entry_id(context, POST), entry_id(context, "Billet 9")]
    toast = client.post("/entries/read", data={"id": ids}, headers=HTMX).text
    assert "2 entries marked as read." in toast
    undo = re.findall(r'action="(/undo/\d+)"', toast)[0]
    client.post(undo, headers=HTMX)
    assert not reading.article(context, ids[0]).row.read


@pytest.mark.parametrize("data", [{}, {"id": "x"}])
def test_nothing_scrolled_is_no_act(client: FlaskClient, data: dict[str, str]) -> None:
    assert client.post("/entries/read", data=data, headers=HTMX).status_code == 400


def changes(client: FlaskClient, *fields: str) -> str | None:
    answer = client.get("/changes", query_string={"seen": list(fields)}, headers=HTMX)
    return None if answer.status_code == 204 else answer.text


KINDS = ("counts", "leaves", "lines", "news")


def test_what_is_as_it_was_is_not_sent(client: FlaskClient) -> None:
    page = client.get("/read/page/veille").text
    assert changes(client, *(seen(page, kind) for kind in KINDS)) is None


def test_counts_and_lines_move_and_no_line_comes_or_goes(
    client: FlaskClient, context: Context
) -> None:
    page = client.get("/read/page/veille").text
    number = entry_id(context, POST)
    reading.act(context, Act.READ, [number])
    sent = changes(client, *(seen(page, kind) for kind in KINDS))
    assert sent is not None
    assert 'id="count-list"' in sent
    assert "12 unread" in sent
    assert f'<li class="row line is-read" id="entry-{number}">' in sent
    assert lines(sent) == lines(page)
    again = changes(client, *(seen(sent, kind) for kind in ("counts", "leaves", "lines")))
    assert again is None


def test_a_line_that_moves_keeps_its_excerpt(client: FlaskClient, context: Context) -> None:
    client.set_cookie("excerpts", "on")
    page = client.get("/read/page/veille").text
    reading.act(context, Act.READ, [entry_id(context, POST)])
    sent = changes(client, seen(page, "lines"))
    assert sent is not None
    assert sent.count("row-excerpt") == page.count("row-excerpt") > 0


def test_new_entries_are_announced_and_wait(client: FlaskClient, context: Context) -> None:
    page = client.get("/read/page/veille").text
    was = seen(page, "news").replace("@15.", f"@{entry_id(context, POST) - 1}.")
    sent = changes(client, was)
    assert sent is not None
    assert lines(sent) == []
    assert re.search(r'id="show-new" href="/read/page/veille"', sent)
    assert " new</span>" in sent


@pytest.mark.parametrize(
    "field",
    [
        "counts.x.y",
        "counts.page:nowhere/unread/newest.y",
        "leaves.nowhere:.y",
        "lines.x@1.y",
        "news.x@1.y",
        "news.page:nowhere/unread/newest@x.y",
    ],
)
def test_what_is_asked_amiss_is_not_answered(client: FlaskClient, field: str) -> None:
    assert changes(client, field) is None


def test_the_board_of_the_same_page_is_one_click_away(client: FlaskClient) -> None:
    for path in ("/read/page/blogs", "/read/source/5"):
        assert re.search(r'id="switch" href="/pages/blogs"', client.get(path).text)
    assert re.search(r'id="switch" href="/"', client.get("/read").text)
