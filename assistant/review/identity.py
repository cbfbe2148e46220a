"""When two answers are the same: the same question asked in the same way, the same whole answer."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from assistant.certificate import NOT_SEALED
from assistant.followups import Turn, with_context

# All that a reader is shown. Scores are left out: they may differ in the last digit.
_SHOWN = (
    "outcome",
    "direct",
    "statements",
    "note",
    "emergency",
    "parts",
    "disagreements",
    "check",
    "references",
)
_OF_QUOTE = (
    "number",
    "document",
    "section",
    "start",
    "end",
    "text",
    "role",
    "population",
    "strength",
    "certainty",
    "sources",
    "status",
    "added",
)


def canonical(value: object) -> str:
    """JSON in one form alone, so that equal values have equal hashes."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def digest(value: object) -> str:
    """The SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def keyed_digest(key: str, text: str) -> str:
    """A hash that cannot be guessed from a list of likely texts without the key."""
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


def normalise_question(question: str) -> str:
    """A question without what makes no difference: case, spacing, width, the mark at its end."""
    plain = unicodedata.normalize("NFKC", question).casefold()
    return " ".join(plain.split()).rstrip(" ?.!")


def question_of(plain: Mapping[str, Any]) -> str:
    """The question as it was read: with the one before it, where it leans on that."""
    history = plain["certificate"]["settings"]["history"]
    turns = [Turn(str(turn["role"]), str(turn["content"])) for turn in history]
    return with_context(str(plain["question"]), turns)


def question_key(plain: Mapping[str, Any]) -> str:
    """What was asked, and how: the question, for whom, of which documents, what was corrected."""
    settings = plain["certificate"]["settings"]
    return digest(
        {
            "question": normalise_question(question_of(plain)),
            "role": settings["role"],
            "documents": settings["documents"],
            "corrections": settings["corrections"],
        }
    )


def answer_fingerprint(plain: Mapping[str, Any]) -> str:
    """Everything of an answer that a reader is shown."""
    shown = {name: plain.get(name) for name in _SHOWN}
    shown["quotes"] = [{name: quote.get(name) for name in _OF_QUOTE} for quote in plain["quotes"]]
    shown["pathways"] = plain["pathways"] if plain["findings"] else []
    return digest(shown)


def without_extras(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The answer alone, as it is kept."""
    return {name: value for name, value in plain.items() if name not in NOT_SEALED}
