"""What is wrong with the values of feeds.yaml, in words, beside the line that was meant."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

from aggregator.subscriptions.shape import meant
from aggregator.subscriptions.shape.model import ANY, MAPS
from aggregator.subscriptions.shape.sources import Part
from aggregator.subscriptions.shape.words import VALUES, did_you_mean
from aggregator.subscriptions.text.document import Document
from aggregator.subscriptions.text.findings import Finding, Path
from aggregator.subscriptions.text.positions import Node
from aggregator.subscriptions.text.slips import HASH, NO_DASH, QUOTES, quoted
from aggregator.translations import N_

SENTENCES: Final[Mapping[str, str]] = {
    "address": N_("an address begins with https:// or http:// and has no space in it"),
    "comments": N_("auto, off or the address of a comment feed is expected"),
    "email": N_("an e-mail address is expected, such as cwm@example.org"),
    "duration": N_("a duration is a number with s, m, h or d, such as 15m, 1h or 2d"),
    "time": N_("a time of day is written in quotes, as hours and minutes"),
    "date": N_("a day is written year-month-day, such as 2026-11-01"),
    "timezone": N_("this time zone is unknown; Europe/Paris is one"),
    "version": N_("this Veille reads version 1 of feeds.yaml only"),
    "nothing": N_("nothing stands after this dash: write an address, or delete the dash"),
    "no-address": N_("this source has no address: add a line such as `url: https://…`"),
    "two-addresses": N_("a source has either 'url' or 'bridge': delete one of them"),
    "bridge-without-name": N_("a source that comes from a bridge needs a 'name'"),
    "params-without-bridge": N_("'params' is for a bridge, and this source has none: delete it"),
    "missing": N_("'%(key)s' is missing here"),
    "string_type": N_("a text is expected"),
    "string_too_short": N_("this text is empty"),
    "string_too_long": N_("this text is longer than %(max_length)s characters"),
    "bool_type": N_("true or false is expected, without quotes"),
    "int_type": N_("a whole number is expected, without quotes"),
    "greater_than_equal": N_("the number must be at least %(ge)s"),
    "less_than_equal": N_("the number must be at most %(le)s"),
    "literal_error": N_("one of these is expected: %(choices)s"),
    "tuple_type": N_("a list is expected"),
    "too_short": N_("at least one is needed here"),
    "dict_type": N_("names with values below them are expected"),
    "model_type": N_("keys with values are expected here, such as %(keys)s"),
}
_UNFORESEEN: Final = N_("this value cannot be used")
_UNKNOWN_LIKE: Final = N_("unknown; did you mean '%(name)s'?")
_UNKNOWN: Final = N_("unknown; known here are: %(names)s")
_COMMA: Final = N_("inside braces a comma ends the text, unless it stands in quotes")
_A_SOURCE: Final = N_("an address is expected after the dash, or keys such as name and url")
_DASHES: Final = N_("a list is expected: each item begins with a dash and a space")
_NO_SOURCES: Final = N_("a line `sources:` is missing above the addresses")
_COLON: Final = N_("a text is expected: quotes are needed, because of the colon in it")


def finding_of(error: ErrorDetails, document: Document) -> Finding:
    """Say what a rule of the model refused, at its place in the text."""
    written = tuple(error["loc"])
    path = document.nearest(written)
    code = error["type"]
    if code == "extra_forbidden":
        return _unknown(path, document)
    node = document.node(path)
    message, line = SENTENCES.get(code, _UNFORESEEN), None
    if node is not None:
        message, line = _SPECIAL.get(code, _plain)(code, error, path, document)
    params: dict[str, str | int] = {
        key: value for key, value in error.get("ctx", {}).items() if isinstance(value, str | int)
    }
    if code == "missing":
        params["key"] = str(written[-1])
    if code == "literal_error":
        params["choices"] = ", ".join(_choices(error))
    if code == "model_type":
        params["keys"] = ", ".join(_keys(path)[:3])
    return Finding(
        offset=node.start if node else 0,
        message=message,
        path=path,
        params={"sign": document.written(node)[:1] if node else "", **params},
        meant=line,
        about=document.about(path),
    )


_Said = tuple[str, str | None]
"""The sentence, and the line that was meant."""


def _plain(code: str, error: ErrorDetails, path: Path, document: Document) -> _Said:
    """Offer the value that was meant, where it can be guessed."""
    node = document.node(path)
    value, guess = error["input"], meant.VALUES.get(code)
    new = guess(value) if guess else None
    if code in {"bool_type", "literal_error", "comments"} and new is None:
        choices = _choices(error) or (("auto", "off") if code == "comments" else ("true", "false"))
        new = did_you_mean(str(value), choices, VALUES)
    if code in {"int_type", "version"}:
        new = str(value) if isinstance(value, str) and value.isdecimal() else None
    return SENTENCES.get(code, _UNFORESEEN), _with(document, node, new)


def _text(_: str, error: ErrorDetails, path: Path, document: Document) -> _Said:
    """Tell why something that is no text stands where one belongs."""
    node = document.node(path)
    if node is None:
        return SENTENCES["string_type"], None
    if error["input"] is None:
        return _blank(document, node, path)
    if isinstance(error["input"], bool) and path[-1] == "comments":
        return _plain("comments", error, path, document)
    if node.kind == "map" and not node.flow:
        return _COLON, _with(document, node, quoted(document.written(node)))
    if isinstance(error["input"], dict | list):
        return QUOTES, _with(document, node, quoted(document.written(node)))
    return SENTENCES["string_type"], _with(document, node, quoted(document.written(node)))


def _blank(document: Document, node: Node, path: Path) -> _Said:
    """Tell an item that is empty from one that became a comment."""
    number = document.lines.number(node.start)
    line = document.lines[number]
    head, sign, rest = line.partition("#")
    if not sign or not head.rstrip().endswith(("-", "[", ",")):
        return SENTENCES["nothing" if isinstance(path[-1], int) else "string_too_short"], None
    return HASH, head + quoted(sign + rest) if head.rstrip().endswith("-") else None


def _nothing(_: str, __: ErrorDetails, path: Path, document: Document) -> _Said:
    node = document.node(path)
    return _blank(document, node, path) if node else (SENTENCES["nothing"], None)


def _list(code: str, error: ErrorDetails, path: Path, document: Document) -> _Said:
    """Tell what stands where a list belongs: a text, or keys without their dash."""
    node, value = document.node(path), error["input"]
    of_maps = path[-1] in {"sources", "pages", "watches"}
    if node is None or not of_maps:
        return _plain(code, error, path, document)
    line = document.lines[document.lines.number(node.start)].lstrip(" ")
    if node.kind == "text" and path[-1] == "sources":
        return NO_DASH, "- " + str(value).split()[0] if str(value).split() else None
    if node.kind == "text":
        return _DASHES, f"- name: {document.written(node)}"
    return _DASHES, f"- {line}" if not node.flow else None


def _map(code: str, error: ErrorDetails, path: Path, document: Document) -> _Said:
    """Tell what stands where keys and values belong."""
    node, value = document.node(path), error["input"]
    if not path:
        return _NO_SOURCES, "sources:"
    if path[-2:-1] == ("sources",):
        return _A_SOURCE, None
    if path[-2:-1] == ("pages",) and isinstance(value, str | int) and node:
        return SENTENCES[code], _with(document, node, f"name: {document.written(node)}")
    if path[-1] == "retired" and (day := meant.date(value)) and node:
        return SENTENCES[code], f"since: {day}"
    return SENTENCES[code], None


_SPECIAL: Final[Mapping[str, Callable[[str, ErrorDetails, Path, Document], _Said]]] = {
    "string_type": _text,
    "nothing": _nothing,
    "tuple_type": _list,
    "model_type": _map,
}


def _unknown(path: Path, document: Document) -> Finding:
    """Tell an unknown key, and the known one that is near."""
    spot = document.spots.get(path)
    offset = spot.start if spot else 0
    if (cut := _cut_by_comma(path, document)) is not None:
        return cut
    names = _keys(path[:-1])
    near = did_you_mean(str(path[-1]), names) if path else None
    if near:
        return Finding(offset=offset, message=_UNKNOWN_LIKE, path=path, params={"name": near})
    return Finding(
        offset=offset,
        message=_UNKNOWN,
        path=path,
        params={"names": ", ".join(names)},
        about=document.about(path[:-1]),
    )


def _cut_by_comma(path: Path, document: Document) -> Finding | None:
    """Find the text of which a comma inside braces made an empty key."""
    parent = document.node(path[:-1]) if len(path) > 1 else document.root
    if parent is None or parent.kind != "map" or not parent.flow:
        return None
    for (_, before), (key, value) in zip(parent.pairs, parent.pairs[1:], strict=False):
        cut = key.text == path[-1] and value.empty and value.start == value.end
        if cut and before.kind == "text" and not before.empty:
            whole = Node(kind="text", start=before.start, end=key.end)
            new = quoted(document.written(whole))
            return Finding(
                offset=before.start,
                message=_COMMA,
                path=path[:-1],
                meant=_with(document, whole, new),
                about=document.about(path),
            )
    return None


def _with(document: Document, node: Node | None, new: str | None) -> str | None:
    """Give the node's line with another value; None where that is no line of its own."""
    if new is None or node is None:
        return None
    return document.line_with(node, new)


def _keys(path: Path) -> list[str]:
    """List the keys that may stand in the map at a path."""
    part = _part(path)
    return [field.alias or name for name, field in part.model_fields.items()] if part else []


def _part(path: Path) -> type[Part] | None:
    for shape, part in MAPS.items():
        same = len(shape) == len(path)
        if same and all(a in (ANY, b) for a, b in zip(shape, path, strict=True)):
            return part
    return None


def _choices(error: ErrorDetails) -> tuple[str, ...]:
    """Take the fixed values out of pydantic's `'fr' or 'en'`."""
    expected: Any = error.get("ctx", {}).get("expected", "")
    return (
        tuple(str(expected).replace(" or ", ", ").replace("'", "").split(", ")) if expected else ()
    )
