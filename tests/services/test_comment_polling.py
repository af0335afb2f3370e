"""Comments are polled within the rounds of their sources: asked where they are, stored once."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from aggregator.domain.schedule import Outcome
from aggregator.services import polling
from aggregator.services.conversations import visits
from aggregator.services.conversations.visits import CommentVisit
from aggregator.storage import tables
from aggregator.storage.conversations import claims, feeds
from tests.comment_feeds import announced, comments, counted, said
from tests.scripted_server import Answer, Asked
from tests.world import NOW, World, feed, item

PAGE = Answer(body=b"<html><body>Bonjour</body></html>", headers=(("Content-Type", "text/html"),))
NEW = NOW - timedelta(hours=3)


def rows(world: World, table: Any) -> Sequence[Any]:
    with world.context.database.read() as session:
        return session.execute(select(table).order_by(table.c.id)).all()


def stored(world: World) -> list[str]:
    return [row.text for row in rows(world, tables.comments)]


def asked(world: World, path: str) -> int:
    return world.web.paths.count(path)


def recent(number: int, more: str = "") -> str:
    """Write an article of this morning: its comments are asked for often."""
    published = NOW - timedelta(hours=6)
    return item(number, more=more).replace(
        f"{NOW - timedelta(days=30) + timedelta(hours=number):%a, %d %b %Y %H:%M:%S}",
        f"{published:%a, %d %b %Y %H:%M:%S}",
    )


def with_site_feed(world: World, *told: str, path: str = "/all.rss") -> str:
    """Publish a blog with a feed of all its comments; give the address of the blog's feed."""
    site = world.web.answer(path, comments(*told))
    return world.publish("/rss", announced(site), item(1), item(2))


def test_comments_of_a_site_come_in_the_round_that_finds_their_feed(world: World) -> None:
    world.follow(with_site_feed(world, said(2, under=2, text="Deux"), said(1, text="Un")))
    summary = world.poll()
    assert (summary.polled, summary.comments_new) == (1, 2)
    assert summary.sources[0].comments_new == 2
    assert sorted(stored(world)) == ["Deux", "Un"]
    assert [row.comment_count for row in rows(world, tables.threads)] == [1, 1]
    assert {row.stored_comments for row in rows(world, tables.entries)} == {1}
    assert {entry.comment_count for entry in world.entries()} == {1}
    assert world.sources()[0].comments_url == world.web.url("/all.rss")


def test_a_comment_feed_that_only_the_page_of_the_site_announces_is_followed(world: World) -> None:
    site = world.publish_site()
    world.web.answer("/comments/feed", comments(said(1, text="Sous le blog")))
    world.follow(site)
    assert world.poll().comments_new == 1
    world.web.answer("/comments/feed", comments(said(2, text="Encore"), said(1)))
    assert world.poll(hours=2).comments_new == 1
    assert world.web.paths.count("/") == 1


def test_comments_that_did_not_change_are_neither_read_nor_doubled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.header("If-None-Match") == '"one"':
            return Answer(status=304)
        return comments(said(1), headers=(("ETag", '"one"'),))

    site = world.web.answer("/all.rss", answer)
    world.follow(world.publish("/rss", announced(site), item(1)))
    world.poll()
    parsed: list[object] = []
    monkeypatch.setattr(CommentVisit, "_on_document", lambda *given: parsed.append(given))
    assert world.poll(hours=2).comments_new == 0
    assert asked(world, "/all.rss") == 2
    world.web.answer("/all.rss", comments(said(1), headers=(("ETag", '"two"'),)))
    world.poll(hours=2)
    world.poll(hours=2)
    assert world.web.asked[-1].header("If-None-Match") == '"two"'
    assert (parsed, len(stored(world))) == ([], 1)


def test_a_comment_is_edited_and_vanishes_and_returns(world: World) -> None:
    both = (said(2, text="Deux"), said(1, text="Un"))
    world.follow(with_site_feed(world, *both))
    world.poll()
    world.web.answer("/all.rss", comments(said(2, text="Deux, revu"), said(1, text="Un")))
    world.poll(hours=2)
    edited = rows(world, tables.comments)[-1]
    assert (edited.text, edited.edited_at) == ("Deux, revu", world.clock())
    world.web.answer("/all.rss", comments(said(1, text="Un")))
    world.poll(hours=2)
    vanished = rows(world, tables.comments)[-1]
    assert (vanished.text, vanished.vanished_at) == ("Deux, revu", world.clock())
    assert rows(world, tables.threads)[0].comment_count == 1
    world.web.answer("/all.rss", comments(*both))
    assert world.poll(hours=2).comments_new == 0
    returned = rows(world, tables.comments)[-1]
    assert (returned.text, returned.vanished_at) == ("Deux", None)


def test_what_is_older_than_a_feed_goes_back_has_not_vanished(world: World) -> None:
    world.follow(with_site_feed(world, said(2), said(1)))
    world.poll()
    world.web.answer("/all.rss", comments(said(3), said(2)))
    world.poll(hours=2)
    assert [row.vanished_at for row in rows(world, tables.comments)] == [None, None, None]


def test_an_address_that_gives_no_comments_is_followed_by_the_next(world: World) -> None:
    # the platform suggests Atom and an interface before what is announced
    site = world.web.answer("/comments/feed/", comments(said(1)))
    world.web.answer("/comments/feed/atom/", PAGE)
    world.web.answer("/wp-json/wp/v2/comments?per_page=100", Answer(status=401))
    world.follow(world.publish("/rss", announced(site), item(1)))
    assert world.poll().comments_new == 1
    (feed,) = rows(world, tables.comment_feeds)
    assert (feed.url, feed.origin, feed.fault_code) == (site, "announced", None)
    world.poll(hours=2)
    assert asked(world, "/comments/feed/atom/") == 1
    assert asked(world, "/comments/feed/") == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [(PAGE, "not-comments"), (Answer(status=404), "http-404"), (Answer(status=500), "http-error")],
)
def test_a_comment_feed_that_fails_says_so_on_its_source_and_comments_stay(
    world: World, answer: Answer, code: str
) -> None:
    world.follow(with_site_feed(world, said(1)))
    world.poll()
    read_at = world.clock()
    world.web.answer("/all.rss", answer)
    summary = world.poll(hours=2)
    failed_at = world.clock()
    assert (summary.count(Outcome.FAILED), summary.comments_new) == (0, 0)
    told = world.sources()[0].comments
    assert told.state == "failing"
    assert told.fault
    assert (told.fault.code, told.failing_since, told.last_success_at) == (
        code,
        failed_at,
        read_at,
    )
    assert [row.vanished_at for row in rows(world, tables.comments)] == [None]
    waits = []
    for _ in range(4):
        next_poll_at = rows(world, tables.comment_feeds)[0].next_poll_at
        waits.append((next_poll_at - world.clock()) // timedelta(hours=1))
        world.poll(hours=waits[-1] + 3)
    assert waits == [1, 2, 4, 8]
    world.web.answer("/all.rss", comments(said(1)))
    world.poll(hours=24)
    assert world.sources()[0].comments.state == "ok"


def test_a_feed_that_only_a_platform_suggests_is_missing_in_silence(world: World) -> None:
    generator = "<generator>https://wordpress.org/?v=6.4</generator>"
    link = "<link>http://127.0.0.1:1/</link>"
    world.follow(world.publish("/rss", generator, item(1).replace("http://cwm.example", "")))
    world.poll()
    assert rows(world, tables.comment_feeds)
    assert world.sources()[0].comments.state in {"none", "new"}, link


def test_a_given_address_is_asked_and_its_password_is_never_stored(world: World) -> None:
    def guarded(asked: Asked) -> Answer:
        if asked.header("Authorization") and asked.path == "/mine.rss?key=s3cret":
            return comments(said(1))
        return Answer(status=401)

    given = world.web.answer("/mine.rss?key=s3cret", guarded)
    written = given.replace("://", "://cwm:pa55@").replace("s3cret", "${COMMENTS_KEY}")
    source = with_site_feed(world, said(7))
    text = f"sources:\n  - url: {source}\n    comments: {written}\n"
    world = replace(world, context=replace(world.context, environment={"COMMENTS_KEY": "s3cret"}))
    world.follow(text=text)
    assert world.poll().comments_new == 1
    assert asked(world, "/all.rss") == 0
    assert "key=${COMMENTS_KEY}" in (world.sources()[0].comments_url or "")
    kept = world.context.settings.data / "veille.db"
    world.poll(hours=2)
    stored_now = b"".join(str(row).encode() for row in rows(world, tables.comment_feeds))
    assert kept.exists()
    assert b"pa55" not in stored_now
    assert b"s3cret" not in stored_now


def test_articles_are_no_comments_where_one_gave_their_address(world: World) -> None:
    source = world.publish("/rss", item(1), item(2))
    world.follow(text=f"sources:\n  - url: {source}\n    comments: {source}\n")
    assert world.poll().comments_new == 0
    told = world.sources()[0].comments
    assert (told.state, told.fault and told.fault.code) == ("failing", "not-comments")
    assert stored(world) == []


def test_comments_can_be_turned_off_and_on(world: World) -> None:
    source = with_site_feed(world, said(1))
    world.follow(text=f"sources:\n  - url: {source}\n    comments: off\n")
    assert world.poll().comments_new == 0
    assert world.sources()[0].comments.state == "off"
    world.follow(source)
    assert world.poll().comments_new == 1
    world.follow(text=f"sources:\n  - url: {source}\n    comments: off\n")
    world.poll(hours=5)
    assert asked(world, "/all.rss") == 1
    assert stored(world) == ["Bonjour !"]


def test_articles_are_asked_by_themselves_where_no_site_feed_is(world: World) -> None:
    urls = [world.web.answer(f"/c/{n}", comments(said(n, under=n))) for n in (1, 2)]
    world.follow(
        world.publish("/rss", *(recent(n, announced(url)) for n, url in enumerate(urls, 1)))
    )
    assert world.poll().comments_new == 2
    world.web.answer("/c/1", comments(said(9), said(1)))
    assert world.poll(hours=2).comments_new == 1
    assert asked(world, "/c/2") == 2


def test_old_articles_rest_longer(world: World) -> None:
    url = world.web.answer("/c/1", comments(said(1, at=NOW - timedelta(days=29))))
    world.follow(world.publish("/rss", item(1, more=announced(url))))
    world.poll()
    world.poll(hours=12)
    assert asked(world, "/c/1") == 1
    world.poll(hours=16)
    assert asked(world, "/c/1") == 2


def test_a_count_that_stays_spares_and_one_that_grows_hastens(world: World) -> None:
    url = world.web.answer("/c/1", comments(said(1)))

    def article(count: int, text: str) -> str:
        return recent(1, announced(url) + counted(count)).replace("Un texte.", text)

    world.follow(world.publish("/rss", article(1, "a")))
    world.poll()
    assert asked(world, "/c/1") == 1
    world.publish("/rss", article(1, "b"))
    world.poll(hours=2)
    assert asked(world, "/c/1") == 1
    world.web.answer("/c/1", comments(said(2), said(1)))
    world.publish("/rss", article(2, "c"))
    assert world.poll(hours=2).comments_new == 1


def test_after_a_304_of_the_source_the_timer_decides(world: World) -> None:
    url = world.web.answer("/c/1", comments(said(1)))
    world.follow(world.publish("/rss", recent(1, announced(url) + counted(1))))
    world.poll()
    world.web.answer("/rss", Answer(status=304))
    world.web.answer("/c/1", comments(said(2), said(1)))
    assert world.poll(hours=2).comments_new == 1


def test_an_articles_own_feed_fills_what_the_sites_left_out(world: World) -> None:
    own = world.web.answer("/c/1", comments(said(2, text="Deux"), said(1, text="Un")))
    site = world.web.answer("/all.rss", comments(said(2, text="Deux")))
    world.follow(
        world.publish(
            "/rss",
            announced(site),
            item(1, more=announced(own) + counted(2)),
            item(2, more=announced(world.web.answer("/c/2", comments())) + counted(0)),
        )
    )
    assert world.poll().comments_new == 2
    assert (asked(world, "/c/1"), asked(world, "/c/2")) == (1, 0)
    world.poll(hours=2)
    world.poll(hours=30)
    assert (asked(world, "/c/1"), asked(world, "/all.rss")) == (1, 3)


def test_articles_are_asked_by_themselves_once_a_site_feed_broke(world: World) -> None:
    own = world.web.answer("/c/1", comments(said(1)))
    site = world.web.answer("/all.rss", Answer(status=404))
    world.follow(world.publish("/rss", announced(site), recent(1, announced(own))))
    assert world.poll().comments_new == 1
    assert asked(world, "/c/1") == 1


def test_no_more_than_twenty_articles_are_begun_with_at_once(world: World) -> None:
    for number in range(30):
        world.web.answer(f"/c/{number}", comments(said(number, under=number)))
    world.follow(
        world.publish(
            "/rss",
            *(item(n, more=announced(world.web.url(f"/c/{n}"))) for n in range(30)),
        )
    )
    assert world.poll().comments_new == 20
    assert {f"/c/{n}" for n in range(10, 30)} == set(world.web.paths) - {"/rss"}
    assert world.poll(hours=2).comments_new == 10


def test_pages_are_read_to_their_end_at_first_and_to_what_is_known_later(world: World) -> None:
    pages = [[said(10 * page + n) for n in range(3)][::-1] for page in range(4)][::-1]
    for number, page in enumerate(pages):
        following = world.web.url(f"/p/{number + 1}") if number + 1 < len(pages) else None
        world.web.answer(f"/p/{number}", comments(*page, next_url=following))
    world.follow(world.publish("/rss", announced(world.web.url("/p/0")), item(1)))
    assert world.poll().comments_new == 12
    world.web.answer("/p/0", comments(said(40), *pages[0], next_url=world.web.url("/p/1")))
    assert world.poll(hours=2).comments_new == 1
    assert [asked(world, f"/p/{number}") for number in range(4)] == [2, 2, 1, 1]
    assert not any(row.vanished_at for row in rows(world, tables.comments))


@pytest.mark.parametrize("answers", [True, False])
def test_what_a_feed_of_the_newest_leaves_out_is_asked_of_the_form_that_tells_all(
    world: World, *, answers: bool
) -> None:
    home = world.web.url("")
    told = [said(n, text=f"Dit {n}") for n in (3, 2)]
    world.web.answer("/1/feed/atom/", comments(*told))
    rest = "/wp-json/wp/v2/comments?post=1&per_page=100"
    told_all = [
        {"id": n, "post": 1, "author_name": "Magalie", "content": {"rendered": f"<p>Dit {n}</p>"}}
        | {"link": f"{home}/1#comment-{n}", "date_gmt": f"2026-11-22T09:0{n}:00"}
        for n in (3, 2, 1)
    ]
    kind = (("Content-Type", "application/json"),)
    body = json.dumps(told_all).encode()
    world.web.answer(rest, Answer(body=body, headers=kind) if answers else Answer(status=401))
    article = recent(1, counted(3)).replace("article-1<", "http://cwm.example/?p=1<")
    made = "<generator>https://wordpress.org/?v=6.4</generator>"
    blog = feed(made, article).body.replace(b"http://cwm.example", home.encode())
    world.follow(world.web.answer("/rss", Answer(body=blog)))
    assert world.poll().comments_new == (3 if answers else 2)
    assert sorted(stored(world)) == ["Dit 1", "Dit 2", "Dit 3"][0 if answers else 1 :]
    world.poll(hours=2)
    assert (asked(world, "/1/feed/atom/"), asked(world, rest)) == (2, 1)
    assert [row.vanished_at for row in rows(world, tables.comments)] == [None] * (2 + answers)


def test_no_more_pages_are_read_than_can_be_stored_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "MOST_TOLD", 2)
    for page in range(3):
        more = world.web.url(f"/p/{page + 1}")
        world.web.answer(f"/p/{page}", comments(said(9 - page), next_url=more))
    world.follow(world.publish("/rss", announced(world.web.url("/p/0")), item(1)))
    assert world.poll().comments_new == 2
    assert asked(world, "/p/2") == 0


def test_pages_that_go_in_a_ring_end(world: World) -> None:
    world.web.answer("/p/0", comments(said(2), next_url=world.web.url("/p/1")))
    world.web.answer("/p/1", comments(said(1), next_url=world.web.url("/p/0")))
    world.follow(world.publish("/rss", announced(world.web.url("/p/0")), item(1)))
    assert world.poll().comments_new == 2


def test_what_came_of_pages_is_kept_when_a_later_one_fails(world: World) -> None:
    world.web.answer("/p/0", comments(said(2), next_url=world.web.url("/p/1")))
    world.web.answer("/p/1", Answer(status=500))
    world.follow(world.publish("/rss", announced(world.web.url("/p/0")), item(1)))
    assert world.poll().comments_new == 1
    world.web.answer("/p/1", comments(said(1)))
    assert world.poll(hours=2).comments_new == 0  # the first page brings nothing new


def test_a_comment_before_its_article_waits_for_it(world: World) -> None:
    site = world.web.answer("/all.rss", comments(said(1, under=3)))
    world.follow(world.publish("/rss", announced(site), item(1)))
    world.poll()
    (thread,) = rows(world, tables.threads)
    assert (thread.entry_id, thread.title, thread.comment_count) == (None, "Article 3", 1)
    world.publish("/rss", announced(site), item(1), item(3, "Le troisième"))
    world.poll(hours=2)
    (thread,) = rows(world, tables.threads)
    entry = world.entries()[0]
    assert (thread.entry_id, thread.title) == (entry.id, "Le troisième")
    assert (entry.title, entry.comment_count) == ("Le troisième", 1)


def test_a_round_keeps_its_hands_off_the_host_of_another(world: World) -> None:
    world.follow(with_site_feed(world, said(1)))
    with world.context.database.write() as session:
        session.execute(
            tables.hosts.insert().values(
                host="127.0.0.1",
                holder="elsewhere:1",
                held_until=world.clock() + timedelta(minutes=5),
            )
        )
    assert world.poll().polled == 0
    with world.context.database.write() as session:
        session.execute(tables.hosts.delete())
    world.poll()
    with world.context.database.write() as session:
        now = world.clock() + timedelta(hours=5)
        session.execute(update(tables.sources).values(next_poll_at=now + timedelta(hours=9)))
        session.execute(
            tables.hosts.insert().values(
                host="127.0.0.1", holder="elsewhere:1", held_until=now + timedelta(minutes=5)
            )
        )
        found = claims.claim_due(session, now=now, holder="me:1", most=9, busy_hosts=())
        assert found == ()
        session.execute(tables.hosts.delete())
        found = claims.claim_due(session, now=now, holder="me:1", most=9, busy_hosts=())
        assert [one.url for one in found] == [world.web.url("/all.rss")]


def test_a_source_named_by_hand_has_its_comments_asked_within_the_floor(world: World) -> None:
    source = with_site_feed(world, said(1))
    world.follow(source)
    world.poll()
    world.web.answer("/all.rss", comments(said(2), said(1)))
    world.clock.go_on(minutes=2)
    assert polling.poll_source(world.context, source).comments_new == 0
    assert asked(world, "/all.rss") == 1
    world.clock.go_on(minutes=4)
    assert polling.poll_source(world.context, source).comments_new == 1
    world.web.answer("/all.rss", comments(said(3), said(2), said(1)))
    world.clock.go_on(seconds=1)
    assert polling.poll_source(world.context, source, force=True).comments_new == 1


def test_a_source_asked_for_in_the_browser_has_its_comments_asked_for(world: World) -> None:
    world.follow(with_site_feed(world, said(1)))
    world.poll()
    world.clock.go_on(minutes=6)
    polling.ask_for_poll(world.context, world.sources()[0].id)
    world.poll()
    assert (asked(world, "/rss"), asked(world, "/all.rss")) == (2, 2)


def test_a_forced_round_asks_for_comments_once(world: World) -> None:
    world.follow(with_site_feed(world, said(1)))
    world.poll()
    world.web.answer("/all.rss", comments(said(2), said(1)))
    world.clock.go_on(minutes=2)
    assert polling.poll_due(world.context, force=True).comments_new == 1
    assert asked(world, "/all.rss") == 2


def test_a_thread_is_asked_for_again_at_the_moments_named(world: World) -> None:
    world.follow(with_site_feed(world, said(1)))
    world.poll()
    (thread,) = rows(world, tables.threads)
    with world.context.database.write() as session:
        moments = [world.clock() + timedelta(minutes=minutes) for minutes in (5, 15, 60)]
        assert feeds.ask(session, thread.id, moments)
    for minutes, times in ((4, 1), (2, 2), (2, 2), (8, 3), (30, 3), (20, 4), (30, 4)):
        world.poll(hours=minutes / 60)
        assert asked(world, "/all.rss") == times, minutes


def test_a_thread_is_not_asked_for_again_before_its_server_allows(world: World) -> None:
    world.follow(with_site_feed(world, said(1)))
    world.poll()
    wait = Answer(status=429, headers=(("Retry-After", "7200"),))
    world.web.answer("/all.rss", wait, comments(said(1)))
    world.poll(hours=2)
    (thread,) = rows(world, tables.threads)
    with world.context.database.write() as session:
        moments = [world.clock() + timedelta(minutes=minutes) for minutes in (5, 15, 180)]
        assert feeds.ask(session, thread.id, moments)
    for hours, times in ((0.2, 2), (1.7, 2), (0.2, 3), (1.1, 4)):
        world.poll(hours=hours)
        assert asked(world, "/all.rss") == times, hours


def test_an_article_whose_comments_were_never_there_is_asked_at_one_address_a_time(
    world: World,
) -> None:
    made = "<generator>https://wordpress.org/?v=6.4</generator>"
    article = recent(1, announced(world.web.url("/1/feed/")))
    told = feed(made, article).body.replace(b"http://cwm.example", world.web.url("").encode())
    world.follow(world.web.answer("/rss", Answer(body=told)))
    world.poll()
    own = [path for path in world.web.paths if path.startswith("/1/")]
    assert own == ["/1/feed/atom/", "/1/feed/"]
    for path in ("/1/feed/atom/", "/1/feed/"):
        before = len(world.web.paths)
        world.poll(hours=3)
        assert [one for one in world.web.paths[before:] if one.startswith("/1/")] == [path]
    world.web.answer("/1/feed/atom/", comments(said(1)))
    assert world.poll(hours=9).comments_new == 1


def test_a_host_that_asks_to_wait_is_left_alone_by_the_comments_of_all_its_articles(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.context.fetcher, "opens", lambda _host: False)
    wait = Answer(status=429, headers=(("Retry-After", "7200"),))
    addresses = [world.web.answer(f"/{number}.rss", wait) for number in range(40)]
    told = [recent(number, announced(url)) for number, url in enumerate(addresses)]
    world.follow(world.publish("/rss", *told))
    world.poll()
    first = len(world.web.paths)
    for _ in range(7):
        world.poll(hours=0.25)
    assert world.web.paths[first:] == []
    world.poll(hours=0.5)
    assert {*world.web.paths[first:]} > {"/rss"}


def test_a_source_that_left_the_list_has_its_comments_left_alone(world: World) -> None:
    world.follow(with_site_feed(world, said(1)), world.publish("/other", item(5)))
    world.poll()
    world.follow(world.web.url("/other"))
    world.poll(hours=5)
    assert asked(world, "/all.rss") == 1
