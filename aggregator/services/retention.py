"""Throwing away what is older than one wants to keep, a little at a time."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from aggregator.clock import seconds, sleep
from aggregator.domain.counters import Counted
from aggregator.domain.sources import SourceId
from aggregator.services.context import Context
from aggregator.storage import counters, installation, retention
from aggregator.storage.engine import Session

log = logging.getLogger(__name__)

AT_ONCE: Final = 100
"""Entries thrown away in one transaction: others may write in between."""

PATIENCE_S: Final = 60.0
"""What is left then is thrown away the next time the house is kept."""

LONGEST_PAUSE_S: Final = 0.25
"""Between two transactions one rests as long as the last one took, and no longer than this."""

_FACT: Final = "thrown_away"

Id = TypeVar("Id", bound=int)


def throw_away(context: Context, *, patience_s: float = PATIENCE_S) -> int:
    """Throw away what VEILLE_KEEP does not keep, once a day (UTC); give how many entries went.

    What holds an entry or a conversation is said in docs/operations.md.
    """
    keep, now = context.settings.keep, context.clock()
    if keep is None:
        return 0
    day = f"{now:%Y-%m-%d}"
    with context.database.read() as session:
        kept: Any = installation.fact(session, _FACT) or {}
    after = kept.get("after") if kept.get("on") == day else 0
    if after is None:  # all was looked through today
        return 0
    work = _Work(context, before=now - keep, until_s=seconds() + patience_s)
    left_at = work.go_through(SourceId(after))
    with context.database.write() as session:
        installation.keep_fact(session, _FACT, {"on": day, "after": left_at})
    if work.entries or work.orphans:
        log.info(
            "thrown away entries=%d conversations=%d done=%s",
            *(work.entries, work.orphans, left_at is None),
        )
    return work.entries


class _Work:
    """One run: `entries` and `orphans` count what went."""

    def __init__(self, context: Context, *, before: datetime, until_s: float) -> None:
        self._context = context
        self._before = before
        self._until_s = until_s
        self.entries = 0
        self.orphans = 0

    def go_through(self, after: SourceId) -> SourceId | None:
        """Go through the sources after this one; give where to go on, None when all is done."""
        with self._context.database.read() as session:
            left = retention.others_after(session, after)
        for source_id in left:
            with self._context.database.read() as session:
                old = retention.old_entries(session, source_id, before=self._before)
            self.entries += self._in_batches(old, self._throw)
            if self._is_late():
                return after
            after = source_id
        with self._context.database.read() as session:
            orphans = retention.old_orphans(session, before=self._before)
        self.orphans += self._in_batches(orphans, self._throw_orphans)
        return after if self._is_late() else None

    def _in_batches(self, ids: Sequence[Id], throw: Callable[[Session, Sequence[Id]], int]) -> int:
        gone = 0
        for start in range(0, len(ids), AT_ONCE):
            if self._is_late():
                break
            begun_s = seconds()
            with self._context.database.write() as session:
                gone += throw(session, ids[start : start + AT_ONCE])
            # SQLite gives nobody a turn by itself: whoever waits looks again now and then.
            sleep(min(seconds() - begun_s, LONGEST_PAUSE_S))
        return gone

    def _throw(self, session: Session, ids: Sequence[Any]) -> int:
        now = self._context.clock()
        gone = retention.throw_away(session, ids, before=self._before, now=now)
        counters.add(session, {Counted.ENTRIES_THROWN_AWAY: gone})
        return gone

    def _throw_orphans(self, session: Session, ids: Sequence[Any]) -> int:
        now = self._context.clock()
        return retention.throw_orphans_away(session, ids, before=self._before, now=now)

    def _is_late(self) -> bool:
        return seconds() > self._until_s
