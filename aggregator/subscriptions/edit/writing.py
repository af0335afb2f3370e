"""Values as YAML that the owner of feeds.yaml could have typed: block style, few quotes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from aggregator.subscriptions.shape.words import ALL_KEYS
from aggregator.subscriptions.text.document import Document, look_over
from aggregator.subscriptions.text.encoding import INVISIBLE
from aggregator.subscriptions.text.remarks import remarks, suspicious_lines
from aggregator.subscriptions.text.slips import find_slips, quoted

Tree = str | int | bool | Sequence[Any] | Mapping[str, Any]
"""What can be written: a text, a number, a truth, or lists and maps of these."""

STEP: Final = 2
_ENDS: Final = re.compile(r"[\t\n\r\x85\u2028\u2029 ]+")
_SURELY_PLAIN: Final = re.compile(
    r"https?://[\w./?%&=+~;:@-]*[\w/=-]|(?!true$|false$|null$)[^\W\d_](?:[\w ]*\w)?", re.IGNORECASE
)


def clean(tree: Tree) -> Tree:
    """Make every text of a tree one line without invisible letters: what will be read again."""
    if isinstance(tree, str):
        return _ENDS.sub(" ", INVISIBLE.sub(" ", tree)).strip()
    if isinstance(tree, Mapping):
        return {key: clean(value) for key, value in tree.items()}
    if isinstance(tree, Sequence):
        return [clean(value) for value in tree]
    return tree


def scalar(value: Tree) -> str:
    """Write a single value; a text gets quotes exactly where our reader needs them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _is_plain(value) else quoted(value)
    return str(value)


def map_lines(values: Mapping[str, Tree], indent: int, *, dash: int) -> Iterator[str]:
    """Write a map; `dash` is how far the dashes of a list stand from its key."""
    lead = " " * indent
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield f"{lead}{key}:"
            yield from map_lines(value, indent + STEP, dash=dash)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield f"{lead}{key}:"
            for item in value:
                yield from item_lines(item, indent + dash, dash=dash)
        else:
            yield f"{lead}{key}: {scalar(value)}"


def item_lines(value: Tree, indent: int, *, dash: int, gap: int = 1) -> Iterator[str]:
    """Write an item of a list whose dashes stand at `indent`, `gap` spaces before the text."""
    lead, space = " " * indent, " " * gap
    if not isinstance(value, Mapping):
        yield f"{lead}-{space}{scalar(value)}"
        return
    inner = indent + 1 + gap
    first, *others = map_lines(value, inner, dash=dash)
    yield f"{lead}-{space}{first[inner:]}"
    yield from others


def _is_plain(text: str) -> bool:
    """Ask our own reader whether a text without quotes is read as it is, and without remark."""
    if _SURELY_PLAIN.fullmatch(text):
        return True
    document = Document(f"name: {text}\ntags:\n  - {text}\n")
    return (
        document.value == {"name": text, "tags": [text]}
        and not look_over(document)
        and not any(remarks(document))
        and not find_slips(document.lines, suspicious_lines(document, ALL_KEYS), ALL_KEYS)
    )
