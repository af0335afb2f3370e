"""The inbox on screen: queues, what is open, and every act, with htmx and without."""

import re

import pytest
from flask.testing import FlaskClient

from aggregator.domain.conversations.comments import CommentId
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations import acts, inbox, upkeep
from tests.conversations import comment, fresh, golden, put, state
from tests.web.conftest import HTMX, OWN
from tests.web.world import FEEDS, NOW, entry_id

QUEUES = ("waiting", "others", "sent", "answered", "handled", "snoozed", "pingbacks", "hidden")


@pytest.fixture(autouse=True)
def talk(context: Context) -> None:
    put(context, entry_id(context, "Quantité ou qualité ?"), golden())
    put(context, entry_id(context, "Billet 9"), fresh(NOW))


def _id(context: Context, key: str) -> CommentId:
    return CommentId(state(context, key).id)


def _lines(page: str) -> list[str]:
    return re.findall(r'id="line-(\d+)"', page)


@pytest.mark.parametrize("queue", QUEUES)
def test_each_queue_has_its_page(client: FlaskClient, queue: str) -> None:
    page = client.get(f"/comments?queue={queue}")
    assert page.status_code == 200
    assert f'id="queue-{queue}"' in page.text
    assert page.text.count('aria-current="page"') == 2


def test_the_page_opens_what_waits_longest(client: FlaskClient, context: Context) -> None:
    page = client.get("/comments").text
    first, second = _id(context, "f1"), _id(context, "f6")
    assert _lines(page)[:2] == [str(first), str(second)]
    assert f'id="draft-{first}"' in page
    assert f'id="draft-{second}"' not in page
    assert "<title>To answer (3) · Comments · Veille</title>" in page
    assert 'id="acquaintance"' in page


def test_a_wait_is_said_in_words_and_in_office_hours(client: FlaskClient) -> None:
    page = client.get("/comments").text
    assert re.search(r'is-late"[^>]*>2 d · <b>late</b>', page)
    # From Monday 10:00 on, in Paris, where work ends at 18:00.
    assert "18 h in office hours" in page


def test_an_open_comment_and_the_list_come_alone_by_htmx(
    client: FlaskClient, context: Context
) -> None:
    one = _id(context, "f4")
    opened = client.get(f"/comments?comment={one}", headers=HTMX)
    assert opened.text.startswith('<div class="inbox-open"')
    assert f'data-comment="{one}"' in opened.text
    listed = client.get("/comments", headers=HTMX)
    assert listed.text.lstrip().startswith('<section class="inbox-list"')
    wide = client.get(f"/comments/{one}/acts", headers=HTMX)
    assert f'id="draft-{one}"' in wide.text


def test_the_acts_of_a_comment_have_a_page_without_htmx(
    client: FlaskClient, context: Context
) -> None:
    one = _id(context, "f4")
    answer = client.get(f"/comments/{one}/acts")
    assert (answer.status_code, answer.location) == (302, f"/comments?comment={one}")


def test_filters_stand_as_chips_that_can_be_taken_away(
    client: FlaskClient, context: Context
) -> None:
    acts.label(context, [_id(context, "f1")], "presse", carried=True)
    page = client.get("/comments?question=1&label=presse&age=late&source=1").text
    chips = re.findall(r'class="chip" href="([^"]+)"', page)
    assert chips == [
        "/comments?age=late&amp;label=presse&amp;question=1",
        "/comments?source=1&amp;label=presse&amp;question=1",
        "/comments?source=1&amp;age=late&amp;question=1",
        "/comments?source=1&amp;age=late&amp;label=presse",
    ]
    assert _lines(page) == [str(_id(context, "f1"))]
    assert "/comments?source=1&amp;age=late&amp;label=presse&amp;question=1&amp;comment=" in page


def test_a_thread_can_be_all_that_is_wanted(client: FlaskClient, context: Context) -> None:
    thread = state(context, "c1").thread_id
    page = client.get(f"/comments?queue=answered&thread={thread}").text
    assert len(_lines(page)) == 5
    assert 'class="chip"' in page


def test_nothing_that_fits_is_said(client: FlaskClient, context: Context) -> None:
    page = client.get("/comments?assigned=Nobody").text
    assert "No comment here is as you ask." in page
    acts.file_away(context, [_id(context, key) for key in ("f1", "f4", "f6")], "")
    assert "Nothing waits for an answer." in client.get("/comments").text


@pytest.mark.parametrize(
    "query",
    [
        "queue=nonsense",
        "source=x",
        "thread=-1",
        "age=old",
        "comment=one",
        "after=yesterday",
        "comment=99999999999999999999",
    ],
)
def test_an_address_that_makes_no_sense_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/comments?{query}").status_code == 400


def test_a_comment_that_is_not_there_is_said(client: FlaskClient) -> None:
    assert client.get("/comments?comment=9999").status_code == 404
    assert client.get("/comments/9999/acts", headers=HTMX).status_code == 404


def test_the_next_lines_come_by_a_link(client: FlaskClient, context: Context) -> None:
    items = [comment(f"g{number}", at=NOW) for number in range(30)]
    put(context, entry_id(context, "Billet 8"), items)
    page = client.get("/comments").text
    found = re.search(r'id="go-on" href="([^"]+)"', page)
    assert found
    more = client.get(found[1].replace("&amp;", "&"), headers=HTMX)
    assert len(_lines(page)) + len(_lines(more.text)) == 33
    assert more.text.lstrip().startswith('<div class="lines"')
    assert client.get(found[1].replace("&amp;", "&")).status_code == 200


ACTS = {
    "sent": ({"draft": "Oui."}, "state", "sent"),
    "closed": ({}, "state", "answered"),
    "file": ({"why": "merci"}, "filed_why", "merci"),
    "snooze": ({"until": "next-week"}, "state", "snoozed"),
    "assign": ({"name": "Magalie"}, "assigned_to", "Magalie"),
    "note": ({"note": "à rappeler"}, "note", "à rappeler"),
    "hide": ({}, "state", "hidden"),
    "star": ({}, "starred", True),
    "draft": ({"draft": "Oui."}, "draft", "Oui."),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_works_without_htmx(client: FlaskClient, context: Context, act: str) -> None:
    form, column, value = ACTS[act]
    one = _id(context, "f1")
    answer = client.post(f"/comments/{one}/{act}", data=form, headers=OWN)
    assert (answer.status_code, answer.location) == (303, f"/comments?comment={one}")
    assert getattr(state(context, "f1"), column) == value
    assert 'class="toast"' in client.get("/comments").text


@pytest.mark.parametrize("act", [act for act in ACTS if act != "draft"])
def test_each_act_says_what_was_done_and_can_be_undone(
    client: FlaskClient, context: Context, act: str
) -> None:
    form, column, value = ACTS[act]
    before = getattr(state(context, "f1"), column)
    answer = client.post(f"/comments/{_id(context, 'f1')}/{act}", data=form, headers=HTMX)
    assert answer.headers["HX-Trigger-After-Swap"] == "changed"
    assert getattr(state(context, "f1"), column) == value
    undo = re.search(r'action="(/undo/\d+)"', answer.text)
    assert undo
    undone = client.post(undo[1], headers=HTMX)
    assert "The comment is as it was." in undone.text
    assert getattr(state(context, "f1"), column) == before


@pytest.mark.parametrize("act", [*ACTS, "waiting", "label", "unlabel", "unhide", "unstar", "ask"])
def test_an_act_is_a_post_of_our_own_on_a_comment_that_is_there(
    client: FlaskClient, context: Context, act: str
) -> None:
    one = _id(context, "f1")
    assert client.get(f"/comments/{one}/{act}").status_code == 405
    assert client.post(f"/comments/{one}/{act}").status_code == 403
    missing = client.post(f"/comments/9999/{act}", data={"label": "a", "off": "a"}, headers=HTMX)
    assert missing.status_code == 404


def test_a_draft_is_kept_quietly(client: FlaskClient, context: Context) -> None:
    one = _id(context, "f1")
    kept = client.post(f"/comments/{one}/draft", data={"draft": "Le samedi"}, headers=HTMX)
    assert (kept.status_code, kept.text) == (200, "")
    page = client.get(f"/comments?comment={_id(context, 'f4')}").text
    assert ">draft</span>" in page
    assert re.search(rf'id="draft-{one}".*>Le samedi</textarea>', client.get("/comments").text)


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("snooze", {"until": "never"}),
        ("snooze", {"day": ""}),
        ("snooze", {"day": "2020-01-01"}),
        ("label", {"label": " "}),
        ("draft", {"draft": "x" * 20_001}),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: FlaskClient, context: Context, act: str, form: dict[str, str]
) -> None:
    answer = client.post(f"/comments/{_id(context, 'f1')}/{act}", data=form, headers=HTMX)
    assert answer.status_code == 400
    assert 'class="toast is-bad"' in answer.text


def test_after_an_act_without_htmx_comes_the_next_comment(
    client: FlaskClient, context: Context
) -> None:
    first, second = _id(context, "f1"), _id(context, "f6")
    page = client.get(f"/comments?comment={first}").text
    form = re.search(r'<form id="comment-marks".*?</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    assert fields["of"] == str(first)
    gone = client.post(f"/comments/{first}/file", data=fields, headers=OWN)
    assert gone.location == f"/comments?comment={second}"
    kept = client.post(f"/comments/{first}/star", data=fields, headers=OWN)
    assert kept.location == f"/comments?comment={first}"


@pytest.mark.parametrize(
    ("act", "more", "column", "value"),
    [
        ("file", {}, "state", "handled"),
        ("snooze", {}, "state", "snoozed"),
        ("hide", {}, "state", "hidden"),
    ],
)
def test_several_comments_are_done_with_at_once(
    client: FlaskClient, context: Context, act: str, more: dict[str, str], column: str, value: str
) -> None:
    ids = [_id(context, "f1"), _id(context, "f4")]
    answer = client.post("/comments/acts", data={"act": act, "id": ids, **more}, headers=HTMX)
    assert "2 comments" in answer.text
    assert [getattr(state(context, key), column) for key in ("f1", "f4")] == [value, value]
    client.post("/undo", headers=HTMX)
    assert [state(context, key).state for key in ("f1", "f4")] == ["waiting", "waiting"]


def test_several_comments_are_labelled_at_once(client: FlaskClient, context: Context) -> None:
    ids = [_id(context, "f1"), _id(context, "f4")]
    form = {"act": "label", "id": ids, "label": "presse"}
    answer = client.post("/comments/acts", data=form, headers=OWN)
    assert answer.status_code == 303
    assert inbox.comment(context, ids[1]).labels == ("presse",)


def test_several_means_some_that_are_there_and_an_act_that_is_known(client: FlaskClient) -> None:
    assert client.get("/comments/acts").status_code == 405
    assert client.post("/comments/acts").status_code == 403
    none = client.post("/comments/acts", data={"act": "file"}, headers=HTMX)
    assert "Choose comments first." in none.text
    form = {"act": "file", "id": "x"}
    assert client.post("/comments/acts", data=form, headers=HTMX).status_code == 400
    form = {"act": "burn", "id": "1"}
    assert client.post("/comments/acts", data=form, headers=HTMX).status_code == 400
    form = {"act": "file", "id": "9999"}
    assert client.post("/comments/acts", data=form, headers=HTMX).status_code == 404


def test_phrases_are_kept_put_in_and_deleted(client: FlaskClient, context: Context) -> None:
    one = _id(context, "f1")
    form = {"comment": str(one), "draft": "Merci de votre passage !"}
    kept = client.post("/comments/phrases", data=form, headers=HTMX)
    assert kept.text.lstrip().startswith('<details class="menu phrases"')
    [phrase] = inbox.means(context, inbox.comment(context, one)).phrases
    form = {"phrase": str(phrase.id), "draft": "Bonjour."}
    client.post(f"/comments/{one}/draft", data=form, headers=OWN)
    assert state(context, "f1").draft == "Bonjour.\nMerci de votre passage !"
    path = f"/comments/phrases/{phrase.id}/delete"
    gone = client.post(path, data={"comment": str(one), "draft": "Bonjour."}, headers=OWN)
    assert gone.status_code == 303
    assert state(context, "f1").draft == "Bonjour."
    again = client.post(path, data={"comment": str(one), "draft": ""}, headers=HTMX)
    assert again.status_code == 404
    assert client.post("/comments/phrases", headers=OWN).status_code == 400
    assert client.post(path, headers=OWN).status_code == 400
    assert client.get("/comments/phrases").status_code == 405
    assert client.get(path).status_code == 405


def test_unused_labels_are_forgotten(client: FlaskClient, context: Context) -> None:
    acts.label(context, [_id(context, "f1")], "presse", carried=True)
    acts.label(context, [_id(context, "f1")], "presse", carried=False)
    said = client.post("/comments/labels/unused", headers=HTMX)
    assert "1 label forgotten." in said.text
    assert client.post("/comments/labels/unused", headers=OWN).status_code == 303
    assert client.get("/comments/labels/unused").status_code == 405


def test_the_rail_counts_what_waits_and_stays_fresh(client: FlaskClient, context: Context) -> None:
    page = client.get("/").text
    assert re.search(r'id="waiting-count">.*?</span>3<span', page, re.DOTALL)
    seen = re.findall('name="seen" value="([^"]*)"', client.get("/comments").text)
    assert client.get("/changes", query_string={"seen": seen}).status_code == 204
    acts.file_away(context, [_id(context, "f1")], "")
    again = client.get("/changes", query_string={"seen": seen}).text
    assert 'id="waiting-count" hx-swap-oob="true"' in again or (
        '<span hx-swap-oob="true" class="rail-count" id="waiting-count">' in again
    )
    assert 'id="queues"' in again
    assert f'id="bar-{_id(context, "f1")}"' in again


def test_who_has_no_comments_is_told_how_they_come(client: FlaskClient, context: Context) -> None:
    with context.database.write() as session:
        session.exec_driver_sql("DELETE FROM comments")
    page = client.get("/comments").text
    assert "No comment has come so far." in page
    assert "mine: true" not in page


def test_who_says_of_no_blog_that_it_is_theirs_is_told_to(
    client: FlaskClient, context: Context
) -> None:
    assert "mine: true" not in client.get("/comments?queue=handled").text
    nobodys = FEEDS.replace("    mine: true\n", "").replace("names: [CWM]", "names: []")
    context.settings.feeds_path.write_text(nobodys, encoding="utf-8")
    following.refresh(context, adopt=True)
    assert upkeep.catch_up(context)
    page = client.get("/comments").text
    assert "Nothing waits for an answer." in page
    assert "mine: true" in page
