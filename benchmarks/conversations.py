"""Milliseconds to show the inbox, in process: each queue, filters, counts, a long thread.

The database is filled with generated comments first: a few threads of a thousand, many of
forty. `--keep FOLDER` fills it once and measures it again the next time.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select, update

from aggregator.domain.conversations.comments import CommentItem, CommentsDocument, Kind
from aggregator.domain.items import Author, EntryId
from aggregator.domain.sources import SourceId
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations.taking_in import take_in
from aggregator.settings import read_settings
from aggregator.storage import tables
from aggregator.web.app import create_app
from aggregator.wiring import assembled
from benchmarks.measuring import print_table
from benchmarks.pages import fill, measured

SOURCES: Final = 40
MINE: Final = 10
LONG: Final = 20
LONGEST: Final = 1_000
"""So many threads are that long."""

PATHS: Final = {
    "inbox, to answer": "/comments",
    "inbox, I wait": "/comments?queue=others",
    "inbox, sent": "/comments?queue=sent",
    "inbox, answered": "/comments?queue=answered",
    "inbox, filed away": "/comments?queue=handled",
    "inbox, put off": "/comments?queue=snoozed",
    "inbox, pingbacks": "/comments?queue=pingbacks",
    "inbox, hidden": "/comments?queue=hidden",
    "to answer, of a source": "/comments?source=3",
    "to answer, questions": "/comments?question=1",
    "answered, of a month, questions": "/comments?queue=answered&age=month&question=1",
    "answered, with a label": "/comments?queue=answered&label=presse",
    "assigned to a name": "/comments?assigned=Magalie",
    "figures of 30 days": "/comments/figures",
    "figures of all time": "/comments/figures?period=all",
    "list behind a figure": "/comments/figures/list?what=answered",
    "search, a common word": "/search?q=veille&kind=comment",
    "search, what waits": "/search?q=is:waiting",
}
_NOW: Final = datetime.now(UTC)
_TEXTS: Final = (
    "Bonjour, merci pour cet article très complet. Comment faites-vous pour tout suivre ?",
    "Je ne suis pas tout à fait d’accord : la quantité finit toujours par nuire à la qualité.",
    "Très utile, merci !",
    "Avez-vous essayé avec un agrégateur libre ? J’en cherche un pour mon équipe.",
)


def main() -> None:
    """Fill a database, measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--comments", type=int, default=100_000)
    options.add_argument("--threads", type=int, default=2_000)
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("--keep", type=Path, metavar="FOLDER")
    given = options.parse_args()
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        context = stack.enter_context(prepared(folder, given.comments, given.threads))
        client = create_app(context).test_client()
        paths = {**PATHS, "a thread of 1,000": f"/threads/{_longest(context)}"}
        print_table(
            f"{given.comments} comments in {given.threads} threads, {given.runs} requests",
            ("page", "ms, middle", "ms, least", "ms of CPU", "kB", "kB gzipped"),
            [(name, *measured(client, path, given.runs)) for name, path in paths.items()],
        )


@contextmanager
def prepared(folder: Path, wanted: int, threads: int) -> Iterator[Context]:
    """Open a database of that size; fill it where it is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    feeds = folder / "feeds.yaml"
    feeds.write_text(_follow_list(), encoding="utf-8")
    with assembled(read_settings(data=folder, feeds=feeds)) as context:
        following.refresh(context)
        with context.database.read() as session:
            stored = session.execute(select(func.count()).select_from(tables.comments)).scalar()
        if not stored:
            print(f"writing {wanted} comments", file=sys.stderr)
            fill(context, threads)
            _comment(context, wanted)
        yield context


def _follow_list() -> str:
    lines = ["me: {names: [CWM], sites: ['https://cwm.invalid/']}", "sources:"]
    for number in range(SOURCES):
        lines += [f"  - url: https://blog-{number}.invalid/feed", f"    name: Blog {number}"]
        lines += ["    mine: true"] if number < MINE else []
    return "\n".join([*lines, ""])


def _comment(context: Context, wanted: int) -> None:
    """Write the comments of each entry, as polls would, fifty entries at a time."""
    me = following.current(context).list.me
    with context.database.read() as session:
        query = select(tables.entries.c.id, tables.entries.c.source_id)
        found = session.execute(query.order_by(tables.entries.c.id)).all()
    each = (wanted - LONG * LONGEST) // max(len(found) - LONG, 1)
    for first in range(0, len(found), 50):
        with context.database.write() as session:
            for at, (entry_id, source_id) in enumerate(found[first : first + 50], first):
                items = tuple(_items(at, LONGEST if at < LONG else each))
                document = CommentsDocument(platform="atom", title=None, items=items)
                take_in(
                    session,
                    document,
                    source_id=SourceId(source_id),
                    entry_id=EntryId(entry_id),
                    me=me,
                    now=_NOW,
                )
    _act(context)


def _items(entry: int, how_many: int) -> Iterator[CommentItem]:
    """Make comments: two of three answered by me, some pingbacks, a hundred authors."""
    for number in range(how_many):
        key, answers = f"{entry}-{number}", number % 2 == 1 and number % 6 != 5
        name = "CWM" if answers else f"Lecteur {(entry + number) % 100}"
        url = "https://cwm.invalid/" if answers else f"https://{(entry + number) % 100}.invalid/"
        text = f"{_TEXTS[number % 4]} {key}"
        yield CommentItem(
            key=key,
            kind=Kind.PINGBACK if number % 20 == 8 else Kind.COMMENT,
            url=f"https://blog.invalid/{entry}#comment-{number}",
            author=Author(name=name, url=url),
            published_at=_NOW - timedelta(hours=2 * (how_many - number), minutes=entry),
            content_html=f"<p>{text}</p>",
            text=text,
            in_reply_to=(f"{entry}-{number - 1}",) if answers else (),
            fingerprint=sha256(text.encode()).hexdigest(),
        )


def _act(context: Context) -> None:
    """Do something with every tenth comment: file away, put off, hide, label, assign."""
    comments = tables.comments
    done: dict[int, dict[str, Any]] = {
        0: {"state": "handled", "filed_at": _NOW, "filed_why": "merci"},
        1: {"state": "snoozed", "snoozed_until": _NOW + timedelta(days=3)},
        2: {"state": "hidden", "hidden": True},
        3: {"state": "sent", "sent_at": _NOW},
        4: {"assigned_to": "Magalie"},
    }
    with context.database.write() as session:
        for rest, changed in done.items():
            chosen = (comments.c.id % 50 == rest) & (comments.c.state == "waiting")
            session.execute(update(comments).where(chosen).values(expects=True, **changed))
        session.execute(tables.labels.insert().values(id=1, name="presse"))
        carried = select(comments.c.id, 1).where(comments.c.id % 40 == 0)
        names = ["comment_id", "label_id"]
        session.execute(tables.comment_labels.insert().from_select(names, carried))


def _longest(context: Context) -> int:
    with context.database.read() as session:
        query = select(tables.threads.c.id).order_by(tables.threads.c.comment_count.desc())
        return int(session.execute(query.limit(1)).scalar_one())


if __name__ == "__main__":
    main()
