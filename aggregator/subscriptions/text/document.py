"""A YAML text as a whole: each value found by its path, each path by its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aggregator.subscriptions.text.findings import Finding, Lines, Path, shown
from aggregator.subscriptions.text.positions import Node, Unreadable, compose
from aggregator.subscriptions.text.slips import QUOTES
from aggregator.translations import N_

LIST_OF_SOURCES: Final = "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a path leads: to a node, and to its key unless it is an item of a list."""

    key: Node | None
    node: Node

    @property
    def start(self) -> int:
        """The offset of the key, or of the node that has none."""
        return self.node.start if self.key is None else self.key.start


class Document:
    """A text, its lines and what YAML makes of it; `fault` is set where it makes nothing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        read = compose(text)
        self.fault: Unreadable | None = read if isinstance(read, Unreadable) else None
        self.root: Node | None = read if isinstance(read, Node) else None
        self.spots: Mapping[Path, Spot] = _spots(self.root)

    @property
    def value(self) -> Any:
        """The whole as Python values; None for an empty or unreadable text."""
        return None if self.root is None else self.root.value()

    def nearest(self, path: Path) -> Path:
        """Give the longest beginning of a path that exists here."""
        while path and path not in self.spots:
            path = path[:-1]
        return path

    def node(self, path: Path) -> Node | None:
        """Give the node at a path, or at the longest beginning of it that exists."""
        spot = self.spots.get(self.nearest(path))
        return self.root if spot is None else spot.node

    def written(self, node: Node) -> str:
        """Give a node's letters as they stand in the text."""
        return self.text[node.start : node.end]

    def line_with(self, node: Node, new: str) -> str | None:
        """Give the node's line with `new` in its place; None if it takes several lines."""
        if "\n" in self.written(node):
            return None
        number = self.lines.number(node.start)
        line, begin = self.lines[number], self.lines.start(number)
        return line[: node.start - begin] + new + line[node.end - begin :]

    def about(self, path: Path) -> str | None:
        """Name the source that a path lies in: its name, else its address."""
        at = next((i for i in range(len(path) - 1, -1, -1) if path[i] == LIST_OF_SOURCES), None)
        if at is None or len(path) < at + 2:
            return None
        source = path[: at + 2]
        for named in ((*source, "name"), (*source, "url"), source):
            spot = self.spots.get(named)
            if spot and spot.node.kind == "text" and not spot.node.empty:
                return shown(spot.node.text)
        return None

    def path_at(self, number: int, column: int) -> Path:
        """Give the path of what stands nearest before a place of a line, or first on it."""
        begin = self.lines.start(number)
        end = begin + len(self.lines[number])
        here = [(spot.start, path) for path, spot in self.spots.items() if _on(spot, begin, end)]
        before = [pair for pair in here if pair[0] <= begin + column - 1]
        chosen = max(before, default=None, key=_by_place) or min(here, default=None, key=_by_place)
        return chosen[1] if chosen else ()


def _on(spot: Spot, begin: int, end: int) -> bool:
    return begin <= spot.start <= end


def _by_place(pair: tuple[int, Path]) -> tuple[int, int]:
    return pair[0], len(pair[1])


def _spots(root: Node | None) -> Mapping[Path, Spot]:
    spots: dict[Path, Spot] = {}
    for path, key, node in root.walk() if root else ():
        spots.setdefault(path, Spot(key=key, node=node))
    return spots


def look_over(document: Document) -> list[Finding]:
    """Find what YAML accepts and a list of sources does not: keys twice, anchors, tags."""
    found: list[Finding] = []
    seen: dict[Path, Node] = {}
    for path, key, node in document.root.walk() if document.root else ():
        if key is not None and (odd := _key_finding(document, path, key, seen)):
            found.append(odd)
        if node.odd:
            text = document.written(node)
            found.append(
                Finding(
                    offset=node.start,
                    message=QUOTES,
                    path=path,
                    params={"sign": text[:1]},
                    about=document.about(path),
                )
            )
    return found


def _key_finding(
    document: Document, path: Path, key: Node, seen: dict[Path, Node]
) -> Finding | None:
    if key.kind != "text" or key.odd:
        return Finding(
            offset=key.start,
            message=N_("a word is expected before the colon"),
            path=path[:-1],
            about=document.about(path),
        )
    first = seen.setdefault(path, key)
    if first is key:
        return None
    return Finding(
        offset=key.start,
        message=N_("'%(key)s' stands here twice, first on line %(line)s: keep one of them"),
        path=path,
        params={"key": shown(key.text), "line": document.lines.number(first.start)},
        about=document.about(path),
    )
