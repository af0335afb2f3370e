"""Read XML feeds with feedparser: the one module that knows it.

feedparser is given bytes in memory only, never a text that could be a path or an address; it
neither cleans nor resolves nor dates anything for us. A well-formed document goes through its
strict parser along a shorter way than `feedparser.parse` takes: the document is UTF-8 already,
expat is asked without xml.sax between, and what is done for every element is done faster. What
comes out is the same, which a test holds over the corpus; all others take the long way.
"""

import base64
import binascii
import contextlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Final
from xml.parsers import expat

import feedparser
from feedparser import api, mixin
from feedparser.util import FeedParserDict

from aggregator.ingest.xml_parts import inner, parts_of

Element = dict[str, Any]

VERSION: Final = str(feedparser.__version__)
_HEADERS: Final = {
    # a base that resolves nothing; with none at all, the xml:base of one entry stays for the next
    "content-location": "about:blank",
    "content-type": "application/xml; charset=utf-8",
}
_XHTML: Final = "application/xhtml+xml"
_DRAWN: Final = {
    "math": "http://www.w3.org/1998/Math/MathML",
    "svg": "http://www.w3.org/2000/svg",
}
_C1: Final = re.compile("[\x80-\x9f]")
_AMPERSAND: Final = re.compile("&([A-Za-z0-9_]+);")
_USERLAND: Final = "backend.userland.com/rss"

# pure, and asked at every tag for the same base
mixin.make_safe_absolute_uri = lru_cache(maxsize=256)(mixin.make_safe_absolute_uri)
# copied there are only dictionaries of texts
mixin.copy = SimpleNamespace(deepcopy=FeedParserDict)
# feedparser would resolve ids too, so that they would change with the address of the feed
mixin._FeedParserMixin.can_be_relative_uri -= {"id"}  # noqa: SLF001 - it has no setting
# nor are its dates used (see `dates`): the first handler that answers saves the work of nine
feedparser.registerDateHandler(lambda _text: (1970, 1, 1, 0, 0, 0, 3, 1, 0))

_RENAMED: Final = frozenset(
    {*FeedParserDict.keymap, "category", "enclosures", "license", "updated", "updated_parsed"}
)
_get, _contains = FeedParserDict.get, FeedParserDict.__contains__


def _get_quickly(told: Element, key: str, default: object = None) -> Any:
    return _get(told, key, default) if key in _RENAMED else dict.get(told, key, default)


def _contains_quickly(told: Element, key: str) -> Any:
    return _contains(told, key) if key in _RENAMED else dict.__contains__(told, key)


FeedParserDict.get = _get_quickly
FeedParserDict.__contains__ = _contains_quickly


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What feedparser made of a document.

    `trouble` is what it stumbled over. `context` is all that what came before the first entry
    may add to what an entry becomes; None where it stumbled, where there is no entry, or where
    an entry left something behind for the ones after it.
    """

    version: str
    feed: Element
    entries: Sequence[Element]
    namespaces: dict[str, str]
    trouble: str | None = None
    context: str | None = None


def parse_xml(document: bytes) -> Parsed:
    """Parse a document that is UTF-8 and says so.

    Raises:
        Exception: whatever feedparser trips over.
    """
    if b"<!DOCTYPE" not in document and b"<!ENTITY" not in document:
        try:
            return _parse_strictly(document)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001, S110 - the long way tells what it is worth
            pass
    parsed = feedparser.parse(
        io.BytesIO(document),
        response_headers=_HEADERS,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    trouble = parsed.get("bozo_exception")
    return Parsed(
        version=parsed.get("version") or "",
        feed=parsed.get("feed", {}),
        entries=parsed.get("entries", []),
        namespaces=parsed.get("namespaces", {}),
        trouble=str(trouble) if trouble else None,
    )


def _parse_strictly(document: bytes) -> Parsed:
    reader = _Reader()
    parser = expat.ParserCreate(None, " ")
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.buffer_size = 65_536
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.handle_data
    parser.StartNamespaceDeclHandler = reader.startPrefixMapping
    parser.Parse(document, True)
    return Parsed(
        version=reader.version,
        feed=reader.feeddata,
        entries=reader.entries,
        namespaces=reader.namespaces_in_use,
        context=reader.context if reader.is_even else None,
    )


class _Reader(api.StrictFeedParser):  # type: ignore[misc]
    """feedparser's strict parser, asked by expat itself."""

    resolve_relative_uris = False
    sanitize_html = False

    def __init__(self) -> None:
        super().__init__(_HEADERS["content-location"], None, "utf-8")
        self._tags: dict[str, str] = {}
        self._before: tuple[object, ...] = ()
        self._height = 0
        self.context: str | None = None
        self.is_even = True

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a start tag; names are "namespace local prefix", or less of it."""
        given: Element = self.decls
        self.decls: Element = {}
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tag(name)
            namespace, local, _ = parts_of(name)
            if _DRAWN.get(local.lower()) == namespace:
                given["xmlns"] = namespace
        if attributes:
            written = {}
            for attribute, value in attributes.items():
                namespace, local, prefix = parts_of(attribute)
                known = self._matchnamespaces.get(namespace.lower(), "")
                given[(f"{known}:{local}" if known else local).lower()] = value
                written[(f"{prefix}:{local}" if prefix else local).lower()] = value
            given.update(written)
        self.unknown_starttag(tag, list(given.items()))

    def end(self, name: str) -> None:
        """Take an end tag."""
        self.unknown_endtag(self._tags.get(name) or self._tag(name))

    def _tag(self, name: str) -> str:
        namespace, local, _ = parts_of(name)
        wanted = namespace.lower()
        if _USERLAND in wanted:
            namespace = wanted = f"http://{_USERLAND}"
        prefix = self._matchnamespaces.get(wanted)
        if prefix is not None:  # always the same: of others it depends on what was declared
            tag = self._tags[name] = (f"{prefix}:{local}" if prefix else local).lower()
            return tag
        for declared, value in self.namespaces_in_use.items():
            if declared and value == namespace:
                return f"{declared}:{local}".lower()
        return local.lower()

    def _start_item(self, attributes: Element) -> None:
        self._before, self._height = self._state(), len(self.elementstack)
        if self.context is None:
            known = self.feeddata
            declared = (
                sorted(self.namespaces_in_use.items()),
                sorted((prefix or "", meant) for prefix, meant in self.namespacemap.items()),
            )
            self.context = repr(
                (self._before, self.version, declared, "image" in known, "textinput" in known)
            )
        super()._start_item(attributes)

    _start_entry = _start_item

    def _end_item(self) -> None:
        super()._end_item()
        # what stays on the stack lies below the `item` of the next entry, which reaches no deeper
        left = {one[0] for one in self.elementstack[self._height :]}
        if self._before != self._state() or not left <= {"item", "content"}:
            self.is_even = False

    _end_entry = _end_item

    def _state(self) -> tuple[object, ...]:
        """Give all that one element may leave behind for others."""
        return (
            *(self.infeed, self.inentry, self.incontent, self.intextinput, self.inimage),
            *(self.inauthor, self.incontributor, self.inpublisher, self.insource, self.svgOK),
            *(self.baseuri, self.lang, self.depth, self._summaryKey, self.hasContent),
            *(len(self.basestack), len(self.langstack), len(self.contentparams)),
            *(len(self.sourcedata), len(self.decls)),
        )

    def pop(self, element: str, strip_whitespace: int = 1) -> str | None:
        """Take what an element held and put it in its place, as feedparser does."""
        if not self.elementstack or self.elementstack[-1][0] != element:
            return None
        _, expecting_text, pieces = self.elementstack.pop()
        kind = self.contentparams.get("type")
        if kind == _XHTML and self.version == "atom10":
            pieces = inner(pieces)
        output = "".join(pieces)
        if strip_whitespace:
            output = output.strip()
        if not expecting_text:
            return output
        output = self._meant(element, output)
        is_tag = element in {"category", "tags", "itunes_keywords"}
        if not is_tag and not (element == "title" and -1 < self.title_depth <= self.depth):
            self._keep(element, output)
        return output

    def _meant(self, element: str, output: str) -> str:
        """Read what was written: base64, an address, markup that is not declared, windows-1252."""
        params = self.contentparams
        if params.get("base64"):
            with contextlib.suppress(binascii.Error, UnicodeDecodeError):
                output = base64.decodebytes(output.encode()).decode()
        if output and element in self.can_be_relative_uri:
            output = self.resolve_uri(output)
        is_plain = params.get("type") == "text/plain" and not self.version.startswith("atom")
        if is_plain and self.looks_like_html(output):
            params["type"] = "text/html"
        params.pop("mode", None)
        params.pop("base64", None)
        if output.isascii():
            return output
        with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
            output = output.encode("iso-8859-1").decode()
        # most texts have nothing that would be replaced, and translating looks up each letter
        return output.translate(mixin._cp1252) if _C1.search(output) else output  # noqa: SLF001

    def _keep(self, element: str, output: str) -> None:
        if self.inentry and not self.insource:
            self._keep_of_entry(self.entries[-1], element, output)
        elif self.infeed or self.insource:
            told = self._get_context()
            element = "subtitle" if element == "description" else element
            told[element] = output
            if element == "link":
                told["link"] = output = _AMPERSAND.sub(r"&\g<1>", output)
                told["links"][-1]["href"] = output
            elif self.incontent:
                told[f"{element}_detail"] = self._detailed(output)

    def _keep_of_entry(self, entry: Element, element: str, output: str) -> None:
        if element == "content":
            entry.setdefault("content", [])
            entry["content"].append(self._detailed(output))
        elif element == "link":
            if not self.inimage:
                # what stands behind & in a query is no name of a character
                output = _AMPERSAND.sub(r"&\g<1>", output.replace("&amp;", "&"))
                entry["link"] = output
                if output:
                    entry["links"][-1]["href"] = output
        else:
            element = "summary" if element == "description" else element
            depths = self.property_depth_map.setdefault(entry, {})
            depth = depths.get(element)
            if depth is None or self.depth <= depth:
                depths[element] = self.depth
                entry[element] = output
            if self.incontent:
                entry[f"{element}_detail"] = self._detailed(output)

    def _detailed(self, output: str) -> Element:
        detail: Element = FeedParserDict(self.contentparams)
        detail["value"] = output
        return detail
