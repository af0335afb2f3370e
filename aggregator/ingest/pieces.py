"""The pieces of an XML feed, so that those known already need not be read again.

A document is cut at its `<item>` or `<entry>` elements. Of those that the last document had
too only their keys are told; the others are read within their frame, what stands before the
first piece and after the last. This must give what reading the whole document gives, so it is
done only where nothing that a piece becomes depends on the others:

- the last document was read whole or so in turn, by the same program, without a remark, and
  told as many entries as it had pieces (`Reading`, kept with its entries);
- no entry left anything behind in the parser, and what the frame says is as it was: format,
  language, authors, base, namespaces (`context`);
- between pieces stand blanks and comments only, no DOCTYPE stands before them, and all
  declarations of namespaces in them agree;
- each entry is called by what it says itself: no two of the document have the same guid, nor,
  where one has none, the same link, nor the same key.
"""

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.metadata import version as distribution_version
from itertools import pairwise
from typing import Final

from aggregator.domain.identity import Naming, canonical_link, keys
from aggregator.domain.items import Item, Reading
from aggregator.ingest.feedparsing import VERSION as FEEDPARSER
from aggregator.ingest.normalise import MOST_ITEMS
from aggregator.ingest.raw import RawEntry, RawFeed
from aggregator.ingest.sanitise import RULES_VERSION

RULES: Final = 1
"""To be raised with every change of `parse` or `normalise` that makes an entry another one."""

_NAMES: Final = rb"(?:[\w.-]{1,100}:)?(?:item|entry)"
_TOKEN: Final = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
    rb"|<(?P<end>/?)(?P<name>" + _NAMES + rb")(?=[\s/>])"
    rb"""(?:[^<>"'/]|/(?!>)|"[^"<]*"|'[^'<]*')*+(?P<empty>/?)>""",
    re.DOTALL,
)
_BETWEEN: Final = re.compile(rb"(?>\s+|<!--.*?-->)*+", re.DOTALL)
_DECLARED: Final = re.compile(rb"""xmlns(?::([\w.-]+))?\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_DIGEST: Final = 16
_PIECE: Final = struct.Struct(f">{_DIGEST}s8s?H")
_NO_LINK: Final = bytes(8)


@cache
def version() -> int:
    """Give the version of all that makes entries of pieces."""
    written = f"{RULES} {RULES_VERSION} {FEEDPARSER} {distribution_version('nh3')}"
    return zlib.crc32(written.encode()) & 0x7FFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece that was read: its digest and the key it got, which is its guid if `by_guid`.

    `link` is a digest of its address where some entry of its document had no guid.
    """

    digest: bytes
    key: str
    by_guid: bool
    link: bytes = _NO_LINK


@dataclass(frozen=True, slots=True)
class Cut:
    """A document cut into pieces: the first byte of each, and the one behind its last."""

    text: bytes
    places: Sequence[tuple[int, int]]
    digests: Sequence[bytes]

    def only(self, wanted: Iterable[int]) -> bytes:
        """Write the document with these pieces alone."""
        kept = [self.text[begin:end] for begin, end in map(self.places.__getitem__, wanted)]
        return b"\n".join((self.text[: self.places[0][0]], *kept, self.text[self.places[-1][1] :]))

    @property
    def frame(self) -> bytes:
        """The document without any piece."""
        return self.only(())


def cut(text: bytes) -> Cut | None:
    """Cut a document into its pieces; None where that cannot be done safely."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        return None
    places = _places(text)
    if not places or len(places) > MOST_ITEMS or not _agree(text, places[0][0]):
        return None
    for (_, end), (begin, _) in pairwise(places):
        gap = _BETWEEN.match(text, end, begin)
        if gap is None or gap.end() != begin:
            return None
    return Cut(text, places, [_digest(text[begin:end]) for begin, end in places])


def _places(text: bytes) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    name, depth, begin = None, 0, 0
    for token in _TOKEN.finditer(text):
        found = token["name"]
        if found is None or found != (name := name or found):
            if found is not None and not depth:
                return []  # entries of two names
            continue
        if token["end"]:
            depth -= 1
        elif not token["empty"]:
            begin = begin if depth else token.start()
            depth += 1
            continue
        elif not depth:
            begin = token.start()
        if depth < 0:
            return []
        if depth == 0:
            places.append((begin, token.end()))
    return places if depth == 0 else []


def _agree(text: bytes, first: int) -> bool:
    """Tell whether what pieces declare of namespaces means the same in all of the document."""
    if text.find(b"xmlns", first) < 0:
        return True
    inside = {_declaration(found) for found in _DECLARED.finditer(text, first)}
    everywhere = inside | {_declaration(found) for found in _DECLARED.finditer(text, 0, first)}
    prefixes = Counter(prefix for prefix, _ in everywhere if prefix)
    uris = Counter(uri for _, uri in everywhere)
    return all(uris[uri] == 1 and prefixes[prefix] <= 1 for prefix, uri in inside)


def _declaration(found: re.Match[bytes]) -> tuple[bytes, bytes]:
    return found[1] or b"", found[2] or found[3] or b""


def context_of(feed: RawFeed, url: str) -> bytes | None:
    """Give a digest of all that an entry takes from its document; None where that is unknown."""
    if feed.context is None or feed.remarks:
        return None
    return _digest(
        repr((url, feed.format, feed.language, feed.authors, feed.context)).encode(
            "utf-8", "surrogatepass"
        )
    )


def named(
    digests: Sequence[bytes], entries: Sequence[RawEntry], items: Sequence[Item]
) -> list[Piece] | None:
    """Describe pieces by what they were read to.

    None where one is called otherwise than it would be if it stood alone.
    """
    pieces, by_guid = [], all(entry.guid for entry in entries)
    for digest, entry, item in zip(digests, entries, items, strict=True):
        key, url = item.key, item.url
        if not entry.guid and not url:
            return None
        alone = Naming(guid=entry.guid, url=None if entry.guid else url, title="", date="")
        if keys([alone]) != (key,):
            return None
        link = _NO_LINK
        if url and not by_guid:
            link = _digest(canonical_link(url).encode("utf-8", "surrogatepass"))[: len(_NO_LINK)]
        pieces.append(Piece(digest=digest, key=key, by_guid=bool(entry.guid), link=link))
    return pieces


def are_apart(pieces: Sequence[Piece]) -> bool:
    """Tell whether pieces are called in one document as each would be alone."""
    if len({piece.key for piece in pieces}) < len(pieces):
        return False
    if all(piece.by_guid for piece in pieces):
        return True
    links = Counter(piece.link for piece in pieces)
    if _NO_LINK in links:  # it was not asked for when all had guids
        return False
    return all(piece.by_guid or links[piece.link] == 1 for piece in pieces)


def reading(context: bytes, pieces: Sequence[Piece]) -> Reading:
    """Write down what was read."""
    written = [context]
    for piece in pieces:
        key = piece.key.encode("utf-8", "surrogatepass")
        written += [_PIECE.pack(piece.digest, piece.link, piece.by_guid, len(key)), key]
    return Reading(version=version(), pieces=zlib.compress(b"".join(written), 1))


def known(last: Reading | None) -> tuple[bytes, dict[bytes, Piece]]:
    """Read what was written down: the context, and the pieces by their digest."""
    pieces: dict[bytes, Piece] = {}
    if last is None or last.version != version():
        return b"", pieces
    written = zlib.decompress(last.pieces)
    at = _DIGEST
    while at < len(written):
        digest, link, by_guid, length = _PIECE.unpack_from(written, at)
        at += _PIECE.size + length
        key = written[at - length : at].decode("utf-8", "surrogatepass")
        pieces[digest] = Piece(digest=digest, key=key, by_guid=by_guid, link=link)
    return written[:_DIGEST], pieces


def _digest(what: bytes) -> bytes:
    return blake2b(what, digest_size=_DIGEST).digest()
