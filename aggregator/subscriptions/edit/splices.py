"""Pieces of new text put into the bytes of a file, all else left byte for byte."""

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Splice:
    r"""`new` in the place of `start` to `end`: offsets of a text whose lines end in `\n`."""

    start: int
    end: int
    new: str


def applied(content: bytes, splices: Iterable[Splice]) -> bytes:
    """Put splices into a file of UTF-8; new lines end as its first one does.

    Of two at one place the first given comes first. They do not overlap.
    """
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    text = content[len(mark) :].decode("utf-8")
    places = _places(text)
    end = _line_end(text)
    pieces, done = [], 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        start = places[splice.start] if places else splice.start
        pieces += [text[done:start], splice.new.replace("\n", end)]
        done = places[splice.end] if places else splice.end
    return mark + "".join([*pieces, text[done:]]).encode()


def _places(text: str) -> Sequence[int] | None:
    r"""Tell where each letter of the text with plain ends stands; None if the ends are plain."""
    if "\r" not in text:
        return None
    places = [
        at
        for at, letter in enumerate(text)
        if not (letter == "\n" and at > 0 and text[at - 1] == "\r")
    ]
    return [*places, len(text)]


def _line_end(text: str) -> str:
    at = min((at for sign in "\r\n" if (at := text.find(sign)) >= 0), default=-1)
    if at < 0 or text[at] == "\n":
        return "\n"
    return "\r\n" if text.startswith("\r\n", at) else "\r"
