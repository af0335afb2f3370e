"""Comments as the poller writes them."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Boolean, Select, bindparam, case, func, insert, select, update

from aggregator.domain.conversations.comments import CommentId, CommentItem, Kind, ThreadId
from aggregator.domain.conversations.questions import is_question
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.storage import dialect
from aggregator.storage.conversations import buried, threads
from aggregator.storage.conversations.chunks import chunks
from aggregator.storage.engine import Session
from aggregator.storage.tables import Moment, comments


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a document of comments brought: new ones, edited ones, and the threads they touch.

    `vanished` are those that it does not name any more.
    """

    new: tuple[CommentId, ...] = ()
    edited: tuple[CommentId, ...] = ()
    vanished: tuple[CommentId, ...] = ()
    threads: frozenset[ThreadId] = frozenset()


def take_in(  # noqa: PLR0913 - all that a document brings
    session: Session,
    *,
    source_id: SourceId,
    items: Sequence[CommentItem],
    entry_id: EntryId | None,
    now: datetime,
    rules: int,
    hashed: Callable[[str], str],
    told_since: datetime | None = None,
    only_named: bool = False,
    pingbacks: bool = True,
) -> Taken:
    """Write the comments of a document; those of one article if `entry_id` names it.

    Each item has a key of its own. `hashed` makes of an e-mail address what may be kept.
    The document names all comments after `told_since` (None: it may leave out any) of the
    article, else of the source; `only_named`: of the articles that it names at all; pingbacks
    only if it tells `pingbacks`. Threads are not arranged yet.
    """
    known = _known(session, source_id, items)
    places = {key: ThreadId(row.thread_id) for key, row in known.items()}
    scope: set[ThreadId] | None = None
    if entry_id is not None:
        own = threads.of_entry(session, source_id, entry_id)
        threads.merge_orphans(session, set(places.values()) - {own}, into=own)
        places = {item.key: own for item in items}
        scope = {own}
    else:
        items = buried.unburied(session, source_id, items, stored=known)
        unknown = [item for item in items if item.key not in known]
        places |= threads.of_items(session, source_id, unknown)
        scope = set(places.values()) if only_named else None
    new = _insert(
        session,
        [(item, places[item.key]) for item in items if item.key not in known],
        fixed={"source_id": source_id, "first_seen_at": now, "rules": rules},
        hashed=hashed,
    )
    edited = _edit(session, items, known, rules=rules, now=now)
    touched = {places[item.key] for item in items if item.key not in known or item.key in edited}
    vanished: dict[CommentId, ThreadId] = {}
    if told_since is not None:
        there = _STORED.where(
            comments.c.source_id == source_id, comments.c.published_at > told_since
        )
        if not pingbacks:
            there = there.where(comments.c.kind != Kind.PINGBACK.value)
        vanished = _miss(session, there, scope, [item.key for item in items], now=now)
    return Taken(
        new=new,
        edited=tuple(edited.values()),
        vanished=tuple(vanished),
        threads=frozenset(touched | set(vanished.values())),
    )


def brings_new(session: Session, source_id: SourceId, keys: Sequence[str]) -> bool:
    """Tell whether comments with these keys are not all stored."""
    wanted = set(keys)
    count = 0
    for some in chunks(wanted):
        query = select(func.count()).where(
            comments.c.source_id == source_id, comments.c.key.in_(some)
        )
        count += session.execute(query).scalar_one()
    return count < len(wanted)


_KNOWN: Final = select(
    *(comments.c.id, comments.c.key, comments.c.url, comments.c.author),
    *(comments.c.thread_id, comments.c.fingerprint, comments.c.vanished_at),
)


def _known(session: Session, source_id: SourceId, items: Sequence[CommentItem]) -> dict[str, Any]:
    """Find which items are stored, by their keys: under these, or by address and author.

    A platform may call one comment otherwise in each of its forms, or once it has moved to
    https.
    """
    here = _KNOWN.where(comments.c.source_id == source_id)
    found: dict[str, Any] = {}
    for some in chunks([item.key for item in items]):
        found |= {row.key: row for row in session.execute(here.where(comments.c.key.in_(some)))}
    unknown = [item for item in items if item.key not in found and item.url]
    addresses = Counter(_place(item.url) for item in items)
    named = {row.key for row in found.values()}
    by_place: dict[str, list[Any]] = {}
    places = {_place(item.url) for item in unknown}
    spelled = (f"{scheme}{one}" for one in places if addresses[one] == 1 for scheme in _SCHEMES)
    for some in chunks(spelled):
        for row in session.execute(here.where(comments.c.url.in_(some))):
            if row.key not in named:
                by_place.setdefault(_place(row.url), []).append(row)
    for item in unknown:
        rows = by_place.get(_place(item.url), [])
        if len(rows) == 1 and rows[0].author == item.author.name:
            found[item.key] = rows[0]
    return found


_SCHEMES: Final = ("https://", "http://")


def _place(url: str | None) -> str:
    """Give an address without its scheme."""
    return (url or "").partition("://")[2]


def _insert(
    session: Session,
    placed: Sequence[tuple[CommentItem, ThreadId]],
    *,
    fixed: dict[str, Any],
    hashed: Callable[[str], str],
) -> tuple[CommentId, ...]:
    if not placed:
        return ()
    now = fixed["first_seen_at"]
    rows = [
        _said(item)
        | fixed
        | {
            "thread_id": thread_id,
            "key": item.key,
            "email_hash": hashed(item.author.email) if item.author.email else None,
            "published_at": item.published_at or now,
        }
        # Oldest first, so that ids grow with time.
        for item, thread_id in sorted(placed, key=lambda one: one[0].published_at or now)
    ]
    found = session.execute(
        insert(comments).returning(comments.c.id, sort_by_parameter_order=True), rows
    ).scalars()
    ids = tuple(CommentId(comment_id) for comment_id in found)
    dialect.index_comments(session, ids)
    return ids


def _edit(
    session: Session,
    items: Sequence[CommentItem],
    known: Mapping[str, Any],
    *,
    rules: int,
    now: datetime,
) -> dict[str, CommentId]:
    """Write what differs from what is stored; give the comments that do, by their keys."""
    differing = [item for item in items if item.key in known and _differs(item, known[item.key])]
    edited = {item.key: CommentId(known[item.key].id) for item in differing}
    if not edited:
        return edited
    ids = list(edited.values())
    texts: dict[int, str] = {}
    for some in chunks(ids):
        query = select(comments.c.id, comments.c.text).where(comments.c.id.in_(some))
        texts |= {row.id: row.text for row in session.execute(query)}
    dialect.unindex_comments(session, ids)
    session.execute(
        _EDIT,
        [
            {f"new_{name}": value for name, value in _said(item).items()}
            | {"answers": bool(item.in_reply_to)}
            | {"new_rules": rules, "new_key": item.key, "comment": edited[item.key]}
            # another form of the same words is no edition
            | {"edited": now if texts[edited[item.key]].split() != item.text.split() else None}
            for item in differing
        ],
    )
    dialect.index_comments(session, ids)
    return edited


def _differs(item: CommentItem, row: Any) -> bool:
    return (
        row.fingerprint != item.fingerprint or row.vanished_at is not None or row.key != item.key
    )


_STORED: Final = select(comments.c.id, comments.c.key, comments.c.thread_id).where(
    comments.c.vanished_at.is_(None)
)


def _miss(
    session: Session,
    query: Select[Any],
    scope: Collection[ThreadId] | None,
    named: Collection[str],
    now: datetime,
) -> dict[CommentId, ThreadId]:
    """Mark comments as vanished that were to be named and were not; give them with their threads.

    `query` finds those that are stored; `scope` None means all threads of the source.
    """
    parts = [query]
    if scope is not None:
        parts = [query.where(comments.c.thread_id.in_(some)) for some in chunks(scope)]
    there = set(named)
    missed = {
        CommentId(row.id): ThreadId(row.thread_id)
        for part in parts
        for row in session.execute(part)
        if row.key not in there
    }
    for some in chunks(missed):
        session.execute(update(comments).where(comments.c.id.in_(some)).values(vanished_at=now))
    return missed


def _said(item: CommentItem) -> dict[str, Any]:
    return {
        "fingerprint": item.fingerprint,
        "kind": item.kind.value,
        "url": item.url,
        "author": item.author.name,
        "author_url": item.author.url,
        "author_image": item.image,
        "by_author": item.by_author,
        "content_html": item.content_html,
        "text": item.text,
        "asks": is_question(item.text),
        "updated_at": item.updated_at,
        "position": item.position,
        "in_reply_to": list(item.in_reply_to),
        "in_words": item.in_words,
    }


_SAID: Final = (
    *("fingerprint", "kind", "url", "author", "author_url", "author_image", "by_author"),
    *("content_html", "text", "asks", "updated_at", "position", "in_reply_to", "in_words"),
    *("rules", "key"),
)
_EDIT: Final = (
    update(comments)
    .where(comments.c.id == bindparam("comment"))
    .values(
        {name: bindparam(f"new_{name}", type_=comments.c[name].type) for name in _SAID}
        | {
            # a poorer form of its platform does not take back what another told
            name: func.coalesce(
                bindparam(f"new_{name}", type_=comments.c[name].type), comments.c[name]
            )
            for name in ("author_url", "author_image")
        }
        | {
            name: case(
                (
                    bindparam("answers", type_=Boolean()),
                    bindparam(f"new_{name}", type_=comments.c[name].type),
                ),
                else_=comments.c[name],
            )
            for name in ("in_reply_to", "in_words")
        }
        | {
            "edited_at": func.coalesce(bindparam("edited", type_=Moment()), comments.c.edited_at),
            "vanished_at": None,
        }
    )
)
