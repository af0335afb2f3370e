"""Retention: what VEILLE_KEEP throws away, what holds it, and that nothing comes back."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import func, select, text, true, update

from aggregator.domain.boards import Act
from aggregator.domain.conversations.comments import CommentId, CommentsDocument
from aggregator.domain.following import Me
from aggregator.domain.items import EntryId
from aggregator.domain.retention import KEPT_OF_EACH
from aggregator.services import housekeeping, reading, retention, searching, undoing
from aggregator.services.conversations import acts
from aggregator.services.conversations.taking_in import take_in
from aggregator.storage import counters, tables, tombstones
from aggregator.storage import retention as stored
from tests.conversations import comment, put
from tests.world import NOW, World, feed, item

OLD: Final = 10
"""Entries beyond the newest thirty, which stay whatever their age."""

ALL: Final = KEPT_OF_EACH + OLD


@pytest.fixture
def old(world: World) -> World:
    """Give a world that keeps a year, and whose only source was read 400 days ago."""
    keeping = world.with_settings(keep=timedelta(days=365))
    keeping.follow(keeping.publish("/rss", *articles()))
    keeping.poll()
    keeping.clock.go_on(days=400)
    return keeping


def articles(*, first: int = 1, last: int = ALL) -> list[str]:
    return [item(number) for number in range(first, last + 1)]


def numbers(world: World) -> list[int]:
    """Tell which articles are stored."""
    return sorted(int(title.removeprefix("Article ")) for title in world.titles())


def number_of(world: World, number: int) -> EntryId:
    entries = tables.entries.c
    with world.context.database.read() as session:
        found = select(entries.id).where(entries.key == f"article-{number}")
        return EntryId(session.execute(found).scalar_one())


def change(world: World, table: Any, chosen: Any, **values: object) -> None:
    with world.context.database.write() as session:
        session.execute(update(table).where(chosen).values(**values))


def converse(world: World, number: int, *, days_ago: int, **more: Any) -> int:
    """Have Magalie say something under an article; give the id of it."""
    at = world.clock.now - timedelta(days=days_ago)
    now, world.clock.now = world.clock.now, at
    (said,) = put(
        world.context, number_of(world, number), [comment(f"c{number}", at=at, **more)], me=Me()
    )
    world.clock.now = now
    return said


def assert_counts_are_right(world: World) -> None:
    """Count everything again that counters tell, and compare the indexes with the texts."""
    sources, entries = tables.sources.c, tables.entries.c
    with world.context.database.write() as session:
        for table in ("entry_search", "comment_search"):
            # raises where the index does not hold just what the table holds
            check = f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)"  # noqa: S608
            session.execute(text(check))
        waiting = select(func.count()).where(tables.comments.c.state == "waiting")
        told = select(func.sum(sources.entry_count), func.sum(sources.unread_count))
        counted = select(func.count(), func.count().filter(~entries.read))
        assert session.execute(told).one() == session.execute(counted).one()
        waits = select(func.sum(sources.waiting_count))
        assert session.execute(waits).scalar() == session.execute(waiting).scalar()
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_everything_is_kept_unless_a_time_is_set(old: World) -> None:
    forever = old.with_settings(keep=None)
    housekeeping.keep(forever.context)
    assert numbers(forever) == list(range(1, ALL + 1))


def test_what_is_old_goes_read_or_not_and_the_newest_thirty_stay(old: World) -> None:
    reading.act(old.context, Act.READ, [number_of(old, 1)])
    housekeeping.keep(old.context)
    assert numbers(old) == list(range(OLD + 1, ALL + 1))
    (source,) = old.sources()
    assert (source.entries, source.unread) == (KEPT_OF_EACH, KEPT_OF_EACH)
    with old.context.database.read() as session:
        assert tombstones.count(session) == OLD
        assert counters.kept(session)["entries_thrown_away"] == OLD
    assert_counts_are_right(old)


def test_what_is_younger_than_the_limit_stays(world: World) -> None:
    keeping = world.with_settings(keep=timedelta(days=365))
    keeping.follow(keeping.publish("/rss", *articles()))
    keeping.poll()
    keeping.clock.go_on(days=364)
    housekeeping.keep(keeping.context)
    assert len(keeping.titles()) == ALL


def test_no_later_document_brings_it_back(old: World) -> None:
    housekeeping.keep(old.context)
    renamed = item(2).replace("article-2", "another-guid")
    old.web.answer("/rss", feed(renamed, *articles(first=3), item(ALL + 1)))
    old.poll()
    assert numbers(old) == list(range(OLD + 1, ALL + 2))


def test_two_of_one_address_and_title_are_told_apart_by_what_the_document_names(
    old: World,
) -> None:
    housekeeping.keep(old.context)
    other = item(2).replace("article-2", "another-guid")
    old.web.answer("/rss", feed(item(2), other))
    old.poll()
    assert numbers(old) == [2, *range(OLD + 1, ALL + 1)]


def test_what_is_kept_for_later_holds(old: World) -> None:
    reading.act(old.context, Act.STAR, [number_of(old, 2)])
    housekeeping.keep(old.context)
    assert numbers(old) == [2, *range(OLD + 1, ALL + 1)]


def test_my_own_blog_is_never_touched(old: World) -> None:
    url = old.sources()[0].url
    old.follow(text=f"me:\n  names: [CWM]\nsources:\n  - url: {url}\n    mine: true\n")
    housekeeping.keep(old.context)
    assert len(old.titles()) == ALL


def test_a_conversation_of_others_goes_with_its_article_when_it_has_ended(old: World) -> None:
    converse(old, 1, days_ago=366, text="Adieu.")
    converse(old, 2, days_ago=364, text="Encore.")
    assert searching.search_comments(old.context, "adieu")
    housekeeping.keep(old.context)
    assert numbers(old) == [2, *range(OLD + 1, ALL + 1)]
    assert not searching.search_comments(old.context, "adieu")
    assert searching.search_comments(old.context, "encore")
    assert_counts_are_right(old)


def test_what_one_said_was_asked_or_did_holds_a_conversation(old: World) -> None:
    holding: dict[str, object] = {
        "mine": "declared",
        "expects": True,
        "starred": True,
        "note": "à relire",
        "draft": "Merci",
        "assigned_to": "Erick",
        "snoozed_until": NOW,
        "filed_at": NOW,
        "sent_at": NOW,
    }
    for number, (column, value) in enumerate(holding.items(), start=1):
        said_id = converse(old, number, days_ago=390)
        change(old, tables.comments, tables.comments.c.id == said_id, **{column: value})
    housekeeping.keep(old.context)
    assert numbers(old) == [*range(1, len(holding) + 1), *range(OLD + 1, ALL + 1)]


def test_a_label_and_a_box_on_the_board_hold_a_conversation(old: World) -> None:
    said = [converse(old, number, days_ago=390) for number in (1, 2, 3)]
    with old.context.database.write() as session:
        label = session.execute(tables.labels.insert().values(name="à suivre"))
        session.execute(
            tables.comment_labels.insert().values(
                comment_id=said[0], label_id=(label.inserted_primary_key or (0,))[0]
            )
        )
        thread = select(tables.comments.c.thread_id).where(tables.comments.c.id == said[1])
        session.execute(
            tables.widgets.insert().values(
                page_id=1, kind="thread", thread_id=session.execute(thread).scalar(), placed_at=NOW
            )
        )
    housekeeping.keep(old.context)
    assert numbers(old)[:3] == [1, 2, OLD + 1]


def of_the_site(world: World, *items: Any) -> None:
    """Take comments in as the feed of a whole site tells them."""
    document = CommentsDocument(platform="wordpress", title=None, items=items)
    with world.context.database.write() as session:
        source_id = session.execute(select(tables.sources.c.id)).scalar_one()
        take_in(
            session, document, source_id=source_id, entry_id=None, me=Me(), now=world.clock.now
        )


def said(world: World) -> list[str]:
    with world.context.database.read() as session:
        return sorted(session.execute(select(tables.comments.c.key)).scalars())


def about(number: int, key: str, at: datetime | None) -> Any:
    where = (f"https://cwm.example/{number}/",)
    return comment(key, at=at, about=where, about_title=f"Article {number}")  # type: ignore[arg-type]


def test_comments_that_went_do_not_come_back_and_new_ones_begin_anew(old: World) -> None:
    converse(old, 1, days_ago=390)
    housekeeping.keep(old.context)
    assert said(old) == []
    then = old.clock.now - timedelta(days=390)
    of_the_site(
        old, about(1, "c1", then), about(1, "undated", None), about(ALL, "of-the-newest", then)
    )
    assert said(old) == ["of-the-newest"]
    old.clock.go_on(days=1)
    of_the_site(old, about(1, "c1", then), about(1, "new", old.clock.now))
    assert said(old) == ["new", "of-the-newest"]
    old.clock.go_on(hours=1)
    of_the_site(old, about(1, "new", None))
    assert said(old) == ["new", "of-the-newest"]


def test_an_old_conversation_whose_article_was_never_stored_goes_too(old: World) -> None:
    then = old.clock.now - timedelta(days=390)
    now, old.clock.now = old.clock.now, then
    of_the_site(old, about(999, "a", then))
    old.clock.now = now
    of_the_site(old, about(998, "b", now - timedelta(days=300)))
    housekeeping.keep(old.context)
    assert said(old) == ["b"]
    of_the_site(old, about(999, "a", then))
    assert said(old) == ["b"]
    assert_counts_are_right(old)


def test_undoing_an_act_on_what_went_does_no_harm(old: World) -> None:
    reading.act(old.context, Act.READ, [number_of(old, 1)])
    housekeeping.keep(old.context)
    undoing.undo(old.context)
    assert numbers(old) == list(range(OLD + 1, ALL + 1))
    assert_counts_are_right(old)


def test_undoing_an_act_on_a_comment_that_went_does_no_harm(old: World) -> None:
    said_id = CommentId(converse(old, 1, days_ago=390))
    acts.label(old.context, [said_id], "à suivre", carried=True)
    acts.label(old.context, [said_id], "à suivre", carried=False)
    housekeeping.keep(old.context)
    assert said(old) == []
    undoing.undo(old.context)
    assert_counts_are_right(old)


def test_it_is_done_once_a_day_and_goes_on_where_patience_ended(
    old: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    assert retention.throw_away(old.context, patience_s=-1) == 0
    assert retention.throw_away(old.context) == OLD
    reading.act(old.context, Act.READ, [number_of(old, OLD + 1)])
    old.clock.go_on(hours=3)
    old.web.answer("/rss", feed(*(item(number) for number in range(ALL + 1, ALL + 4))))
    old.poll()
    assert retention.throw_away(old.context) == 0
    old.clock.go_on(days=1)
    assert retention.throw_away(old.context) == 3


def test_what_is_starred_between_finding_and_throwing_stays(old: World) -> None:
    before = old.clock.now - timedelta(days=365)
    (source,) = old.sources()
    with old.context.database.read() as session:
        found = stored.old_entries(session, source.id, before=before)
    assert len(found) == OLD
    reading.act(old.context, Act.STAR, [found[0]])
    with old.context.database.write() as session:
        assert stored.throw_away(session, found, before=before, now=old.clock.now) == OLD - 1
    assert numbers(old)[0] == 1


def test_comments_that_are_asked_for_now_hold_their_article(old: World) -> None:
    with old.context.database.write() as session:
        session.execute(
            tables.comment_feeds.insert().values(
                source_id=old.sources()[0].id,
                entry_id=number_of(old, 1),
                url="http://cwm.example/1/feed",
                origin="announced",
                others=[],
                host="cwm.example",
                asked_for=[],
                claimed_by="another:1",
            )
        )
    housekeeping.keep(old.context)
    assert numbers(old)[:2] == [1, OLD + 1]
    change(old, tables.comment_feeds, true(), claimed_by=None)
    old.clock.go_on(days=1)
    housekeeping.keep(old.context)
    assert numbers(old)[0] == OLD + 1
    with old.context.database.read() as session:
        assert session.execute(select(func.count(tables.comment_feeds.c.id))).scalar() == 0
