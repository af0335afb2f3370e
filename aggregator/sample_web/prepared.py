"""What is prepared of the sample web: its sites with their texts, not yet dated."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from aggregator.resources import packaged
from aggregator.sample_web.typography import html, spaced

TEXTS: Final = packaged("sample_web/texts")
PLACE: Final = "http://sample.invalid"
"""Where every text and document is written to stand; the server puts its address there."""

SITES: Final = (
    "cwm",
    "philippe-b",
    "nadia",
    "el-annuaire",
    "atelier",
    "erick",
    "harbour-notes",
    "magalie",
    "courant-alternatif",
    "nouvelle-adresse",
    "escargot",
    "sans-date",
    "demenage",
    "fermee",
    "potager",
)
"""In the order in which they publish."""

_SPAN: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentText:
    """A comment as prepared: `after` its article; `answers` is the place, from 1, of another.

    `after` is None for what is still to be written. `author_url` is said only where it is not
    the home of the site whose author has that name. A pingback is signed by a page.
    """

    author: str
    author_url: str | None = None
    html: str
    after: timedelta | None = None
    answers: int | None = None
    pingback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """An article as prepared: `ago` before the web opens, None where it is still to come.

    `golden` is the one article whose weekday and hours are those of the golden case.
    """

    slug: str
    title: str
    html: str
    ago: timedelta | None = None
    golden: bool = False
    language: str
    categories: tuple[str, ...] = ()
    sound: str | None = None
    comments: tuple[CommentText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site of the sample web: how it writes its feed, how it behaves, what it has to say.

    `format` names a writer of `documents.WRITERS`. Paths are relative to the site;
    `article_path` and `comments_path` have the places `{slug}` and `{number}`.
    """

    slug: str
    name: str
    tagline: str
    author: str
    language: str
    format: str
    feed: str
    article_path: str
    comments_path: str | None
    all_comments: str | None
    behaviour: str
    moved_to: str | None
    articles: tuple[ArticleText, ...]
    later_articles: tuple[ArticleText, ...]
    later_comments: tuple[CommentText, ...]

    @property
    def home(self) -> str:
        """The address of its first page."""
        return f"{PLACE}/{self.slug}/"


def read_sites() -> tuple[Site, ...]:
    """Read every site that is bundled."""
    return tuple(_site(slug) for slug in SITES)


def span(text: str) -> timedelta:
    """Read a time between: `2d4h`, `8h37`, `3h`, or minutes alone."""
    days, hours, minutes = (int(part or 0) for part in _matched(text).groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _matched(text: str) -> re.Match[str]:
    if (found := _SPAN.fullmatch(text)) is None:
        raise ValueError(text)
    return found


def _site(slug: str) -> Site:
    written = tomllib.loads((TEXTS / "sites" / f"{slug}.toml").read_text(encoding="utf-8"))
    language = written["language"]
    return Site(
        slug=slug,
        name=spaced(written["name"], language),
        tagline=spaced(written["tagline"], language),
        author=written["author"],
        language=language,
        format=written.get("format", "plain"),
        feed=written["feed"],
        article_path=written.get("article_path", "{slug}.html"),
        comments_path=written.get("comments_path"),
        all_comments=written.get("all_comments"),
        behaviour=written.get("behaviour", "steady"),
        moved_to=written.get("moved_to"),
        articles=tuple(_article(one, language) for one in written.get("articles", ())),
        later_articles=tuple(_article(one, language) for one in written.get("later", ())),
        later_comments=tuple(_comment(one, language) for one in written.get("later_comments", ())),
    )


def _article(written: Mapping[str, Any], site_language: str) -> ArticleText:
    language = written.get("language", site_language)
    return ArticleText(
        slug=written["slug"],
        title=spaced(written["title"], language),
        html=html(written["text"], language),
        ago=span(written["ago"]) if "ago" in written else None,
        golden=written.get("golden", False),
        language=language,
        categories=tuple(written.get("categories", ())),
        sound=written.get("sound"),
        comments=tuple(_comment(one, language) for one in written.get("comments", ())),
    )


def _comment(written: Mapping[str, Any], language: str) -> CommentText:
    return CommentText(
        author=written["author"],
        author_url=written.get("author_url"),
        html=html(written["text"], language),
        after=span(written["after"]) if "after" in written else None,
        answers=written.get("answers"),
        pingback=written.get("pingback", False),
    )
