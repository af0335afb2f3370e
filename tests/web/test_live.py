"""What has changed on a page is asked for at once, and comes in pieces."""

import re

import pytest
from flask.testing import FlaskClient

from aggregator.domain.boards import Act
from aggregator.services import following, reading
from aggregator.services.context import Context
from tests.web.conftest import HTMX
from tests.web.world import FEEDS, entry_id


def seen(client: FlaskClient, path: str) -> list[str]:
    """Find what the parts of a page say that they show."""
    return re.findall('name="seen" value="([^"]*)"', client.get(path).text)


def ask(client: FlaskClient, fields: list[str]) -> tuple[int, list[str]]:
    """Ask what has changed; give the status and the ids of the parts that came."""
    answer = client.get("/changes", query_string={"seen": fields}, headers=HTMX)
    parts = re.findall(r'<\w+ hx-swap-oob="true"[^>]* id="([^"]*)"', answer.text)
    return answer.status_code, parts


@pytest.mark.parametrize("path", ["/", "/pages/blogs", "/sources", "/search", "/entries/1"])
def test_nothing_comes_while_nothing_changes(client: FlaskClient, path: str) -> None:
    fields = seen(client, path)
    assert {field.split(".")[0] for field in fields} >= {"tabs", "health", "banner"}
    assert ask(client, fields) == (204, [])


def test_what_changed_comes_and_nothing_else(client: FlaskClient, context: Context) -> None:
    fields = seen(client, "/")
    reading.act(context, Act.READ, [entry_id(context, "Billet 9")])
    status, parts = ask(client, fields)
    assert (status, set(parts) & {"tabs", "head", "health", "banner"}) == (200, {"tabs", "head"})
    assert any(part.endswith("1") for part in parts)
    assert not any(part.endswith("2") for part in parts)


def test_a_box_whose_source_has_gone_goes_too(client: FlaskClient, context: Context) -> None:
    fields = [field for field in seen(client, "/") if field.startswith("box.")]
    context.settings.feeds_path.write_text(
        FEEDS.replace("magalie.example.org", "moved.example.org"), "utf-8"
    )
    following.refresh(context, adopt=True)
    answer = client.get("/changes", query_string={"seen": fields}, headers=HTMX)
    assert '<div id="box-2" hx-swap-oob="delete"></div>' in answer.text


def test_a_bad_edit_is_said_without_a_reload(client: FlaskClient, context: Context) -> None:
    fields = seen(client, "/")
    context.settings.feeds_path.write_text(FEEDS.replace("name: Erick", "nom: Erick"), "utf-8")
    following.refresh(context, adopt=True)
    assert ask(client, fields) == (200, ["banner"])


def test_a_page_that_left_the_list_is_no_failure(client: FlaskClient) -> None:
    assert ask(client, ["head.nowhere.0", "actions.999.0", "actions.x.0"]) == (204, [])


@pytest.mark.parametrize("field", ["", "box", "box..", "box.x.0", "nothing.1.0", "a.b.c.d", "…"])
def test_what_makes_no_sense_is_no_failure(client: FlaskClient, field: str) -> None:
    assert ask(client, [field])[0] in {200, 204}


def test_state_is_never_changed_by_asking(client: FlaskClient) -> None:
    assert client.post("/changes", headers=HTMX).status_code == 405
