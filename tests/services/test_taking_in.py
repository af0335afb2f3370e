"""Comments taken in: under one name each, in the thread of their article, whenever that comes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from aggregator.domain.changes import Changes
from aggregator.domain.conversations.comments import CommentItem, CommentsDocument
from aggregator.domain.items import EntryId, Item
from aggregator.domain.sources import PageId, SourceId
from aggregator.services.context import Context
from aggregator.services.conversations import taking_in
from aggregator.storage import entries, tables
from aggregator.storage.conversations.writing import Taken
from tests.conversations import ME, comment
from tests.web.world import NOW, entry_id, steady_world

PAGE = "https://cwm.example.org/nouveau"


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with steady_world(tmp_path) as context:
        yield context


def take(
    context: Context, *items: CommentItem, entry: EntryId | None = None, whole: bool = False
) -> Taken:
    document = CommentsDocument(platform="atom", title=None, items=items, whole=whole)
    with context.database.write() as session:
        return taking_in.take_in(
            session, document, source_id=SourceId(1), entry_id=entry, me=ME, now=NOW, misses=True
        )


def rows(context: Context, table: Any) -> Sequence[Any]:
    with context.database.read() as session:
        return session.execute(select(table).order_by(table.c.id)).all()


def about(item: CommentItem, *refs: str) -> CommentItem:
    return replace(item, about=refs, about_title="Nouveau")


def publish(context: Context, key: str, url: str) -> EntryId:
    item = Item(
        key=key,
        title="Le nouveau",
        url=url,
        authors=(),
        published_at=NOW,
        updated_at=None,
        content_html="",
        text="",
        categories=(),
        enclosures=(),
        language=None,
        comments_url=None,
        comments_feed_url=None,
        comment_count=None,
        fingerprint="0" * 64,
    )
    with context.database.write() as session:
        ids = entries.apply(
            session,
            source_id=SourceId(1),
            page_id=PageId(1),
            changes=Changes(new=(item,), altered=()),
            now=NOW,
            rules=1,
        )
        taking_in.adopt(session, ids, me=ME)
    return ids[0]


def test_another_form_of_a_platform_doubles_no_comment(context: Context) -> None:
    entry = entry_id(context, "Billet 9")
    take(context, comment("guid#comment-7", at=NOW), entry=entry)
    same = replace(comment("guid#comment-7", at=NOW), key="7", fingerprint="f" * 64)
    taken = take(context, same, entry=entry)
    assert (taken.new, len(taken.edited)) == ((), 1)
    (row,) = rows(context, tables.comments)
    assert (row.key, row.edited_at) == ("7", None)  # the same words: nobody edited them


def test_a_blog_that_moves_to_https_doubles_no_comment(context: Context) -> None:
    page = entry_id(context, "Billet 9")
    before = replace(comment("http://a.example/1#c1", at=NOW), url="http://a.example/1#c1")
    after = replace(before, key="https://a.example/1#c1", url="https://a.example/1#c1")
    assert len(take(context, before, entry=page).new) == 1
    assert take(context, after, entry=page).new == ()
    assert [(row.key, row.vanished_at) for row in rows(context, tables.comments)] == [
        (after.key, None)
    ]


def test_two_comments_that_share_an_address_stay_two(context: Context) -> None:
    entry = entry_id(context, "Billet 9")
    first, second = comment("1", at=NOW), comment("2", at=NOW)
    take(context, replace(first, url=PAGE), entry=entry)
    taken = take(context, replace(second, url=PAGE), replace(first, url=PAGE), entry=entry)
    assert len(taken.new) == 1


def test_two_comments_of_one_key_are_both_stored_and_stay_so(context: Context) -> None:
    entry = entry_id(context, "Billet 9")
    told = (
        comment("a", author="Magalie", at=NOW, text="Un"),
        comment("a", author="Erick", at=NOW + timedelta(hours=1), text="Deux"),
    )
    take(context, *told, entry=entry)
    assert take(context, *reversed(told), entry=entry) == Taken()
    assert [row.text for row in rows(context, tables.comments)] == ["Un", "Deux"]


def test_keys_are_those_of_one_source(context: Context) -> None:
    take(context, comment("1", at=NOW), entry=entry_id(context, "Billet 9"))
    other = CommentsDocument(platform="atom", title=None, items=(comment("1", at=NOW),))
    with context.database.write() as session:
        taken = taking_in.take_in(
            session,
            other,
            source_id=SourceId(2),
            entry_id=entry_id(context, "Trois huiles pour l’hiver"),
            me=ME,
            now=NOW,
        )
    assert len(taken.new) == 1


def test_what_a_whole_document_does_not_name_has_vanished_from_its_article_only(
    context: Context,
) -> None:
    here, there = entry_id(context, "Billet 9"), entry_id(context, "Billet 8")
    take(context, comment("1", at=NOW), comment("2", at=NOW - timedelta(days=1)), entry=here)
    take(context, comment("3", at=NOW), entry=there)
    taken = take(context, entry=here, whole=True)
    assert len(taken.vanished) == 2
    assert [bool(row.vanished_at) for row in rows(context, tables.comments)] == [True, True, False]
    assert take(context, entry=here, whole=True) == Taken()
    take(context, comment("1", at=NOW), entry=here)
    gone = {row.key: bool(row.vanished_at) for row in rows(context, tables.comments)}
    assert gone == {"1": False, "2": True, "3": False}


@pytest.mark.parametrize(
    ("refs", "key", "url"),
    [
        (("urn:7", PAGE), "urn:7", PAGE),
        (("urn:7", PAGE), "urn:8", f"{PAGE}/"),
        ((f"{PAGE}/",), "urn:8", PAGE.replace("https", "http")),
        ((PAGE,), PAGE, "https://elsewhere.example/"),
    ],
)
def test_an_entry_takes_over_the_comments_that_came_before_it(
    context: Context, refs: tuple[str, ...], key: str, url: str
) -> None:
    take(context, about(comment("1", at=NOW), *refs))
    (orphan,) = rows(context, tables.threads)
    assert (orphan.entry_id, orphan.title) == (None, "Nouveau")
    entry = publish(context, key, url)
    (thread,) = rows(context, tables.threads)
    assert (thread.id, thread.entry_id, thread.title) == (orphan.id, entry, "Le nouveau")
    stored = {row.id: row.stored_comments for row in rows(context, tables.entries)}
    assert stored[entry] == 1
    taken = take(context, about(comment("2", at=NOW), *refs))
    assert taken.threads == {thread.id}


def test_threads_of_one_article_become_one_with_their_box(context: Context) -> None:
    take(context, about(comment("1", at=NOW), "urn:old"))
    (orphan,) = rows(context, tables.threads)
    with context.database.write() as session:
        session.execute(
            tables.widgets.insert().values(
                page_id=1, kind="thread", thread_id=orphan.id, placed_at=NOW
            )
        )
    entry = entry_id(context, "Billet 9")
    taken = take(context, comment("1", at=NOW), comment("2", at=NOW), entry=entry)
    (thread,) = rows(context, tables.threads)
    assert (thread.entry_id, thread.comment_count, len(taken.new)) == (entry, 2, 1)
    assert [row.thread_id for row in rows(context, tables.widgets)] == [thread.id]


def test_an_article_that_changes_its_name_keeps_its_comments(context: Context) -> None:
    entry = publish(context, "urn:7", PAGE)
    take(context, about(comment("1", at=NOW), "urn:7"))
    with context.database.write() as session:
        session.execute(
            tables.entries.update().where(tables.entries.c.id == entry).values(key="urn:8")
        )
    for ref, key in (("urn:7", "2"), ("urn:8", "3"), (PAGE, "4")):
        take(context, about(comment(key, at=NOW), ref))
    (thread,) = rows(context, tables.threads)
    assert (thread.entry_id, thread.comment_count) == (entry, 4)


def test_edited_words_are_found_and_old_ones_are_not(context: Context) -> None:
    entry = entry_id(context, "Billet 9")
    many = [comment(str(n), at=NOW - timedelta(minutes=n), text=f"avant{n}") for n in range(600)]
    take(context, *many, entry=entry)
    edited = [comment(str(n), at=NOW - timedelta(minutes=n), text=f"apres{n}") for n in range(600)]
    assert len(take(context, *edited, entry=entry).edited) == 600
    match = text("SELECT count(*) FROM comment_search WHERE comment_search MATCH :words")
    with context.database.read() as session:
        for words, found in (("apres599", 1), ("avant599", 0), ("apres*", 600)):
            assert session.execute(match, {"words": words}).scalar() == found
