"""Names as pieces of an address."""

import re
import unicodedata
from collections.abc import Container


def slug_of(name: str, *, taken: Container[str] = ()) -> str:
    """Make `concurrents-paris` of « Concurrents, Paris »; a number tells it from those taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "page"
    candidate, number = slug, 2
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate
