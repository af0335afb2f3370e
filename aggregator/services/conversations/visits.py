"""One visit to one comment feed: what is asked, and what the answers mean."""

import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.domain.conversations.documents import besides, joined
from aggregator.domain.conversations.feeds import (
    GIVEN,
    MOST_PAGES,
    MOST_TOLD,
    SURE,
    DueComments,
    PolledComments,
    next_ask,
)
from aggregator.domain.faults import Fault
from aggregator.domain.polls import Validators
from aggregator.domain.schedule import Outcome, Rhythm, retry_moment
from aggregator.domain.sources import SourceId
from aggregator.errors import FetchError, HeldBackError, SourceError
from aggregator.ingest.comments.places import tells_all
from aggregator.ingest.fetch import Fetched, FetchRequest
from aggregator.ingest.parsers import ParseJob
from aggregator.ingest.robots import RobotsFile
from aggregator.ingest.urls import host_of
from aggregator.services import robots
from aggregator.services.context import Context
from aggregator.services.conversations.outcomes import (
    ELSEWHERE,
    failure_of,
    fresh_for,
    held_back,
    with_newest,
)
from aggregator.services.permits import Permit
from aggregator.services.secrets import Secrets

log = logging.getLogger(__name__)

BringsNew = Callable[[SourceId, Sequence[str]], bool]
"""Tells whether comments with these keys are not all stored."""


class CommentVisit:
    """The steps of one poll of comments: fetch, read, the pages that follow, or another address.

    As `services.visits.Visit`: `begin` and `go_on` give a future to wait for, or the
    `PolledComments` that ends the visit; they never raise.
    """

    def __init__(
        self,
        context: Context,
        feed: DueComments,
        address: str,
        brings_new: BringsNew,
        permit: Permit,
    ) -> None:
        self.source: Final = feed
        self._context = context
        self._permit = permit
        self._secrets = Secrets(address=address, environment=context.environment)
        self._brings_new = brings_new
        self._started_at = context.clock()
        self._places = [(feed.url, feed.origin), *feed.others]
        self._place = 0
        # what never gave comments is asked at each of its addresses in turn: a blog may have
        # hundreds of articles like that
        in_turn = feed.article is not None and feed.failures and not feed.read_before
        self._most_places = 1 if in_turn else len(self._places)
        self._fetched: Fetched | None = None
        self._pages: list[CommentsDocument] = []
        self._asked: set[str] = set()
        self._first_error: SourceError | None = None
        self._wants_rest = False
        self._further = ""

    def begin(self) -> "Future[object] | PolledComments":
        """Ask at the address where the comments were, or should be."""
        return self._guarded(lambda: self._ask_place(self.source.validators))

    def go_on(self, finished: "Future[object]") -> "Future[object] | PolledComments":
        """Take the next step with what has come."""
        return self._guarded(lambda: self._next(finished.result()))

    def _guarded(
        self, step: "Callable[[], Future[object] | PolledComments]"
    ) -> "Future[object] | PolledComments":
        while True:
            try:
                return step()
            except HeldBackError:
                return self._held_back()
            except SourceError as error:
                if self._pages:
                    return self._told(cut_short=not self._wants_rest)
                if error.code not in ELSEWHERE:
                    return self._failed(error)
                self._first_error = self._first_error or error
                self._place += 1
                if self._place == self._most_places:
                    return self._failed(self._first_error)
                step = self._ask_elsewhere
            except Exception:
                # The edge of a job: whatever it was, it is this comment feed's trouble alone.
                log.exception("visit failed comments of source=%s", self.source.source_url)
                return self._failed(SourceError("internal"))

    def _ask_elsewhere(self) -> "Future[object]":
        self._fetched = None
        return self._ask_place(Validators())

    def _ask_place(self, known: Validators) -> "Future[object]":
        url, origin = self._places[self._place]
        secrets = self._secrets
        return self._ask(secrets.written() if origin == GIVEN else secrets.found(url), known)

    def _ask(self, url: str, known: Validators) -> "Future[object]":
        self._asked.add(url)
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

    def _next(self, answer: object) -> "Future[object] | PolledComments":
        match answer:
            case Fetched():
                return self._on_fetched(answer)
            case CommentsDocument():
                return self._on_document(answer)
            case RobotsFile():
                allowed = robots.keep(self._context, answer, self._further)
                return self._ask(self._further, Validators()) if allowed else self._told()
            case _:
                raise SourceError("not-comments")

    def _on_fetched(self, fetched: Fetched) -> "Future[object] | PolledComments":
        known = self.source.validators
        first = self._fetched is None
        self._fetched = fetched if first else self._fetched
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
        if first and self._place == 0 and fetched.body_hash == known.body_hash:
            return self._succeeded(self._validators(fetched))
        job = ParseJob(
            body=fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            now=self._started_at,
            expects="comments",
        )
        return self._context.parsers.submit(job)  # type: ignore[return-value]

    def _on_document(self, document: CommentsDocument) -> "Future[object] | PolledComments":
        page = self._secrets.hidden_in(document)
        self._pages.append(besides(page, self._pages) if self._wants_rest else page)
        url = document.next_url
        told = sum(len(one.items) for one in self._pages)
        if len(self._pages) >= MOST_PAGES or told >= MOST_TOLD:
            return self._told()
        if url is None:
            return self._ask_rest() or self._told()
        keys = [item.key for item in self._pages[-1].items]
        if self.source.read_before and not self._brings_new(self.source.source_id, keys):
            return self._told()
        url = self._secrets.found(self._secrets.hidden(url))
        return self._told() if url in self._asked else self._ask_further(url)

    def _ask_further(self, url: str) -> "Future[object] | PolledComments":
        """Ask for more than the address of the comments gave, where robots.txt lets us."""
        allowed = robots.permission(self._context, url)
        if allowed is None:
            self._further = url
            written = self._secrets.written()
            return robots.ask(  # type: ignore[return-value]
                self._context, url, found_at=written, permit=self._permit
            )
        return self._ask(url, Validators()) if allowed else self._told()

    def _ask_rest(self) -> "Future[object] | PolledComments | None":
        """Ask for the older comments where this form tells the newest only, if another tells all.

        That is an article's of which more are announced than were told, when it is first
        read or where none of the newest was stored.
        """
        article, told = self.source.article, len(joined(self._pages).items)
        known = article.stored if article else 0
        least = known + told if self.source.read_before else max(known, told)
        if self._wants_rest or article is None or (article.announced or 0) <= least:
            return None
        elsewhere = (url for url, _ in self._places if tells_all(url) and url not in self._asked)
        url = next(elsewhere, None)
        if url is None:
            return None
        self._wants_rest = True
        return self._ask_further(self._secrets.found(url))

    def _told(self, *, cut_short: bool = False) -> PolledComments:
        """End with all pages that came; of pages that were cut short the first is read again."""
        fetched = None if cut_short else self._fetched
        return self._succeeded(self._validators(fetched) if fetched else None, joined(self._pages))

    def _validators(self, fetched: Fetched) -> Validators:
        return Validators(
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            body_hash=fetched.body_hash,
            url=self._secrets.hidden(fetched.url),
        )

    def _succeeded(
        self, validators: Validators | None, document: CommentsDocument | None = None
    ) -> PolledComments:
        return self._polled(
            outcome=Outcome.UNCHANGED,
            http_status=self._fetched.status if self._fetched else None,
            validators=validators,
            document=document,
        )

    def _held_back(self) -> PolledComments:
        if self._pages:
            return self._told(cut_short=True)
        return held_back(self.source, self._permit, self._context)

    def _failed(self, error: SourceError) -> PolledComments:
        status = error.http_status if isinstance(error, FetchError) else None
        if status is None and self._fetched is not None:
            status = self._fetched.status
        one_in_turn = self._most_places == self._place == 1 < len(self._places)
        self._place = 1 if one_in_turn else 0
        return self._polled(
            outcome=Outcome.FAILED,
            http_status=status,
            fault=self._secrets.hidden_fault(error),
            retry_after_s=error.retry_after_s if isinstance(error, FetchError) else None,
        )

    def _polled(
        self,
        *,
        outcome: Outcome,
        http_status: int | None,
        fault: Fault | None = None,
        retry_after_s: int | None = None,
        validators: Validators | None = None,
        document: CommentsDocument | None = None,
    ) -> PolledComments:
        now, feed = self._context.clock(), self.source
        places = [*self._places[self._place :], *self._places[: self._place]]
        failures = feed.failures + 1 if outcome is Outcome.FAILED else 0
        not_before = retry_moment(now, retry_after_s)
        fresh_s = fresh_for(self._fetched, feed.fresh_s)
        return PolledComments(
            feed=feed,
            polled_at=now,
            outcome=outcome,
            url=places[0][0],
            host=feed.host if self._place == 0 else host_of(places[0][0]),
            origin=places[0][1],
            others=tuple(places[1:]),
            http_status=http_status,
            fault=fault,
            failures=failures,
            next_poll_at=next_ask(
                Rhythm(wish=feed.every, floor=self._context.settings.floor, fresh_s=fresh_s),
                article=with_newest(feed.article, document),
                site=feed.site,
                now=now,
                failure=failure_of(feed, fault, now=now) if fault else None,
                not_before=not_before,
                asked_for=feed.asked_for,
                unread=not feed.read_before,
                hopeless=not feed.read_before and not SURE & {origin for _, origin in places},
                jitter=random.random(),  # noqa: S311 - no secret
            ),
            not_before_at=not_before,
            validators=validators,
            document=document,
            fresh_s=fresh_s,
            pause=self._permit.pause,
        )
