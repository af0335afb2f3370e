"""Where an answer is written at the source, and how the search for it stands."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.domain.conversations.sending import answer_place, looks_from, search_of

SENT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FLOOR = timedelta(minutes=5)


@pytest.mark.parametrize(
    ("generator", "comment", "thread", "place"),
    [
        (
            "https://wordpress.org/?v=6.9",
            "https://a.org/b/#comment-7",
            "https://a.org/b/",
            "https://a.org/b/?replytocom=7#respond",
        ),
        (
            "WordPress.com",
            "https://a.org/?p=5#comment-7",
            "https://a.org/?p=5",
            "https://a.org/?p=5&replytocom=7#respond",
        ),
        (
            "WordPress",
            "https://a.org/b/#comment-7",
            None,
            "https://a.org/b/?replytocom=7#respond",
        ),
        ("Blogger", "https://a.org/b#c7", "https://a.org/b", "https://a.org/b#c7"),
        (None, None, "https://a.org/b", "https://a.org/b"),
        (None, "javascript:alert(1)", "https://a.org/b", "https://a.org/b"),
        (None, "http://[", None, None),
        (None, None, None, None),
    ],
)
def test_the_answer_is_written_under_the_comment(
    generator: str | None, comment: str | None, thread: str | None, place: str | None
) -> None:
    found = answer_place(generator=generator, comment_url=comment, thread_url=thread)
    assert found == place


def test_a_thread_is_asked_after_5_15_and_60_minutes() -> None:
    minutes = [(moment - SENT) // timedelta(minutes=1) for moment in looks_from(SENT, FLOOR)]
    assert minutes == [5, 15, 60]


def test_while_a_look_is_left_nothing_is_missed() -> None:
    looks = looks_from(SENT, FLOOR)
    search = search_of(SENT, asked_for=looks[1:], looked_at=looks[0])
    assert (search.next_at, search.missed_after) == (looks[1], None)


def test_after_the_last_look_it_is_said_how_long_it_was_looked_for() -> None:
    looked_at = SENT + timedelta(minutes=61)
    search = search_of(SENT, asked_for=(), looked_at=looked_at)
    assert (search.next_at, search.missed_after) == (None, timedelta(minutes=61))


@pytest.mark.parametrize("looked_at", [None, SENT - timedelta(minutes=1)])
def test_who_has_not_looked_since_has_missed_nothing(looked_at: datetime | None) -> None:
    search = search_of(SENT, asked_for=(), looked_at=looked_at)
    assert (search.next_at, search.missed_after) == (None, None)
