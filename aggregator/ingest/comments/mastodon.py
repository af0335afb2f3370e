"""Mastodon: what was answered to a status, and to its answers (`/api/v1/statuses/ID/context`)."""

import re
from html import escape
from typing import Final

from aggregator.ingest.comments.items import RawComment, RawComments
from aggregator.ingest.json_feed import Object, objects_of, text_of
from aggregator.ingest.raw import RawAuthor, RawText

_CONTEXT: Final = re.compile(r"(?P<host>https?://[^/?#]+)/api/v1/statuses/(?P<id>\w+)/context")
_MOST: Final = 60
"""As many answers as are given to those who are not logged in (context_limits of Mastodon)."""


def is_context(told: Object) -> bool:
    """Tell the context of a status."""
    return isinstance(told.get("descendants"), list)


def read(told: Object, *, url: str) -> RawComments:
    """Read the answers; all there are, unless there are more than are told to strangers."""
    asked = _CONTEXT.match(url)
    status = asked["id"] if asked else _root(told)
    answers = list(objects_of(told["descendants"]))
    author = next(
        (
            text_of(one, "in_reply_to_account_id")
            for one in answers
            if status and text_of(one, "in_reply_to_id") == status
        ),
        None,
    )
    address = _address(answers, author, status)
    return RawComments(
        platform="mastodon",
        comments=[_comment(one, status, author, address) for one in answers],
        whole=len(answers) < _MOST,
    )


def _root(told: Object) -> str | None:
    """Give the status that nothing in the answer is: what the first answer answers."""
    answers = list(objects_of(told["descendants"]))
    known = {text_of(one, "id") for one in answers}
    parents = (text_of(one, "in_reply_to_id") for one in answers)
    return next((parent for parent in parents if parent and parent not in known), None)


def _address(answers: list[Object], author: str | None, status: str | None) -> str | None:
    """Find the address of the status by who is mentioned in what answers it."""
    for answer in answers:
        mentions = answer.get("mentions")
        for one in objects_of(mentions if isinstance(mentions, list) else []):
            if author and text_of(one, "id") == author and (profile := text_of(one, "url")):
                return f"{profile}/{status}"
    return None


def _comment(
    told: Object, status: str | None, author: str | None, address: str | None
) -> RawComment:
    account = told.get("account")
    account = account if isinstance(account, dict) else {}
    parent = text_of(told, "in_reply_to_id")
    return RawComment(
        guid=text_of(told, "id"),
        link=text_of(told, "url") or text_of(told, "uri"),
        author=RawAuthor(
            name=text_of(account, "display_name") or text_of(account, "acct"),
            url=text_of(account, "url"),
        ),
        texts=(RawText(value=_said(told), markup=True),),
        published=text_of(told, "created_at"),
        updated=text_of(told, "edited_at"),
        image=text_of(account, "avatar_static") or text_of(account, "avatar"),
        by_author=author is not None and text_of(account, "id") == author,
        in_reply_to=(parent,) if parent and parent != status else (),
        about=tuple(one for one in (address, status) if one),
    )


def _said(told: Object) -> str:
    """Give the words, after the warning that hides them."""
    warning, content = text_of(told, "spoiler_text"), text_of(told, "content") or ""
    return f"<p><strong>{escape(warning)}</strong></p>{content}" if warning else content
