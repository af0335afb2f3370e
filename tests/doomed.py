"""Work of Veille's in processes of their own that are killed with SIGKILL while they are at it.

`python -m tests.doomed` imports everything once and then makes a child by fork for each order
on its stdin: a killed round costs what the round costs, and not the second that imports take.
"""

import ctypes
import importlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import psutil
from sqlalchemy import Engine, event

from aggregator import scheduler, wiring
from aggregator.ingest.fetch import Fetcher
from aggregator.ingest.parsers import ParserPool
from aggregator.services import following, housekeeping, polling, rounds, storing
from aggregator.services.context import Context
from aggregator.services.visits import Visit
from aggregator.settings import read_settings
from aggregator.storage.engine import Database
from aggregator.storage.schema import prepare
from tests.world import Clock

PROJECT: Final = Path(__file__).parent.parent
LEFT_S: Final = 10.0
"""What a killed process started must have ended by then."""

POINTS: Final = (
    "begun",  # a transaction that writes has begun
    "written",  # a statement of it was carried out
    "committing",  # it is about to be committed
    "committed",  # it was
    "asked",  # a request is on its way
    "answered",  # an answer is here, and not yet read
    "parsing",  # a parser was given a document
    "storing",  # between fetching and storing
    "comments",  # comments are being stored
    "synced",  # a file was written to the disk
)
"""Moments of the work; each comes many times."""


HANGING: Final = ("hang", "hold", "linger")
WARM_UP: Final = 10
ROUNDS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a child is to do, and when it is killed: at the nth time of a point, or a moment.

    Neither: it works to its end.
    """

    work: str = "round"
    point: str | None = None
    nth: int = 0
    after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended: killed or not, what it told, how often it passed each point."""

    killed: bool
    code: int
    took_s: float
    told: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)


class Doomed:
    """A driver that runs: give it orders. `took_s` is of the last child that came to its end."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.took_s = 0.0

    def does(self, order: Order) -> Ended:
        """Have a child do something, and wait for its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        ended = Ended(**json.loads(self._process.stdout.readline()))
        if not ended.killed:
            self.took_s = ended.took_s
        return ended

    def kills(self, times: int, orders: Callable[[], Order]) -> int:
        """Give orders until so many children were killed; tell how many orders that took."""
        given = killed = 0
        while killed < times:
            killed += self.does(orders()).killed
            given += 1
            assert given < 20 * times, "nothing is killed any more"
        return given

    def left(self) -> int:
        """Count the processes that any child left behind, once they had time to end."""
        return self.does(Order(work="left")).told["left"]


@contextmanager
def driving(surroundings: Mapping[str, str], log: Path) -> Iterator[Doomed]:
    """Start the driver in these surroundings; what it and its children log goes to a file."""
    paths = os.pathsep.join(filter(None, (str(PROJECT), surroundings.get("PYTHONPATH"))))
    with log.open("ab") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.doomed"],
            cwd=PROJECT,
            env={**surroundings, "PYTHONPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        )
    try:
        yield Doomed(process)
    finally:
        process.kill()
        process.communicate()


class _Fate:
    """Counts the points that are passed, and kills this process at the one that was chosen."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self.passed: Counter[str] = Counter()
        self._lock = threading.Lock()

    def at(self, point: str) -> None:
        with self._lock:
            self.passed[point] += 1
            if (point, self.passed[point]) == (self._order.point, self._order.nth):
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Have the work pass by here."""
        event.listen(Engine, "after_cursor_execute", self._executed)
        event.listen(Engine, "commit", lambda _: self.at("committing"))
        setattr(Database, "write", self._around(Database.write))  # noqa: B010 - mypy
        _after(Fetcher, "submit", lambda: self.at("asked"))
        _before(Visit, "go_on", lambda: self.at("answered"))
        _after(ParserPool, "submit", lambda: self.at("parsing"))
        _before(rounds, "store", lambda: self.at("storing"))
        _after(storing, "take_in", lambda: self.at("comments"))
        _after(os, "fsync", lambda: self.at("synced"))

    def _executed(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            self.at("begun")
        elif not statement.startswith(("BEGIN", "SELECT", "PRAGMA", "WITH")):
            self.at("written")

    def _around(self, write: Callable[[Database], Any]) -> Any:
        @contextmanager
        def watched(database: Database) -> Iterator[Any]:
            with write(database) as session:
                yield session
            self.at("committed")

        return watched


def _before(owner: Any, name: str, told: Callable[[], None]) -> None:
    work = getattr(owner, name)

    def watched(*given: Any, **named: Any) -> Any:
        told()
        return work(*given, **named)

    setattr(owner, name, watched)


def _after(owner: Any, name: str, told: Callable[[], None]) -> None:
    work = getattr(owner, name)

    def watched(*given: Any, **named: Any) -> Any:
        done = work(*given, **named)
        told()
        return done

    setattr(owner, name, watched)


def _do(work: str) -> dict[str, int]:
    settings = read_settings()
    if work == "migrate":
        database = Database(settings.database)
        prepare(database)
        database.close()
        return {}
    with wiring.assembled(settings) as context:
        if work in HANGING:
            return _hang(context, work)
        if work == "many":
            return _many(context)
        if work == "keep":
            housekeeping.keep(context)
            return {}
        following.refresh(context)
        summary = polling.poll_due(context, force=True)
    failed = sum(report.fault is not None for report in summary.sources)
    return {"polled": summary.polled, "failed": failed, "new": summary.entries_new}


def _hang(context: Context, work: str) -> dict[str, int]:
    """Have a job of the clockwork hang: until it is noticed, or until it is time to end."""
    stopping, begun, never = threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        if work == "hold":
            ctypes.PyDLL(None).sleep(60)  # a call that lets no other thread have its turn
        never.wait()

    _before(housekeeping, "keep", hang)
    if work == "linger":
        _after(begun, "set", stopping.set)
    last = scheduler.LastResort(hung_after_s=1.5, end_within_s=1.5)
    logging.basicConfig(level=logging.INFO)
    scheduler.run(context, stopping=stopping, last=last)
    return {}


def _many(context: Context) -> dict[str, int]:
    """Run many rounds, with a clock that goes on; tell what memory there was to begin with."""
    clock = Clock()
    context = replace(context, clock=clock)
    following.refresh(context)
    polled, told = 0, {}
    for turn in range(WARM_UP + ROUNDS):
        if turn == WARM_UP:
            told = {"before": _memory(), "warm": polled}
        clock.go_on(hours=30)
        polled += polling.poll_due(context).polled
    return {**told, "after": _memory(), "polled": polled - told["warm"]}


def _memory() -> int:
    """Add up the memory of this process and of those it started: what is shared, by share."""
    me = psutil.Process()
    everyone = [me, *me.children(recursive=True)]
    return sum(process.memory_full_info().pss for process in everyone)


def _child(order: Order, answer: int) -> None:
    fate = _Fate(order)
    fate.watch()
    told = _do(order.work)
    os.write(answer, json.dumps({"told": told, "passed": dict(fate.passed)}).encode())


def _carry_out(order: Order, groups: list[int]) -> Ended:
    if order.work == "left":
        return Ended(killed=False, took_s=0, code=0, told={"left": _left_of(groups)})
    reading, writing = os.pipe()
    started_s = time.monotonic()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setpgid(0, 0)
            os.dup2(2, 1)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            _child(order, writing)
            code = 0
        except BaseException:  # noqa: BLE001 - whatever it is, this child must not drive on
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with suppress(OSError):  # the child did it
        os.setpgid(pid, pid)
    if order.after_s is not None:
        threading.Timer(order.after_s, _kill, (pid,)).start()
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    groups.append(pid)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    took_s = time.monotonic() - started_s
    said = json.loads(told) if told else {}
    killed = status == -signal.SIGKILL
    return Ended(killed=killed, code=status, took_s=took_s, **said)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _left_of(groups: Collection[int]) -> int:
    """Count what is left of groups of processes once it has had time to end."""
    until_s = time.monotonic() + LEFT_S
    while (left := sum(_is_of(process, groups) for process in psutil.process_iter())) and (
        time.monotonic() < until_s
    ):
        time.sleep(0.05)
    return left


def _is_of(process: psutil.Process, groups: Collection[int]) -> bool:
    try:
        return os.getpgid(process.pid) in groups and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.Error):
        return False


def main() -> None:
    """Carry out the orders on stdin, one a line."""
    importlib.import_module("alembic.command")  # once for all migrations
    groups: list[int] = []
    for line in sys.stdin:
        ended = _carry_out(Order(**json.loads(line)), groups)
        print(json.dumps(asdict(ended)), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
