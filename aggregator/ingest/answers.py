"""What is asked of a server, and what its status and headers say, as plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from aggregator.errors import FetchError

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
LONGEST_VALIDATOR: Final = 8000  # with its name it must pass the 8190 bytes servers bear
_OWN_CODES: Final = frozenset({401, 403, 404, 410, 429})
_LONGEST_WAIT_S: Final = 366 * 86400
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """What to ask for: an address, and the validators that came with what is stored of it.

    `url` may hold a name and a password; they are sent to its origin only. `validated_url`
    is the address that gave the validators where that was another one (`Fetched.url`): they
    are sent to its origin only. `max_bytes` bounds the body more narrowly than usual.
    `found_at` is the address whose document named this one, where no person wrote it: a
    public host cannot lead to a private one, by a link as little as by a redirect.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    validated_url: str | None = None
    max_bytes: int | None = None
    found_at: str | None = None


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
    as it came over the wire.
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


def refusal(status: int, headers: Mapping[str, str], now: datetime) -> FetchError:
    """Say what a status other than 200, 304 and a redirect means."""
    if status in _OWN_CODES:
        code = f"http-{status}"
    else:
        code = "http-error" if status >= 400 else "unexpected-answer"
    return FetchError(
        code, http_status=status, retry_after_s=retry_after_s(headers, now), status=status
    )


def retry_after_s(headers: Mapping[str, str], now: datetime) -> int | None:
    """Read Retry-After (RFC 9110 §10.2.3) in seconds; None where there is none that helps.

    A moment is counted from the server's own Date, for its clock may be wrong.
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:12]), _LONGEST_WAIT_S)
    until = _moment(value)
    if until is None:
        return None
    wait_s = round((until - (_moment(headers.get("Date", "")) or now)).total_seconds())
    return min(wait_s, _LONGEST_WAIT_S) if wait_s > 0 else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
