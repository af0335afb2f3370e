"""What an entry is called: its key, unique in its document and the same at every poll."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import urldefrag, urlsplit, urlunsplit

LONGEST_KEY: Final = 500
"""Characters; what calls itself by more is called by its hash."""

_PORTS: Final = {"http": 80, "https": 443}
_CANONICAL: Final = re.compile(r"https?://[a-z0-9][a-z0-9.-]*/[^\x00-\x20?#\x7f]*")
_TRACKING: Final = frozenset(
    {
        "at_campaign", "at_medium", "dclid", "fbclid", "gclid", "gclsrc", "igshid", "mc_cid",
        "mc_eid", "mkt_tok", "msclkid", "twclid", "xtor", "yclid", "_hsenc", "_hsmi",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """All that may name an item; `guid` and `date` are as written, never resolved or read."""

    guid: str | None
    url: str | None
    title: str
    date: str


def canonical_link(url: str) -> str:
    """Write an address as one that other spellings of the same share.

    Scheme and host in small letters; the default port, the fragment and the parameters that
    only tell where a reader came from are dropped. What is no address is given back.
    """
    if _CANONICAL.fullmatch(url):  # most are, and taking them apart is slow
        return url
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if not parts.hostname:
        return url
    user, at, _ = parts.netloc.rpartition("@")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = user + at + host
    if port is not None and port != _PORTS.get(parts.scheme):
        netloc += f":{port}"
    query = parts.query
    if query:
        query = "&".join(pair for pair in query.split("&") if not _tracks(pair))
    return urlunsplit((parts.scheme, netloc, parts.path or "/", query, ""))


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKING


def keys(items: Sequence[Naming]) -> tuple[str, ...]:
    """Name every item of one document, in its order.

    The guid if it is there and no other item has it, else the canonical link, else a hash
    of title and date. Nothing is folded: a second item of the same key gets `#2`.
    """
    guids = Counter(item.guid for item in items)
    by_guid = all(item.guid and guids[item.guid] == 1 for item in items)
    links = Counter(canonical_link(item.url) for item in items if item.url and not by_guid)
    given: Counter[str] = Counter()
    named: set[str] = set()
    result = []
    for item in items:
        wished = _short(_key(item, guids, links))
        key = wished
        while key in named:
            given[wished] += 1
            key = f"{wished}#{given[wished] + 1}"
        named.add(key)
        result.append(key)
    return tuple(result)


def _key(item: Naming, guids: Counter[str | None], links: Counter[str]) -> str:
    if item.guid and guids[item.guid] == 1:
        return item.guid
    if item.url:
        link = canonical_link(item.url)
        fragment = urldefrag(item.url).fragment
        # comments of one post differ by their fragment alone
        return f"{link}#{fragment}" if fragment and links[link] > 1 else link
    return _hash(f"{item.title}\n{item.date}")


def _short(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else _hash(key)


def _hash(text: str) -> str:
    return "sha256:" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
