"""Milliseconds to make a page in process: a board of 24 boxes, an article, lists, a search.

The database is filled with generated entries first, all of them unread.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Final

from flask.testing import FlaskClient

from aggregator.domain.changes import Changes
from aggregator.domain.items import FeedDocument, Item
from aggregator.ingest.parse import parse
from aggregator.ingest.sanitise import RULES_VERSION
from aggregator.services import following, sources
from aggregator.services.context import Context
from aggregator.settings import read_settings
from aggregator.storage import dialect, entries
from aggregator.web.app import create_app
from aggregator.wiring import assembled
from benchmarks.feeds import feed
from benchmarks.measuring import middle, print_table

BOXES: Final = 24
SOURCES: Final = 400
WARMING: Final = 3
"""Requests that do not count: the first ones compile templates and fill caches."""

_NOW: Final = datetime.now(UTC)


def main() -> None:
    """Fill a database, measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=30)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        feeds = Path(folder) / "feeds.yaml"
        feeds.write_text(follow_list(), encoding="utf-8")
        with assembled(read_settings(data=Path(folder), feeds=feeds)) as context:
            following.refresh(context)
            print(f"writing {given.entries} entries", file=sys.stderr)
            fill(context, given.entries)
            client = create_app(context).test_client()
            print_table(
                f"{given.entries} entries, {SOURCES} sources, median of {given.runs} requests",
                ("page", "ms", "ms of CPU", "kB"),
                [(name, *measured(client, path, given.runs)) for name, path in paths().items()],
            )


def follow_list() -> str:
    """Write a feeds.yaml: pages of 24 sources each."""
    lines = ["pages:"]
    for first in range(0, SOURCES, BOXES):
        lines += [f"  - name: Page {first // BOXES + 1}", "    columns: 4", "    sources:"]
        numbers = range(first, min(first + BOXES, SOURCES))
        lines += [f"      - https://blog-{number}.invalid/feed" for number in numbers]
    return "\n".join([*lines, ""])


def paths() -> dict[str, str]:
    """Name the pages to measure."""
    return {
        f"board of {BOXES} boxes": "/",
        "board, an article open": "/entries/1000",
        "sources": "/sources",
        "search, a common word": "/search?q=veille",
        "search, two words": "/search?q=veille+rumeur",
    }


def measured(client: FlaskClient, path: str, runs: int) -> tuple[float, float, float]:
    """Ask for a page several times; give the middle times by the clock and of the CPU, and kB."""
    times_ms, cpu_ms, size_kb = [], [], 0.0
    for _ in range(runs + WARMING):
        began, began_cpu = time.perf_counter(), time.process_time()
        answer = client.get(path)
        times_ms.append((time.perf_counter() - began) * 1000)
        cpu_ms.append((time.process_time() - began_cpu) * 1000)
        assert answer.status_code == 200, (path, answer.status)
        size_kb = len(answer.data) / 1000
    return middle(times_ms[WARMING:]), middle(cpu_ms[WARMING:]), size_kb


def fill(context: Context, wanted: int) -> None:
    """Write entries of all sources, as a round would, in batches of fifty sources."""
    stock, each = list(items(20)), wanted // SOURCES
    followed = sources.list_sources(context)
    for first in range(0, len(followed), 50):
        with context.database.write() as session:
            for source in followed[first : first + 50]:
                new = entries.apply(
                    session,
                    source_id=source.id,
                    page_id=source.page_id,
                    changes=Changes(new=tuple(islice(stamped(stock), each)), altered=()),
                    now=_NOW,
                    rules=RULES_VERSION,
                )
                dialect.index(session, new)


def items(feeds: int) -> Iterator[Item]:
    """Read the entries of some generated feeds."""
    for number in range(feeds):
        url = "https://blog.invalid/feed"
        document = parse(feed(number), url=url, content_type=None, now=_NOW)
        assert isinstance(document, FeedDocument)
        yield from document.items


def stamped(stock: list[Item]) -> Iterator[Item]:
    """Repeat the stock for ever under new keys and earlier and earlier moments."""
    for number in count():
        item = stock[(number * 7) % len(stock)]
        yield replace(
            item,
            key=f"{item.key}#{number}",
            url=f"{item.url}-{number}",
            published_at=_NOW - timedelta(hours=3 * number + 1),
        )


if __name__ == "__main__":
    main()
