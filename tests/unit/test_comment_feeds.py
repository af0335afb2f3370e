"""Which comment feeds are asked, and when: the rule, case by case."""

from datetime import timedelta

import pytest

from aggregator.domain.backoff import Failure
from aggregator.domain.conversations.comments import CommentItem, CommentsDocument
from aggregator.domain.conversations.documents import EVER, distinct, joined, told_since
from aggregator.domain.conversations.feeds import (
    Article,
    Asked,
    Plan,
    Site,
    next_ask,
    plan,
    rest_of,
)
from aggregator.domain.items import EntryId
from aggregator.domain.schedule import Rhythm
from tests.conversations import comment
from tests.world import NOW

RHYTHM = Rhythm(wish=timedelta(hours=1), floor=timedelta(minutes=15))
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def article(
    *, days: float, announced: int | None = None, stored: int = 0, talked: float | None = None
) -> Article:
    return Article(
        id=EntryId(1),
        published_at=NOW - days * DAY,
        last_comment_at=None if talked is None else NOW - talked * DAY,
        announced=announced,
        stored=stored,
    )


@pytest.mark.parametrize(
    ("days", "talked", "rest"),
    [
        (0, None, timedelta(0)),
        (1.9, None, timedelta(0)),
        (2, None, 6 * HOUR),
        (13.9, None, 6 * HOUR),
        (14, None, DAY),
        (90, None, 7 * DAY),
        (364, None, 7 * DAY),
        (365, None, None),
        (400, 1, timedelta(0)),  # its last comment keeps it young
        (400, 500, None),
    ],
)
def test_comments_rest_the_longer_the_older_their_article(
    days: float, talked: float | None, rest: timedelta | None
) -> None:
    assert rest_of(article(days=days, talked=talked), now=NOW) == rest


@pytest.mark.parametrize(
    ("one", "site", "at"),
    [
        (article(days=1), Site.NONE, NOW),
        (article(days=1, announced=3), Site.NONE, NOW),
        (article(days=1, announced=0), Site.NONE, NOW + HOUR),
        (article(days=20, announced=0), Site.NONE, NOW + DAY),
        (article(days=400), Site.NONE, NOW),  # nothing else would tell of its comments
        (article(days=400, announced=0), Site.NONE, "never"),
        (article(days=400, announced=2), Site.NONE, NOW),
        (article(days=400, announced=2, stored=2), Site.NONE, "never"),
        (article(days=1), Site.WORKS, "never"),
        (article(days=1, announced=3, stored=3), Site.WORKS, "never"),
        (article(days=1, announced=3, stored=2), Site.WORKS, NOW),
        (article(days=1, announced=3), Site.UNTRIED, "never"),
    ],
)
def test_an_article_never_asked_about(one: Article, site: Site, at: object) -> None:
    plans = plan([one], {}, site=site, rhythm=RHYTHM, now=NOW)
    assert (plans[one.id].at if plans else "never") == at


GONE_TWICE = Failure(code="http-410", in_a_row=2, same=2, same_since=NOW - DAY)


def failed(count: int) -> Failure:
    return Failure(code="timeout", in_a_row=count)


POLLED = NOW - 2 * HOUR
SOON = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("one", "asked", "site", "at"),
    [
        # a body that shows the same count spares; without one, or without a count, it does not
        (article(days=1, announced=2, stored=2), {"count_seen": 2}, Site.NONE, NOW + HOUR),
        (article(days=5, announced=2, stored=2), {"count_seen": 2}, Site.NONE, NOW + 6 * HOUR),
        (article(days=1), {}, Site.NONE, SOON),
        (article(days=1, announced=1, stored=2), {"count_seen": 2}, Site.NONE, SOON),
        # one that shows more hastens, whatever the site tells, but not under the floor
        (article(days=1, announced=3, stored=2), {"count_seen": 2}, Site.NONE, NOW),
        (article(days=99, announced=3, stored=2), {"count_seen": 2}, Site.WORKS, NOW),
        (
            article(days=1, announced=9),
            {"count_seen": 2, "last_polled_at": NOW, "next_poll_at": NOW + DAY},
            Site.NONE,
            NOW + timedelta(minutes=15),
        ),
        (
            article(days=1, announced=9),
            {"last_polled_at": NOW, "fresh_s": 7200, "next_poll_at": NOW + DAY},
            Site.NONE,
            NOW + 2 * HOUR,
        ),
        (
            article(days=1, announced=9),
            {"not_before_at": NOW + DAY, "next_poll_at": None},
            Site.NONE,
            NOW + DAY,
        ),
        # what was announced when last asked is no gap any more: pingbacks count too
        (article(days=1, announced=3, stored=1), {"count_seen": 3}, Site.WORKS, None),
        (article(days=1), {}, Site.WORKS, None),
        (article(days=400), {}, Site.NONE, None),
        # failures and moments that one asked for have their own time
        (article(days=1, announced=9), {"failures": 2}, Site.NONE, SOON),
        (article(days=1), {"asked_for": (SOON,)}, Site.WORKS, SOON),
    ],
)
def test_an_article_asked_about_before(
    one: Article, asked: dict[str, object], site: Site, at: object
) -> None:
    known = Asked(**{"last_polled_at": POLLED, "next_poll_at": SOON} | asked)  # type: ignore[arg-type]
    plans = plan([one], {one.id: known}, site=site, rhythm=RHYTHM, now=NOW, body_until=NOW + HOUR)
    assert plans.get(one.id, Plan(at=known.next_poll_at)).at == at


def test_many_articles_are_begun_with_a_few_at_a_time_the_newest_first() -> None:
    articles = [
        Article(id=EntryId(number), published_at=NOW - number * HOUR) for number in range(45)
    ]
    plans = plan(articles, {}, site=Site.NONE, rhythm=RHYTHM, now=NOW)
    waits = [(plans[EntryId(number)].at or NOW) - NOW for number in (0, 19, 20, 39, 40)]
    assert waits == [0 * HOUR, 0 * HOUR, HOUR, HOUR, 2 * HOUR]


@pytest.mark.parametrize(
    ("given", "wait"),
    [
        ({"article": None, "site": Site.WORKS}, HOUR),
        ({"article": article(days=1), "site": Site.NONE}, HOUR),
        ({"article": article(days=5), "site": Site.NONE}, 6 * HOUR),
        ({"article": article(days=5), "site": Site.WORKS}, None),
        ({"article": article(days=400), "site": Site.NONE}, None),
        ({"article": None, "site": Site.NONE, "failure": failed(3)}, 4 * HOUR),
        ({"article": article(days=5), "site": Site.WORKS, "failure": failed(1)}, 6 * HOUR),
        ({"article": None, "site": Site.NONE, "failure": failed(1), "hopeless": True}, DAY),
        ({"article": article(days=1), "site": Site.NONE, "failure": failed(6)}, DAY),
        (
            {"article": article(days=1), "site": Site.NONE, "failure": failed(5), "unread": True},
            16 * HOUR,
        ),
        (
            {"article": article(days=1), "site": Site.NONE, "failure": failed(6), "unread": True},
            4 * DAY,
        ),
        ({"article": None, "site": Site.NONE, "failure": GONE_TWICE}, None),
        ({"article": None, "site": Site.NONE, "failure": failed(1), "not_before": NOW + DAY}, DAY),
        ({"article": None, "site": Site.WORKS, "asked_for": (NOW, SOON)}, SOON - NOW),
        ({"article": article(days=5), "site": Site.WORKS, "asked_for": (SOON,)}, SOON - NOW),
    ],
)
def test_a_comment_feed_that_was_just_asked(
    given: dict[str, object], wait: timedelta | None
) -> None:
    at = next_ask(RHYTHM, now=NOW, jitter=0, **given)  # type: ignore[arg-type]
    assert at == (None if wait is None else NOW + wait)


def document(*hours: float | None, whole: bool = False) -> CommentsDocument:
    items = [
        comment(str(place), at=NOW - hour * HOUR) if hour is not None else undated(place)
        for place, hour in enumerate(hours)
    ]
    return CommentsDocument(platform="atom", title=None, items=tuple(items), whole=whole)


def undated(place: int) -> CommentItem:
    item = comment(str(place), at=NOW)
    return CommentItem(
        key=item.key,
        url=item.url,
        author=item.author,
        published_at=None,
        content_html=item.content_html,
        text=item.text,
        fingerprint=item.fingerprint,
    )


def test_a_document_misses_comments_only_where_it_ought_to_name_them() -> None:
    assert told_since(document(1, 2, 2, 5), of_article=True) == NOW - 5 * HOUR
    assert told_since(document(5, 1), of_article=True) is None
    assert told_since(document(1, None), of_article=True) is None
    assert told_since(document(), of_article=True) is None
    assert told_since(document(5, 1, whole=True), of_article=True) == EVER
    assert told_since(document(whole=True), of_article=True) == EVER
    assert told_since(document(5, 1, whole=True), of_article=False) is None


def test_two_comments_of_one_key_are_both_kept_and_one_told_twice_is_one() -> None:
    first = comment("a", author="Magalie", at=NOW, text="Un")
    edited = comment("a", author="Magalie", at=NOW, text="Un bis", updated_at=NOW + HOUR)
    other = comment("a", author="Erick", at=NOW + HOUR, text="Deux")
    told = distinct([other, edited, first])
    assert {(item.key, item.text) for item in told} == {
        ("a", "Un bis"),
        (f"a~{(NOW + HOUR).isoformat()}", "Deux"),
    }
    assert {item.key for item in distinct([first, other])} == {item.key for item in told}


def test_pages_make_one_document_which_is_whole_if_all_were_read() -> None:
    first = CommentsDocument(
        platform="blogger",
        title="Commentaires",
        items=document(1, 2).items,
        next_url="https://cwm.example/2",
    )
    last = CommentsDocument(platform="blogger", title=None, items=document(3).items, total=3)
    both = joined([first, last])
    assert ([item.published_at for item in both.items], both.whole, both.title) == (
        [NOW - HOUR, NOW - 2 * HOUR, NOW - 3 * HOUR],
        True,
        "Commentaires",
    )
    assert not joined([first]).whole
