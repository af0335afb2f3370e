"""The feeds of comments: Atom with its threads, and WordPress's own RSS without."""

from html import escape

from aggregator.sample_web.atom import atom_feed, rfc3339
from aggregator.sample_web.edition import Edition
from aggregator.sample_web.rss import rfc822
from aggregator.sample_web.timeline import Article, Comment
from aggregator.sample_web.typography import plain


def atom_comments(edition: Edition, articles: tuple[Article, ...]) -> str:
    """Write the comments under `articles` in Atom, each naming what it answers (RFC 4685)."""
    return atom_feed(
        edition,
        f"<id>{edition.site.home}#comments</id>",
        "\n".join(_entry(edition, *pair) for pair in edition.discussion(articles)),
    )


def wordpress_comments(edition: Edition, articles: tuple[Article, ...]) -> str:
    """Write them as WordPress does by default: no address of anybody, no parent but in words."""
    items = "\n".join(_item(edition, *pair) for pair in edition.discussion(articles))
    about = f"Commentaires sur : {articles[0].title}" if len(articles) == 1 else edition.site.name
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(about)}</title><link>{edition.site.home}</link>"
        f"<description>{escape(edition.site.tagline)}</description>\n{items}\n</channel></rss>"
    )


def _entry(edition: Edition, article: Article, comment: Comment) -> str:
    # Blogger names the article whatever is answered
    answered = None if edition.site.format == "blogger" else _answered(article, comment)
    ref = edition.comment_id(article, answered) if answered else edition.entry_id(article)
    place = edition.comment_address(article, answered) if answered else edition.address(article)
    uri = f"<uri>{escape(comment.author_url)}</uri>" if comment.author_url else ""
    return (
        f"<entry><id>{edition.comment_id(article, comment)}</id>"
        f"<title>{escape(_title(article, comment))}</title>"
        f"<author><name>{escape(comment.author)}</name>{uri}</author>"
        f'<link rel="alternate" type="text/html" '
        f'href="{edition.comment_address(article, comment)}"/>'
        f"<published>{rfc3339(comment.written_at)}</published><updated>{rfc3339(comment.written_at)}</updated>"
        f'<thr:in-reply-to ref="{ref}" href="{place}" type="text/html"/>'
        f'<content type="html">{escape(comment.html)}</content></entry>'
    )


def _item(edition: Edition, article: Article, comment: Comment) -> str:
    answered = _answered(article, comment)
    said = comment.html
    if answered:
        place = edition.comment_address(article, answered)
        said = f'<p>En réponse à <a href="{place}">{escape(answered.author)}</a>.</p>\n{said}'
    return (
        f"<item><title>{escape(_title(article, comment))}</title>"
        f"<link>{edition.comment_address(article, comment)}</link>"
        f"<dc:creator><![CDATA[{comment.author}]]></dc:creator>"
        f"<pubDate>{rfc822(comment.written_at)}</pubDate>"
        f'<guid isPermaLink="false">{edition.comment_id(article, comment)}</guid>'
        f"<description><![CDATA[{escape(plain(said), quote=False)}]]></description>"
        f"<content:encoded><![CDATA[{said}]]></content:encoded></item>"
    )


def _answered(article: Article, comment: Comment) -> Comment | None:
    return next((one for one in article.comments if one.number == comment.parent), None)


def _title(article: Article, comment: Comment) -> str:
    return f"Commentaires sur {article.title} par {comment.author}"
