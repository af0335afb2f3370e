"""What has been published at a moment: dates shifted to today, something new every interval."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aggregator.sample_web.prepared import ArticleText, CommentText, Site
from aggregator.sample_web.typography import html, spaced

PARIS: Final = ZoneInfo("Europe/Paris")
_FRIDAY: Final = 4
_FIRST_LATER_NUMBER: Final = 1000
_AGAIN: Final = {
    "fr": (
        "{title} (suite n° {part})",
        "Vos réactions au premier billet m'ont donné envie d'y revenir.",
    ),
    "en": (
        "{title} (part {part})",
        "Your reactions to the first post made me want to come back to it.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment that has been written; `parent` is the number of the one it answers."""

    number: int
    author: str
    author_url: str | None
    written_at: datetime
    html: str
    parent: int | None
    pingback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article that has been published, with its comments in the order of writing."""

    number: int
    slug: str
    title: str
    html: str
    published_at: datetime
    language: str
    categories: tuple[str, ...]
    sound: str | None
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """When everything happens, once it is known when the web opened."""

    sites: tuple[Site, ...]
    started_at: datetime
    interval: timedelta

    def articles(self, site: Site, moment: datetime) -> tuple[Article, ...]:
        """List what `site` has published, the newest first."""
        happened = max(0, (moment - self.started_at) // self.interval)
        added = self._added_comments(site, happened)
        first = [
            self._article(text, number, self._first_at(text), added.get(text.slug, []))
            for number, text in enumerate(reversed(site.articles), start=1)
        ]
        later = [
            self._article(text, _FIRST_LATER_NUMBER + tick, self._tick_at(tick), [])
            for tick, text in self._added_articles(site, happened)
        ]
        return tuple(sorted(first + later, key=lambda article: article.published_at, reverse=True))

    def _tick_at(self, tick: int) -> datetime:
        return self.started_at + tick * self.interval

    def _first_at(self, text: ArticleText) -> datetime:
        if text.golden:
            return golden_friday(self.started_at, _longest(text))
        return self.started_at - (text.ago or timedelta(0))

    def _added_articles(self, site: Site, happened: int) -> list[tuple[int, ArticleText]]:
        """List (tick, text): at each tick one site publishes, in rotation."""
        rotation = [one.slug for one in self.sites if one.later_articles]
        if site.slug not in rotation:
            return []
        ticks = range(rotation.index(site.slug) + 1, happened + 1, len(rotation))
        return [(tick, _nth(site.later_articles, nth)) for nth, tick in enumerate(ticks)]

    def _added_comments(
        self, site: Site, happened: int
    ) -> dict[str, list[tuple[datetime, CommentText]]]:
        """Map articles to what is added under them: at each tick one comment, in rotation.

        Nobody says the same twice under one article: when all is said, nothing more comes.
        """
        rotation = [one.slug for one in self.sites if one.later_comments]
        added: dict[str, list[tuple[datetime, CommentText]]] = {}
        if site.slug not in rotation:
            return added
        texts = site.later_comments
        slugs = [text.slug for text in site.articles if not text.golden]
        ticks = range(rotation.index(site.slug) + 1, happened + 1, len(rotation))
        for nth, tick in enumerate(ticks[: len(texts) * len(slugs)]):
            visit, place = divmod(nth, len(slugs))
            comment = texts[(place + visit) % len(texts)]
            added.setdefault(slugs[place], []).append((self._tick_at(tick), comment))
        return added

    def _article(
        self,
        text: ArticleText,
        number: int,
        at: datetime,
        added: list[tuple[datetime, CommentText]],
    ) -> Article:
        prepared = [(at + (one.after or timedelta(0)), one) for one in text.comments]
        return Article(
            number=number,
            slug=text.slug,
            title=text.title,
            html=text.html,
            published_at=at,
            language=text.language,
            categories=text.categories,
            sound=text.sound,
            comments=tuple(
                self._comment(one, number * 1000, place, when)
                for place, (when, one) in enumerate(prepared + added, start=1)
            ),
        )

    def _comment(self, text: CommentText, offset: int, place: int, at: datetime) -> Comment:
        homes = {site.author: site.home for site in self.sites if site.articles}
        return Comment(
            number=offset + place,
            author=text.author,
            author_url=text.author_url or homes.get(text.author),
            written_at=at,
            html=text.html,
            parent=None if text.answers is None else offset + text.answers,
            pingback=text.pingback,
        )


def golden_friday(started_at: datetime, conversation: timedelta) -> datetime:
    """Find the last Friday, 06:33 in Paris, whose `conversation` was over at `started_at`.

    The comments are placed by time elapsed, so that delays stay exact in a weekend when
    the clocks change.
    """
    local = started_at.astimezone(PARIS)
    back = timedelta(days=(local.weekday() - _FRIDAY) % 7)
    friday = local.replace(hour=6, minute=33, second=0, microsecond=0) - back
    while friday.astimezone(UTC) + conversation > started_at:
        friday -= timedelta(days=7)
    return friday.astimezone(UTC)


def _longest(text: ArticleText) -> timedelta:
    return max((one.after or timedelta(0) for one in text.comments), default=timedelta(0))


def _nth(texts: tuple[ArticleText, ...], nth: int) -> ArticleText:
    """Give the nth text; when all have been given they come again, as sequels."""
    text = texts[nth % len(texts)]
    part = nth // len(texts) + 1
    if part == 1:
        return text
    title, opening = _AGAIN["fr" if text.language == "fr" else "en"]
    return replace(
        text,
        slug=f"{text.slug}-{part}",
        title=spaced(title.format(title=text.title, part=part), text.language),
        html=html(opening, text.language) + "\n" + text.html,
    )
