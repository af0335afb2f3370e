"""A thread with an event loop, and work handed to it from any other thread."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[], Coroutine[Any, Any, T]]


class BackgroundLoop:
    """Runs coroutines in a daemon thread that starts with the first of them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._waiting: deque[tuple[Work[Any], Future[Any]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_called = False
        self._is_closed = False

    def submit(self, work: Work[T]) -> Future[T]:
        """Run a coroutine on the loop; its result or error arrives in the future.

        Raises:
            RuntimeError: `close` was called.
        """
        future: Future[T] = Future()
        loop = self._started()
        self._waiting.append((work, future))
        if not self._is_called:  # one call wakes the loop for all who wait by then
            self._is_called = True
            loop.call_soon_threadsafe(self._take)
        return future

    def close(self, farewell: Work[None]) -> None:
        """Cancel what runs, run `farewell` and end the thread; calling again does nothing."""
        with self._lock:
            self._is_closed = True
            loop, thread = self._loop, self._thread
            self._thread = None
        if loop is not None and thread is not None:
            asyncio.run_coroutine_threadsafe(self._end(farewell), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._is_closed:
                raise RuntimeError(f"{self._name} is closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(_DaemonThreads())
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name=self._name, daemon=True
                )
                self._thread.start()
            return self._loop

    def _take(self) -> None:
        self._is_called = False
        while self._waiting:
            work, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                task = asyncio.ensure_future(_settle(work, future))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _end(self, farewell: Work[None]) -> None:
        self._take()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks)
        await farewell()


async def _settle(work: Work[Any], future: Future[Any]) -> None:
    try:
        future.set_result(await work())
    except asyncio.CancelledError:
        future.set_exception(CancelledError())
    except Exception as error:  # noqa: BLE001 - it is handed to whoever waits, none is lost
        future.set_exception(error)


class _DaemonThreads(ThreadPoolExecutor):
    """A thread a call, for looking up names.

    In a pool a slow look-up delays the others, and one that hangs keeps the process alive.
    """

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(fn(*args, **kwargs))
                except BaseException as error:  # noqa: BLE001 - as every executor does
                    future.set_exception(error)

        threading.Thread(target=run, name="veille-names", daemon=True).start()
        return future
