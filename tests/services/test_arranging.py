"""Threads put in order: what is stored of them, kept across polls, and moved by feeds.yaml."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update

from aggregator.domain.conversations.comments import CommentItem
from aggregator.domain.items import EntryId
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations import upkeep
from aggregator.services.conversations.arranging import rearrange
from aggregator.storage import tables
from tests.conversations import ME, MINE_URL, comment, fresh, golden, put, state
from tests.web.world import NOW, entry_id, steady_world

PAIRS = {"c2": "c1", "c4": "c3", "c6": "c5", "c8": "c7", "c10": "c9"}
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Context]:
    with steady_world(tmp_path) as context:
        yield context


def golden_entry(context: Context) -> EntryId:
    return entry_id(context, "Quantité ou qualité ?")


def rows(context: Context, table: Any = tables.comments) -> list[Any]:
    with context.database.read() as session:
        return list(session.execute(table.select()).all())


def pairs(context: Context) -> dict[str, str | None]:
    """Tell by its key what each comment of mine answers."""
    found = {row.id: row for row in rows(context)}
    return {
        row.key: found[row.parent_id].key if row.parent_id else None
        for row in found.values()
        if row.mine
    }


def at(context: Context, moment: datetime) -> Context:
    """Give the same installation at another moment."""
    return replace(context, clock=lambda: moment)


def answers(*items: CommentItem) -> tuple[CommentItem, ...]:
    return tuple(replace(item, in_reply_to=()) for item in items)


@pytest.mark.parametrize("seed", range(3))
def test_the_golden_thread_pairs_rightly_in_whatever_pieces_it_comes(
    here: Context, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    items = list(golden(parents=False))
    chance.shuffle(items)
    while items:
        count = chance.randint(1, 4)
        put(here, golden_entry(here), items[:count])
        del items[:count]
    assert pairs(here) == PAIRS


@pytest.mark.parametrize("backwards", [False, True])
def test_it_pairs_rightly_over_days_forwards_and_backwards(
    here: Context,
    backwards: bool,  # noqa: FBT001 - a case
) -> None:
    items = sorted(golden(parents=False), key=lambda item: item.published_at or NOW)
    for day, item in enumerate(reversed(items) if backwards else items):
        put(at(here, NOW + timedelta(days=day)), golden_entry(here), [item])
    assert pairs(here) == PAIRS


def test_a_comment_that_was_held_back_does_not_take_an_answer_that_is_settled(
    here: Context,
) -> None:
    entry = entry_id(here, "Billet 9")
    first, held, answer = (
        comment("early", at=NOW - 9 * AN_HOUR),
        comment("held", at=NOW - 4 * AN_HOUR),
        comment("mine", author="CWM", url=MINE_URL, at=NOW - 2 * AN_HOUR),
    )
    put(here, entry, [first, comment("seen", at=NOW - 3 * AN_HOUR)])
    put(here, entry, [comment("old", author="CWM", url=MINE_URL, at=NOW - 8 * AN_HOUR), answer])
    assert pairs(here) == {"old": "early", "mine": "seen"}
    put(at(here, NOW + 2 * AN_HOUR), entry, [held])
    assert pairs(here) == {"old": "early", "mine": "seen"}
    assert state(here, "held").state == "waiting"


def test_a_parent_declared_later_takes_the_place_of_a_deduced_one(here: Context) -> None:
    entry = golden_entry(here)
    put(here, entry, golden(parents=False))
    other = next(item for item in golden() if item.key == "c2")
    told = replace(other, in_reply_to=("c3",), fingerprint="0" * 64)
    put(at(here, NOW + 2 * AN_HOUR), entry, [told])
    row = state(here, "c2")
    assert (row.pairing, row.parent_id) == ("declared", state(here, "c3").id)


def test_only_what_changed_is_written(here: Context) -> None:
    put(here, golden_entry(here), golden())
    written: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE comments"):
            written.append(statement)

    with here.database.write() as session:
        event.listen(session, "before_cursor_execute", note)
        try:
            rearrange(session, [row.id for row in rows(here, tables.threads)], me=ME)
        finally:
            event.remove(session, "before_cursor_execute", note)
    assert written == []


def test_a_thread_is_counted_on_its_entry_and_its_source(here: Context) -> None:
    put(here, golden_entry(here), golden())
    put(here, entry_id(here, "Billet 9"), fresh(NOW))
    entries = {row.title: row for row in rows(here, tables.entries)}
    counted = entries["Billet 9"]
    assert (counted.stored_comments, counted.waiting_comments) == (5, 3)
    assert entries["Quantité ou qualité ?"].waiting_comments == 0
    (own,) = [row for row in rows(here, tables.sources) if row.mine]
    assert own.waiting_count == 3


def test_what_was_sent_closes_by_itself_when_my_answer_comes(here: Context) -> None:
    entry = entry_id(here, "Billet 9")
    put(here, entry, [comment("old", at=NOW - 9 * AN_HOUR), comment("new", at=NOW - AN_HOUR)])
    with here.database.write() as session:
        session.execute(
            update(tables.comments).where(tables.comments.c.key == "new").values(sent_at=NOW)
        )
    put(here, entry, [comment("mine", author="CWM", url=MINE_URL, at=NOW)])
    assert (state(here, "new").state, state(here, "old").state) == ("answered", "waiting")
    assert state(here, "new").answered_at == NOW
    assert state(here, "mine").last_word


def snooze(context: Context, key: str, until: datetime, **more: Any) -> None:
    with context.database.write() as session:
        session.execute(
            update(tables.comments)
            .where(tables.comments.c.key == key)
            .values(snoozed_until=until, **more)
        )
        rearrange(session, [row.id for row in rows(context, tables.threads)], me=ME)


def test_what_was_put_off_waits_again_when_its_moment_has_come(here: Context) -> None:
    put(here, entry_id(here, "Billet 9"), fresh(NOW))
    snooze(here, "f1", NOW + AN_HOUR)
    snooze(here, "f4", NOW + AN_HOUR, sent_at=NOW)
    upkeep.wake(here)
    assert state(here, "f1").state == "snoozed"
    assert rows(here, tables.threads)[0].waiting_count == 1
    upkeep.wake(at(here, NOW + AN_HOUR))
    assert (state(here, "f1").state, state(here, "f1").snoozed_until) == ("waiting", None)
    assert state(here, "f4").state == "sent"
    assert rows(here, tables.threads)[0].waiting_count == 2


def change(context: Context, old: str, new: str) -> None:
    path = context.settings.feeds_path
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    following.refresh(context)


def test_a_new_name_of_mine_puts_every_thread_in_order_again(here: Context) -> None:
    put(here, entry_id(here, "Billet 9"), fresh(NOW))
    assert state(here, "f4").mine is None
    change(here, "CWM", "Philippe B")
    assert state(here, "f4").mine is None
    assert upkeep.catch_up(here)
    assert state(here, "f4").mine == "name"
    assert rows(here, tables.threads)[0].waiting_count == sum(
        row.state == "waiting" for row in rows(here)
    )


def test_a_source_that_is_no_longer_mine_waits_for_nothing(here: Context) -> None:
    put(here, entry_id(here, "Billet 9"), fresh(NOW))
    change(here, "mine: true", "mine: false")
    upkeep.catch_up(here)
    assert not any(row.expects and row.parent_id is None for row in rows(here))
    assert rows(here, tables.threads)[0].waiting_count == 0


def test_a_change_of_anything_else_moves_no_thread(
    here: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(here, entry_id(here, "Billet 9"), fresh(NOW))
    upkeep.catch_up(here)
    monkeypatch.setattr(upkeep, "rearrange", lambda *_, **__: pytest.fail("put in order again"))
    with here.settings.feeds_path.open("a", encoding="utf-8") as file:
        file.write("# une remarque\n")
    following.refresh(here)
    assert upkeep.catch_up(here)


def test_what_is_left_undone_is_done_after_a_restart(
    here: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Billet 9", "Billet 8", "Billet 7"):
        put(here, entry_id(here, title), [comment(title, author="Philippe B", at=NOW)])
    change(here, "CWM", "Philippe B")
    monkeypatch.setattr(upkeep, "AT_ONCE", 1)
    moments = iter((0.0, 0.0, 2.0))
    monkeypatch.setattr(upkeep, "seconds", lambda: next(moments))
    assert not upkeep.catch_up(here, patience_s=1)
    assert sum(row.mine == "name" for row in rows(here)) == 1
    assert upkeep.catch_up(here)
    assert sum(row.mine == "name" for row in rows(here)) == 3
