"""A question of several parts, split where it asks again, so that no part goes unanswered."""

import re
from dataclasses import dataclass

MOST_PARTS = 4
# A part says at least so many words of its own; a shorter one is no question by itself.
_FEWEST_WORDS = 2
_LEANS_WHEN_SHORT = 7
_INTERROGATIVE = (
    r"(?:(?:at|in|for|by|to|from|with|on|until|within) )?"
    r"(?:how (?:long|much|many|often|soon|common|likely|big|do|does|should|can)|what|when|which|who"
    r"|where|why|should (?:i|we|she|he|they)|can (?:i|we|she|he|they)|do (?:i|we)"
    r"|does (?:it|she|he)|is it|is she|is he|will (?:it|she|he|i)"
    r"|(?:please )?(?:name|list|tell me|give me|explain)(?= ))"
)
_AGAIN = re.compile(
    rf"[?;]+\s*|,?\s+(?:and|or|also|plus)\s+(?={_INTERROGATIVE}\b)|,\s+(?={_INTERROGATIVE}\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"\b{_INTERROGATIVE}\b|\?", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!])\s+(?=[A-Z])|\n+")
_LEANS = re.compile(
    r"^(?:how (?:long|much|many|often|soon)|when|why|where|who)\W*(?:\w+\W*){0,3}$"
    r"|\b(?:it|its|this|that|these|those|they|them|one|ones|another|then|there)\b",
    re.IGNORECASE,
)
# "Blood patch today, how much blood?": what is planned is told, not asked.
_PLANNED = re.compile(
    r"\b(?:today|tonight|tomorrow|this (?:morning|afternoon|evening)|now|booked|planned|listed|due"
    r"|scheduled)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AskedPart:
    """One of the things asked: its ``own`` words, and these with what they lean on as ``text``.

    ``focus`` is its own words where it leans on another question.
    """

    own: str
    text: str
    focus: str = ""


def split_question(question: str, newest: str = "") -> tuple[AskedPart, ...]:
    """The parts that ask, in order; none where it is one question.

    ``newest`` is the message at its end, where the rest is what that leans back on: the rest was
    answered before, and is no part.
    """
    if newest:
        before = question.removesuffix(newest).strip()
        return tuple(
            AskedPart(part.own, f"{before} {part.text}".strip(), part.own)
            for part in split_question(newest)
        )
    asking: list[str] = []
    told: list[str] = []
    for sentence in _SENTENCE.split(question):
        pieces = [piece.strip(" ,.") for piece in _AGAIN.split(sentence)]
        for piece in pieces:
            if len(piece.split()) < _FEWEST_WORDS:
                continue
            asks = _ASKS.search(piece) or (
                len(pieces) > 1 and sentence.rstrip().endswith("?") and not _PLANNED.search(piece)
            )
            (asking if asks else told).append(piece)
    if not 2 <= len(asking) <= MOST_PARTS:
        return ()
    before = ". ".join(told)
    first = asking[0]
    parts = []
    for number, piece in enumerate(asking):
        leans = len(piece.split()) <= _LEANS_WHEN_SHORT or _LEANS.search(piece)
        leaning = first if number and leans else ""
        text = ". ".join(part for part in (before, leaning, piece) if part)
        own = piece[:1].upper() + piece[1:]
        parts.append(AskedPart(own, text, own if leaning else ""))
    return tuple(parts)
