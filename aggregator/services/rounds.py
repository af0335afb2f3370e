"""A round of polls: claim, fetch, read, decide, store.

Sources and comment feeds alike; a round ends when none is due. The round's own thread is the
only one that writes. Fetching and reading go on elsewhere and put what they finish on one
queue, so that a slow source holds nothing up.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Final

from aggregator.clock import seconds, sleep
from aggregator.domain.conversations.feeds import DueComments
from aggregator.domain.following import Me
from aggregator.domain.polls import DueSource, RoundSummary, SourceReport
from aggregator.errors import UnavailableError
from aggregator.services.context import Context
from aggregator.services.conversations.visits import CommentVisit
from aggregator.services.storing import Done, Report, store
from aggregator.services.visits import Visit
from aggregator.storage import claims
from aggregator.storage.engine import Session

MOST_UNDER_WAY: Final = 512
"""Visits under way at once: bounds the bodies kept in memory."""

MOST_READ: Final = 48
"""Bodies that wait to be read, or are: while there are more, no visit is begun."""

BATCH: Final = 50
"""Documents stored in one transaction."""

BATCH_POLLS: Final = 200
"""Polls stored in one transaction, most of which brought nothing to read."""

BATCH_ITEMS: Final = 150
"""Entries and comments of polls stored in one transaction: bounds what is kept in memory."""

BATCH_S: Final = 1.0
"""Longest time that what is done waits for others to be stored with."""

QUEUE_A_PLACE: Final = 16
"""Visits claimed for each request that a host bears at once."""

PATIENCE_S: Final = 0.25
"""Longest wait for a batch to fill, and between two looks whether more is due."""

REFUSED_S: Final = 1.0
"""Wait before a database that took nothing is tried again."""

log = logging.getLogger(__name__)

Due = DueSource | DueComments
AnyVisit = Visit | CommentVisit

Find = Callable[[Session, datetime, int, Collection[str]], Sequence[Due]]
"""Finds sources and comment feeds to poll now: at most so many, none on the busy hosts named."""


class Round:
    """One round, to be run once. `visit` makes the visit to what was found to be due."""

    def __init__(
        self,
        context: Context,
        *,
        find: Find,
        holder: str,
        visit: Callable[[Due], AnyVisit],
        me: Me,
        progress: Callable[[Report], None] | None = None,
    ) -> None:
        self._context = context
        self._find = find
        self._holder = holder
        self._visit = visit
        self._me = me
        self._progress = progress
        self._patient = False
        self._refused = False
        self._events: SimpleQueue[tuple[AnyVisit, Future[object]]] = SimpleQueue()
        self._under_way: Counter[str] = Counter()
        self._count = 0
        self._read: set[AnyVisit] = set()
        self._done: list[Done] = []
        self._documents = 0
        self._items = 0
        self._first_done_s = 0.0
        self._reports: list[SourceReport] = []
        self._comments_new: Counter[str] = Counter()
        self._next_look_s = 0.0
        self._since_look = 0
        self._found = False

    def run(
        self, stopping: Callable[[], bool] = lambda: False, *, patient: bool = False
    ) -> RoundSummary:
        """Poll until nothing is due and nothing is under way; then say what came of it.

        When `stopping` says so nothing new is begun, and what is under way is left: its
        sources stay as they were. A round that is `patient` keeps what came while the
        database takes nothing, and asks nobody for it a second time.

        Raises:
            UnavailableError: the database takes nothing; where the round is patient, only if
                nothing came yet, or it is to stop.
        """
        self._patient = patient
        started_s = seconds()
        going_on = True
        while going_on and not stopping():
            try:
                going_on = self._step()
            except UnavailableError as error:
                self._bear(error)
        self._store()
        with self._context.database.write() as session:
            claims.release(session, self._holder)
        return self._summary(seconds() - started_s)

    def _step(self) -> bool:
        """Begin, go on and store what there is; False where there is nothing any more."""
        if self._refused:
            self._store()
            self._refused = False
        self._begin_due()
        if not self._under_way and not self._done:
            return False
        quiet = not self._under_way or not self._advance()
        if quiet or self._is_full():
            self._store()
        return True

    def _bear(self, error: UnavailableError) -> None:
        """Wait a little for a database that takes nothing, if that is worth while."""
        if not self._patient or not (self._under_way or self._done):
            raise error
        if not self._refused:
            log.warning("round waits polls=%d %s", len(self._done), error)
        self._refused = True
        sleep(REFUSED_S)

    def _begin_due(self) -> None:
        """Claim what is due and begin its visits; looked for now and then, not at each step.

        Whenever half of what was under way is done as much is claimed again, and now and then
        for all hosts what they bear.
        """
        idle = not self._under_way and not self._done
        whole = idle or seconds() >= self._next_look_s
        freed = self._since_look
        if not whole and freed < max(BATCH, self._count):
            return
        room = MOST_UNDER_WAY - self._count - len(self._done)
        if len(self._read) > MOST_READ or room <= 0:
            return
        if whole:
            self._next_look_s = seconds() + PATIENCE_S
        self._since_look = 0
        if not self._found:
            with self._context.database.read() as session:
                # A look costs no write lock: where the last found nothing, most find nothing.
                if not self._find(session, self._context.clock(), 1, self._busy_hosts()):
                    return
        with self._context.database.write() as session:
            # Told now that nobody else writes: beside an older moment the claims that others
            # made meanwhile would last longer than any does, as those of a wrong clock.
            now = self._context.clock()
            claimed = self._claim(session, now, room if whole else min(room, freed), whole=whole)
        self._found = bool(claimed)
        for due in claimed:
            visit = self._visit(due)
            self._follow(visit, visit.begin())

    def _claim(self, session: Session, now: datetime, room: int, *, whole: bool) -> list[Due]:
        claimed: list[Due] = []
        turn = 2 * BATCH
        while room > 0:
            # A host whose places are taken in one turn is left out of the next.
            most = min(room, turn) if whole else room
            found = self._find(session, now, most, self._busy_hosts())
            taken = []
            for due in found:
                if self._under_way[due.host] < self._most_on(due.host):
                    self._under_way[due.host] += 1
                    self._count += 1
                    taken.append(due)
            if not taken:
                break
            claims.hold(session, taken, now=now, holder=self._holder)
            claimed += taken
            room -= len(taken)
            if len(found) < most or not whole:
                break
            if len(taken) == len(found):
                turn *= 2
        return claimed

    def _most_on(self, host: str) -> int:
        # More than are asked at once, so that a host never waits for the next look, and few
        # enough to be done long before a claim lapses.
        return QUEUE_A_PLACE * self._context.fetcher.concurrency_on(host)

    def _busy_hosts(self) -> list[str]:
        return [host for host, count in self._under_way.items() if count >= self._most_on(host)]

    def _follow(self, visit: AnyVisit, step: Future[object] | Done) -> None:
        if isinstance(step, Done):
            self._leave(visit.source.host)
            self._keep(step)
        else:
            step.add_done_callback(lambda future: self._events.put((visit, future)))

    def _leave(self, host: str) -> None:
        self._under_way[host] -= 1
        if not self._under_way[host]:
            del self._under_way[host]
        self._count -= 1
        self._since_look += 1

    def _keep(self, done: Done) -> None:
        """Keep what is done until there is enough to store."""
        if not self._done:
            self._first_done_s = seconds()
        self._done.append(done)
        if done.document:
            self._documents += 1
            self._items += len(done.document.items)

    def _advance(self) -> bool:
        """Wait a moment for steps that finished and take their next ones; False if none came."""
        try:
            visit, future = self._events.get(timeout=PATIENCE_S)
        except Empty:
            return False
        self._go_on(visit, future)
        while not self._is_full() and not self._events.empty():
            self._go_on(*self._events.get())
        return True

    def _go_on(self, visit: AnyVisit, future: Future[object]) -> None:
        """Take the next step of a visit: after the first, mostly to have a body read."""
        step = visit.go_on(future)
        if isinstance(step, Done):
            self._read.discard(visit)
        else:
            self._read.add(visit)
        self._follow(visit, step)

    def _is_full(self) -> bool:
        return (
            len(self._done) >= BATCH_POLLS
            or self._documents >= BATCH
            or self._items >= BATCH_ITEMS
            or bool(self._done and seconds() - self._first_done_s >= BATCH_S)
        )

    def _store(self) -> None:
        """Store what is done, all of it in one transaction."""
        if not self._done:
            return
        reports = store(self._context, self._done, me=self._me)
        self._done = []
        self._documents = self._items = 0
        for report in reports:
            if isinstance(report, SourceReport):
                self._reports.append(report)
            else:
                self._comments_new[report.url] += report.comments_new
        if self._progress:
            for report in reports:
                self._progress(report)

    def _summary(self, took_s: float) -> RoundSummary:
        new = self._comments_new
        return RoundSummary(
            took_s=round(took_s, 3),
            sources=tuple(
                replace(report, comments_new=new[report.url]) if report.url in new else report
                for report in self._reports
            ),
            comments_new=new.total(),
        )
