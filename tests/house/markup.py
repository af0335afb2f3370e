"""Templates as their elements, for the house rules: Jinja is blanked out, HTML is parsed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"})

# The block `on` says to the frame, not to people, which screen is open.
_JINJA_HIDDEN = re.compile(
    r"""\{\#.*?\#\}
    | \{%-?\ trans\b.*?\{%-?\ endtrans\ -?%\}
    | \{%-?\ block\ on\ -?%\}\w+\{%-?\ endblock\ -?%\}
    """,
    re.DOTALL | re.VERBOSE,
)
_JINJA_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_JINJA_STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Element:
    """A tag of a template; `inside` are the tags around it, `words` its own text."""

    tag: str
    line: int
    attributes: Mapping[str, str]
    inside: tuple["Element", ...]
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its source and its elements, those of every branch and of the first ones."""

    name: str
    source: str
    elements: tuple[Element, ...]
    first_branches: tuple[Element, ...]

    @property
    def is_part(self) -> bool:
        return self.name.rpartition("/")[2].startswith("_")


def read_template(name: str, source: str) -> Template:
    """Parse a template: every branch of it, and the first branches alone."""
    plain = _JINJA_HIDDEN.sub(_blank, source)
    plain = _JINJA_VALUE.sub(_blank_out, plain)
    every = _JINJA_STATEMENT.sub(_blank, plain)
    return Template(name, source, elements_of(every), elements_of(first_branches(plain)))


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _blank_out(found: re.Match[str]) -> str:
    """Leave a mark that is no letter where a value is written."""
    return "•" + _blank(found)


def first_branches(source: str) -> str:
    """Keep the first branch of each if and the body of each loop, without the statements."""
    kept: list[str] = []
    open_blocks: list[bool] = []
    for piece in re.split(f"({_JINJA_STATEMENT.pattern})", source, flags=re.DOTALL):
        statement = re.match(r"\{%[-+]?\s*(\w+)", piece)
        word = statement[1] if statement else ""
        if word in {"if", "for"}:
            open_blocks.append(True)
        elif word in {"elif", "else"}:
            open_blocks[-1] = False
        elif word in {"endif", "endfor"}:
            open_blocks.pop()
        if not statement and all(open_blocks):
            kept.append(piece)
    return "".join(kept)


def elements_of(html: str) -> tuple[Element, ...]:
    """Parse HTML whose Jinja marks are blanked out; the first element holds the outer text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.elements)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        outside = Element("", 1, {}, ())
        self.elements, self._open = [outside], [outside]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, self.getpos()[0], attributes, tuple(self._open[1:]))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while any(element.tag == tag for element in self._open[1:]):
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].words.append(data)
