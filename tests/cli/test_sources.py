"""`veille sources`: what is followed and how it is doing."""

import pytest

from aggregator.domain.health import ProposalKind
from aggregator.storage import proposals
from tests.command import CommandLine
from tests.scripted_server import Answer
from tests.world import World, feed, item

ENTRY_COUNT = 2


@pytest.mark.parametrize("words", [("sources", "--json"), ("sources", "list", "--json")])
def test_a_source_that_is_well_is_told_with_every_key(
    veille: CommandLine, world: World, words: tuple[str, ...]
) -> None:
    url = world.publish("/rss", item(1), item(2))
    world.follow(text=f"sources:\n  - url: {url}\n    mine: true\n    every: 2h\n")
    world.poll()
    said = veille(*words)
    assert (said.code, said.err) == (0, "")
    (source,) = said.document
    next_poll_at = source.pop("next_poll_at")
    assert "2026-11-25T11:00:00Z" <= next_poll_at <= "2026-11-25T11:12:00Z"
    assert source == {
        "url": url,
        "feed_url": url,
        "name": "Le blog de CWM",
        "site_url": "http://cwm.example/",
        "page": world.sources()[0].page_name,
        "state": "ok",
        "last_polled_at": "2026-11-25T09:00:00Z",
        "last_success_at": "2026-11-25T09:00:00Z",
        "http_status": 200,
        "error": None,
        "error_code": None,
        "interval_s": 7200,
        "next_because": "wish",
        "last_new_at": "2026-10-26T11:00:00Z",
        "usual_gap_s": None,
        "dormant_from": "2027-10-26T11:00:00Z",
        "proposal": None,
        "entries": ENTRY_COUNT,
        "comments_url": None,
        "comments_state": "none",
        "comments_error": None,
        "comments_error_code": None,
        "mine": True,
    }


def test_a_new_source_is_told_with_nulls(veille: CommandLine, world: World) -> None:
    world.follow("https://cwm.example/blog")
    (source,) = veille("sources", "--json").document
    missing = {name for name, value in source.items() if value is None}
    assert missing == {
        "feed_url",
        "site_url",
        "last_polled_at",
        "last_success_at",
        "http_status",
        "error",
        "error_code",
        "comments_url",
        "comments_error",
        "comments_error_code",
        "next_because",
        "last_new_at",
        "usual_gap_s",
        "dormant_from",
        "proposal",
    }
    assert (source["state"], source["name"], source["entries"]) == ("new", "cwm.example", 0)
    assert source["next_poll_at"] == "2026-11-25T09:00:00Z"


def test_each_state_is_told_in_the_order_of_the_list(veille: CommandLine, world: World) -> None:
    good = world.publish("/rss", item(1))
    bad = world.web.answer("/500", Answer(status=500))
    gone = world.web.answer("/410", Answer(status=410))
    world.follow(
        text=f"""\
sources:
  - {gone}
  - url: {world.web.url("/paused")}
    paused: true
  - {bad}
  - url: {world.web.url("/retired")}
    retired:
      since: 2026-11-01
      why: fini
  - {good}
"""
    )
    world.poll()
    found = veille("sources", "--json").document
    assert [source["state"] for source in found] == ["gone", "paused", "failing", "retired", "ok"]
    failing = found[2]
    assert failing["error_code"] == "http-error"
    assert failing["error"] == (
        "The site answers with error 500. Veille will try again; if this lasts, check the address."
    )
    assert (failing["http_status"], failing["last_success_at"]) == (500, None)


def test_a_list_for_people_says_state_name_and_fault(veille: CommandLine, world: World) -> None:
    bad = world.web.answer("/404", Answer(status=404))
    world.follow(text=f"sources:\n  - name: Magalie\n    url: {bad}\n")
    world.poll()
    said = veille("sources")
    row, fault = said.out.splitlines()
    assert row == f"in error  Magalie  0  –  {bad}"
    assert fault.startswith("    The feed is not at this address")


def test_the_error_in_json_stays_english(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.follow(world.web.answer("/404", Answer(status=404)))
    world.poll()
    monkeypatch.setenv("VEILLE_LANGUAGE", "fr")
    (source,) = veille("sources", "--json").document
    assert source["error"].startswith("The feed is not at this address any more")


def test_no_sources_is_an_empty_list(veille: CommandLine, world: World) -> None:
    world.follow(text="sources: []\n")
    assert veille("sources", "--json").document == []
    assert veille("sources").out == ""


def propose(world: World, url: str) -> None:
    with world.context.database.write() as session:
        proposals.propose(
            session,
            world.sources()[0].id,
            kind=ProposalKind.FOUND,
            url=url,
            title="Le blog",
            at=world.clock(),
        )


def test_a_sleeping_source_and_a_proposed_address_are_told(
    veille: CommandLine, world: World
) -> None:
    world.follow(world.publish("/rss", item(1), item(2), item(3)))
    world.poll()
    propose(world, "https://cwm.example/new")
    (source,) = veille("sources", "--json").document
    assert (source["state"], source["usual_gap_s"]) == ("dormant", 3600)
    assert source["proposal"] == "https://cwm.example/new"
    said = veille("sources").out
    assert said.startswith("asleep  Le blog de CWM")
    assert said.endswith("\n    Proposed address: https://cwm.example/new\n")


def test_one_source_is_shown_closely(veille: CommandLine, world: World) -> None:
    url = world.web.answer("/rss", feed(item(1), item(2)), Answer(status=500))
    world.follow(url)
    world.poll()
    world.poll(hours=2)
    propose(world, "https://cwm.example/new")
    sheet = veille("sources", "show", url, "--json").document
    assert (sheet["url"], sheet["state"]) == (url, "failing")
    assert [(poll["outcome"], poll["http_status"]) for poll in sheet["polls"]] == [
        ("failed", 500),
        ("changed", 200),
    ]
    assert sheet["polls"][0]["error_code"] == "http-error"
    assert sum(week["entries"] for week in sheet["weeks"]) == ENTRY_COUNT
    assert sheet["use"]["arrived"] == ENTRY_COUNT
    assert sheet["sample"]["text"].startswith("<?xml")
    assert [each["url"] for each in sheet["proposals"]] == ["https://cwm.example/new"]
    said = veille("sources", "show", url).out
    assert "Proposed address: https://cwm.example/new" in said
    assert "2 new" in said
    assert "error 500" in said


def test_only_a_source_of_the_list_can_be_shown(veille: CommandLine, world: World) -> None:
    world.follow(text="sources: []\n")
    said = veille("sources", "show", "https://cwm.example/rss")
    assert (said.code, said.out) == (1, "")
    assert "No source in feeds.yaml has this address." in said.err
