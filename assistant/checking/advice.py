"""Which actions a sentence names, and whether it advises them or warns against them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.case.reading import expand
from assistant.language.lexicon import Concept
from assistant.language.mentions import Name, Vocabulary
from assistant.pathways.pathway import Action
from assistant.spans import Span


class Advice(StrEnum):
    """What a sentence says of an action; ``NAMED``: it only speaks of it."""

    FOR = "for"
    AGAINST = "against"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class ActionMention:
    """An action named at ``span`` of a text."""

    action: str
    span: Span
    advice: Advice


_CLAUSE = re.compile(
    r"[;:.](?=\s|$)|,\s+(?:but|and then|then|or else)\b|\bbut\b|\bbecause\b|\bsince\b|\bas it\b|\n"
)
_URGES = (
    r"offer(?:ed|ing)?|giv(?:e|en|ing)|us(?:e|ed|ing)|order(?:ed)?|perform(?:ed)?|consider(?:ed)?"
    r"|treat(?:ed)?|refer(?:red)?|imag(?:e|ed)|arrang(?:e|ed)|request(?:ed)?|start(?:ed)?"
    r"|continu(?:e|ed)|keep|kept|aim|contact(?:ed)?|discuss(?:ed)?|obtain(?:ed)?|add(?:ed)?"
    r"|tak(?:e|en)|administer(?:ed)?|choos(?:e|en)|prescrib(?:e|ed)|plac(?:e|ed)|inject(?:ed)?"
    r"|repeat(?:ed)?|proceed(?:ed)?|send|allow(?:ed)?|do|done|nurs(?:e|ed)|lay|lie|provide(?:d)?"
    r"|try|tried|attempt(?:ed)?|schedul(?:e|ed)|image|get|undergo|need(?:s|ed)?|involve(?:d)?"
    r"|plan|ask|call|get|seek|sought|suggest(?:s|ed)?|advis(?:e|es|ed)|recommend(?:s|ed)?"
)
_WARNS = (
    r"do(?:es)? not|don't|not|never|avoid(?:ed|ing)?|withh(?:old|eld)|defer(?:red)?|delay(?:ed)?"
    r"|postpon(?:e|ed)|refrain|contraindicat\w*|stop(?:ped)?|no|without|instead of|rather than"
    r"|unnecessary|inappropriate|harmful|discourag\w*|cannot|against"
)
_URGED_BEFORE = re.compile(
    rf"\b(?:{_URGES})\b(?!.*\b(?:before|until|unless|after)\b)", re.IGNORECASE
)
_WARNED_BEFORE = re.compile(rf"\b(?:{_WARNS})\b(?!.*\bdelay)", re.IGNORECASE)
_NOT_DELAYED = re.compile(
    r"\b(?:do not|don't|never|without)\s+(?:further\s+)?delay\w*\b", re.IGNORECASE
)
_WARNED_AFTER = re.compile(
    r"^\W*(?:[\w-]+\s+){0,4}?(?:(?:should|must|may|can|is|are|was|has|have|need)\s*(?:not|n't|never)\b"
    r"|cannot\b|(?:is|are)\s+(?:usually\s+|generally\s+)?(?:contraindicated|unnecessary|inappropriate"
    r"|harmful)|has no role|is of no)",
    re.IGNORECASE,
)
_URGED_AFTER = re.compile(
    r"^\W*(?:[\w-]+\s+){0,4}?(?:(?:should|must|can|may|could)\s+(?:\w+\s+)?(?:be|have)\b"
    r"|(?:is|are)\s+(?:\w+\s+){0,2}?(?:recommended|indicated|advised|needed|required|appropriate"
    r"|reasonable|preferred|suggested|offered|first[- ]line|the treatment of choice|safe"
    r"|effective))",
    re.IGNORECASE,
)
_URGES_ITSELF = re.compile(r"^(?:safe to|can|may|early)\b", re.IGNORECASE)


class ActionReader:
    """Finds the actions of a vocabulary in sentences. Safe to share between threads."""

    def __init__(self, actions: Mapping[str, Action], concepts: Mapping[str, Concept]) -> None:
        self._vocabulary = Vocabulary(
            Name(action.id, text)
            for action in actions.values()
            for name in action.names
            for text in expand(name, concepts)
        )

    def read(self, text: str) -> tuple[ActionMention, ...]:
        """Every action that the text names, in order, each with what its clause says of it."""
        return tuple(self._read(text))

    def _read(self, text: str) -> Iterator[ActionMention]:
        bounds = [0, *(match.start() for match in _CLAUSE.finditer(text)), len(text)]
        for mention in self._vocabulary.find(text):
            start = max(bound for bound in bounds if bound <= mention.span.start)
            end = min((b for b in bounds if b >= mention.span.end), default=len(text))
            advice = tell_advice(
                text[start : mention.span.start],
                text[mention.span.end : end],
                mention.span.of(text),
            )
            yield ActionMention(mention.owner, mention.span, advice)


def tell_advice(before: str, after: str, name: str = "") -> Advice:
    """What the words around an action, within its clause, say of it, or its own name does."""
    urged_to_hurry = bool(_NOT_DELAYED.search(before))
    if not urged_to_hurry and (_WARNED_BEFORE.search(before) or _WARNED_AFTER.search(after)):
        return Advice.AGAINST
    urged = _URGED_BEFORE.search(before) or _URGED_AFTER.search(after) or _URGES_ITSELF.search(name)
    if urged_to_hurry or urged:
        return Advice.FOR
    return Advice.NAMED
