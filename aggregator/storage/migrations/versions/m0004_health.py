"""Make room for politeness and health: what servers asked for, what came, and what was read."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "m0004"
down_revision: Final = "m0003"

_MOMENT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns, tables and indexes."""
    _add_columns()
    _create_tables_of_servers()
    _create_tables_of_sources()
    _create_tables_of_the_house()
    op.create_index(
        "ix_entries_opened",
        "entries",
        ["source_id", "opened_at"],
        sqlite_where=sa.text("opened_at IS NOT NULL"),
        postgresql_where=sa.text("opened_at IS NOT NULL"),
    )


def _add_columns() -> None:
    for column in (
        sa.Column("remarks", sa.JSON()),
        sa.Column("hints", sa.JSON()),
        sa.Column("fresh_s", sa.Integer()),
        sa.Column("moved_to", sa.String()),
        sa.Column("moved_polls", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("moved_since", _MOMENT),
        sa.Column("next_because", sa.String()),
        sa.Column("last_new_at", _MOMENT),
        sa.Column("usual_gap_s", sa.Integer()),
        sa.Column("dormant_from", _MOMENT),
        sa.Column("counted_since", _MOMENT),
        sa.Column("replacement_sought_at", _MOMENT),
        sa.Column("icon_url", sa.String()),
        sa.Column("icon_etag", sa.String()),
        sa.Column("icon_last_modified", sa.String()),
    ):
        op.add_column("sources", column)
    op.add_column("entries", sa.Column("opened_at", _MOMENT))
    op.add_column("polls", sa.Column("fault_params", sa.JSON()))
    op.add_column("comment_feeds", sa.Column("fresh_s", sa.Integer()))


def _create_tables_of_servers() -> None:
    op.create_table(
        "host_pauses",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host_pauses")),
        comment="Hosts that asked to be left alone (429, 503), for all their sources.",
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("fetched_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_robots")),
        comment="robots.txt of the sites whose pages were asked for (RFC 9309).",
    )
    op.create_table(
        "kept_answers",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("fetched_at", _MOMENT, nullable=False),
        sa.Column("is_feed", sa.Boolean(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("redirects", sa.JSON(), nullable=False),
        sa.Column("etag", sa.String()),
        sa.Column("last_modified", sa.String()),
        sa.Column("content_type", sa.String()),
        sa.Column("fresh_s", sa.Integer()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_kept_answers")),
        comment="What looking for feeds brought, so that following one does not ask again.",
    )


def _source_id(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_source_id_sources")
    return (
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=name, ondelete="CASCADE"),
    )


def _create_tables_of_sources() -> None:
    op.create_table(
        "readings",
        *_source_id("readings"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("pieces", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_readings")),
        comment="The pieces of the last document of a source: those known are not read again.",
    )
    op.create_table(
        "samples",
        *_source_id("samples"),
        sa.Column("fetched_at", _MOMENT, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("content_type", sa.String()),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_samples")),
        comment="How the last body of a source began, as it came.",
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        *_source_id("proposals"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("title", sa.String()),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("declined_at", _MOMENT),
        sa.Column("accepted_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("source_id", "url", name=op.f("uq_proposals_source_id_url")),
        comment="Addresses that feeds.yaml might name instead of a source's.",
    )


def _create_tables_of_the_house() -> None:
    op.create_table(
        "tombstones",
        *_source_id("tombstones"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("url", sa.String()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("purged_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_tombstones")),
        comment="Entries that were thrown away, so that no document brings them back.",
    )
    op.create_index("ix_tombstones_url", "tombstones", ["source_id", "url"])
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
        comment="What was done since the database was made, for /metrics.",
    )
