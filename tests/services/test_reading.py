"""Reading: boards, acts on entries, and undoing them."""

import pytest
from sqlalchemy import func, select

from aggregator.domain.boards import Act, ActionId
from aggregator.domain.items import EntryId
from aggregator.errors import NotFoundError
from aggregator.services import reading, undoing
from aggregator.storage.tables import entries, sources
from tests.world import World, item


@pytest.fixture
def two_pages(world: World) -> World:
    cwm = world.publish("/cwm", *(item(number) for number in range(1, 13)))
    erick = world.publish("/erick", item(50), item(51))
    world.follow(
        text=f"""
sources:
  - url: {cwm}
    name: Le blog de CWM
    page: Mon blog
  - url: {erick}
    name: Erick
    page: Commentateurs
"""
    )
    world.poll()
    return world


def _unread(world: World) -> dict[str, int]:
    """Count the unread entries of each source, and hold the kept counters to it."""
    counted = select(
        sources.c.name,
        sources.c.unread_count,
        sources.c.entry_count,
        func.count(entries.c.id).filter(~entries.c.read),
        func.count(entries.c.id),
    )
    query = counted.join(entries, entries.c.source_id == sources.c.id).group_by(sources.c.id)
    with world.context.database.read() as session:
        rows = session.execute(query).all()
    assert [row[1:3] for row in rows] == [row[3:5] for row in rows]
    return {row[0]: row[1] for row in rows}


def test_a_page_shows_its_sources_with_their_latest_entries(two_pages: World) -> None:
    board = reading.board(two_pages.context, "mon-blog", rows=8)
    assert [box.source.name for box in board.boxes] == ["Le blog de CWM"]
    assert [row.title for row in board.boxes[0].rows] == [
        f"Article {number}" for number in range(12, 4, -1)
    ]


def test_the_first_page_is_the_first_of_the_file(two_pages: World) -> None:
    assert reading.board(two_pages.context, None).page.name == "Mon blog"


def test_tabs_count_what_is_unread(two_pages: World) -> None:
    tabs = reading.tabs(two_pages.context)
    assert [(tab.name, tab.unread) for tab in tabs] == [("Mon blog", 12), ("Commentateurs", 2)]


@pytest.mark.parametrize("slug", ["nowhere", ""])
def test_an_unknown_page_is_said(two_pages: World, slug: str) -> None:
    with pytest.raises(NotFoundError):
        reading.board(two_pages.context, slug)


def test_a_hidden_page_has_no_tab_and_is_not_shown(world: World) -> None:
    url = world.publish("/rss", item(1))
    world.follow(
        text="sources: []\npages:\n  - name: Chiffres\n    hidden: true\n"
        f"    sources:\n      - {url}\n"
    )
    assert reading.tabs(world.context) == ()
    with pytest.raises(NotFoundError):
        reading.board(world.context, "chiffres")


@pytest.mark.parametrize("act", [Act.READ, Act.STAR])
def test_an_act_is_done_once_and_undone_once(two_pages: World, act: Act) -> None:
    chosen = [entry.id for entry in two_pages.entries()[:3]]
    done = reading.act(two_pages.context, act, chosen)
    assert done.count == 3
    assert reading.act(two_pages.context, act, chosen).action_id is None
    assert done.action_id is not None
    assert undoing.undo(two_pages.context, done.action_id).count == 3
    assert not any(entry.read or entry.starred for entry in two_pages.entries())
    with pytest.raises(NotFoundError):
        undoing.undo(two_pages.context, done.action_id)


def test_counters_follow_every_act(two_pages: World) -> None:
    first, second, *_ = (entry.id for entry in two_pages.entries())
    assert _unread(two_pages) == {"Le blog de CWM": 12, "Erick": 2}
    reading.act(two_pages.context, Act.READ, [first, second])
    assert _unread(two_pages) == {"Le blog de CWM": 12, "Erick": 0}
    reading.act(two_pages.context, Act.UNREAD, [first])
    assert _unread(two_pages) == {"Le blog de CWM": 12, "Erick": 1}


def test_all_read_stops_at_what_one_has_seen_and_undoes_just_what_it_did(
    two_pages: World,
) -> None:
    board = reading.board(two_pages.context, "mon-blog")
    already = board.boxes[0].rows[0].id
    reading.act(two_pages.context, Act.READ, [already])
    two_pages.publish("/cwm", *(item(number) for number in range(1, 15)))
    two_pages.poll(hours=2)
    done = reading.mark_all_read(two_pages.context, upto=board.upto, page_slug="mon-blog")
    assert done.count == 11
    assert _unread(two_pages) == {"Le blog de CWM": 2, "Erick": 2}
    assert done.action_id is not None
    undoing.undo(two_pages.context, done.action_id)
    assert _unread(two_pages) == {"Le blog de CWM": 13, "Erick": 2}


def test_all_read_of_one_source_leaves_the_others(two_pages: World) -> None:
    erick = two_pages.sources()[1]
    box = reading.box(two_pages.context, erick.id)
    reading.mark_all_read(two_pages.context, upto=box.upto, source_id=erick.id)
    assert _unread(two_pages) == {"Le blog de CWM": 12, "Erick": 0}


def test_only_the_last_ten_acts_can_be_undone(two_pages: World) -> None:
    done = [
        reading.act(two_pages.context, Act.READ, [entry.id]).action_id
        for entry in two_pages.entries()[:12]
    ]
    for forgotten in done[:2]:
        with pytest.raises(NotFoundError):
            undoing.undo(two_pages.context, forgotten or ActionId(0))
    for kept in reversed(done[2:]):
        assert undoing.undo(two_pages.context, kept or ActionId(0)).count == 1


def test_an_article_opens_unread_with_what_came_with_it(world: World) -> None:
    more = (
        "<category>veille</category><author>erick@cwm.example (Erick)</author>"
        "<enclosure url='http://cwm.example/a.mp3' type='audio/mpeg' length='12'/>"
        "<comments>http://cwm.example/1#comments</comments>"
    )
    text = "<p onclick='x()'>Bonjour <script>alert(1)</script><a href='/ici'>ici</a></p>"
    world.follow(world.publish("/rss", item(1, text=text, more=more)))
    world.poll()
    article = reading.article(world.context, world.entries()[0].id)
    assert "<script" not in article.content_html
    assert "onclick" not in article.content_html
    assert 'href="http://' in article.content_html
    assert [author.name for author in article.authors] == ["Erick"]
    assert article.categories == ("veille",)
    assert article.enclosures[0].media_type == "audio/mpeg"
    assert article.comments_url == "http://cwm.example/1#comments"
    assert not article.row.read


def test_an_unknown_article_is_said(world: World) -> None:
    with pytest.raises(NotFoundError):
        reading.article(world.context, EntryId(404))


def test_an_address_of_an_e_mail_is_never_stored(world: World) -> None:
    more = "<author>erick@secret.example (Erick)</author>"
    world.follow(world.publish("/rss", item(1, more=more)))
    world.poll()
    world.context.database.close()
    files = world.context.database.path.parent.glob("veille.db*")
    assert b"secret.example" not in b"".join(file.read_bytes() for file in files)
