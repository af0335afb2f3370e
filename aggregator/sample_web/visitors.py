"""What visitors leave under the articles: in memory, and gone when the web closes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from threading import Lock
from typing import Final
from urllib.parse import urlsplit

from aggregator.sample_web.timeline import Article, Comment
from aggregator.sample_web.typography import html

MAX_FORM_BYTES: Final = 16_384
MAX_NAME: Final = 80
MAX_ADDRESS: Final = 200
MAX_TEXT: Final = 4_000
_MAX_KEPT: Final = 200
_FIRST_NUMBER: Final = 500
"""Of a visitor's comment under an article: above what is prepared, below the next article's."""

_NOT_OF_XML: Final = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK: Final = re.compile(r"\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)»]")


@dataclass(slots=True)
class VisitorsBook:
    """The comments that visitors have left, by site and number of the article."""

    _kept: dict[tuple[str, int], list[Comment]] = field(default_factory=dict)
    _count: int = 0
    _lock: Lock = field(default_factory=Lock)

    def under(self, site: str, article: int) -> tuple[Comment, ...]:
        """List what was left under an article, in the order of writing."""
        with self._lock:
            return tuple(self._kept.get((site, article), ()))

    def leave(
        self, site: str, article: Article, said: Mapping[str, str], *, language: str, now: datetime
    ) -> Comment | None:
        """Keep what a form says: `author`, `url`, `text`, `parent`; None if it cannot be.

        Without a name or a text nothing is kept, nor when the book is full. A site that is
        no address of the web is left out, and so is a parent that is not there.
        """
        author = " ".join(_typed(said, "author").split())[:MAX_NAME]
        text = _typed(said, "text").replace("\r\n", "\n").strip()[:MAX_TEXT]
        there = {str(one.number): one.number for one in article.comments if not one.pingback}
        with self._lock:
            if not author or not text or self._count >= _MAX_KEPT:
                return None
            self._count += 1
            comment = Comment(
                # one counter for all: a number never says two comments
                number=article.number * 1000 + _FIRST_NUMBER + self._count,
                author=author,
                author_url=_site(_typed(said, "url").strip()[:MAX_ADDRESS]),
                written_at=now.replace(microsecond=0),
                html=_written(text, language),
                parent=there.get(_typed(said, "parent")),
                pingback=False,
            )
            self._kept.setdefault((site, article.number), []).append(comment)
        return comment


def _typed(said: Mapping[str, str], name: str) -> str:
    """Take a field without the characters that no feed can hold (XML 1.0 §2.2)."""
    return _NOT_OF_XML.sub("", said.get(name, ""))


def _site(address: str) -> str | None:
    """Take the address of a visitor's site, if it is one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    good = parts.scheme in {"http", "https"} and parts.netloc and not re.search(r"\s", address)
    return address if good else None


def _written(text: str, language: str) -> str:
    """Make HTML of what was typed: paragraphs, line breaks and addresses, nothing else."""
    blocks = (
        _LINK.sub(lambda found: f'<a href="{found[0]}" rel="nofollow">{found[0]}</a>', block)
        for block in re.split(r"\n\s*\n", escape(text, quote=False))
    )
    return html("\n\n".join(block.strip().replace("\n", "<br/>") for block in blocks), language)
