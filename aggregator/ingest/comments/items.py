"""From what a document says of a comment to what is kept of it: keys, UTC, safe markup."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urldefrag, urlsplit

from aggregator.domain.conversations.comments import (
    ANONYMOUS,
    CommentItem,
    CommentsDocument,
    Kind,
)
from aggregator.domain.conversations.documents import distinct
from aggregator.domain.identity import Naming, canonical_link, keys
from aggregator.domain.items import Author
from aggregator.ingest.dates import read_date
from aggregator.ingest.normalise import (
    LONGEST_NAME,
    name_and_email,
    safe_content,
    web_address,
)
from aggregator.ingest.raw import RawAuthor, RawEntry, RawText
from aggregator.ingest.sanitise import plain_line, plain_text

MOST_COMMENTS: Final = 50_000
"""Of one document; more would take longer to store than other writers wait."""

MOST_REFERENCES: Final = 8
MOST_DIGITS: Final = 9
LONGEST_REFERENCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RawComment:
    """One comment as its platform's module reads it, before anything of it is believed.

    `about` and `in_reply_to` are as `CommentItem` has them: keys as written, addresses absolute.
    """

    guid: str | None
    link: str | None
    author: RawAuthor
    texts: tuple[RawText, ...]
    published: str | None
    updated: str | None = None
    image: str | None = None
    by_author: bool = False
    kind: Kind = Kind.COMMENT
    in_reply_to: tuple[str, ...] = ()
    in_words: bool = False
    about: tuple[str, ...] = ()
    about_title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawComments:
    """A document of comments as its platform's module reads it.

    `about_title` is for the comments that do not name their article.
    """

    platform: str
    comments: Sequence[RawComment]
    title: str | None = None
    next_link: str | None = None
    total: int | None = None
    whole: bool = False
    pingbacks: bool = True
    about_title: str | None = None
    remarks: tuple[str, ...] = ()


def document(told: RawComments, *, url: str, now: datetime) -> CommentsDocument:
    """Make a document of comments fit to keep; `url` is where it was found."""
    links = [web_address(comment.link, url) for comment in told.comments]
    namings = [_naming(*one) for one in zip(told.comments, links, strict=True)]
    # what is called the same altogether is told apart, or not, by `distinct`
    called = list(dict.fromkeys(namings))
    names = dict(zip(called, keys(called), strict=True))
    kept = list(zip(told.comments, namings, links, strict=True))[:MOST_COMMENTS]
    cut = len(told.comments) > MOST_COMMENTS
    remark = (f"only the first {MOST_COMMENTS} comments are kept",) if cut else ()
    return CommentsDocument(
        platform=told.platform,
        title=plain_line(told.title or "") or None,
        items=distinct(
            _item(_named(comment, told.about_title), names[naming], link, url, now)
            for comment, naming, link in kept
        ),
        next_url=web_address(told.next_link, url),
        total=told.total,
        whole=told.whole and not cut,
        pingbacks=told.pingbacks,
        remarks=told.remarks + remark,
    )


def _naming(comment: RawComment, link: str | None) -> Naming:
    # by its address a comment is known by the fragment too
    guid = comment.guid or (address_of(link) if link else None)
    if guid:
        return Naming(guid=guid, url=link, title="", date="")
    date = comment.published or comment.updated or ""
    return Naming(guid=None, url=None, title=_said(comment), date=date)


def _named(comment: RawComment, title: str | None) -> RawComment:
    return replace(comment, about_title=title) if title and not comment.about_title else comment


def signed(entry: RawEntry) -> RawAuthor:
    """Give who signs an entry; whoever else signs it is not kept."""
    return entry.authors[0] if entry.authors else RawAuthor()


def plain(text: RawText | None) -> str:
    """Give a title as plain words."""
    return plain_line(text.value, markup=text.markup) if text else ""


def count(text: str | None) -> int | None:
    """Read a number of comments."""
    return int(text) if text and text.isdecimal() and len(text) <= MOST_DIGITS else None


def address_of(url: str) -> str:
    """Write the address of a comment as other spellings of it; the fragment names it."""
    fragment = urldefrag(url).fragment
    return canonical_link(url) + (f"#{fragment}" if fragment else "")


def _said(comment: RawComment) -> str:
    """Give what tells two comments apart that have neither id nor address."""
    return "\n".join([comment.author.name or "", *(text.value for text in comment.texts[:1])])


def _item(comment: RawComment, key: str, link: str | None, url: str, now: datetime) -> CommentItem:
    author = _author(comment.author, url)
    content_html = safe_content(comment.texts, url)
    updated_at = read_date(comment.updated, now)
    return CommentItem(
        key=key,
        kind=comment.kind,
        url=link,
        author=author,
        image=web_address(comment.image, url),
        by_author=comment.by_author,
        published_at=read_date(comment.published, now) or updated_at,
        updated_at=updated_at,
        content_html=content_html,
        text=plain_text(content_html),
        in_reply_to=_references(comment.in_reply_to, besides=key),
        in_words=comment.in_words,
        about=_references(_spellings(comment.about), besides=key),
        about_title=plain_line(comment.about_title or "") or None,
        fingerprint=_fingerprint(author, comment.kind, content_html),
    )


def _author(told: RawAuthor, url: str) -> Author:
    name, email = name_and_email(told)
    address = web_address(told.url, url)
    if not name and address:
        name = (urlsplit(address).hostname or "")[:LONGEST_NAME]
    return Author(name=name or ANONYMOUS, url=address, email=email)


def _spellings(told: Sequence[str]) -> Iterator[str]:
    """Name an article without what its address tells of its readers, and as written too."""
    for one in told:
        if one.startswith(("http://", "https://")):
            yield canonical_link(one)
        yield one


def _references(told: Iterable[str], *, besides: str) -> tuple[str, ...]:
    """Clean what names other things; what names the comment itself says nothing."""
    named = (re.sub(r"[\x00-\x20\x7f]+", " ", one).strip() for one in told)
    kept = dict.fromkeys(
        one for one in named if one and one != besides and len(one) <= LONGEST_REFERENCE
    )
    return tuple(kept)[:MOST_REFERENCES]


def _fingerprint(author: Author, kind: Kind, content_html: str) -> str:
    seen = [author.name, author.url or "", kind, content_html]
    return sha256("\x1f".join(seen).encode("utf-8", "surrogatepass")).hexdigest()
