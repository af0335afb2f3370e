"""Where an answer is written at the source, and when one is given up waiting for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit, urlunsplit

LOOKS: Final = (1, 3, 12)
"""After so many manual floors from the sending on a thread is asked for the answer."""

_NUMBERED: Final = re.compile(r"comment-(\d{1,18})", re.ASCII)


def answer_place(
    *, generator: str | None, comment_url: str | None, thread_url: str | None
) -> str | None:
    """Tell the address at which a comment is answered; None where none is known.

    WordPress opens its form under the comment by `?replytocom=`; elsewhere it is the comment
    itself, else its article.
    """
    number = _NUMBERED.fullmatch(urlsplit(_web(comment_url) or "").fragment)
    page = _web(thread_url) or _web(comment_url)
    if number and page and "wordpress" in (generator or "").lower():
        parts = urlsplit(page)
        query = "&".join(filter(None, (parts.query, f"replytocom={number[1]}")))
        return urlunsplit(parts._replace(query=query, fragment="respond"))
    return _web(comment_url) or _web(thread_url)


def _web(url: str | None) -> str | None:
    """Give an address back if a browser may be sent there."""
    try:
        return url if url and urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How the search for an answer that was sent stands.

    `next_at` is when the thread is asked next, None where no look is left. `missed_after`
    tells how long after the sending the last look found nothing, None while one is left.
    """

    next_at: datetime | None
    missed_after: timedelta | None


def looks_from(sent_at: datetime, floor: timedelta) -> tuple[datetime, ...]:
    """Tell the moments at which the thread is asked for an answer sent then."""
    return tuple(sent_at + floor * times for times in LOOKS)


def search_of(
    sent_at: datetime, *, asked_for: Sequence[datetime], looked_at: datetime | None
) -> Search:
    """Tell how the search stands.

    `asked_for` are the moments at which the thread will be asked, `looked_at` when it was
    asked last, with success.
    """
    ahead = sorted(moment for moment in asked_for if looked_at is None or moment > looked_at)
    if ahead:
        return Search(next_at=ahead[0], missed_after=None)
    missed = looked_at is not None and looked_at > sent_at
    return Search(next_at=None, missed_after=looked_at - sent_at if missed and looked_at else None)
