"""Three values of truth, after Kleene (Introduction to Metamathematics, 1952, section 64)."""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """``UNKNOWN`` is never false: only what is stated can be."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> "Truth":
        """True, false, or unknown for None."""
        if value is None:
            return cls.UNKNOWN
        return cls.TRUE if value else cls.FALSE

    @classmethod
    def all(cls, values: "Iterable[Truth]") -> "Truth":
        """The conjunction, read no further than the first that is false; true of nothing."""
        found = cls.TRUE
        for value in values:
            if value is cls.FALSE:
                return value
            if value is cls.UNKNOWN:
                found = value
        return found

    @classmethod
    def any(cls, values: "Iterable[Truth]") -> "Truth":
        """The disjunction, read no further than the first that is true; false of nothing."""
        found = cls.FALSE
        for value in values:
            if value is cls.TRUE:
                return value
            if value is cls.UNKNOWN:
                found = value
        return found

    def __and__(self, other: "Truth") -> "Truth":
        return Truth.all((self, other))

    def __or__(self, other: "Truth") -> "Truth":
        return Truth.any((self, other))

    def __invert__(self) -> "Truth":
        if self is Truth.UNKNOWN:
            return self
        return Truth.FALSE if self is Truth.TRUE else Truth.TRUE

    @property
    def known(self) -> bool:
        return self is not Truth.UNKNOWN
