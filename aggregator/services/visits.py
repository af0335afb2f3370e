"""One visit to one source: what is asked, and what the answers mean."""

import logging
import random
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from aggregator.domain.faults import Fault
from aggregator.domain.items import FeedDocument, WebPage
from aggregator.domain.polls import DueSource, Polled, Validators
from aggregator.domain.schedule import Outcome, Rhythm, next_poll, retry_moment
from aggregator.errors import FetchError, SourceError
from aggregator.ingest.fetch import Fetched, FetchRequest
from aggregator.ingest.parsers import ParseJob
from aggregator.services.context import Context
from aggregator.services.secrets import Secrets

log = logging.getLogger(__name__)

NOT_MODIFIED: Final = 304


class Visit:
    """The steps of one poll: fetch, read, and once, where a page came, fetch the feed it names.

    `begin` and `go_on` give a future to wait for, or the `Polled` that ends the visit; they
    never raise, for one source's trouble is nobody else's.
    """

    def __init__(self, context: Context, source: DueSource, address: str) -> None:
        self.source: Final = source
        self._context = context
        self._secrets = Secrets(address=address, environment=context.environment)
        self._started_at = context.clock()
        self._feed_url = source.feed_url
        self._page_seen = False
        self._page_comments: str | None = None
        self._fetched: Fetched | None = None
        self._took_ms = 0
        self._bytes = 0

    def begin(self) -> "Future[object] | Polled":
        """Ask the source's feed, or the address as it is written while no feed is known."""
        return self._guarded(lambda: self._fetch(self._start(), self.source.validators))

    def _start(self) -> str:
        known = self.source.feed_url
        if known is None or known == self.source.url:
            return self._secrets.written()
        return self._secrets.found(known)

    def go_on(self, finished: "Future[object]") -> "Future[object] | Polled":
        """Take the next step with what has come."""
        return self._guarded(lambda: self._next(finished.result()))

    def _guarded(self, step: "Callable[[], Future[object] | Polled]") -> "Future[object] | Polled":
        try:
            return step()
        except SourceError as error:
            return self._failed(error)
        except Exception:
            # The edge of a job: whatever it was, it is this source's trouble alone.
            log.exception("visit failed source=%s", self.source.url)
            return self._failed(SourceError("internal"))

    def _next(self, answer: object) -> "Future[object] | Polled":
        match answer:
            case Fetched():
                return self._on_fetched(answer)
            case FeedDocument():
                return self._on_document(answer)
            case WebPage() if answer.feeds and not self._page_seen and self._feed_url is None:
                self._page_seen = True
                if answer.comments_feed_url:
                    self._page_comments = self._secrets.hidden(answer.comments_feed_url)
                self._feed_url = self._secrets.hidden(answer.feeds[0].url)
                return self._fetch(self._secrets.found(self._feed_url), Validators())
            case _:
                raise SourceError("not-a-feed")

    def _fetch(self, url: str, known: Validators) -> "Future[object]":
        written = self._secrets.written()
        request = FetchRequest(
            url=url,
            found_at=None if url == written else written,
            etag=known.etag,
            last_modified=known.last_modified,
            validated_url=known.url,
        )
        return self._context.fetcher.submit(request)  # type: ignore[return-value]

    def _on_fetched(self, fetched: Fetched) -> "Future[object] | Polled":
        self._fetched = fetched
        self._took_ms += fetched.took_ms
        self._bytes += fetched.bytes_received
        known = self.source.validators
        if fetched.body is None:
            # RFC 9111 §4.3.4: a 304 may bring newer validators for the body one has.
            return self._succeeded(
                Validators(
                    etag=fetched.etag or known.etag,
                    last_modified=fetched.last_modified or known.last_modified,
                    body_hash=known.body_hash,
                    url=known.url,
                )
            )
        if fetched.body_hash == known.body_hash and not self._page_seen:
            return self._succeeded(self._validators(fetched))
        job = ParseJob(
            body=fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            now=self._started_at,
        )
        return self._context.parsers.submit(job)  # type: ignore[return-value]

    def _on_document(self, document: FeedDocument) -> Polled:
        validators = self._validators(self._fetched) if self._fetched else None
        told = self._secrets.hidden_in(document)
        if told.comments_feed_url is None:
            told = replace(told, comments_feed_url=self._page_comments)
        return self._succeeded(validators, told)

    def _validators(self, fetched: Fetched) -> Validators:
        return Validators(
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            body_hash=fetched.body_hash,
            url=self._secrets.hidden(fetched.url),
        )

    def _succeeded(
        self, validators: Validators | None, document: FeedDocument | None = None
    ) -> Polled:
        now = self._context.clock()
        return Polled(
            source=self.source,
            polled_at=now,
            outcome=Outcome.UNCHANGED,
            http_status=self._fetched.status if self._fetched else None,
            took_ms=self._took_ms,
            bytes_received=self._bytes,
            next_poll_at=next_poll(
                self._rhythm,
                now=now,
                failures=0,
                jitter=random.random(),  # noqa: S311 - no secret
            ),
            validators=validators,
            feed_url=self._feed_url or self.source.url,
            document=document,
        )

    def _failed(self, error: SourceError) -> Polled:
        now = self._context.clock()
        status = error.http_status if isinstance(error, FetchError) else None
        if status is None and self._fetched is not None:
            status = self._fetched.status
        not_before = retry_moment(
            now, error.retry_after_s if isinstance(error, FetchError) else None
        )
        failures = self.source.failures + 1
        return Polled(
            source=self.source,
            polled_at=now,
            outcome=Outcome.FAILED,
            http_status=status,
            fault=self._secrets.hidden_fault(error),
            took_ms=self._took_ms,
            bytes_received=self._bytes
            + (error.bytes_received if isinstance(error, FetchError) else 0),
            failures=failures,
            next_poll_at=next_poll(
                self._rhythm,
                now=now,
                failures=failures,
                answers=(status, self.source.http_status),
                not_before=not_before,
                jitter=random.random(),  # noqa: S311 - no secret
            ),
            not_before_at=not_before,
        )

    @property
    def _rhythm(self) -> Rhythm:
        return Rhythm(wish=self.source.every, floor=self._context.settings.floor)


def unstorable(context: Context, polled: Polled) -> Polled:
    """Make of a poll whose document cannot be stored a failure, so that it is tried again."""
    failures = polled.source.failures + 1
    return replace(
        polled,
        outcome=Outcome.FAILED,
        fault=Fault(code="internal"),
        failures=failures,
        next_poll_at=next_poll(
            Rhythm(wish=polled.source.every, floor=context.settings.floor),
            now=polled.polled_at,
            failures=failures,
            jitter=1,
        ),
        validators=None,
        document=None,
    )
