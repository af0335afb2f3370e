"""The feeds in Atom: Blogger's, and one that takes care of everything Atom offers."""

from datetime import datetime
from html import escape
from typing import Final

from aggregator.sample_web.edition import Edition, sound
from aggregator.sample_web.media import SOUND_BYTES
from aggregator.sample_web.timeline import Article

WORDPRESS: Final = "6.8.3"
"""The version that our WordPress says it is."""


def rfc3339(moment: datetime) -> str:
    """Write a moment as Atom wants it (RFC 4287 §3.3)."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def blogger(edition: Edition) -> str:
    """Write the feed of a blog on Blogger: who commented how often, and where."""
    head = f"<id>tag:blogger.com,1999:blog-{edition.blog_number}</id>"
    return atom_feed(
        edition,
        edition.feed,
        head + blogger_paging(edition, edition.feed, len(edition.articles), edition.size),
        "\n".join(_blogger_entry(edition, article) for article in edition.latest),
    )


def blogger_paging(edition: Edition, feed: str, total: int, size: int) -> str:
    """Say which of `total` a page of `size` holds, and where the next one is."""
    after = edition.start + size
    following = f"{feed}?start-index={after}&amp;max-results={size}"
    return (
        '<generator version="7.00" uri="https://www.blogger.com">Blogger</generator>'
        f"<openSearch:totalResults>{total}</openSearch:totalResults>"
        f"<openSearch:startIndex>{edition.start}</openSearch:startIndex>"
        f"<openSearch:itemsPerPage>{size}</openSearch:itemsPerPage>"
    ) + (
        f'<link rel="next" type="application/atom+xml" href="{following}"/>'
        if after <= total
        else ""
    )


def wordpress(edition: Edition) -> str:
    """Write the feed of a WordPress in Atom: what there is to answer, and how much."""
    return atom_feed(
        edition,
        f"{edition.feed}atom/",
        f"<id>{edition.feed}atom/</id><subtitle>{escape(edition.site.tagline)}</subtitle>"
        f'<generator uri="https://wordpress.org/" version="{WORDPRESS}">WordPress</generator>',
        "\n".join(_wordpress_entry(edition, article) for article in edition.latest),
    )


def atom(edition: Edition) -> str:
    """Write a careful feed: XHTML, languages, summaries and enclosures."""
    return atom_feed(
        edition,
        edition.feed,
        f"<id>{edition.site.home}</id><subtitle>{escape(edition.site.tagline)}</subtitle>",
        "\n".join(_careful_entry(edition, article) for article in edition.latest),
    )


def atom_feed(edition: Edition, feed: str, head: str, entries: str) -> str:
    """Wrap `entries` into the feed of a site that stands at `feed`."""
    changed = edition.changed_at
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:thr="http://purl.org/syndication/thread/1.0" '
        'xmlns:openSearch="http://a9.com/-/spec/opensearch/1.1/" '
        f'xml:lang="{edition.site.language}">{head}'
        f"<title>{escape(edition.site.name)}</title>"
        + (f"<updated>{rfc3339(changed)}</updated>" if changed else "")
        + f'<link rel="alternate" type="text/html" href="{edition.site.home}"/>'
        f'<link rel="self" type="application/atom+xml" href="{feed}"/>\n'
        f"{entries}\n</feed>"
    )


def _blogger_entry(edition: Edition, article: Article) -> str:
    count = len(article.comments)
    return (
        f"<entry><id>{edition.entry_id(article)}</id>{_dates(article)}{_terms(article)}"
        f'<title type="text">{escape(article.title)}</title>'
        f'<content type="html">{escape(article.html)}</content>'
        f'<link rel="replies" type="application/atom+xml" title="Publier les commentaires" '
        f'href="{edition.comments_feed(article)}"/>'
        f'<link rel="replies" type="text/html" title="{count} commentaires" '
        f'href="{edition.address(article)}#comments"/>'
        f'<link rel="alternate" type="text/html" href="{edition.address(article)}"/>'
        f"{_author(edition)}<thr:total>{count}</thr:total></entry>"
    )


def _wordpress_entry(edition: Edition, article: Article) -> str:
    return (
        f"<entry>{_author(edition)}"
        f'<title type="html"><![CDATA[{escape(article.title)}]]></title>'
        f'<link rel="alternate" type="text/html" href="{edition.address(article)}"/>'
        f"<id>{edition.entry_id(article)}</id>{_dates(article)}{_terms(article)}"
        f'<content type="html" xml:base="{edition.address(article)}">'
        f"<![CDATA[{article.html}]]></content>{_replies(edition, article, 'atom/')}</entry>"
    )


def _replies(edition: Edition, article: Article, end: str = "") -> str:
    """Announce what was said under an article: the place, the feed and the count (RFC 4685)."""
    feed = edition.comments_feed(article)
    if feed is None:
        return ""
    count = len(article.comments)
    latest = max((one.written_at for one in article.comments), default=None)
    told = f'thr:count="{count}"' + (f' thr:updated="{rfc3339(latest)}"' if latest else "")
    return (
        f'<link rel="replies" type="text/html" href="{edition.address(article)}#comments" {told}/>'
        f'<link rel="replies" type="application/atom+xml" href="{feed}{end}" {told}/>'
        f"<thr:total>{count}</thr:total>"
    )


def _careful_entry(edition: Edition, article: Article) -> str:
    direction = ' dir="rtl"' if article.language == "ar" else ""
    return (
        f'<entry xml:lang="{article.language}"><id>{edition.entry_id(article)}</id>'
        f"{_dates(article)}{_terms(article)}<title>{escape(article.title)}</title>"
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"{direction}>'
        f"{article.html}</div></content>"
        f'<link rel="alternate" type="text/html" href="{edition.address(article)}"/>'
        f"{_enclosure(article)}{_replies(edition, article)}{_author(edition)}</entry>"
    )


def _dates(article: Article) -> str:
    at = rfc3339(article.published_at)
    return f"<published>{at}</published><updated>{at}</updated>"


def _terms(article: Article) -> str:
    return "".join(f'<category term="{escape(name)}"/>' for name in article.categories)


def _author(edition: Edition) -> str:
    name, home = escape(edition.site.author), edition.site.home
    return f"<author><name>{name}</name><uri>{home}</uri></author>"


def _enclosure(article: Article) -> str:
    if article.sound is None:
        return ""
    return (
        f'<link rel="enclosure" type="audio/x-wav" length="{SOUND_BYTES}" '
        f'href="{sound(article.sound)}"/>'
    )
