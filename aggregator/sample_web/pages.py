"""The pages that a browser opens: every site, its articles with their comments, and the map."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Final

from aggregator.sample_web.edition import Edition, stylesheet
from aggregator.sample_web.forms import comment_form, reply_link
from aggregator.sample_web.prepared import PLACE, Site
from aggregator.sample_web.timeline import PARIS, Article, Comment
from aggregator.sample_web.typography import html, plain

_MAP: Final = "Un petit web d\u2019exemple"
_WELCOME: Final = (
    "Ces blogs n'existent que sur cette machine, le temps de la démonstration. "
    "Toutes les vingt secondes, quelqu'un y publie, et quelqu'un y commente. "
    "Sous les articles, vous pouvez répondre : ici, vous êtes CWM."
)
_WITH_ICON: Final = frozenset(
    {
        "cwm",
        "philippe-b",
        "el-annuaire",
        "harbour-notes",
        "courant-alternatif",
        "nouvelle-adresse",
        "escargot",
    }
)
_BEHAVIOURS: Final = {
    "slow": "répond au bout de quelques secondes",
    "gone": "a fermé (410)",
    "moved": "a déménagé (301)",
    "failing": "en panne les premières minutes (503), puis revient",
}


def map_page(sites: Iterable[Site]) -> str:
    """Write the page that lists the sites, for the curious."""
    lines = "".join(
        f'<li><a href="{site.home}">{escape(site.name)}</a> — {escape(site.tagline)} '
        f'<small>(<a href="{site.home}{site.feed}">flux</a>{_behaviour(site)})</small></li>'
        for site in sites
    )
    welcome = html(_WELCOME, "fr")
    return _page(_MAP, "fr", f"<header><h1>{_MAP}</h1>{welcome}</header><ul>{lines}</ul>")


def home_page(edition: Edition) -> str:
    """Write the first page of a site; it announces its feeds."""
    lines = "".join(
        f'<li><a href="{edition.address(article)}">{escape(_name(article))}</a> '
        f"<small>{_date(article.published_at)} · {_count(article, edition.site)}</small></li>"
        for article in edition.articles[:50]
    )
    body = f"{_masthead(edition.site)}<ul>{lines}</ul>"
    return _page(edition.site.name, edition.site.language, body, _announced(edition))


def article_page(edition: Edition, article: Article, answering: str | None = None) -> str:
    """Write the page of an article with its conversation.

    `answering` is the number of the comment that the form answers, None for the article.
    """
    direction = ' dir="rtl"' if article.language == "ar" else ""
    count = _count(article, edition.site)
    body = (
        f'{_masthead(edition.site)}<article class="item"><h1 class="post-title" '
        f'lang="{article.language}"{direction}>{escape(_name(article))}</h1>'
        f'<p class="date">{_time(article.published_at)}'
        f" · {escape(edition.site.author)}</p>"
        f'<div class="Post-body" lang="{article.language}"{direction}>{article.html}</div>'
        f'</article><section id="comments"><h2>{count}</h2>{_comments(edition, article)}</section>'
    )
    feed = edition.comments_feed(article)
    announced = _announced(edition)
    if feed:
        body += comment_form(edition, article, answering)
        title = f"Commentaires : {article.title}"
        announced += _alternate(feed, title, _comments_kind(edition.site))
    return _page(_name(article), edition.site.language, body, announced)


def sentence_page(title: str, sentence: str) -> str:
    """Write a page that says one thing: what is missing, closed or broken."""
    body = (
        f'<h1>{escape(title)}</h1><p>{escape(sentence)}</p><p><a href="{PLACE}/">Le plan</a></p>'
    )
    return _page(title, "fr", body)


def _page(title: str, language: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{stylesheet()}">{head}</head>\n'
        f"<body><main>{body}</main></body></html>"
    )


def _masthead(site: Site) -> str:
    return (
        f'<header><p class="site"><a href="{site.home}">{escape(site.name)}</a></p>'
        f"<p>{escape(site.tagline)}</p></header>"
    )


def _announced(edition: Edition) -> str:
    kinds = {"atom": "atom+xml", "blogger": "atom+xml", "json": "feed+json"}
    kind = kinds.get(edition.site.format, "rss+xml")
    announced = _alternate(edition.feed, edition.site.name, kind) + _icon(edition.site)
    if edition.all_comments:
        title = f"{edition.site.name} : commentaires"
        announced += _alternate(edition.all_comments, title, _comments_kind(edition.site))
    return announced


def _icon(site: Site) -> str:
    """Announce an icon where the site has one; the others are known by their initial."""
    if site.slug not in _WITH_ICON:
        return ""
    address = f"{PLACE}/icons/{site.slug}.png"
    return f'<link rel="icon" type="image/png" sizes="32x32" href="{address}">'


def _comments_kind(site: Site) -> str:
    return "rss+xml" if site.format == "wordpress" else "atom+xml"


def _alternate(address: str, title: str, kind: str) -> str:
    return (
        f'<link rel="alternate" type="application/{kind}" title="{escape(title)}" '
        f'href="{address}">'
    )


def _comments(edition: Edition, article: Article) -> str:
    tops = [one for one in article.comments if one.parent is None]
    if edition.site.format == "overblog":
        # over-blog showed the latest first, and answers under what they answer
        return "".join(_overblog_comment(edition, article, one) for one in reversed(tops))
    nested = "".join(_nested(edition, article, one, 1) for one in tops)
    return f'<ol class="commentlist">{nested}</ol>'


def _overblog_comment(edition: Edition, article: Article, comment: Comment) -> str:
    side = "ob-comment" if comment.parent is None else "ob-comment ob-comment-reply"
    return (
        f'<div class="{side}" id="comment-{comment.number}"><p class="ob-h4">{_author(comment)} '
        f'<span class="ob-date">{_date(comment.written_at)}</span></p>{comment.html}'
        f'<p class="reply">{reply_link(edition, article, comment)}</p></div>'
        + "".join(
            _overblog_comment(edition, article, reply) for reply in _replies(article, comment)
        )
    )


def _nested(edition: Edition, article: Article, comment: Comment, depth: int) -> str:
    """Show a comment as WordPress does: answers inside, the oldest first."""
    kind = "pingback" if comment.pingback else "comment"
    place = edition.comment_address(article, comment).rpartition("#")[2]
    replies = "".join(
        _nested(edition, article, one, depth + 1) for one in _replies(article, comment)
    )
    link = (
        ""
        if comment.pingback or not edition.site.comments_path
        else (f'<p class="reply">{reply_link(edition, article, comment)}</p>')
    )
    return (
        f'<li class="{kind} depth-{depth}" id="{place}">'
        f'<article class="comment-body"><footer class="comment-meta">'
        f'<span class="comment-author vcard"><b class="fn">{_author(comment)}</b></span> '
        f"{_time(comment.written_at)}</footer>"
        f'<div class="comment-content">{comment.html}</div>{link}</article>'
        + (f'<ol class="children">{replies}</ol>' if replies else "")
        + "</li>"
    )


def _replies(article: Article, comment: Comment) -> list[Comment]:
    return [one for one in article.comments if one.parent == comment.number]


def _author(comment: Comment) -> str:
    name = escape(comment.author)
    if comment.author_url is None:
        return name
    return f'<a class="url" rel="external nofollow" href="{escape(comment.author_url)}">{name}</a>'


def _name(article: Article) -> str:
    return article.title or plain(article.html)[:60] + "…"


def _count(article: Article, site: Site) -> str:
    count = len(article.comments)
    word = "comment" if site.language == "en" else "commentaire"
    alone = count == 1 or (count == 0 and site.language == "fr")
    return f"{count} {word}" + ("" if alone else "s")


def _behaviour(site: Site) -> str:
    said = _BEHAVIOURS.get(site.behaviour)
    return f", {said}" if said else ""


def _time(moment: datetime) -> str:
    return f'<time datetime="{moment.astimezone(PARIS).isoformat()}">{_date(moment)}</time>'


def _date(moment: datetime) -> str:
    return f"{moment.astimezone(PARIS):%d/%m/%Y %H:%M}"
