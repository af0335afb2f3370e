"""Seconds to poll the comments of many articles: first fetch, nothing new, a few new ones.

Blogs of 20 articles of these days, each with a comment feed of its own, on 127.0.0.1. Rounds
run in this process, as the poller's do; what is sent to the reading processes is counted.
A last line takes one article's comments in by themselves.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from aggregator.domain.conversations.comments import CommentItem, CommentsDocument
from aggregator.domain.following import Me
from aggregator.domain.items import Author, EntryId
from aggregator.domain.polls import RoundSummary
from aggregator.ingest.parsers import Parsed, ParseJob
from aggregator.services import following, listing, polling
from aggregator.services.context import Context
from aggregator.services.conversations.taking_in import take_in
from aggregator.settings import Settings
from aggregator.storage.conversations import writing
from aggregator.wiring import assembled
from benchmarks.measuring import middle, print_table

ARTICLES: Final = 20
"""Of a blog: as many as are begun with in one round."""

NEW: Final = 3
"""Comments that come to each article for the last round."""

_NOW: Final = datetime.now(UTC)


class Web(ThreadingHTTPServer):
    """Blogs and their comments; `validators` tells whether answers have an ETag."""

    def __init__(self, comments: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments = comments
        self.validators = True
        self.home = f"http://127.0.0.1:{self.server_port}"

    def document(self, path: str) -> str:
        """Write the document at a path: `/<blog>` or `/<blog>/<article>/comments`."""
        parts = path.strip("/").split("/")
        if len(parts) == 1:
            items = "".join(self._article(parts[0], number) for number in range(ARTICLES))
        else:
            items = "".join(self._comment(path, n) for n in reversed(range(self.comments)))
        return (
            '<?xml version="1.0"?><rss version="2.0" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel>'
            f"<title>Commentaires</title><link>{self.home}</link>{items}</channel></rss>"
        )

    def _article(self, blog: str, number: int) -> str:
        url = f"{self.home}/{blog}/{number}"
        return (
            f"<item><title>Article {number}</title><link>{url}</link><guid>{url}</guid>"
            f"<wfw:commentRss>{url}/comments</wfw:commentRss>"
            f"<pubDate>{_dated(number)}</pubDate></item>"
        )

    def _comment(self, path: str, number: int) -> str:
        url = f"{self.home}{path}".removesuffix("/comments")
        return (
            f"<item><title>Article, Magalie {number}</title><link>{url}#c{number}</link>"
            f"<guid>{url}#c{number}</guid><dc:creator>Magalie {number % 40}</dc:creator>"
            f"<pubDate>{_dated(600 - number)}</pubDate>"
            f"<description>{'Mieux vaut la qualité que la quantité. ' * 5}</description></item>"
        )


def _dated(minutes: int) -> str:
    return f"{_NOW - timedelta(minutes=minutes):%a, %d %b %Y %H:%M:%S} GMT"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Web

    def do_GET(self) -> None:
        """Answer, with 304 where the client has what there is."""
        body, etag = _made(self.server, self.path, self.server.comments)
        known = self.server.validators and self.headers["If-None-Match"] == etag
        self.send_response(304 if known else 200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", "0" if known else str(len(body)))
        if self.server.validators:
            self.send_header("ETag", etag)
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@cache
def _made(web: Web, path: str, _comments: int) -> tuple[bytes, str]:
    """Make each document once: what is measured here is not the writing of feeds."""
    body = web.document(path).encode()
    return body, f'"{sha256(body).hexdigest()}"'


class CountingParsers:
    """Sends documents on to be read, and counts them."""

    def __init__(self, parsers: Any) -> None:
        self._parsers = parsers
        self.jobs = 0

    def submit(self, job: ParseJob) -> "Future[Parsed]":
        """Have a document read."""
        self.jobs += 1
        future: Future[Parsed] = self._parsers.submit(job)
        return future


@contextmanager
def installed(web: Web, blogs: int) -> Iterator[tuple[Context, CountingParsers]]:
    """Open an installation of its own that follows the blogs."""
    with tempfile.TemporaryDirectory() as folder:
        feeds = Path(folder) / "feeds.yaml"
        lines = "".join(f"  - {web.home}/blog-{number}\n" for number in range(blogs))
        feeds.write_text(f"sources:\n{lines}", "utf-8")
        settings = Settings(data=Path(folder), feeds=feeds, allow_private=("127.0.0.1",))
        with assembled(settings) as context:
            parsers = CountingParsers(context.parsers)
            counted: Any = replace(context, parsers=parsers)  # type: ignore[arg-type]
            following.refresh(counted)
            yield counted, parsers


def timed(context: Context) -> tuple[RoundSummary, float, float]:
    """Run a forced round; give its CPU seconds, those of reading left out, and its seconds."""
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    summary = polling.poll_due(context, force=True)
    return summary, time.process_time() - cpu_s, time.perf_counter() - wall_s


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--blogs", type=int, default=10)
    options.add_argument("--comments", type=int, default=50, help="under each article")
    options.add_argument("--long", type=int, default=50_000, help="comments of one article")
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    taken: dict[str, list[tuple[int, float, float]]] = {}
    for _ in range(given.runs):
        web = Web(given.comments)
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        with installed(web, given.blogs) as (context, parsers):
            measure(web, context, parsers, given.blogs, taken)
        web.shutdown()
        thread.join()
        web.server_close()
    articles = given.blogs * ARTICLES
    print_table(
        f"{articles} articles with {articles * given.comments} comments, median of {given.runs}",
        ("round", "read", "CPU s", "wall s"),
        [
            (
                name,
                str(rounds[0][0]),
                middle([r[1] for r in rounds]),
                middle([r[2] for r in rounds]),
            )
            for name, rounds in taken.items()
        ],
    )
    if given.long:
        measure_long(given.long)


def measure(
    web: Web,
    context: Context,
    parsers: CountingParsers,
    blogs: int,
    taken: dict[str, list[tuple[int, float, float]]],
) -> None:
    """Run each kind of round once; what a round did must be what it was meant to do."""
    articles = blogs * ARTICLES
    expected = {
        "first fetch": (articles * web.comments, articles + blogs),
        "all 304": (0, 0),
        "same body, no validators": (0, 0),
        f"{NEW} new under each": (articles * NEW, articles),
    }
    for name, (new, read) in expected.items():
        web.validators = "no validators" not in name
        web.comments += NEW if "new under" in name else 0
        before = parsers.jobs
        summary, cpu_s, wall_s = timed(context)
        jobs = parsers.jobs - before
        assert (summary.comments_new, jobs) == (new, read), (name, summary.comments_new, jobs)
        taken.setdefault(name, []).append((jobs, cpu_s, wall_s))


def measure_long(count: int) -> None:
    """Take many comments in under one article: new, the same again, and one more."""
    web = Web(0)
    rows: list[tuple[str, float]] = []
    threading.Thread(target=web.serve_forever, daemon=True).start()
    with installed(web, 1) as (context, _):
        polling.poll_due(context)
        entry = listing.entries(context, limit=1)[0]
        told = tuple(_said(number) for number in range(count + 1))
        for name, items in (
            (f"{count} comments", told[:count]),
            ("the same again", told[:count]),
            ("one more", told),
        ):
            document = CommentsDocument(platform="wordpress", title=None, items=items, whole=True)
            before = time.perf_counter()
            with context.database.write() as session:
                brought = take_in(
                    session,
                    document,
                    source_id=entry.source_id,
                    entry_id=EntryId(entry.id),
                    me=Me(names=("CWM",)),
                    now=context.clock(),
                    misses=True,
                )
            rows.append((name, time.perf_counter() - before))
            assert isinstance(brought, writing.Taken)
    web.shutdown()
    web.server_close()
    print_table("one article, taken in and put in order", ("document", "wall s"), rows)


def _said(number: int) -> CommentItem:
    return CommentItem(
        key=f"c{number}",
        url=f"https://cwm.example/long#c{number}",
        author=Author(name=f"Magalie {number % 400}"),
        published_at=_NOW - timedelta(minutes=60_000 - number),
        content_html="<p>Mieux vaut la qualité.</p>",
        text="Mieux vaut la qualité.",
        in_reply_to=(f"c{number // 3}",) if number % 3 else (),
        fingerprint=sha256(str(number).encode()).hexdigest(),
    )


if __name__ == "__main__":
    main()
