"""`veille stats`: how much is followed, stored and unread."""

from aggregator.domain.boards import Act
from aggregator.services import reading
from tests.command import CommandLine
from tests.scripted_server import Answer
from tests.world import World, item


def test_the_figures_in_json(veille: CommandLine, world: World) -> None:
    good = world.publish("/rss", item(1), item(2), item(3))
    world.follow(good, world.web.answer("/500", Answer(status=500)))
    world.poll()
    newest, other, _ = world.entries()
    reading.act(world.context, Act.READ, [newest.id])
    reading.act(world.context, Act.STAR, [newest.id, other.id])
    said = veille("stats", "--json")
    assert (said.code, said.err) == (0, "")
    document = said.document
    assert document.pop("database_bytes") > 0
    assert document.pop("empty_bytes") >= 0
    assert document == {
        "sources": 2,
        "states": {"dormant": 1, "failing": 1},
        "pages": 1,
        "entries": 3,
        "unread": 2,
        "starred": 2,
        "comments": 0,
        "waiting": 0,
        "thrown_away": 0,
        "polls_24h": 2,
        "failed_24h": 1,
        "entries_24h": 3,
        "entries_7d": 3,
        "oldest_at": "2026-10-26T10:00:00Z",
        "newest_at": "2026-10-26T12:00:00Z",
    }


def test_nothing_stored_is_told_with_noughts_and_nulls(veille: CommandLine, world: World) -> None:
    world.follow("https://cwm.example/rss")
    document = veille("stats", "--json").document
    assert (document["entries"], document["unread"], document["polls_24h"]) == (0, 0, 0)
    assert (document["oldest_at"], document["newest_at"]) == (None, None)


def test_what_is_a_day_old_is_no_news(veille: CommandLine, world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    world.clock.go_on(days=2)
    document = veille("stats", "--json").document
    assert (document["entries_24h"], document["entries_7d"], document["polls_24h"]) == (0, 1, 0)


def test_the_figures_for_people_are_lines_in_words(veille: CommandLine, world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    first, second, *_, last = veille("stats").out.splitlines()
    assert first.split() == ["followed", "sources", "1"]
    assert second.split() == ["up", "to", "date", "1"]
    assert last.split()[:3] == ["newest", "entry", "10/26/26,"]
