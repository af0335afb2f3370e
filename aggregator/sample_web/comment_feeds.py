"""The feeds of comments: Atom with its threads, and WordPress's own RSS without."""

from html import escape

from aggregator.sample_web.atom import atom_feed, blogger_paging, rfc3339
from aggregator.sample_web.edition import Edition
from aggregator.sample_web.rss import rfc822
from aggregator.sample_web.timeline import Article, Comment
from aggregator.sample_web.typography import plain


def atom_comments(edition: Edition, articles: tuple[Article, ...]) -> str:
    """Write the comments under `articles` in Atom, each naming what it answers (RFC 4685)."""
    feed = _address(edition, articles) + ("atom/" if edition.site.format == "wordpress" else "")
    return atom_feed(
        edition,
        feed,
        f"<id>{feed}</id>",
        "\n".join(_entry(edition, *pair) for pair in edition.discussion(articles)),
    )


def blogger_comments(edition: Edition, articles: tuple[Article, ...]) -> str:
    """Write a page of them as Blogger does: whatever is answered, the article is named."""
    feed = _address(edition, articles)
    total = sum(len(article.comments) for article in articles)
    return atom_feed(
        edition,
        feed,
        f"<id>{feed}</id>" + blogger_paging(edition, feed, total, edition.comments_size),
        "\n".join(_blogger_entry(edition, *pair) for pair in edition.discussion(articles)),
    )


def _address(edition: Edition, articles: tuple[Article, ...]) -> str:
    """Tell where the comments under `articles` stand: of one of them, or of the whole site."""
    one = edition.comments_feed(articles[0]) if len(articles) == 1 else None
    return one or edition.all_comments or edition.feed


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
    answered = _answered(article, comment)
    ref = edition.comment_id(article, answered) if answered else edition.entry_id(article)
    place = edition.comment_address(article, answered) if answered else edition.address(article)
    uri = f"<uri>{escape(comment.author_url)}</uri>" if comment.author_url else ""
    # so does WordPress, whatever its readers make of it
    base = f' xml:base="{edition.comment_address(article, comment)}"'
    return (
        f"<entry><id>{edition.comment_id(article, comment)}</id>"
        f"<title>{escape(_title(article, comment))}</title>"
        f"<author><name>{escape(comment.author)}</name>{uri}</author>"
        f"{_place_and_dates(edition, article, comment)}"
        f'<thr:in-reply-to ref="{ref}" href="{place}" type="text/html"/>'
        f'<content type="html"{base if edition.site.format == "wordpress" else ""}>'
        f"{escape(comment.html)}</content></entry>"
    )


def _blogger_entry(edition: Edition, article: Article, comment: Comment) -> str:
    answered = _answered(article, comment)
    feed = edition.comments_feed(article)
    related = (
        f'<link rel="related" type="application/atom+xml" href="{feed}/{answered.number}"/>'
        if answered
        else ""
    )
    uri = f"<uri>{escape(comment.author_url)}</uri>" if comment.author_url else ""
    return (
        f"<entry><id>{edition.comment_id(article, comment)}</id>"
        f'<title type="text">{escape(plain(comment.html)[:60])}</title>'
        f"<author><name>{escape(comment.author)}</name>{uri}"
        # the same for everybody
        "<email>noreply@blogger.com</email></author>"
        f"{_place_and_dates(edition, article, comment)}{related}"
        f'<thr:in-reply-to ref="{edition.entry_id(article)}" href="{edition.address(article)}" '
        f'source="{edition.feed}" type="text/html"/>'
        f'<content type="html">{escape(comment.html)}</content></entry>'
    )


def _place_and_dates(edition: Edition, article: Article, comment: Comment) -> str:
    at = rfc3339(comment.written_at)
    return (
        f'<link rel="alternate" type="text/html" '
        f'href="{escape(edition.comment_address(article, comment))}"/>'
        f"<published>{at}</published><updated>{at}</updated>"
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
        f"<dc:creator>{_cdata(comment.author)}</dc:creator>"
        f"<pubDate>{rfc822(comment.written_at)}</pubDate>"
        f'<guid isPermaLink="false">{edition.comment_id(article, comment)}</guid>'
        f"<description><![CDATA[{escape(plain(said), quote=False)}]]></description>"
        f"<content:encoded><![CDATA[{said}]]></content:encoded></item>"
    )


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _answered(article: Article, comment: Comment) -> Comment | None:
    return next((one for one in article.comments if one.number == comment.parent), None)


def _title(article: Article, comment: Comment) -> str:
    return f"Commentaires sur {article.title} par {comment.author}"
