"""CPU seconds to poll many sources: first fetch, nothing new, a little new, same body again.

Each round is a `veille poll --force` of its own, with the feeds of `benchmarks.feed_server`;
its own cost without any source (starting, reading feeds.yaml) is shown as the empty round.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from benchmarks.feed_server import FeedServer, running
from benchmarks.feeds import ENTRIES, NEW
from benchmarks.measuring import Spent, children, middle, print_table

ROUNDS: Final = ("first fetch", "all 304", "changed", "same body, no validators", "empty round")


class Installation:
    """A Veille with a database of its own, that follows the first `sources` feeds."""

    def __init__(self, folder: Path, server: FeedServer, sources: int) -> None:
        self.sources = sources
        self._list = folder / "feeds.yaml"
        self._environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("VEILLE_")},
            "VEILLE_DATA": str(folder),
            "VEILLE_FEEDS": str(self._list),
            "VEILLE_ALLOW_PRIVATE": "127.0.0.0/8",
            "VEILLE_FLOOR": "1s",
        }
        lines = "".join(f"  - {server.url(source)}\n" for source in range(sources))
        self._list.write_text(f"sources:\n{lines}")

    def poll(self, *options: str) -> tuple[Spent, dict[str, Any]]:
        """Run one round; give what it cost and what it says it did."""
        with children() as spent:
            done = subprocess.run(
                [sys.executable, "-m", "aggregator", "poll", "--json", *options],
                env=self._environment,
                stdout=subprocess.PIPE,
                check=True,
            )
        return spent, json.loads(done.stdout)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=1000)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    spent: dict[str, list[Spent]] = defaultdict(list)
    with running() as server:
        for source in range(given.sources):
            server.tell(f"feed/{source}")
        for run in range(given.runs):
            with tempfile.TemporaryDirectory() as folder:
                measure(Installation(Path(folder), server, given.sources), server, spent)
            print(f"run {run + 1} of {given.runs} done", file=sys.stderr)
    print_table(
        f"{given.sources} sources of {ENTRIES} entries, median of {given.runs}",
        ("round", "CPU s", "CPU s per 1,000", "wall s"),
        [
            (
                name,
                cpu_s := middle([one.cpu_s for one in spent[name]]),
                cpu_s * 1000 / given.sources,
                middle([one.wall_s for one in spent[name]]),
            )
            for name in ROUNDS
        ],
    )


def measure(veille: Installation, server: FeedServer, spent: dict[str, list[Spent]]) -> None:
    """Run each kind of round once; what a round did must be what it was meant to do."""
    server.tell("edition/0")
    server.tell("validators/on")
    expected = {
        "first fetch": ("changed", ENTRIES),
        "all 304": ("unchanged", 0),
        "changed": ("changed", NEW),
        "same body, no validators": ("unchanged", 0),
    }
    for name, (outcome, new) in expected.items():
        if name == "changed":
            server.tell("edition/1")
        if name.startswith("same body"):
            server.tell("validators/off")
        cost, summary = veille.poll("--force")
        assert summary[outcome] == veille.sources, summary | {"sources": summary["sources"][:3]}
        assert summary["entries_new"] == new * veille.sources
        spent[name].append(cost)
    cost, _ = veille.poll()
    spent["empty round"].append(cost)


if __name__ == "__main__":
    main()
