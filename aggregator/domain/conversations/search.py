"""Searching comments: what one typed, taken apart, and what was found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from aggregator.domain.conversations.comments import CommentId, Kind, Mine, State, ThreadId
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId

_FILTER: Final = re.compile(
    r"""(?<!\S)(?P<name>label|étiquette|etiquette|is|est):(?:"(?P<quoted>[^"]*)"|(?P<word>\S+))""",
    re.IGNORECASE,
)
_LABELS: Final = frozenset({"label", "étiquette", "etiquette"})


class Trait(StrEnum):
    """What a comment can be, asked for by `is:`."""

    KEPT = "kept"
    WAITING = "waiting"


_TRAITS: Final[Mapping[str, Trait]] = {
    **dict.fromkeys(("kept", "gardé", "garde"), Trait.KEPT),
    **dict.fromkeys(("waiting", "répondre", "repondre"), Trait.WAITING),
}
"""What is typed after `is:` or `est:`, in either language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What one typed: the words, and what is asked of comments beside them."""

    words: str
    labels: tuple[str, ...] = ()
    traits: frozenset[Trait] = frozenset()

    @property
    def of_comments(self) -> bool:
        """Tell whether only comments can be meant: entries carry no label and do not wait."""
        return bool(self.labels or self.traits)


def read_search(typed: str) -> Search:
    """Take `label:name`, `is:kept` and `is:waiting` out of what was typed, in French too.

    A label of several words stands in quotes. What is none of these stays a word.
    """
    labels: list[str] = []
    traits: set[Trait] = set()

    def take(found: re.Match[str]) -> str:
        value = found["quoted"] if found["quoted"] is not None else found["word"]
        if found["name"].casefold() in _LABELS:
            labels.append(value.strip())
            return ""
        trait = _TRAITS.get(value.casefold())
        if trait is None:
            return found[0]
        traits.add(trait)
        return ""

    words = _FILTER.sub(take, typed)
    return Search(
        words=words.strip(),
        labels=tuple(label for label in labels if label),
        traits=frozenset(traits),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundComment:
    """A comment that was found; `title` and `thread_url` are its article's.

    `snippet` is pieces of its text as (words, is_match), in order.
    """

    id: CommentId
    key: str
    kind: Kind
    thread_id: ThreadId
    entry_id: EntryId | None
    source_id: SourceId
    source_url: str
    source_name: str
    source_icon: str | None
    thread_url: str | None
    title: str
    url: str | None
    author: str
    author_url: str | None
    published_at: datetime
    mine: Mine | None
    state: State
    starred: bool
    snippet: tuple[tuple[str, bool], ...]
