"""Acts that change feeds.yaml: written, in use at once, and nobody's text lost."""

import threading

import pytest

from aggregator.domain.exchange import Subscription
from aggregator.domain.sources import SourceHealth, SourceId, SourceState, state_of
from aggregator.errors import InvalidInputError, NotFoundError
from aggregator.services import editing, following, standing
from tests.world import World, item

A, B = "http://a.example/rss", "http://b.example/rss"


def source(world: World, url: str) -> SourceHealth:
    return next(one for one in world.sources() if one.url == url)


def text(world: World) -> str:
    return world.feeds.read_text(encoding="utf-8")


def test_what_is_followed_is_written_used_and_polled_first(world: World) -> None:
    world.follow(A)
    before = text(world)
    added = editing.follow(world.context, [Subscription(url=B, name="B", page="Deux")])
    assert [source(world, B).id] == list(added)
    assert text(world).startswith(f"{before}  - name: B\n    url: {B}\n    page: Deux\n")
    assert (source(world, B).name, source(world, B).page_name) == ("B", "Deux")
    first = source(world, A).next_poll_at
    due = source(world, B).next_poll_at
    assert first is not None
    assert due is not None
    assert due < first
    assert world.feeds.with_name("feeds.yaml.previous").read_text(encoding="utf-8") == before


def test_the_entries_of_what_is_followed_come_with_the_next_round(world: World) -> None:
    url = world.publish("/rss", item(1))
    editing.follow(world.context, [Subscription(url=url)])
    world.poll()
    assert world.titles() == ["Article 1"]


def test_the_lines_are_shown_before_they_are_written(world: World) -> None:
    world.follow(A)
    before = text(world)
    draft = editing.draft_of_following(world.context, [Subscription(url=B, name="B")])
    assert [(line.number, line.text) for line in draft.lines] == [
        (3, "  - name: B"),
        (4, f"    url: {B}"),
    ]
    assert text(world) == before
    assert draft.digest == editing.digest(world.context)
    world.feeds.write_text(before + "# moi\n", encoding="utf-8")
    assert draft.digest != editing.digest(world.context)


def test_pausing_resuming_and_retiring_are_written_and_in_use(world: World) -> None:
    world.follow(A, B)
    before, wanted = text(world), source(world, A).id
    editing.pause(world.context, wanted)
    assert state_of(source(world, A), now=world.clock()) is SourceState.PAUSED
    editing.resume(world.context, wanted)
    editing.retire(world.context, wanted, "page fermée")
    retired = source(world, A)
    assert (str(retired.retired_since), retired.retired_why) == ("2026-11-25", "page fermée")
    editing.resume(world.context, wanted)
    assert state_of(source(world, A), now=world.clock()) is SourceState.NEW
    assert text(world) == before.replace(f"- {A}", f"- url: {A}")


def test_a_source_that_is_not_followed_cannot_be_paused(world: World) -> None:
    world.follow(A)
    with pytest.raises(NotFoundError):
        editing.pause(world.context, SourceId(99))


def test_settings_are_written_and_in_use(world: World) -> None:
    world.follow(A)
    editing.set_settings(world.context, {"language": "fr", "timezone": "Europe/Brussels"})
    preferences = following.current(world.context).list.preferences
    assert (preferences.language, preferences.timezone) == ("fr", "Europe/Brussels")
    assert text(world).endswith("settings:\n  language: fr\n  timezone: Europe/Brussels\n")
    with pytest.raises(InvalidInputError, match=r"settings\.timezone"):
        editing.set_settings(world.context, {"timezone": "Europe/Atlantis"})
    editing.set_settings(world.context, {"timezone": None, "language": None})
    assert following.current(world.context).list.preferences.language is None


def test_a_broken_file_is_not_touched_and_its_line_is_said(world: World) -> None:
    world.follow(A)
    broken = f"sources:\n  - {A}\ntitel: x\n"
    world.feeds.write_text(broken, encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"feeds\.yaml:3:1"):
        editing.pause(world.context, source(world, A).id)
    assert text(world) == broken


def test_a_hand_edit_in_between_is_kept(world: World) -> None:
    world.follow(A)
    by_hand = text(world) + "  - http://c.example/rss  # à la main\n"
    world.feeds.write_text(by_hand, encoding="utf-8")
    editing.follow(world.context, [Subscription(url=B)])
    assert text(world) == f"{by_hand}  - {B}\n"
    assert len(world.sources()) == 3


def test_an_address_that_is_followed_already_is_refused_with_its_line(world: World) -> None:
    world.follow(A)
    with pytest.raises(InvalidInputError, match="line 2"):
        editing.follow(world.context, [Subscription(url=A)])


def test_two_acts_at_once_lose_neither(world: World) -> None:
    world.follow(A)
    urls = [f"http://{letter}.example/rss" for letter in "cdefgh"]
    threads = [
        threading.Thread(target=editing.follow, args=(world.context, [Subscription(url=url)]))
        for url in urls
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.url for one in world.sources()} == {A, *urls}


def test_a_symbolic_link_stays_one(world: World) -> None:
    world.follow(A)
    target = world.feeds.rename(world.feeds.with_name("list.yaml"))
    world.feeds.symlink_to(target)
    editing.follow(world.context, [Subscription(url=B)])
    assert world.feeds.is_symlink()
    assert B in target.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_said_and_stays(world: World) -> None:
    world.follow(A)
    before = text(world)
    world.feeds.with_name("feeds.yaml.previous").mkdir()
    with pytest.raises(InvalidInputError, match=r"cannot be written: Is a directory\."):
        editing.follow(world.context, [Subscription(url=B)])
    assert text(world) == before


def test_a_folder_that_cannot_be_made_is_said(world: World) -> None:
    world.feeds.write_text("", encoding="utf-8")
    inside = world.with_settings(feeds=world.feeds / "feeds.yaml")
    with pytest.raises(InvalidInputError, match="cannot be made"):
        editing.write_first(inside.context, f"sources:\n  - {A}\n")


def test_a_first_file_is_written_with_what_was_wished(world: World) -> None:
    wanted = [Subscription(url=A, name="A"), Subscription(url=B, page="Deux")]
    made = editing.first_text(wanted, "fr")
    assert f"sources:\n  - name: A\n    url: {A}\n  - url: {B}\n    page: Deux\n" in made
    assert "pages:\n  - name: Deux\n" in made
    assert editing.write_first(world.context, made) == ()
    assert text(world) == made
    assert [one.url for one in world.sources()] == [A, B]


def test_a_first_file_with_a_mistake_is_not_written(world: World) -> None:
    problems = editing.write_first(world.context, "sources:\n  - name: Magalie : bio\n")
    assert next((one.line, one.level) for one in problems) == (2, "error")
    assert not world.feeds.exists()


def test_a_first_file_overwrites_no_other(world: World) -> None:
    world.feeds.write_text("sources:\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="stays as it is"):
        editing.write_first(world.context, f"sources:\n  - {A}\n")


def test_a_file_that_was_deleted_is_written_again(world: World) -> None:
    world.follow(A)
    before = text(world)
    world.feeds.unlink()
    editing.write_again(world.context)
    assert text(world) == before
    world.feeds.unlink()
    editing.follow(world.context, [Subscription(url=B)])
    assert text(world) == f"{before}  - {B}\n"


def test_what_is_followed_without_a_file_makes_one(world: World) -> None:
    editing.follow(world.context, [Subscription(url=A)])
    assert f"sources:\n  - {A}\n" in text(world)
    assert text(world).startswith("# What Veille follows.")


def test_what_a_source_is_for_is_written_changed_and_taken_away(world: World) -> None:
    world.follow(A, B)
    before = text(world)
    editing.describe(world.context, source(world, A).id, "  répondre : vite ")
    assert source(world, A).purpose == "répondre : vite"
    assert source(world, B).purpose is None
    editing.describe(world.context, source(world, A).id, "lire")
    assert source(world, A).purpose == "lire"
    editing.describe(world.context, source(world, A).id, "")
    assert source(world, A).purpose is None
    assert text(world).startswith(before.split(A)[0])
    with pytest.raises(NotFoundError):
        editing.describe(world.context, SourceId(99), "rien")


def test_a_source_is_found_where_it_stands_in_the_file(world: World) -> None:
    world.follow(
        text=f"# {A}\nsources:\n  - {B}/more\n  - {A}\n  - name: B\n    url: '{B}' # moi\n"
    )
    assert standing.line_of(world.context, source(world, A)) == 4
    assert standing.line_of(world.context, source(world, B)) == 6
    lost = source(world, B)
    world.feeds.write_text("sources: []\n", encoding="utf-8")
    assert standing.line_of(world.context, lost) is None
    world.feeds.unlink()
    assert standing.line_of(world.context, lost) is None
