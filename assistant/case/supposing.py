"""A follow-up that supposes something of the patient: "what if he now has a temp of 38.4?"."""

import re

from assistant.spans import Span

_OPENING = re.compile(
    r"\W*(?:(?:ok(?:ay)?|right|so|but|and|also|then)\W+)*"
    r"(?:(?:what|how\s+about|what\s+about|even)\s+if|suppos(?:e|ing)(?:\s+that)?"
    r"|assuming(?:\s+that)?|imagine(?:\s+that)?|if)\b",
    re.IGNORECASE,
)
_HE_OR_SHE = re.compile(r"\s+(?:he|she)(?:[’']s)?\b", re.IGNORECASE)
# What is done, or what holds of anybody, is not supposed of this patient.
_NOT_OF_PATIENT = re.compile(
    r"\s+(?:we|I|you|one|they|nobody|no\s+one)\b"
    r"|.{0,60}?\b(?:(?:an?|any|every|some|another)\s+(?:\w+\s+){0,2}(?:patient|pt|woman|man|child"
    r"|person|mother|adult)|patients|women|men|children|people|someone|somebody|anyone)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r".*?(?:[?!;\n]|\.(?=\s|$)|$)", re.DOTALL)


def find_supposition(text: str, *, told: bool) -> Span | None:
    """The opening sentence that supposes something of the patient, None if there is none.

    ``told``: earlier messages told of the patient; without them only "what if" with "he" or "she"
    says of whom it is supposed.
    """
    opening = _OPENING.match(text)
    if opening is None or _NOT_OF_PATIENT.match(text, opening.end()):
        return None
    if not told and not (
        _HE_OR_SHE.match(text, opening.end()) and re.search("what", opening[0], re.IGNORECASE)
    ):
        return None
    sentence = _SENTENCE.match(text, opening.end())
    return Span(opening.start(), sentence.end() if sentence else len(text))


def as_stated(text: str, supposed: Span) -> str:
    """The text with what it supposes told as so; every other character keeps its place."""
    opening = _OPENING.match(text, supposed.start, supposed.end)
    if opening is None:
        return text
    sentence = " " * len(opening[0]) + text[opening.end() : supposed.end]
    if sentence.endswith("?") and "," not in sentence:
        sentence = sentence[:-1] + "."
    return text[: supposed.start] + sentence + text[supposed.end :]
