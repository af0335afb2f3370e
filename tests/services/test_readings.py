"""What polls know of the last document, and what they store of the next."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from aggregator.domain.items import FeedDocument
from aggregator.ingest.frames import ParseJob
from aggregator.storage.tables import readings, sources
from tests.scripted_server import Answer
from tests.world import World, item

Read = Callable[[], tuple[list[str], list[str]]]


@pytest.fixture
def read(world: World, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Tell of the last document that was read which titles were, and which keys were known."""
    futures: list[Future[Any]] = []
    submit = world.context.parsers.submit

    def submitted(job: ParseJob) -> Future[Any]:
        futures.append(submit(job))
        return futures[-1]

    def last() -> tuple[list[str], list[str]]:
        document = futures[-1].result()
        assert isinstance(document, FeedDocument)
        return [one.title for one in document.items], list(document.same_keys)

    monkeypatch.setattr(world.context.parsers, "submit", submitted)
    return last


def kept(world: World) -> int:
    with world.context.database.read() as session:
        return len(session.execute(select(readings)).all())


def test_of_a_document_only_what_is_new_or_edited_is_read_again(world: World, read: Read) -> None:
    world.follow(world.publish("/rss", item(3), item(2), item(1)))
    world.poll()
    world.publish("/rss", item(4), item(3), item(2, "Corrigé"))
    summary = world.poll(hours=2)
    assert read() == (["Article 4", "Corrigé"], ["article-3"])
    assert (summary.entries_new, summary.entries_changed) == (1, 1)
    world.publish("/rss", item(5), item(4), item(3), item(2, "Corrigé"))
    world.poll(hours=2)
    assert read() == (["Article 5"], ["article-4", "article-3", "article-2"])
    assert world.titles() == ["Article 5", "Article 4", "Article 3", "Corrigé", "Article 1"]


def test_what_was_edited_and_put_back_is_put_back(world: World, read: Read) -> None:
    world.follow(world.publish("/rss", item(2), item(1)))
    world.poll()
    world.publish("/rss", item(2, "Corrigé"), item(1), "<image/>", item(3))
    world.poll(hours=2)
    world.publish("/rss", item(2), item(1))
    world.poll(hours=2)
    assert read() == (["Article 2", "Article 1"], [])
    assert world.titles() == ["Article 3", "Article 2", "Article 1"]


def test_an_entry_that_is_still_there_is_not_taken_for_one_under_a_new_guid(
    world: World, read: Read
) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    twin = item(1).replace(">article-1<", ">article-1-bis<")
    world.publish("/rss", twin, item(1))
    summary = world.poll(hours=2)
    assert read() == (["Article 1"], ["article-1"])
    assert (summary.entries_new, len(world.entries())) == (1, 2)


def test_after_a_document_that_cannot_be_read_the_last_good_one_counts(
    world: World, read: Read
) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    world.web.answer("/rss", Answer(body=b"nothing of the kind"))
    world.poll(hours=2)
    world.publish("/rss", item(2), item(1))
    world.poll(hours=48)
    assert read() == (["Article 2"], ["article-1"])


def test_what_is_kept_counts_for_the_body_that_it_was_made_of_only(
    world: World, read: Read
) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    with world.context.database.write() as session:
        session.execute(update(sources).values(body_hash=b"another body".ljust(32)))
    world.publish("/rss", item(2), item(1))
    world.poll(hours=2)
    assert read() == (["Article 2", "Article 1"], [])
    assert len(world.entries()) == 2


def test_nothing_is_kept_of_a_document_whose_keys_may_hold_a_secret(world: World) -> None:
    hidden = replace(world, context=replace(world.context, environment={"KEY": "hush-hush"}))
    hidden.publish("/rss?key=hush-hush", item(1))
    hidden.follow(f"{world.web.url('/rss')}?key=${{KEY}}")
    hidden.poll()
    assert (hidden.titles(), kept(hidden)) == (["Article 1"], 0)
