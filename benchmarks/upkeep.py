"""Measure backups, throwing away and /metrics on a filled database, while another writes."""

import argparse
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import insert, text, update

from aggregator.api.exposition import page
from aggregator.clock import now, seconds, sleep
from aggregator.services import backups, heartbeats, metrics, retention, vitals
from aggregator.services.context import Context
from aggregator.settings import Settings
from aggregator.storage import dialect, tables
from aggregator.wiring import assembled

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
WORDS: Final = ["".join(random.choices(LETTERS, k=6)) for _ in range(5000)]  # noqa: S311 - no secret
KEPT: Final = timedelta(days=365)


def fill(context: Context, sources: int, each: int) -> None:
    """Store sources whose entries came one a day, the newest today, with 180 words each."""
    fixed = {"page_id": 1, "listed": True, "mine": False, "paused": False, "tags": []}
    with context.database.write() as session:
        named = {"id": 1, "slug": "p", "name": "P", "position": 0}
        hidden = {"columns": 3, "hidden": False, "listed": True}
        session.execute(insert(tables.pages).values(**named, **hidden))
    for source in range(1, sources + 1):
        url = f"https://{source}.example/rss"
        row = {"id": source, "url": url, "host": f"{source}.example", "position": source}
        with context.database.write() as session:
            planned = {"next_poll_at": now(), "entry_count": each, "unread_count": each}
            session.execute(insert(tables.sources).values(**row, **fixed, **planned))
            came = [now() - timedelta(days=each - number) for number in range(each)]
            entries = [
                {"source_id": source, "page_id": 1, "key": f"{number}", "fingerprint": "f"}
                | {"title": f"Article {number}", "published_at": at, "first_seen_at": at}
                for number, at in enumerate(came)
            ]
            stored = insert(tables.entries).returning(tables.entries.c.id)
            ids = list(session.execute(stored, entries).scalars())
            lists = {"authors": [], "categories": [], "enclosures": [], "rules": 1}
            said = [" ".join(random.choices(WORDS, k=180)) for _ in ids]  # noqa: S311 - no secret
            bodies = [
                {"entry_id": entry_id, "title": "x", "content_html": words, "text": words} | lists
                for entry_id, words in zip(ids, said, strict=True)
            ]
            session.execute(insert(tables.bodies), bodies)
            dialect.index(session, ids)


@contextmanager
def another_writing(context: Context) -> Iterator[list[float]]:
    """Write a little every few milliseconds; note in milliseconds how long each write waited."""
    waits: list[float] = []
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            begun_s = seconds()
            with context.database.write() as session:
                waits.append(1000 * (seconds() - begun_s))
                here = tables.sources.c.id == 1
                session.execute(update(tables.sources).where(here).values(last_took_ms=1))
            sleep(0.005)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        ended.set()
        thread.join()


def took_s(work: Callable[[], object]) -> float:
    """Tell how long something takes."""
    begun_s = seconds()
    work()
    return seconds() - begun_s


def said(waits: list[float]) -> str:
    """Tell how long writes waited."""
    ordered = sorted(waits)
    late = ordered[int(len(ordered) * 0.99)]
    return f"a write waited {median(ordered):.1f} ms, p99 {late:.0f}, longest {ordered[-1]:.0f}"


def measure(context: Context, folder: Path) -> None:
    """Measure all of it."""
    heartbeats.beat(context)
    pages = [took_s(lambda: page(metrics.measure(context), "")) for _ in range(9)]
    health = [
        took_s(lambda: vitals.look(context, polls=True, serving_since=now())) for _ in range(9)
    ]
    print(f"/metrics {1000 * median(pages):.1f} ms, /healthz {1000 * median(health):.1f} ms")
    target = folder / "veille.backup"
    with another_writing(context) as waits:
        spent_s = took_s(
            lambda: backups.back_up(context, target, replace=False, progress=lambda *_: None)
        )
    megabytes = target.stat().st_size / 1e6
    print(
        f"backup of {megabytes:.0f} MB: {spent_s:.2f} s ({100 * spent_s / megabytes:.2f} s", end=""
    )
    print(f" each 100 MB); {len(waits)} writes meanwhile, {said(waits)}")
    settings = context.settings.model_copy(update={"keep": KEPT})
    keeping = replace(context, settings=settings)
    with another_writing(context) as waits:
        spent_s = took_s(lambda: retention.throw_away(keeping, patience_s=3600))
    with context.database.read() as session:
        gone = session.execute(text("SELECT count(*) FROM tombstones")).scalar_one()
    print(f"thrown away {gone} in {spent_s:.1f} s; {said(waits)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--entries", type=int, default=480, help="of each source, one a day")
    given = parser.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(place)
        with assembled(Settings(data=folder, feeds=folder / "feeds.yaml")) as opened:
            fill(opened, given.sources, given.entries)
            measure(opened, folder)
