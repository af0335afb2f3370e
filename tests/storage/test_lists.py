"""Lists are walked along their indexes: no table is read whole, and nothing is sorted."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, insert, update

from aggregator.domain.items import EntryId
from aggregator.domain.lists import Order, Place, Within, place_of
from aggregator.domain.sources import PageId, SourceId
from aggregator.storage import lists
from aggregator.storage.engine import Database, Session
from aggregator.storage.tables import entries, pages, sources
from tests.world import NOW

VISIBLE, HIDDEN = PageId(1), PageId(2)
SCOPES = {
    "everything": Within(),
    "page": Within(page_id=VISIBLE),
    "source": Within(source_id=SourceId(1)),
    "kept": Within(kept=True),
}
INDEXES = {
    ("everything", False): "ix_entries_published",
    ("everything", True): "ix_entries_unread",
    ("page", False): "ix_entries_page_published",
    ("page", True): "ix_entries_unread_page",
    ("source", False): "ix_entries_source_published",
    ("source", True): "ix_entries_source_published",
    ("kept", False): "ix_entries_starred",
}
"""The index along which each list goes, its unread entries or all."""
MANY = lists.FEW + 1
SOURCES = {1: (VISIBLE, True), 2: (VISIBLE, True), 3: (VISIBLE, False), 4: (HIDDEN, True)}
"""The page of each source, and whether it is listed; each third entry is kept."""


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as session:
        for page_id, name in ((VISIBLE, "veille"), (HIDDEN, "chiffres")):
            session.execute(
                insert(pages).values(
                    id=page_id,
                    slug=name,
                    name=name,
                    position=page_id,
                    columns=3,
                    hidden=page_id == HIDDEN,
                    listed=True,
                )
            )
        for source_id in SOURCES:
            fill(session, source_id)
    return database


def fill(session: Session, source_id: int) -> None:
    page_id, listed = SOURCES[source_id]
    session.execute(
        insert(sources).values(
            id=source_id,
            url=f"https://{source_id}.example/rss",
            page_id=page_id,
            position=source_id,
            listed=listed,
            mine=False,
            paused=False,
            tags=[],
            host=f"{source_id}.example",
            entry_count=12,
            unread_count=6,
        )
    )
    session.execute(
        insert(entries),
        [
            {
                "source_id": source_id,
                "page_id": page_id,
                "key": str(number),
                "fingerprint": str(number),
                "title": f"{source_id}-{number}",
                # two sources write at the same moments: the id decides
                "published_at": NOW - timedelta(hours=12 - number),
                "first_seen_at": NOW,
                "read": number % 2 == 0,
                "starred": number % 3 == 0,
            }
            for number in range(12)
        ],
    )


def titles(
    session: Session, within: Within, order: Order = Order.NEWEST, *, unread: int | None = None
) -> list[str]:
    found: list[str] = []
    after: Place | None = None
    while piece := lists.rows(session, within, order, unread=unread, after=after, most=5):
        found += [row.title for row in piece]
        after = place_of(piece[-1])
    return found


def newest_first(sources_shown: tuple[int, ...], numbers: range) -> list[str]:
    return [f"{source}-{number}" for number in reversed(numbers) for source in sources_shown]


def plans(database: Database, within: Within, order: Order, unread: int | None) -> list[str]:
    """Explain each statement that reading pieces of a list runs."""
    with database.read() as session:
        told = explained(session)
        after = Place(published_at=NOW, id=EntryId(30))
        lists.rows(session, within, order, unread=unread, after=after, most=50)
        lists.rows(session, within, order, unread=unread, after=None, most=50)
    return told


def explained(session: Session) -> list[str]:
    """Write down how each statement that follows is carried out."""
    told: list[str] = []

    def explain(
        connection: Connection, _cursor: object, sql: str, values: tuple[object, ...], *_: object
    ) -> None:
        raw = connection.connection.driver_connection
        assert raw is not None
        told.extend(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}", values))

    event.listen(session, "before_cursor_execute", explain)
    return told


@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
@pytest.mark.parametrize(("scope", "only_unread"), INDEXES)
def test_a_list_is_walked_along_an_index_and_never_sorted(
    filled: Database,
    scope: str,
    only_unread: bool,  # noqa: FBT001 - a case of a table
    order: Order,
) -> None:
    told = plans(filled, SCOPES[scope], order, MANY if only_unread else None)
    assert told
    of_entries = [step for step in told if "entries" in step]
    assert of_entries
    assert all("USING INDEX ix_entries_" in step for step in of_entries), told
    assert not any("TEMP B-TREE" in step or step.startswith("SCAN sources") for step in told), told
    index = INDEXES[scope, only_unread]
    assert all(f"USING INDEX {index}" in step for step in of_entries), told


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_new_is_found_by_its_ids_alone(filled: Database, scope: str) -> None:
    with filled.read() as session:
        told = explained(session)
        lists.count_new(session, SCOPES[scope], since=EntryId(12), most=99)
    assert "SEARCH entries USING INTEGER PRIMARY KEY (rowid>?)" in told


@pytest.mark.parametrize("unread", [None, 6])
@pytest.mark.parametrize("scope", ["everything", "page", "source"])
def test_one_per_source_asks_the_index_once_for_each_source(
    filled: Database, scope: str, unread: int | None
) -> None:
    told = plans(filled, SCOPES[scope], Order.ONE_PER_SOURCE, unread)
    assert not any(step.startswith(("SCAN entries", "SCAN newest")) for step in told), told
    index = "ix_entries_source_published" if unread is None else "ix_entries_unread_source"
    assert any(index in step for step in told), told


def test_a_few_unread_are_gathered_from_their_sources(filled: Database) -> None:
    told = plans(filled, Within(), Order.NEWEST, lists.FEW)
    assert any("ix_entries_unread_source" in step for step in told), told
    assert not any(step.startswith("SCAN entries") for step in told), told


@pytest.mark.parametrize("unread", [12, MANY])
def test_only_listed_sources_of_pages_one_sees_are_shown(filled: Database, unread: int) -> None:
    odd = [f"{source}-{number}" for number in range(11, 0, -2) for source in (2, 1)]
    with filled.read() as session:
        assert titles(session, Within(), unread=unread) == odd
        assert titles(session, Within()) == newest_first((2, 1), range(12))
        assert titles(session, Within(page_id=VISIBLE), unread=unread) == odd


def test_the_oldest_come_first_where_that_is_wanted(filled: Database) -> None:
    with filled.read() as session:
        newest = titles(session, Within())
        assert titles(session, Within(), Order.OLDEST) == newest[::-1]


def test_a_source_and_what_is_kept_are_lists(filled: Database) -> None:
    with filled.read() as session:
        assert titles(session, Within(source_id=SourceId(2)), unread=6) == [
            f"2-{number}" for number in (11, 9, 7, 5, 3, 1)
        ]
        assert titles(session, Within(kept=True)) == [
            f"{source}-{number}" for number in (9, 6, 3, 0) for source in (2, 1)
        ]
        assert lists.count_kept(session) == 8


def test_one_per_source_gives_the_newest_of_each(filled: Database) -> None:
    one = Order.ONE_PER_SOURCE
    with filled.write() as session:
        session.execute(update(entries).where(entries.c.title == "2-11").values(published_at=NOW))
        assert titles(session, Within(), one) == ["2-11", "1-11"]
        assert titles(session, Within(), one, unread=12) == ["2-11", "1-11"]
        session.execute(update(entries).where(entries.c.title == "2-11").values(read=True))
        assert titles(session, Within(), one, unread=12) == ["1-11", "2-9"]
        assert titles(session, Within(kept=True), one) == ["2-9", "1-9"]


def test_new_entries_are_counted_by_their_ids_and_no_further_than_asked(filled: Database) -> None:
    with filled.read() as session:
        assert lists.count_new(session, Within(), since=EntryId(0), most=99) == 12
        assert lists.count_new(session, Within(), since=EntryId(0), most=5) == 5
        assert lists.count_new(session, Within(page_id=VISIBLE), since=EntryId(12), most=99) == 6
        assert (
            lists.count_new(session, Within(source_id=SourceId(1)), since=EntryId(12), most=9) == 0
        )
        assert lists.count_new(session, Within(kept=True), since=EntryId(0), most=99) == 4


def test_the_tree_lists_the_sources_of_a_page_in_their_order(filled: Database) -> None:
    with filled.read() as session:
        leaves = lists.sources_of(session, VISIBLE)
        assert [(leaf.name, leaf.unread) for leaf in leaves] == [
            ("1.example", 6),
            ("2.example", 6),
        ]
        assert lists.source(session, SourceId(3)) is None
        assert lists.source(session, SourceId(4)) is None
        assert lists.lines(session, [EntryId(1), EntryId(30)]).keys() == {1}
