"""What a visit to a comment feed may end with, besides the comments that came."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from aggregator.domain.backoff import Failure
from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.domain.conversations.feeds import Article, DueComments, PolledComments
from aggregator.domain.faults import Fault
from aggregator.domain.schedule import Outcome
from aggregator.ingest.fetch import Fetched
from aggregator.services.context import Context
from aggregator.services.permits import Permit

ELSEWHERE: Final = frozenset(
    {
        *("http-401", "http-403", "http-404", "http-410", "unexpected-answer"),
        *("too-many-redirects", "redirect-refused"),
        *("empty", "not-a-feed", "not-readable", "not-comments"),
    }
)
"""Faults that say: the comments are not here. Others may be over the next time."""


def held_back(feed: DueComments, permit: Permit, context: Context) -> PolledComments:
    """End without an answer: a host is left alone, or the source is followed no more."""
    now = context.clock()
    return PolledComments(
        feed=feed,
        polled_at=now,
        outcome=Outcome.SKIPPED,
        url=feed.url,
        host=feed.host,
        origin=feed.origin,
        others=feed.others,
        next_poll_at=permit.resumes_at(now=now, least=context.settings.floor),
        pause=permit.pause,
    )


def unstorable(polled: PolledComments, *, code: str = "internal") -> PolledComments:
    """Make of a poll whose document cannot be stored a failure, so that it is tried again."""
    return replace(
        polled,
        outcome=Outcome.FAILED,
        fault=Fault(code=code),
        failures=polled.feed.failures + 1,
        validators=None,
        document=None,
        fresh_s=polled.feed.fresh_s,
    )


def failure_of(feed: DueComments, fault: Fault, *, now: datetime) -> Failure:
    """Tell what a failure comes after; of failures in a row the last one alone is known."""
    same = feed.fault_code == fault.code
    return Failure(
        code=fault.code,
        in_a_row=feed.failures + 1,
        same=feed.failures + 1 if same else 1,
        same_since=feed.failing_since if same else now,
    )


def with_newest(article: Article | None, document: CommentsDocument | None) -> Article | None:
    """Count the comments that just came to the age of their article."""
    moments = [item.published_at for item in document.items] if document else []
    newest = max((moment for moment in moments if moment is not None), default=None)
    if article is None or newest is None:
        return article
    known = article.last_comment_at
    return replace(article, last_comment_at=max(newest, known) if known else newest)


def fresh_for(fetched: Fetched | None, known: int | None) -> int | None:
    """Tell how long what is known stays fresh; a 304 that says nothing leaves it."""
    if fetched is None or (fetched.body is None and fetched.fresh_s is None):
        return known
    return fetched.fresh_s
