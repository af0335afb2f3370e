"""What is followed and read: pages, sources, entries, polls, acts and the door."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from aggregator.storage.tables.base import Moment, metadata

installation = Table(
    "installation",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", JSON, nullable=False),
    comment="Facts of this installation: which feeds.yaml, its last good text, heartbeats.",
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String, nullable=False, unique=True),
    Column("name", String, nullable=False, unique=True),
    Column("position", Integer, nullable=False),
    Column("columns", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("listed", Boolean, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    # what feeds.yaml says
    Column("url", String, nullable=False, unique=True),
    Column("name", String),
    Column("page_id", ForeignKey("pages.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("mine", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("retired_since", Date),
    Column("retired_why", String),
    Column("purpose", String),
    Column("tags", JSON, nullable=False),
    Column("every_s", Integer),
    Column("comments", String, nullable=False, server_default="auto"),
    # for which of these its comment feeds were planned
    Column("comments_planned", String),
    # what its documents say
    Column("feed_url", String),
    Column("host", String, nullable=False),
    Column("title", String),
    Column("site_url", String),
    Column("language", String),
    Column("comments_url", String),
    Column("hub_url", String),
    Column("generator", String),
    # what its parser noticed in the last document, in English
    Column("remarks", JSON),
    # when to come back: ttl, sy:, skipHours, skipDays, and how long an answer stays fresh
    Column("hints", JSON),
    Column("fresh_s", Integer),
    # how the next request is made
    Column("etag", String),
    Column("last_modified", String),
    Column("body_hash", LargeBinary(32)),
    Column("validated_url", String),
    # a permanent redirect that was seen in how many polls, and since when
    Column("moved_to", String),
    Column("moved_polls", Integer, nullable=False, server_default="0"),
    Column("moved_since", Moment),
    Column("next_poll_at", Moment),
    # what decided it: a value of domain.schedule.Because
    Column("next_because", String),
    Column("not_before_at", Moment),
    Column("claimed_by", String),
    Column("claimed_until", Moment),
    # how it is doing
    Column("last_polled_at", Moment),
    Column("last_success_at", Moment),
    Column("last_took_ms", Integer),
    Column("http_status", Integer),
    Column("fault_code", String),
    Column("fault_params", JSON),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", Moment),
    # counters kept by the writer
    Column("entry_count", Integer, nullable=False, server_default="0"),
    Column("unread_count", Integer, nullable=False, server_default="0"),
    Column("waiting_count", Integer, nullable=False, server_default="0"),
    Column("last_entry_at", Moment),
    # its own rhythm: when a poll last brought something new, the usual time between two
    # entries, and from when it counts as asleep
    Column("last_new_at", Moment),
    Column("usual_gap_s", Integer),
    Column("dormant_from", Moment),
    # since when what one reads of it is counted, and when another address was looked for
    Column("counted_since", Moment),
    Column("replacement_sought_at", Moment),
    # what one allows it, and how it is shown
    Column("shows_images", Boolean, nullable=False, server_default=text("0")),
    Column("icon", String),
    Column("icon_looked_at", Moment),
    Column("icon_url", String),
    Column("icon_etag", String),
    Column("icon_last_modified", String),
)
Index(
    "ix_sources_due",
    sources.c.next_poll_at,
    sqlite_where=text("listed = 1 AND paused = 0 AND retired_since IS NULL"),
    postgresql_where=text("listed AND NOT paused AND retired_since IS NULL"),
)
Index(
    "ix_sources_waiting",
    sources.c.waiting_count,
    sqlite_where=text("waiting_count > 0"),
    postgresql_where=text("waiting_count > 0"),
)
Index("ix_sources_page_id_position", sources.c.page_id, sources.c.position)

hosts = Table(
    "hosts",
    metadata,
    Column("host", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("held_until", Moment, nullable=False),
    comment="Which process may ask a host now: one at a time, over all processes.",
)

entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("page_id", ForeignKey("pages.id"), nullable=False),
    Column("key", String, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("title", String, nullable=False),
    Column("url", String),
    Column("author", String),
    Column("published_at", Moment, nullable=False),
    Column("updated_at", Moment),
    Column("first_seen_at", Moment, nullable=False),
    Column("read", Boolean, nullable=False, server_default=text("0")),
    Column("starred", Boolean, nullable=False, server_default=text("0")),
    Column("comment_count", Integer),
    Column("language", String),
    # counters kept by the writer of its thread
    Column("stored_comments", Integer, nullable=False, server_default="0"),
    Column("waiting_comments", Integer, nullable=False, server_default="0"),
    # when it was first opened to be read
    Column("opened_at", Moment),
    UniqueConstraint("source_id", "key"),
    sqlite_autoincrement=True,
)
Index("ix_entries_published", entries.c.published_at, entries.c.id)
Index("ix_entries_source_published", entries.c.source_id, entries.c.published_at, entries.c.id)
Index("ix_entries_page_published", entries.c.page_id, entries.c.published_at, entries.c.id)
Index("ix_entries_source_url", entries.c.source_id, entries.c.url)
Index(
    "ix_entries_unread",
    entries.c.published_at,
    entries.c.id,
    sqlite_where=text("read = 0"),
    postgresql_where=text("NOT read"),
)
Index(
    "ix_entries_unread_page",
    entries.c.page_id,
    entries.c.published_at,
    entries.c.id,
    sqlite_where=text("read = 0"),
    postgresql_where=text("NOT read"),
)
Index(
    "ix_entries_unread_source",
    entries.c.source_id,
    entries.c.id,
    sqlite_where=text("read = 0"),
    postgresql_where=text("NOT read"),
)
Index(
    "ix_entries_starred",
    entries.c.published_at,
    entries.c.id,
    sqlite_where=text("starred = 1"),
    postgresql_where=text("starred"),
)
Index(
    "ix_entries_opened",
    entries.c.source_id,
    entries.c.opened_at,
    sqlite_where=text("opened_at IS NOT NULL"),
    postgresql_where=text("opened_at IS NOT NULL"),
)

bodies = Table(
    "bodies",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("title", String, nullable=False),
    Column("content_html", String, nullable=False),
    Column("text", String, nullable=False),
    Column("rules", Integer, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("enclosures", JSON, nullable=False),
    Column("comments_url", String),
    Column("comments_feed_url", String),
    comment="What is read when an entry is opened or found; the index holds its title.",
)

polls = Table(
    "polls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("polled_at", Moment, nullable=False),
    Column("outcome", String, nullable=False),
    Column("http_status", Integer),
    Column("fault_code", String),
    Column("fault_params", JSON),
    Column("bytes_received", Integer, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("entries_new", Integer, nullable=False),
    Column("entries_changed", Integer, nullable=False),
)
Index("ix_polls_source_polled", polls.c.source_id, polls.c.polled_at)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("act", String, nullable=False),
    Column("entry_ids", JSON, nullable=False),
    # of an act on comments: what each was before it, [[id, {column: value}], …]
    Column("comments_before", JSON),
    Column("done_at", Moment, nullable=False),
    Column("undone_at", Moment),
    sqlite_autoincrement=True,
    comment="The last acts on entries: which entries each really changed, to undo it.",
)

icons = Table(
    "icons",
    metadata,
    Column("digest", String, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    comment="The small pictures of sites, each once, by what they contain.",
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tried_at", Moment, nullable=False),
    Column("address", String, nullable=False),
    Column("outcome", String, nullable=False),
    comment="Who tried to come in, from where, and whether the door opened.",
)
Index("ix_sign_ins_tried", sign_ins.c.tried_at)
