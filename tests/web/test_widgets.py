"""Boxes that are no source: the comments to answer, and one conversation."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from aggregator.services.context import Context
from aggregator.services.conversations import acts, showing, widgets
from tests.conversations import comment, fresh, golden, put, state
from tests.web.conftest import HTMX, OWN
from tests.web.test_live import ask, seen
from tests.web.world import NOW, entry_id, set_source

POST = "Quantité ou qualité ?"
HIDE = "/pages/veille/widgets/answers/hide"


def boxes(page: str) -> list[str]:
    """List the boxes of a board in the order in which they are read."""
    return re.findall(r'<section class="box[^"]*" id="([^"]*)"', page)


def test_the_comments_to_answer_are_the_first_box_of_ones_own_page(
    client: FlaskClient, context: Context
) -> None:
    put(context, entry_id(context, "Billet 9"), fresh(NOW))
    page = client.get("/").text
    assert boxes(page)[0] == "widget-answers"
    assert "widget-answers" not in boxes(client.get("/pages/blogs").text)
    waits = re.findall(r'<span class="answer-who"><bdi>([^<]*)</bdi>', page)
    assert waits == ["Magalie", "CWM", "Philippe B"]
    assert "See the 3 comments that wait" in page


def test_a_line_leads_to_its_comment_in_the_panel(client: FlaskClient, context: Context) -> None:
    entry = entry_id(context, "Billet 9")
    put(context, entry, fresh(NOW))
    waiting = state(context, "f1").id
    link = f'href="/entries/{entry}?comment={waiting}#comment-{waiting}"'
    assert link in client.get("/").text
    panel = client.get(f"/entries/{entry}?comment={waiting}", headers=HTMX).text
    assert f'id="comment-{waiting}"' in panel


def test_no_more_than_eight_lines_and_all_are_counted(
    client: FlaskClient, context: Context
) -> None:
    many = [comment(f"m{n}", at=NOW - timedelta(hours=n)) for n in range(12)]
    put(context, entry_id(context, "Billet 9"), many)
    page = client.get("/").text
    assert page.count('<li class="answer">') == 8
    assert "See the 12 comments that wait" in page


def test_where_nothing_waits_one_sentence_says_so(client: FlaskClient) -> None:
    assert "No comment waits for your answer." in client.get("/").text


@pytest.mark.parametrize(("chosen", "shown"), [("show", True), ("fold", True), ("hide", False)])
def test_a_quiet_box_shrinks_as_the_others_do(
    client: FlaskClient, chosen: str, *, shown: bool
) -> None:
    client.set_cookie("quiet_boxes", chosen)
    page = client.get("/").text
    assert ("widget-answers" in boxes(page)) is shown
    assert ("No comment waits for your answer." in page) is (chosen == "show")
    assert "widget-answers" in boxes(client.get("/?all=1").text)
    opened = client.get("/pages/veille?open=answers").text
    assert "No comment waits for your answer." in opened
    part = client.get("/pages/veille/widgets/answers", headers=HTMX).text
    assert part.startswith('<section class="box widget" id="widget-answers"')


def test_the_box_is_taken_off_its_page_and_put_back(client: FlaskClient) -> None:
    answer = client.post(HIDE, headers=HTMX)
    assert answer.headers["HX-Trigger-After-Swap"] == "placed"
    assert "Taken off “Veille”." in answer.text
    assert 'action="/pages/veille/widgets/answers/show"' in answer.text
    page = client.get("/").text
    assert "widget-answers" not in boxes(page)
    assert 'id="answers-back"' in page
    client.post("/pages/veille/widgets/answers/show", headers=OWN)
    assert boxes(client.get("/").text)[0] == "widget-answers"


def test_without_htmx_one_comes_back_to_the_page_with_the_way_to_undo(
    client: FlaskClient,
) -> None:
    answer = client.post(HIDE, headers=OWN)
    assert (answer.status_code, answer.location) == (303, "/pages/veille")
    page = client.get("/pages/veille").text
    assert 'action="/pages/veille/widgets/answers/show"' in page


def test_taking_off_twice_changes_nothing_more(client: FlaskClient) -> None:
    client.post(HIDE, headers=HTMX)
    assert "Nothing had to be changed." in client.post(HIDE, headers=HTMX).text


def test_a_conversation_is_shown_on_a_page_beside_its_source(
    client: FlaskClient, context: Context
) -> None:
    put(context, entry_id(context, POST), golden())
    answer = client.post("/threads/1/page", data={"show": "veille"}, headers=HTMX)
    assert "Shown on “Veille”." in answer.text
    page = client.get("/").text
    order = boxes(page)
    assert order.index("widget-thread-1") == order.index("box-1") + 1
    box = page[page.index('id="widget-thread-1"') :]
    assert "Conversation: Quantité ou qualité ?" in box
    assert "See the 10 comments" in box
    said = re.findall(r'<p class="remark-words"[^>]*>([^<]*)</p>', box)
    # The last three, with what they answer.
    assert said == [
        *("Impressionnée.", "Oui, je suis assez d’accord."),
        *("Rien sans les blogs.", "Oui, il y a de ça."),
    ]


def test_the_menu_of_a_thread_says_where_it_is_shown(
    client: FlaskClient, context: Context
) -> None:
    put(context, entry_id(context, POST), golden())
    client.post("/threads/1/page", data={"show": "blogs"}, headers=OWN)
    part = client.get("/threads/1", headers=HTMX).text
    assert 'name="hide" value="blogs"' in part
    assert 'name="show" value="veille"' in part
    assert "concurrents" not in part
    client.post("/threads/1/page", data={"hide": "blogs"}, headers=OWN)
    assert "widget-thread-1" not in boxes(client.get("/pages/blogs").text)


def test_a_page_without_sources_may_hold_a_conversation(
    client: FlaskClient, context: Context
) -> None:
    put(context, entry_id(context, POST), golden())
    client.post("/threads/1/page", data={"show": "blogs"}, headers=OWN)
    set_source(context, "Philippe B", listed=False)
    assert boxes(client.get("/pages/blogs").text) == ["widget-thread-1"]


@pytest.mark.parametrize(
    "act",
    [
        lambda client: client.post("/pages/veille/widgets/thread-9/show", headers=OWN),
        lambda client: client.post("/pages/veille/widgets/answer/show", headers=OWN),
        lambda client: client.post("/pages/veille/widgets/thread-²/show", headers=OWN),
        lambda client: client.post("/pages/nowhere/widgets/answers/show", headers=OWN),
        lambda client: client.post("/threads/9/page", data={"show": "veille"}, headers=OWN),
        lambda client: client.get("/pages/veille/widgets/thread-9"),
        lambda client: client.get("/pages/nowhere/widgets/answers"),
    ],
)
def test_what_is_not_there_cannot_be_placed(
    client: FlaskClient, act: Callable[[FlaskClient], object]
) -> None:
    assert act(client).status_code == 404  # type: ignore[attr-defined]


def test_a_form_that_names_no_page_is_refused(client: FlaskClient) -> None:
    assert client.post("/threads/1/page", headers=OWN).status_code == 400


def test_boxes_stay_fresh(client: FlaskClient, context: Context) -> None:
    put(context, entry_id(context, POST), golden())
    view = showing.of_entry(context, entry_id(context, POST))
    assert view is not None
    showing.look(context, view.thread.id, view.upto)
    widgets.place(context, "veille", "thread-1", shown=True)
    fields = [field for field in seen(client, "/") if field.startswith("widget.")]
    assert ask(client, fields) == (204, [])
    put(context, entry_id(context, POST), fresh(NOW))
    assert ask(client, fields) == (200, ["widget-answers", "widget-thread-1"])
    fields = [field for field in seen(client, "/") if field.startswith("widget.")]
    acts.close(context, state(context, "f1").id)
    assert ask(client, fields)[1][0] == "widget-answers"


def test_a_box_whose_source_left_goes(client: FlaskClient, context: Context) -> None:
    put(context, entry_id(context, POST), golden())
    widgets.place(context, "veille", "thread-1", shown=True)
    fields = [field for field in seen(client, "/") if field.startswith("widget.veille@thread")]
    set_source(context, "Le blog de CWM", listed=False)
    answer = client.get("/changes", query_string={"seen": fields}, headers=HTMX).text
    assert '<div id="widget-thread-1" hx-swap-oob="delete">' in answer
