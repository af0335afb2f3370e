"""WordPress's comments as its REST interface gives them (`/wp-json/wp/v2/comments`).

It tells all but pingbacks, which it gives to those who may moderate alone.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from aggregator.domain.conversations.comments import Kind
from aggregator.ingest.comments.items import RawComment, RawComments
from aggregator.ingest.comments.wordpress import article_page, is_ping
from aggregator.ingest.json_feed import Object, objects_of, text_of
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawAuthor, RawText

_HOME: Final = re.compile(r"/wp-json(?:/|$).*|/?(?:index\.php)?\?(?:.*&)?rest_route=.*")
_PER_PAGE: Final = 10
"""As many as it gives where it is not asked for more."""


def is_comments(told: Sequence[Any]) -> bool:
    """Tell a list of comments from other lists; an empty one tells nothing and may be one."""
    return all(isinstance(one, dict) and {"author_name", "content"} <= one.keys() for one in told)


def read(told: Sequence[Any], *, url: str) -> RawComments:
    """Read the comments of an answer; its next page is asked for while pages are full."""
    query = parse_qs(urlsplit(url).query)
    per_page, page = _number(query, "per_page", _PER_PAGE), _number(query, "page", 1)
    full = len(told) >= per_page
    links = {text_of(one, "id"): text_of(one, "link") for one in objects_of(told)}
    home = _HOME.sub("", url)
    return RawComments(
        platform="wordpress-rest",
        comments=[_comment(one, home, links) for one in objects_of(told)],
        next_link=_with_page(url, page + 1) if full else None,
        whole=page == 1 and not full,
        pingbacks=False,
    )


def _comment(told: Object, home: str, links: Mapping[str | None, str | None]) -> RawComment:
    post, number, parent = (text_of(told, name) or "0" for name in ("post", "id", "parent"))
    link = text_of(told, "link")
    page = article_page(web_address(link, home))
    stem = f"{home}/?p={post}"
    said = _rendered(told)
    typed = (text_of(told, "type") or "comment") in {"pingback", "trackback"}
    answered = links.get(parent) or (f"{page}#comment-{parent}" if page else None)
    date = text_of(told, "date_gmt")
    return RawComment(
        guid=f"{stem}#comment-{number}",
        link=link,
        author=RawAuthor(name=text_of(told, "author_name"), url=text_of(told, "author_url")),
        texts=(RawText(value=said, markup=True),),
        published=f"{date}Z" if date and not date.endswith("Z") else date,
        image=_portrait(told),
        kind=Kind.PINGBACK if typed or is_ping(said) else Kind.COMMENT,
        in_reply_to=(f"{stem}#comment-{parent}", *([answered] if answered else []))
        if parent != "0"
        else (),
        about=(stem, *([page] if page else [])),
    )


def _rendered(told: Object) -> str:
    content = told.get("content")
    return (text_of(content, "rendered") or "") if isinstance(content, dict) else ""


def _portrait(told: Object) -> str | None:
    """Give the largest portrait."""
    sizes = told.get("author_avatar_urls")
    if not isinstance(sizes, dict):
        return None
    by_size = {int(size): text_of(sizes, size) for size in sizes if size.isdecimal()}
    return by_size[max(by_size)] if by_size else None


def _number(query: Mapping[str, Sequence[str]], name: str, otherwise: int) -> int:
    value = query.get(name, ("",))[0]
    return int(value) if value.isdecimal() and int(value[:9]) > 0 else otherwise


def _with_page(url: str, page: int) -> str:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return urlunsplit(parts._replace(query=urlencode(query | {"page": str(page)}, safe="/")))
