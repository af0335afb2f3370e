"""What looking for feeds brought, kept for the first poll of what is then followed."""

from datetime import timedelta
from hashlib import sha256
from typing import Final

from aggregator.domain.kept_answers import KeptAnswer
from aggregator.domain.schedule import DEFAULT_INTERVAL
from aggregator.ingest.fetch import Fetched, Redirect
from aggregator.services.context import Context
from aggregator.storage import kept_answers

KEPT: Final = DEFAULT_INTERVAL
"""An answer older than this would be asked for again if it were followed already."""


def keep(context: Context, asked: str, fetched: Fetched, *, is_feed: bool) -> None:
    """Keep the answer that an address gave just now; `asked` is what was asked for."""
    now = context.clock()
    answer = KeptAnswer(
        fetched_at=now,
        is_feed=is_feed,
        url=fetched.url,
        redirects=tuple((step.status, step.url) for step in fetched.redirects),
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        content_type=fetched.content_type,
        fresh_s=fetched.fresh_s,
        body=fetched.body or b"",
    )
    with context.database.write() as session:
        kept_answers.forget_before(session, now - KEPT)
        kept_answers.keep(session, _digest(asked), answer)


def find(context: Context, asked: str, *, within: timedelta, pages: bool) -> Fetched | None:
    """Give the answer that an address gave not long ago; that of a page only if `pages`."""
    now = context.clock()
    with context.database.read() as session:
        kept = kept_answers.find(session, _digest(asked), since=now - within, now=now)
    return _fetched(kept) if kept is not None and (kept.is_feed or pages) else None


def take(context: Context, asked: str) -> Fetched | None:
    """Give the feed that an address gave not long ago, for the one poll that it spares."""
    found = find(context, asked, within=KEPT, pages=False)
    if found is not None:
        with context.database.write() as session:
            kept_answers.forget(session, _digest(asked))
    return found


def _fetched(kept: KeptAnswer) -> Fetched:
    return Fetched(
        url=kept.url,
        status=200,
        body=kept.body,
        body_hash=sha256(kept.body).digest(),
        etag=kept.etag,
        last_modified=kept.last_modified,
        content_type=kept.content_type,
        redirects=tuple(Redirect(status=status, url=url) for status, url in kept.redirects),
        took_ms=0,
        bytes_received=0,
        fresh_s=kept.fresh_s,
    )


def _digest(asked: str) -> str:
    """Name an address without saying it: it may hold a password."""
    return sha256(asked.partition("#")[0].encode("utf-8", "surrogatepass")).hexdigest()
