import pytest
from flask.testing import FlaskClient

from aggregator.services import reading
from aggregator.services.context import Context
from tests.web.conftest import HTMX, OWN
from tests.web.world import NOW


def test_each_source_is_listed_with_its_health_in_words(client: FlaskClient) -> None:
    page = client.get("/sources").text
    for words in ("up to date", "in error", "not checked yet", "Needs attention", "Working"):
        assert words in page
    assert "The feed is not at this address any more (404)" in page
    assert page.index("El annuaire") < page.index("Le blog de CWM")


def test_sources_of_hidden_pages_are_listed_too(client: FlaskClient) -> None:
    assert "Rival" in client.get("/sources").text


def test_a_source_is_asked_for_without_htmx(client: FlaskClient, context: Context) -> None:
    answer = client.post("/sources/3/poll", headers=OWN)
    assert (answer.status_code, answer.location) == (303, "/sources")
    assert "This source will be checked any moment now." in client.get("/sources").text
    due_at = reading.box(context, reading.board(context, None).boxes[2].source.id)
    assert due_at.source.next_poll_at == NOW


def test_a_source_just_read_waits_for_the_floor(client: FlaskClient) -> None:
    toast = client.post("/sources/1/poll", headers=HTMX)
    assert "This source will be checked in 1 min." in toast.text
    assert toast.headers["HX-Trigger-After-Swap"] == "changed"


def test_a_source_is_marked_as_read(client: FlaskClient, context: Context) -> None:
    upto = str(reading.board(context, None).upto)
    answer = client.post("/sources/1/read", data={"upto": upto}, headers=HTMX)
    assert "10 entries marked as read." in answer.text
    assert [box.source.unread for box in reading.board(context, None).boxes] == [0, 2, 1, 0]


def test_marking_a_source_without_htmx_goes_back_to_its_page(client: FlaskClient) -> None:
    form = {"upto": "99", "next": "/pages/blogs"}
    assert client.post("/sources/5/read", data=form, headers=OWN).location == "/pages/blogs"


@pytest.mark.parametrize("path", ["/sources/999/poll", "/sources/x/poll"])
def test_a_source_that_does_not_exist_cannot_be_asked_for(client: FlaskClient, path: str) -> None:
    assert client.post(path, headers=OWN).status_code == 404


@pytest.mark.parametrize("path", ["/sources/1/poll", "/sources/1/read"])
def test_sources_change_by_no_visit(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 405
