"""Make room for what the screens need: icons, pictures allowed, sign-ins, pages as lists."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "m0002"
down_revision: Final = "m0001"


def upgrade() -> None:
    """Add the columns, tables and index."""
    op.create_table(
        "icons",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_icons")),
        comment="The small pictures of sites, each once, by what they contain.",
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        comment="Who tried to come in, from where, and whether the door opened.",
    )
    op.create_index("ix_sign_ins_tried", "sign_ins", ["tried_at"])
    # SQLite adds no column with a constraint: the icon is named without a foreign key.
    op.add_column("sources", sa.Column("icon", sa.String(), nullable=True))
    op.add_column(
        "sources", sa.Column("icon_looked_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "sources",
        sa.Column("shows_images", sa.Boolean(), nullable=False, server_default=sa.text("0")),
    )
    op.create_index("ix_entries_page_published", "entries", ["page_id", "published_at", "id"])
    # Of two indexes that would do, SQLite takes the one made last: of what is unread on a page
    # it must not walk through all that was read.
    op.drop_index("ix_entries_unread_page", "entries")
    op.create_index(
        "ix_entries_unread_page",
        "entries",
        ["page_id", "published_at", "id"],
        sqlite_where=sa.text("read = 0"),
        postgresql_where=sa.text("NOT read"),
    )
