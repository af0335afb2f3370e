from datetime import UTC, datetime, timedelta

import pytest

from aggregator.domain.door import (
    IDLE,
    TRIES,
    TRIES_OVERALL,
    Outcome,
    Standing,
    Try,
    comparable,
    is_over,
    is_to_be_renewed,
    neighbourhood,
    standing,
    usable,
    wait,
)
from aggregator.errors import InvalidInputError

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HERE = "192.0.2.7"


def tried(seconds_ago: float, address: str = HERE, outcome: Outcome = Outcome.WRONG) -> Try:
    return Try(tried_at=NOW - timedelta(seconds=seconds_ago), address=address, outcome=outcome)


@pytest.mark.parametrize(
    ("password", "word", "reachable", "expected"),
    [
        (False, False, False, Standing.OPEN),
        (False, False, True, Standing.SHUT),
        (False, True, False, Standing.WAITING),
        (False, True, True, Standing.WAITING),
        (True, False, False, Standing.LOCKED),
        (True, False, True, Standing.LOCKED),
        (True, True, True, Standing.LOCKED),
    ],
)
def test_only_without_password_and_without_others_the_door_is_open(
    *, password: bool, word: bool, reachable: bool, expected: Standing
) -> None:
    assert standing(password=password, word=word, reachable=reachable) is expected


def test_four_wrong_tries_do_not_make_one_wait() -> None:
    assert wait([tried(n) for n in range(TRIES - 1)], HERE, NOW) is None


def test_after_five_one_waits_until_the_first_is_a_minute_old() -> None:
    tries = [tried(seconds) for seconds in (50, 40, 30, 20, 10)]
    assert wait(tries, HERE, NOW) == timedelta(seconds=10)
    assert wait(tries, HERE, NOW + timedelta(seconds=10)) is None


def test_what_was_right_or_refused_makes_nobody_wait() -> None:
    tries = [tried(n, outcome=Outcome.REFUSED) for n in range(30)]
    tries += [tried(n, outcome=Outcome.RIGHT) for n in range(30)]
    assert wait(tries, HERE, NOW) is None


def test_another_address_does_not_wait_for_ours() -> None:
    assert wait([tried(n) for n in range(TRIES)], "192.0.2.8", NOW) is None


def test_guessing_from_many_addresses_is_slow_too() -> None:
    tries = [tried(n / 2, f"198.51.100.{n}") for n in range(TRIES_OVERALL)]
    assert wait(tries[1:], HERE, NOW) is None
    assert wait(tries, HERE, NOW) == timedelta(seconds=60 - 29.5)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::2%eth1"),
    ],
)
def test_one_visitor_is_one_neighbourhood(one: str, other: str) -> None:
    assert neighbourhood(one) == neighbourhood(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("2001:db8:1:2::1", "2001:db8:1:3::1"), ("192.0.2.7", "192.0.2.8"), ("unknown", "_gazonk")],
)
def test_two_visitors_are_two_neighbourhoods(one: str, other: str) -> None:
    assert neighbourhood(one) != neighbourhood(other)


@pytest.mark.parametrize("password", ["", "neuf char", "  ", "é" * 9, "x" * 501])
def test_a_password_too_short_or_too_long_is_refused_with_the_length(password: str) -> None:
    with pytest.raises(InvalidInputError, match=r"10|500"):
        usable(password)


def test_a_password_is_the_same_however_a_keyboard_writes_its_accents() -> None:
    composed, apart = "été à Besançon", "e\u0301te\u0301 a\u0300 Besanc\u0327on"
    assert usable(composed) == usable(apart) == comparable(apart)


def test_ten_characters_are_enough() -> None:
    assert usable("dix signes") == "dix signes"


def test_a_session_ends_after_thirty_idle_days() -> None:
    assert not is_over(NOW - IDLE, NOW)
    assert is_over(NOW - IDLE - timedelta(seconds=1), NOW)


def test_a_session_in_use_is_noted_once_a_day() -> None:
    assert not is_to_be_renewed(NOW - timedelta(hours=23), NOW)
    assert is_to_be_renewed(NOW - timedelta(hours=25), NOW)
