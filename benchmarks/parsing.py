"""Milliseconds to read one feed document, in one process: generated feeds, and real ones.

The real ones are those of the folder that VEILLE_CORPUS names.
"""

import argparse
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aggregator.errors import ParseError
from aggregator.ingest.parse import parse
from benchmarks.feeds import feed
from benchmarks.measuring import middle, print_table

_NOW: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=60, help="generated feeds")
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    sets = {
        "generated RSS": [feed(number) for number in range(0, given.feeds, 2)],
        "generated Atom": [feed(number) for number in range(1, given.feeds, 2)],
    }
    if folder := os.environ.get("VEILLE_CORPUS"):
        sets["real"] = real(Path(folder))
    print_table(
        f"Reading, median of {given.runs} runs",
        ("feeds", "number", "kB a feed", "ms a feed", "slowest ms"),
        [(name, *measured(bodies, given.runs)) for name, bodies in sets.items()],
    )


def real(folder: Path) -> list[bytes]:
    """Find the real feeds of the corpus."""
    lines = (folder / "INDEX.tsv").read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=False)) for line in lines[1:]]
    files = [folder / row["file"] for row in rows if row["file"].startswith("real")]
    return [file.read_bytes() for file in files]


def measured(bodies: Sequence[bytes], runs: int) -> tuple[str, float, float, float]:
    """Read all of them `runs` times; give their number, size and the times of the middle run."""
    totals, slowest = [], []
    for _ in range(runs):
        times = [read_ms(body) for body in bodies]
        totals.append(sum(times) / len(times))
        slowest.append(max(times))
    size_kb = sum(map(len, bodies)) / len(bodies) / 1000
    return str(len(bodies)), size_kb, middle(totals), middle(slowest)


def read_ms(body: bytes) -> float:
    """Read one document; one that is at fault costs time too."""
    began = time.process_time()
    with suppress(ParseError):
        parse(body, url="https://blog.invalid/feed", content_type=None, now=_NOW)
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
