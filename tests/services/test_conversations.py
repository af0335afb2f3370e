"""Comments taken in: stored once, put in order, counted."""

from pathlib import Path

import pytest

from aggregator.storage import tables
from tests.conversations import comment, fresh, golden, put, state
from tests.web.world import NOW, entry_id, steady_world


def test_the_golden_thread_is_answered_and_the_fresh_one_waits(tmp_path: Path) -> None:
    with steady_world(tmp_path) as context:
        put(context, entry_id(context, "Quantité ou qualité ?"), golden())
        put(context, entry_id(context, "Billet 9"), fresh(NOW))
        with context.database.read() as session:
            threads = session.execute(tables.threads.select()).all()
        assert [(row.comment_count, row.waiting_count) for row in threads] == [(10, 0), (5, 3)]
        assert {key: state(context, key).state for key in ("f1", "f2", "f4", "f5", "f6")} == {
            "f1": "waiting",
            "f2": "answered",
            "f4": "waiting",
            "f5": "none",
            "f6": "waiting",
        }
        assert state(context, "f6").suspect


@pytest.mark.parametrize("times", [1, 2])
def test_a_comment_seen_twice_is_stored_once(tmp_path: Path, times: int) -> None:
    with steady_world(tmp_path) as context:
        entry = entry_id(context, "Billet 9")
        brought = [put(context, entry, [comment("a", at=NOW)]) for _ in range(times)]
        assert [len(new) for new in brought] == [1, 0][:times]
