"""Seconds of a round of 304s from servers that answer after 200 ms, on many addresses."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.feed_server import running
from benchmarks.installation import Installation
from benchmarks.measuring import middle, print_table

MUST_S = 3.0


def main() -> None:
    """Fetch once without delays, then measure rounds in which nothing changed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=1000)
    options.add_argument("--hosts", type=int, default=256)
    options.add_argument("--delay", type=int, default=200, help="milliseconds")
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    took = []
    with running(given.hosts) as server, tempfile.TemporaryDirectory() as folder:
        veille = Installation(Path(folder), server, given.sources)
        _, summary = veille.poll("--force")
        assert summary["changed"] == given.sources, summary["failed"]
        server.tell(f"delay/{given.delay}")
        for run in range(given.runs):
            _, summary = veille.poll("--force")
            assert summary["unchanged"] == given.sources, summary["failed"]
            took.append(summary["took_s"])
            print(f"run {run + 1} of {given.runs} done", file=sys.stderr)
    print_table(
        f"{given.sources} answers 304 of {given.hosts} hosts after {given.delay} ms",
        ("round", "s, middle", "s, least", f"must <= {MUST_S:g}"),
        [("all 304", middle(took), min(took), "met" if middle(took) <= MUST_S else "MISSED")],
    )


if __name__ == "__main__":
    main()
