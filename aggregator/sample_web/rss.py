"""The feeds in RSS: over-blog, WordPress, a plain one, one without dates, and RDF (RSS 1.0)."""

from datetime import datetime
from email.utils import format_datetime
from html import escape

from aggregator.sample_web.atom import WORDPRESS
from aggregator.sample_web.edition import Edition, sound
from aggregator.sample_web.media import SOUND_BYTES
from aggregator.sample_web.timeline import PARIS, Article
from aggregator.sample_web.typography import plain

_NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
)


def rfc822(moment: datetime) -> str:
    """Write a moment as RSS wants it, in the time of Paris (RFC 822 with a four-digit year)."""
    return format_datetime(moment.astimezone(PARIS))


def overblog(edition: Edition) -> str:
    """Write the feed of an over-blog: the whole text escaped in the description."""
    items = (
        f"<item>{_title(article)}{_link(edition, article)}"
        f"<description>{escape(article.html)}</description>"
        f"<pubDate>{rfc822(article.published_at)}</pubDate>"
        f'<guid isPermaLink="true">{edition.address(article)}</guid>'
        f"<dc:creator>{escape(edition.site.author)}</dc:creator>"
        f"{_categories(article)}{_comments(edition, article)}</item>"
        for article in edition.latest
    )
    return _rss2(edition, "\n".join(items))


def wordpress(edition: Edition) -> str:
    """Write the feed of a WordPress: an excerpt, the text beside it, counts and feeds."""
    items = (
        f"<item>{_title(article)}{_link(edition, article)}"
        f"<dc:creator><![CDATA[{edition.site.author}]]></dc:creator>"
        f"<pubDate>{rfc822(article.published_at)}</pubDate>{_categories(article)}"
        f'<guid isPermaLink="false">{edition.entry_id(article)}</guid>'
        f"<description><![CDATA[{_excerpt(article)}]]></description>"
        f"<content:encoded><![CDATA[{article.html}]]></content:encoded>"
        f"{_comments(edition, article)}</item>"
        for article in edition.latest
    )
    generator = f"<generator>https://wordpress.org/?v={WORDPRESS}</generator>"
    return _rss2(edition, generator + "\n".join(items))


def plain_rss(edition: Edition) -> str:
    """Write the feed of a site that does the least one should."""
    items = (
        f"<item>{_title(article)}{_link(edition, article)}"
        f"<guid>{edition.address(article)}</guid><pubDate>{rfc822(article.published_at)}</pubDate>"
        f"<description>{escape(article.html)}</description>"
        f"{_categories(article)}{_enclosure(article)}</item>"
        for article in edition.latest
    )
    return _rss2(edition, "\n".join(items))


def undated(edition: Edition) -> str:
    """Write the feed of a site that tells neither dates nor ids."""
    items = "\n".join(
        f"<item>{_title(article)}{_link(edition, article)}"
        f"<description>{escape(article.html)}</description></item>"
        for article in edition.latest
    )
    return (
        '<?xml version="1.0"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(edition.site.name)}</title><link>{edition.site.home}</link>"
        f"<description>{escape(edition.site.tagline)}</description>\n"
        f"{items}\n</channel></rss>"
    )


def windows(edition: Edition) -> str:
    """Write the plain feed as an old program does: in windows-1252, and saying so."""
    return plain_rss(edition).replace('encoding="UTF-8"', 'encoding="windows-1252"', 1)


def rdf(edition: Edition) -> str:
    """Write RSS 1.0: the items stand beside the channel, dated by Dublin Core."""
    places = "".join(
        f'<rdf:li rdf:resource="{edition.address(article)}"/>' for article in edition.latest
    )
    items = "\n".join(
        f'<item rdf:about="{edition.address(article)}">{_title(article)}{_link(edition, article)}'
        f"<description>{escape(article.html)}</description>"
        f"<dc:date>{article.published_at.astimezone(PARIS).isoformat(timespec='seconds')}</dc:date>"
        f"<dc:creator>{escape(edition.site.author)}</dc:creator>"
        + "".join(f"<dc:subject>{escape(name)}</dc:subject>" for name in article.categories)
        + "</item>"
        for article in edition.latest
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{edition.feed}"><title>{escape(edition.site.name)}</title>'
        f"<link>{edition.site.home}</link>"
        f"<description>{escape(edition.site.tagline)}</description>"
        f"<dc:language>{edition.site.language}</dc:language>"
        f"<items><rdf:Seq>{places}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>"
    )


def _rss2(edition: Edition, items: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {_NAMESPACES}><channel>'
        f"<title>{escape(edition.site.name)}</title><link>{edition.site.home}</link>"
        f'<atom:link href="{edition.feed}" rel="self" type="application/rss+xml"/>'
        f"<description>{escape(edition.site.tagline)}</description>"
        f"<language>{edition.site.language}</language>\n{items}\n</channel></rss>"
    )


def _title(article: Article) -> str:
    return f"<title>{escape(article.title)}</title>" if article.title else ""


def _link(edition: Edition, article: Article) -> str:
    return f"<link>{edition.address(article)}</link>"


def _excerpt(article: Article) -> str:
    words = plain(article.html).split()
    return " ".join(words[:40]) + (" [&#8230;]" if len(words) > 40 else "")


def _categories(article: Article) -> str:
    return "".join(f"<category>{escape(name)}</category>" for name in article.categories)


def _comments(edition: Edition, article: Article) -> str:
    feed = edition.comments_feed(article)
    return (
        f"<comments>{edition.address(article)}#comments</comments>"
        f"<slash:comments>{len(article.comments)}</slash:comments>"
        + (f"<wfw:commentRss>{feed}</wfw:commentRss>" if feed else "")
    )


def _enclosure(article: Article) -> str:
    if article.sound is None:
        return ""
    return f'<enclosure url="{sound(article.sound)}" length="{SOUND_BYTES}" type="audio/x-wav"/>'
