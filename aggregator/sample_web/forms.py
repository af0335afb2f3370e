"""The form under an article, with which a visitor comments and answers; it knows CWM."""

from collections.abc import Mapping
from html import escape, unescape
from typing import Final

from aggregator.sample_web.edition import Edition
from aggregator.sample_web.prepared import PLACE
from aggregator.sample_web.timeline import Article, Comment
from aggregator.sample_web.typography import plain
from aggregator.sample_web.visitors import MAX_ADDRESS, MAX_NAME, MAX_TEXT

ME: Final = ("CWM", f"{PLACE}/cwm/")
"""Whom the form takes the visitor for, as a browser that has written here before."""

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "leave": "Laisser un commentaire",
        "hint": "Vous êtes CWM ici ; changez de nom pour parler "
        "comme quelqu\u2019un d\u2019autre. Tout disparaît à la fin de la démonstration.",
        "name": "Nom",
        "site": "Site",
        "answering": "En réponse à",
        "nobody": "personne : un commentaire sur l\u2019article",
        "text": "Commentaire",
        "send": "Envoyer",
        "reply": "Répondre",
    },
    "en": {
        "leave": "Leave a comment",
        "hint": "You are CWM here; change the name to speak as somebody else. "
        "Everything is gone when the demonstration ends.",
        "name": "Name",
        "site": "Site",
        "answering": "In reply to",
        "nobody": "nobody: a comment on the article",
        "text": "Comment",
        "send": "Send",
        "reply": "Reply",
    },
}


def comment_form(edition: Edition, article: Article, answering: str | None) -> str:
    """Write the form; `answering` is the number of the comment that is to be answered."""
    words = _words(edition)
    name, site = ME
    return (
        f'<form id="respond" method="post" action="{edition.address(article)}">'
        f"<h2>{words['leave']}</h2><p><small>{words['hint']}</small></p>"
        + _field(words["name"], f'name="author" value="{name}" maxlength="{MAX_NAME}" required')
        + _field(words["site"], f'name="url" type="url" value="{site}" maxlength="{MAX_ADDRESS}"')
        + f'<p><label>{words["answering"]} <select name="parent">'
        f'<option value="">{words["nobody"]}</option>{_options(article, answering)}'
        f"</select></label></p><p><label>{words['text']} "
        f'<textarea name="text" rows="6" maxlength="{MAX_TEXT}" required'
        f"{' autofocus' if answering else ''}></textarea></label></p>"
        f"<p><button>{words['send']}</button></p></form>"
    )


def reply_link(edition: Edition, article: Article, comment: Comment) -> str:
    """Write the link that opens the form as an answer to `comment`, as WordPress does."""
    address = f"{edition.address(article)}?replytocom={comment.number}#respond"
    return (
        f'<a class="comment-reply-link" rel="nofollow" href="{address}" '
        f'aria-label="{_words(edition)["reply"]} : {escape(comment.author)}">'
        f"{_words(edition)['reply']}</a>"
    )


def _words(edition: Edition) -> Mapping[str, str]:
    return _WORDS["en" if edition.site.language == "en" else "fr"]


def _field(label: str, attributes: str) -> str:
    return f"<p><label>{label} <input {attributes}></label></p>"


def _options(article: Article, answering: str | None) -> str:
    return "".join(
        f'<option value="{one.number}"{" selected" if str(one.number) == answering else ""}>'
        f"{escape(one.author)} : {escape(_short(unescape(plain(one.html))))}</option>"
        for one in article.comments
        if not one.pingback
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
