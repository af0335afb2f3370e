"""Create the first tables."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "m0001"
down_revision: Final = None


def upgrade() -> None:
    """Create the first tables and the search index."""
    _create_actions()
    _create_hosts()
    _create_installation()
    _create_pages()
    _create_sources()
    _index_sources()
    _create_entries()
    _index_entries()
    _create_polls()
    _index_polls()
    _create_bodies()
    op.execute(
        "CREATE VIRTUAL TABLE entry_search USING fts5("
        "title, text, content='bodies', content_rowid='entry_id', "
        "tokenize='unicode61 remove_diacritics 2')"
    )


def _create_actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("entry_ids", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        comment="The last acts on entries: which entries each really changed, to undo it.",
        sqlite_autoincrement=True,
    )


def _create_hosts() -> None:
    op.create_table(
        "hosts",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
        comment="Which process may ask a host now: one at a time, over all processes.",
    )


def _create_installation() -> None:
    op.create_table(
        "installation",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
        comment="Facts of this installation: which feeds.yaml, its last good text, heartbeats.",
    )


def _create_pages() -> None:
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("name", name=op.f("uq_pages_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_pages_slug")),
    )


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("retired_since", sa.Date(), nullable=True),
        sa.Column("retired_why", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("every_s", sa.Integer(), nullable=True),
        sa.Column("feed_url", sa.String(), nullable=True),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("site_url", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("comments_url", sa.String(), nullable=True),
        sa.Column("hub_url", sa.String(), nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("validated_url", sa.String(), nullable=True),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_took_ms", sa.Integer(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("fault_code", sa.String(), nullable=True),
        sa.Column("fault_params", sa.JSON(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unread_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_entry_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_sources_page_id_pages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("url", name=op.f("uq_sources_url")),
    )


def _index_sources() -> None:
    op.create_index(
        "ix_sources_due",
        "sources",
        ["next_poll_at"],
        unique=False,
        sqlite_where=sa.text("listed = 1 AND paused = 0 AND retired_since IS NULL"),
        postgresql_where=sa.text("listed AND NOT paused AND retired_since IS NULL"),
    )
    op.create_index(
        "ix_sources_page_id_position", "sources", ["page_id", "position"], unique=False
    )


def _create_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("starred", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_entries_page_id_pages")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_entries_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_entries_source_id_key")),
        sqlite_autoincrement=True,
    )


def _index_entries() -> None:
    op.create_index("ix_entries_published", "entries", ["published_at", "id"], unique=False)
    op.create_index(
        "ix_entries_source_published", "entries", ["source_id", "published_at", "id"], unique=False
    )
    op.create_index("ix_entries_source_url", "entries", ["source_id", "url"], unique=False)
    op.create_index(
        "ix_entries_starred",
        "entries",
        ["published_at", "id"],
        unique=False,
        sqlite_where=sa.text("starred = 1"),
        postgresql_where=sa.text("starred"),
    )
    op.create_index(
        "ix_entries_unread",
        "entries",
        ["published_at", "id"],
        unique=False,
        sqlite_where=sa.text("read = 0"),
        postgresql_where=sa.text("NOT read"),
    )
    op.create_index(
        "ix_entries_unread_page",
        "entries",
        ["page_id", "published_at", "id"],
        unique=False,
        sqlite_where=sa.text("read = 0"),
        postgresql_where=sa.text("NOT read"),
    )
    op.create_index(
        "ix_entries_unread_source",
        "entries",
        ["source_id", "id"],
        unique=False,
        sqlite_where=sa.text("read = 0"),
        postgresql_where=sa.text("NOT read"),
    )


def _create_polls() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("fault_code", sa.String(), nullable=True),
        sa.Column("bytes_received", sa.Integer(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("entries_new", sa.Integer(), nullable=False),
        sa.Column("entries_changed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
            name=op.f("fk_polls_source_id_sources"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )


def _index_polls() -> None:
    op.create_index("ix_polls_source_polled", "polls", ["source_id", "polled_at"], unique=False)


def _create_bodies() -> None:
    op.create_table(
        "bodies",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content_html", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("enclosures", sa.JSON(), nullable=False),
        sa.Column("comments_url", sa.String(), nullable=True),
        sa.Column("comments_feed_url", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entries.id"],
            name=op.f("fk_bodies_entry_id_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_bodies")),
        comment="What is read when an entry is opened or found; the index holds its title.",
    )
