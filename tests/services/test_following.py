"""feeds.yaml in use: picked up, kept when it breaks, never mixed up with another."""

import os
from dataclasses import replace

import pytest

from aggregator.domain.sources import SourceState, state_of
from aggregator.errors import InvalidInputError
from aggregator.services import following, reading
from aggregator.subscriptions.files import read_start
from tests.scripted_server import Answer, Asked
from tests.world import World, feed, item


def test_a_list_is_put_in_use_in_its_order(world: World) -> None:
    world.follow("http://b.example/rss", "http://a.example/rss")
    assert [source.url for source in world.sources()] == [
        "http://b.example/rss",
        "http://a.example/rss",
    ]
    assert {state_of(source, now=world.clock()) for source in world.sources()} == {SourceState.NEW}


def test_a_bad_edit_keeps_the_last_good_list_and_says_why(world: World) -> None:
    world.follow("http://a.example/rss")
    world.follow(text="sources:\n  - url: http://a.example/rss\n    titel: A\n")
    now = following.current(world.context)
    assert now.broken
    assert (now.problems[0].line, now.problems[0].column) == (3, 5)
    assert "'name'" in now.problems[0].message
    assert [source.url for source in world.sources()] == ["http://a.example/rss"]
    assert [source.url for source in now.list.sources] == ["http://a.example/rss"]


def test_the_last_good_list_is_polled_though_the_file_is_broken(world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.follow(text="sources: [")
    assert world.poll().entries_new == 1


def test_a_mended_file_is_in_use_again(world: World) -> None:
    world.follow("http://a.example/rss")
    world.follow(text="sources: [")
    world.follow("http://a.example/rss", "http://b.example/rss")
    assert following.current(world.context).problems == ()
    assert len(world.sources()) == 2


def test_an_address_that_leaves_the_list_is_neither_polled_nor_shown_and_returns_with_its_entries(
    world: World,
) -> None:
    first, second = world.publish("/a", item(1)), world.publish("/b", item(2))
    world.follow(first, second)
    world.poll()
    world.follow(second)
    world.poll(hours=3)
    assert world.web.paths.count("/a") == 1
    assert world.titles() == ["Article 2"]
    world.follow(first, second)
    assert world.titles() == ["Article 2", "Article 1"]


def test_a_source_that_moves_to_another_page_takes_its_entries_along(world: World) -> None:
    url = world.publish("/rss", item(1))
    text = f"sources:\n  - url: {url}\n    page: {{}}\npages:\n  - name: Un\n  - name: Deux\n"
    world.follow(text=text.format("Un"))
    world.poll()
    world.follow(text=text.format("Deux"))
    assert reading.article(world.context, world.entries()[0].id).page_slug == "deux"
    assert [tab.unread for tab in reading.tabs(world.context)] == [0, 1]


def test_another_file_is_refused_unless_it_is_adopted(world: World) -> None:
    world.follow("http://a.example/rss")
    other = world.feeds.with_name("other.yaml")
    other.write_text("sources:\n  - http://b.example/rss\n", encoding="utf-8")
    settings = world.context.settings.model_copy(update={"feeds": other})
    context = replace(world.context, settings=settings)
    with pytest.raises(InvalidInputError, match="--adopt"):
        following.refresh(context)
    assert [source.url for source in world.sources()] == ["http://a.example/rss"]
    following.refresh(context, adopt=True)
    assert [source.url for source in world.sources()] == ["http://b.example/rss"]
    with pytest.raises(InvalidInputError, match="--adopt"):
        following.refresh(world.context)


def test_a_missing_file_says_how_to_make_one(world: World) -> None:
    with pytest.raises(InvalidInputError, match="veille init"):
        following.refresh(world.context)


def test_a_file_that_disappears_leaves_the_list_in_use(world: World) -> None:
    world.follow("http://a.example/rss")
    world.feeds.unlink()
    assert following.refresh(world.context).exists is False
    assert len(world.sources()) == 1


def test_a_file_emptied_while_it_is_saved_leaves_the_list_in_use_and_says_so(
    world: World,
) -> None:
    world.follow("http://a.example/rss")
    kept = world.feeds.read_bytes()
    world.feeds.write_bytes(b"\n")
    assert "is empty" in following.refresh(world.context).problems[0].message
    assert len(world.sources()) == 1
    world.feeds.write_bytes(kept)
    assert following.refresh(world.context).problems == ()


def test_a_file_that_cannot_be_read_leaves_the_list_in_use_and_says_so(world: World) -> None:
    world.follow("http://a.example/rss")
    kept = world.feeds.read_bytes()
    world.feeds.unlink()
    world.feeds.mkdir()
    for _ in range(2):
        now = following.refresh(world.context)
        assert now.broken
        assert "cannot be read" in now.problems[0].message
        assert len(world.sources()) == 1
    world.feeds.rmdir()
    world.feeds.write_bytes(kept)
    assert following.refresh(world.context).problems == ()


def test_what_is_no_file_is_not_waited_for(world: World) -> None:
    os.mkfifo(world.feeds)
    with pytest.raises(InvalidInputError, match="cannot be read"):
        following.refresh(world.context)


def test_of_a_file_without_end_no_more_is_read_than_a_list_may_hold(world: World) -> None:
    world.feeds.write_bytes(b"# " + b"a" * 3_000_000)
    assert "1000 kB" in following.check(world.context.settings).problems[0].message
    assert len(read_start(world.feeds, 1_000)) == 1_000


def test_the_same_text_is_taken_in_once(world: World) -> None:
    world.follow("http://a.example/rss")
    before = world.context.database.path.with_name("veille.db-wal").read_bytes()
    following.refresh(world.context)
    assert world.context.database.path.with_name("veille.db-wal").read_bytes() == before


def test_retired_sources_are_listed_and_stand_on_no_page(world: World) -> None:
    url = world.publish("/rss", item(1))
    world.follow(url)
    world.poll()
    retired = f"sources:\n  - url: {url}\n    retired:\n      since: 2026-11-01\n      why: fini\n"
    world.follow(text=retired)
    source = world.sources()[0]
    assert (state_of(source, now=world.clock()), source.retired_why) == (
        SourceState.RETIRED,
        "fini",
    )
    assert reading.board(world.context, None).boxes == ()
    assert world.titles() == ["Article 1"]


def test_a_password_that_is_mended_in_feeds_yaml_is_tried(world: World) -> None:
    right = "Basic Y3dtOnJpZ2h0"

    def guarded(asked: Asked) -> Answer:
        return feed(item(1)) if asked.header("Authorization") == right else Answer(status=401)

    url = world.web.answer("/feed", guarded)
    world.follow(url.replace("://", "://cwm:wrong@"))
    for _ in range(4):
        world.poll(hours=30)
    assert [source.next_poll_at for source in world.sources()] == [None]
    world.follow(url.replace("://", "://cwm:right@"))
    world.poll()
    assert world.titles() == ["Article 1"]
