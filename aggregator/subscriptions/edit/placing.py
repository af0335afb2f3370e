"""Where in a text a change is spliced in, and what is left of the lines that go."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from aggregator.subscriptions.edit.changes import Append, Change, Put
from aggregator.subscriptions.edit.splices import Splice
from aggregator.subscriptions.edit.writing import STEP, Tree, item_lines, map_lines, scalar
from aggregator.subscriptions.text.document import Document
from aggregator.subscriptions.text.positions import Node


class UnplacedError(Exception):
    """A change does not fit into the text as it is written, at an offset."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def placed(document: Document, change: Change) -> Iterator[Splice]:
    """Give the splices that bring a change about.

    Raises:
        UnplacedError: the place is in brackets, holds an anchor, or runs over several lines.
    """
    lines = _Text(document)
    if change.at and change.at not in document.spots:
        parent, key = change.at[:-1], change.at[-1]
        new = change.items if isinstance(change, Append) else _kept(change.values)
        yield from _put(lines, Put(at=parent, values={str(key): new} if new else {}))
    elif isinstance(change, Append):
        yield from _append(lines, change)
    else:
        yield from _put(lines, change)


class _Text:
    """A document by its lines: where each piece ends, and how its lists are indented."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.dash = next(
            (
                max(self.column(spot.node.start) - self.column(spot.key.start), 0)
                for spot in document.spots.values()
                if spot.key and spot.node.kind == "list" and spot.node.items and not spot.node.flow
            ),
            STEP,
        )

    def column(self, offset: int) -> int:
        return offset - self.line_start(offset)

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found

    def end(self, node: Node, key: Node | None = None) -> int:
        """Give the offset after the last letter of a node; after the colon of an empty one."""
        while not node.flow and (node.items or node.pairs):
            key, node = node.pairs[-1] if node.pairs else (None, node.items[-1])
        if node.start < node.end:
            return node.start + len(self.text[node.start : node.end].rstrip())
        if key is None:
            raise UnplacedError(node.start)
        # the reader places what is not there at whatever comes next
        return self.text.index(":", key.end) + 1

    def below(self, end: int, indent: int) -> int:
        """Go on over the comments that stand directly below, deeper than `indent`."""
        at = self.line_end(end)
        while at < len(self.text):
            line = self.text[at + 1 : self.line_end(at + 1)]
            if not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) <= indent:
                break
            at = self.line_end(at + 1)
        return at


def _kept(values: Mapping[str, Tree | None]) -> dict[str, Tree]:
    return {key: value for key, value in values.items() if value is not None}


def _inserted(at: int, lines: Iterator[str]) -> Splice:
    return Splice(start=at, end=at, new="".join(f"\n{line}" for line in lines))


def _append(text: _Text, change: Append) -> Iterator[Splice]:
    spot = text.document.spots[change.at]
    node, key = spot.node, spot.key
    if node.odd or key is None or not (node.kind == "list" or node.empty):
        raise UnplacedError(spot.start)
    if node.flow and node.items:
        raise UnplacedError(node.start)
    if node.empty or node.flow:
        colon, end = text.text.index(":", key.end) + 1, text.end(node, key)
        if "\n" in text.text[colon:end]:
            raise UnplacedError(node.start)
        if end > colon:
            yield Splice(start=colon, end=end, new="")
        indent = text.column(key.start) + text.dash
        yield _inserted(text.line_end(end), _items(change.items, indent, dash=text.dash))
        return
    last, indent = node.items[-1], text.column(node.start)
    gap = text.column(last.start) - indent - 1
    lines = _items(change.items, indent, dash=text.dash, gap=max(gap, 1))
    yield _inserted(text.below(text.end(node), indent), _spaced(lines, _is_airy(text, node)))


def _items(items: Sequence[Tree], indent: int, *, dash: int, gap: int = 1) -> Iterator[str]:
    for item in items:
        yield from item_lines(item, indent, dash=dash, gap=gap)


def _is_airy(text: _Text, node: Node) -> bool:
    """Tell whether the owner leaves a blank line between any two items."""
    between = [text.text[text.end(one) : other.start] for one, other in pairwise(node.items)]
    return bool(between) and all("\n\n" in blank.replace(" ", "") for blank in between)


def _spaced(lines: Iterator[str], airy: bool) -> Iterator[str]:  # noqa: FBT001 - private
    for line in lines:
        if airy and line.lstrip().startswith("- "):
            yield ""
        yield line


def _put(text: _Text, change: Put) -> Iterator[Splice]:
    node = text.document.root if not change.at else text.document.spots[change.at].node
    if node is None:
        yield _at_end(text, _kept(change.values), fresh=True)
    elif node.odd or node.flow or node.kind == "list":
        raise UnplacedError(node.start)
    elif node.kind == "text":
        yield from _put_into_text(text, change, node)
    else:
        yield from _put_into_map(text, change, node)


def _put_into_text(text: _Text, change: Put, node: Node) -> Iterator[Splice]:
    """Make a map of an address that stands alone, or of a key that has no value yet."""
    key = text.document.spots[change.at].key
    if key is not None and node.empty:
        indent = text.column(key.start) + STEP
        lines = map_lines(_kept(change.values), indent, dash=text.dash)
        yield _inserted(text.line_end(text.end(node, key)), lines)
    elif key is None and "\n" not in text.text[node.start : node.end]:
        if [*change.values] == ["url"]:  # another address stands alone as this one did
            yield Splice(start=node.start, end=node.end, new=scalar(change.values["url"] or ""))
            return
        yield Splice(start=node.start, end=node.start, new="url: ")
        lines = map_lines(_kept(change.values), text.column(node.start), dash=text.dash)
        yield _inserted(text.line_end(node.end), lines)
    else:
        raise UnplacedError(node.start)


def _put_into_map(text: _Text, change: Put, node: Node) -> Iterator[Splice]:
    pairs = {key.text: (key, value) for key, value in node.pairs}
    for name, value in change.values.items():
        if name in pairs:
            yield from _change_pair(text, change, *pairs[name], value)
    new = {key: value for key, value in _kept(change.values).items() if key not in pairs}
    if not new:
        return
    if not change.at:
        yield _at_end(text, new)
        return
    stay = [pair for pair in node.pairs if change.values.get(pair[0].text, "") is not None]
    if not stay:
        raise UnplacedError(node.start)
    last_key, last = stay[-1]
    lines = map_lines(new, text.column(node.pairs[0][0].start), dash=text.dash)
    yield _inserted(text.line_end(text.end(last, last_key)), lines)


def _at_end(text: _Text, values: Mapping[str, Tree], *, fresh: bool = False) -> Splice:
    """Put sections after all there is, with a blank line between where others have one."""
    written = "\n".join(map_lines(values, 0, dash=text.dash))
    body = text.text.rstrip("\n ")
    at = len(body)
    if not body.strip():
        return Splice(start=len(text.text), end=len(text.text), new=written + "\n")
    airy = fresh or "\n\n" in body
    end = "" if at < len(text.text) else "\n" * fresh
    return Splice(start=at, end=at, new=("\n\n" if airy else "\n") + written + end)


def _change_pair(
    text: _Text, change: Put, key: Node, node: Node, value: Tree | None
) -> Iterator[Splice]:
    if value is None:
        yield from _take_away(text, key, node)
    elif isinstance(value, Mapping) and node.kind == "map":
        gone = {inner.text: None for inner, _ in node.pairs if inner.text not in value}
        yield from _put(text, Put(at=(*change.at, key.text), values={**gone, **value}))
    elif isinstance(value, Mapping) and node.empty:
        yield from _put(text, Put(at=(*change.at, key.text), values=value))
    elif isinstance(value, Mapping | list) or node.kind != "text" or node.odd:
        raise UnplacedError(key.start)
    else:
        yield _replaced(text, key, node, scalar(value))


def _replaced(text: _Text, key: Node, node: Node, new: str) -> Splice:
    if node.start == node.end:
        colon = text.end(node, key)
        return Splice(start=colon, end=colon, new=f" {new}")
    if "\n" in text.text[node.start : node.end]:
        raise UnplacedError(node.start)
    return Splice(start=node.start, end=node.end, new=new)


def _take_away(text: _Text, key: Node, node: Node) -> Iterator[Splice]:
    """Take a key away with its value; its comments stay, on lines of their own."""
    start, end = text.line_start(key.start), text.end(node, key)
    if text.text[start : key.start].strip():
        raise UnplacedError(key.start)  # it stands beside a dash
    if any("\n" in text.text[leaf.start : leaf.end] for leaf in leaves(node)):
        raise UnplacedError(node.start)
    ends = [text.text.index(":", key.end) + 1, *(text.end(*pair) for pair in _pairs(node))]
    ends += [leaf.end for leaf in leaves(node) if leaf.start < leaf.end]
    lead = text.text[start : key.start]
    kept: list[str] = []
    for begin in _line_starts(text, start, end):
        finish = text.line_end(begin)
        said = max((at for at in ends if begin <= at <= finish), default=begin)
        if remark := text.text[said:finish].strip():
            kept.append(lead + remark)
    stop = text.line_end(end)
    new = "\n".join(kept)
    if new:
        yield Splice(start=start, end=stop, new=new)
    elif start:
        yield Splice(start=start - 1, end=stop, new="")
    else:
        yield Splice(start=start, end=min(stop + 1, len(text.text)), new="")


def leaves(node: Node) -> Iterator[Node]:
    """Give the single values inside a node; brackets count as one."""
    inner = node.items or [value for _, value in node.pairs]
    if node.flow or not inner:
        yield node
        return
    for one in inner:
        yield from leaves(one)


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    for key, value in () if node.flow else node.pairs:
        yield value, key
        yield from _pairs(value)


def _line_starts(text: _Text, start: int, end: int) -> Iterator[int]:
    while start <= end:
        yield start
        start = text.line_end(start) + 1
