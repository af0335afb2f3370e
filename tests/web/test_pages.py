from pathlib import Path

import pytest
from flask.testing import FlaskClient

from aggregator.services import following, reading
from aggregator.services.context import Context
from aggregator.web.app import create_app
from tests.web.conftest import HTMX, OWN
from tests.web.world import FEEDS, entry_id, opened


def test_the_first_page_shows_its_sources_as_boxes(client: FlaskClient) -> None:
    page = client.get("/").text
    assert [name in page for name in ("Le blog de CWM", "Magalie", "Erick")] == [True] * 3
    assert "Mon outil préféré" not in page


def test_a_page_has_its_address(client: FlaskClient) -> None:
    page = client.get("/pages/blogs")
    assert page.status_code == 200
    assert "Mon outil préféré sur le web" in page.text


def test_a_hidden_page_is_no_tab_and_no_page(client: FlaskClient) -> None:
    assert "Concurrents" not in client.get("/").text
    assert client.get("/pages/concurrents").status_code == 404


def test_one_comes_back_to_the_page_of_the_entry_one_was_at(
    client: FlaskClient, context: Context
) -> None:
    at = entry_id(context, "Mon outil préféré sur le web")
    assert "<h1>Blogs</h1>" in client.get(f"/?at={at}").text


@pytest.mark.parametrize("at", ["999", "nothing", "", "-1"])
def test_one_comes_back_to_the_first_page_where_the_entry_is_unknown(
    client: FlaskClient, at: str
) -> None:
    assert "<h1>Veille</h1>" in client.get(f"/?at={at}").text


def test_one_comes_back_to_the_first_page_from_an_entry_of_a_hidden_one(
    client: FlaskClient, context: Context
) -> None:
    at = entry_id(context, "Un secret de concurrent")
    assert "<h1>Veille</h1>" in client.get(f"/?at={at}").text


def test_a_page_that_does_not_exist_is_said_in_words(client: FlaskClient) -> None:
    answer = client.get("/pages/nowhere")
    assert answer.status_code == 404
    assert "There is no such page." in answer.text


def test_a_box_shows_eight_rows_the_newest_first(client: FlaskClient) -> None:
    page = client.get("/").text
    assert page.index("Quantité ou qualité ?") < page.index("Billet 9") < page.index("Billet 3")
    assert "Billet 2" not in page


def test_a_row_tells_unread_comments_and_the_exact_moment(client: FlaskClient) -> None:
    page = client.get("/").text
    row = page[page.index('id="entry-') :][:1500]
    assert "Unread:" in row
    assert 'title="10 comments"' in row
    assert 'title="Wednesday, November 25, 2026, 7:00' in row
    assert ">3 h</time>" in row


def test_a_title_is_never_markup(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "&lt;script&gt;alert(&#39;titre&#39;)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_box_says_its_error_with_when_and_what_next(client: FlaskClient) -> None:
    page = client.get("/").text
    for words in (
        "(404)",
        "in error <time",
        "last good check",
        "next try",
        "in 6 h",
        "Try again",
    ):
        assert words in page
    assert "Les gagnants de septembre" in page


def test_a_box_never_read_says_when_it_will_be(client: FlaskClient) -> None:
    page = " ".join(client.get("/").text.split())
    assert "Not checked yet: first check" in page
    assert "in 2 min" in page


def test_the_health_sentence_counts(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "4 sources up to date" in page
    assert "1 waiting for its first check" in page
    assert "1 in error" in page


def test_a_whole_page_is_marked_as_read_and_undone(client: FlaskClient, context: Context) -> None:
    upto = str(reading.board(context, "veille").upto)
    answer = client.post("/pages/veille/read", data={"upto": upto}, headers=OWN)
    assert (answer.status_code, answer.location) == (303, "/pages/veille")
    page = client.get(answer.location).text
    assert "13 entries marked as read." in page
    assert "all read" in page
    undo = page[page.index("/undo/") :].split('"')[0]
    client.post(undo, data={"next": "/pages/veille"}, headers=OWN)
    after = client.get("/pages/veille").text
    assert "13 entries marked as unread again." in after
    assert "13 unread" in after


def test_entries_that_came_since_are_not_marked(client: FlaskClient, context: Context) -> None:
    seen = reading.board(context, "veille").boxes[0].rows[-1].id
    client.post("/pages/veille/read", data={"upto": str(seen)}, headers=OWN)
    assert 0 < reading.tabs(context)[0].unread < 13


@pytest.mark.parametrize("upto", ["", "many", "-1"])
def test_a_form_without_a_sound_bound_marks_nothing(
    client: FlaskClient, context: Context, upto: str
) -> None:
    client.post("/pages/veille/read", data={"upto": upto}, headers=OWN)
    assert reading.tabs(context)[0].unread == 13


def test_marking_a_page_tells_every_part_of_it(client: FlaskClient, context: Context) -> None:
    upto = str(reading.board(context, "veille").upto)
    answer = client.post("/pages/veille/read", data={"upto": upto}, headers=HTMX)
    assert answer.headers["HX-Trigger-After-Swap"] == "changed"
    assert answer.text.startswith('<div id="toast"')


def test_a_box_is_shown_by_itself(client: FlaskClient) -> None:
    assert client.get("/sources/1/box", headers=HTMX).text.startswith("<section")
    assert client.get("/sources/999/box").status_code == 404


def test_a_bad_edit_is_said_on_every_page_with_its_place(
    client: FlaskClient, context: Context
) -> None:
    context.settings.feeds_path.write_text(FEEDS.replace("name: Erick", "nom: Erick"), "utf-8")
    following.refresh(context, adopt=True)
    for path in ("/", "/sources", "/search?q=moins", "/pages/nowhere"):
        page = client.get(path).text
        assert "The last change of feeds.yaml is not in use" in page
        assert "line 19, column 5" in page
    assert "Erick" in client.get("/").text


def test_without_a_follow_list_the_first_page_says_how_to_make_one(tmp_path: Path) -> None:
    with opened(tmp_path) as context:
        page = create_app(context).test_client().get("/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "The address of your blog, or your old list" in page.text
    assert str(tmp_path / "feeds.yaml") in page.text


def test_every_answer_may_differ_for_htmx_language_and_cookies(client: FlaskClient) -> None:
    assert set(client.get("/").vary) >= {"HX-Request", "Cookie", "Accept-Language"}


def test_going_back_gets_the_whole_page(client: FlaskClient) -> None:
    restored = HTMX | {"HX-History-Restore-Request": "true"}
    assert client.get("/entries/1", headers=restored).text.startswith("<!doctype html>")
