"""The worlds of the gallery with conversations in them: as they are worked on, and the worst."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, select, update

from aggregator.domain.conversations.comments import (
    CommentId,
    CommentItem,
    CommentsDocument,
    Kind,
    State,
    ThreadId,
)
from aggregator.domain.conversations.putting_off import Until
from aggregator.domain.items import Author, EntryId
from aggregator.ingest.sanitise import sanitise
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations import acts, pairing, showing, widgets
from aggregator.services.conversations.taking_in import take_in
from aggregator.storage import tables
from docs.gallery_worlds import NOW, SETTINGS, demo, entry_with, follow, installation, write

OWN: Final = "https://cwm.example.org"
DRAFT: Final = (
    "Bonne question ! Le samedi soir, un accusé de réception suffit : « Nous avons lu, "
    "nous répondons lundi avant midi. »"
)
STATES: Final = "Ce que disent les commentaires"
WORST: Final = "Un billet qui attire tout"
LONG: Final = "Mille personnes ont répondu"
HOSTILE: Final = (
    '<p onclick="alert(1)">Un <b>gras jamais fermé, <a href="javascript:alert(2)">un lien</a>'
    '<script>alert(3)</script><table><tr><td>une case</td></table></div></div><img src=x onerror="'
    'alert(4)"><style>body{display:none}</style><iframe src="https://example.org/"></iframe>'
    "<blockquote>Une citation</blockquote><pre>" + "un code sans fin " * 12 + "</pre>"
    f"<p>https://example.org/{'tres-long-' * 30}</p>"
)


@contextmanager
def talks(folder: Path) -> Iterator[Context]:
    """Open the sample web after a morning at work: something in each queue."""
    with demo(folder) as context:
        sent, late = said(context, "J’ai essayé hier"), said(context, "Et pour une réclamation")
        acts.keep_draft(context, late, DRAFT)
        acts.label(context, [late], "réclamations", carried=True)
        acts.note(context, late, "En parler à Sophie avant de répondre.")
        acts.assign(context, said(context, "Je garde cette page"), "Sophie")
        acts.keep_phrase(context, "Merci de votre retour, j’y reviens dans la journée.")
        acts.keep_phrase(context, "Bien vu ! Je corrige le billet.")
        acts.keep_draft(context, sent, "Une heure, bravo : et un lundi de rentrée ?")
        acts.sent(context, sent)
        acts.file_away(context, [said(context, "Testé ce matin")], "merci, sans question")
        acts.put_off(context, [said(context, "Je découvre ce billet")], Until.TOMORROW)
        acts.hide(context, [said(context, "Exactement ce que je")], hidden=True)
        for words in ("Onze messages", "Votre image du marché"):
            acts.star(context, said(context, words), starred=True)
        thread_id = thread_of(context, said(context, "Votre image du marché"))
        widgets.place(context, "commentateurs", f"thread-{thread_id}", shown=True)
        fail_site(context, "El annuaire")
        yield context


@contextmanager
def done(folder: Path) -> Iterator[Context]:
    """Open the same when all is answered."""
    with demo(folder) as context:
        with context.database.read() as session:
            waiting = tables.comments.c.state == State.WAITING.value
            ids = session.scalars(select(tables.comments.c.id).where(waiting)).all()
        for one in ids:
            acts.close(context, CommentId(one))
        yield context


@contextmanager
def worst(folder: Path) -> Iterator[Context]:
    """Open one whose conversations have all that can befall them."""
    with installation(folder) as context:
        me = f"me:\n  names: [CWM]\n  sites: [{OWN}/]\n"
        blog = f"  - name: Le blog de CWM\n    url: {OWN}/rss\n    mine: true\n"
        follow(context, f"{me}{SETTINGS}sources:\n{blog}")
        titles = (LONG, WORST, STATES)
        write(context, f"{OWN}/rss", [("fr", title, "<p>Un billet.</p>") for title in titles])
        every_state(context, entry_with(context, STATES))
        tell(context, entry_with(context, WORST), strange())
        tell(context, entry_with(context, LONG), many())
        fail(context, entry_with(context, WORST))
        yield context


def every_state(context: Context, entry_id: EntryId) -> None:
    """Have a conversation in which each comment stands differently."""
    first = (
        comment("1", "Magalie", 30, "Je vous lis depuis longtemps, et je découvre tout."),
        comment("2", "CWM", 28, "Merci Magalie, cela me touche.", ("1",), url=f"{OWN}/"),
        comment("3", "Erick", 27, "Je ne suis pas d’accord : qui lit encore les commentaires ?"),
        comment("4", "Un passant", 26, "Ce que j’ai écrit ici, je ne l’écrirais plus."),
        comment("5", "Lucie", 25, "Première version, avec une faute."),
        comment("6", "Vente flash", 25, "Montres à prix cassés, cliquez."),
        comment("p", "La revue du web", 24, "[…] à lire chez CWM […]", kind=Kind.PINGBACK),
        comment("q", "Un carnet", 22, "[…] CWM en parle aussi […]", kind=Kind.PINGBACK),
    )
    tell(context, entry_id, first, at=NOW - timedelta(hours=20))
    kept = replace(first[4], text="Seconde version, sans faute.", fingerprint="edited")
    kept = replace(kept, content_html="<p>Seconde version, sans faute.</p>", updated_at=NOW)
    whole = (*first[:3], kept, *first[5:])
    tell(context, entry_id, whole, at=NOW - timedelta(hours=9), misses=True)
    acts.hide(context, [said(context, "Montres à prix")], hidden=True)
    thread_id = thread_of(context, said(context, "Je vous lis"))
    showing.look(context, thread_id, CommentId(1 << 40))
    late = (
        comment("7", "CWM", 8, "Moi, tous les matins.", ("3",)),
        comment("8", "CWM", 6, "Et moi aussi.", ("3",), url="https://imposteur.example/"),
        comment("9", "Philippe B", 2, "@Lucie : où était la faute ?"),
        comment("10", "Karim", 1, "Et le dimanche, vous répondez aussi ?"),
    )
    tell(context, entry_id, (*whole, *late), at=NOW)
    pairing.set_parent(context, said(context, "Et le dimanche"), said(context, "Je vous lis"))


def strange() -> tuple[CommentItem, ...]:
    """Make the comments that a layout fears."""
    arabic = "مرحبا، قرأت هذا المقال بسرور. هل تكتبون أيضا عن الاستماع؟"
    deep = (
        comment(f"d{n}", f"Voix {n}", 40 - n, f"Réponse de rang {n}.", (f"d{n - 1}",) if n else ())
        for n in range(9)
    )
    return (
        comment("ar", "ليلى", 60, arabic),
        comment("name", "Un nom sans fin " * 640, 55, "J’ai un long nom."),
        comment("word", "Donaudampfschifffahrtsgesellschaft" * 4, 54, "Aber" * 90),
        comment("html", "<b>Pas gras</b>", 50, HOSTILE),
        comment("flip", "\u202eeirE", 49, "\u202eÀ l’envers, et ce qui suit aussi ?"),
        comment("long", "Prolixe", 48, "Une phrase, puis une autre. " * 160),
        *deep,
    )


def many() -> tuple[CommentItem, ...]:
    """Make a thousand comments, of which every third answers the one before."""
    names = ("Magalie", "Erick", "Philippe B", "Lucie", "Karim", "Nora", "El annuaire")
    return tuple(
        comment(
            f"m{n}",
            names[n % 7],
            1_040 - n,
            f"Commentaire {n} : je passais par là, et je dis bonjour.",
            (f"m{n - 1}",) if n % 3 == 2 else (),
        )
        for n in range(1_000)
    )


def comment(
    key: str,
    author: str,
    hours: float,
    html: str,
    answers: tuple[str, ...] = (),
    **more: Any,
) -> CommentItem:
    """Make a comment that was left so many hours ago."""
    return CommentItem(
        key=key,
        url=f"{OWN}/billet#comment-{key}",
        author=Author(name=author, url=more.pop("url", None), email=None),
        published_at=NOW - timedelta(hours=hours),
        content_html=sanitise(html if "<" in html else f"<p>{html}</p>", OWN),
        text="Du code, un lien, une citation" if "<" in html else html,
        in_reply_to=answers,
        fingerprint=hashlib.sha256(f"{author}{html}".encode()).hexdigest(),
        **more,
    )


def tell(
    context: Context,
    entry_id: EntryId,
    items: Sequence[CommentItem],
    *,
    at: datetime = NOW,
    misses: bool = False,
) -> None:
    """Take comments in under an article, as a poll would; those it misses have vanished."""
    document = CommentsDocument(platform="atom", title=None, items=tuple(items), whole=misses)
    with context.database.write() as session:
        of_entry = tables.entries.c.id == entry_id
        source_id = session.scalars(select(tables.entries.c.source_id).where(of_entry)).one()
        me = following.current(context).list.me
        take_in(
            session,
            document,
            source_id=source_id,
            entry_id=entry_id,
            me=me,
            now=at,
            misses=misses,
        )


def fail(context: Context, entry_id: EntryId) -> None:
    """Have the comment feed of an article fail since two days, or the one it would have."""
    feeds, values = tables.comment_feeds, failing()
    with context.database.write() as session:
        of_entry = tables.entries.c.id == entry_id
        source_id = session.scalars(select(tables.entries.c.source_id).where(of_entry)).one()
        here = feeds.c.entry_id == entry_id
        if session.execute(update(feeds).where(here).values(**values)).rowcount:
            return
        made = {"source_id": source_id, "entry_id": entry_id, "url": f"{OWN}/billet/feed/atom/"}
        made |= {"origin": "announced", "others": [], "host": "cwm.example.org", "asked_for": []}
        session.execute(feeds.insert().values(**made, **values))


def fail_site(context: Context, name: str) -> None:
    """Have the comment feed of a whole site fail since two days."""
    feeds = tables.comment_feeds
    with context.database.write() as session:
        named = select(tables.sources.c.id).where(tables.sources.c.name == name)
        here = feeds.c.source_id == session.scalars(named).one()
        session.execute(update(feeds).where(here).values(**failing()))


def failing() -> dict[str, Any]:
    """Say how a comment feed does whose address is gone."""
    return {
        "http_status": 404,
        "fault_code": "http-404",
        "fault_params": {},
        "failures": 3,
        "failing_since": NOW - timedelta(days=2),
        "last_polled_at": NOW - timedelta(hours=1),
        "last_success_at": NOW - timedelta(days=3),
        "next_poll_at": NOW + timedelta(hours=6),
    }


def said(context: Context, words: str) -> CommentId:
    """Find the comment that begins with these words."""
    begins: ColumnElement[bool] = tables.comments.c.text.startswith(words)
    with context.database.read() as session:
        return CommentId(session.scalars(select(tables.comments.c.id).where(begins)).one())


def thread_of(context: Context, comment_id: CommentId) -> ThreadId:
    """Find the conversation of a comment."""
    here = tables.comments.c.id == comment_id
    with context.database.read() as session:
        return ThreadId(session.scalars(select(tables.comments.c.thread_id).where(here)).one())
