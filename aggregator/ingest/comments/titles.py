"""The title of an article, out of the titles that platforms make of it and of a name."""

import re
from typing import Final

_OF_COMMENT: Final = (
    ("Comment on ", " by "),
    ("Commentaires sur ", " par "),
    ("Commentaire sur ", " par "),
    ("Kommentar zu ", " von "),
    ("Kommentare zu ", " von "),
    ("Comentario en ", " por "),
    ("Comentarios en ", " por "),
    ("Commento su ", " di "),
    ("Commenti su ", " di "),
    ("Comentário sobre ", " por "),
    ("Comentários sobre ", " por "),
    ("Comentários em ", " por "),
    ("Comentari a ", " per "),
    ("Reactie op ", " door "),
    ("Reacties op ", " door "),
    ("Kommentar till ", " av "),
    ("Kommentar til ", " af "),
    ("Kommentar til ", " av "),
    ("Komentarz do ", ", którego autorem jest "),
    ("Komentarze do ", ", których autorem jest "),
    ("Комментарий к записи ", ", "),
)
"""As WordPress is translated: before the title, and between it and the name."""

_OF_FEED: Final = re.compile(
    r"(?:comments on|commentaires sur|kommentare zu|comentarios en|commenti a|commenti su"
    r"|comentários sobre|comentários em|comentaris a|reacties op|kommentarer till"
    r"|kommentarer til|komentarze do|комментарии на|комментарии к записи|комментарии)"
    r"\s?:?\s+(?P<title>\S.*)",
    re.IGNORECASE,
)
_OF_FEED_JAPANESE: Final = re.compile(r"(?P<title>.*\S)\s?へのコメント")


def article_of_comment(title: str, name: str) -> str | None:
    """Find the article in the title of a comment, such as "Comment on POST by NAME"."""
    for before, between in _OF_COMMENT:
        after = between + name
        if title.startswith(before) and title.endswith(after):
            return title[len(before) : len(title) - len(after)].strip() or None
    return None


def article_of_feed(title: str) -> str | None:
    """Find the article in the title of a feed, such as "Comments on: POST"."""
    found = _OF_FEED.fullmatch(title) or _OF_FEED_JAPANESE.fullmatch(title)
    return found["title"] if found else None


def before_name(title: str, name: str) -> str | None:
    """Find the article in the title of a comment, "POST - NAME"."""
    after = f" - {name}"
    return title.removesuffix(after).strip() or None if title.endswith(after) else None
