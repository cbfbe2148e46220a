"""Passwords as Argon2id hashes; the one file that knows argon2."""

from functools import cache
from typing import TYPE_CHECKING

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# NIST SP 800-63B-4: long, without rules of composition. The upper bound only bounds the work.
SHORTEST, LONGEST = 12, 1024


def hash_password(password: str) -> str:
    """The hash to keep. Raises SettingsError for a password too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise SettingsError(
            f"The password has {len(password)} characters; it needs {SHORTEST} to {LONGEST}. "
            "Several words in a row are easy to remember."
        )
    return _hasher().hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether a hash is of this password; without a hash, no, after the same work."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        _hasher().verify(password_hash or _hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_hash(text: str) -> bool:
    """Whether a text is an Argon2id hash."""
    from argon2 import Type, extract_parameters
    from argon2.exceptions import InvalidHashError

    try:
        return extract_parameters(text).type is Type.ID
    except (InvalidHashError, ValueError):
        return False


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    return _hasher().hash("nobody has this password")
