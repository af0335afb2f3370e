from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from aggregator.services import reading, sources
from aggregator.services.context import Context
from aggregator.storage import tables
from tests.web.conftest import HTMX, OWN
from tests.web.world import NOW


def test_each_source_is_listed_with_its_health_in_words(client: FlaskClient) -> None:
    page = client.get("/sources").text
    for words in ("up to date", "in error", "not checked yet", "Needs attention", "Working"):
        assert words in page
    assert "The feed is not at this address any more (404)" in page
    assert page.index("El annuaire") < page.index("Le blog de CWM")


def test_comments_that_cannot_be_read_are_said_below_their_source(
    client: FlaskClient, context: Context
) -> None:
    broken = {
        "source_id": 1,
        "url": "https://cwm.example.org/comments",
        "origin": "announced",
        "others": [],
        "host": "cwm.example.org",
        "asked_for": [],
        "last_polled_at": NOW,
        "last_success_at": NOW - timedelta(days=2),
        "failing_since": NOW - timedelta(hours=3),
        "next_poll_at": NOW + timedelta(hours=2),
        "fault_code": "not-comments",
        "fault_params": {},
    }
    with context.database.write() as session:
        session.execute(tables.comment_feeds.insert().values(broken))
    page = " ".join(client.get("/sources").text.split())
    source = page[page.index('id="listed-1"') :]
    source = source[: source.index("</li>")]
    assert "up to date" in source
    assert "Comments: The address of the comments gives something else" in source
    assert "comments checked" in source
    assert "Comments:" not in page.replace(source, "")


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


def test_of_a_long_group_the_first_are_listed_until_all_are_asked_for(
    client: FlaskClient, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.web.sources.listing.MOST_SHOWN", 1)
    part, whole = client.get("/sources").text, client.get("/sources?all=1").text
    assert whole.count('id="listed-') == len(sources.list_sources(context))
    assert part.count('id="listed-') == part.count('class="group"') < whole.count('id="listed-')
    assert 'href="/sources?all=1#group-' in part
    assert "?all=1#" not in whole


@pytest.mark.parametrize("argument", ["", "all"])
def test_the_list_stays_as_long_as_it_was_asked_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, argument: str
) -> None:
    monkeypatch.setattr("aggregator.web.sources.listing.MOST_SHOWN", 1)
    again = client.get(f"/changes?seen=listed.{argument}.old").text
    assert f'value="listed.{argument}.' in again
    assert ("?all=1#" in again) == (argument == "")


def test_a_source_costs_the_page_few_letters(client: FlaskClient, context: Context) -> None:
    page = client.get("/sources").text
    listed = page[page.index('<ul class="sources">') :]
    assert len(listed) / len(sources.list_sources(context)) < 3_500
