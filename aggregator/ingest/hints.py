"""What the head of a feed says of when to come back (RSS 2.0 `ttl`; more to read here)."""

import re
from typing import Final

from aggregator.domain.hints import NO_HINTS, Hints

_TTL: Final = re.compile(rb"<ttl>\s*(\d{1,7})\s*</ttl>", re.IGNORECASE)


def read_hints(text: bytes) -> Hints:
    """Read the hints of an XML feed, in UTF-8."""
    found = _TTL.search(text)
    return Hints(ttl_s=int(found[1]) * 60) if found else NO_HINTS
