"""Make room for conversations: comment feeds, threads, comments, and what is done with them."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "m0003"
down_revision: Final = "m0002"

_STATES: Final = ("waiting", "sent", "answered", "handled", "snoozed", "hidden")


def upgrade() -> None:
    """Add the tables, the columns and the search index."""
    _create_labels()
    _create_phrases()
    _create_comment_feeds()
    _create_threads()
    _create_comments()
    _index_comments()
    _create_widgets()
    _create_comment_labels()
    _widen_what_is_there()
    op.execute(
        "CREATE VIRTUAL TABLE comment_search USING fts5("
        "author, text, content='comments', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2')"
    )


def _create_labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("name", name=op.f("uq_labels_name")),
    )


def _create_phrases() -> None:
    op.create_table(
        "phrases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrases")),
        sa.UniqueConstraint("text", name=op.f("uq_phrases_text")),
        comment="Saved phrases, to begin an answer with.",
    )


def _create_comment_feeds() -> None:
    op.create_table(
        "comment_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("wanted", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("validated_url", sa.String(), nullable=True),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_for", sa.JSON(), nullable=False),
        sa.Column("last_polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("fault_code", sa.String(), nullable=True),
        sa.Column("fault_params", sa.JSON(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("count_seen", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entries.id"],
            name=op.f("fk_comment_feeds_entry_id_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
            name=op.f("fk_comment_feeds_source_id_sources"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_feeds")),
        sa.UniqueConstraint("source_id", "url", name=op.f("uq_comment_feeds_source_id_url")),
        comment="Where the comments of a site, or of one article, are asked for.",
    )
    op.create_index(
        "ix_comment_feeds_due",
        "comment_feeds",
        ["next_poll_at"],
        unique=False,
        sqlite_where=sa.text("wanted = 1"),
        postgresql_where=sa.text("wanted"),
    )
    op.create_index("ix_comment_feeds_entry", "comment_feeds", ["entry_id"], unique=False)


def _create_threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        *(
            sa.Column(f"{counted}_count", sa.Integer(), server_default="0", nullable=False)
            for counted in ("comment", "pingback", *_STATES, "last_word")
        ),
        sa.Column("first_comment_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_comment_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("oldest_waiting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_upto", sa.Integer(), server_default="0", nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_threads_entry_id_entries")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_threads_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_threads_entry_id")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_threads_source_id_key")),
        comment="An article and its comments, even while the article itself is not stored.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_threads_last_comment", "threads", ["last_comment_at", "id"], unique=False)


def _create_comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("author_url", sa.String(), nullable=True),
        sa.Column("author_image", sa.String(), nullable=True),
        sa.Column("email_hash", sa.String(), nullable=True),
        sa.Column("by_author", sa.Boolean(), nullable=False),
        sa.Column("content_html", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("asks", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("vanished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("in_reply_to", sa.JSON(), nullable=False),
        sa.Column("in_words", sa.Boolean(), nullable=False),
        sa.Column("mine", sa.String(), nullable=True),
        sa.Column("suspect", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("pairing", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expects", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.String(), server_default="none", nullable=False),
        sa.Column("last_word", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("parent_by_hand", sa.Integer(), nullable=True),
        sa.Column("starred", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_why", sa.String(), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("draft", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_comments_source_id_sources")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_comments_thread_id_threads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_comments_source_id_key")),
        comment="What people wrote under articles; what vanished is kept and marked.",
        sqlite_autoincrement=True,
    )


def _index_comments() -> None:
    by_date = ["published_at", "id"]
    _index("published", by_date)
    _index("source_url", ["source_id", "url"])
    figured = ["published_at", "source_id", "thread_id", "state", "answered_at", "expects"]
    _index("expected", figured, only="expects = 1", elsewhere="expects")
    _index("last_word", by_date, only="last_word = 1", elsewhere="last_word")
    _index("source_state", ["source_id", "state", *by_date])
    _index("starred", by_date, only="starred = 1", elsewhere="starred")
    _index("state", ["state", *by_date])
    _index("thread", ["thread_id", *by_date, "parent_id", "kind", "state", "mine"])
    linking, of_source = "kind = 'pingback' AND ", ["source_id", *by_date]
    only, elsewhere = f"{linking}hidden = 0", f"{linking}NOT hidden"
    _index("pingbacks", by_date, only=only, elsewhere=elsewhere)
    _index("source_last_word", of_source, only="last_word = 1", elsewhere="last_word")
    _index("source_pingbacks", of_source, only=only, elsewhere=elsewhere)
    _index("author", ["author", "author_url", "published_at"])
    _index("author_url", ["author_url", "author"], only="author_url IS NOT NULL")
    _index("assigned", ["assigned_to", *by_date], only="assigned_to IS NOT NULL")


def _index(
    name: str, columns: list[str], *, only: str = "", elsewhere: str = "", of: str = "comments"
) -> None:
    """Index a table, `only` some of its rows; `elsewhere` says the same to PostgreSQL."""
    op.create_index(
        f"ix_{of}_{name}",
        of,
        columns,
        sqlite_where=sa.text(only) if only else None,
        postgresql_where=sa.text(elsewhere or only) if only else None,
    )


def _create_widgets() -> None:
    op.create_table(
        "widgets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("shown", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["pages.id"], name=op.f("fk_widgets_page_id_pages"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["threads.id"],
            name=op.f("fk_widgets_thread_id_threads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_widgets")),
        sa.UniqueConstraint(
            "page_id", "kind", "thread_id", name=op.f("uq_widgets_page_id_kind_thread_id")
        ),
        comment="Boxes that are no source: comments to answer, one conversation.",
    )


def _create_comment_labels() -> None:
    op.create_table(
        "comment_labels",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name=op.f("fk_comment_labels_comment_id_comments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["label_id"],
            ["labels.id"],
            name=op.f("fk_comment_labels_label_id_labels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", "label_id", name=op.f("pk_comment_labels")),
    )
    op.create_index(
        "ix_comment_labels_label", "comment_labels", ["label_id", "comment_id"], unique=False
    )


def _widen_what_is_there() -> None:
    op.add_column("actions", sa.Column("comments_before", sa.JSON(), nullable=True))
    for counted in ("stored_comments", "waiting_comments"):
        op.add_column(
            "entries", sa.Column(counted, sa.Integer(), server_default="0", nullable=False)
        )
    op.add_column(
        "sources", sa.Column("comments", sa.String(), server_default="auto", nullable=False)
    )
    op.add_column("sources", sa.Column("comments_planned", sa.String(), nullable=True))
    op.add_column("sources", sa.Column("generator", sa.String(), nullable=True))
    op.add_column(
        "sources", sa.Column("waiting_count", sa.Integer(), server_default="0", nullable=False)
    )
    _index("waiting", ["waiting_count"], only="waiting_count > 0", of="sources")
