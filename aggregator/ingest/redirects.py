"""The way from address to address: what goes along with it, and where it ends."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final, Self

from aggregator.clock import seconds
from aggregator.errors import FetchError, HeldBackError
from aggregator.ingest.answers import (
    Fetched,
    FetchRequest,
    Redirect,
    fresh_s,
    refusal,
    validator,
    verbatim,
)
from aggregator.ingest.urls import Origin, Target, host_of, resolve, target

MOST: Final = 5


@dataclass(slots=True, kw_only=True)
class Trail:
    """The way of one fetch so far.

    `inside` stays True while every host on the way was one's own (and so was the one that
    named the first): only those may lead to private addresses. Name and password are
    forgotten at the first step to another origin.
    `spent_s` is what the hops before the present one took, which began at `hop_began`;
    `received` counts the bytes of the body on the wire; `asked_at` is when the hop began.
    """

    request: FetchRequest
    target: Target
    validated: Origin
    authorization: str | None
    inside: bool = True
    redirects: list[Redirect] = field(default_factory=list)
    spent_s: float = 0.0
    hop_began: float = 0.0
    received: int = 0
    asked_at: datetime | None = None

    @classmethod
    def begin(cls, request: FetchRequest) -> Self:
        """Stand at the first address. Raises FetchError: `bad-address`."""
        first = target(request.url)
        validated = first
        if request.validated_url and request.validated_url != request.url:
            validated = target(request.validated_url)
        return cls(
            request=request,
            target=first,
            validated=validated.origin,
            authorization=first.authorization,
        )

    @property
    def finder(self) -> str | None:
        """The other host, if any, that named the present address in a document of its own."""
        if self.request.found_at is None:
            return None
        host = host_of(self.request.found_at)
        return host if host != self.target.host else None

    @contextmanager
    def asking(self, now: datetime) -> Iterator[None]:
        """Ask the present address, and count how long that took.

        Raises:
            HeldBackError: it may not be asked, or not any more.
        """
        permit, host = self.request.permit, self.target.host
        if permit is not None and not permit.allows(host):
            raise HeldBackError(host)
        self.hop_began, self.asked_at = seconds(), now
        try:
            yield
        except FetchError as error:
            error.took_ms = self._took_ms()
            raise
        finally:
            self.spent_s += seconds() - self.hop_began

    @property
    def is_conditional(self) -> bool:
        """Whether validators are sent to the present address."""
        return self.target.origin == self.validated and bool(
            self.request.etag or self.request.last_modified
        )

    def headers(self) -> dict[str, str]:
        """Give the headers that belong to the present address alone."""
        headers = {}
        if self.is_conditional:
            if self.request.etag:
                headers["If-None-Match"] = self.request.etag
            if self.request.last_modified:
                headers["If-Modified-Since"] = self.request.last_modified
        if self.authorization:
            headers["Authorization"] = self.authorization
        return headers

    def follow(self, status: int, location: str | None, *, inside: bool) -> None:
        """Go on to where the present address points; `inside` says that it was one's own.

        Raises:
            FetchError: it points nowhere, to what is no web address, or too often.
        """
        if not location:
            raise FetchError("unexpected-answer", http_status=status, status=status)
        if len(self.redirects) == MOST:
            raise FetchError("too-many-redirects", http_status=status, most=MOST)
        self.target, before = _next(self.target, location), self.target
        self.redirects.append(Redirect(status=status, url=self.target.url))
        self.inside = self.inside and inside
        if self.target.origin != before.origin:
            self.authorization = None

    def refuse(self, status: int, headers: Mapping[str, str]) -> FetchError:
        """End here with an answer that says no."""
        error = refusal(status, headers, self.asked_at)
        if self.request.permit is not None:
            self.request.permit.refused(self.target.host, error)
        return error

    def arrive(self, status: int, headers: Mapping[str, str], body: bytes | None) -> Fetched:
        """End here with an answer; `body` is None for a 304."""
        etag, modified = validator(headers.get("ETag")), validator(headers.get("Last-Modified"))
        if body is None:  # a 304 names of them what changed (RFC 9111 §4.3.4)
            etag = etag or self.request.etag
            modified = modified or self.request.last_modified
        return Fetched(
            url=self.target.url,
            status=status,
            body=body,
            body_hash=sha256(body).digest() if body is not None else None,
            etag=etag,
            last_modified=modified,
            content_type=verbatim(headers.get("Content-Type")),
            redirects=tuple(self.redirects),
            took_ms=self._took_ms(),
            bytes_received=self.received,
            fresh_s=fresh_s(headers, self.asked_at),
        )

    def _took_ms(self) -> int:
        return round((self.spent_s + seconds() - self.hop_began) * 1000)


def _next(here: Target, location: str) -> Target:
    try:
        return target(resolve(here.url, location))
    except FetchError as error:
        raise FetchError("redirect-refused", url=error.params["url"]) from error
