"""`veille entries`: what is stored, newest first."""

import pytest

from aggregator.domain.boards import Act
from aggregator.services import reading
from tests.command import CommandLine
from tests.world import World, item

COMMENTS = "<slash:comments>10</slash:comments>"
AUTHOR = "<author>cwm@cwm.example (CWM)</author>"


def keys(veille: CommandLine, *arguments: str) -> list[str]:
    said = veille("entries", "--json", *arguments)
    assert (said.code, said.err) == (0, "")
    return [entry["key"] for entry in said.document]


def test_an_entry_is_told_with_every_key(veille: CommandLine, world: World) -> None:
    url = world.publish("/rss", item(1, more=COMMENTS + AUTHOR))
    world.follow(url)
    world.poll()
    reading.act(world.context, Act.STAR, [world.entries()[0].id])
    assert veille("entries", "--json").document == [
        {
            "id": 1,
            "key": "article-1",
            "source": url,
            "title": "Article 1",
            "url": "http://cwm.example/1",
            "author": "CWM",
            "published_at": "2026-10-26T10:00:00Z",
            "updated_at": None,
            "comment_count": 10,
            "read": False,
            "starred": True,
            "language": None,
        }
    ]


def test_what_is_missing_is_null_and_the_date_is_that_of_the_first_sight(
    veille: CommandLine, world: World
) -> None:
    bare = "<item><guid>nu</guid><title>Nu</title></item>"
    world.follow(world.publish("/rss", bare))
    world.poll()
    (entry,) = veille("entries", "--json").document
    assert entry["published_at"] == "2026-11-25T09:00:00Z"
    missing = {name for name, value in entry.items() if value is None}
    assert missing == {"url", "author", "updated_at", "comment_count", "language"}


def test_a_hundred_come_unless_one_says_and_nought_is_all(
    veille: CommandLine, world: World
) -> None:
    world.follow(world.publish("/rss", *(item(number) for number in range(1, 121))))
    world.poll()
    found = keys(veille)
    assert (len(found), found[0], found[-1]) == (100, "article-120", "article-21")
    assert keys(veille, "--limit", "2") == ["article-120", "article-119"]
    assert len(keys(veille, "--limit", "0")) == 120


def test_only_one_source_by_its_address_or_its_feeds(veille: CommandLine, world: World) -> None:
    url = world.publish("/rss", item(1))
    world.follow(url, world.publish("/b", item(2)))
    world.poll()
    assert keys(veille, "--source", url) == ["article-1"]
    refused = veille("entries", "--source", "https://elsewhere.example/", "--json")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == "No source in feeds.yaml has this address.\n"


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2026-10-26T11:00:00Z", ["article-3", "article-2"]),
        ("2026-10-26T12:00:00+01:00", ["article-3", "article-2"]),
        ("2026-10-26T12:00", ["article-3", "article-2"]),  # in the time zone of the list: Paris
        ("2026-10-26T12:00:01", ["article-3"]),
        ("2026-10-26", ["article-3", "article-2", "article-1"]),
        ("2026-10-27", []),
    ],
)
def test_only_since_a_day_or_a_moment(
    veille: CommandLine, world: World, since: str, found: list[str]
) -> None:
    world.follow(world.publish("/rss", item(1), item(2), item(3)))
    world.poll()
    assert keys(veille, "--since", since) == found


def test_full_adds_the_safe_content(veille: CommandLine, world: World) -> None:
    world.follow(world.publish("/rss", item(1, text="<p onclick='x()'>Un <b>mot</b></p>")))
    world.poll()
    (entry,) = veille("entries", "--full", "--json").document
    assert entry["content_html"] == "<p>Un <b>mot</b></p>"
    assert "content_html" not in veille("entries", "--json").document[0]


def test_a_list_for_people_marks_the_unread(veille: CommandLine, world: World) -> None:
    world.follow(world.publish("/rss", item(1), item(2, "Accroché à son fil")))
    world.poll()
    reading.act(world.context, Act.READ, [world.entries()[1].id])
    newest, oldest = veille("entries").out.splitlines()
    assert newest.startswith("•  10/26/26, 12:00")
    assert newest.endswith("Le blog de CWM  Accroché à son fil")
    assert oldest.startswith("   10/26/26, 11:00")


def test_entries_of_a_source_that_left_the_list_are_not_told(
    veille: CommandLine, world: World
) -> None:
    url = world.publish("/rss", item(1))
    world.follow(url, world.publish("/b", item(2)))
    world.poll()
    world.follow(url)
    assert keys(veille) == ["article-1"]


def test_it_works_from_a_folder_without_a_list(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    monkeypatch.delenv("VEILLE_FEEDS")
    world.feeds.rename(world.feeds.with_name("elsewhere.yaml"))
    assert keys(veille) == ["article-1"]


@pytest.mark.parametrize(
    "wrong", [("--limit", "-1"), ("--limit", "many"), ("--since", "yesterday"), ("--colour",)]
)
def test_wrong_use_ends_with_two(veille: CommandLine, wrong: tuple[str, ...]) -> None:
    said = veille("entries", *wrong)
    assert (said.code, said.out) == (2, "")
    assert "Error:" in said.err
