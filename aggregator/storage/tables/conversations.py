"""Conversations: where comments come from, threads, comments, and what one does with them."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
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

comment_feeds = Table(
    "comment_feeds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    # of one article; without one, of the whole site
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE")),
    Column("url", String, nullable=False),
    Column("origin", String, nullable=False),
    # what to ask instead when this address gives no comments: [[url, origin], …]
    Column("others", JSON, nullable=False),
    Column("host", String, nullable=False),
    Column("wanted", Boolean, nullable=False, server_default=text("1")),
    # how the next request is made
    Column("etag", String),
    Column("last_modified", String),
    Column("body_hash", LargeBinary(32)),
    Column("validated_url", String),
    Column("fresh_s", Integer),
    Column("next_poll_at", Moment),
    Column("not_before_at", Moment),
    Column("claimed_by", String),
    Column("claimed_until", Moment),
    # moments at which it is asked by hand, after an answer was sent: RFC 3339
    Column("asked_for", JSON, nullable=False),
    # how it is doing
    Column("last_polled_at", Moment),
    Column("last_success_at", Moment),
    Column("http_status", Integer),
    Column("fault_code", String),
    Column("fault_params", JSON),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", Moment),
    # the count that its article announced when it was last read
    Column("count_seen", Integer),
    UniqueConstraint("source_id", "url"),
    comment="Where the comments of a site, or of one article, are asked for.",
)
Index(
    "ix_comment_feeds_due",
    comment_feeds.c.next_poll_at,
    sqlite_where=text("wanted = 1"),
    postgresql_where=text("wanted"),
)
Index("ix_comment_feeds_entry", comment_feeds.c.entry_id)

threads = Table(
    "threads",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    # None while its article is not stored
    Column("entry_id", ForeignKey("entries.id"), unique=True),
    # what names the article in its source: its key, or its address
    Column("key", String, nullable=False),
    Column("url", String),
    Column("title", String, nullable=False),
    # counters kept by the writer
    Column("comment_count", Integer, nullable=False, server_default="0"),
    Column("pingback_count", Integer, nullable=False, server_default="0"),
    *(
        Column(f"{counted}_count", Integer, nullable=False, server_default="0")
        for counted in ("waiting", "sent", "answered", "handled", "snoozed", "hidden", "last_word")
    ),
    # the first that is not mine: how soon an article made people talk
    Column("first_comment_at", Moment),
    Column("last_comment_at", Moment),
    Column("oldest_waiting_at", Moment),
    # the greatest id of a comment that was there when one last looked
    Column("seen_upto", Integer, nullable=False, server_default="0"),
    Column("looked_at", Moment),
    UniqueConstraint("source_id", "key"),
    sqlite_autoincrement=True,
    comment="An article and its comments, even while the article itself is not stored.",
)
Index("ix_threads_last_comment", threads.c.last_comment_at, threads.c.id)

comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("thread_id", ForeignKey("threads.id"), nullable=False),
    Column("key", String, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("kind", String, nullable=False),
    Column("url", String),
    Column("author", String, nullable=False),
    Column("author_url", String),
    Column("author_image", String),
    # keyed with a secret of the installation; the address itself is never stored
    Column("email_hash", String),
    Column("by_author", Boolean, nullable=False),
    Column("content_html", String, nullable=False),
    Column("text", String, nullable=False),
    Column("rules", Integer, nullable=False),
    # a question, by its signs or its first word
    Column("asks", Boolean, nullable=False, server_default=text("0")),
    Column("published_at", Moment, nullable=False),
    Column("updated_at", Moment),
    Column("first_seen_at", Moment, nullable=False),
    Column("edited_at", Moment),
    Column("vanished_at", Moment),
    Column("position", Integer),
    # what its document says it answers: keys and addresses, the surest first
    Column("in_reply_to", JSON, nullable=False),
    Column("in_words", Boolean, nullable=False),
    # what the rules made of it
    Column("mine", String),
    Column("suspect", Boolean, nullable=False, server_default=text("0")),
    Column("parent_id", Integer),
    Column("pairing", String),
    Column("answered_by", Integer),
    Column("answered_at", Moment),
    Column("expects", Boolean, nullable=False, server_default=text("0")),
    Column("state", String, nullable=False, server_default="none"),
    # mine, and nobody has answered it: I wait for others
    Column("last_word", Boolean, nullable=False, server_default=text("0")),
    # what one did with it
    Column("parent_by_hand", Integer),
    Column("starred", Boolean, nullable=False, server_default=text("0")),
    Column("hidden", Boolean, nullable=False, server_default=text("0")),
    Column("sent_at", Moment),
    Column("closed_at", Moment),
    Column("filed_at", Moment),
    Column("filed_why", String),
    Column("snoozed_until", Moment),
    Column("assigned_to", String),
    Column("note", String),
    Column("draft", String),
    UniqueConstraint("source_id", "key"),
    sqlite_autoincrement=True,
    comment="What people wrote under articles; what vanished is kept and marked.",
)
# All that places a comment in its thread: of a long one few comments are read whole.
Index(
    "ix_comments_thread",
    *(comments.c.thread_id, comments.c.published_at, comments.c.id),
    *(comments.c.parent_id, comments.c.kind, comments.c.state, comments.c.mine),
)
Index("ix_comments_state", comments.c.state, comments.c.published_at, comments.c.id)
Index(
    "ix_comments_source_state",
    comments.c.source_id,
    comments.c.state,
    comments.c.published_at,
    comments.c.id,
)
Index("ix_comments_source_url", comments.c.source_id, comments.c.url)
Index("ix_comments_published", comments.c.published_at, comments.c.id)
# All that figures need, so that they never touch the texts.
Index(
    "ix_comments_expected",
    comments.c.published_at,
    comments.c.source_id,
    comments.c.thread_id,
    comments.c.state,
    comments.c.answered_at,
    comments.c.expects,
    sqlite_where=text("expects = 1"),
    postgresql_where=text("expects"),
)
Index(
    "ix_comments_starred",
    comments.c.published_at,
    comments.c.id,
    sqlite_where=text("starred = 1"),
    postgresql_where=text("starred"),
)
Index(
    "ix_comments_last_word",
    comments.c.published_at,
    comments.c.id,
    sqlite_where=text("last_word = 1"),
    postgresql_where=text("last_word"),
)
Index(
    "ix_comments_pingbacks",
    comments.c.published_at,
    comments.c.id,
    sqlite_where=text("kind = 'pingback' AND hidden = 0"),
    postgresql_where=text("kind = 'pingback' AND NOT hidden"),
)
# Of one source, and to count those of the sources that are followed.
Index(
    "ix_comments_source_last_word",
    comments.c.source_id,
    comments.c.published_at,
    comments.c.id,
    sqlite_where=text("last_word = 1"),
    postgresql_where=text("last_word"),
)
Index(
    "ix_comments_source_pingbacks",
    comments.c.source_id,
    comments.c.published_at,
    comments.c.id,
    sqlite_where=text("kind = 'pingback' AND hidden = 0"),
    postgresql_where=text("kind = 'pingback' AND NOT hidden"),
)
Index("ix_comments_author", comments.c.author, comments.c.author_url, comments.c.published_at)
Index(
    "ix_comments_author_url",
    comments.c.author_url,
    comments.c.author,
    sqlite_where=text("author_url IS NOT NULL"),
    postgresql_where=text("author_url IS NOT NULL"),
)
Index(
    "ix_comments_assigned",
    comments.c.assigned_to,
    comments.c.published_at,
    comments.c.id,
    sqlite_where=text("assigned_to IS NOT NULL"),
    postgresql_where=text("assigned_to IS NOT NULL"),
)

labels = Table(
    "labels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
)

comment_labels = Table(
    "comment_labels",
    metadata,
    Column("comment_id", ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True),
    Column("label_id", ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True),
)
Index("ix_comment_labels_label", comment_labels.c.label_id, comment_labels.c.comment_id)

phrases = Table(
    "phrases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", String, nullable=False, unique=True),
    Column("kept_at", Moment, nullable=False),
    comment="Saved phrases, to begin an answer with.",
)

widgets = Table(
    "widgets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("page_id", ForeignKey("pages.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String, nullable=False),
    Column("thread_id", ForeignKey("threads.id", ondelete="CASCADE")),
    Column("shown", Boolean, nullable=False, server_default=text("1")),
    Column("placed_at", Moment, nullable=False),
    UniqueConstraint("page_id", "kind", "thread_id"),
    comment="Boxes that are no source: comments to answer, one conversation.",
)
