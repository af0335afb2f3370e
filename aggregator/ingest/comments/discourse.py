"""Discourse: the feed of a topic, or of all posts (topics/show.rss.erb, posts/latest.rss.erb).

The first post of a topic is the article; the others are its comments. What a post quotes is
what it answers: the feed tells no other parent.
"""

import re
from collections.abc import Sequence
from typing import Final

from aggregator.ingest.comments.items import RawComment, RawComments, plain, signed
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawAuthor, RawEntry, RawFeed, RawText

_KEY: Final = re.compile(r"(?P<host>.+)-post-(?P<topic>\d+)-(?P<number>\d+)")
_CREATOR: Final = re.compile(r"@(?P<user>\S+)(?:\s+(?P<name>\S.*))?")
_POST: Final = re.compile(r"(?P<topic>(?P<home>https?://[^?#]+)/t/(?:[^/?#]+/)?\d+)(?:/\d+)?/?")
_QUOTE: Final = re.compile(r"<aside\b[^<>]{0,500}>", re.IGNORECASE)
_QUOTED: Final = re.compile(r"""\bdata-(post|topic)\s*=\s*["']?(\d+)""", re.IGNORECASE)
_LINE: Final = re.compile(r"\s*<p>(?:[^<>]|</?a\b[^<>]*>)*+</p>\s*")


def recognises(feed: RawFeed, *, url: str) -> bool:  # noqa: ARG001 - as all platforms are asked
    """Tell a feed of Discourse's posts by their ids."""
    return any(_KEY.fullmatch(entry.guid or "") for entry in feed.entries)


def read(feed: RawFeed, *, url: str) -> RawComments:
    """Read the comments of a feed; whole where it goes back to the first post of its topic."""
    posts = [(entry, _KEY.fullmatch(entry.guid or "")) for entry in feed.entries]
    known = [(entry, key) for entry, key in posts if key]
    topics = {key["topic"] for _, key in known}
    firsts = {key["topic"]: entry for entry, key in known if key["number"] == "1"}
    return RawComments(
        platform="discourse",
        title=plain(feed.title),
        comments=[
            _comment(entry, key, url, firsts.get(key["topic"]))
            for entry, key in known
            if key["number"] != "1"
        ],
        next_link=feed.next_link,
        whole=len(topics) == len(firsts) == 1,
        remarks=feed.remarks,
    )


def _comment(entry: RawEntry, key: re.Match[str], url: str, first: RawEntry | None) -> RawComment:
    page = _POST.fullmatch(web_address(entry.link, url) or "")
    raw = signed(entry)
    creator = _CREATOR.fullmatch((raw.name or "").strip())
    parent = _parent(entry.texts, key["topic"])
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=RawAuthor(
            name=creator["name"] or creator["user"],
            url=f"{page['home']}/u/{creator['user']}" if page else None,
        )
        if creator
        else raw,
        texts=tuple(_unframed(text) for text in entry.texts),
        published=entry.published,
        updated=entry.updated,
        by_author=first is not None and raw.name is not None and raw.name == signed(first).name,
        in_reply_to=(f"{key['host']}-post-{key['topic']}-{parent}",)
        if parent and parent != "1"
        else (),
        about=(f"{key['host']}-topic-{key['topic']}", *([page["topic"]] if page else [])),
        about_title=plain(entry.title),
    )


def _parent(texts: Sequence[RawText], topic: str) -> str | None:
    """Find the number of the first post of the same topic that is quoted."""
    for quote in _QUOTE.finditer(texts[0].value if texts else ""):
        told = dict(_QUOTED.findall(quote[0]))
        if "post" in told and told.get("topic", topic) == topic:
            return str(told["post"])
    return None


def _unframed(text: RawText) -> RawText:
    """Take off what the template puts around the words: who wrote them, and a link."""
    before, opened, rest = text.value.partition("<blockquote>")
    said, closed, after = rest.rpartition("</blockquote>")
    framed = opened and closed and _LINE.fullmatch(before) and _LINE.fullmatch(after)
    return RawText(value=said, markup=text.markup, base=text.base) if framed else text
