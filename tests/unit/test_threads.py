"""The rules of a thread: parents, answers of mine, and what waits."""

import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.domain.conversations.comments import CommentId, Kind, Pairing
from aggregator.domain.conversations.threads import Place, Voice, arrange

BEGIN: Final = datetime(2010, 9, 17, 13, 0, tzinfo=UTC)
ARTICLE: Final = "http://blog.example/billet"


def voice(number: int, author: str = "Magalie", text: str = "Bonjour !", **more: Any) -> Voice:
    """Make a comment written `number` minutes after the beginning, mine if CWM signs it."""
    minutes = more.pop("at", number)
    values: dict[str, Any] = {
        "id": CommentId(number),
        "key": f"c{number}",
        "url": f"{ARTICLE}#comment-{number}",
        "author": author,
        "mine": author == "CWM",
        "kind": Kind.COMMENT,
        "published_at": BEGIN + timedelta(minutes=minutes),
        "text": text,
        "html": f"<p>{text}</p>",
    }
    return Voice(**(values | more))


def mine(number: int, text: str = "Merci !", **more: Any) -> Voice:
    return voice(number, "CWM", text, **more)


def placed(*voices: Voice, own: bool = True, names: Sequence[str] = ("CWM",)) -> dict[int, Place]:
    return {int(key): one for key, one in _arranged(voices, own=own, names=names).items()}


def _arranged(
    voices: Sequence[Voice], *, own: bool = True, names: Sequence[str] = ("CWM",)
) -> Mapping[CommentId, Place]:
    return arrange(voices, own=own, names=names, about=(ARTICLE, "article-1"))


def parents(*voices: Voice, own: bool = True) -> dict[int, int | None]:
    return {one: place.parent for one, place in placed(*voices, own=own).items()}


def waiting(*voices: Voice, own: bool = True, names: Sequence[str] = ("CWM",)) -> set[int]:
    found = placed(*voices, own=own, names=names)
    return {one for one, place in found.items() if place.expects and place.answered_by is None}


# Parents that the platform declares


@pytest.mark.parametrize(
    "reference",
    [
        "c1",
        f"{ARTICLE}#comment-1",
        "https://www.blog.example/billet/#comment-1",
        "http://blog.example/billet/comment-page-2/#comment-1",
        "#comment-1",
        "#div-comment-1",
        f"{ARTICLE}?replytocom=1#respond",
    ],
)
def test_a_declared_parent_is_found_by_key_and_by_every_form_of_its_address(
    reference: str,
) -> None:
    found = placed(voice(1), voice(2), voice(3, "Erick", declared=(reference,)))
    assert (found[3].parent, found[3].pairing) == (1, Pairing.DECLARED)


def test_what_only_the_words_of_a_comment_declare_is_deduced() -> None:
    found = placed(voice(1), voice(2, declared=("c1",), in_words=True))
    assert (found[2].parent, found[2].pairing) == (1, Pairing.DEDUCED)


def test_a_parent_without_fragment_is_found_by_its_address() -> None:
    status = voice(1, url="https://social.example/@magalie/1")
    assert parents(status, voice(2, declared=("http://social.example/@magalie/1/",)))[2] == 1


def test_the_surest_reference_that_names_a_comment_counts() -> None:
    assert parents(voice(1), voice(2), voice(3, declared=("gone", "c2", "c1")))[3] == 2


@pytest.mark.parametrize("reference", [ARTICLE, f"{ARTICLE}/", "article-1"])
def test_who_answers_the_article_answers_no_comment(reference: str) -> None:
    only = voice(1, url=ARTICLE)
    assert parents(only, voice(2, url=None, declared=(reference,))) == {1: None, 2: None}


def test_an_address_that_two_comments_have_names_neither() -> None:
    twins = [voice(number, url="http://other.example/x") for number in (1, 2)]
    assert parents(*twins, voice(3, declared=("http://other.example/x",)))[3] is None


def test_a_fragment_that_two_comments_have_names_neither() -> None:
    twins = [voice(number, url=f"http://{number}.example/#c") for number in (1, 2)]
    page = voice(3, url="http://2.example/")
    assert parents(*twins, page, voice(4, declared=("http://2.example/#c",)))[4] is None


def test_what_is_called_like_the_article_is_not_meant() -> None:
    assert parents(voice(1, key="article-1"), voice(2, declared=("article-1",)))[2] is None


def test_of_two_comments_with_one_key_the_first_is_meant() -> None:
    again = voice(2, key="c1")
    assert parents(voice(1), again, voice(3, declared=("c1",)))[3] == 1


def test_a_parent_of_another_thread_is_none() -> None:
    found = placed(voice(1), voice(2, declared=("elsewhere",)))
    assert (found[2].parent, found[2].pairing) == (None, None)


def test_nobody_answers_oneself() -> None:
    assert parents(voice(1, declared=("c1",)))[1] is None


def test_a_parent_may_be_dated_later_than_its_child() -> None:
    assert parents(voice(1, declared=("c2",)), voice(2))[1] == 2


def test_a_pingback_may_be_answered_and_the_answer_still_waits() -> None:
    pingback = voice(1, kind=Kind.PINGBACK)
    found = placed(pingback, voice(2, declared=("c1",)))
    assert (found[2].parent, found[2].expects, found[1].expects) == (1, True, False)


@pytest.mark.parametrize("length", [2, 3, 50])
def test_a_ring_of_parents_is_opened_at_its_first_comment(length: int) -> None:
    ring = [
        voice(number, declared=(f"c{number % length + 1}",)) for number in range(1, length + 1)
    ]
    found = parents(*ring)
    assert [one for one, parent in found.items() if parent is None] == [1]


def test_two_rings_are_opened_both_and_what_hangs_on_them_stays() -> None:
    answers = {1: 2, 2: 1, 3: 4, 4: 3, 5: 4}
    found = parents(*(voice(one, declared=(f"c{to}",)) for one, to in answers.items()))
    assert found == {1: None, 2: 1, 3: None, 4: 3, 5: 4}


def test_a_chosen_parent_in_a_ring_is_kept_before_a_declared_one() -> None:
    found = parents(voice(1, by_hand=2), voice(2, declared=("c1",)))
    assert found == {1: 2, 2: None}


# By hand


def test_what_is_chosen_by_hand_wins_over_what_is_declared() -> None:
    found = placed(voice(1), voice(2), mine(3, declared=("c1",), by_hand=2))
    assert (found[3].parent, found[3].pairing) == (2, Pairing.MANUAL)
    assert (found[1].answered_by, found[2].answered_by) == (None, 3)


def test_an_answer_may_be_said_to_answer_nothing() -> None:
    found = placed(voice(1), mine(2, declared=("c1",), by_hand=0))
    assert (found[2].parent, found[2].pairing) == (None, Pairing.MANUAL)
    assert found[1].answered_by is None


def test_a_choice_that_is_gone_is_none() -> None:
    assert placed(voice(1), mine(2, declared=("c1",), by_hand=77))[2].pairing is Pairing.DECLARED


def test_an_answer_paired_anew_frees_the_comment_it_was_taken_for() -> None:
    first, second = voice(1), voice(2, "Erick")
    before = placed(first, second, mine(3), mine(4))
    assert (before[3].parent, before[4].parent) == (1, 2)
    after = placed(first, second, mine(3, by_hand=2), mine(4, was=CommentId(2)))
    assert (after[3].parent, after[4].parent) == (2, 1)


# What the words say


def test_a_link_to_a_comment_is_an_answer_to_it() -> None:
    html = f'<p><a href="{ARTICLE}#comment-1" rel="nofollow">Magalie</a>, oui.</p>'
    found = placed(voice(1), voice(2), voice(3, "Erick", html=html))
    assert (found[3].parent, found[3].pairing) == (1, Pairing.DEDUCED)


def test_a_link_to_the_article_is_no_answer() -> None:
    html = f'<p><a href="{ARTICLE}">ici</a> <a href="{ARTICLE}#comment-3">moi</a></p>'
    assert parents(voice(1), voice(2), voice(3, "Erick", html=html))[3] is None


def test_a_link_to_a_pingback_is_no_answer() -> None:
    html = f'<p><a href="{ARTICLE}#comment-1">là</a></p>'
    assert parents(voice(1, kind=Kind.PINGBACK), voice(2, "Erick", html=html))[2] is None


@pytest.mark.parametrize(
    "text",
    [
        "@Chloé Béa merci",
        "@chloe bea, merci",
        "@CHLOEBEA merci",
        "  @ Chloé\u00a0Béa : merci",
        "@chloe_bea merci",
        "@Chloé merci",
    ],
)
def test_a_name_at_the_beginning_is_found_whatever_its_case_accents_and_spaces(
    text: str,
) -> None:
    found = placed(voice(1, "Chloé Béa"), voice(2), voice(3, "Erick", text), own=False)
    assert (found[3].parent, found[3].pairing) == (1, Pairing.DEDUCED)


@pytest.mark.parametrize(
    "text", ["Merci @Magalie", "@Mag merci", "@Magaliette merci", "@personne", "@"]
)
def test_any_other_name_is_nobody_s(text: str) -> None:
    assert parents(voice(1), voice(2, "Erick", text))[2] is None


def test_a_first_name_that_two_people_have_is_nobody_s() -> None:
    found = parents(voice(1, "Philippe B"), voice(2, "Philippe C"), voice(3, text="@Philippe oui"))
    assert found[3] is None


def test_the_longest_name_counts() -> None:
    found = parents(voice(1, "Jean"), voice(2, "Jean Paul"), voice(3, "Erick", "@Jean Paul ah"))
    assert found[3] == 2


def test_of_several_comments_of_a_name_the_latest_before_is_meant() -> None:
    found = parents(voice(1), voice(2), voice(3, "Erick", "@Magalie oui"), voice(4))
    assert found[3] == 2


def test_mine_is_for_the_latest_of_a_name_that_is_open() -> None:
    found = parents(voice(1), voice(2), mine(3, "@Magalie oui"), mine(4, "@Magalie et oui"))
    assert (found[3], found[4]) == (2, 1)


def test_a_name_is_kept_from_an_answer_that_says_nothing() -> None:
    found = parents(voice(1, "Erick"), voice(2), mine(3), mine(4, "@Erick merci"))
    assert (found[3], found[4]) == (2, 1)


def test_who_calls_me_answers_my_latest_comment_and_waits() -> None:
    found = placed(voice(1), mine(2), voice(3, text="@cwm pas sûr"), own=False)
    assert (found[3].parent, found[3].expects) == (2, True)


SAYING: Final = "Netvibes est un outil de lecture et non de diffusion."


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("x", "<blockquote><p>un outil de <b>lecture</b></p></blockquote><p>Oui.</p>"),
        ("> un outil de lecture\nOui.", ""),
        ("« Un outil de lecture », dites-vous.", ""),
        ("“un outil de lecture”: yes", ""),
    ],
)
def test_quoted_words_are_an_answer_to_who_said_them(text: str, html: str) -> None:
    found = placed(voice(1, text=SAYING), voice(2), voice(3, "Erick", text, html=html))
    assert (found[3].parent, found[3].pairing) == (1, Pairing.DEDUCED)


@pytest.mark.parametrize("text", ["« un outil de »", "« tout autre chose que cela »"])
def test_few_words_or_those_of_nobody_are_no_quotation(text: str) -> None:
    assert parents(voice(1, text=SAYING), voice(2, "Erick", text))[2] is None


def test_two_who_quote_the_article_alike_do_not_answer_each_other() -> None:
    text = "« un outil de lecture » : bien dit"
    assert parents(voice(1, text=text), voice(2, "Erick", text)) == {1: None, 2: None}


def test_two_who_set_off_the_same_words_do_not_answer_each_other() -> None:
    html = "<blockquote>un outil de lecture</blockquote><p>Oui.</p>"
    text = "un outil de lecture\nOui."
    assert parents(voice(1, text=text, html=html), voice(2, "Erick", text, html=html))[2] is None


def test_what_is_quoted_was_said_before() -> None:
    quoting = voice(1, "Erick", "« un outil de lecture »")
    assert parents(quoting, voice(2, text=SAYING))[1] is None


def test_a_called_name_chooses_among_quoted_people() -> None:
    quoting = mine(3, "@Erick « un outil de lecture » : oui")
    assert parents(voice(1, text=SAYING), voice(2, "Erick"), quoting)[3] == 2


# Answers of mine of which nobody tells


def test_two_answers_in_a_row_are_for_the_two_oldest_in_their_order() -> None:
    found = parents(voice(1, "Philippe B"), voice(2, "El annuaire"), mine(3), mine(4))
    assert (found[3], found[4]) == (1, 2)


def test_what_was_answered_already_is_not_answered_again() -> None:
    found = placed(voice(1), mine(2, declared=("c1",)), mine(3))
    assert (found[3].parent, found[1].answered_by) == (None, 2)


def test_a_second_declared_answer_clears_nothing_else() -> None:
    found = placed(voice(1), mine(2, declared=("c1",)), voice(3), mine(4, declared=("c1",)))
    assert (found[1].answered_by, found[3].answered_by) == (2, None)


def test_what_an_answer_declares_is_kept_from_an_earlier_one_that_does_not() -> None:
    found = parents(voice(1), voice(2), mine(3), mine(4, declared=("c1",)))
    assert (found[3], found[4]) == (2, 1)


def test_nothing_later_is_answered() -> None:
    assert parents(mine(1), voice(2)) == {1: None, 2: None}


def test_elsewhere_my_comment_answers_nobody_unless_somebody_says_so() -> None:
    assert parents(voice(1), mine(2), own=False)[2] is None


def test_for_comments_of_others_nothing_is_invented() -> None:
    assert parents(voice(1), voice(2, "Erick"), voice(3)) == {1: None, 2: None, 3: None}


def test_a_page_with_answers_below_their_comments_says_what_they_answer() -> None:
    page = [voice(1, position=0), mine(4, position=1), voice(2, position=2), mine(3, position=3)]
    found = parents(*page)
    assert (found[4], found[3]) == (1, 2)


@pytest.mark.parametrize("places", [(0, 1, 2, 3), (3, 2, 1, 0)])
def test_a_page_in_the_order_of_the_dates_says_nothing(places: tuple[int, ...]) -> None:
    page = [voice(1), voice(2), mine(3), mine(4)]
    found = parents(
        *(replace(one, position=place) for one, place in zip(page, places, strict=True))
    )
    assert (found[3], found[4]) == (1, 2)


def test_comments_of_one_minute_are_in_the_order_of_their_numbers() -> None:
    found = parents(voice(9, at=1), voice(10, at=1), mine(11, at=2), mine(12, at=2))
    assert (found[11], found[12]) == (9, 10)


def test_what_i_said_to_have_answered_comes_before_what_is_older() -> None:
    sent = BEGIN + timedelta(minutes=40)
    found = parents(voice(1), voice(2, sent_at=sent), mine(3, at=35))
    assert found[3] == 2


def test_what_was_said_long_ago_to_be_answered_is_not_preferred() -> None:
    sent = BEGIN + timedelta(minutes=40)
    assert parents(voice(1), voice(2, sent_at=sent), mine(3, at=600))[3] == 1


def test_elsewhere_too_an_answer_is_for_what_i_said_to_have_answered() -> None:
    named = voice(1, text="Et CWM ?", sent_at=BEGIN + timedelta(minutes=40))
    assert parents(named, mine(2, at=39), own=False)[2] == 1


def test_what_was_filed_away_before_needs_no_answer() -> None:
    filed = voice(1, filed_at=BEGIN + timedelta(minutes=2))
    assert parents(filed, voice(2), mine(3))[3] == 2


def test_what_is_filed_away_later_keeps_its_answer() -> None:
    filed = voice(1, filed_at=BEGIN + timedelta(days=2))
    assert parents(filed, voice(2), mine(3))[3] == 1


def test_what_was_said_to_be_answered_long_before_is_not_answered() -> None:
    closed = voice(1, closed_at=BEGIN + timedelta(minutes=5))
    assert parents(closed, voice(2), mine(3, at=600))[3] == 2


def test_what_is_hidden_is_not_answered() -> None:
    assert parents(voice(1, hidden=True), voice(2), mine(3))[3] == 2


def test_what_vanished_before_is_not_answered() -> None:
    gone = voice(1, vanished_at=BEGIN + timedelta(minutes=2))
    assert parents(gone, voice(2), mine(3))[3] == 2


def test_an_answer_that_vanished_answers_no_more_and_nothing_else_moves() -> None:
    gone = mine(3, vanished_at=BEGIN + timedelta(days=1))
    found = placed(voice(1), voice(2), gone, mine(4))
    assert (found[3].parent, found[4].parent) == (1, 2)
    assert (found[1].answered_by, found[2].answered_by) == (None, 4)


def test_an_answer_written_again_takes_the_place_of_the_one_that_vanished() -> None:
    noticed = BEGIN + timedelta(minutes=30)
    gone = mine(3, first_seen_at=BEGIN + timedelta(minutes=10), vanished_at=noticed)
    again = mine(5, first_seen_at=noticed)
    found = placed(voice(1), voice(2), gone, mine(4), again)
    assert (found[5].parent, found[1].answered_by, found[2].answered_by) == (1, 5, 4)


def test_a_pingback_of_mine_answers_nothing() -> None:
    found = placed(voice(1), mine(2, kind=Kind.PINGBACK), mine(3, kind=Kind.PINGBACK, by_hand=1))
    assert (found[2].parent, found[1].answered_by) == (None, None)


def test_a_pingback_of_mine_takes_no_comment_from_an_answer() -> None:
    assert parents(voice(1), mine(2, kind=Kind.PINGBACK, by_hand=1), mine(3))[3] == 1


def test_my_comment_is_not_answered_by_another_of_mine() -> None:
    assert placed(mine(1), mine(2, declared=("c1",)))[1].answered_by is None


def test_of_one_minute_the_one_above_on_its_page_comes_first() -> None:
    page = [voice(1, at=1, position=5), voice(2, at=1, position=3)]
    found = parents(*page, mine(3, at=2), mine(4, at=3))
    assert (found[3], found[4]) == (2, 1)


# What was settled


def test_what_was_settled_is_kept_though_something_older_comes() -> None:
    held_back, seen, answer = voice(1), voice(2, "Erick"), mine(3, was=CommentId(2))
    found = parents(held_back, seen, answer)
    assert found[3] == 2


def test_a_declared_parent_takes_the_place_of_a_deduced_one() -> None:
    found = placed(voice(1), voice(2), mine(3, was=CommentId(2), declared=("c1",)))
    assert (found[3].parent, found[3].pairing) == (1, Pairing.DECLARED)


@pytest.mark.parametrize("was", [3, 4, 99])
def test_what_was_settled_and_cannot_be_is_found_anew(was: int) -> None:
    found = parents(voice(1), voice(2), mine(3, was=CommentId(was)), voice(4))
    assert found[3] == 1


def test_a_name_written_later_speaks_against_what_was_settled() -> None:
    found = parents(voice(1, "Erick"), voice(2), mine(3, "@Erick oui", was=CommentId(2)))
    assert found[3] == 1


# What waits


def test_on_my_source_every_top_level_comment_waits() -> None:
    assert waiting(voice(1), voice(2, declared=("c1",)), mine(3, by_hand=0)) == {1}


def test_elsewhere_only_what_is_said_to_me_waits() -> None:
    said = [voice(1), mine(2), voice(3, declared=("c2",)), voice(4, declared=("c3",))]
    assert waiting(*said, own=False) == {3}


@pytest.mark.parametrize(
    "text",
    ["Merci @CWM !", "cwm a raison", "d’après CWM, oui", "(CWM)", "Bravo, CŴM.", "Et CWM ?"],
)
def test_who_names_me_waits_anywhere(text: str) -> None:
    assert waiting(voice(1, text=text), own=False) == {1}


@pytest.mark.parametrize(
    "text",
    [
        "xcwmx",
        "CWMania",
        "cwm2",
        "voir http://cwm.over-blog.com/article",
        "cwm.over-blog.com",
        "jean-cwm",
        "cwm@example.org",
        "moi@cwm.example",
    ],
)
def test_a_name_inside_another_word_or_an_address_is_not_mine(text: str) -> None:
    assert waiting(voice(1, text=text), own=False) == set()


def test_a_name_of_several_words_is_found_over_any_blank() -> None:
    said = voice(1, text="Chère chloe\u00a0 bea, merci")
    assert waiting(said, own=False, names=("Chloé Béa",)) == {1}


def test_without_a_name_nobody_names_me() -> None:
    assert waiting(voice(1, text="CWM"), own=False, names=("", " @ ")) == set()


def test_pingbacks_never_wait() -> None:
    assert waiting(voice(1, kind=Kind.PINGBACK, text="CWM")) == set()


def test_an_answer_to_an_answer_leaves_the_first_comment_waiting() -> None:
    said = [voice(1), voice(2, "Erick", declared=("c1",)), mine(3, declared=("c2",))]
    assert waiting(*said) == {1}


# What I wait for


def test_i_wait_where_my_comment_is_the_last_of_its_branch() -> None:
    found = placed(
        voice(1), mine(2, declared=("c1",)), mine(3, by_hand=0), voice(4, declared=("c3",))
    )
    assert [one for one, place in found.items() if place.last_word] == [2]


def test_what_is_hidden_or_gone_ends_no_wait_of_mine() -> None:
    gone: dict[str, Any] = {"vanished_at": BEGIN + timedelta(days=1)}
    found = placed(
        mine(1),
        voice(2, declared=("c1",), hidden=True),
        voice(3, declared=("c1",), **gone),
        voice(4, declared=("c1",), kind=Kind.PINGBACK),
        mine(5, **gone),
    )
    assert [one for one, place in found.items() if place.last_word] == [1]


# Any thread at all

UNHURRIED: Final = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
PEOPLE: Final = ("Magalie", "Erick", "Philippe B", "CWM", "CWM")


@st.composite
def threads(draw: st.DrawFn) -> list[Voice]:
    """Make threads of few people who answer, call and quote each other, rings included."""
    count = draw(st.integers(1, 12))
    number = st.integers(1, count)
    return [
        voice(
            one,
            draw(st.sampled_from(PEOPLE)),
            draw(st.sampled_from(["Oui.", "@Erick oui", f"« {SAYING} » non", SAYING, "CWM ?"])),
            at=draw(st.integers(0, 6)),
            declared=tuple(f"c{draw(number)}" for _ in range(draw(st.integers(0, 1)))),
            by_hand=draw(st.none() | st.integers(0, count)),
            kind=draw(st.sampled_from([Kind.COMMENT] * 5 + [Kind.PINGBACK])),
            position=draw(st.none() | st.integers(0, count)),
            vanished_at=draw(st.none() | st.just(BEGIN + timedelta(minutes=3))),
        )
        for one in range(1, count + 1)
    ]


@UNHURRIED
@given(threads(), st.randoms(use_true_random=False), st.booleans())
def test_any_thread_is_a_tree_and_ends_the_same_in_any_order(
    said: list[Voice],
    chance: random.Random,
    own: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    found = _arranged(said, own=own)
    for one in found:
        above, steps = found[one].parent, 0
        while above is not None and steps <= len(said):
            above, steps = found[above].parent, steps + 1
        assert above is None
    shuffled = said[:]
    chance.shuffle(shuffled)
    assert _arranged(shuffled, own=own) == found


@UNHURRIED
@given(threads(), st.booleans())
def test_no_answer_of_mine_clears_two_comments(
    said: list[Voice],
    own: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    found = _arranged(said, own=own)
    answers = [place.answered_by for place in found.values() if place.answered_by is not None]
    assert len(answers) == len(set(answers))
    by_id = {one.id: one for one in said}
    assert all(by_id[one].mine and by_id[one].vanished_at is None for one in answers)


@UNHURRIED
@given(threads(), st.integers(1, 11))
def test_what_was_found_stays_when_later_comments_come(said: list[Voice], cut: int) -> None:
    plain = sorted(
        (
            replace(one, declared=(), by_hand=None, vanished_at=None, text="Oui.", html="")
            for one in said
        ),
        key=lambda one: (one.published_at, one.position or -1, one.id),
    )
    ordered = [
        replace(one, position=None, published_at=BEGIN + timedelta(minutes=minute))
        for minute, one in enumerate(plain)
    ]
    before, after = _arranged(ordered[:cut]), _arranged(ordered)
    assert {one: after[one].parent for one in before} == {
        one: place.parent for one, place in before.items()
    }


def crowd(count: int) -> list[Voice]:
    """Make a long thread in which a third is mine, and some answer, call and quote."""
    texts = ("Oui.", "@Auteur 7 oui", f"« {SAYING} » non", SAYING, "Et CWM ?")
    return [
        voice(
            number,
            "CWM" if number % 3 == 0 else f"Auteur {number % 50}",
            texts[number % 5],
            declared=(f"c{number - 1}",) if number % 7 == 0 else (),
            sent_at=BEGIN + timedelta(minutes=number + 30) if number % 11 == 0 else None,
        )
        for number in range(1, count + 1)
    ]


def steps_for(count: int) -> int:
    """Count the calls, of functions in C too, that a thread takes."""
    said, steps = crowd(count), 0

    def count_call(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event in {"call", "c_call"}

    sys.setprofile(count_call)
    try:
        _arranged(said)
    finally:
        sys.setprofile(None)
    return steps


def test_four_times_the_comments_take_four_times_the_steps() -> None:
    assert steps_for(4_000) < 4.5 * steps_for(1_000)


def test_ten_thousand_comments_are_put_in_order() -> None:
    found = _arranged(crowd(10_000))
    assert len(found) == 10_000
    answered = sum(place.answered_by is not None for place in found.values())
    assert answered > 2_000
