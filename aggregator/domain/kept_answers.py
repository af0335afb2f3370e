"""Answers that came while feeds were looked for: kept, so that following does not ask again."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """A good answer as it is kept; `redirects` are statuses and the addresses they named."""

    fetched_at: datetime
    is_feed: bool
    url: str
    redirects: tuple[tuple[int, str], ...]
    etag: str | None
    last_modified: str | None
    content_type: str | None
    fresh_s: int | None
    body: bytes
