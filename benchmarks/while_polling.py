"""Milliseconds of a page while nothing else is done, and while many sources are polled.

The pages are asked of `veille serve`, one at a time with a pause between, and the round is that
of a process beside it, as the poller of `veille serve` is one.
"""

import argparse
import contextlib
import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.feed_server import running
from benchmarks.installation import Installation
from benchmarks.measuring import middle, print_table

PAGES: Final = {"board": "/", "list": "/read"}
MUST_TIMES: Final = 2.5
_PAUSE_S: Final = 0.03
_PATIENCE_S: Final = 30.0


def main() -> None:
    """Measure in turn and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=500)
    options.add_argument("--requests", type=int, default=200)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    idle: dict[str, list[float]] = {name: [] for name in PAGES}
    busy: dict[str, list[float]] = {name: [] for name in PAGES}
    with running() as server, tempfile.TemporaryDirectory() as folder:
        veille = Installation(Path(folder), server, given.sources)
        veille.poll("--force")
        with serving(veille) as port:
            for run in range(given.runs):
                for name, path in PAGES.items():
                    idle[name] += asked(port, path, given.requests, lambda: True)
                server.tell(f"edition/{run + 1}")
                polling = veille.start("poll", "--force", "--json")
                time.sleep(1.0)  # it loads
                for name, path in PAGES.items():
                    busy[name] += asked(port, path, given.requests, partial(is_on, polling))
                polling.communicate()
                print(f"run {run + 1} of {given.runs} done", file=sys.stderr)
    rows = []
    for name in PAGES:
        ratio = middle(busy[name]) / middle(idle[name])
        met = "met" if ratio <= MUST_TIMES else "MISSED"
        rows.append((name, middle(idle[name]), middle(busy[name]), ratio, met))
    print_table(
        f"{given.sources} sources polled beside {given.requests} requests",
        ("page", "ms idle, p50", "ms polling, p50", "ratio", f"must <= {MUST_TIMES}"),
        rows,
    )


@contextmanager
def serving(veille: Installation) -> Iterator[int]:
    """Serve the pages on a free port, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = veille.start("serve", "--no-poll", "--port", str(port))
    try:
        until_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until_s:
            with contextlib.suppress(OSError):
                asked(port, "/", 3, lambda: True)
                break
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.communicate()


def is_on(process: "subprocess.Popen[bytes]") -> bool:
    """Tell whether a process has not ended."""
    return process.poll() is None


def asked(port: int, path: str, requests: int, going_on: Callable[[], bool]) -> list[float]:
    """Ask for a page again and again; give the milliseconds of each."""
    times = []
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(requests):
        if not going_on():
            break
        began_s = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == http.client.OK, answer.status
        times.append((time.perf_counter() - began_s) * 1000)
        time.sleep(_PAUSE_S)
    connection.close()
    return times


if __name__ == "__main__":
    main()
