"""What a comment's own words say that it answers: a link, a name at its beginning, a quotation."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final, Protocol

from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.conversations.names import words
from aggregator.domain.conversations.parentage.addresses import Addressed, Addresses

_AT: Final = re.compile(r"\s*[@\uff20]\s?(.{1,200})")
_MOST_NAME_WORDS: Final = 8
_LEAST_NICKNAME: Final = 3

_LINK: Final = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
_TAG: Final = re.compile(r"<[^>]*>")
_BLOCKQUOTE: Final = re.compile(r"<blockquote\b[^>]*>(.*?)</blockquote>", re.DOTALL)
_MARKED: Final = re.compile(r"^[ \t]*>(.+)$", re.MULTILINE)
_MARKS: Final = re.compile(r"«([^«»]+)»|“([^“”]+)”")
_LEAST_QUOTED: Final = 4
"""Words: fewer are said by chance."""

_MOST_LOOKED_AT: Final = 50
"""Comments with the same few words that are looked at for one quotation."""


class Said(Addressed, Protocol):
    """What was said, as far as its words tell what it answers."""

    @property
    def author(self) -> str:
        """Who signed it."""

    @property
    def text(self) -> str:
        """The words."""

    @property
    def html(self) -> str:
        """The same, sanitised."""


class Callings:
    """Who is called by `@name` at the beginning of a comment, among those of a thread.

    By the whole name, spaces or none; by its first word where only one person has it.
    """

    def __init__(self, authors: Iterable[str]) -> None:
        self._names: set[str] = set()
        self._nicknames: defaultdict[str, set[str]] = defaultdict(set)
        for author in set(authors):
            spelt = words(author)
            name = "".join(spelt)
            if name:
                self._names.add(name)
                self._nicknames[spelt[0]].add(name)

    def called(self, text: str) -> str | None:
        """Give the name, squeezed, of whom a text calls, None if it calls nobody known."""
        found = _AT.match(text)
        if found is None:
            return None
        spelt = words(found[1])[:_MOST_NAME_WORDS]
        for length in range(len(spelt), 0, -1):
            if (name := "".join(spelt[:length])) in self._names:
                return name
        if not spelt or len(spelt[0]) < _LEAST_NICKNAME:
            return None
        bearers = self._nicknames.get(spelt[0], set())
        return next(iter(bearers)) if len(bearers) == 1 else None


def linked(comment: Said, addresses: Addresses) -> CommentId | None:
    """Find the first other comment that a comment links to."""
    if "<a" not in comment.html:
        return None
    for found in _LINK.finditer(comment.html):
        target = addresses.named(unescape(found[1]))
        if target is not None and target != comment.id:
            return target
    return None


def quoted(ordered: Sequence[Said]) -> dict[CommentId, CommentId]:
    """Tell which comments quote which earlier one: four words of it, or more.

    `ordered` are the comments of a thread, oldest first. What two comments quote alike, of
    the article or of a third, makes neither the parent of the other.
    """
    quotations = {comment.id: found for comment in ordered if (found := _quotations(comment))}
    if not quotations:
        return {}
    sayings = _sayings(
        ordered, {_beginning(one) for found in quotations.values() for one in found}
    )
    answers: dict[CommentId, CommentId] = {}
    for place, comment in enumerate(ordered):
        for quotation in quotations.get(comment.id, ()):
            target = _source(quotation, sayings, place)
            if target is not None:
                answers.setdefault(comment.id, target)
    return answers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    """A comment's own words, joined by spaces, and its place among the others."""

    comment_id: CommentId
    place: int
    words: str


def _source(
    quotation: Sequence[str], sayings: Mapping[tuple[str, ...], Sequence[_Saying]], before: int
) -> CommentId | None:
    """Find the first who said what is quoted, among those before a place."""
    sought = f" {' '.join(quotation)} "
    for saying in sayings.get(_beginning(quotation), ())[:_MOST_LOOKED_AT]:
        if saying.place < before and sought in saying.words:
            return saying.comment_id
    return None


def _beginning(quotation: Sequence[str]) -> tuple[str, ...]:
    return tuple(quotation[:_LEAST_QUOTED])


def _sayings(
    ordered: Iterable[Said], beginnings: Collection[tuple[str, ...]]
) -> dict[tuple[str, ...], list[_Saying]]:
    """Find the comments in which the beginnings of quotations are said, oldest first."""
    first_words = {beginning[0] for beginning in beginnings}
    sayings: defaultdict[tuple[str, ...], list[_Saying]] = defaultdict(list)
    for place, comment in enumerate(ordered):
        said = words(_own_words(comment))
        met = {
            beginning
            for start, word in enumerate(said)
            if word in first_words
            and (beginning := tuple(said[start : start + _LEAST_QUOTED])) in beginnings
        }
        if met:
            saying = _Saying(comment_id=comment.id, place=place, words=f" {' '.join(said)} ")
            for beginning in met:
                sayings[beginning].append(saying)
    return sayings


def _quotations(comment: Said) -> list[list[str]]:
    """Give the quotations of a comment as words, those long enough not to be chance."""
    found = [_TAG.sub(" ", block) for block in _BLOCKQUOTE.findall(comment.html)]
    if ">" in comment.text:
        found += _MARKED.findall(comment.text)
    if "«" in comment.text or "“" in comment.text:
        found += [french or english for french, english in _MARKS.findall(comment.text)]
    spelt = [words(unescape(quotation)) for quotation in found]
    return [quotation for quotation in spelt if len(quotation) >= _LEAST_QUOTED]


def _own_words(comment: Said) -> str:
    text = comment.text
    if "<blockquote" in comment.html:
        text = unescape(_TAG.sub(" ", _BLOCKQUOTE.sub(" ", comment.html)))
    return _MARKS.sub(" ", _MARKED.sub(" ", text))
