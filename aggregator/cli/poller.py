"""The poller's process: started, watched and restarted by `veille serve`."""

import logging
import signal
import subprocess
import sys
import threading
from typing import Final

from aggregator.clock import seconds

log = logging.getLogger(__name__)

STOP_WITHIN_S: Final = 7
LONGEST_PAUSE_S: Final = 60
STEADY_S: Final = 60
"""A poller that lived this long starts anew at once; one that dies young waits longer."""


class PollerProcess:
    """One poller; environment and working folder are this process's own."""

    def __init__(self, *, poll: bool) -> None:
        self._command: Final = [sys.executable, "-P", "-m", "aggregator", "poller"]
        if not poll:
            self._command.append("--no-poll")
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher = threading.Thread(target=self._watch, name="poller-watch", daemon=True)

    def start(self) -> None:
        """Start the poller and watch over it."""
        self._watcher.start()

    def ask_to_stop(self) -> None:
        """Have the poller end while others end too; nothing is waited for."""
        self._stopping.set()

    def stop(self) -> None:
        """End the poller: ask first, and end it by force after seven seconds."""
        self.ask_to_stop()
        if self._watcher.is_alive():
            self._watcher.join()

    def _watch(self) -> None:
        pause_s = 0.5
        while not self._stopping.is_set():
            started_s = seconds()
            code = self._run_once()
            if self._stopping.is_set():
                return
            steady = seconds() - started_s > STEADY_S
            pause_s = 1.0 if steady else min(pause_s * 2, LONGEST_PAUSE_S)
            log.error(
                "the poller ended by itself: %s; it starts again in %.0f s", _how(code), pause_s
            )
            self._stopping.wait(pause_s)

    def _run_once(self) -> int:
        with subprocess.Popen(self._command, stdin=subprocess.PIPE) as process:
            log.info("poller started pid=%d", process.pid)
            while process.poll() is None and not self._stopping.wait(0.2):
                pass
            if process.poll() is None:
                self._end(process)
            return process.returncode or 0

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        if process.stdin is not None:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            log.warning("the poller did not end by itself pid=%d", process.pid)
            process.kill()


def _how(code: int) -> str:
    """Tell how a process ended: by which signal, or with which code."""
    return f"signal={signal.Signals(-code).name}" if code < 0 else f"code={code}"
