"""YAML with the place of each value: the one module that knows ruamel.yaml.

The text is composed from the reader's events, so that nothing is ever built from a tag, no
alias is followed, and depth is bounded while reading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from aggregator.subscriptions.text.findings import Path

DEEPEST: Final = 20
_SPELLINGS: Final = ("true", "True", "TRUE", "false", "False", "FALSE")
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {word: word.lower() == "true" for word in _SPELLINGS}
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,17}")

_Opening = AliasEvent | ScalarEvent | MappingStartEvent | SequenceStartEvent
Kind = Literal["map", "list", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A piece of YAML from `start` to `end` of the text (offsets).

    `pairs` are a map's keys and values, `items` a list's; `text` is a scalar's, `plain` if it
    stands without quotes; `flow` says that a map or list is written in brackets; `odd` that
    an anchor, an alias or a tag is involved.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    plain: bool = False
    flow: bool = False
    odd: bool = False
    pairs: "tuple[tuple[Node, Node], ...]" = ()
    items: "tuple[Node, ...]" = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is written here, or a null."""
        return self.kind == "text" and self.plain and self.text in _NULLS

    def value(self) -> Any:
        """Give the value as Python has it; of two equal keys the first counts.

        A number stays a text where writing it again would not give the same letters.
        """
        if self.kind == "map":
            values: dict[str, Any] = {}
            for key, value in self.pairs:
                values.setdefault(key.text, value.value())
            return values
        if self.kind == "list":
            return [item.value() for item in self.items]
        if self.empty:
            return None
        if self.plain and self.text in _BOOLEANS:
            return _BOOLEANS[self.text]
        if self.plain and _WHOLE.fullmatch(self.text):
            return int(self.text)
        return self.text

    def walk(self, path: Path = ()) -> "Iterator[tuple[Path, Node | None, Node]]":
        """Go through all there is: the path, the key where there is one, and the node."""
        for key, value in self.pairs:
            yield (*path, key.text), key, value
            yield from value.walk((*path, key.text))
        for index, item in enumerate(self.items):
            yield (*path, index), None, item
            yield from item.walk((*path, index))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Where, and in the reader's own words why, a text is no YAML.

    `since` is where the piece began that could not be finished.
    """

    offset: int
    since: int
    why: str


def compose(text: str) -> Node | Unreadable | None:
    """Read a text as one YAML document; None where it holds nothing but comments."""
    reader = YAML(typ="safe", pure=True)
    try:
        return _document(reader.parse(text), text)
    except _TooMuchError as error:
        return Unreadable(offset=error.offset, since=error.offset, why=error.why)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = min(mark.index, len(text)) if mark else 0
        since = error.context_mark.index if error.context_mark else at
        return Unreadable(offset=at, since=min(since, len(text)), why=str(error.problem))
    except (YAMLError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        # ruamel.yaml lets a few of its own slips through, such as "\U99999999"
        return Unreadable(offset=0, since=0, why=str(error))


class _TooMuchError(Exception):
    """The document is deeper or longer than any list of sources."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(why)
        self.offset = offset
        self.why = why


def _document(events: Iterator[Event], text: str) -> Node | None:
    root: Node | None = None
    documents = 0
    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _TooMuchError(event.start_mark.index, "second document")
        elif isinstance(event, _Opening):
            root = _node(event, events, text, 1)
    return None if root is not None and root.empty and root.start == root.end else root


def _node(event: _Opening, events: Iterator[Event], text: str, depth: int) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    if depth > DEEPEST:
        raise _TooMuchError(start, "too deep")
    if isinstance(event, AliasEvent):
        return Node(kind="text", start=start, end=end, text=text[start:end], odd=True)
    odd = bool(event.anchor or event.tag)
    if isinstance(event, ScalarEvent):
        return Node(
            kind="text", start=start, end=end, text=event.value, odd=odd, plain=not event.style
        )
    children = list(_children(events, text, depth))
    ended = children.pop().end
    flow = bool(event.flow_style)
    if not flow and children:
        ended = children[-1].end
    if isinstance(event, SequenceStartEvent):
        items = tuple(children)
        return Node(kind="list", start=start, end=ended, items=items, flow=flow, odd=odd)
    pairs = tuple(zip(children[::2], children[1::2], strict=True))
    return Node(kind="map", start=start, end=ended, pairs=pairs, flow=flow, odd=odd)


def _children(events: Iterator[Event], text: str, depth: int) -> Iterator[Node]:
    """Give the nodes up to the end of a map or list, and last a blank one where it ends."""
    for event in events:
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            end = event.end_mark.index
            yield Node(kind="text", start=end, end=end)
            return
        if isinstance(event, _Opening):
            yield _node(event, events, text, depth + 1)
