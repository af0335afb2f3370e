"""robots.txt (RFC 9309): where a site has one, what it says to Veille, and what silence means."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from protego import Protego

from aggregator.errors import FetchError
from aggregator.ingest.urls import target

PRODUCT: Final = "Veille"
"""The name by which robots.txt speaks to us."""

MOST_BYTES: Final = 500 * 1024
"""RFC 9309 §2.5."""

EVERYTHING_ALLOWED: Final = ""
NOTHING_ALLOWED: Final = "User-agent: *\nDisallow: /\n"

_SAYS_NOTHING: Final = frozenset({"empty", "too-many-redirects"})
_UNASKED: Final = frozenset({"bad-address", "address-refused", "redirect-refused"})
_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """What the robots.txt of an origin says; `lasts` is False where it could not be asked."""

    origin: str
    rules: str
    lasts: bool = True


def origin_of(url: str) -> str:
    """Tell whose robots.txt speaks of an address.

    Raises:
        FetchError: `bad-address`.
    """
    there = target(url)
    return f"{there.scheme}://{there.authority.lower()}"


def place(origin: str) -> str:
    """Tell where an origin has its robots.txt."""
    return f"{origin}/robots.txt"


def read(origin: str, body: bytes) -> RobotsFile:
    """Take the answer for what it says, whatever it is."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff").replace("\0", "")
    return RobotsFile(origin=origin, rules=text)


def without(origin: str, error: FetchError) -> RobotsFile:
    """Say what the lack of an answer means (RFC 9309 §2.3.1).

    A site that says there is none allows everything; one that cannot say, nothing for now.
    """
    if error.code in _UNASKED:
        return RobotsFile(origin=origin, rules=NOTHING_ALLOWED, lasts=False)
    status = error.http_status or 0
    says_nothing = error.code in _SAYS_NOTHING or (400 <= status < 500 and status != _TOO_MANY)
    return RobotsFile(origin=origin, rules=EVERYTHING_ALLOWED if says_nothing else NOTHING_ALLOWED)


def allows(rules: str, url: str) -> bool:
    """Tell whether the rules let Veille ask for an address."""
    return not rules or _parsed(rules).can_fetch(url, PRODUCT)


@lru_cache(maxsize=32)
def _parsed(rules: str) -> Protego:
    return Protego.parse(rules)
