"""The page of a source: its state in sentences, its past, and every act it offers."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from aggregator.services import sources
from aggregator.services.context import Context
from aggregator.storage import tables
from tests.web.conftest import HTMX, OWN
from tests.web.test_sources import ASLEEP
from tests.web.world import FAILING, NOW, WELL, set_source


def told(client: FlaskClient, source_id: int) -> str:
    """Read what the page of a source says."""
    page = client.get(f"/sources/{source_id}")
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", page.text[page.text.index("<main") :]).split())


def poll(context: Context, **values: Any) -> None:
    """Write down a poll of the blog of CWM."""
    usual = {
        "source_id": 1,
        "polled_at": NOW - timedelta(minutes=4),
        "outcome": "unchanged",
        "http_status": 304,
        "bytes_received": 0,
        "took_ms": 120,
        "entries_new": 0,
        "entries_changed": 0,
    }
    with context.database.write() as session:
        session.execute(tables.polls.insert().values({**usual, **values}))


def test_a_good_source_says_so_and_when_it_is_checked_next_and_why(
    client: FlaskClient, context: Context
) -> None:
    set_source(context, "Le blog de CWM", **WELL, next_because="default")
    words = told(client, 1)
    assert "up to date All is well: it was checked 4 min ago." in words
    assert "Next check in 56 min: the usual time between two checks is 1 h." in words


def test_a_failing_source_says_what_since_when_the_last_good_and_the_next_try(
    client: FlaskClient, context: Context
) -> None:
    set_source(context, "El annuaire", **FAILING, next_because="failures")
    words = told(client, 3)
    assert "The feed is not at this address any more (404): look for its new one." in words
    assert "In error since Nov 23 (2 d). The last good check was on Nov 22," in words
    assert "Next check in 6 h: after each failure in a row more time is left" in words
    page = client.get("/sources/3").text
    assert 'action="/sources/3/look"' in page
    assert "is-bad" in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            {"next_poll_at": NOW + timedelta(minutes=2)},
            "What it gives comes with its first check.",
        ),
        ({**WELL, "last_took_ms": 14_200}, "It takes its time to answer: 14 s at the last check."),
        (ASLEEP, "Nothing new since Mar 12; it used to publish about every 3 days. The site"),
        ({**WELL, "paused": True}, "It is paused in feeds.yaml: it is not checked until you"),
        (
            {**WELL, "retired_since": date(2026, 11, 1), "retired_why": "page fermée"},
            "No longer followed since Nov 1. Why: page fermée. What came of it stays",
        ),
        (
            {**FAILING, "fault_code": "http-410", "http_status": 410, "next_poll_at": None},
            "It is not asked any more.",
        ),
    ],
)
def test_each_state_has_its_sentence(
    client: FlaskClient, context: Context, state: dict[str, Any], sentence: str
) -> None:
    set_source(context, "Erick", **state)
    assert sentence in told(client, 4)


def test_a_source_that_is_paused_or_stopped_can_go_on_and_is_not_polled(
    client: FlaskClient, context: Context
) -> None:
    for state in ({"paused": True}, {"paused": False, "retired_since": date(2026, 11, 1)}):
        set_source(context, "Erick", **WELL, **state)
        page = client.get("/sources/4").text
        assert 'action="/sources/4/resume"' in page
        assert 'action="/sources/4/poll"' not in page
        assert "Next check" not in page


def test_the_button_says_when_a_check_is_possible(client: FlaskClient, context: Context) -> None:
    assert "Check in 1 min" in told(client, 1)
    set_source(context, "Le blog de CWM", last_polled_at=NOW - timedelta(hours=1))
    assert "Check now" in told(client, 1)


def test_nearly_two_hours_are_told_as_two(client: FlaskClient, context: Context) -> None:
    for minutes, said in ((118, "in 2 h"), (1430, "in 1 d")):
        set_source(context, "Erick", next_poll_at=NOW + timedelta(minutes=minutes))
        assert f"Next check {said}" in told(client, 4)


def test_polls_are_listed_in_words_the_newest_first(client: FlaskClient, context: Context) -> None:
    poll(context, polled_at=NOW - timedelta(hours=3), outcome="changed", http_status=200,
         bytes_received=48_211, took_ms=2_400, entries_new=2, entries_changed=1)  # fmt: skip
    lost = {"outcome": "failed", "http_status": 404, "fault_code": "http-404", "fault_params": {}}
    poll(context, polled_at=NOW - timedelta(hours=2), **lost)
    poll(context, polled_at=NOW - timedelta(hours=1), **lost)
    poll(context)
    words = told(client, 1)
    assert "4 checks, 1 brought something, 2 failed." in words
    table = words[words.index("What came of it") :]
    assert re.search(
        r"4 min ago nothing new 304 – 120 ms – – "
        r"1 h ago The feed is not at this address any more \(404\): look for its new one\. 404 "
        r"– 120 ms – – 2 h ago failed, in the same way 404 – 120 ms – – "
        r"3 h ago 2 new entries 200 48 kB 2.4 s 2 1",
        table,
    )
    page = client.get("/sources/1").text
    assert page.count('class="stroke is-failed"') == 2
    assert page.count('class="stroke is-brought"') == 1


def test_no_more_than_thirty_polls_are_shown(client: FlaskClient, context: Context) -> None:
    for number in range(32):
        poll(context, polled_at=NOW - timedelta(hours=number + 1))
    assert "30 checks" in told(client, 1)


def test_a_lone_poll_is_drawn_as_narrow_as_one_of_thirty(
    client: FlaskClient, context: Context
) -> None:
    poll(context)
    page = client.get("/sources/1").text
    assert '<svg class="strip" viewBox="0 0 300 100"' in page
    assert '<rect class="stroke-ground" x="290"' in page


def test_the_rhythm_is_told_in_words_and_as_a_chart_with_its_table(client: FlaskClient) -> None:
    words = told(client, 1)
    assert "About 10 entries a week; the last one 3 h ago." in words
    assert words.count("week of November 23, 2026") == 2
    page = client.get("/sources/1").text
    assert len(re.findall(r'class="chart-slot"', page)) == 26


def test_weeks_before_the_first_entry_say_nothing_of_the_rhythm_later_ones_do(
    client: FlaskClient, context: Context
) -> None:
    entries = tables.entries
    with context.database.write() as session:
        of_it = select(func.min(entries.c.id)).where(entries.c.source_id == 1)
        first = update(entries).where(entries.c.id == of_it.scalar_subquery())
        session.execute(first.values(published_at=NOW - timedelta(days=99)))
    assert "About one entry every 10 days; the last one" in told(client, 1)


def test_to_stop_is_offered_for_what_nobody_opened_in_ninety_days_of_counting(
    client: FlaskClient, context: Context
) -> None:
    set_source(context, "Le blog de CWM", counted_since=NOW - timedelta(days=1))
    assert "Stop following it?" not in told(client, 1)
    set_source(context, "Le blog de CWM", counted_since=NOW - timedelta(days=91))
    assert "Stop following it?" in told(client, 1)


def test_what_a_source_is_used_for_is_told(client: FlaskClient, context: Context) -> None:
    words = told(client, 1)
    assert "In the last 90 days 10 entries came, none was opened." in words
    with context.database.write() as session:
        entries = tables.entries
        few = entries.c.source_id == 1
        session.execute(
            update(entries)
            .where(few, entries.c.id <= 4)
            .values(opened_at=NOW - timedelta(days=5), starred=entries.c.id == 1)
        )
        counted = update(tables.sources).values(counted_since=NOW - timedelta(days=9))
        session.execute(counted)
    words = told(client, 1)
    assert "In the last 90 days 10 entries came, 4 were opened, 1 is kept." in words
    assert "You opened the last one 5 d ago. What is opened is counted since Nov 16." in words


def test_what_decides_the_next_check_is_told(client: FlaskClient, context: Context) -> None:
    set_source(
        context,
        "Le blog de CWM",
        next_because="ttl",
        hints={"ttl_s": 7200, "skip_hours": [0, 1, 2, 22, 23], "skip_days": [6]},
        fresh_s=900,
    )
    words = told(client, 1)
    assert "What you wish nothing: every hour, as usual" in words
    assert "Never more often than every 15 min" in words
    assert "The feed asks for 2 h between two checks" in words
    assert "Its answer stays good for 15 min" in words
    assert "Left alone between 11:00 PM and 4:00 AM" in words.replace("\u202f", " ")
    assert "Left alone on Sunday" in words
    assert "This time the feed itself asks for 2 h between two checks" in words


def test_where_it_stands_and_what_was_noticed_is_told(
    client: FlaskClient, context: Context
) -> None:
    set_source(context, "Le blog de CWM", remarks=["<b>No dates.</b>"])
    page = client.get("/sources/1").text
    assert "feeds.yaml:10</code>" in page
    assert "&lt;b&gt;No dates.&lt;/b&gt;" in page


def test_a_sample_is_shown_as_it_came_and_never_as_a_page(
    client: FlaskClient, context: Context
) -> None:
    sample = {
        "source_id": 1,
        "fetched_at": NOW,
        "url": "https://cwm.example.org/rss",
        "content_type": "application/rss+xml",
        "size": 48_211,
        "body": b"<rss><script>alert(1)</script>",
    }
    with context.database.write() as session:
        session.execute(tables.samples.insert().values(sample))
    page = client.get("/sources/1").text
    shown = page[page.index('id="sample"') :]
    assert "&lt;rss&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in page
    assert "application/rss+xml" in shown
    assert "48 kB in all" in shown


def test_a_source_that_is_not_there_has_no_page(client: FlaskClient) -> None:
    assert client.get("/sources/999").status_code == 404
    assert client.get("/sources/x").status_code == 404
    assert client.post("/sources/1", headers=OWN).status_code == 405


def test_the_page_is_kept_fresh(client: FlaskClient, context: Context) -> None:
    page = client.get("/sources/1").text
    seen = [each for each in re.findall(r'name="seen" value="([^"]*)"', page) if "." in each]
    ours = [each for each in seen if each.startswith(("source.1.", "course.1."))]
    assert len(ours) == 2
    assert client.get("/changes", query_string={"seen": ours}).status_code == 204
    set_source(context, "Le blog de CWM", paused=True)
    poll(context)
    again = client.get("/changes", query_string={"seen": ours}).text
    assert 'id="source-state"' in again
    assert 'id="source-course"' in again
    for gone in ("source.999.x", "course.y.x"):
        assert client.get("/changes", query_string={"seen": gone}).status_code == 204


def test_comment_feeds_are_told_with_their_state(client: FlaskClient, context: Context) -> None:
    assert "No feed of its comments is known." in told(client, 1)
    feed = {
        "source_id": 1,
        "url": "https://cwm.example.org/comments",
        "origin": "announced",
        "others": [],
        "host": "cwm.example.org",
        "asked_for": [],
        "last_polled_at": NOW - timedelta(minutes=9),
        "last_success_at": NOW - timedelta(minutes=9),
        "next_poll_at": NOW + timedelta(hours=2),
    }
    with context.database.write() as session:
        session.execute(tables.comment_feeds.insert().values(feed))
    words = told(client, 1)
    assert "Of the whole site checked 9 min ago · next in 2 h" in words


def test_its_pictures_are_shown_always_or_no_longer(client: FlaskClient, context: Context) -> None:
    form = {"images": "allow", "next": "/sources/1"}
    assert client.post("/sources/1/images", data=form, headers=OWN).location == "/sources/1"
    assert sources.list_sources(context)[0].shows_images
    page = client.get("/sources/1").text
    assert 'id="pictures" aria-pressed="true"' in page
    assert 'name="images" value="forbid"' in page


def test_the_trouble_of_a_box_leads_to_the_page_of_its_source(client: FlaskClient) -> None:
    page = client.get("/pages/veille").text
    assert 'class="fresh is-bad" id="trouble-3" href="/sources/3"' in page
    assert page.count('href="/sources/3"') == 3
    assert 'id="health" href="/sources?show=trouble"' in page


def test_the_list_of_a_source_in_the_reader_leads_to_its_page(client: FlaskClient) -> None:
    assert 'id="to-source" href="/sources/1"' in client.get("/read/source/1").text
    assert "to-source" not in client.get("/read").text


def test_a_check_asked_for_on_the_page_leads_back_to_it(client: FlaskClient) -> None:
    form = {"next": "/sources/1"}
    assert client.post("/sources/1/poll", data=form, headers=OWN).location == "/sources/1"
    assert "This source will be checked" in client.post("/sources/1/poll", headers=HTMX).text
