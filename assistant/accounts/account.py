"""Who may sign in, and what each of them may do."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import SettingsError

# Letters of any script, digits and what stands in names; never a colon, which ends the name in the
# password file, nor a control character.
_NAME = re.compile(r"[^\W_][\w .,'’@+-]{0,63}")


class Role(StrEnum):
    """``READER`` asks; ``REVIEWER`` also decides on what is under review; ``ADMIN`` also changes
    the library. An account may hold several: who runs the library need not sign off medicine."""

    READER = "reader"
    REVIEWER = "reviewer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """``password_hash`` is Argon2id in its usual written form."""

    name: str
    roles: frozenset[Role]
    password_hash: str

    @property
    def may_review(self) -> bool:
        """Whether it may approve and reject."""
        return Role.REVIEWER in self.roles

    @property
    def may_change_library(self) -> bool:
        """Whether it may add and remove documents."""
        return Role.ADMIN in self.roles


def check_name(name: str) -> str:
    """The name as it is kept. Raises SettingsError for one that cannot be."""
    plain = unicodedata.normalize("NFC", name).strip()
    if not _NAME.fullmatch(plain):
        raise SettingsError(
            f"'{name}' cannot be a name: it begins with a letter or digit and has at most 64 "
            "letters, digits, spaces and . , ' @ + - _."
        )
    return plain
