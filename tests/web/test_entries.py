import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from aggregator.domain.items import EntryId
from aggregator.services import reading
from aggregator.services.context import Context
from aggregator.storage import tables
from tests.web.conftest import HTMX, OWN
from tests.web.world import entry_id

POST = "Quantité ou qualité ?"


@pytest.fixture
def path(context: Context) -> str:
    return f"/entries/{entry_id(context, POST)}"


def state(context: Context, title: str = POST) -> tuple[bool, bool]:
    """Tell whether an entry is read, and whether it is kept."""
    row = reading.article(context, entry_id(context, title)).row
    return row.read, row.starred


def test_without_htmx_an_entry_opens_beside_its_board(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert page.startswith("<!doctype html>")
    assert "<strong>moins</strong>" in page
    assert 'id="box-1"' in page


def test_with_htmx_the_panel_alone_is_sent(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=HTMX).text.startswith('<aside class="panel" id="panel"')


def test_opening_an_entry_changes_nothing(
    client: FlaskClient, context: Context, path: str
) -> None:
    client.get(path)
    client.get(path, headers=HTMX)
    assert state(context) == (False, False)


def test_the_panel_holds_the_form_that_marks_it_read(client: FlaskClient, path: str) -> None:
    panel = client.get(path, headers=HTMX).text
    assert f'<form method="post" action="{path}/read" hx-post="{path}/read" hx-trigger="load"' in (
        panel
    )


def test_an_entry_opened_before_is_not_marked_again(client: FlaskClient, path: str) -> None:
    client.post(f"{path}/read", data={"opened": "1"}, headers=OWN)
    assert 'hx-trigger="load"' not in client.get(path, headers=HTMX).text


def test_an_entry_marked_as_read_elsewhere_is_only_noted_as_opened(
    client: FlaskClient, path: str
) -> None:
    client.post(f"{path}/read", headers=OWN)
    panel = client.get(path, headers=HTMX).text
    assert f'hx-post="{path}/opened" hx-trigger="load"' in panel
    assert f'hx-post="{path}/read" hx-trigger="load"' not in panel


def test_opening_is_noted_once_and_says_nothing(
    client: FlaskClient, context: Context, path: str
) -> None:
    entry_id = EntryId(int(path.rpartition("/")[2]))
    answer = client.post(f"{path}/opened", headers=HTMX)
    assert (answer.status_code, answer.text, answer.headers.get("HX-Trigger-After-Swap")) == (
        200,
        "",
        None,
    )
    first = reading.article(context, entry_id).opened_at
    assert first is not None
    assert client.post(f"{path}/opened", headers=OWN).status_code == 303
    assert reading.article(context, entry_id).opened_at == first
    assert state(context) == (False, False)
    assert client.get(f"{path}/opened").status_code == 405
    assert client.post("/entries/99999/opened", headers=OWN).status_code == 404


@pytest.mark.parametrize(
    ("sent", "headers", "opened"),
    [({}, OWN, False), ({"opened": "1"}, OWN, True), ({"quiet": "1"}, HTMX, True)],
)
def test_marking_as_read_is_no_opening_but_in_the_panel(
    client: FlaskClient,
    context: Context,
    path: str,
    sent: dict[str, str],
    headers: dict[str, str],
    opened: bool,  # noqa: FBT001 - a case of a table
) -> None:
    client.post(f"{path}/read", data=sent, headers=headers)
    article = reading.article(context, EntryId(int(path.rpartition("/")[2])))
    assert (article.opened_at is not None) == opened


def test_being_marked_by_opening_says_nothing_but_tells_the_box(
    client: FlaskClient, context: Context, path: str
) -> None:
    answer = client.post(f"{path}/read", data={"quiet": "1"}, headers=HTMX)
    assert (answer.text, answer.headers["HX-Trigger-After-Swap"]) == ("", "changed")
    assert state(context) == (True, False)


@pytest.mark.parametrize(
    ("act", "after", "words"),
    [
        ("read", (True, False), "Marked as read."),
        ("star", (False, True), "Kept for later."),
        ("unread", (False, False), "Nothing had to be changed."),
        ("unstar", (False, False), "Nothing had to be changed."),
    ],
)
def test_an_entry_is_marked_without_htmx(
    client: FlaskClient, context: Context, path: str, act: str, after: object, words: str
) -> None:
    answer = client.post(f"{path}/{act}", headers=OWN)
    assert answer.status_code == 303
    assert answer.location == f"/pages/veille#entry-{path.rpartition('/')[2]}"
    assert state(context) == after
    assert words in client.get("/pages/veille").text


def test_an_entry_is_marked_with_htmx(client: FlaskClient, context: Context, path: str) -> None:
    toast = client.post(f"{path}/star", headers=HTMX)
    assert toast.text.startswith('<div id="toast"')
    assert toast.headers["HX-Trigger-After-Swap"] == "changed"
    assert state(context) == (False, True)


def test_a_mark_is_taken_back_once(client: FlaskClient, context: Context, path: str) -> None:
    toast = client.post(f"{path}/star", headers=HTMX).text
    undo = toast[toast.index("/undo/") :].split('"')[0]
    assert "No longer kept, as before." in client.post(undo, headers=HTMX).text
    assert state(context) == (False, False)
    again = client.post(undo, headers=HTMX)
    assert again.status_code == 200
    assert "is-bad" not in again.text
    assert "This cannot be undone any more." in again.text


def test_the_toast_is_shown_once(client: FlaskClient, path: str) -> None:
    client.post(f"{path}/read", headers=OWN)
    assert "Marked as read." in client.get("/").text
    assert "Marked as read." not in client.get("/").text


def test_after_an_act_one_is_where_one_was(client: FlaskClient, path: str) -> None:
    answer = client.post(f"{path}/read", data={"next": "/search?q=moins"}, headers=OWN)
    assert answer.location == "/search?q=moins"


@pytest.mark.parametrize(
    "foreign", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/\tx"]
)
def test_after_an_act_one_never_lands_elsewhere(
    client: FlaskClient, path: str, foreign: str
) -> None:
    answer = client.post(f"{path}/read", data={"next": foreign}, headers=OWN)
    assert answer.location.startswith("/pages/veille")


def test_an_article_is_out_of_reach_for_htmx(client: FlaskClient, path: str) -> None:
    assert '<div class="prose" dir="auto" hx-disable><p>Mieux vaut' in client.get(path).text


def test_what_came_with_an_entry_is_offered(client: FlaskClient, path: str) -> None:
    panel = client.get(path, headers=HTMX).text
    assert '<audio controls preload="none" src="https://cwm.example.org/son/episode.mp3"' in panel
    assert "12.3 MB" in panel
    assert "10 comments at the source" in panel
    assert 'href="https://cwm.example.org/" target="_blank" rel="noopener noreferrer' in panel


def test_an_entry_of_a_hidden_page_opens_over_the_first(
    client: FlaskClient, context: Context
) -> None:
    page = client.get(f"/entries/{entry_id(context, 'Un secret de concurrent')}")
    assert page.status_code == 200
    assert 'data-close href="/"' in page.text


def test_an_entry_that_does_not_exist_is_said_in_words(client: FlaskClient) -> None:
    answer = client.get("/entries/999")
    assert answer.status_code == 404
    assert "There is no such entry." in answer.text


@pytest.mark.parametrize("path", ["/entries/999/read", "/undo/999"])
def test_an_act_on_nothing_is_refused(client: FlaskClient, path: str) -> None:
    assert client.post(path, headers=OWN).status_code == 404


def test_an_act_is_no_address_to_visit(client: FlaskClient, context: Context, path: str) -> None:
    answer = client.get(f"{path}/read")
    assert answer.status_code == 405
    assert "only when a form" in answer.text
    assert state(context) == (False, False)


def test_an_unknown_act_does_not_exist(client: FlaskClient, path: str) -> None:
    assert client.post(f"{path}/burn", headers=OWN).status_code == 404


def test_the_last_act_is_undone_and_the_one_before_it_after(
    client: FlaskClient, path: str, context: Context
) -> None:
    client.post(f"{path}/star", headers=OWN)
    client.post(f"{path}/read", headers=OWN)
    first = client.post("/undo", headers=HTMX)
    assert ("Marked as unread again." in first.text, first.headers["HX-Trigger-After-Swap"]) == (
        True,
        "undone",
    )
    assert state(context) == (False, True)
    assert client.post("/undo", headers=OWN).status_code == 303
    assert state(context) == (False, False)
    nothing = client.post("/undo", headers=HTMX)
    assert (nothing.status_code, "nothing left to undo" in nothing.text) == (200, True)
    assert client.post("/undo", headers=OWN).status_code == 303
    assert client.get("/undo").status_code == 405


def test_opening_is_no_act_to_undo(client: FlaskClient, path: str, context: Context) -> None:
    client.post(f"{path}/star", headers=OWN)
    client.post(f"{path}/read", data={"quiet": "1"}, headers=HTMX)
    client.post("/undo", headers=HTMX)
    assert state(context) == (True, False)


@pytest.mark.parametrize(
    ("where", "address"),
    [("original", "https://example.org/9"), ("comments", "https://example.org/#comments")],
)
def test_an_entry_leads_to_its_source(
    client: FlaskClient, path: str, where: str, address: str
) -> None:
    answer = client.get(f"{path}/{where}")
    assert (answer.status_code, answer.location) == (302, address)


@pytest.mark.parametrize("where", ["original", "comments"])
def test_an_entry_without_that_address_says_so(
    client: FlaskClient, path: str, context: Context, where: str
) -> None:
    with context.database.write() as session:
        session.execute(update(tables.entries).values(url=None))
        session.execute(update(tables.bodies).values(comments_url=None))
    answer = client.get(f"{path}/{where}")
    assert (answer.status_code, "no such address" in answer.text) == (404, True)
    assert client.get(f"/entries/999/{where}").status_code == 404
