"""Conversations for tests: the golden case of PRODUCT.md, and comments made to measure."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from aggregator.domain.conversations.comments import CommentId, CommentItem, CommentsDocument, Kind
from aggregator.domain.following import Me
from aggregator.domain.items import Author, EntryId
from aggregator.services.context import Context
from aggregator.services.conversations.taking_in import take_in
from aggregator.storage import tables

ME: Final = Me(names=("CWM",), sites=("https://cwm.example.org/",), emails=("cwm@example.org",))
MINE_URL: Final = "https://cwm.example.org"

GOLDEN_TEXTS: Final = (
    (1, None, "Magalie", None, "2010-09-17T13:10:00Z", "Je pensais tisser un réseau."),
    (2, 1, "CWM", MINE_URL, "2010-09-17T15:30:00Z", "Merci de ce retour d’expérience !"),
    (3, None, "Erick", "http://erick.example/", "2010-09-17T16:27:00Z", "Un excellent outil."),
    (4, 3, "CWM", MINE_URL, "2010-09-17T17:41:00Z", "En effet ! C’est indéniable !"),
    (5, None, "Philippe B", "http://p.example/", "2010-09-18T22:04:00Z", "Netvibes, pour lire."),
    (6, 5, "CWM", MINE_URL, "2010-09-19T08:50:00Z", "J’utilise peu Netvibes."),
    (7, None, "El annuaire", "http://a.example/", "2010-09-19T02:43:00Z", "Impressionnée."),
    (8, 7, "CWM", MINE_URL, "2010-09-19T08:51:00Z", "Oui, je suis assez d’accord."),
    (9, None, "Philippe B", "http://p.example/", "2010-09-19T09:45:00Z", "Rien sans les blogs."),
    (10, 9, "CWM", MINE_URL, "2010-09-19T12:37:00Z", "Oui, il y a de ça."),
)
"""Number, parent, author, site, moment and text of the ten comments of the golden case."""


def comment(
    key: str,
    *,
    author: str = "Magalie",
    at: datetime,
    text: str = "Bonjour !",
    **more: Any,
) -> CommentItem:
    """Make a comment as a document would tell it; `url` is the author's site."""
    url = more.pop("url", None)
    return CommentItem(
        key=key,
        url=f"https://cwm.example.org/billet#comment-{key}",
        author=Author(name=author, url=url, email=more.pop("email", None)),
        published_at=at,
        content_html=f"<p>{text}</p>",
        text=text,
        fingerprint=hashlib.sha256(f"{author}{url}{text}".encode()).hexdigest(),
        **more,
    )


def golden(*, parents: bool = True) -> tuple[CommentItem, ...]:
    """Make the ten comments of the golden case, with or without their declared parents."""
    return tuple(
        comment(
            f"c{number}",
            author=author,
            at=datetime.fromisoformat(at).astimezone(UTC),
            text=text,
            url=url,
            in_reply_to=(f"c{parent}",) if parents and parent else (),
        )
        for number, parent, author, url, at, text in GOLDEN_TEXTS
    )


def fresh(now: datetime) -> tuple[CommentItem, ...]:
    """Make six comments of these days: three that wait, an answer, a pingback, an impostor."""
    return (
        comment("f1", author="Magalie", at=now - timedelta(days=2), text="Et le samedi soir ?"),
        comment(
            "f2", author="Erick", at=now - timedelta(hours=5), text="Je ne suis pas d’accord."
        ),
        comment(
            "f3",
            author="CWM",
            url=MINE_URL,
            at=now - timedelta(hours=4),
            text="Dites-moi pourquoi.",
            in_reply_to=("f2",),
        ),
        comment(
            "f4", author="Philippe B", at=now - timedelta(minutes=40), text="Bravo, tout est dit."
        ),
        comment(
            "f5",
            author="Un autre blog",
            url="https://autre.example/",
            at=now - timedelta(hours=3),
            text="[…] à lire chez CWM […]",
            kind=Kind.PINGBACK,
        ),
        comment(
            "f6",
            author="CWM",
            url="https://imposteur.example/",
            at=now - timedelta(hours=1),
            text="C’est moi, promis.",
        ),
    )


def put(
    context: Context, entry_id: EntryId, items: Sequence[CommentItem], *, me: Me = ME
) -> tuple[CommentId, ...]:
    """Take comments in under an entry, as a poll would; give the ids of the new ones."""
    document = CommentsDocument(platform="atom", title=None, items=tuple(items))
    with context.database.write() as session:
        source_id = session.execute(
            select(tables.entries.c.source_id).where(tables.entries.c.id == entry_id)
        ).scalar_one()
        taken = take_in(
            session,
            document,
            source_id=source_id,
            entry_id=entry_id,
            me=me,
            now=context.clock(),
        )
    return taken.new


def state(context: Context, key: str) -> Any:
    """Read the row of a comment by its key."""
    with context.database.read() as session:
        found = select(tables.comments).where(tables.comments.c.key == key)
        return session.execute(found).one()
