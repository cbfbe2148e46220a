"""What a follow-up such as "and in pregnancy?" is asked together with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.case.correcting import Correction


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation; ``role`` is "user" or "assistant".

    ``corrections`` are what the reader corrected of the findings in it, as ``ask`` takes them.
    """

    role: str
    content: str
    corrections: Mapping[str, Correction] = field(default_factory=dict)


_TURNS_AWAY = re.compile(
    r"\b(?:never ?mind|forget (?:that|it|this|about)|moving on|change of (?:subject|topic)"
    r"|(?:new|different|another|other|next|separate|unrelated) (?:question|topic|subject|patient"
    r"|pt|case|thing|matter|lady|man|woman|child))\b",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(
    r"^(?:ok(?:ay)?|right|sorry|well|hm+|thanks|yes|no)?\W*"
    r"(?:and|but|so|then|or|also|plus|what about|how about|what if|why|actually|correction|now"
    r"|same|still|even|instead|except)\b",
    re.IGNORECASE,
)
_LEANS_BACK = re.compile(
    r"^(?:how long|how much|how many|how often|how soon|when|which|where)\b"
    r"|\b(?:it|its|it's|this|that|these|those|they|them|he|she|him|her|his|same|instead|there|one"
    r"|ones)\b",
    re.IGNORECASE,
)
# A message of so few words says too little to stand alone; a longer one leans back only where it
# says so, and one that leads on from what went before may be longer.
_FEWEST_WORDS, _FEW_WORDS, _MANY_WORDS = 5, 12, 24
_MOST_BEFORE = 3


def with_context(question: str, history: Sequence[Turn]) -> str:
    """A follow-up with the question that it leans on before it; else the question, unchanged."""
    earlier = [turn.content for turn in history if turn.role == "user" and turn.content.strip()]
    told = [question.strip()]
    while earlier and len(told) <= _MOST_BEFORE and _leans(told[0]):
        told.insert(0, earlier.pop().strip())
    return " ".join(told) if len(told) > 1 else question


def _leans(message: str) -> bool:
    if _TURNS_AWAY.search(message):
        return False
    words = len(message.split())
    if words <= _FEWEST_WORDS:
        return True
    if words <= _FEW_WORDS and _LEANS_BACK.search(message):
        return True
    return words <= _MANY_WORDS and bool(_LEADS_ON.match(message))
