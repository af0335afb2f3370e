"""The list of all sources, and the acts that their rows and boxes offer."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from aggregator.domain.overview import Order, Show
from aggregator.services import following, reading, sources
from aggregator.services.context import Context
from aggregator.storage import tables
from tests.web.conftest import HTMX, OWN
from tests.web.world import FAILING, NOW, WELL, set_source

ASLEEP = {
    **WELL,
    "usual_gap_s": 3 * 24 * 3600,
    "dormant_from": NOW - timedelta(days=200),
    "last_entry_at": NOW - timedelta(days=258),
}


def listed(page: str) -> list[str]:
    """Name the sources of a page in its order."""
    return re.findall(r'class="row-link" data-goes href="[^"]*" dir="auto">([^<]*)<', page)


def row(page: str, source_id: int) -> str:
    """Cut out what the list says of one source."""
    page = " ".join(page.split())
    begin = page.index(f'id="listed-{source_id}"')
    return page[begin : page.find('<li class="row', begin)]


def test_each_source_is_listed_with_its_health_in_words(client: FlaskClient) -> None:
    page = client.get("/sources").text
    for words in ("up to date", "in error", "not checked yet"):
        assert words in page
    told = row(page, 3)
    assert "The feed is not at this address any more (404)" in told
    assert "In error since Nov 23 (2 d); the last good check was on Nov 22." in told
    assert listed(page)[0] == "El annuaire"


def test_each_row_leads_to_the_page_of_its_source(client: FlaskClient) -> None:
    assert 'data-goes href="/sources/3"' in row(client.get("/sources").text, 3)


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
    page = client.get("/sources").text
    assert "up to date" in row(page, 1)
    assert "Comments: The address of the comments gives something else" in row(page, 1)
    assert page.count("Comments: ") == 1


def test_one_that_sleeps_is_told_apart_from_one_that_fails(
    client: FlaskClient, context: Context
) -> None:
    set_source(context, "Magalie", **ASLEEP)
    told = row(client.get("/sources").text, 2)
    assert "asleep" in told
    assert "Nothing new since Mar 12; it used to publish about every 3 days." in told
    assert "The site answers well." in told
    assert "#moon" in told
    assert listed(client.get("/sources?show=asleep").text) == ["Magalie"]
    assert "Magalie" not in listed(client.get("/sources?show=trouble").text)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("order=name&show=all", ["El annuaire", "Erick", "Le blog de CWM", "Magalie"]),
        ("order=list", ["Le blog de CWM", "Magalie", "El annuaire", "Erick"]),
        ("order=rhythm", ["Le blog de CWM", "Magalie"]),
        ("show=trouble", ["El annuaire"]),
        ("show=no-purpose&order=name", ["El annuaire", "Erick", "Le blog de CWM", "Magalie"]),
        ("show=stopped", []),
        ("order=&show=&page=", ["El annuaire"]),
    ],
)
def test_the_address_says_which_sources_and_in_which_order(
    client: FlaskClient, query: str, names: Sequence[str]
) -> None:
    assert listed(client.get(f"/sources?{query}").text)[: len(names)] == names


def test_every_choice_and_every_order_is_a_plain_link(
    client: FlaskClient, context: Context
) -> None:
    set_source(context, "Magalie", **ASLEEP)
    set_source(context, "Philippe B", paused=True)
    set_source(context, "Rival", counted_since=NOW - timedelta(days=91))
    page = client.get("/sources").text
    for show in Show:
        wanted = "/sources" if show is Show.ALL else f"/sources?show={show}"
        assert f'id="show-{show}" href="{wanted}"' in page
        assert client.get(wanted).status_code == 200
    for order in Order:
        wanted = "/sources" if order is Order.TROUBLE else f"/sources?order={order}"
        assert f'id="order-{order}" href="{wanted}"' in page
        assert client.get(wanted).status_code == 200
    both = client.get("/sources?order=name&show=trouble").text
    assert 'id="show-asleep" href="/sources?order=name&amp;show=asleep"' in both


def test_a_choice_is_counted_and_one_that_would_show_nothing_is_not_offered(
    client: FlaskClient,
) -> None:
    page = " ".join(client.get("/sources").text.split())
    assert '<span>In trouble</span><span class="queue-count">1</span>' in page
    assert '<span>Without purpose</span><span class="queue-count">6</span>' in page
    assert "show-asleep" not in page
    assert "show-asleep" in client.get("/sources?show=asleep").text


def test_htmx_gets_the_list_alone(client: FlaskClient) -> None:
    part = client.get("/sources?show=trouble", headers=HTMX).text
    assert part.lstrip().startswith('<div class="listed" id="listed">')
    assert listed(part) == ["El annuaire"]


@pytest.mark.parametrize("query", ["order=worst", "show=me", "page=0", "page=-1", "page=x"])
def test_a_choice_that_does_not_exist_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/sources?{query}").status_code == 400


def test_of_many_a_hundred_are_listed_and_the_others_follow(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.services.health.PER_PAGE", 4)
    first = client.get("/sources?order=list").text
    assert len(listed(first)) == 4
    assert 'href="/sources?order=list&amp;page=2"' in first
    assert 'id="page-before"' not in first
    second = client.get("/sources?order=list&page=2").text
    assert listed(second) == ["Philippe B", "Rival"]
    assert 'id="page-before" href="/sources?order=list"' in second
    assert 'id="page-after"' not in second
    assert listed(client.get("/sources?order=list&page=99").text) == listed(second)


def test_the_list_is_kept_fresh_as_it_was_asked_for(client: FlaskClient) -> None:
    page = client.get("/sources?order=name&show=no-purpose").text
    seen = re.findall(r'value="(listed\.[^"]*)"', page)
    assert len(seen) == 1
    assert seen[0].startswith("listed.name:no-purpose:1.")
    assert client.get("/changes", query_string={"seen": seen[0]}).status_code == 204
    again = client.get("/changes?seen=listed.name:no-purpose:1.old").text
    assert listed(again) == listed(page)
    assert "next=/sources%3Forder%3Dname%26show%3Dno-purpose" in again


@pytest.mark.parametrize("argument", ["", "all", "worst:me:9", "name:all"])
def test_what_is_no_list_is_not_kept_fresh_or_is_its_first_page(
    client: FlaskClient, argument: str
) -> None:
    answer = client.get(f"/changes?seen=listed.{argument}.old")
    assert answer.status_code == (200 if argument == "name:all" else 204)


def test_who_asks_what_could_go_is_offered_to_stop_following(
    client: FlaskClient, context: Context
) -> None:
    set_source(context, "Magalie", counted_since=NOW - timedelta(days=91))
    told = row(client.get("/sources?show=unread").text, 2)
    assert "In the last 90 days 2 entries came, none was opened." in told
    assert 'href="/sources/2/retire?next=/sources%3Fshow%3Dunread"' in told
    assert "none was opened" not in client.get("/sources").text
    assert listed(client.get("/sources?show=unread").text) == ["Magalie"]


def test_what_was_stopped_says_why_and_offers_to_go_on(
    client: FlaskClient, context: Context
) -> None:
    set_source(context, "Erick", retired_since=date(2026, 11, 1), retired_why="<b>page fermée</b>")
    page = client.get("/sources?show=stopped").text
    assert listed(page) == ["Erick"]
    assert "&lt;b&gt;page fermée&lt;/b&gt;" in row(page, 4)
    assert 'formaction="/sources/4/resume"' in row(page, 4)
    assert "/sources/4/poll" not in row(page, 4)


def test_nothing_in_trouble_is_said(client: FlaskClient, context: Context) -> None:
    set_source(context, "El annuaire", **{**FAILING, **WELL, "fault_code": None})
    assert "No source is in trouble." in client.get("/sources?show=trouble").text


def test_an_empty_list_says_so(client: FlaskClient, context: Context) -> None:
    empty = "settings: {language: en}\nsources: []\n"
    context.settings.feeds_path.write_text(empty, encoding="utf-8")
    following.refresh(context, adopt=True)
    assert "No source is followed yet." in client.get("/sources").text


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


def test_a_source_costs_the_page_few_letters(client: FlaskClient, context: Context) -> None:
    page = client.get("/sources").text
    rows = page[page.index('<ul class="rows">') :]
    assert len(rows) / len(sources.list_sources(context)) < 3_500
