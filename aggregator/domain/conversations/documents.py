"""What a document of comments tells besides its comments: what it joins, and what it misses."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from aggregator.domain.conversations.comments import CommentItem, CommentsDocument

EVER: Final = datetime.min.replace(tzinfo=UTC)
"""Before every comment."""


def joined(pages: Sequence[CommentsDocument]) -> CommentsDocument:
    """Make one document of the pages of one, which were read in their order."""
    first, last = pages[0], pages[-1]
    if len(pages) == 1:
        return first
    items = tuple(item for page in pages for item in page.items)
    told_all = last.next_url is None and last.total is not None and len(items) >= last.total
    return replace(
        first,
        items=items,
        next_url=last.next_url,
        whole=told_all or last.whole,
        pingbacks=all(page.pingbacks for page in pages),
    )


def besides(page: CommentsDocument, pages: Iterable[CommentsDocument]) -> CommentsDocument:
    """Leave out of a page what other pages of its document told before.

    Another form of a platform may write a key otherwise, but not what follows its `#`.
    """
    known = {_place(item) for other in pages for item in other.items}
    items = tuple(item for item in page.items if _place(item) not in known)
    return page if len(items) == len(page.items) else replace(page, items=items)


def _place(item: CommentItem) -> str:
    return item.key.rpartition("#")[2]


def told_since(document: CommentsDocument, *, of_article: bool) -> datetime | None:
    """Tell since when a document names every comment there is; None: it may leave out any.

    That one is whole is believed of one article's comments alone. Another holds the newest
    comments only where it begins with the newest, and goes on to ever older ones.
    """
    if document.whole and of_article:
        return EVER
    moments = [item.published_at for item in document.items]
    dated = [moment for moment in moments if moment is not None]
    if not dated or len(dated) < len(moments):
        return None
    falling = all(later >= earlier for later, earlier in pairwise(dated))
    return dated[-1] if falling else None


def distinct(items: Iterable[CommentItem]) -> tuple[CommentItem, ...]:
    """Give each comment of a document a key of its own, and each comment once.

    Two of one key by one author at one moment are one comment, told twice, if they say the
    same or are dated as editions: the later one stays. Others are two comments: the older
    keeps the key, wherever the document names it.
    """
    by_key: dict[str, dict[tuple[str, datetime | None], list[CommentItem]]] = {}
    for item in items:
        who = (item.author.name, item.published_at)
        by_key.setdefault(item.key, {}).setdefault(who, []).append(item)
    told = ([one for same in by_who.values() for one in _once(same)] for by_who in by_key.values())
    return tuple(item for of_key in told for item in _named_apart(of_key))


def _once(same: list[CommentItem]) -> list[CommentItem]:
    """Leave out what was told again, of what one author left at one moment under one key."""
    if len(same) == 1:
        return same
    same = sorted(same, key=lambda item: item.updated_at or EVER)
    if len({item.updated_at for item in same}) == len(same):
        return same[-1:]
    return list({item.fingerprint: item for item in same}.values())


def _named_apart(items: list[CommentItem]) -> list[CommentItem]:
    if len(items) == 1:
        return items
    ordered = sorted(
        items, key=lambda item: (item.published_at or EVER, item.author.name, item.fingerprint)
    )
    first, *others = ordered
    named = [first]
    given: Counter[str] = Counter()
    for item in others:
        at = item.published_at.isoformat() if item.published_at else item.author.name
        key = f"{item.key}~{at}"
        given[key] += 1
        named.append(replace(item, key=key if given[key] == 1 else f"{key}~{given[key]}"))
    return named
