"""Sources that moved: asked at the new address once that is sure; feeds.yaml is proposed it."""

import pytest

from aggregator.domain.health import Proposal, ProposalKind
from aggregator.storage import proposals
from tests.scripted_server import Answer, Asked
from tests.world import World, feed, item


def led(to: str, status: int = 301) -> Answer:
    return Answer(status=status, headers=(("Location", to),))


def proposed(world: World) -> tuple[Proposal, ...]:
    with world.context.database.read() as session:
        return proposals.of_source(session, world.sources()[0].id)


def poll_for(world: World, days: int) -> None:
    for _ in range(days * 4):
        world.poll(hours=6)


@pytest.mark.parametrize("status", [301, 308])
def test_a_move_for_good_is_followed_after_three_polls_over_a_day(
    world: World, status: int
) -> None:
    old = world.web.answer("/old", led("/new", status))
    world.publish("/new", item(1))
    world.follow(old)
    world.poll()
    world.poll(hours=2)
    world.poll(hours=2)
    assert (world.sources()[0].feed_url, proposed(world)) == (old, ())
    poll_for(world, 2)
    [source] = world.sources()
    [proposal] = proposed(world)
    assert (source.url, source.feed_url) == (old, world.web.url("/new"))
    assert (proposal.url, proposal.kind) == (world.web.url("/new"), "moved")
    assert world.feeds.read_text(encoding="utf-8").count(old) == 1
    asked = len(world.web.paths)
    poll_for(world, 10)
    assert set(world.web.paths[asked:]) == {"/new"}


def test_a_feed_that_answers_304_has_moved_as_well(world: World) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.header("If-None-Match"):
            return Answer(status=304)
        return feed(item(1), headers=(("ETag", '"1"'),))

    world.follow(world.web.answer("/old", led("/new")))
    world.web.answer("/new", answer)
    poll_for(world, 2)
    assert world.sources()[0].feed_url == world.web.url("/new")
    assert len(proposed(world)) == 1
    news = [asked for asked in world.web.asked if asked.path == "/new"]
    assert [asked.header("If-None-Match") for asked in news[1:]] == ['"1"'] * (len(news) - 1)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_what_is_elsewhere_for_now_has_not_moved(world: World, status: int) -> None:
    old = world.web.answer("/old", led("/new", status))
    world.publish("/new", item(1))
    world.follow(old)
    poll_for(world, 4)
    assert (world.sources()[0].feed_url, proposed(world)) == (old, ())


def test_a_chain_is_followed_as_far_as_it_is_permanent(world: World) -> None:
    world.follow(world.web.answer("/old", led("/new")))
    world.web.answer("/new", led("/today", 302))
    world.publish("/today", item(1))
    poll_for(world, 2)
    assert world.sources()[0].feed_url == world.web.url("/new")


def test_a_feed_whose_host_was_given_up_keeps_its_address_and_says_so(world: World) -> None:
    world.web.answer("/", Answer(body=b"<html><body>Domain for sale</body></html>"))
    old = world.publish("/old", item(1))
    world.follow(old)
    world.poll()
    world.web.answer("/old", led("/"))
    poll_for(world, 4)
    [source] = world.sources()
    assert (source.feed_url, proposed(world)) == (old, ())
    assert source.fault is not None
    assert source.fault.code == "not-a-feed"
    assert len(world.entries()) == 1


def test_who_leads_elsewhere_each_time_has_not_moved(world: World) -> None:
    places: list[str] = []

    def wander(_asked: Asked) -> Answer:
        places.append(f"/{len(places)}")
        world.publish(places[-1], item(1))
        return led(places[-1])

    old = world.web.answer("/old", wander)
    world.follow(old)
    poll_for(world, 3)
    assert (world.sources()[0].feed_url, proposed(world)) == (old, ())


def test_a_second_move_is_proposed_in_place_of_the_first(world: World) -> None:
    world.follow(world.web.answer("/old", led("/new")))
    world.publish("/new", item(1))
    poll_for(world, 2)
    world.web.answer("/new", led("/newest"))
    world.publish("/newest", item(1))
    poll_for(world, 2)
    assert world.sources()[0].feed_url == world.web.url("/newest")
    assert [proposal.url for proposal in proposed(world)] == [world.web.url("/newest")]


def test_a_feed_that_moved_on_its_own_site_needs_no_change_of_feeds_yaml(world: World) -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/old">'
    world.publish("/old", item(1))
    world.follow(world.web.answer("/", Answer(body=page)))
    world.poll()
    world.web.answer("/old", led("/new"))
    world.publish("/new", item(1))
    poll_for(world, 2)
    assert (world.sources()[0].feed_url, proposed(world)) == (world.web.url("/new"), ())


def test_all_is_quiet_once_feeds_yaml_names_the_new_address(world: World) -> None:
    world.follow(world.web.answer("/old", led("/new")))
    world.publish("/new", item(1))
    poll_for(world, 2)
    world.follow(world.web.url("/new"))
    asked = len(world.web.paths)
    poll_for(world, 3)
    assert set(world.web.paths[asked:]) == {"/new"}
    assert proposed(world) == ()


def test_validators_of_another_host_are_not_sent_to_the_old_address(world: World) -> None:

    def answer(asked: Asked) -> Answer:
        known = asked.header("If-None-Match")
        return Answer(status=304) if known else feed(item(1), headers=(("ETag", '"1"'),))

    world.follow(
        world.web.answer("/old", led(world.web.url("/new").replace("127.0.0.1", "localhost")))
    )
    world.web.answer("/new", answer)
    poll_for(world, 2)
    olds = {asked.header("If-None-Match") for asked in world.web.asked if asked.path == "/old"}
    assert olds == {None}


def test_a_move_of_an_address_that_was_left_meanwhile_counts_for_nothing(world: World) -> None:
    old = world.web.answer("/old", led("/new"))
    world.publish("/new", item(1))
    world.follow(old)
    world.poll()
    world.poll(hours=2)
    left = world.publish("/elsewhere", item(1))
    [source] = world.sources()
    with world.context.database.write() as session:
        kind = ProposalKind.FOUND
        proposals.propose(session, source.id, kind=kind, url=left, title=None, at=world.clock())

    def leaving(_asked: Asked) -> Answer:
        world.follow(left)
        return feed(item(1), item(2))

    world.web.answer("/new", leaving)
    world.poll(hours=26)
    [after] = world.sources()
    assert (after.id, after.url, after.feed_url) == (source.id, left, left)
    world.poll(hours=26)
    assert world.web.paths[-1] == "/elsewhere"
