"""The sample web at a moment: which address gives what."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, unquote

from aggregator.clock import Clock
from aggregator.sample_web import atom, json_feed, media, pages, rss
from aggregator.sample_web.comment_feeds import (
    atom_comments,
    blogger_comments,
    wordpress_comments,
)
from aggregator.sample_web.edition import Edition, newest
from aggregator.sample_web.prepared import PLACE, TEXTS, Site, read_sites
from aggregator.sample_web.timeline import Article, Timeline
from aggregator.sample_web.visitors import VisitorsBook

_RSS: Final = "application/rss+xml"
_ATOM: Final = "application/atom+xml"
_HTML: Final = "text/html"
WRITERS: Final[Mapping[str, tuple[Callable[[Edition], str], str]]] = {
    "overblog": (rss.overblog, _RSS),
    "wordpress": (rss.wordpress, _RSS),
    "plain": (rss.plain_rss, _RSS),
    "undated": (rss.undated, "text/xml"),
    "windows-1252": (rss.windows, _RSS),
    "rdf": (rss.rdf, "application/rdf+xml"),
    "blogger": (atom.blogger, _ATOM),
    "atom": (atom.atom, _ATOM),
    "json": (json_feed.json_feed, "application/feed+json"),
}
_BLOGGER_PAGE: Final = 25
_BLOGGER_MOST: Final = 500
_MADE_HERE: Final = re.compile(r"(pictures|sounds|icons)/([a-z0-9-]{1,40})\.(svg|wav|png)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address gives. Texts still name `PLACE` where the server's address will stand.

    `changed_at` is None for what has no date, and `tagged_by_date` says that the tag is made
    of it and not of the body; `delay_s` is how long the site lets one wait.
    """

    body: str | bytes
    media_type: str = _HTML
    encoding: str = "utf-8"
    status: int = 200
    location: str | None = None
    retry_after_s: int | None = None
    changed_at: datetime | None = None
    tagged_by_date: bool = False
    delay_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleWeb:
    """All its sites, as they stand at the moment that `now` tells.

    Every `interval` after `started_at` one more article is there, and as a rule one more
    comment; what visitors leave stands in `book`. The failing site works again after
    `recovers_after`; the slow one takes `slow_s` to answer.
    """

    now: Clock
    started_at: datetime
    interval: timedelta = timedelta(seconds=20)
    recovers_after: timedelta = timedelta(minutes=2)
    slow_s: float = 3
    sites: tuple[Site, ...] = field(default_factory=read_sites)
    book: VisitorsBook = field(default_factory=VisitorsBook, compare=False)

    def answer(self, target: str) -> Answer:
        """Answer a GET of `target`, the path as the browser sends it."""
        path, query = _taken_apart(target)
        if not path:
            return Answer(body=pages.map_page(self.sites))
        if path == "look.css":
            return Answer(body=(TEXTS / "look.css").read_text("utf-8"), media_type="text/css")
        if made := _MADE_HERE.fullmatch(path):
            return _made(made[1], made[2])
        slug, _, rest = path.partition("/")
        site = next((one for one in self.sites if one.slug == slug), None)
        return _missing() if site is None else self._of_site(site, rest, query)

    def receive(self, target: str, said: Mapping[str, str]) -> Answer:
        """Take in what the form on the page of an article says, and lead to where it stands."""
        slug, _, path = _taken_apart(target)[0].partition("/")
        for site in self.sites:
            if site.slug == slug and site.comments_path:
                return self._commented(self._edition(site, self.now()), path, said)
        return _missing()

    def edition(self, slug: str) -> Edition:
        """Give the site called `slug` with what it has published by now."""
        return self._edition(next(site for site in self.sites if site.slug == slug), self.now())

    def _edition(self, site: Site, moment: datetime) -> Edition:
        timeline = Timeline(
            sites=self.sites,
            # whole seconds, as in the feeds: a date of HTTP says no more
            started_at=self.started_at.replace(microsecond=0),
            interval=self.interval,
        )
        articles = timeline.articles(site, moment)
        return Edition(site=site, articles=tuple(self._visited(site, one) for one in articles))

    def _visited(self, site: Site, article: Article) -> Article:
        left = self.book.under(site.slug, article.number)
        if not left:
            return article
        comments = sorted((*article.comments, *left), key=lambda one: one.written_at)
        return replace(article, comments=tuple(comments))

    def _commented(self, edition: Edition, path: str, said: Mapping[str, str]) -> Answer:
        site = edition.site
        for article in edition.articles:
            if path == edition.path(article).strip("/"):
                left = self.book.leave(
                    site.slug, article, said, language=site.language, now=self.now()
                )
                if left is None:
                    return _not_taken()
                place = edition.comment_address(article, left)
                return Answer(status=303, location=place, body="")
        return _missing()

    def _of_site(self, site: Site, path: str, query: Mapping[str, str]) -> Answer:
        moment = self.now()
        match site.behaviour:
            case "gone":
                return _gone()
            case "moved":
                return _moved(f"{PLACE}/{site.moved_to}/{path}")
            case "failing" if moment < self.started_at + self.recovers_after:
                return _broken()
        delay_s = self.slow_s if site.behaviour == "slow" else 0
        edition = self._edition(site, moment)
        if site.format == "blogger":
            edition = _turned(edition, query)
        return replace(_document(edition, path, query), delay_s=delay_s)


def _taken_apart(target: str) -> tuple[str, Mapping[str, str]]:
    """Part what a browser asks for into path and query."""
    path, _, query = target.partition("#")[0].partition("?")
    return unquote(path).strip("/"), dict(parse_qsl(query))


def _turned(edition: Edition, query: Mapping[str, str]) -> Edition:
    """Open the feeds of Blogger at the page that is asked for: 25 at a time, at most 500."""
    start = _number(query.get("start-index"), 1, 100_000)
    size = min(_number(query.get("max-results"), _BLOGGER_PAGE, 100_000), _BLOGGER_MOST)
    return replace(edition, start=start, size=size, comments_size=size)


def _number(typed: str | None, otherwise: int, most: int) -> int:
    if typed is None or not re.fullmatch(r"[0-9]{1,6}", typed):
        return otherwise
    return min(max(1, int(typed)), most)


def _document(edition: Edition, path: str, query: Mapping[str, str]) -> Answer:
    """Find what `path` means on a site: its first page, its feeds or one of its articles."""
    if not path:
        return Answer(body=pages.home_page(edition), changed_at=edition.changed_at)
    if (feed := _feed(edition, path)) is not None:
        return feed
    if (told := _comments(edition, path, edition.site.all_comments, edition.articles)) is not None:
        return told
    for article in edition.articles:
        if path == edition.path(article).strip("/"):
            body = pages.article_page(edition, article, query.get("replytocom"))
            return Answer(body=body, changed_at=newest((article,)))
        told = _comments(edition, path, edition.comments_path(article), (article,))
        if told is not None:
            return told
    return _missing()


def _feed(edition: Edition, path: str) -> Answer | None:
    """Give the feed of articles at `path`; WordPress has it in RSS and in Atom.

    WordPress goes by its latest article alone: a comment more, and it still answers 304.
    """
    feed, written = edition.site.feed.strip("/"), edition.site.format
    by_article = written == "wordpress"
    if path == f"{feed}/atom" and by_article:
        body, media_type = atom.wordpress(edition), _ATOM
    elif path == feed:
        writer, media_type = WRITERS[written]
        body = writer(edition)
    else:
        return None
    posts = max((one.published_at for one in edition.latest), default=None)
    return Answer(
        body=body,
        media_type=media_type,
        encoding="windows-1252" if written == "windows-1252" else "utf-8",
        changed_at=posts if by_article else newest(edition.latest),
        tagged_by_date=by_article,
    )


def _comments(
    edition: Edition, path: str, feed: str | None, articles: tuple[Article, ...]
) -> Answer | None:
    """Give the comment feed at `feed` if `path` is that; WordPress has it in RSS and in Atom."""
    if feed is None:
        return None
    feed = feed.strip("/")
    changed_at = newest(articles)
    if edition.site.format == "wordpress" and path == feed:
        body = wordpress_comments(edition, articles)
        return Answer(body=body, media_type=_RSS, changed_at=changed_at)
    if path == (f"{feed}/atom" if edition.site.format == "wordpress" else feed):
        write = blogger_comments if edition.site.format == "blogger" else atom_comments
        body = write(edition, articles)
        return Answer(body=body, media_type=_ATOM, changed_at=changed_at)
    return None


def _made(folder: str, name: str) -> Answer:
    if folder == "pictures":
        return Answer(body=media.picture(name), media_type="image/svg+xml")
    if folder == "icons":
        return Answer(body=media.icon(name), media_type="image/png")
    return Answer(body=media.sound(name), media_type="audio/x-wav")


def _missing() -> Answer:
    sentence = "Il n\u2019y a rien à cette adresse du petit web d\u2019exemple."
    return Answer(status=404, body=pages.sentence_page("Page introuvable", sentence))


def _not_taken() -> Answer:
    sentence = "Il manque un nom ou un texte, ou bien le petit web d\u2019exemple est plein."
    return Answer(status=400, body=pages.sentence_page("Commentaire non retenu", sentence))


def _gone() -> Answer:
    sentence = "Ce blog a fermé pour de bon. Merci à celles et ceux qui l\u2019ont lu."
    return Answer(status=410, body=pages.sentence_page("Blog fermé", sentence))


def _broken() -> Answer:
    sentence = "Le serveur reprend son souffle : revenez dans une minute."
    page = pages.sentence_page("Service momentanément coupé", sentence)
    return Answer(status=503, body=page, retry_after_s=20)


def _moved(address: str) -> Answer:
    page = pages.sentence_page("Ce blog a déménagé", f"Sa nouvelle adresse : {address}")
    return Answer(status=301, location=address, body=page)
