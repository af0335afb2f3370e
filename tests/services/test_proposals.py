"""Proposed addresses: taken into feeds.yaml without a loss, taken back, or declined for good."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from aggregator.domain.boards import Act
from aggregator.domain.health import ProposalId, ProposalKind
from aggregator.errors import InvalidInputError, NotFoundError
from aggregator.services import editing, health, proposals, reading, reverting
from aggregator.storage import proposals as stored
from aggregator.storage import tables
from tests.scripted_server import Answer, Asked
from tests.world import World, item

HOUSE = "https://cwm.example/blog"


def propose(world: World, url: str, *, number: int = 0) -> ProposalId:
    source = world.sources()[number]
    with world.context.database.write() as session:
        stored.propose(
            session,
            source.id,
            kind=ProposalKind.FOUND,
            url=url,
            title="Le blog",
            at=world.clock(),
        )
    return health.sheet(world.context, source.id).proposals[0].id


def text(world: World) -> str:
    return world.feeds.read_text(encoding="utf-8")


def test_a_taken_address_stands_in_the_file_and_nothing_is_lost_or_doubled(world: World) -> None:
    old = world.publish("/old", item(1), item(2))
    world.follow(text=f"sources:\n  # mon blog\n  - name: CWM\n    url: {old}  # ancien\n")
    world.poll()
    entry = world.entries()[0]
    reading.act(world.context, Act.READ, [entry.id])
    before = world.sources()[0]
    new = world.publish("/new", item(1), item(2), item(3))
    given = proposals.accept(world.context, propose(world, new))
    assert given.url == old
    assert text(world) == f"sources:\n  # mon blog\n  - name: CWM\n    url: {new}  # ancien\n"
    (after,) = world.sources()
    assert (after.id, after.url, after.entries) == (before.id, new, before.entries)
    world.poll()
    assert world.titles() == ["Article 3", "Article 2", "Article 1"]
    assert [row.read for row in world.entries()] == [False, entry.key == "article-2", False]
    assert world.sources()[0].feed_url == new
    assert health.sheet(world.context, after.id).proposals == ()


def test_an_address_that_stands_alone_stays_alone(world: World) -> None:
    world.follow("https://a.example/rss", HOUSE)
    proposals.accept(world.context, propose(world, "https://cwm.example/feed", number=1))
    lines = ["sources:", "  - https://a.example/rss", "  - https://cwm.example/feed", ""]
    assert text(world) == "\n".join(lines)


def test_a_source_that_was_gone_is_polled_again_at_its_new_address(world: World) -> None:
    old = world.web.answer("/old", Answer(status=410))
    world.follow(old)
    world.poll()
    world.poll(hours=30)
    new = world.publish("/new", item(1))
    proposals.accept(world.context, propose(world, new))
    (source,) = world.sources()
    assert (source.fault, source.failures, source.http_status) == (None, 0, None)
    assert world.poll().polled == 1
    assert world.titles() == ["Article 1"]


def test_an_address_taken_while_the_old_one_is_asked_is_what_counts(world: World) -> None:
    new = world.publish("/new", item(1))
    wanted: list[ProposalId] = []

    def gone(_asked: Asked) -> Answer:
        proposals.accept(world.context, wanted[0])
        return Answer(status=410)

    world.follow(world.web.answer("/old", gone))
    wanted.append(propose(world, new))
    world.poll()
    (source,) = world.sources()
    assert (source.url, source.fault) == (new, None)
    assert world.web.paths == ["/old", "/new"]  # both in one round
    assert world.titles() == ["Article 1"]


def test_taking_it_back_leads_back_and_proposes_it_again(world: World) -> None:
    old = world.publish("/old", item(1))
    world.follow(old)
    world.poll()
    wanted = propose(world, world.publish("/new", item(1)))
    before = editing.digest(world.context)
    proposals.accept(world.context, wanted)
    assert reverting.take_back(world.context, before=before, after=editing.digest(world.context))
    (source,) = world.sources()
    assert (source.url, source.entries) == (old, 1)
    assert [each.url for each in health.sheet(world.context, source.id).proposals] == [
        world.web.url("/new")
    ]


def test_whoever_writes_the_proposed_address_by_hand_loses_nothing_either(world: World) -> None:
    old = world.publish("/old", item(1))
    world.follow(old)
    world.poll()
    before = world.sources()[0].id
    new = world.web.url("/new")
    propose(world, new)
    world.follow(new)
    assert [(source.id, source.entries) for source in world.sources()] == [(before, 1)]


def test_an_address_of_the_archive_is_taken_over_and_its_entries_are_kept(world: World) -> None:
    old, new = world.publish("/old", item(1)), world.publish("/new", item(2))
    world.follow(new)
    world.poll()
    world.follow(old)
    world.poll(hours=1)
    proposals.accept(world.context, propose(world, new))
    assert [(one.url, one.entries) for one in world.sources()] == [(new, 1)]
    with world.context.database.read() as session:
        rows = session.execute(select(tables.sources.c.url, tables.sources.c.entry_count)).all()
    assert sorted(tuple(row) for row in rows) == sorted([(new, 1), (old, 1)])


def test_an_address_that_another_source_has_is_refused(world: World) -> None:
    world.follow("https://a.example/rss", HOUSE)
    wanted = propose(world, "https://A.example/rss", number=1)
    with pytest.raises(InvalidInputError, match="followed already"):
        proposals.accept(world.context, wanted)
    assert world.sources()[1].url == HOUSE


def test_a_declined_address_is_not_proposed_again(world: World) -> None:
    world.follow(HOUSE)
    wanted = propose(world, "https://cwm.example/feed")
    source = proposals.decline(world.context, wanted)
    with world.context.database.write() as session:
        stored.propose(
            session,
            source.id,
            kind=ProposalKind.MOVED,
            url="https://cwm.example/feed",
            title=None,
            at=world.clock(),
        )
    assert health.sheet(world.context, source.id).proposals == ()
    with pytest.raises(NotFoundError):
        proposals.decline(world.context, wanted)


def test_the_password_of_an_address_stays_with_its_own_site(world: World) -> None:
    signed = "https://moi:secret@cwm.example/old"
    world.follow(signed)
    proposals.accept(world.context, propose(world, "https://cwm.example/new"))
    assert "https://moi:secret@cwm.example/new" in text(world)
    proposals.accept(world.context, propose(world, "https://other.example/new"))
    assert "- https://other.example/new" in text(world)


@pytest.mark.parametrize(
    "url", ["https://evil.example/?key=${KEY}", "https://cwm.example/?home=${HOME}"]
)
def test_a_proposed_address_carries_no_name_of_the_environment_away(
    world: World, url: str
) -> None:
    context = replace(world.context, environment={"KEY": "secret", "HOME": "/root"})
    world.follow("https://cwm.example/rss?key=${KEY}")
    wanted = propose(world, url)
    with pytest.raises(InvalidInputError, match="environment"):
        proposals.accept(context, wanted)
    assert url not in text(world)
