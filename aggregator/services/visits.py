"""One visit to one source: what is asked, and what the answers mean."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Final, TypeVarTuple

from aggregator.domain.faults import Fault
from aggregator.domain.items import FeedDocument, Reading, WebPage
from aggregator.domain.moves import Move, after_poll, is_settled, permanent_target
from aggregator.domain.polls import DueSource, Polled, Validators
from aggregator.domain.samples import KEPT_BYTES, Taken, readable, without_mail
from aggregator.domain.schedule import Because, Outcome, Rhythm, retry_moment
from aggregator.errors import FetchError, HeldBackError, SourceError
from aggregator.ingest.fetch import Fetched, FetchRequest
from aggregator.ingest.parsers import ParseJob
from aggregator.ingest.urls import host_of
from aggregator.services import kept_answers
from aggregator.services.context import Context
from aggregator.services.permits import Permit
from aggregator.services.secrets import Secrets
from aggregator.storage import duplicates, readings

log = logging.getLogger(__name__)

Ts = TypeVarTuple("Ts")

NOT_MODIFIED: Final = 304


class Visit:
    """The steps of one poll: fetch, read, and once, where a page came, fetch the feed it names.

    `begin` and `go_on` give a future to wait for, or the `Polled` that ends the visit; they
    never raise, for one source's trouble is nobody else's. When the next poll is to be is
    decided once it is known what this one brought (`services.coming_back`).
    """

    def __init__(self, context: Context, source: DueSource, address: str, permit: Permit) -> None:
        self.source: Final = source
        self._context = context
        self._permit = permit
        self._secrets = Secrets(address=address, environment=context.environment)
        self._started_at = context.clock()
        self._feed_url = source.feed_url
        self._page_seen = False
        self._page_comments: str | None = None
        self._fetched: Fetched | None = None
        self._taken: Taken | None = None
        self._took_ms = 0
        self._bytes = 0

    def begin(self) -> "Future[object] | Polled":
        """Ask the source's feed, or the address as it is written while no feed is known.

        What looking for it brought a moment ago is not asked for again.
        """
        return self._guarded(self._first)

    def _first(self) -> "Future[object] | Polled":
        start = self._start()
        if self.source.is_new and (kept := kept_answers.take(self._context, start)):
            return self._on_fetched(kept)
        return self._fetch(start, self.source.validators)

    def _start(self) -> str:
        known = self.source.feed_url
        if known is None or known == self.source.url:
            return self._secrets.written()
        return self._secrets.found(known)

    def go_on(self, finished: "Future[object]") -> "Future[object] | Polled":
        """Take the next step with what has come."""
        return self._guarded(self._next, finished)

    def _guarded(
        self, step: "Callable[[*Ts], Future[object] | Polled]", *given: *Ts
    ) -> "Future[object] | Polled":
        try:
            return step(*given)
        except HeldBackError:
            return self._held_back()
        except SourceError as error:
            return self._failed(error)
        except Exception:
            # The edge of a job: whatever it was, it is this source's trouble alone.
            log.exception("visit failed source=%s", self.source.url)
            return self._failed(SourceError("internal"))

    def _next(self, finished: "Future[object]") -> "Future[object] | Polled":
        match answer := finished.result():
            case Fetched():
                return self._on_fetched(answer)
            case FeedDocument():
                return self._on_document(answer)
            case WebPage() if answer.feeds and not self._page_seen and self._feed_url is None:
                self._page_seen = True
                if answer.comments_feed_url:
                    self._page_comments = self._secrets.hidden(answer.comments_feed_url)
                self._feed_url = self._secrets.hidden(answer.feeds[0].url)
                self._refuse_same(self._feed_url)
                return self._fetch(self._secrets.found(self._feed_url), Validators())
            case _:
                raise SourceError("not-a-feed")

    def _refuse_same(self, feed_url: str) -> None:
        """Refuse a feed that a source before this one in feeds.yaml gives already."""
        with self._context.database.read() as session:
            name = duplicates.before(session, self.source.id, feed_url)
        if name is not None:
            raise SourceError(duplicates.SAME_FEED, name=name, url=feed_url)

    def _fetch(self, url: str, known: Validators) -> "Future[object]":
        self._taken = None
        written = self._secrets.written()
        request = FetchRequest(
            url=url,
            found_at=None if url == written else written,
            etag=known.etag,
            last_modified=known.last_modified,
            validated_url=known.url,
            permit=self._permit,
        )
        return self._context.fetcher.submit(request)  # type: ignore[return-value]

    def _on_fetched(self, fetched: Fetched) -> "Future[object] | Polled":
        self._fetched = fetched
        self._took_ms += fetched.took_ms
        self._bytes += fetched.bytes_received
        known = self.source.validators
        if fetched.body is None:
            # RFC 9111 §4.3.4: a 304 may bring newer validators for the body one has.
            newer = Validators(
                etag=fetched.etag or known.etag,
                last_modified=fetched.last_modified or known.last_modified,
                body_hash=known.body_hash,
                url=known.url,
            )
            return self._succeeded(newer)
        if fetched.body_hash == known.body_hash and not self._page_seen:
            return self._succeeded(self._validators(fetched))
        self._taken = self._sample(fetched, fetched.body)
        job = ParseJob(
            body=fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            now=self._started_at,
            last=self._last_reading(),
        )
        return self._context.parsers.submit(job)  # type: ignore[return-value]

    def _last_reading(self) -> Reading | None:
        """Find what was kept of the last document, so that only what is new is read."""
        body_hash = self.source.validators.body_hash
        if body_hash is None or self._page_seen:
            return None
        with self._context.database.read() as session:
            return readings.of(session, self.source.id, body_hash)

    def _sample(self, fetched: Fetched, body: bytes) -> Taken:
        start = self._secrets.beginning(body, KEPT_BYTES)
        return Taken(
            url=self._secrets.hidden(fetched.url),
            content_type=fetched.content_type,
            size=len(body),
            start=without_mail(readable(start, fetched.content_type)),
        )

    def _on_document(self, document: FeedDocument) -> Polled:
        validators = self._validators(self._fetched) if self._fetched else None
        told = self._secrets.hidden_in(document)
        if told is not document:  # its keys may have been made of a secret
            told = replace(told, reading=None)
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
        now, fetched = self._context.clock(), self._fetched
        fresh_s = fetched.fresh_s if fetched else None
        if fetched and fetched.status == NOT_MODIFIED and fresh_s is None:
            fresh_s = self.source.fresh_s
        feed_url = self._feed_url or self.source.url
        move = self._move()
        moved_to = move.to if move and is_settled(move, now=now) else None
        return Polled(
            source=self.source,
            polled_at=now,
            outcome=Outcome.UNCHANGED,
            http_status=fetched.status if fetched else None,
            took_ms=self._took_ms,
            bytes_received=self._bytes,
            validators=validators,
            feed_url=feed_url,
            host=_host(moved_to or feed_url),
            document=document,
            body=self._taken,
            fresh_s=fresh_s,
            move=None if moved_to else move,
            moved_to=moved_to,
        )

    def _move(self) -> Move | None:
        """Count this poll to those that were led to another address for good.

        Not one whose answer says nothing new of a feed that was read from elsewhere.
        """
        fetched, known = self._fetched, self.source.move
        if fetched is None or self._page_seen:
            return None
        steps = ((step.status, self._secrets.hidden(step.url)) for step in fetched.redirects)
        target = permanent_target(steps)
        if fetched.body is None and self.source.validators.url != self._secrets.hidden(
            fetched.url
        ):
            return known if known and known.to == target else None
        asked = self._feed_url or self.source.url
        target = None if target == asked else target
        return after_poll(known, target, now=self._context.clock())

    def _failed(self, error: SourceError) -> Polled:
        now = self._context.clock()
        status = error.http_status if isinstance(error, FetchError) else None
        if status is None and self._fetched is not None:
            status = self._fetched.status
        return Polled(
            source=self.source,
            polled_at=now,
            outcome=Outcome.FAILED,
            http_status=status,
            fault=self._secrets.hidden_fault(error),
            took_ms=self._took_ms + (error.took_ms if isinstance(error, FetchError) else 0),
            bytes_received=self._bytes
            + (error.bytes_received if isinstance(error, FetchError) else 0),
            failures=self.source.failures + 1,
            not_before_at=retry_moment(
                now, error.retry_after_s if isinstance(error, FetchError) else None
            ),
            body=self._taken,
            fresh_s=self.source.fresh_s,
            # what could be read nowhere has moved nowhere that is known
            move=self.source.move if self._fetched is None else None,
            pause=self._permit.pause,
        )

    def _held_back(self) -> Polled:
        now, floor = self._context.clock(), self._context.settings.floor
        least = Rhythm(wish=self.source.every, floor=floor).interval
        return Polled(
            source=self.source,
            polled_at=now,
            outcome=Outcome.SKIPPED,
            next_poll_at=self._permit.resumes_at(now=now, least=least),
            next_because=Because.HOST_PAUSE,
            pause=self._permit.pause,
        )


def _host(url: str) -> str | None:
    try:
        return host_of(url)
    except FetchError:  # a `${NAME}` altogether: what it stands for is not to be stored
        return None


def unstorable(polled: Polled) -> Polled:
    """Make of a poll whose document cannot be stored a failure, so that it is tried again."""
    return replace(
        polled,
        outcome=Outcome.FAILED,
        fault=Fault(code="internal"),
        failures=polled.source.failures + 1,
        validators=None,
        document=None,
        fresh_s=polled.source.fresh_s,
        move=polled.source.move,
        moved_to=None,
    )
