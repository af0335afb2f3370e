"""Who may still be asked while a round goes on: what was planned may be forbidden meanwhile.

A host may ask to be left alone while others of its feeds wait for their turn, and a source
may leave feeds.yaml. Asked on the fetcher's loop too, so that not one request is too many.
"""

from datetime import datetime, timedelta

from aggregator.domain.backoff import host_pause
from aggregator.domain.polls import HostPause
from aggregator.domain.schedule import retry_moment
from aggregator.domain.sources import SourceId
from aggregator.errors import FetchError
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.storage import pauses, sources
from aggregator.storage.engine import Session


class Permits:
    """What is known of a round's hosts and sources; refreshed whenever more is looked for."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._until: dict[str, datetime] = {}
        self._followed: frozenset[SourceId] | None = None
        self._list: str | None = None

    def look(self, session: Session, now: datetime) -> None:
        """Learn what has become of hosts and of feeds.yaml since the last look."""
        for host, until in pauses.current(session, now=now).items():
            self._until[host] = max(self._until.get(host, until), until)
        in_use = following.digest_in_use(session)
        if in_use != self._list or in_use is None:
            self._followed = frozenset(sources.ids_followed(session))
            self._list = in_use

    def of(self, source_id: SourceId) -> "Permit":
        """Give the permit for one visit to a source, or to a comment feed of it."""
        return Permit(self, source_id)

    def is_followed(self, source_id: SourceId) -> bool:
        """Tell whether a source is followed and not paused, as far as was seen."""
        if self._followed is None or source_id in self._followed:
            return True
        self._list = None  # looked at anew, lest one that is due be held back for ever
        return False

    def paused_until(self, host: str) -> datetime | None:
        """Tell until when a host is left alone, None if it is not."""
        until = self._until.get(host)
        return until if until is not None and until > self._context.clock() else None

    def pause(self, host: str, error: FetchError) -> HostPause | None:
        """Leave a host alone if its refusal asks for that and it is not one's own."""
        now = self._context.clock()
        not_before = retry_moment(now, error.retry_after_s)
        until = host_pause(error.http_status, not_before, now=now)
        if until is None or self._context.fetcher.opens(host):
            return None
        self._until[host] = max(self._until.get(host, until), until)
        return HostPause(host=host, until=until)


class Permit:
    """The permit for the requests of one visit (see `ingest.answers.Permit`).

    `pause` is what a host asked for in answer to one of them, or why none was made, or none
    any more: one host may have been asked, and have led to another that is left alone.
    """

    def __init__(self, permits: Permits, source_id: SourceId) -> None:
        self._permits = permits
        self._source_id = source_id
        self.pause: HostPause | None = None
        self._has_asked = False

    def allows(self, host: str) -> bool:
        """Tell whether a request may still go to a host."""
        until = self._permits.paused_until(host)
        if until is not None:
            self.pause = HostPause(host=host, until=until)
        allowed = until is None and self._permits.is_followed(self._source_id)
        self._has_asked |= allowed
        return allowed

    def resumes_at(self, *, now: datetime, least: timedelta) -> datetime | None:
        """Tell when what was held back may begin anew; None where nothing says so.

        Who was asked before that is not asked again sooner than after the `least` time.
        """
        if self.pause is None:
            return None
        return max(self.pause.until, now + least) if self._has_asked else self.pause.until

    def refused(self, host: str, error: FetchError) -> None:
        """Hear that a host refused."""
        self.pause = self._permits.pause(host, error)
