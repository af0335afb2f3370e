"""The sentence that WordPress puts before an answer in its feeds, such as "In reply to X.".

It is a line of its own: a few words in the language of the blog, a link to a comment of the
same page with the name of who wrote that, a full stop (get_comment_text). People write such
lines too: what is taken out of their words must be known for the sentence.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Final

from aggregator.ingest.raw import RawText
from aggregator.ingest.sanitise import plain_line

_FIRST: Final = 2_000
"""Characters in which the sentence must have ended."""

_SENTENCE: Final = re.compile(
    r"""\s*(?:<p\b[^<>]*>\s*)?(?P<before>[^<>]{0,60})
    <a\s[^<>]*?\bhref\s*=\s*["']?(?P<href>[^"'\s<>]*\#comment-(?P<number>\d+))["']?[^<>]*>
    (?P<name>[^<>]*)</a>(?P<after>[^<>\n]{0,60}?)[ \t]*(?:</p>|<br\s*/?>|\n|\Z)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_STOPS: Final = (".", "。", "।")
_PHRASES: Final = frozenset(
    {
        ("in reply to", "."),
        ("in response to", "."),
        ("en réponse à", "."),
        ("als antwort auf", "."),
        ("antwort auf", "."),
        ("en respuesta a", "."),
        ("in risposta a", "."),
        ("em resposta a", "."),
        ("em resposta à", "."),
        ("en resposta a", "."),
        ("in antwoord op", "."),
        ("als reactie op", "."),
        ("w odpowiedzi na", "."),
        ("в ответ на", "."),
        ("у відповідь на", "."),  # noqa: RUF001 - Ukrainian
        ("som svar på", "."),
        ("som svar til", "."),
        ("som svar till", "."),
        ("v odpovědi na", "."),
        ("", "への返信。"),
        ("", "への返信として。"),
        ("回复", "。"),
        ("回覆", "。"),
        ("", "님에게 답글."),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Such a line: the comment that it names, what that is called, and the words around."""

    number: str
    href: str
    name: str
    around: tuple[str, str]
    end: int


def sentence(said: str) -> Sentence | None:
    """Find the line that may be the sentence, at the beginning of what was said."""
    found = _SENTENCE.match(said, 0, _FIRST)
    if found is None:
        return None
    before, after = plain_line(unescape(found["before"])), plain_line(unescape(found["after"]))
    if not after.endswith(_STOPS) or not (before or len(after) > 1):
        return None
    return Sentence(
        number=found["number"],
        href=unescape(found["href"]),
        name=plain_line(unescape(found["name"])),
        around=(before.casefold(), after.casefold()),
        end=found.end(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a document tells of its sentences: who wrote its comments, by number, and the words."""

    names: Mapping[str, str]
    phrases: frozenset[tuple[str, str]]

    def names_parent(self, line: Sentence) -> bool:
        """Tell whether a line names what is answered; so may one whose words are not known."""
        said_so = line.around in self.phrases
        return said_so or line.number not in self.names or self.names[line.number] == line.name


def learn(names: Mapping[str, str], lines: Iterable[Sentence | None]) -> Known:
    """Learn the words of the sentence from a document, in whatever language it is.

    A line that names right who wrote what it links to is the sentence.
    """
    right = {
        line.around for line in lines if line and line.name and names.get(line.number) == line.name
    }
    return Known(names=names, phrases=_PHRASES | right)


def without(text: RawText) -> RawText:
    """Take the sentence out."""
    line = sentence(text.value)
    if line is None:
        return text
    head = text.value[: line.end]
    # where the sentence shares its paragraph with what was said
    opened = "<p>" if head.lstrip()[:2] == "<p" and "</p>" not in head else ""
    return RawText(value=opened + text.value[line.end :], markup=text.markup, base=text.base)
