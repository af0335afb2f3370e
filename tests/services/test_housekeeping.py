"""Keeping the house: the nightly copy of the list, old poll records, the poller's heartbeat."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import func, select

from aggregator import scheduler
from aggregator.services import housekeeping
from aggregator.storage.polls import KEPT_POLLS
from aggregator.storage.tables import polls
from tests.processes import eventually
from tests.scripted_server import Answer
from tests.world import World, item


def copies(world: World) -> list[str]:
    """Name the copies of the list that lie beside the database."""
    folder = world.context.database.path.parent / "lists"
    return sorted(path.name for path in folder.glob("*"))


def copy_of(world: World, ending: str) -> Path:
    return world.context.database.path.parent / "lists" / f"veille-2026-11-25.{ending}"


def test_the_list_is_copied_beside_the_database_in_both_forms(world: World) -> None:
    url = world.publish("/rss", item(1))
    world.follow(text=f"# ma liste\nsources:\n  - name: Chez CWM\n    url: {url}\n")
    housekeeping.keep(world.context)
    assert copies(world) == ["veille-2026-11-25.opml", "veille-2026-11-25.yaml"]
    assert copy_of(world, "yaml").read_bytes() == world.feeds.read_bytes()
    root = etree.fromstring(copy_of(world, "opml").read_bytes())
    (feed,) = root.iterfind("body/outline/outline")
    assert (feed.get("text"), feed.get("xmlUrl")) == ("Chez CWM", url)


def test_one_copy_a_day_is_made_and_is_not_made_again(world: World) -> None:
    world.follow("http://cwm.example/rss")
    housekeeping.keep(world.context)
    world.follow("http://other.example/rss")
    for _ in range(3):
        world.clock.go_on(hours=1)
        assert housekeeping.copy_list(world.context) == ()
    assert "cwm.example" in copy_of(world, "yaml").read_text("utf-8")
    world.clock.go_on(hours=24)
    assert len(housekeeping.copy_list(world.context)) == 2
    assert len(copies(world)) == 4


def test_a_copy_that_was_not_finished_is_made_again(world: World) -> None:
    world.follow("http://cwm.example/rss")
    housekeeping.keep(world.context)
    copy_of(world, "yaml").unlink()
    assert len(housekeeping.copy_list(world.context)) == 2
    assert len(copies(world)) == 2


def test_thirty_days_are_kept_and_nothing_else_is_touched(world: World) -> None:
    world.follow("http://cwm.example/rss")
    for _ in range(35):
        housekeeping.copy_list(world.context)
        world.clock.go_on(days=1)
    note = copy_of(world, "yaml").with_name("note.txt")
    note.touch()
    housekeeping.copy_list(world.context)
    names = copies(world)
    assert len(names) == 2 * housekeeping.KEPT_COPIES + 1
    assert names[:2] == ["note.txt", "veille-2026-12-01.opml"]
    assert names[-1] == "veille-2026-12-30.yaml"


def test_no_secret_gets_into_a_copy(world: World) -> None:
    hidden = replace(world, context=replace(world.context, environment={"CWM_KEY": "s3cret"}))
    hidden.publish("/rss?key=s3cret", item(1))
    hidden.follow(f"{world.web.url('/rss')}?key=${{CWM_KEY}}", "http://a:p4ss@b.example/rss")
    assert hidden.poll().entries_new == 1
    housekeeping.keep(hidden.context)
    opml, text = (copy_of(world, ending).read_text("utf-8") for ending in ("opml", "yaml"))
    assert "s3cret" not in opml + text
    assert "key=${CWM_KEY}" in opml
    assert "key=${CWM_KEY}" in text
    assert "p4ss" not in opml


def test_the_copy_is_of_the_list_in_use_when_the_file_is_broken(world: World) -> None:
    world.follow("http://cwm.example/rss")
    world.follow(text="sources: [\n")
    housekeeping.keep(world.context)
    assert "cwm.example" in copy_of(world, "yaml").read_text("utf-8")


def test_without_a_list_there_is_nothing_to_copy(world: World) -> None:
    housekeeping.keep(world.context)
    assert copies(world) == []


def test_thirty_polls_of_each_source_are_remembered(world: World) -> None:
    busy = world.publish("/rss", item(1))
    rare = world.web.answer("/410", Answer(status=410))
    world.follow(text=f"sources:\n  - url: {busy}\n    every: 15m\n  - {rare}\n")
    for _ in range(KEPT_POLLS + 5):
        world.poll(minutes=20)
    newest = world.clock.now
    housekeeping.keep(world.context)
    with world.context.database.read() as session:
        kept = session.execute(
            select(func.count(), func.min(polls.c.polled_at), func.max(polls.c.polled_at))
            .group_by(polls.c.source_id)
            .order_by(polls.c.source_id)
        ).all()
    assert [row[0] for row in kept] == [KEPT_POLLS, 1]
    assert kept[0][1:] == (newest - timedelta(minutes=20 * (KEPT_POLLS - 1)), newest)
    assert len(world.entries()) == 1


def test_a_heartbeat_is_told_as_it_was_noted(world: World) -> None:
    assert housekeeping.last_beat(world.context) is None
    housekeeping.beat(world.context)
    world.clock.go_on(minutes=3)
    assert housekeeping.last_beat(world.context) == world.clock.now - timedelta(minutes=3)


@contextmanager
def working(world: World, **more: bool) -> Iterator[None]:
    """Have the poller's clockwork work beside the test."""
    stopping = threading.Event()
    thread = threading.Thread(
        target=scheduler.run, args=(world.context,), kwargs={"stopping": stopping, **more}
    )
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(10)
        assert not thread.is_alive()


def test_the_clockwork_follows_polls_copies_and_beats(world: World) -> None:
    world.feeds.write_text(f"sources:\n  - {world.publish('/rss', item(1))}\n", encoding="utf-8")
    quick = world.with_settings(tick=timedelta(seconds=1))
    with working(quick):
        eventually(world.entries)
        eventually(lambda: housekeeping.last_beat(world.context))
    assert world.titles() == ["Article 1"]


def test_a_round_that_lasts_beats_whenever_it_gets_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "BEAT_EVERY_S", 0)
    held = world.web.answer("/held", Answer(held=True))
    world.follow(held, world.publish("/rss", item(1)))
    with working(world):
        eventually(lambda: housekeeping.last_beat(world.context))
        assert [source.failures for source in world.sources()] == [0, 0]
        assert world.titles() == ["Article 1"]


def test_a_round_in_which_nothing_moves_does_not_beat(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "BEAT_EVERY_S", 0)
    world.follow(world.web.answer("/held", Answer(held=True)))
    with working(world):
        eventually(lambda: housekeeping.last_beat(world.context))
        assert world.sources()[0].failures == 1


def test_without_a_list_the_clockwork_complains_of_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with working(world):
        eventually(lambda: housekeeping.last_beat(world.context))
    assert [record for record in caplog.records if record.levelname != "INFO"] == []
