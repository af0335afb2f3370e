"""Searching what is stored: entries and comments."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.conversations.search import FoundComment, read_search
from aggregator.domain.items import EntryId, Found
from aggregator.services.context import Context
from aggregator.storage import dialect, reading
from aggregator.storage.conversations import searching as comments

MOST_COUNTED: Final = dialect.MOST_HITS
"""A count that is as high means: so many, or more."""


class Sort(StrEnum):
    """What is looked for; the values stand in addresses and in `--json`."""

    ENTRY = "entry"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of what was found of one sort, and how many there are of each."""

    sort: Sort
    entries: tuple[Found, ...] = ()
    comments: tuple[FoundComment, ...] = ()
    entry_count: int = 0
    comment_count: int = 0
    only_comments: bool = False


def search(
    context: Context, words: str, *, limit: int = 50, before: EntryId | None = None
) -> tuple[Found, ...]:
    """Find entries that have all the words, newest first; `before` goes on after that entry.

    "Quoted words" stand together, -word leaves out, the last word may be a beginning. A limit
    of 0 means all.
    """
    with context.database.read() as session:
        return reading.search(session, words, most=limit or None, before=before)


def search_comments(
    context: Context, typed: str, *, limit: int = 50, before: CommentId | None = None
) -> tuple[FoundComment, ...]:
    """Find comments in the same way; `label:name`, `is:kept`, `is:waiting` ask for more."""
    with context.database.read() as session:
        wanted = read_search(typed)
        return comments.search(session, wanted, most=limit or None, before=before)


def page(
    context: Context, typed: str, *, sort: Sort | None, limit: int, before: int | None = None
) -> Page:
    """Find what one typed; without a sort, entries, or comments where no entry is found.

    `before` is the id of the last one of the page before.
    """
    wanted = read_search(typed)
    with context.database.read() as session:
        comment_count = comments.count_found(session, wanted)
        entry_count = 0 if wanted.of_comments else reading.count_found(session, wanted.words)
        if sort is None or wanted.of_comments:
            only = wanted.of_comments or (comment_count and not entry_count)
            sort = Sort.COMMENT if only else Sort.ENTRY
        counted = Page(
            sort=sort,
            entry_count=entry_count,
            comment_count=comment_count,
            only_comments=wanted.of_comments,
        )
        if sort is Sort.COMMENT:
            place = None if before is None else CommentId(before)
            found = comments.search(session, wanted, most=limit, before=place)
            return replace(counted, comments=found)
        after = None if before is None else EntryId(before)
        return replace(counted, entries=reading.search(session, typed, most=limit, before=after))


def kept_comments(context: Context, *, limit: int = 50) -> tuple[tuple[FoundComment, ...], int]:
    """List the comments that are kept for later, newest first, and count them all."""
    with context.database.read() as session:
        return comments.kept(session, most=limit), comments.count_kept(session)
