"""`veille sources add|test|retire` and `veille opml import`."""

from pathlib import Path

import pytest

from tests.command import CommandLine
from tests.scripted_server import Answer
from tests.world import World, item

A = "http://a.example/rss"


def feeds_yaml(world: World) -> str:
    return world.feeds.read_text(encoding="utf-8")


def test_the_feed_of_a_site_is_added(veille: CommandLine, world: World) -> None:
    world.follow(A)
    before, url = feeds_yaml(world), world.publish_site()
    said = veille("sources", "add", url, "--page", "Mon blog", "--name", "CWM")
    assert (said.code, said.err) == (0, "")
    assert f"CWM is followed: {url}feed\n" in said.out
    assert f"There is also:  {url}comments/feed\n" in said.out
    added = f"  - name: CWM\n    url: {url}feed\n    page: Mon blog\n"
    assert feeds_yaml(world).startswith(before + added)


def test_the_first_source_makes_a_feeds_yaml(veille: CommandLine, world: World) -> None:
    url = world.publish("/rss", item(1))
    assert veille("sources", "add", url).code == 0
    assert f"  - name: Le blog de CWM\n    url: {url}\n" in feeds_yaml(world)
    again = veille("sources", "add", url)
    assert (again.code, again.out) == (1, "")
    assert "is followed already, as “Le blog de CWM” on the page “Veille”." in again.err


@pytest.mark.parametrize("command", ["add", "test"])
def test_an_address_without_a_feed_is_said(
    veille: CommandLine, world: World, command: str
) -> None:
    world.follow(A)
    before, url = feeds_yaml(world), world.web.answer("/gone", Answer(status=410, body=b""))
    said = veille("sources", command, url)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(
        f"{url}: The site says that what was at this address is gone for good"
    )
    assert feeds_yaml(world) == before


def test_an_address_is_tried_and_nothing_stored(veille: CommandLine, world: World) -> None:
    url = world.publish_site()
    said = veille("sources", "test", url)
    assert (said.code, said.err) == (0, "")
    assert f"{url}feed  Le blog de CWM\n" in said.out
    assert "  Bonjour\n" in said.out
    assert f"{url}comments/feed  Commentaires  comments\n" in said.out
    assert not world.feeds.exists()
    assert world.sources() == ()


def test_what_an_address_gives_is_told_in_json(veille: CommandLine, world: World) -> None:
    url = world.publish_site()
    told = veille("sources", "test", url, "--json").document
    assert (told["ok"], told["url"], told["error_code"]) == (True, url, None)
    first = told["feeds"][0]
    assert (first["url"], first["kind"], first["entries"]) == (f"{url}feed", "entries", 1)
    assert first["latest"] == [{"title": "Bonjour", "published_at": "2026-10-26T10:00:00Z"}]
    none = veille("sources", "test", "nowhere", "--json")
    assert (none.code, none.document["ok"], none.document["error_code"]) == (
        1,
        False,
        "bad-address",
    )


def test_a_source_is_retired_with_a_reason(veille: CommandLine, world: World) -> None:
    world.follow(A)
    said = veille("sources", "retire", A, "--why", "page: fermée")
    assert (said.code, said.out) == (0, "a.example is no longer followed.\n")
    assert '    retired:\n      since: 2026-11-25\n      why: "page: fermée"\n' in feeds_yaml(
        world
    )
    assert veille("sources", "--json").document[0]["state"] == "retired"
    other = veille("sources", "retire", "http://other.example/")
    assert (other.code, other.err) == (1, "No source in feeds.yaml has this address.\n")


OPML = f"""<opml><body><outline text="Métier"><outline text="A" xmlUrl="{A}"/>
<outline text="B" xmlUrl="http://b.example/rss"/></outline>
<outline xmlUrl="mailto:x@example.org"/></body></opml>"""


def test_a_list_is_imported_and_what_is_left_out_is_said(
    veille: CommandLine, world: World, empty_place: Path
) -> None:
    world.follow(A)
    (empty_place / "list.opml").write_text(OPML, encoding="utf-8")
    said = veille("opml", "import", "list.opml")
    assert said.code == 0
    assert said.out == (
        "mailto:x@example.org: left out, no web address\n"
        "1 source added, 1 followed already, 1 left out.\n"
    )
    assert [(one.name, one.page_name) for one in world.sources()] == [
        ("a.example", "Veille"),
        ("B", "Métier"),
    ]


def test_a_list_makes_a_feeds_yaml(veille: CommandLine, world: World, empty_place: Path) -> None:
    (empty_place / "list.opml").write_text(OPML, encoding="utf-8")
    assert "2 sources added" in veille("opml", "import", "list.opml").out
    assert [one.page_name for one in world.sources()] == ["Métier", "Métier"]


def test_a_list_without_addresses_is_refused(
    veille: CommandLine, world: World, empty_place: Path
) -> None:
    (empty_place / "list.txt").write_text("rien", encoding="utf-8")
    said = veille("opml", "import", "list.txt")
    assert (said.code, said.out) == (1, "")
    assert said.err == "No address that can be followed was found in it.\n"
    assert not world.feeds.exists()
    assert veille("opml", "import", "missing.opml").code == 2
