"""Where comments are to be asked for: what a feed announces, and what its platform has besides.

Nothing is guessed for a platform that is not known: no stranger's server is probed. Paths are
those of the platforms' own sources (WordPress class-wp-rewrite.php, Dotclear Core/Url.php,
Discourse routes.rb, the Mastodon API of statuses).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from aggregator.domain.identity import canonical_link

_WORDPRESS_HOST: Final = re.compile(r"(?:^|\.)wordpress\.com$")
_WORDPRESS_COMMENTS: Final = re.compile(
    r"(?P<home>.*)/comments/feed(?:/(?:atom|rss2?|rdf))?/?|(?P<plain>.*[?&]feed=comments-)\w+"
)
_WORDPRESS_ARTICLE: Final = re.compile(
    r"(?P<page>[^?]*)/feed(?:/(?:atom|rss2?|rdf))?/?"
    r"|(?P<before>.*[?&]feed=)(?:atom|rss2?|rdf)(?P<after>(?:&.*)?)"
)
_WORDPRESS_KEY: Final = re.compile(r"(?P<home>https?://[^?#]+?)/?(?:index\.php)?\?p=(?P<id>\d+)")
_ORIGIN: Final = re.compile(r"(https?://)(?:[^/?#]*@)?([^/?#@]+)")
_BLOGGER_HOST: Final = re.compile(r"(?:^|\.)blogspot\.[a-z.]+$")
_BLOGGER_KEY: Final = re.compile(r"tag:blogger\.com,\d+:blog-(\d+)\.post-(\d+)")
_BLOGGER_FEED: Final = re.compile(r"(.*)/feeds/posts/(?:default|summary)\b")
_DOTCLEAR_FEED: Final = re.compile(r"(?P<base>.*[/?])feed/(?:atom|rss2)")
_DOTCLEAR_COMMENTS: Final = re.compile(r"(.*[/?]feed/)(?:atom|rss2)(/comments(?:/\d+)?)")
_DISCOURSE_KEY: Final = re.compile(r".+-topic-\d+")
_DISCOURSE_TOPIC: Final = re.compile(
    r"(?P<topic>https?://[^/?#]+(?:/[^/?#]+)*?/t/[^/?#]+/\d+)(?:/\d+)?"
)
_REDDIT_HOST: Final = re.compile(r"(?:^|\.)reddit\.com$")
_REDDIT_POST: Final = re.compile(r"(https?://[^/?#]+/(?:r|user)/\w+/comments/\w+)(?:/.*)?")
_REDDIT_GROUP: Final = re.compile(r"(https?://[^/?#]+/r/\w+)(?:/.*)?")
_MASTODON_STATUS: Final = re.compile(
    r"(?P<host>https?://[^/?#]+)/(?:@[^/?#]+|users/[^/?#]+/statuses)/(?P<id>\d+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPlace:
    """An address that should give comments, and who says so: `announced`, or a platform."""

    url: str
    origin: str


def of_site(
    *, feed_url: str, site_url: str | None, generator: str | None, announced: str | None
) -> tuple[CommentPlace, ...]:
    """Tell where the comments of a whole site are, the best address first.

    `announced` is the feed of comments that the site's own feed names. An empty answer means
    that only single articles may have comments, or that nothing is known of the site.
    """
    told = _Told(feed_url=feed_url, site_url=site_url, generator=generator, announced=announced)
    return _places(told, _site_addresses(told))


def of_entry(  # noqa: PLR0913 - all that may tell where the comments of an article are
    *,
    feed_url: str,
    site_url: str | None,
    generator: str | None,
    key: str,
    url: str | None,
    announced: str | None,
    comments_url: str | None,
) -> tuple[CommentPlace, ...]:
    """Tell where the comments of one article are, the best address first.

    `key`, `url`, `announced` (its own feed of comments) and `comments_url` (the page where one
    comments) are the article's.
    """
    told = _Told(feed_url=feed_url, site_url=site_url, generator=generator, announced=announced)
    return _places(told, _entry_addresses(told, key, url or comments_url))


def tells_all(url: str) -> bool:
    """Tell whether an address gives all comments of an article, where feeds give the newest."""
    return "/wp-json/" in url or "?rest_route=" in url


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is known of a site."""

    feed_url: str
    site_url: str | None
    generator: str | None
    announced: str | None

    def by(self, name: str) -> bool:
        """Tell whether the feed says that this program wrote it."""
        return name in (self.generator or "").lower()

    def at(self, host: re.Pattern[str]) -> bool:
        """Tell whether the site or its feed is at such a host."""
        return any(host.search(_host(url)) for url in (self.feed_url, self.site_url))


def _places(told: _Told, derived: tuple[str, tuple[str, ...]]) -> tuple[CommentPlace, ...]:
    platform, addresses = derived
    places = {
        url: CommentPlace(url=url, origin=platform)
        for url in addresses
        if url.startswith(("http://", "https://"))
    }
    if told.announced:
        places[told.announced] = CommentPlace(url=told.announced, origin="announced")
    return tuple(places.values())


def _site_addresses(told: _Told) -> tuple[str, tuple[str, ...]]:
    """Ask each platform whether the site is its own, and where it has comments then."""
    for platform, addresses_of in _SITES.items():
        if (addresses := addresses_of(told)) is not None:
            return platform, addresses
    return "", ()


def _entry_addresses(told: _Told, key: str, url: str | None) -> tuple[str, tuple[str, ...]]:
    page = canonical_link(url) if url else ""
    for platform, addresses_of in _ENTRIES.items():
        if (addresses := addresses_of(told, key, page)) is not None:
            return platform, addresses
    return "", ()


def _blogger_site(told: _Told) -> tuple[str, ...] | None:
    if not told.by("blogger") and not told.at(_BLOGGER_HOST):
        return None
    return () if told.announced else (f"{_blogger_home(told)}/feeds/comments/default",)


def _blogger_entry(told: _Told, key: str, page: str) -> tuple[str, ...] | None:  # noqa: ARG001
    found = _BLOGGER_KEY.fullmatch(key)
    if found is None:
        return None
    home = _blogger_home(told)
    return () if told.announced else (f"{home}/feeds/{found[2]}/comments/default",)


def _blogger_home(told: _Told) -> str:
    found = _BLOGGER_FEED.match(told.feed_url)
    return found[1] if found else _origin(told.site_url or told.feed_url)


def _dotclear_site(told: _Told) -> tuple[str, ...] | None:
    if not told.by("dotclear"):
        return None
    if found := _DOTCLEAR_FEED.match(told.feed_url):
        return (f"{found['base']}feed/atom/comments",)
    return (f"{told.site_url.rstrip('/')}/feed/atom/comments",) if told.site_url else ()


def _dotclear_entry(told: _Told, key: str, page: str) -> tuple[str, ...] | None:  # noqa: ARG001
    found = _DOTCLEAR_COMMENTS.fullmatch(told.announced or "")
    if found is None:
        return () if told.by("dotclear") else None
    return (f"{found[1]}atom{found[2]}",)


def _reddit_site(told: _Told) -> tuple[str, ...] | None:
    if not told.at(_REDDIT_HOST):
        return None
    found = _REDDIT_GROUP.fullmatch(told.feed_url)
    return (f"{found[1]}/comments/.rss",) if found else ()


def _reddit_entry(told: _Told, key: str, page: str) -> tuple[str, ...] | None:  # noqa: ARG001
    if not told.at(_REDDIT_HOST):
        return None
    found = _REDDIT_POST.fullmatch(page)
    return (f"{found[1]}/.rss",) if found else ()


def _mastodon_entry(told: _Told, key: str, page: str) -> tuple[str, ...] | None:
    if not told.by("mastodon"):
        return None
    found = _MASTODON_STATUS.fullmatch(page) or _MASTODON_STATUS.fullmatch(key)
    return (f"{found['host']}/api/v1/statuses/{found['id']}/context",) if found else ()


def _discourse_site(told: _Told) -> tuple[str, ...] | None:
    if not told.by("discourse"):
        return None
    return (f"{_origin(told.site_url or told.feed_url)}/posts.rss",)


def _discourse_entry(told: _Told, key: str, page: str) -> tuple[str, ...] | None:
    if not told.by("discourse") and not _DISCOURSE_KEY.fullmatch(key):
        return None
    found = _DISCOURSE_TOPIC.fullmatch(page)
    return (f"{found['topic']}.rss",) if found else ()


def _is_wordpress(told: _Told) -> bool:
    return told.by("wordpress") or told.at(_WORDPRESS_HOST)


def _wordpress_site(told: _Told) -> tuple[str, ...] | None:
    found = _WORDPRESS_COMMENTS.fullmatch(told.announced or "")
    if not found and not _is_wordpress(told):
        return None
    if found and found["plain"]:  # a blog without fine addresses
        home = _page(found["plain"])
        return (
            f"{found['plain']}atom",
            f"{home}?rest_route=/wp/v2/comments&per_page=100",
            f"{found['plain']}rss2",
        )
    home = found["home"] if found else _page(told.site_url or "").rstrip("/")
    if not home:
        return ()
    return (
        f"{home}/comments/feed/atom/",
        f"{home}/wp-json/wp/v2/comments?per_page=100",
        f"{home}/comments/feed/",
    )


def _wordpress_entry(told: _Told, key: str, page: str) -> tuple[str, ...] | None:
    named = _WORDPRESS_KEY.fullmatch(key)
    if not named and not _is_wordpress(told):
        return None
    found = _WORDPRESS_ARTICLE.fullmatch(told.announced or "")
    if found and found["before"]:
        before, after = found["before"], found["after"]
        query = f"?rest_route=/wp/v2/comments&post={named['id']}&per_page=100" if named else ""
        rest = [_page(before) + query] if query else []
        return (f"{before}atom{after}", *rest, f"{before}rss2{after}")
    base = found["page"] if found else page.rstrip("/")
    home = _page(told.site_url or (named["home"] if named else "")).rstrip("/")
    # what counts clicks on another host has no comments
    own = found is not None or _host(base).removeprefix("www.") == _host(home).removeprefix("www.")
    fine = bool(base) and "?" not in base and own
    addresses = [f"{base}/feed/atom/"] if fine else []
    if named and home:
        addresses.append(f"{home}/wp-json/wp/v2/comments?post={named['id']}&per_page=100")
    return (*addresses, *([f"{base}/feed/"] if fine else []))


@lru_cache(maxsize=1_024)
def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def _origin(url: str) -> str:
    """Give scheme and host; empty where there is none."""
    found = _ORIGIN.match(url)
    return found[1] + found[2] if found else ""


def _page(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]


_SITES: Final[Mapping[str, Callable[[_Told], tuple[str, ...] | None]]] = {
    "blogger": _blogger_site,
    "dotclear": _dotclear_site,
    "reddit": _reddit_site,
    "discourse": _discourse_site,
    "wordpress": _wordpress_site,
}
_ENTRIES: Final[Mapping[str, Callable[[_Told, str, str], tuple[str, ...] | None]]] = {
    "blogger": _blogger_entry,
    "dotclear": _dotclear_entry,
    "reddit": _reddit_entry,
    "mastodon": _mastodon_entry,
    "discourse": _discourse_entry,
    "wordpress": _wordpress_entry,
}
"""None says that a site or an article is not of that platform."""
