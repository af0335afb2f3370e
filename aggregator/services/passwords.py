"""Passwords as they are kept: hashed by argon2, which nobody can turn back.

The only module that knows argon2.
"""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher()
"""With the parameters that the library recommends; they are kept in each hash."""


def hashed(password: str) -> str:
    """Hash a password, for keeping."""
    return _HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Tell whether a password is the one whose hash is kept; a wrong one takes as long."""
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(kept)
