"""What polling remembers beside the sources: what servers asked for, and what came."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from aggregator.storage.tables.base import Moment, metadata

host_pauses = Table(
    "host_pauses",
    metadata,
    Column("host", String, primary_key=True),
    Column("until", Moment, nullable=False),
    comment="Hosts that asked to be left alone (429, 503), for all their sources.",
)

robots = Table(
    "robots",
    metadata,
    Column("origin", String, primary_key=True),
    # what the file says; empty where there is none, and everything is allowed
    Column("rules", String, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    comment="robots.txt of the sites whose pages were asked for (RFC 9309).",
)

readings = Table(
    "readings",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    # of the program that read it: what another would read otherwise is read anew
    Column("version", Integer, nullable=False),
    Column("body_hash", LargeBinary(32), nullable=False),
    Column("pieces", LargeBinary, nullable=False),
    comment="The pieces of the last document of a source: those known are not read again.",
)

samples = Table(
    "samples",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("fetched_at", Moment, nullable=False),
    Column("url", String, nullable=False),
    Column("content_type", String),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    comment="How the last body of a source began, as it came.",
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    # moved: the site says so for good; found: announced by the site of a source that fails
    Column("kind", String, nullable=False),
    Column("url", String, nullable=False),
    Column("title", String),
    Column("found_at", Moment, nullable=False),
    Column("declined_at", Moment),
    # once it was taken, `url` is the address that the source had before
    Column("accepted_at", Moment),
    UniqueConstraint("source_id", "url"),
    comment="Addresses that feeds.yaml might name instead of a source's.",
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("url", String),
    Column("title", String, nullable=False),
    Column("purged_at", Moment, nullable=False),
    comment="Entries that were thrown away, so that no document brings them back.",
)
Index("ix_tombstones_url", tombstones.c.source_id, tombstones.c.url)

counters = Table(
    "counters",
    metadata,
    # such as polls.changed, entries.new
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
    comment="What was done since the database was made, for /metrics.",
)

kept_answers = Table(
    "kept_answers",
    metadata,
    # SHA-256 of the address that was asked for: it may hold a password
    Column("address", String, primary_key=True),
    Column("fetched_at", Moment, nullable=False),
    Column("is_feed", Boolean, nullable=False),
    Column("url", String, nullable=False),
    # statuses and addresses
    Column("redirects", JSON, nullable=False),
    Column("etag", String),
    Column("last_modified", String),
    Column("content_type", String),
    Column("fresh_s", Integer),
    Column("body", LargeBinary, nullable=False),
    comment="What looking for feeds brought, so that following one does not ask again.",
)
