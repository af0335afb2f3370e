"""Icons of sites: which picture a page announces, and whether what came is one."""

import hashlib
import re
from typing import Final
from urllib.parse import urljoin

from lxml import html

from aggregator.domain.icons import Icon
from aggregator.ingest.normalise import web_address

MOST_BYTES: Final = 50_000
SHOWN_PX: Final = 32
"""The least size that is sharp at 18 px on a fine screen."""

MOST_LINKS: Final = 50
_FALLBACK: Final = "/favicon.ico"
_UNSAID_PX: Final = 48
_TOUCH: Final = frozenset({"apple-touch-icon", "apple-touch-icon-precomposed"})
_SIZE: Final = re.compile(r"(\d{1,4})x\d{1,4}", re.IGNORECASE)
_BEGINNINGS: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "image/png"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"RIFF....WEBPVP8", re.DOTALL), "image/webp"),
    (re.compile(rb"\x00\x00\x01\x00[\x01-\xff]\x00"), "image/x-icon"),
)


def announced(page: html.HtmlElement, base: str) -> str | None:
    """Find the address of the icon that a page announces, the one best shown small.

    An icon in SVG is passed over: it is a document, and may do what documents do.
    """
    found: list[tuple[tuple[int, int], str]] = []
    for link in page.iter("link"):
        relations = frozenset(link.get("rel", "").lower().split())
        is_touch = bool(relations & _TOUCH)
        address = web_address(link.get("href"), base)
        if address is None or not ("icon" in relations or is_touch) or _is_svg(link, address):
            continue
        found.append((_fitness(link.get("sizes", ""), is_touch=is_touch), address))
        if len(found) == MOST_LINKS:
            break
    return min(found)[1] if found else None


def usual(url: str) -> str:
    """Give the address where a site has its icon that announces none."""
    return urljoin(url, _FALLBACK)


def recognised(body: bytes) -> Icon | None:
    """Take a picture for what its first bytes say; None where it is none, or too large."""
    if not 0 < len(body) <= MOST_BYTES:
        return None
    for beginning, media_type in _BEGINNINGS:
        if beginning.match(body):
            digest = hashlib.blake2s(body, digest_size=16).hexdigest()
            return Icon(digest=digest, media_type=media_type, content=body)
    return None


def _is_svg(link: html.HtmlElement, address: str) -> bool:
    path = address.partition("#")[0].partition("?")[0]
    return "svg" in link.get("type", "").lower() or path.lower().endswith((".svg", ".svgz"))


def _fitness(sizes: str, *, is_touch: bool) -> tuple[int, int]:
    """Order by what is best at the size shown: large enough first, then the nearest to it."""
    told = [int(size) for size in _SIZE.findall(sizes[:200])]
    px = min(told, key=lambda size: (size < SHOWN_PX, abs(size - SHOWN_PX)), default=_UNSAID_PX)
    return (2 if is_touch else int(px < SHOWN_PX), abs(px - SHOWN_PX))
