"""How sources are doing, looked at closely: the page of one, and the list of all."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from aggregator.domain.boards import Act
from aggregator.domain.health import Sample, SourceSheet
from aggregator.domain.overview import Order, Show
from aggregator.domain.schedule import Outcome
from aggregator.domain.sources import CommentsState, SourceId, SourceState, state_of
from aggregator.errors import NotFoundError
from aggregator.services import health, housekeeping, reading, sources
from aggregator.storage import tables
from tests.scripted_server import Answer
from tests.world import NOW, World, feed, item


def sheet(world: World, number: int = 0) -> SourceSheet:
    return health.sheet(world.context, world.sources()[number].id)


def names(world: World, order: Order = Order.TROUBLE, show: Show = Show.ALL) -> list[str]:
    shown = health.overview(world.context, order=order, show=show)
    return [line.health.url.rpartition("/")[2] for line in shown.lines]


def set_source(world: World, url: str, **values: object) -> None:
    with world.context.database.write() as session:
        here = tables.sources.c.url == url
        session.execute(update(tables.sources).where(here).values(**values))


def sample(world: World) -> Sample:
    found = sheet(world).sample
    assert found is not None
    return found


def test_the_page_of_a_source_tells_of_its_last_polls(world: World) -> None:
    url = world.web.answer("/rss", feed(item(1), item(2)), Answer(status=500))
    world.follow(url)
    world.poll()
    world.poll(hours=2)
    failed, first = sheet(world).polls
    assert (first.outcome, first.http_status, first.entries_new) == (Outcome.CHANGED, 200, 2)
    assert first.bytes_received > 0
    assert failed.polled_at == world.clock()
    assert failed.fault is not None
    assert (failed.outcome, failed.fault.code) == (Outcome.FAILED, "http-error")
    assert failed.fault.params["status"] == 500


def test_no_more_than_thirty_polls_are_told(world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    for _ in range(31):
        world.poll(hours=30)
    assert len(sheet(world).polls) == 30


def test_entries_are_counted_by_week_from_monday_here(world: World) -> None:
    world.follow(world.publish("/rss", *(item(number) for number in range(1, 5))))
    world.poll()
    # 25 October 2026 is a Sunday; in Paris its last hour is Monday already for UTC's 23:00
    moments = ("2026-10-25T22:30", "2026-10-25T23:30", "2026-10-26T08:00", "2026-11-25T08:00")
    with world.context.database.write() as session:
        for entry_id, moment in enumerate(moments, 1):
            at = NOW.fromisoformat(f"{moment}+00:00")
            here = tables.entries.c.id == entry_id
            session.execute(update(tables.entries).where(here).values(published_at=at))
    weeks = sheet(world).rhythm
    assert (len(weeks), weeks[-1]) == (26, (date(2026, 11, 23), 1))
    assert {day: count for day, count in weeks if count} == {
        date(2026, 10, 19): 1,
        date(2026, 10, 26): 2,
        date(2026, 11, 23): 1,
    }


def test_use_counts_what_was_opened_or_kept_once(world: World) -> None:
    world.follow(world.publish("/rss", *(item(number) for number in range(1, 6))))
    world.poll()
    one, two, three, *_ = (entry.id for entry in world.entries())
    reading.note_opened(world.context, one)
    reading.note_opened(world.context, two)
    reading.act(world.context, Act.STAR, [two, three])
    reading.mark_all_read(world.context, upto=one)
    use = sheet(world).use
    assert (use.arrived, use.opened, use.starred, use.used) == (5, 2, 2, 3)
    assert (use.last_opened_at, use.counted_since) == (world.clock(), NOW)
    world.clock.go_on(days=91)
    later = sheet(world).use
    assert (later.arrived, later.opened, later.starred, later.used) == (0, 0, 0, 0)
    assert later.last_opened_at == NOW


def test_how_the_last_body_began_is_kept_as_text(world: World) -> None:
    world.follow(world.publish("/rss", item(1, "\u202eété")))
    world.poll()
    kept = sample(world)
    assert kept.text.startswith('<?xml version="1.0" encoding="utf-8"?><rss version="2.0" ')
    assert "⟨U+202E⟩été" in kept.text
    assert (kept.fetched_at, kept.url) == (NOW, world.sources()[0].url)
    assert (kept.content_type, kept.size) == ("application/rss+xml", len(kept.text.encode()) - 9)


def test_a_body_that_cannot_be_read_is_kept_and_one_that_is_the_same_is_not(
    world: World,
) -> None:
    html = Answer(body=b"<html>\x00Sorry</html>", headers=(("Content-Type", "text/html"),))
    world.web.answer("/rss", feed(item(1)), feed(item(1)), html, Answer(status=500))
    world.follow(world.web.url("/rss"))
    world.poll()
    world.poll(hours=2)
    assert sample(world).fetched_at == NOW
    world.poll(hours=2)
    assert (sample(world).text, sample(world).size) == ("<html>␀Sorry</html>", 19)
    world.poll(hours=30)
    assert sample(world).text == "<html>␀Sorry</html>"


def test_a_long_body_is_cut_and_its_size_is_told(world: World) -> None:
    world.follow(world.publish("/rss", item(1, text="mot " * 10_000)))
    world.poll()
    assert len(sample(world).text) == 8_192
    assert sample(world).size > 40_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_secret_is_in_no_sample_whatever_its_encoding(world: World, encoding: str) -> None:
    secret = "s3cr&t-Ké"
    context = replace(world.context, environment={"KEY": secret})
    text = f"<html>{secret} s3cr&amp;t-Ké {'x' * 9_000}</html>"
    world.web.answer("/s3cr&t-K%C3%A9", Answer(body=text.encode(encoding)))
    hidden = replace(world, context=context)
    hidden.follow(f"{world.web.url('/')}${{KEY}}")
    hidden.poll()
    kept = sample(hidden)
    assert "s3cr" not in kept.text.replace("␀", "")
    assert "s3cr" not in kept.url
    assert "KEY" in kept.text.replace("␀", "")


def test_what_a_document_remarked_and_asked_for_is_told(world: World) -> None:
    document = feed(item(1)).body.replace(b"<channel>", b"<channel><ttl>120</ttl>")
    world.web.answer("/rss", Answer(body=document))
    world.follow(world.web.url("/rss"))
    world.poll()
    set_source(world, world.web.url("/rss"), remarks=["a character is not allowed"])
    told = sheet(world)
    assert told.remarks == ("a character is not allowed",)
    assert told.hints.ttl_s == 7200


def test_comment_feeds_are_told_with_their_articles_and_those_in_trouble_first(
    world: World,
) -> None:
    world.follow(world.publish("/rss", item(1), item(2)))
    world.poll()
    rows: list[dict[str, Any]] = [
        {"url": "http://cwm.example/1/feed", "entry_id": 1, "fault_code": None},
        {"url": "http://cwm.example/2/feed", "entry_id": 2, "fault_code": "http-404"},
        {"url": "http://cwm.example/comments", "entry_id": None, "fault_code": None},
    ]
    common = {
        "source_id": 1,
        "origin": "announced",
        "others": [],
        "host": "cwm.example",
        "asked_for": [],
        "last_polled_at": NOW,
    }
    with world.context.database.write() as session:
        session.execute(insert(tables.comment_feeds), [row | common for row in rows])
    told = sheet(world)
    assert [(one.entry_title, one.state) for one in told.comment_feeds] == [
        (None, CommentsState.OK),
        ("Article 2", CommentsState.FAILING),
        ("Article 1", CommentsState.OK),
    ]
    assert told.comment_feed_count == 3
    assert told.health.comments.url == "http://cwm.example/comments"


def test_a_source_that_gives_what_another_gives_is_told(world: World) -> None:
    first, second = world.publish("/a", item(1)), world.publish("/b", item(1))
    world.follow(first, second, world.publish("/c", item(2)))
    world.poll()
    assert [one.url for one in sheet(world, 0).duplicates] == [second]
    assert sheet(world, 2).duplicates == ()
    assert names(world, show=Show.TROUBLE) == ["a", "b"]


def test_only_what_is_followed_has_a_page(world: World) -> None:
    with pytest.raises(NotFoundError):
        health.sheet(world.context, SourceId(99))


def test_a_source_falls_asleep_by_its_own_rhythm_and_is_counted_so(world: World) -> None:
    world.follow(world.publish("/rss", item(1), item(2), item(3)))
    world.poll()
    (source,) = world.sources()
    assert source.usual_gap_s == 3600
    assert source.dormant_from == source.last_entry_at + timedelta(days=10)  # type: ignore[operator]
    assert state_of(source, now=NOW) is SourceState.DORMANT
    assert sources.health(world.context).states == {SourceState.DORMANT: 1}
    assert sources.health(world.context).up_to_date == 1
    assert names(world, show=Show.ASLEEP) == ["rss"]
    newest = item(24 * 30 - 1)
    world.publish("/rss", item(1), item(2), item(3), newest)
    world.poll(hours=25)
    assert names(world, show=Show.ASLEEP) == []


def test_an_older_database_learns_rhythms_when_the_house_is_kept(world: World) -> None:
    url = world.publish("/rss", item(1), item(2), item(3))
    world.follow(url)
    world.poll()
    set_source(world, url, dormant_from=None, usual_gap_s=None, counted_since=None)
    housekeeping.keep(world.context)
    (source,) = world.sources()
    assert source.usual_gap_s == 3600
    assert sheet(world).use.counted_since == NOW


def test_all_sources_are_listed_by_trouble_unless_asked_otherwise(world: World) -> None:
    world.web.answer("/gone", Answer(status=410))
    world.web.answer("/bad", Answer(status=500))
    world.publish("/good", item(700))
    world.follow(*(world.web.url(path) for path in ("/good", "/bad", "/gone")))
    world.poll()
    assert names(world) == ["gone", "bad", "good"]
    assert names(world, Order.LIST) == ["good", "bad", "gone"]
    shown = health.overview(world.context)
    assert [line.state for line in shown.lines] == [
        SourceState.GONE,
        SourceState.FAILING,
        SourceState.OK,
    ]
    assert shown.counts == {
        Show.ALL: 3,
        Show.TROUBLE: 2,
        Show.ASLEEP: 0,
        Show.UNREAD: 0,
        Show.NO_PURPOSE: 3,
        Show.STOPPED: 0,
    }
    assert shown.counted_since == NOW


def test_what_nobody_reads_is_told_after_ninety_days_of_counting(world: World) -> None:
    world.follow(world.publish("/a", item(1)), world.publish("/b", item(2)))
    world.poll()
    assert names(world, show=Show.UNREAD) == []
    world.clock.go_on(days=91)
    assert names(world, show=Show.UNREAD) == ["a", "b"]
    reading.note_opened(world.context, world.entries()[0].id)
    assert names(world, show=Show.UNREAD) == ["a"]
    assert names(world, Order.USEFULNESS) == ["b", "a"]


def test_a_hundred_sources_make_a_page(world: World) -> None:
    world.follow(*(f"https://cwm.example/{number}" for number in range(205)))
    pages = [health.overview(world.context, order=Order.LIST, page=page) for page in (1, 3, 9, 0)]
    assert [(len(one.lines), one.page, one.pages, one.total) for one in pages] == [
        (100, 1, 3, 205),
        (5, 3, 3, 205),
        (5, 3, 3, 205),
        (100, 1, 3, 205),
    ]
    assert pages[1].lines[0].health.url == "https://cwm.example/200"
    assert health.overview(world.context, show=Show.ASLEEP).pages == 1
