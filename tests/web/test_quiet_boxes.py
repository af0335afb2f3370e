"""Boxes with nothing new: shown, folded to one line or hidden, as one chooses."""

import pytest
from flask.testing import FlaskClient

from aggregator.domain.boards import Act
from aggregator.services import reading
from aggregator.services.context import Context
from tests.web.conftest import HTMX
from tests.web.test_live import ask, seen
from tests.web.world import entry_id, publish, set_source

MAGALIE = ("Trois huiles pour l’hiver", "<script>alert('titre')</script>")


@pytest.fixture(autouse=True)
def magalie_is_read(context: Context) -> None:
    reading.act(context, Act.READ, [entry_id(context, title) for title in MAGALIE])


def choose(client: FlaskClient, way: str) -> None:
    client.set_cookie("quiet_boxes", way)


def test_a_quiet_box_is_shown_unless_one_chooses(client: FlaskClient) -> None:
    assert "Trois huiles" in client.get("/").text


def test_a_folded_box_is_its_head_and_opens_without_script(client: FlaskClient) -> None:
    choose(client, "fold")
    page = client.get("/").text
    assert "Trois huiles" not in page
    assert 'href="/pages/veille?open=2#box-2"' in page
    assert "Trois huiles" in client.get("/pages/veille?open=2").text
    assert "Trois huiles" in client.get("/sources/2/box", headers=HTMX).text


def test_hidden_boxes_are_counted_and_can_be_shown(client: FlaskClient) -> None:
    choose(client, "hide")
    page = client.get("/").text
    assert 'id="box-2"' not in page
    # That of the comments to answer is one of them: none waits.
    assert "2 boxes without anything new" in page
    assert 'id="box-2"' in client.get("/pages/veille?all=1").text


def test_a_box_that_wants_attention_never_shrinks(client: FlaskClient, context: Context) -> None:
    reading.act(context, Act.READ, [entry_id(context, "Les gagnants de septembre")])
    choose(client, "hide")
    page = client.get("/").text
    assert 'id="box-3"' in page
    assert 'id="box-4"' in page


def test_a_paused_box_may_shrink(client: FlaskClient, context: Context) -> None:
    set_source(context, "Magalie", paused=True)
    choose(client, "hide")
    assert 'id="box-2"' not in client.get("/").text


def test_the_box_of_the_entry_one_is_at_stays_open(client: FlaskClient, context: Context) -> None:
    choose(client, "hide")
    at = entry_id(context, MAGALIE[0])
    page = client.get(f"/pages/veille?at={at}").text
    assert f'data-at="{at}"' in page
    assert "Trois huiles" in page
    assert "Trois huiles" in client.get(f"/entries/{at}").text


@pytest.mark.parametrize("query", ["at=x", "at=", "open=x", "open=999", "at=999", "all"])
def test_what_makes_no_sense_changes_nothing(client: FlaskClient, query: str) -> None:
    choose(client, "fold")
    answer = client.get(f"/pages/veille?{query}")
    assert answer.status_code == 200
    assert "Trois huiles" not in answer.text


def test_a_folded_box_says_what_is_new_in_its_head(client: FlaskClient, context: Context) -> None:
    choose(client, "fold")
    fields = seen(client, "/")
    publish(context, "Magalie", "Une")
    _, parts = ask(client, fields)
    assert set(parts) == {"tabs", "head", "head-2"}
    answer = client.get("/changes", query_string={"seen": fields}, headers=HTMX).text
    assert 'id="unfold-2"' in answer


def test_reading_the_last_one_folds_no_box_under_the_hand(
    client: FlaskClient, context: Context
) -> None:
    choose(client, "fold")
    reading.act(context, Act.UNREAD, [entry_id(context, MAGALIE[0])])
    fields = seen(client, "/")
    reading.act(context, Act.READ, [entry_id(context, MAGALIE[0])])
    _, parts = ask(client, fields)
    assert set(parts) == {"tabs", "head", "head-2", "rows-2"}
