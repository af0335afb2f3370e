"""What is asked of a server, and what its status and headers say, as plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

from aggregator.errors import FetchError

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
LONGEST_VALIDATOR: Final = 8000  # with its name it must pass the 8190 bytes servers bear
_OWN_CODES: Final = frozenset({401, 403, 404, 410, 429})
_LONGEST_WAIT_S: Final = 366 * 86400
_MAX_AGE: Final = re.compile(r"(?:^|,)\s*max-age\s*=\s*([^,]*)", re.IGNORECASE)
_NOT_FRESH: Final = re.compile(r"(?:^|,)\s*no-(?:cache|store)\b(?!\s*=)", re.IGNORECASE)
_QUOTED: Final = re.compile(r'="[^"]*"')
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Permit(Protocol):
    """Who may be asked at this very moment; called on the fetcher's loop, and never waits."""

    def allows(self, host: str) -> bool:
        """Tell whether a request may still go to a host."""

    def refused(self, host: str, error: FetchError) -> None:
        """Hear that a host refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """What to ask for: an address, and the validators that came with what is stored of it.

    `url` may hold a name and a password; they are sent to its origin only. `validated_url`
    is the address that gave the validators where that was another one (`Fetched.url`): they
    are sent to its origin only. `max_bytes` bounds the body more narrowly than usual.
    `found_at` is the address whose document named this one, where no person wrote it: a
    public host cannot lead to a private one, by a link as little as by a redirect. `permit`
    is asked when the request has its turn, for each host on its way.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    validated_url: str | None = None
    max_bytes: int | None = None
    found_at: str | None = None
    permit: Permit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """One step from address to address: the status that said so, and the address it named."""

    status: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A good answer: 200 with its body, undone of compression, or 304 without one.

    `url` is the last address, without user info. `body_hash` is the SHA-256 of `body`.
    `etag` and `last_modified` are what to send next time, byte for byte (each character is
    one byte). `took_ms` leaves out waiting for one's turn; `bytes_received` counts the body
    as it came over the wire. `fresh_s` is for how long the answer says it stays fresh, None
    where it says nothing.
    """

    url: str
    status: int
    body: bytes | None
    body_hash: bytes | None
    etag: str | None
    last_modified: str | None
    content_type: str | None
    redirects: tuple[Redirect, ...]
    took_ms: int
    bytes_received: int
    fresh_s: int | None = None


def verbatim(value: str | None) -> str | None:
    """Give a header's value with one character a byte, whatever its encoding."""
    if value is None or value.isascii():
        return value
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


def validator(value: str | None) -> str | None:
    """Keep a validator as it came; None where it is absent, too long or cannot be sent back."""
    value = verbatim(value)
    if not value or len(value) > LONGEST_VALIDATOR or _CONTROL.search(value):
        return None
    return value


def refusal(status: int, headers: Mapping[str, str], now: datetime | None) -> FetchError:
    """Say what a status other than 200, 304 and a redirect means."""
    if status >= 400 and headers.get("cf-mitigated", "").strip().lower() == "challenge":
        code = "challenge"
    elif status in _OWN_CODES:
        code = f"http-{status}"
    else:
        code = "http-error" if status >= 400 else "unexpected-answer"
    return FetchError(
        code, http_status=status, retry_after_s=retry_after_s(headers, now), status=status
    )


def retry_after_s(headers: Mapping[str, str], now: datetime | None) -> int | None:
    """Read Retry-After (RFC 9110 §10.2.3) in seconds; None where there is none that helps.

    A moment is counted from the server's own Date, for its clock may be wrong.
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return _digits(value)
    until = _moment(value)
    if until is None:
        return None
    return _between(_moment(headers.get("Date", "")) or now, until) or None


def fresh_s(headers: Mapping[str, str], now: datetime | None) -> int | None:
    """Read for how many seconds an answer is fresh yet (RFC 9111 §4.2); None: it does not say.

    0 says that it is not, as does what cannot be understood. What only shared caches are told
    is not for us. Expires is counted from the server's own Date.
    """
    control = _QUOTED.sub(_unquoted, _all(headers, "Cache-Control"))
    if _NOT_FRESH.search(control):
        return 0
    if found := _MAX_AGE.search(control):
        age = headers.get("Age", "").strip()
        return max(_digits(found[1].strip()) - _digits(age), 0)
    expires = headers.get("Expires", "").strip()
    if not expires:
        return None
    until = _moment(expires)
    if until is None:
        return 0
    return _between(_moment(headers.get("Date", "")) or now, until)


def _unquoted(found: re.Match[str]) -> str:
    """Take the quotes off a number; another quoted value, with its commas, says nothing here."""
    value = found[0][2:-1]
    return f"={value}" if value.isdigit() else "="


def _digits(text: str) -> int:
    return min(int(text[:12]), _LONGEST_WAIT_S) if text.isascii() and text.isdigit() else 0


def _all(headers: Mapping[str, str], name: str) -> str:
    """Join the lines of a header that may come in several (RFC 9110 §5.3)."""
    lines = getattr(headers, "getall", None)
    return ", ".join(lines(name, ())) if lines else headers.get(name, "")


def _between(start: datetime | None, end: datetime) -> int:
    """Count the seconds from one moment to another, at most a year; none backwards."""
    if start is None:
        return 0
    return max(min(round((end - start).total_seconds()), _LONGEST_WAIT_S), 0)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
