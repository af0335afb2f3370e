"""The door of the dashboard: who may come in, how often one may try, how long one stays."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from aggregator.errors import InvalidInputError
from aggregator.translations import N_

LEAST_LETTERS: Final = 10
MOST_LETTERS: Final = 500

WITHIN: Final = timedelta(minutes=1)
TRIES: Final = 5
"""Wrong passwords that one neighbourhood may try within a minute."""
TRIES_OVERALL: Final = 60
"""Wrong passwords within a minute from everywhere: guessing from many addresses stays slow."""

IDLE: Final = timedelta(days=30)
"""A session ends when it was not used for so long."""
RENEWED_AFTER: Final = timedelta(days=1)


class Standing(StrEnum):
    """How the door stands."""

    OPEN = "open"
    """No password, and nobody but this machine can reach it."""
    LOCKED = "locked"
    """There is a password."""
    WAITING = "waiting"
    """The one with the one-time word is to choose the password."""
    SHUT = "shut"
    """No password though others can reach it: nobody comes in."""


class Outcome(StrEnum):
    """What a try at the door came to."""

    RIGHT = "right"
    WRONG = "wrong"
    REFUSED = "refused"


OUTCOME_WORDS: Final = {
    Outcome.RIGHT: N_("came in"),
    Outcome.WRONG: N_("wrong password"),
    Outcome.REFUSED: N_("too many tries"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """Somebody at the door."""

    tried_at: datetime
    address: str
    outcome: Outcome


def standing(*, password: bool, word: bool, reachable: bool) -> Standing:
    """Tell how the door stands: is there a password, a one-time word, are there others?"""
    if password:
        return Standing.LOCKED
    if word:
        return Standing.WAITING
    return Standing.SHUT if reachable else Standing.OPEN


def wait(tries: Sequence[Try], address: str, now: datetime) -> timedelta | None:
    """Tell how long `address` has to wait before its next try, None if it may try now."""
    wrong = sorted(
        (tried for tried in tries if tried.outcome is Outcome.WRONG), key=lambda t: t.tried_at
    )
    near = [tried for tried in wrong if neighbourhood(tried.address) == neighbourhood(address)]
    waits = [
        least
        for counted, most in ((near, TRIES), (wrong, TRIES_OVERALL))
        if len(counted) >= most
        for least in (counted[-most].tried_at + WITHIN - now,)
        if least > timedelta(0)
    ]
    return max(waits, default=None)


def neighbourhood(address: str) -> str:
    """Give what one visitor is counted by: its address; of IPv6 the network, which is one's own.

    An address that is none (a proxy may say anything) counts as it is written.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((int(found), 64), strict=False))
        found = found.ipv4_mapped
    return str(found)


def usable(password: str) -> str:
    """Give a new password as it is compared; a keyboard's way to write é does not count.

    Raises:
        InvalidInputError: it is too short or too long.
    """
    same = comparable(password)
    if len(same) < LEAST_LETTERS:
        raise InvalidInputError(
            N_("A password needs at least %(count)s characters: a few words make a good one."),
            count=LEAST_LETTERS,
        )
    if len(same) > MOST_LETTERS:
        raise InvalidInputError(
            N_("A password may have at most %(count)s characters."), count=MOST_LETTERS
        )
    return same


def comparable(password: str) -> str:
    """Write a password in the one way it is compared in."""
    return unicodedata.normalize("NFKC", password)


def is_over(used_at: datetime, now: datetime) -> bool:
    """Tell whether a session that was last used at a moment has ended."""
    return now - used_at > IDLE


def is_to_be_renewed(used_at: datetime, now: datetime) -> bool:
    """Tell whether it is time to note that a session is in use."""
    return now - used_at > RENEWED_AFTER
