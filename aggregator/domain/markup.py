"""Stored markup of entries, as it is shown.

Pictures are stored without `src`, as `<img data-src="…" …>`, so that a stored entry loads
nothing; `data-src` is always the first attribute, is written by `ingest.sanitise` alone, and
is always a web address.
"""

from typing import Final

STORED_IMAGE: Final = '<img data-src="'
_SHOWN_IMAGE: Final = '<img src="'


def with_images(content_html: str) -> str:
    """Let the pictures of stored content load: to be done only where the reader allows them."""
    return content_html.replace(STORED_IMAGE, _SHOWN_IMAGE)


def has_images(content_html: str) -> bool:
    """Tell whether there is a picture to ask the reader about."""
    return STORED_IMAGE in content_html
