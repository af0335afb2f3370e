"""Milliseconds to make a page in process: a board of 24 boxes, a list, an article, a search.

The database is filled with generated entries first, all of them unread. `--keep FOLDER` fills it
once and measures it again the next time.
"""

import argparse
import gzip
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import update

from aggregator.domain.changes import Changes
from aggregator.domain.items import FeedDocument, Item
from aggregator.ingest.parse import parse
from aggregator.ingest.sanitise import RULES_VERSION
from aggregator.services import following, sources
from aggregator.services.context import Context
from aggregator.settings import read_settings
from aggregator.storage import dialect, entries, tables
from aggregator.web.app import create_app
from aggregator.wiring import assembled
from benchmarks.feeds import feed
from benchmarks.measuring import middle, print_table

BOXES: Final = 24
PAGES: Final = 12
"""The first page has exactly 24 boxes; the sources that are left stand on a dozen others."""
WARMING: Final = 3
"""Requests that do not count: the first ones compile templates and fill caches."""

_NOW: Final = datetime.now(UTC)


def main() -> None:
    """Fill a database, measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=100_000)
    options.add_argument("--sources", type=int, default=400)
    options.add_argument("--runs", type=int, default=30)
    options.add_argument("--keep", type=Path, metavar="FOLDER")
    given = options.parse_args()
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        context = stack.enter_context(prepared(folder, given.entries, given.sources))
        client = create_app(context).test_client()
        print_table(
            f"{given.entries} entries, {given.sources} sources, {given.runs} requests",
            ("page", "ms, middle", "ms, least", "ms of CPU", "kB", "kB gzipped"),
            [(name, *measured(client, path, given.runs)) for name, path in PATHS.items()],
        )


@contextmanager
def prepared(folder: Path, wanted: int, sources_count: int) -> Iterator[Context]:
    """Open a database of that size; fill it where it is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    feeds = folder / "feeds.yaml"
    feeds.write_text(follow_list(sources_count), encoding="utf-8")
    with assembled(read_settings(data=folder, feeds=feeds)) as context:
        following.refresh(context)
        if not any(source.entries for source in sources.list_sources(context)):
            print(f"writing {wanted} entries", file=sys.stderr)
            fill(context, wanted)
        yield context


def follow_list(sources_count: int) -> str:
    """Write a feeds.yaml: a page of 24 sources, the others on a dozen pages."""
    each = max(-(-(sources_count - BOXES) // PAGES), 1)
    lines = ["settings:", "  language: fr", "pages:"]
    for page, first in enumerate([0, *range(BOXES, sources_count, each)], start=1):
        last = BOXES if first == 0 else first + each
        lines += [f"  - name: Page {page}", "    columns: 4", "    sources:"]
        numbers = range(first, min(last, sources_count))
        lines += [f"      - https://blog-{number}.invalid/feed" for number in numbers]
    return "\n".join([*lines, ""])


PATHS: Final = {
    f"board of {BOXES} boxes": "/",
    "board, an article open": "/entries/1000",
    "board, nothing changed": "/changes",
    "list page": "/read",
    "list page of a page": "/read/page/page-1",
    "list page of a source": "/read/source/1",
    "sources": "/sources",
    "search, a common word": "/search?q=veille",
    "search, two words": "/search?q=veille+rumeur",
}


def measured(client: FlaskClient, path: str, runs: int) -> tuple[float, ...]:
    """Ask for a page several times; give times by the clock and of the CPU, and its size."""
    address = "/changes?" + urlencode({"seen": shown(client, "/")}, doseq=True)
    asked = address if path == "/changes" else path
    times_ms, cpu_ms, answer = [], [], client.get(asked)
    for _ in range(runs + WARMING):
        began, began_cpu = time.perf_counter(), time.process_time()
        answer = client.get(asked)
        times_ms.append((time.perf_counter() - began) * 1000)
        cpu_ms.append((time.process_time() - began_cpu) * 1000)
        assert answer.status_code in {200, 204}, (path, answer.status)
    times_ms, cpu_ms = times_ms[WARMING:], cpu_ms[WARMING:]
    packed = len(gzip.compress(answer.data))
    sizes_kb = len(answer.data) / 1000, packed / 1000
    return middle(times_ms), min(times_ms), middle(cpu_ms), *sizes_kb


def shown(client: FlaskClient, path: str) -> list[str]:
    """Find what the parts of a page say that they show, as live.js does."""
    return re.findall('name="seen" value="([^"]*)"', client.get(path).text)


def fill(context: Context, wanted: int) -> None:
    """Write entries of all sources, as a round would, in batches of fifty sources."""
    followed = sources.list_sources(context)
    stock, each = list(items(20)), wanted // len(followed)
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
    with context.database.write() as session:
        session.execute(update(tables.sources).values(last_success_at=_NOW, http_status=200))


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
