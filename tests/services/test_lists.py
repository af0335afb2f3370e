"""Lists to work through: pieces, what they hold, and marking read in one stroke."""

import pytest

from aggregator.domain.boards import Act
from aggregator.domain.items import EntryId
from aggregator.domain.lists import Age, EntryList, Order, Scope, Show, Wanted
from aggregator.domain.sources import SourceId
from aggregator.errors import NotFoundError
from aggregator.services import lists, reading, undoing
from tests.world import World, item

EVERYTHING = Scope()
BLOG = Scope(page_slug="mon-blog")
LONG = 120


@pytest.fixture
def three_pages(world: World) -> World:
    """Follow a blog of a hundred and twenty, two entries of Erick, and a hidden rival."""
    cwm = world.publish("/cwm", *(item(number) for number in range(LONG)))
    erick = world.publish("/erick", item(300, "Erick écrit"), item(301, "Erick récrit"))
    rival = world.publish("/rival", item(400, "Un secret"))
    world.follow(
        text=f"""
sources:
  - {{url: "{cwm}", name: Le blog de CWM, page: Mon blog}}
  - {{url: "{erick}", name: Erick, page: Commentateurs}}
  - {{url: "{rival}", name: Rival, page: Concurrents}}
pages:
  - name: Mon blog
  - name: Commentateurs
  - name: Concurrents
    hidden: true
"""
    )
    world.poll()
    return world


def read_on(world: World, scope: Scope = EVERYTHING, **how: object) -> EntryList:
    show, order = how.pop("show", Show.UNREAD), how.pop("order", Order.NEWEST)
    assert isinstance(show, Show)
    assert isinstance(order, Order)
    return lists.read_on(
        world.context,
        Wanted(scope=scope, show=show, order=order),
        **how,  # type: ignore[arg-type]
    )


def titles(found: EntryList) -> list[str]:
    return [row.title for row in found.rows]


def entry(world: World, title: str) -> EntryId:
    return next(row.id for row in world.entries() if row.title == title)


def source_id(world: World, name: str) -> SourceId:
    return next(source.id for source in world.sources() if source.name == name)


def mark(world: World, *titles_: str) -> None:
    reading.act(world.context, Act.READ, [entry(world, title) for title in titles_])


def test_a_list_goes_on_where_its_last_piece_ended(three_pages: World) -> None:
    found = read_on(three_pages)
    seen = titles(found)
    assert len(seen) == lists.PIECE
    while found.next is not None:
        found = read_on(three_pages, after=found.next)
        seen += titles(found)
    blog = [f"Article {number}" for number in range(LONG - 1, -1, -1)]
    assert seen == ["Erick récrit", "Erick écrit", *blog]


def test_a_list_goes_on_though_its_last_entry_was_read_meanwhile(three_pages: World) -> None:
    first = read_on(three_pages)
    mark(three_pages, *titles(first))
    assert titles(read_on(three_pages, after=first.next))[0] == "Article 71"


def test_a_page_and_a_source_are_lists_with_names(three_pages: World) -> None:
    page = read_on(three_pages, Scope(page_slug="commentateurs"))
    assert page.page is not None
    assert (page.page.name, page.source, page.unread) == ("Commentateurs", None, 2)
    source = read_on(three_pages, Scope(source_id=source_id(three_pages, "Erick")))
    assert source.source is not None
    assert source.page == page.page
    assert (source.source.name, source.unread) == ("Erick", 2)
    assert titles(source) == titles(page) == ["Erick récrit", "Erick écrit"]


def test_hidden_pages_and_their_sources_are_no_lists(three_pages: World) -> None:
    hidden = [
        Scope(page_slug="concurrents"),
        Scope(source_id=source_id(three_pages, "Rival")),
        Scope(page_slug="nowhere"),
        Scope(source_id=SourceId(99)),
    ]
    for scope in hidden:
        with pytest.raises(NotFoundError):
            read_on(three_pages, scope)
    with pytest.raises(NotFoundError):
        lists.tree(three_pages.context, "concurrents")


def test_the_tree_holds_the_sources_of_the_open_page_alone(three_pages: World) -> None:
    tree = lists.tree(three_pages.context, "commentateurs")
    assert [(page.name, page.unread) for page in tree.pages] == [
        ("Mon blog", LONG),
        ("Commentateurs", 2),
    ]
    assert [(leaf.name, leaf.unread) for leaf in tree.sources] == [("Erick", 2)]
    assert (tree.unread, tree.kept) == (LONG + 2, 0)
    assert lists.tree(three_pages.context, None).sources == ()


def test_an_entry_that_was_read_stays_in_the_list_that_is_to_hold_it(three_pages: World) -> None:
    mark(three_pages, "Erick écrit")
    assert titles(read_on(three_pages))[:2] == ["Erick récrit", "Article 119"]
    held = entry(three_pages, "Erick écrit")
    found = read_on(three_pages, holding=held)
    assert titles(found)[:3] == ["Erick récrit", "Erick écrit", "Article 119"]
    assert len(found.rows) == lists.PIECE
    assert not found.begins_later
    assert titles(read_on(three_pages, after=found.next))[0] == "Article 71"


@pytest.mark.parametrize("read", [False, True])
def test_a_list_begins_above_an_entry_that_lies_further_down(
    three_pages: World,
    read: bool,  # noqa: FBT001 - a case of a table
) -> None:
    if read:
        mark(three_pages, "Article 30")
    found = read_on(three_pages, holding=entry(three_pages, "Article 30"))
    assert found.begins_later
    assert titles(found) == [f"Article {number}" for number in range(40, -1, -1)]
    oldest = read_on(three_pages, holding=entry(three_pages, "Article 80"), order=Order.OLDEST)
    assert oldest.begins_later
    assert titles(oldest) == [f"Article {number}" for number in range(70, 120)]


def test_an_entry_of_another_list_is_not_held(three_pages: World) -> None:
    held = entry(three_pages, "Erick écrit")
    assert "Erick écrit" not in titles(read_on(three_pages, BLOG, holding=held))
    hidden = entry(three_pages, "Un secret")
    assert "Un secret" not in titles(read_on(three_pages, holding=hidden))


def test_what_is_kept_is_shown_though_it_is_read(three_pages: World) -> None:
    kept = [entry(three_pages, title) for title in ("Article 3", "Erick écrit", "Un secret")]
    reading.act(three_pages.context, Act.STAR, kept)
    reading.act(three_pages.context, Act.READ, kept)
    assert titles(read_on(three_pages, Scope(kept=True))) == ["Erick écrit", "Article 3"]
    assert lists.tree(three_pages.context, None).kept == 2


def test_an_excerpt_comes_where_it_is_asked_for(three_pages: World) -> None:
    assert read_on(three_pages).rows[0].excerpt is None
    assert read_on(three_pages, excerpts=True).rows[0].excerpt == "Un texte."


def test_new_entries_are_counted_and_wait(three_pages: World) -> None:
    upto = read_on(three_pages).upto
    assert lists.count_new(three_pages.context, EVERYTHING, since=upto) == 0
    three_pages.publish("/erick", item(310, "Erick revient"))
    three_pages.poll(hours=2)
    assert lists.count_new(three_pages.context, EVERYTHING, since=upto) == 1
    assert lists.count_new(three_pages.context, BLOG, since=upto) == 0


def test_lines_are_read_again_in_their_order_without_those_that_have_gone(
    three_pages: World,
) -> None:
    ids = [entry(three_pages, "Article 1"), EntryId(9999), entry(three_pages, "Erick écrit")]
    assert [row.id for row in lists.lines(three_pages.context, ids)] == [ids[0], ids[2]]
    assert lists.lines(three_pages.context, []) == ()


def test_a_list_is_marked_read_and_the_act_is_undone(three_pages: World) -> None:
    upto = read_on(three_pages).upto
    acted = lists.mark_all(three_pages.context, EVERYTHING, upto=upto)
    assert acted.count == LONG + 2
    assert read_on(three_pages).rows == ()
    assert not reading.article(three_pages.context, entry(three_pages, "Un secret")).row.read
    assert acted.action_id is not None
    undoing.undo(three_pages.context, acted.action_id)
    assert read_on(three_pages).unread == LONG + 2


def test_what_came_after_one_looked_is_not_marked(three_pages: World) -> None:
    upto = read_on(three_pages).upto
    three_pages.publish("/erick", item(310, "Erick revient"))
    three_pages.poll(hours=2)
    lists.mark_all(three_pages.context, EVERYTHING, upto=upto)
    assert titles(read_on(three_pages)) == ["Erick revient"]


@pytest.mark.parametrize(
    ("order", "left"),
    [
        (Order.NEWEST, [f"Article {number}" for number in range(117, 67, -1)]),
        (Order.OLDEST, [f"Article {number}" for number in range(119, 118, -1)]),
    ],
)
def test_a_list_is_marked_down_to_an_entry_and_no_further(
    three_pages: World, order: Order, left: list[str]
) -> None:
    found = read_on(three_pages, BLOG)
    wanted = Wanted(scope=BLOG, order=order)
    here = entry(three_pages, "Article 118")
    lists.mark_down_to(three_pages.context, wanted, here, upto=found.upto)
    assert titles(read_on(three_pages, BLOG)) == left


def test_one_per_source_marks_just_the_lines_down_to_an_entry(three_pages: World) -> None:
    wanted = Wanted(scope=EVERYTHING, order=Order.ONE_PER_SOURCE)
    found = read_on(three_pages, order=Order.ONE_PER_SOURCE)
    assert titles(found) == ["Erick récrit", "Article 119"]
    first = lists.mark_down_to(three_pages.context, wanted, found.rows[0].id, upto=found.upto)
    assert first.count == 1
    assert titles(read_on(three_pages, order=Order.ONE_PER_SOURCE)) == [
        "Erick écrit",
        "Article 119",
    ]


@pytest.mark.parametrize(("age", "count"), [(Age.DAY, 10), (Age.WEEK, 10), (Age.MONTH, 0)])
def test_what_is_older_than_an_age_is_marked(world: World, age: Age, count: int) -> None:
    world.follow(world.publish("/cwm", *(item(number) for number in range(10))))
    world.poll()
    upto = read_on(world).upto
    assert lists.mark_older(world.context, EVERYTHING, age, upto=upto).count == count
    world.clock.go_on(hours=5)
    assert lists.mark_older(world.context, EVERYTHING, age, upto=upto).count == (0 if count else 5)


def test_nothing_is_marked_of_what_does_not_exist(three_pages: World) -> None:
    upto = read_on(three_pages).upto
    wanted = Wanted(scope=BLOG)
    with pytest.raises(NotFoundError):
        lists.mark_down_to(three_pages.context, wanted, EntryId(9999), upto=upto)
    with pytest.raises(NotFoundError):
        lists.mark_down_to(
            three_pages.context, wanted, entry(three_pages, "Erick écrit"), upto=upto
        )
    with pytest.raises(NotFoundError):
        lists.mark_all(three_pages.context, Scope(page_slug="concurrents"), upto=upto)
    assert read_on(three_pages).unread == LONG + 2
