"""Processes that read documents, so that no document can hang or burst the poller."""

import contextlib
import logging
import queue
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from typing import Any, Final

from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.domain.items import FeedDocument, WebPage
from aggregator.errors import ParseError
from aggregator.ingest.frames import READY, ParseJob, read_frame, write_frame
from aggregator.ingest.urls import host_of

__all__ = ["ParseJob", "Parsed", "ParserPool"]

JOBS_A_PROCESS: Final = 2_000
"""After so many a process is replaced, whatever it may have leaked."""

START_S: Final = 30.0
_OUT_OF_MEMORY: Final = frozenset({-signal.SIGKILL, -signal.SIGABRT})
"""How a process ends that the system, or an allocator, took down for its greed."""

_log = logging.getLogger(__name__)
Parsed = FeedDocument | WebPage | CommentsDocument
_Task = tuple[ParseJob, "Future[Parsed]"]


def worker_command(max_memory_bytes: int, deadline_s: float) -> list[str]:
    """Give the command of a reading process; -P, so that the working folder lends no module."""
    module = "aggregator.ingest.parser_worker"
    return [sys.executable, "-P", "-m", module, str(max_memory_bytes), str(deadline_s)]


class ParserPool:
    """A few reading processes, started when first needed; each has a thread that talks to it.

    A job that takes longer than `deadline_s` or more than `max_memory_bytes` fails alone: its
    process is ended and replaced.
    """

    def __init__(self, *, workers: int, deadline_s: float, max_memory_bytes: int) -> None:
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._workers = [_Worker(deadline_s, max_memory_bytes) for _ in range(workers)]
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, job: ParseJob) -> "Future[Parsed]":
        """Have a document read; the future gives it, or the ParseError that came of it."""
        future: Future[Parsed] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the parsers are closed")
            if not self._threads:
                self._threads = [
                    threading.Thread(target=self._talk, args=(worker,), name="parser", daemon=True)
                    for worker in self._workers
                ]
                for thread in self._threads:
                    thread.start()
            self._tasks.put((job, future))
        return future

    def close(self) -> None:
        """End the processes; what is being read or waits to be read is given up."""
        with self._lock:
            self._closed = True
        while not self._tasks.empty():
            if task := self._tasks.get():
                task[1].cancel()
        for worker in self._workers:
            self._tasks.put(None)
            worker.stop()
        for worker, thread in zip(self._workers, self._threads, strict=False):
            thread.join()
            worker.end()

    def _talk(self, worker: "_Worker") -> None:
        while (task := self._tasks.get()) is not None:
            job, future = task
            if self._closed or not future.set_running_or_notify_cancel():
                future.cancel()
                continue
            try:
                future.set_result(worker.read(job))
            except ParseError as error:
                future.set_exception(error)
            except Exception as error:  # noqa: BLE001 - the edge of a job: the thread lives on
                _log.exception("event=parse-failed host=%s", host_of(job.url))
                worker.end()
                failure = ParseError("internal")
                failure.__cause__ = error
                future.set_exception(failure)


class _Worker:
    """One reading process at a time, and what is said to it. Used by one thread but for `stop`."""

    def __init__(self, deadline_s: float, max_memory_bytes: int) -> None:
        self._deadline_s = deadline_s
        self._max_memory_bytes = max_memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0
        self._stopped = False

    def read(self, job: ParseJob) -> Parsed:
        """Have a document read.

        Raises:
            ParseError: what the document is at fault for, or what became of the process.
        """
        if self._process is None:
            self._start()
        answer = self._ask(job, self._deadline_s)
        self._jobs += 1
        spent = isinstance(answer, ParseError) and answer.code == "parse-memory"
        if spent or self._jobs >= JOBS_A_PROCESS:
            self.end()
        if isinstance(answer, ParseError):
            raise answer
        if isinstance(answer, Parsed):
            return answer
        _log.error("event=parse-crashed host=%s\n%s", host_of(job.url), answer)
        raise ParseError("internal")

    def stop(self) -> None:
        """Give up what is being read; called from another thread."""
        self._stopped = True
        if process := self._process:
            process.kill()

    def end(self) -> int:
        """End the process, if there is one, and tell how it ended."""
        process, self._process, self._jobs = self._process, None, 0
        if process is None:
            return 0
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return process.wait()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            worker_command(self._max_memory_bytes, self._deadline_s),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        if self._stopped:
            self._process.kill()
        if self._ask(None, START_S) != READY:  # loading counts for no document
            self.end()
            raise ParseError("internal")

    def _ask(self, job: ParseJob | None, deadline_s: float) -> Any:
        """Send a job and receive the answer; the process is ended when the time is up."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise ParseError("internal")
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            process.kill()

        timer = threading.Timer(deadline_s, expire)
        timer.start()
        try:
            if job is not None:
                write_frame(process.stdin, job)
            return read_frame(process.stdout)
        except (EOFError, OSError) as error:
            how = self._died(expired=expired.is_set(), deadline_s=deadline_s)
            raise how from error
        finally:
            timer.cancel()
            timer.join()
            if expired.is_set():  # perhaps only just after the answer came
                self.end()

    def _died(self, *, expired: bool, deadline_s: float) -> ParseError:
        ended = process.wait() if (process := self._process) else 0
        self.end()
        if expired:
            return ParseError("parse-timeout", seconds=f"{deadline_s:g}")
        if ended in _OUT_OF_MEMORY and not self._stopped:
            return ParseError("parse-memory")
        _log.error("event=parser-died exit=%s", ended)
        return ParseError("internal")
