"""Answers made small for the way: what is text, is long enough, and is asked for so."""

import gzip
from typing import Final

from flask import Flask, Response, request

WORTH_IT_BYTES: Final = 1000
"""Less fits into one packet of the network either way."""

QUICKLY: Final = 4
THOROUGHLY: Final = 9
"""Levels of gzip: for a page, made anew each time, and for a file, packed once and kept."""

_TEXTS: Final = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/xml",
        "image/svg+xml",
    }
)


def compress(app: Flask) -> None:
    """Send texts gzipped to whoever takes them so.

    Only gzip: browsers take brotli over HTTPS alone, and no page holds a secret that its
    size could betray (forms carry no token).
    """
    files: dict[str, bytes] = {}

    def packed(answer: Response) -> Response:
        if not _is_worth_it(answer):
            return answer
        answer.vary.add("Accept-Encoding")
        if not request.accept_encodings.quality("gzip"):
            return answer
        is_file, (etag, _) = answer.direct_passthrough, answer.get_etag()
        answer.direct_passthrough = False
        body = answer.get_data()
        if is_file:
            answer.close()  # it is read: who goes away before it is sent must not keep it open
        if not (is_file and etag):
            answer.set_data(gzip.compress(body, QUICKLY, mtime=0))
        else:
            if etag not in files:
                files[etag] = gzip.compress(body, THOROUGHLY, mtime=0)
            answer.set_data(files[etag])
            # The bytes are not those that a strong tag stands for (RFC 9110 §8.8.1).
            answer.set_etag(etag, weak=True)
        answer.content_encoding = "gzip"
        return answer

    app.after_request(packed)


def _is_worth_it(answer: Response) -> bool:
    kind = answer.mimetype or ""
    return (
        (kind.startswith("text/") or kind in _TEXTS)
        and answer.status_code not in {204, 206, 304}
        and not answer.content_encoding
        and (answer.content_length or 0) >= WORTH_IT_BYTES
    )
