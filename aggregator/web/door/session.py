"""The session of one who came in: a signed cookie, whose key is kept in the database.

The key changes with the password, which ends all sessions; one that is signed out of is
written down as ended, so that a copy of its cookie opens nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from aggregator.domain.door import IDLE, is_over, is_to_be_renewed
from aggregator.services.door import Door
from aggregator.web import cookies

_SALT: Final = "veille.session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session at work: its id, and when it was last noted to be in use."""

    id: str
    used_at: datetime


def read(door: Door, now: datetime) -> Session | None:
    """Read the session of this request; None where there is none, or it has ended."""
    cookie = request.cookies.get(_name())
    if not cookie or not door.key:
        return None
    try:
        kept = _serializer(door).loads(cookie)
        found = Session(id=str(kept["id"]), used_at=datetime.fromtimestamp(kept["at"], UTC))
    except (BadSignature, KeyError, TypeError, ValueError, OverflowError, OSError):
        return None
    return None if found.id in door.ended or is_over(found.used_at, now) else found


def begin(answer: Response, door: Door, now: datetime) -> None:
    """Begin a new session: whatever session the browser had before is another."""
    _keep(answer, door, secrets.token_urlsafe(16), now)


def renew(answer: Response, door: Door, session: Session, now: datetime) -> None:
    """Note once a day that a session is in use."""
    if is_to_be_renewed(session.used_at, now):
        _keep(answer, door, session.id, now)


def forget(answer: Response) -> None:
    """Take the cookie back."""
    cookies.drop(answer, _name())


def _keep(answer: Response, door: Door, session_id: str, now: datetime) -> None:
    signed = str(_serializer(door).dumps({"id": session_id, "at": int(now.timestamp())}))
    cookies.put(answer, _name(), signed, max_age_s=int(IDLE.total_seconds()))


def _serializer(door: Door) -> URLSafeSerializer:
    return URLSafeSerializer(door.key, salt=_SALT)


def _name() -> str:
    """Name the cookie; the browser itself lets nobody else set one of the prefixed names."""
    if not request.is_secure:
        return "veille"
    return "__Host-veille" if cookies.path() == "/" else "__Secure-veille"
