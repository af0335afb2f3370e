"""`veille conversations`: threads, who answers whom, and how soon one answered."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator import clock
from aggregator.domain.conversations.comments import CommentItem, Kind
from aggregator.domain.items import EntryId
from aggregator.storage import tables
from tests.command import CommandLine
from tests.conversations import MINE_URL, comment, golden, put
from tests.world import NOW, World, item

HOUR = timedelta(hours=1)
GOLDEN_METRICS = {
    "received": 5,
    "answered": 5,
    "answer_rate": 1.0,
    "median_s": 10320,
    "mean_s": 16800,
    "longest_s": 38760,
}


@pytest.fixture
def blog(world: World) -> str:
    """Follow a blog of mine with three articles, and a stranger's; give the first's address."""
    url = world.publish("/rss", item(1), item(2), item(3))
    other = world.publish("/other", item(4, "Ailleurs"))
    text = (
        f"me:\n  names: [CWM]\n  sites: [{MINE_URL}/]\nsources:\n  - url: {url}\n    mine: true\n"
    )
    world.follow(text=f"{text}  - {other}\n")
    world.poll()
    return url


def under(world: World, number: int, *items: CommentItem) -> None:
    title = "Ailleurs" if number == 4 else f"Article {number}"
    (entry,) = [one for one in world.entries() if one.title == title]
    put(world.context, EntryId(entry.id), items)


def told(veille: CommandLine, *arguments: str) -> Any:
    said = veille("conversations", "--json", *arguments)
    assert (said.code, said.err) == (0, "")
    return said.document


def keys(veille: CommandLine, *arguments: str) -> list[list[str]]:
    threads = told(veille, *arguments)["threads"]
    return [[one["key"] for one in thread["comments"]] for thread in threads]


def test_a_conversation_is_told_with_every_key(
    veille: CommandLine, world: World, blog: str
) -> None:
    under(
        world,
        1,
        comment("a", url="http://magalie.example/", at=NOW - 3 * HOUR, text="Et\nalors ?"),
        comment("b", author="CWM", url=MINE_URL, at=NOW - HOUR, in_reply_to=("a",)),
    )
    assert blog
    assert told(veille) == {
        "metrics": {
            "received": 1,
            "answered": 1,
            "answer_rate": 1.0,
            "median_s": 7200,
            "mean_s": 7200,
            "longest_s": 7200,
            "first_comment_after_s": 2577600,
        },
        "threads": [
            {
                "entry_url": "http://cwm.example/1",
                "entry_title": "Article 1",
                "comments": [
                    {
                        "id": 1,
                        "key": "a",
                        "author": "Magalie",
                        "author_url": "http://magalie.example/",
                        "published_at": "2026-11-25T06:00:00Z",
                        "parent": None,
                        "kind": "comment",
                        "mine": False,
                        "state": "answered",
                        "answered_by": 2,
                        "pairing": "declared",
                        "text": "Et\nalors ?",
                    },
                    {
                        "id": 2,
                        "key": "b",
                        "author": "CWM",
                        "author_url": "https://cwm.example.org",
                        "published_at": "2026-11-25T08:00:00Z",
                        "parent": 1,
                        "kind": "comment",
                        "mine": True,
                        "state": "none",
                        "answered_by": None,
                        "pairing": "declared",
                        "text": "Bonjour !",
                    },
                ],
            }
        ],
    }


def test_without_a_comment_there_is_nothing_to_measure(veille: CommandLine, world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    found = told(veille)
    assert found["threads"] == []
    assert found["metrics"]["received"] == 0
    assert {name for name, value in found["metrics"].items() if value is None} == {
        "answer_rate",
        "median_s",
        "mean_s",
        "longest_s",
        "first_comment_after_s",
    }


def test_the_thread_spoken_in_last_comes_first_up_to_the_limit(
    veille: CommandLine, world: World, blog: str
) -> None:
    under(world, 1, comment("a", at=NOW - 2 * HOUR))
    under(world, 2, comment("b", at=NOW - HOUR), comment("c", at=NOW - 9 * HOUR))
    under(world, 3, comment("p", at=NOW, kind=Kind.PINGBACK))
    assert blog
    assert keys(veille) == [["c", "b"], ["a"], ["p"]]
    assert keys(veille, "--limit", "1") == [["c", "b"]]
    assert keys(veille, "--limit", "0") == keys(veille)
    assert told(veille, "--limit", "1")["metrics"]["received"] == 3


def test_a_hundred_threads_come_unless_one_says(veille: CommandLine, world: World) -> None:
    world.follow(world.publish("/rss", *(item(number) for number in range(1, 103))))
    world.poll()
    for entry in world.entries():
        put(world.context, entry.id, [comment(entry.title, at=NOW)])
    assert (len(keys(veille)), len(keys(veille, "--limit", "0"))) == (100, 102)


def test_only_one_source_by_its_address(veille: CommandLine, world: World, blog: str) -> None:
    under(world, 1, comment("a", at=NOW))
    under(world, 4, comment("b", at=NOW, text="Merci CWM"))
    assert keys(veille, "--source", blog) == [["a"]]
    assert told(veille, "--source", blog)["metrics"]["received"] == 1
    refused = veille("conversations", "--json", "--source", "https://elsewhere.example/")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == "No source in feeds.yaml has this address.\n"


def test_since_a_moment_names_no_comment_from_before(
    veille: CommandLine, world: World, blog: str
) -> None:
    under(world, 1, comment("old", at=NOW - 48 * HOUR))
    under(world, 2, comment("a", at=NOW - 48 * HOUR), comment("b", at=NOW - HOUR))
    under(world, 2, comment("c", author="CWM", url=MINE_URL, at=NOW, in_reply_to=("a",)))
    assert blog
    found = told(veille, "--since", "2026-11-25")
    assert [[one["key"] for one in thread["comments"]] for thread in found["threads"]] == [
        ["b", "c"]
    ]
    assert found["threads"][0]["comments"][1]["parent"] is None
    assert found["metrics"]["received"] == 1


def test_only_comments_in_one_state(veille: CommandLine, world: World, blog: str) -> None:
    under(world, 1, *golden())
    under(world, 2, comment("w", at=NOW))
    assert blog
    assert keys(veille, "--state", "waiting") == [["w"]]
    answered = told(veille, "--state", "answered")
    assert [one["key"] for one in answered["threads"][0]["comments"]] == [
        *("c1", "c3", "c5", "c7", "c9")
    ]
    assert {one["answered_by"] for one in answered["threads"][0]["comments"]} == {None}
    assert answered["metrics"]["received"] == 6


def test_the_golden_case_is_exact(veille: CommandLine, world: World, blog: str) -> None:
    under(world, 1, *golden(parents=False))
    assert blog
    found = told(veille)["metrics"]
    assert {name: found[name] for name in GOLDEN_METRICS} == GOLDEN_METRICS


def test_who_i_am_may_be_told_later(veille: CommandLine, world: World, blog: str) -> None:
    under(world, 1, comment("a", author="Chloé", at=NOW))
    assert blog
    assert keys(veille, "--state", "waiting") == [["a"]]
    text = world.feeds.read_text(encoding="utf-8").replace("[CWM]", "[Chloé]")
    world.feeds.write_text(text, encoding="utf-8")
    assert keys(veille, "--state", "waiting") == []


def test_a_source_that_left_the_list_is_left_out(
    veille: CommandLine, world: World, blog: str
) -> None:
    under(world, 1, comment("a", at=NOW))
    under(world, 4, comment("b", at=NOW))
    world.follow(blog)
    assert keys(veille) == [["a"]]


def test_it_reads_as_a_conversation(veille: CommandLine, world: World, blog: str) -> None:
    under(world, 1, *golden()[:2], comment("x", at=NOW, text="Un\x1b[31m piège " + "long " * 40))
    assert blog
    said = veille("conversations")
    assert (said.code, said.err) == (0, "")
    figures, blank, title, first, answer, last = said.out.splitlines()
    assert figures.startswith("received: 2 · answered: 1 (50%) · median delay: 2 h 20")
    assert blank == ""
    assert title == "Article 1 — Le blog de CWM"
    assert first.startswith("  9/17/10, 3:10")
    assert first.endswith("Magalie · answered: Je pensais tisser un réseau.")
    assert answer.startswith("    9/17/10, 5:30")
    assert " CWM · me: Merci" in answer
    assert "\x1b" not in last
    assert last.endswith("…")
    assert "waits for an answer" in last


def test_what_was_put_off_waits_again_without_a_poller(
    veille: CommandLine, world: World, blog: str
) -> None:
    under(world, 1, comment("a", at=NOW - HOUR))
    assert blog
    with world.context.database.write() as session:
        put_off = {"state": "snoozed", "snoozed_until": clock.now() - HOUR}
        session.execute(tables.comments.update().values(put_off))
    assert told(veille)["threads"][0]["comments"][0]["state"] == "waiting"


@pytest.mark.parametrize(
    "arguments",
    [("--limit", "-1"), ("--since", "hier"), ("--state", "lost"), ("--colour",), ("extra",)],
)
def test_wrong_use_is_refused(
    veille: CommandLine, world: World, arguments: tuple[str, ...]
) -> None:
    world.follow(world.publish("/rss", item(1)))
    said = veille("conversations", *arguments)
    assert (said.code, said.out) == (2, "")
    assert "Usage: veille conversations" in said.err


def test_the_figures_count_comments_and_those_that_wait(
    veille: CommandLine, world: World, blog: str
) -> None:
    under(world, 1, *golden(), comment("w", at=NOW), comment("p", at=NOW, kind=Kind.PINGBACK))
    assert blog
    found = veille("stats", "--json").document
    with world.context.database.read() as session:
        assert len(session.execute(tables.comments.select()).all()) == 12
    assert (found["comments"], found["waiting"]) == (11, 1)
