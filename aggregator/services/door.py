"""The door: its password, its one-time word, who tries it, and the sessions behind it."""

import hashlib
import logging
import re
import secrets
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from aggregator.domain import door
from aggregator.domain.door import Outcome, Standing, Try
from aggregator.errors import InvalidInputError
from aggregator.services import passwords
from aggregator.services.context import Context
from aggregator.storage import installation, sign_ins
from aggregator.storage.engine import Session
from aggregator.translations import N_

log = logging.getLogger(__name__)

_FACT: Final = "door"
_WORD_BYTES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How the door stands; `key` signs sessions (empty without password), `ended` are no more."""

    standing: Standing
    key: str
    ended: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a try came to; `wait` is how long to wait before the next, where it was refused."""

    outcome: Outcome
    wait: timedelta | None = None


def look(context: Context) -> Door:
    """See how the door stands now: another process may have changed it."""
    with context.database.read() as session:
        kept = _kept(session)
    return Door(
        standing=_standing(context, kept),
        key=kept.get("key", ""),
        ended=frozenset(kept.get("ended", ())),
    )


def make_ready(context: Context, *, first_password: bool) -> str | None:
    """Prepare the door for serving; give the one-time word where one is drawn.

    The word is drawn at each start until somebody has chosen the password with it.

    Raises:
        InvalidInputError: others can reach the dashboard, and nothing keeps them out.
    """
    word = _new_word() if first_password else None
    with context.database.write() as session:
        kept = _kept(session)
        if "password" in kept:
            return None
        _keep(session, {"word": _digest(word)} if word else {})
        standing = _standing(context, _kept(session))
    if standing is Standing.SHUT:
        raise InvalidInputError(
            N_(
                "Others can reach the dashboard at %(where)s, and it has no password: choose one "
                "with “veille user set-password”, or in the browser after “veille serve "
                "--first-password”."
            ),
            where=context.settings.reached_at,
        )
    return word


def has_password(context: Context) -> bool:
    """Tell whether there is a password."""
    return look(context).standing is Standing.LOCKED


def knows_token(context: Context, shown: str) -> bool:
    """Tell whether this is the token with which programs read figures; without one, never."""
    token = context.settings.metrics_token
    if token is None:
        return False
    return secrets.compare_digest(token.get_secret_value().encode(), shown.encode())


def set_password(context: Context, password: str) -> None:
    """Set the password, at once for a server that runs too; every session ends.

    Raises:
        InvalidInputError: it is too short or too long.
    """
    kept = _lock(password)
    with context.database.write() as session:
        _keep(session, kept)
    log.info("password-set")


def remove_password(context: Context) -> bool:
    """Remove the password; tell whether there was one. Every session ends."""
    with context.database.write() as session:
        had = "password" in _kept(session)
        _keep(session, {})
    log.info("password-removed had=%s", had)
    return had


def try_password(context: Context, password: str, address: str) -> Tried:
    """Judge a password given at the door."""
    number, refused = _come_near(context, address)
    if number is None:
        return refused
    with context.database.read() as session:
        kept = _kept(session).get("password", "")
    same = door.comparable(password)
    if not passwords.matches(kept, same):
        log.warning("sign-in outcome=wrong address=%s", address)
        return Tried(outcome=Outcome.WRONG)
    renewed = passwords.hashed(same) if passwords.is_outdated(kept) else None
    with context.database.write() as session:
        now_kept = _kept(session)
        if now_kept.get("password") != kept:  # it was changed meanwhile
            return Tried(outcome=Outcome.WRONG)
        if renewed:
            _keep(session, {**now_kept, "password": renewed})
        sign_ins.settle(session, number, Outcome.RIGHT)
    log.info("sign-in outcome=right address=%s", address)
    return Tried(outcome=Outcome.RIGHT)


def choose_password(context: Context, word: str, password: str, address: str) -> Tried:
    """Set the first password for the one who knows the one-time word; it serves once.

    Raises:
        InvalidInputError: the password is too short or too long; the word is not used up.
    """
    number, refused = _come_near(context, address)
    if number is None:
        return refused
    with context.database.read() as session:
        expected = _kept(session).get("word", "")
    if not secrets.compare_digest(expected, _digest(word)):
        log.warning("first-password outcome=wrong address=%s", address)
        return Tried(outcome=Outcome.WRONG)
    lock = _lock(password)
    with context.database.write() as session:
        if _kept(session).get("word") != expected:  # another was quicker
            return Tried(outcome=Outcome.WRONG)
        _keep(session, lock)
        sign_ins.settle(session, number, Outcome.RIGHT)
    log.info("first-password outcome=right address=%s", address)
    return Tried(outcome=Outcome.RIGHT)


def end_session(context: Context, session_id: str) -> None:
    """End a session for good, also for a copy of its cookie."""
    now = context.clock()
    with context.database.write() as session:
        kept = _kept(session)
        ended = {
            one: at
            for one, at in kept.get("ended", {}).items()
            if not door.is_over(datetime.fromisoformat(at), now)
        }
        _keep(session, {**kept, "ended": {**ended, session_id: now.isoformat()}})
    log.info("signed-out")


def last_tries(context: Context, limit: int) -> tuple[Try, ...]:
    """Give the last tries, newest first."""
    with context.database.read() as session:
        return sign_ins.last(session, limit)


def _come_near(context: Context, address: str) -> tuple[int | None, Tried]:
    """Note a try as wrong before it is judged, so that a thousand at once count as a thousand.

    Of those that come too soon the first is noted: a flood of them fills no disk.
    """
    now = context.clock()
    with context.database.write() as session:
        tries = sign_ins.after(session, now - door.WITHIN)
        wait = door.wait(tries, address, now)
        if wait is None:
            number = sign_ins.note(session, address=address, outcome=Outcome.WRONG, now=now)
            return number, Tried(outcome=Outcome.WRONG)
        known = any(
            tried.outcome is Outcome.REFUSED
            and door.neighbourhood(tried.address) == door.neighbourhood(address)
            for tried in tries
        )
        if not known:
            sign_ins.note(session, address=address, outcome=Outcome.REFUSED, now=now)
            log.warning("sign-in outcome=refused address=%s", address)
    return None, Tried(outcome=Outcome.REFUSED, wait=wait)


def _kept(session: Session) -> dict[str, Any]:
    """Read what is kept: password, key, ended, or word."""
    return dict(installation.fact(session, _FACT) or {})


def _keep(session: Session, kept: Mapping[str, Any]) -> None:
    installation.keep_fact(session, _FACT, dict(kept))


def _lock(password: str) -> dict[str, Any]:
    """Make what is kept of a new password, with a new key: sessions of the old one end."""
    hashed = passwords.hashed(door.usable(password))
    return {"password": hashed, "key": secrets.token_hex(32)}


def _standing(context: Context, kept: Mapping[str, Any]) -> Standing:
    return door.standing(
        password="password" in kept, word="word" in kept, reachable=context.settings.is_reachable
    )


def _new_word() -> str:
    """Draw a word of eighty bits that can be typed on a phone: `abcd-efgh-ijkl-mnop`."""
    letters = b32encode(secrets.token_bytes(_WORD_BYTES)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _digest(word: str) -> str:
    """Digest a one-time word; what is drawn at random needs no slow hash."""
    return hashlib.sha256(re.sub(r"[\s-]", "", word).lower().encode()).hexdigest()
