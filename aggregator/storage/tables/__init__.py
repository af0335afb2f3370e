"""The tables, as migrations make them: the only description of the schema in Python.

Plain SQLAlchemy Core: no mapped classes, so that nothing lazy can leave this storey.
"""

from aggregator.storage.tables.base import Moment, metadata
from aggregator.storage.tables.conversations import (
    comment_feeds,
    comment_labels,
    comments,
    labels,
    phrases,
    threads,
    widgets,
)
from aggregator.storage.tables.polling import (
    counters,
    host_pauses,
    kept_answers,
    proposals,
    readings,
    robots,
    samples,
    tombstones,
)
from aggregator.storage.tables.reading import (
    actions,
    bodies,
    entries,
    hosts,
    icons,
    installation,
    pages,
    polls,
    sign_ins,
    sources,
)

__all__ = [
    "Moment",
    "actions",
    "bodies",
    "comment_feeds",
    "comment_labels",
    "comments",
    "counters",
    "entries",
    "host_pauses",
    "hosts",
    "icons",
    "installation",
    "kept_answers",
    "labels",
    "metadata",
    "pages",
    "phrases",
    "polls",
    "proposals",
    "readings",
    "robots",
    "samples",
    "sign_ins",
    "sources",
    "threads",
    "tombstones",
    "widgets",
]
