"""What comes to a board while one looks at it: counted in the heads, its lines stay."""

import re

import pytest
from flask.testing import FlaskClient

from aggregator.domain.boards import Act
from aggregator.services import reading
from aggregator.services.context import Context
from tests.web.conftest import HTMX
from tests.web.test_live import ask, seen
from tests.web.world import FAILING, WELL, entry_id, publish, set_source


def changes(client: FlaskClient, fields: list[str], **more: str) -> str:
    query = {"seen": fields, **more}
    return client.get("/changes", query_string=query, headers=HTMX).text


def test_new_entries_are_counted_and_move_no_line(client: FlaskClient, context: Context) -> None:
    fields = seen(client, "/")
    publish(context, "Magalie", "Une", "Deux", "Trois")
    status, parts = ask(client, fields)
    assert (status, set(parts)) == (200, {"tabs", "head", "head-2"})
    answer = changes(client, fields)
    assert answer.count("3 new</a>") == 1
    assert "<span>3 new</span>" in answer
    assert "Une" not in answer


def test_what_was_said_to_be_new_is_not_said_again(client: FlaskClient, context: Context) -> None:
    fields = seen(client, "/")
    publish(context, "Magalie", "Une")
    told = re.findall('name="seen" value="([^"]*)"', changes(client, fields))
    kinds = {field.split(".")[0] for field in told}
    kept = [field for field in fields if field.split(".")[0] not in kinds]
    others = [field for field in fields if field.startswith("box.") and ".2-" not in field]
    assert ask(client, [*told, *kept, *others])[0] == 204


def test_the_new_ones_are_shown_when_asked_for(client: FlaskClient, context: Context) -> None:
    publish(context, "Magalie", "Une")
    box = client.get("/sources/2/box", headers=HTMX).text
    assert box.index("Une") < box.index("Trois huiles")
    board = client.get("/pages/veille", headers=HTMX).text
    assert board.startswith('<div id="board"')
    assert '<div hx-swap-oob="true" class="head" id="head"' in board


def test_a_box_shown_since_is_not_counted_in_the_head_again(
    client: FlaskClient, context: Context
) -> None:
    fields = [field for field in seen(client, "/") if field.startswith("head.")]
    publish(context, "Magalie", "Une")
    upto = str(reading.board(context, None).upto)
    assert "1 new" in changes(client, fields)
    assert "1 new" not in changes(client, fields, shown=f"2-{upto}")


@pytest.mark.parametrize("shown", ["", "x", "2", "2-", "-2", "2-x", "99999999999999999999-1"])
def test_a_box_that_makes_no_sense_counts_for_nothing(
    client: FlaskClient, context: Context, shown: str
) -> None:
    fields = [field for field in seen(client, "/") if field.startswith("head.")]
    publish(context, "Magalie", "Une")
    assert "1 new" in changes(client, fields, shown=shown)


def test_all_read_goes_no_further_than_what_is_shown(
    client: FlaskClient, context: Context
) -> None:
    fields = seen(client, "/")
    before = str(reading.board(context, None).upto)
    publish(context, "Magalie", "Une")
    assert f'name="upto" value="{before}"' in changes(client, fields)


def test_lines_that_were_read_elsewhere_come_again(client: FlaskClient, context: Context) -> None:
    fields = seen(client, "/")
    reading.act(context, Act.READ, [entry_id(context, "Trois huiles pour l’hiver")])
    _, parts = ask(client, fields)
    assert set(parts) == {"tabs", "head", "head-2", "rows-2"}


def test_what_is_named_beyond_the_lines_counts_down(client: FlaskClient, context: Context) -> None:
    fields = seen(client, "/")
    assert "See the 2 other unread entries" in client.get("/").text
    reading.act(context, Act.READ, [entry_id(context, "Billet 1")])
    assert "See the other unread entry" in changes(client, fields)
    reading.act(context, Act.READ, [entry_id(context, "Billet 2")])
    assert "Open in the reader" in changes(client, fields).split('id="more-1"')[1]


def test_a_first_answer_takes_the_place_that_was_held(
    client: FlaskClient, context: Context
) -> None:
    page = client.get("/").text
    assert page.count("is-skeleton") == 8
    fields = seen(client, "/")
    publish(context, "Erick", "Bonjour")
    answer = changes(client, fields)
    assert re.search('class="box is-ok holds-place" id="box-4"', answer)
    assert "Bonjour" in answer


def test_a_source_that_fails_while_one_reads_changes_its_head_alone(
    client: FlaskClient, context: Context
) -> None:
    fields = seen(client, "/")
    set_source(context, "Magalie", **FAILING)
    _, parts = ask(client, fields)
    assert set(parts) == {"health", "head-2"}


def test_a_source_that_is_well_again_shows_no_trouble(
    client: FlaskClient, context: Context
) -> None:
    fields = seen(client, "/")
    set_source(context, "El annuaire", fault_code=None, **WELL)
    answer = changes(client, fields)
    assert 'id="box-3"' in answer
    assert "trouble" not in answer
