"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read tolerantly: what is of a wrong type is absent."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from aggregator.errors import ParseError
from aggregator.ingest.raw import RawAuthor, RawEnclosure, RawEntry, RawFeed, RawText

Object = dict[str, Any]

_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""What `\\u0000` and `\\ud800` bring in, past all that was done to the bytes."""


def read_json(body: bytes) -> Any:
    """Read JSON, whatever it says.

    Raises:
        ParseError: `not-readable`, it is none.
    """
    try:
        return json.loads(body, strict=False)
    except (ValueError, RecursionError) as error:
        raise ParseError("not-readable", detail=f"broken JSON ({error})") from error


def read_feed(feed: Any) -> RawFeed:
    """Read a JSON Feed.

    Raises:
        ParseError: `not-readable`, it is JSON of something else.
    """
    version = text_of(feed, "version") or "" if isinstance(feed, dict) else ""
    if "jsonfeed.org/version/" not in version:
        raise ParseError("not-readable", detail="JSON, but not a JSON Feed")
    return RawFeed(
        format="json11" if version.rstrip("/").endswith("/1.1") else "json1",
        title=_line(feed, "title"),
        link=text_of(feed, "home_page_url"),
        language=text_of(feed, "language"),
        authors=_authors(feed),
        hub_link=next((text_of(hub, "url") for hub in _objects(feed, "hubs")), None),
        entries=tuple(_entry(item) for item in _objects(feed, "items")),
    )


def _entry(item: Object) -> RawEntry:
    return RawEntry(
        guid=text_of(item, "id"),
        link=text_of(item, "url") or text_of(item, "external_url"),
        title=_line(item, "title"),
        texts=tuple(
            RawText(value=value, markup=name == "content_html")
            for name in ("content_html", "content_text", "summary")
            if (value := text_of(item, name))
        ),
        published=text_of(item, "date_published"),
        updated=text_of(item, "date_modified"),
        authors=_authors(item),
        categories=tuple(
            _NO_TEXT.sub("", tag) for tag in _list(item, "tags") if isinstance(tag, str)
        ),
        enclosures=tuple(
            RawEnclosure(
                url=url,
                media_type=text_of(file, "mime_type"),
                length=text_of(file, "size_in_bytes"),
            )
            for file in _objects(item, "attachments")
            if (url := text_of(file, "url"))
        ),
        language=text_of(item, "language"),
    )


def _authors(value: Object) -> tuple[RawAuthor, ...]:
    """Read `authors` of 1.1, else the `author` of 1.0."""
    authors = list(_objects(value, "authors"))
    single = value.get("author")
    if not authors and isinstance(single, dict):
        authors = [single]
    return tuple(RawAuthor(name=text_of(one, "name"), url=text_of(one, "url")) for one in authors)


def _line(value: Object, name: str) -> RawText | None:
    text = text_of(value, name)
    return RawText(value=text, markup=False) if text else None


def text_of(value: Object, name: str) -> str | None:
    """Give a string, or a number as one: ids are numbers in feeds written carelessly."""
    found = value.get(name)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(int(found)) if found == found // 1 else str(found)
    return _NO_TEXT.sub("", found).strip() or None if isinstance(found, str) else None


def _list(value: Object, name: str) -> list[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else []


def _objects(value: Object, name: str) -> Iterator[Object]:
    return objects_of(_list(value, name))


def objects_of(values: Sequence[Any]) -> Iterator[Object]:
    """Give the objects of a list."""
    return (one for one in values if isinstance(one, dict))
