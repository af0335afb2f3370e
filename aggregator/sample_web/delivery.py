"""What goes over the wire for an answer: validators, 304 and gzip."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from aggregator.sample_web.prepared import PLACE
from aggregator.sample_web.web import Answer

_WORTH_PACKING_BYTES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A response, ready to be sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def deliver(answer: Answer, *, address: str, asked: Message) -> Delivery:
    """Make the response to a request with the headers `asked`, from a server at `address`."""
    body = _encoded(answer, address)
    headers = {"Content-Type": _content_type(answer), "Vary": "Accept-Encoding"}
    if answer.location:
        headers["Location"] = answer.location.replace(PLACE, address)
    if answer.retry_after_s:
        headers["Retry-After"] = str(answer.retry_after_s)
    if answer.status != 200:
        return _packed(answer.status, headers, body, asked)
    headers["ETag"] = etag = _tag(answer, body)
    if answer.changed_at:
        headers["Last-Modified"] = format_datetime(answer.changed_at.astimezone(UTC), usegmt=True)
    if _same(etag, answer.changed_at, asked):
        del headers["Content-Type"]
        return Delivery(status=304, headers=headers, body=b"")
    return _packed(200, headers, body, asked)


def _tag(answer: Answer, body: bytes) -> str:
    told = str(answer.changed_at).encode() if answer.tagged_by_date else body
    return f'W/"{hashlib.sha256(told).hexdigest()[:24]}"'


def _encoded(answer: Answer, address: str) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    text = answer.body.replace(PLACE, address)
    return text.encode(answer.encoding, "xmlcharrefreplace")


def _content_type(answer: Answer) -> str:
    # the undated site does not know its encoding either: the document has to tell
    if isinstance(answer.body, bytes) or answer.media_type == "text/xml":
        return answer.media_type
    return f"{answer.media_type}; charset={answer.encoding}"


def _same(etag: str, changed_at: datetime | None, asked: Message) -> bool:
    """Tell whether the asker has this already; the date counts only without a tag (RFC 9110)."""
    if known := asked.get("If-None-Match"):
        tags = {tag.strip() for tag in known.split(",")}
        return "*" in tags or bool({etag, etag.removeprefix("W/")} & tags)
    since = asked.get("If-Modified-Since")
    if changed_at is None or not since:
        return False
    try:
        return changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # no date, or one without a zone
        return False


def _packed(status: int, headers: dict[str, str], body: bytes, asked: Message) -> Delivery:
    wanted = {
        part.split(";")[0].strip() for part in (asked.get("Accept-Encoding") or "").split(",")
    }
    if "gzip" in wanted and len(body) > _WORTH_PACKING_BYTES:
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, mtime=0)
    headers["Content-Length"] = str(len(body))
    return Delivery(status=status, headers=headers, body=body)
