"""A list of whatever kind: what it is, is found out."""

import codecs
from typing import Final

from aggregator.domain.exchange import ReadList
from aggregator.errors import InvalidInputError
from aggregator.subscriptions.lists import addresses, bookmarks, opml
from aggregator.translations import N_

MOST_BYTES: Final = 5_000_000
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(content: bytes) -> ReadList:
    """Read OPML, bookmarks of a browser, or the addresses of any text.

    Raises:
        InvalidInputError: it is too large, or cannot be read; the sentence says why.
    """
    if len(content) > MOST_BYTES:
        raise InvalidInputError(
            N_("This list is larger than %(most)s MB: is it a list of addresses?"),
            most=MOST_BYTES // 1_000_000,
        )
    text = _text(content)
    head = text.lstrip("\ufeff \r\n\t")[:1]
    if (
        head == "<"
        and bookmarks.looks_like_bookmarks(text)
        and "<opml" not in text[:2_000].lower()
    ):
        return bookmarks.read(text)
    if head == "<" and opml.looks_like_opml(text.encode()):
        return opml.read(content if not content.startswith(_UTF16) else _plain_xml(text))
    return addresses.read(text)


def _text(content: bytes) -> str:
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _plain_xml(text: str) -> bytes:
    """Give XML as UTF-8, without a first line that calls it something else."""
    begin = text.find("?>") + 2 if text.lstrip("\ufeff").startswith("<?xml") else 0
    return text[begin:].encode()
