"""CPU seconds a source, and memory, with few sources and with many.

Memory is the greatest PSS of the poller and its processes together, asked for twice a second
(Linux): what several of them share is counted once.
"""

import argparse
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks.feed_server import FeedServer, running
from benchmarks.feeds import ENTRIES
from benchmarks.installation import Installation
from benchmarks.measuring import Spent, children, print_table

MUST_MB: Final = 150.0
MUST_TIMES: Final = 1.15
_MB: Final = 1_000_000
_Round = tuple[Spent, float]


def main() -> None:
    """Measure both sizes and print them beside each other."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--few", type=int, default=1_000)
    options.add_argument("--many", type=int, default=10_000)
    given = options.parse_args()
    with running() as server:
        few = measure(server, given.few)
        many = measure(server, given.many)
    rows = []
    for name, (cost, most_mb) in many.items():
        each = [one.cpu_s * 1000 / n for one, n in ((few[name][0], given.few), (cost, given.many))]
        fine = each[1] / each[0] <= MUST_TIMES and most_mb <= MUST_MB
        rows.append(
            (name, *each, each[1] / each[0], few[name][1], most_mb, "met" if fine else "MISSED")
        )
    print_table(
        f"{given.few} and {given.many} sources of {ENTRIES} entries; must: "
        f"ratio <= {MUST_TIMES}, MB <= {MUST_MB:g}",
        ("round", "CPU s per 1,000", "with many", "ratio", "MB", "with many", "must"),
        rows,
    )


def measure(server: FeedServer, sources: int) -> dict[str, _Round]:
    """Run the rounds over so many sources."""
    server.tell("edition/0")
    rounds = {}
    with tempfile.TemporaryDirectory() as folder:
        veille = Installation(Path(folder), server, sources)
        for name in ("first fetch", "all 304", "changed"):
            server.tell("edition/1" if name == "changed" else "edition/0")
            rounds[name] = watched(veille)
            print(f"{sources} sources: {name} done", file=sys.stderr)
    return rounds


def watched(veille: Installation) -> _Round:
    """Run a round and watch how much memory it takes, in MB."""
    most: list[float] = [0.0]
    over = threading.Event()
    with children() as spent:
        process = veille.start("poll", "--force", "--json")

        def watch() -> None:
            while not over.wait(0.5):
                most[0] = max(most[0], memory_mb(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        process.communicate()
        over.set()
        watcher.join()
    assert process.returncode == 0
    return spent, most[0]


def memory_mb(pid: int) -> float:
    """Add up the PSS of a process and of all that it started."""
    total = 0.0
    try:
        process = psutil.Process(pid)
        family: list[Any] = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return total
    for one in family:
        try:
            total += one.memory_full_info().pss / _MB
        except psutil.Error:
            continue
    return total


if __name__ == "__main__":
    main()
