"""Polling: what is due is asked, read and stored; one source's trouble is its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aggregator.domain.boards import Act
from aggregator.domain.changes import Changes
from aggregator.domain.items import EntryId
from aggregator.domain.schedule import Outcome
from aggregator.domain.sources import SourceState, state_of
from aggregator.errors import NotFoundError
from aggregator.services import polling, reading
from aggregator.storage import claims, entries
from aggregator.storage.engine import Session
from aggregator.storage.tables import polls
from tests.scripted_server import Answer, Asked
from tests.world import World, feed, item


def test_a_first_poll_stores_the_entries_newest_first(world: World) -> None:
    world.follow(world.publish("/rss", item(1), item(3), item(2)))
    summary = world.poll()
    assert (summary.polled, summary.count(Outcome.CHANGED), summary.entries_new) == (1, 1, 3)
    assert world.titles() == ["Article 3", "Article 2", "Article 1"]


def test_an_entry_seen_twice_is_stored_once(world: World) -> None:
    world.follow(world.publish("/rss", item(1), item(2)))
    world.poll()
    world.publish("/rss", item(1), item(2), item(3))
    summary = world.poll(hours=2)
    assert (summary.entries_new, summary.entries_changed) == (1, 0)
    assert len(world.entries()) == 3


def test_an_edited_entry_is_updated_and_keeps_its_id_and_its_mark(world: World) -> None:
    world.follow(world.publish("/rss", item(1, "Avant")))
    world.poll()
    before = world.entries()[0]
    reading.act(world.context, Act.READ, [before.id])
    world.publish("/rss", item(1, "Après", text="Un autre texte."))
    summary = world.poll(hours=2)
    after = world.entries()[0]
    assert (summary.entries_new, summary.entries_changed) == (0, 1)
    assert (after.id, after.title, after.read) == (before.id, "Après", True)
    assert after.published_at == before.published_at


def test_an_entry_that_vanished_from_its_feed_is_kept(world: World) -> None:
    world.follow(world.publish("/rss", item(1), item(2)))
    world.poll()
    world.publish("/rss", item(2))
    world.poll(hours=2)
    assert world.titles() == ["Article 2", "Article 1"]


def test_a_new_guid_for_the_same_article_makes_no_second_entry(world: World) -> None:
    world.follow(world.publish("/rss", item(1), item(2)))
    world.poll()
    world.publish("/rss", item(1).replace("article-1", "moved-1"), item(2))
    assert world.poll(hours=2).entries_new == 0
    world.publish("/rss", item(1).replace("article-1", "moved-1"), item(2), item(3))
    assert world.poll(hours=4).entries_new == 1
    assert [entry.key for entry in world.entries()] == ["article-3", "article-2", "moved-1"]


def test_comment_counts_grow_without_the_entry_counting_as_changed(world: World) -> None:
    count = "<slash:comments>{}</slash:comments>".format
    world.follow(world.publish("/rss", item(1, more=count(2))))
    world.poll()
    world.publish("/rss", item(1, more=count(5)))
    summary = world.poll(hours=2)
    assert summary.entries_changed == 0
    assert world.entries()[0].comment_count == 5


def test_validators_come_back_byte_for_byte_and_a_304_leaves_all_as_it_was(world: World) -> None:
    headers = (("ETag", 'W/"a b"'), ("Last-Modified", "Sunday, 06-Nov-94 08:49:37 GMT"))

    def answer(asked: Asked) -> Answer:
        if asked.header("If-None-Match"):
            return Answer(status=304)
        return feed(item(1), headers=headers)

    world.follow(world.web.answer("/rss", answer))
    world.poll()
    for _ in range(3):
        summary = world.poll(hours=2)
        assert summary.count(Outcome.UNCHANGED) == 1
        asked = world.web.asked[-1]
        assert asked.header("If-None-Match") == 'W/"a b"'
        assert asked.header("If-Modified-Since") == "Sunday, 06-Nov-94 08:49:37 GMT"
    assert len(world.entries()) == 1


def test_the_same_body_again_is_not_read_but_its_new_validators_are_kept(world: World) -> None:
    address = world.web.answer(
        "/rss",
        feed(item(1), headers=(("ETag", '"one"'),)),
        feed(item(1), headers=(("ETag", '"two"'),)),
    )
    world.follow(address)
    world.poll()
    assert world.poll(hours=2).count(Outcome.UNCHANGED) == 1
    world.poll(hours=2)
    assert world.web.asked[-1].header("If-None-Match") == '"two"'


def test_validators_of_a_body_that_cannot_be_read_are_not_kept(world: World) -> None:
    broken = Answer(body=b"<rss><channel><item>", headers=(("ETag", '"broken"'),))
    world.follow(world.web.answer("/rss", Answer(body=b"not a feed", headers=broken.headers)))
    assert world.poll().count(Outcome.FAILED) == 1
    world.publish("/rss", item(1))
    assert world.poll(hours=30).entries_new == 1
    assert world.web.asked[-1].header("If-None-Match") is None


def test_a_site_gives_its_feed_which_is_then_asked_directly(world: World) -> None:
    world.publish("/flux.xml", item(1))
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/flux.xml">'
    site = world.web.answer("/", Answer(body=page, headers=(("Content-Type", "text/html"),)))
    world.follow(site)
    assert world.poll().entries_new == 1
    world.poll(hours=2)
    assert world.web.paths == ["/", "/flux.xml", "/flux.xml"]
    assert world.sources()[0].feed_url == world.web.url("/flux.xml")
    assert world.sources()[0].url == site


def test_a_password_opens_the_site_and_its_feed_and_is_never_stored(world: World) -> None:
    def guarded(answer: Answer) -> Callable[[Asked], Answer]:
        return lambda asked: answer if asked.header("Authorization") else Answer(status=401)

    page = b'<link rel="alternate" type="application/rss+xml" href="/flux.xml">'
    site = world.web.answer("/", guarded(Answer(body=b"<html><head>" + page)))
    world.web.answer("/flux.xml", guarded(feed(item(1))))
    world.follow(site.replace("://", "://cwm:s3cret@"))
    assert world.poll().entries_new == 1
    assert world.poll(hours=2).count(Outcome.UNCHANGED) == 1
    assert (world.sources()[0].url, world.sources()[0].feed_url) == (
        site,
        world.web.url("/flux.xml"),
    )


def test_a_page_that_announces_no_feed_is_said_in_words(world: World) -> None:
    world.follow(world.web.answer("/", Answer(body=b"<html><body>Bonjour</body></html>")))
    report = world.poll().sources[0]
    assert report.fault
    assert report.fault.code == "not-a-feed"


def test_one_failing_source_stops_no_other(world: World) -> None:
    good = world.publish("/rss", item(1))
    world.follow(
        world.web.answer("/500", Answer(status=500)),
        good,
        world.web.answer("/endless", Answer(body=b"<rss>" * 999, endless=True)),
        world.web.answer("/cut", Answer(body=b"x" * 500, cut_after=10)),
        "http://127.0.0.1:1/refused",
    )
    summary = world.poll()
    assert {report.fault.code for report in summary.sources if report.fault} == {
        "http-error",
        "too-large",
        "disconnected",
        "refused",
    }
    assert summary.entries_new == 1


def test_a_document_that_cannot_be_stored_keeps_no_other_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = entries.apply

    def refuse_some(session: Session, *, changes: Changes, **given: Any) -> tuple[EntryId, ...]:
        if any("indigeste" in item.title for item in changes.new):
            raise OverflowError
        return apply(session, changes=changes, **given)

    monkeypatch.setattr(entries, "apply", refuse_some)
    bad = world.publish("/bad", item(7, "Un article indigeste"))
    world.follow(world.publish("/a", item(1)), bad, world.publish("/b", item(2)))
    summary = world.poll()
    assert summary.entries_new == 2
    assert [(r.url, r.fault.code) for r in summary.sources if r.fault] == [(bad, "internal")]
    monkeypatch.undo()
    assert world.poll(hours=3).entries_new == 1


def test_a_source_that_fails_keeps_its_entries_and_recovers(world: World) -> None:
    address = world.publish("/rss", item(1))
    world.follow(address)
    world.poll()
    world.web.answer("/rss", Answer(status=503))
    world.poll(hours=2)
    failing_since = world.clock.now
    world.poll(hours=5)
    source = world.sources()[0]
    assert state_of(source, now=world.clock()) is SourceState.FAILING
    assert (source.failures, source.failing_since, source.entries) == (2, failing_since, 1)
    world.publish("/rss", item(1), item(2))
    world.poll(hours=30)
    source = world.sources()[0]
    assert state_of(source, now=world.clock()) is SourceState.OK
    assert (source.failures, source.failing_since, source.fault) == (0, None, None)


def test_nothing_is_asked_before_it_is_due(world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    assert world.poll(minutes=59).polled == 0
    assert world.poll(minutes=7).polled == 1


def test_retry_after_is_obeyed_even_when_forced(world: World) -> None:
    headers = (("Retry-After", "7200"),)
    world.follow(world.web.answer("/rss", Answer(status=429, headers=headers)))
    world.poll()
    world.clock.go_on(minutes=110)
    assert polling.poll_due(world.context, force=True).polled == 0
    world.clock.go_on(minutes=11)
    assert polling.poll_due(world.context, force=True).polled == 1


def test_a_feed_that_is_gone_is_asked_twice_and_then_no_more(world: World) -> None:
    world.follow(world.web.answer("/rss", Answer(status=410)))
    world.poll()
    assert world.poll(hours=23).polled == 0
    assert world.poll(hours=4).polled == 1
    assert world.poll(days=90).polled == 0
    assert polling.poll_due(world.context, force=True).polled == 0
    assert state_of(world.sources()[0], now=world.clock()) is SourceState.GONE


@pytest.mark.parametrize("line", ["paused: true", "retired: {since: 2026-11-01, why: fini}"])
def test_a_paused_or_retired_source_is_never_asked(world: World, line: str) -> None:
    url = world.publish("/rss", item(1))
    world.follow(text=f"sources:\n  - url: {url}\n    {line}\n")
    assert polling.poll_due(world.context, force=True).polled == 0
    assert polling.poll_source(world.context, url).sources[0].outcome is Outcome.SKIPPED
    assert world.web.asked == []


def test_force_polls_every_source_once(world: World) -> None:
    world.follow(*(world.publish(f"/{name}", item(1)) for name in "abc"))
    world.poll()
    world.clock.go_on(seconds=1)
    assert polling.poll_due(world.context, force=True).polled == 3
    assert len(world.web.asked) == 6


def test_a_poll_that_failed_tells_how_long_it_took(world: World) -> None:
    world.follow(world.web.answer("/rss", Answer(status=404, delay_s=0.05)))
    world.poll()
    with world.context.database.read() as session:
        assert session.execute(select(polls.c.took_ms)).scalar_one() >= 50


def test_one_source_is_polled_when_asked_but_not_within_the_manual_floor(world: World) -> None:
    address = world.publish("/rss", item(1))
    world.follow(address)
    world.poll()
    world.clock.go_on(minutes=4)
    skipped = polling.poll_source(world.context, address)
    assert (skipped.polled, skipped.sources[0].outcome) == (0, Outcome.SKIPPED)
    world.clock.go_on(minutes=2)
    assert polling.poll_source(world.context, address).polled == 1


def test_an_unknown_source_is_refused_in_words(world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    with pytest.raises(NotFoundError):
        polling.poll_source(world.context, "http://elsewhere.example/")


def test_the_manual_floor_of_thirty_clicks_is_one_request(world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    world.clock.go_on(minutes=1)
    source = world.sources()[0]
    moments = {polling.ask_for_poll(world.context, source.id) for _ in range(30)}
    assert moments == {world.clock.now + timedelta(minutes=4)}
    assert world.poll().polled == 0
    assert world.poll(minutes=4).polled == 1


def test_sources_of_a_host_that_another_process_asks_are_left_to_it(world: World) -> None:
    world.follow(world.publish("/rss", item(1)), world.publish("/b", item(2)))
    with world.context.database.write() as session:
        due = claims.claim_due(
            session, now=world.clock.now, holder="elsewhere:7", most=1, busy_hosts=()
        )
        claims.hold(session, due, now=world.clock.now, holder="elsewhere:7")
    assert world.poll().polled == 0
    assert world.poll(minutes=16).polled == 2


def test_a_hidden_value_reaches_the_site_and_is_never_stored(world: World) -> None:
    context = replace(world.context, environment={"CWM_KEY": "s3cret"})
    hidden = World(context=context, clock=world.clock, web=world.web, feeds=world.feeds)
    hidden.publish("/rss?key=s3cret", item(1))
    hidden.follow(f"{world.web.url('/rss')}?key=${{CWM_KEY}}")
    assert hidden.poll().entries_new == 1
    assert world.web.paths == ["/rss?key=s3cret"]
    source = hidden.sources()[0]
    assert source.feed_url == f"{world.web.url('/rss')}?key=${{CWM_KEY}}"
    stored = world.context.database.path.read_bytes()
    wal = world.context.database.path.with_name("veille.db-wal")
    assert b"s3cret" not in stored + (wal.read_bytes() if wal.exists() else b"")


def test_an_undefined_secret_faults_its_source_only(world: World) -> None:
    world.follow(world.web.url("/rss?key=${NOWHERE}"), world.publish("/b", item(1)))
    summary = world.poll()
    assert summary.entries_new == 1
    assert [r.fault.code for r in summary.sources if r.fault] == ["secret-missing"]


def test_a_clock_that_was_a_day_ahead_keeps_nobody_from_polling(world: World) -> None:
    url = world.publish("/rss", item(1))
    world.follow(url)
    world.poll(hours=24)
    world.clock.go_on(days=-1)
    assert polling.poll_source(world.context, url).polled == 1
    assert polling.poll_source(world.context, url).polled == 0
    world.clock.go_on(days=-1)
    assert polling.poll_due(world.context, force=True).polled == 1
    assert polling.poll_due(world.context).polled == 0
