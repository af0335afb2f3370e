"""What was planned and is forbidden meanwhile is not asked, and nobody takes it for a failure."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from aggregator.domain.health import ProposalKind
from aggregator.domain.polls import HostPause
from aggregator.domain.schedule import Outcome
from aggregator.errors import FetchError, HeldBackError
from aggregator.ingest import guard
from aggregator.ingest.fetch import FetchRequest
from aggregator.services import polling
from aggregator.services.permits import Permits
from aggregator.storage import pauses
from aggregator.storage.proposals import propose
from aggregator.storage.tables import comment_feeds, polls
from tests.comment_feeds import announced, comments, said
from tests.fetching import Fetchers
from tests.scripted_server import Answer, Asked
from tests.world import World, feed, item

HOUR = timedelta(hours=1)


@pytest.fixture
def strangers(world: World, make_fetcher: Fetchers, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give the world as if its web were others', asked one thing at a time."""
    monkeypatch.setattr(guard, "is_public", "127.0.0.1".__eq__)
    fetcher = make_fetcher(allow_private=(), host_delay=0, clock=world.clock)
    return replace(world, context=replace(world.context, fetcher=fetcher))


def test_what_waits_for_its_turn_is_held_back_and_is_no_failure(strangers: World) -> None:
    world = strangers
    no = Answer(status=429, headers=(("Retry-After", "10800"),))
    world.follow(*(world.web.answer(f"/{number}", no) for number in range(12)))
    summary = world.poll()
    assert len(world.web.paths) == 1
    assert (summary.count(Outcome.FAILED), summary.count(Outcome.SKIPPED)) == (1, 11)
    with world.context.database.read() as session:
        assert len(session.execute(select(polls.c.id)).all()) == 1
    reasons = [source.next_because for source in world.sources()]
    assert sorted(map(str, reasons)) == ["host-pause"] * 11 + ["retry-after"]
    assert {source.next_poll_at for source in world.sources()} == {world.clock.now + 3 * HOUR}
    assert polling.poll_due(world.context, force=True).sources == ()
    assert [source.failures for source in world.sources()].count(0) == 11


def test_a_source_that_leads_to_a_paused_host_waits_as_long(world: World) -> None:
    def to_b(_asked: Asked) -> Answer:
        where = world.web.url("/b").replace("127.0.0.1", "localhost")
        return Answer(status=302, headers=(("Location", where),))

    world.follow(world.web.answer("/a", to_b))
    permits = Permits(world.context)
    permits._until["localhost"] = world.clock.now + HOUR
    permit = permits.of(world.sources()[0].id)
    with pytest.raises(HeldBackError):
        world.context.fetcher.fetch(FetchRequest(url=world.web.url("/a"), permit=permit))
    assert world.web.paths == ["/a"]
    assert permit.pause is not None
    assert permit.pause.until == world.clock.now + HOUR


@pytest.mark.parametrize("document", ["feed", "comments"])
def test_what_leads_to_a_paused_host_again_and_again_is_asked_no_more_than_others(
    world: World, make_fetcher: Fetchers, monkeypatch: pytest.MonkeyPatch, document: str
) -> None:
    monkeypatch.setattr(guard, "is_public", lambda _address: True)
    fetcher = make_fetcher(allow_private=(), host_delay=0, clock=world.clock)
    world = replace(world, context=replace(world.context, fetcher=fetcher))
    away = Answer(status=302, headers=(("Location", "http://127.0.0.2:9/"),))
    url = world.web.answer("/asked", away)
    if document == "comments":
        url = world.publish("/rss", announced(url), item(1))
    world.follow(url)
    for _ in range(60):
        with world.context.database.write() as session:
            until = world.clock.now + timedelta(seconds=90)
            pauses.keep(session, [HostPause(host="127.0.0.2", until=until)], now=until)
        world.poll(hours=1 / 60)
    assert world.web.paths.count("/asked") in {1, 2, 3, 4}


def test_an_address_given_while_the_old_one_is_held_back_is_asked_at_once(
    world: World, make_fetcher: Fetchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "is_public", lambda _address: True)
    fetcher = make_fetcher(allow_private=(), host_delay=0, clock=world.clock)
    world = replace(world, context=replace(world.context, fetcher=fetcher))
    new = world.publish("/new", item(1))

    def leaving(_asked: Asked) -> Answer:
        world.follow(new)
        return Answer(status=302, headers=(("Location", "http://127.0.0.2:9/"),))

    world.follow(world.web.answer("/old", leaving))
    [source] = world.sources()
    with world.context.database.write() as session:
        until, kind = world.clock.now + HOUR, ProposalKind.FOUND
        pauses.keep(session, [HostPause(host="127.0.0.2", until=until)], now=world.clock.now)
        propose(session, source.id, kind=kind, url=new, title=None, at=world.clock.now)
    world.poll()
    [after] = world.sources()
    assert (after.id, after.url, after.not_before_at) == (source.id, new, None)
    assert world.titles() == ["Article 1"]


def test_a_source_that_left_feeds_yaml_is_not_asked_any_more(world: World) -> None:
    world.follow(world.publish("/1", item(1)), world.publish("/2", item(2)))
    first, second = (source.id for source in world.sources())
    permits = Permits(world.context)
    with world.context.database.read() as session:
        permits.look(session, world.clock.now)
    assert permits.of(second).allows("127.0.0.1")
    world.follow(text=f"sources:\n  - {world.web.url('/1')}\n")
    with world.context.database.read() as session:
        permits.look(session, world.clock.now)
    assert permits.of(first).allows("127.0.0.1")
    assert not permits.of(second).allows("127.0.0.1")


def test_a_host_is_paused_by_refusals_that_ask_for_it_alone(strangers: World) -> None:
    permits = Permits(strangers.context)
    permits.pause("cwm.example", FetchError("http-error", http_status=503))
    permits.pause("cwm.example", FetchError("http-404", http_status=404, retry_after_s=60))
    permits.pause("cwm.example", FetchError("timeout"))
    assert permits.paused_until("cwm.example") is None
    permits.pause("cwm.example", FetchError("http-429", http_status=429))
    assert permits.paused_until("cwm.example") == strangers.clock.now + HOUR
    strangers.clock.go_on(hours=1)
    assert permits.paused_until("cwm.example") is None


def test_comments_at_a_paused_host_are_held_back_and_asked_for_later(strangers: World) -> None:
    world = strangers
    site = world.web.answer("/comments", comments(said(1)))
    world.follow(world.web.answer("/rss", feed(announced(site), item(1))))
    world.poll()
    no = Answer(status=429, headers=(("Retry-After", "10800"),))
    world.web.answer("/rss", no)
    asked = world.web.paths.count("/comments")
    world.poll(hours=1.2)
    with world.context.database.read() as session:
        found = session.execute(select(comment_feeds)).one()
    assert found.next_poll_at == world.clock.now + 3 * HOUR
    assert (found.failures, found.claimed_by) == (0, None)
    polling.poll_due(world.context, force=True)
    world.poll(hours=2)
    assert world.web.paths.count("/comments") == asked
    world.publish("/rss", item(1))
    world.poll(hours=1)
    assert world.web.paths.count("/comments") == asked + 1


def test_comments_stay_as_long_as_they_are_fresh(world: World) -> None:
    told = comments(said(1))
    headers = (*told.headers, ("Cache-Control", "max-age=18000"))
    site = world.web.answer("/comments", Answer(body=told.body, headers=headers))
    world.follow(world.web.answer("/rss", feed(announced(site), item(1))))
    world.poll()
    for _ in range(4):
        world.poll(hours=1.2)
    assert world.web.paths.count("/comments") == 1
    world.poll(hours=1.2)
    assert world.web.paths.count("/comments") == 2
