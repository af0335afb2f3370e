"""A round of polls: claim, fetch, read, decide, store.

The round's own thread is the only one that writes. Fetching and reading go on elsewhere and
put what they finish on one queue, so that a slow source holds nothing up.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Final

from aggregator.clock import seconds
from aggregator.domain.changes import Changes, decide
from aggregator.domain.items import EntryId
from aggregator.domain.polls import DueSource, Polled, RoundSummary, SourceReport
from aggregator.domain.schedule import Outcome
from aggregator.errors import InvalidInputError
from aggregator.ingest.sanitise import RULES_VERSION
from aggregator.services.context import Context
from aggregator.services.visits import Visit, unstorable
from aggregator.storage import claims, entries, polls
from aggregator.storage.dialect import index
from aggregator.storage.engine import Session

log = logging.getLogger(__name__)

MOST_UNDER_WAY: Final = 512
"""Sources under way at once: bounds the bodies kept in memory."""

BATCH: Final = 50
"""Sources stored in one transaction."""

QUEUE_A_PLACE: Final = 16
"""Sources claimed for each request that a host bears at once."""

PATIENCE_S: Final = 0.25
"""Longest wait for a batch to fill, and between two looks whether more is due."""

Find = Callable[[Session, datetime, int, Collection[str]], Sequence[DueSource]]
"""Finds sources to poll now: at most so many, none on the busy hosts named."""


class Round:
    """One round, to be run once. `addresses` gives what feeds.yaml writes, by source `url`."""

    def __init__(
        self,
        context: Context,
        *,
        find: Find,
        holder: str,
        addresses: Mapping[str, str],
        progress: Callable[[SourceReport], None] | None = None,
    ) -> None:
        self._context = context
        self._find = find
        self._holder = holder
        self._addresses = addresses
        self._progress = progress
        self._events: SimpleQueue[tuple[Visit, Future[object]]] = SimpleQueue()
        self._under_way: Counter[str] = Counter()
        self._done: list[Polled] = []
        self._reports: list[SourceReport] = []
        self._next_look_s = 0.0
        self._since_look = 0

    def run(self, stopping: Callable[[], bool] = lambda: False) -> RoundSummary:
        """Poll until nothing is due and nothing is under way; then say what came of it.

        When `stopping` says so nothing new is begun, and what is under way is left: its
        sources stay as they were.
        """
        started_s = seconds()
        while not stopping():
            self._begin_due()
            if not self._under_way and not self._done:
                break
            quiet = not self._under_way or not self._advance()
            if quiet or len(self._done) >= BATCH:
                self._store()
        self._store()
        with self._context.database.write() as session:
            claims.release(session, self._holder)
        return RoundSummary(took_s=round(seconds() - started_s, 3), sources=tuple(self._reports))

    def _begin_due(self) -> None:
        """Claim what is due and begin its visits; looked for now and then, not at each step."""
        idle = not self._under_way and not self._done
        if not idle and self._since_look < BATCH and seconds() < self._next_look_s:
            return
        self._next_look_s, self._since_look = seconds() + PATIENCE_S, 0
        room = MOST_UNDER_WAY - self._under_way.total() - len(self._done)
        now = self._context.clock()
        with self._context.database.read() as session:
            # A look costs no write lock: most find nothing.
            if room <= 0 or not self._find(session, now, 1, self._busy_hosts()):
                return
        with self._context.database.write() as session:
            claimed = self._claim(session, now, room)
        for source in claimed:
            visit = Visit(self._context, source, self._addresses.get(source.url, source.url))
            self._follow(visit, visit.begin())

    def _claim(self, session: Session, now: datetime, room: int) -> list[DueSource]:
        claimed: list[DueSource] = []
        while room > 0:
            # A host whose places are taken in one turn is left out of the next.
            found = self._find(session, now, min(room, 2 * BATCH), self._busy_hosts())
            taken = []
            for source in found:
                if self._under_way[source.host] < self._most_on(source.host):
                    self._under_way[source.host] += 1
                    taken.append(source)
            if not taken:
                break
            claims.hold(session, taken, now=now, holder=self._holder)
            claimed += taken
            room -= len(taken)
        return claimed

    def _most_on(self, host: str) -> int:
        # More than are asked at once, so that a host never waits for the next look, and few
        # enough to be done long before a claim lapses.
        return QUEUE_A_PLACE * self._context.fetcher.concurrency_on(host)

    def _busy_hosts(self) -> list[str]:
        return [host for host, count in self._under_way.items() if count >= self._most_on(host)]

    def _follow(self, visit: Visit, step: Future[object] | Polled) -> None:
        if isinstance(step, Polled):
            self._under_way -= Counter({visit.source.host: 1})
            self._done.append(step)
            self._since_look += 1
        else:
            step.add_done_callback(lambda future: self._events.put((visit, future)))

    def _advance(self) -> bool:
        """Wait a moment for steps that finished and take their next ones; False if none came."""
        try:
            visit, future = self._events.get(timeout=PATIENCE_S)
        except Empty:
            return False
        self._follow(visit, visit.go_on(future))
        while len(self._done) < BATCH and not self._events.empty():
            visit, future = self._events.get()
            self._follow(visit, visit.go_on(future))
        return True

    def _store(self) -> None:
        """Store what is done, all of it in one transaction."""
        done, self._done = self._done, []
        if not done:
            return
        try:
            reports = self._write(done)
        except InvalidInputError:
            raise  # the database is at fault, and would be for each source
        except Exception:
            # Whatever cannot be stored must not keep the others out: one at a time.
            log.exception("a batch was not stored at once sources=%d", len(done))
            reports = [report for polled in done for report in self._write_alone(polled)]
        self._reports += reports
        if self._progress:
            for report in reports:
                self._progress(report)

    def _write_alone(self, polled: Polled) -> list[SourceReport]:
        try:
            return self._write([polled])
        except Exception:
            log.exception("source not stored url=%s", polled.source.url)
            return self._write([unstorable(self._context, polled)])

    def _write(self, done: Sequence[Polled]) -> list[SourceReport]:
        """Store entries, validators and poll records together."""
        new: list[EntryId] = []
        stored: list[tuple[Polled, int, int]] = []
        with self._context.database.write() as session:
            for polled in done:
                changes, ids = self._apply(session, polled)
                new += ids
                changed = sum(altered.seen for altered in changes.altered)
                outcome = Outcome.CHANGED if _is_change(polled, changes) else polled.outcome
                stored.append((replace(polled, outcome=outcome), len(ids), changed))
            index(session, new)
            polls.record(session, stored)
        return [_report(*one) for one in stored]

    def _apply(self, session: Session, polled: Polled) -> tuple[Changes, tuple[EntryId, ...]]:
        if polled.document is None:
            return Changes(new=(), altered=()), ()
        items = polled.document.items
        changes = decide(items, entries.known(session, polled.source.id, items))
        ids = entries.apply(
            session,
            source_id=polled.source.id,
            page_id=polled.source.page_id,
            changes=changes,
            now=polled.polled_at,
            rules=RULES_VERSION,
        )
        return changes, ids


def _report(polled: Polled, entries_new: int, entries_changed: int) -> SourceReport:
    return SourceReport(
        url=polled.source.url,
        outcome=polled.outcome,
        http_status=polled.http_status,
        fault=polled.fault,
        entries_new=entries_new,
        entries_changed=entries_changed,
        next_poll_at=polled.next_poll_at,
    )


def _is_change(polled: Polled, changes: Changes) -> bool:
    """Tell whether a poll brought something; a first success always does."""
    first = polled.document is not None and polled.source.validators.body_hash is None
    return bool(changes) or first
