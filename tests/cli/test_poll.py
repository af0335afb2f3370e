"""`veille poll`: one round, told in the shape that programs rely on."""

import pytest

from aggregator.storage import claims
from tests.command import CommandLine
from tests.scripted_server import Answer
from tests.world import World, feed, item


def test_a_round_is_told_in_json(veille: CommandLine, world: World) -> None:
    good = world.publish("/rss", item(1), item(2))
    bad = world.web.answer("/404", Answer(status=404))
    world.follow(good, bad)
    said = veille("poll", "--json")
    assert (said.code, said.err) == (0, "")
    document = said.document
    assert isinstance(document.pop("took_s"), float)
    document["sources"].sort(key=lambda source: source["outcome"])
    assert document == {
        "polled": 2,
        "unchanged": 0,
        "changed": 1,
        "failed": 1,
        "entries_new": 2,
        "entries_changed": 0,
        "comments_new": 0,
        "sources": [
            {
                "url": good,
                "outcome": "changed",
                "http_status": 200,
                "error": None,
                "error_code": None,
                "entries_new": 2,
                "comments_new": 0,
            },
            {
                "url": bad,
                "outcome": "failed",
                "http_status": 404,
                "error": "The feed is not at this address any more (404): look for its new one.",
                "error_code": "http-404",
                "entries_new": 0,
                "comments_new": 0,
            },
        ],
    }


def test_a_round_is_told_in_words(veille: CommandLine, world: World) -> None:
    bad = world.web.answer("/404", Answer(status=404))
    world.follow(world.publish("/rss", item(1)), bad)
    said = veille("poll")
    assert (said.code, said.err) == (0, "")
    first, last = said.out.splitlines()
    assert first.startswith(f"{bad}: The feed is not at this address")
    assert last.startswith(
        "2 sources polled: 1 changed, 1 failed; new entries: 1, new comments: 0 ("
    )


def test_a_first_round_that_brings_nothing_is_changed_and_the_next_unchanged(
    veille: CommandLine, world: World
) -> None:
    world.follow(world.publish("/rss"))
    assert veille("poll", "--json").document["changed"] == 1
    world.clock.go_on(hours=2)
    assert veille("poll", "--json").document["unchanged"] == 1


def test_nothing_due_is_a_round_of_nothing(veille: CommandLine, world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    document = veille("poll", "--json").document
    assert (document["polled"], document["sources"]) == (0, [])


def test_a_named_source_that_fails_ends_with_one(veille: CommandLine, world: World) -> None:
    bad = world.web.answer("/500", Answer(status=500))
    world.follow(world.publish("/rss", item(1)), bad)
    said = veille("poll", "--source", bad, "--json")
    assert said.code == 1
    assert [source["error_code"] for source in said.document["sources"]] == ["http-error"]
    assert world.web.paths == ["/500"]


def test_a_named_source_that_is_well_ends_with_nought(veille: CommandLine, world: World) -> None:
    good = world.publish("/rss", item(1))
    world.follow(good, world.web.answer("/500", Answer(status=500)))
    said = veille("poll", "--source", good, "--json")
    assert (said.code, said.document["polled"], said.document["changed"]) == (0, 1, 1)
    assert world.web.paths == ["/rss"]


def test_within_the_manual_floor_it_is_skipped_and_says_until_when(
    veille: CommandLine, world: World
) -> None:
    url = world.publish("/rss", item(1))
    world.follow(url)
    world.poll()
    world.clock.go_on(minutes=1)
    said = veille("poll", "--source", url, "--json")
    assert said.code == 0
    assert said.document["polled"] == 0
    assert said.document["sources"] == [
        {
            "url": url,
            "outcome": "skipped",
            "http_status": None,
            "error": None,
            "error_code": None,
            "entries_new": 0,
            "comments_new": 0,
        }
    ]
    words = veille("poll", "--source", url).out
    assert "not polled; it may be polled again at 11/25/26, 10:05" in words


def test_force_goes_below_the_manual_floor(veille: CommandLine, world: World) -> None:
    url = world.publish("/rss", item(1))
    world.follow(url)
    world.poll()
    world.clock.go_on(minutes=1)
    assert veille("poll", "--source", url, "--force", "--json").document["polled"] == 1
    world.clock.go_on(minutes=1)
    assert veille("poll", "--force", "--json").document["polled"] == 1


def test_a_paused_source_is_skipped_in_words_even_when_forced(
    veille: CommandLine, world: World
) -> None:
    url = world.publish("/rss", item(1))
    world.follow(text=f"sources:\n  - url: {url}\n    paused: true\n")
    said = veille("poll", "--source", url, "--force")
    assert said.code == 0
    assert f"{url}: not polled; it is paused" in said.out
    assert world.web.asked == []


def test_a_source_whose_site_another_process_asks_is_skipped_in_words(
    veille: CommandLine, world: World
) -> None:
    url = world.publish("/rss", item(1))
    world.follow(url)
    with world.context.database.write() as session:
        due = claims.claim_due(
            session, now=world.clock.now, holder="elsewhere:7", most=1, busy_hosts=()
        )
        claims.hold(session, due, now=world.clock.now, holder="elsewhere:7")
    said = veille("poll", "--source", url)
    assert said.code == 0
    assert f"{url}: not polled; it is paused, retired, gone or being polled already." in said.out
    assert world.web.asked == []


def test_retry_after_goes_before_force(veille: CommandLine, world: World) -> None:
    headers = (("Retry-After", "7200"),)
    url = world.web.answer("/rss", Answer(status=429, headers=headers))
    world.follow(url)
    world.poll()
    world.clock.go_on(hours=1)
    said = veille("poll", "--source", url, "--force", "--json")
    assert said.document["sources"][0]["outcome"] == "skipped"
    assert len(world.web.asked) == 1


def test_an_unknown_source_is_refused_in_a_sentence(veille: CommandLine, world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    said = veille("poll", "--source", "https://elsewhere.example/", "--json")
    assert (said.code, said.out) == (1, "")
    assert said.err == "No source in feeds.yaml has this address.\n"


def test_another_list_is_refused_until_it_is_adopted(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.follow(world.publish("/rss", item(1)))
    other = world.feeds.with_name("other.yaml")
    other.write_text(f"sources:\n  - {world.publish('/b', item(2))}\n", encoding="utf-8")
    monkeypatch.setenv("VEILLE_FEEDS", str(other))
    refused = veille("poll", "--json")
    assert (refused.code, refused.out) == (1, "")
    assert "--adopt" in refused.err
    assert world.web.asked == []
    assert veille("poll", "--adopt", "--json").document["polled"] == 1
    assert world.web.paths == ["/b"]
    assert veille("poll", "--json").code == 0


def test_without_a_list_it_says_how_to_make_one(veille: CommandLine) -> None:
    said = veille("poll")
    assert (said.code, said.out) == (1, "")
    assert "veille init" in said.err


def test_a_bad_edit_is_said_while_the_last_good_list_is_polled(
    veille: CommandLine, world: World
) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.feeds.write_text("sources:\n  - titel: x\n", encoding="utf-8")
    for _ in range(2):
        said = veille("poll", "--force", "--json")
        assert (said.code, said.document["polled"]) == (0, 1)
        assert said.err.startswith("feeds.yaml:2:5: sources.0")
        world.clock.go_on(minutes=1)


def test_a_list_that_never_was_good_ends_with_one(veille: CommandLine, world: World) -> None:
    world.feeds.write_text("sources:\n  - titel: x\n", encoding="utf-8")
    said = veille("poll", "--json")
    assert (said.code, said.out) == (1, "")
    assert "feeds.yaml:2:5: sources.0" in said.err
    assert said.err.endswith(f"Nothing is followed until {world.feeds} is mended.\n")


def test_the_log_goes_to_stderr_as_json_lines_where_wished(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEILLE_LOG", "json")
    monkeypatch.setenv("VEILLE_LOG_LEVEL", "info")
    url = world.web.answer("/rss", feed(item(1)))
    world.feeds.write_text(f"sources:\n  - {url}\n", encoding="utf-8")
    said = veille("poll", "--json")
    assert said.document["polled"] == 1
    assert '"message": "feeds.yaml is in use sources=1"' in said.err
    assert all(line.startswith('{"time": "') for line in said.err.splitlines())
