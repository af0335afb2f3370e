"""The feeds in Atom: Blogger's, and one that takes care of everything Atom offers."""

from datetime import datetime
from html import escape

from aggregator.sample_web.edition import Edition, sound
from aggregator.sample_web.media import SOUND_BYTES
from aggregator.sample_web.timeline import Article


def rfc3339(moment: datetime) -> str:
    """Write a moment as Atom wants it (RFC 4287 §3.3)."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def blogger(edition: Edition) -> str:
    """Write the feed of a blog on Blogger: who commented how often, and where."""
    head = f"<id>tag:blogger.com,1999:blog-{edition.blog_number}</id>"
    return atom_feed(
        edition,
        head + '<generator uri="https://www.blogger.com">Blogger</generator>',
        "\n".join(_blogger_entry(edition, article) for article in edition.latest),
    )


def atom(edition: Edition) -> str:
    """Write a careful feed: XHTML, languages, summaries and enclosures."""
    return atom_feed(
        edition,
        f"<id>{edition.site.home}</id><subtitle>{escape(edition.site.tagline)}</subtitle>",
        "\n".join(_careful_entry(edition, article) for article in edition.latest),
    )


def atom_feed(edition: Edition, head: str, entries: str) -> str:
    """Wrap `entries` into the feed of a site."""
    changed = edition.changed_at
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:thr="http://purl.org/syndication/thread/1.0" '
        f'xml:lang="{edition.site.language}">{head}'
        f"<title>{escape(edition.site.name)}</title>"
        + (f"<updated>{rfc3339(changed)}</updated>" if changed else "")
        + f'<link rel="alternate" type="text/html" href="{edition.site.home}"/>'
        f'<link rel="self" type="application/atom+xml" href="{edition.feed}"/>\n'
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


def _careful_entry(edition: Edition, article: Article) -> str:
    direction = ' dir="rtl"' if article.language == "ar" else ""
    return (
        f'<entry xml:lang="{article.language}"><id>{edition.entry_id(article)}</id>'
        f"{_dates(article)}{_terms(article)}<title>{escape(article.title)}</title>"
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"{direction}>'
        f"{article.html}</div></content>"
        f'<link rel="alternate" type="text/html" href="{edition.address(article)}"/>'
        f"{_enclosure(article)}{_author(edition)}</entry>"
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
