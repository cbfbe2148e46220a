"""Quotes of one answer that contradict each other, found by rule, for libraries without a list.

Two quotes contradict when they speak of the same thing and the same people, and one says do and the
other do not, or each gives another number in the same unit. Where a condition, a population, a
study or a comparison might explain the difference, nothing is claimed: a missed contradiction is
still there to be read, an invented one misleads.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.answering.answer import Quote
from assistant.answering.disagreements import Card, Side
from assistant.answering.subjects import CONCEPT, SubjectReader

FOUND = "found-among-the-quotes"
LONGEST = 320
# Of two statements' words without figures and directions, the share that both must have.
SAME_SUBJECT = 0.75
LEAST_SHARED = 3

_AGAINST = re.compile(
    r"\b(?:do(?:es)? not|don['’]t|never|avoid\w*|(?:should|must) not|not (?:be )?recommended"
    r"|contraindicated|withhold|refrain from)\b",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"^\W*(?:always |routinely )?(?:offer|give|use|order|perform|start|continue|prescribe|request"
    r"|take|administer|choose|keep|place|repeat|allow|arrange|obtain|advise|recommend)\b"
    r"|\b(?:should be|is recommended|are recommended|is indicated|are indicated|is advised)\b",
    re.IGNORECASE,
)
_DIRECTING = """
    do does don not never avoid avoided avoiding should must recommend recommended recommends
    recommending contraindicated withhold refrain always routinely offer give given use used order
    perform start continue prescribe request take administer choose keep place repeat allow arrange
    obtain advise advised advises indicated be
"""
# What may explain that two statements differ.
_CONDITION = re.compile(
    r"\b(?:if|when|where|while|unless|until|except|before|after|within|only|solely|merely|in case"
    r"|during|once|provided|but|although|however|instead|rather|alone|first|second|further|repeat)\b",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"%|\bn\s*=|\b(?:in|of|after)\s+(?:[\d.,]+|two|three|four|five|six|seven|eight|nine|ten)\s+\w+"
    r"|\b(?:trial|study|studies|cohort|series|review|meta-analysis|case|cases|odds|ratio|median|mean"
    r"|average|confidence interval|survey|reported|disputed)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w.])(?P<low>\d+(?:\.\d+)?)(?:\s*(?:-|–|to|and)\s*(?P<high>\d+(?:\.\d+)?))?"
    r"[\s-]*(?P<unit>[A-Za-zµμ°%][\w/°%]*)"
)
_BOUND = re.compile(
    r"\b(?:at least|at most|up to|more than|less than|no more than|over|under|above|below|maximum"
    r"|minimum|about|roughly|preferably|or more|or less)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Figure:
    low: float
    high: float
    unit: str
    written: str


@dataclass(frozen=True, slots=True)
class Read:
    """A quote as far as comparing two needs it; ``subject`` leaves figures and directions out."""

    quote: Quote
    subject: frozenset[str]
    against: bool
    favours: bool
    conditions: frozenset[str]
    figures: tuple[_Figure, ...]
    bounded: bool
    study: bool


class StatementReader:
    """Reads quotes for comparison, with one lexicon's names."""

    def __init__(self, subjects: SubjectReader) -> None:
        self._subjects = subjects
        self._directing = subjects.read(_DIRECTING)

    def read(self, quote: Quote) -> Read:
        """The quote's subject, direction, conditions and figures."""
        text = quote.text
        bare = _FIGURE.sub(" ", text)
        words = {word for word in self._subjects.read(bare) if not word.isdigit()}
        against = bool(_AGAINST.search(text))
        return Read(
            quote=quote,
            subject=frozenset(words - self._directing),
            against=against,
            favours=not against and bool(_FOR.search(text)),
            conditions=frozenset(match.group().lower() for match in _CONDITION.finditer(text)),
            figures=tuple(_figure(match) for match in _FIGURE.finditer(text)),
            bounded=bool(_BOUND.search(text)),
            study=bool(_STUDY.search(text)),
        )


def find_contradictions(
    quotes: Sequence[Quote], subjects: SubjectReader, known: Iterable[frozenset[int]] = ()
) -> tuple[Card, ...]:
    """A card for each pair of quotes that contradict; pairs within ``known`` are shown already."""
    shown = [*known]
    if len(quotes) < 2:
        return ()
    reader = StatementReader(subjects)
    read = [reader.read(quote) for quote in quotes if len(quote.text) <= LONGEST]
    return tuple(
        card
        for one, other in combinations(read, 2)
        if not any({one.quote.number, other.quote.number} <= numbers for numbers in shown)
        for card in _compare(one, other)
    )


def _compare(one: Read, other: Read) -> Iterator[Card]:
    if not _same_subject(one, other) or one.study or other.study:
        return
    if one.quote.population != other.quote.population or one.conditions != other.conditions:
        return
    if one.against != other.against and (one.favours or other.favours):
        if not one.figures and not other.figures:
            yield _card(one, other, ("for it", "against it"), "point in opposite directions")
    elif not one.against and not other.against and not (one.bounded or other.bounded):
        figures = _differing(one.figures, other.figures)
        if figures is not None:
            yield _card(one, other, figures, "give different figures")


def _same_subject(one: Read, other: Read) -> bool:
    """Enough words in common, and no concept that only one of them names."""
    shared = one.subject & other.subject
    alone = one.subject ^ other.subject
    if any(word.startswith(CONCEPT) for word in alone):
        return False
    return len(shared) >= LEAST_SHARED and len(shared) >= SAME_SUBJECT * len(
        one.subject | other.subject
    )


def _differing(ours: tuple[_Figure, ...], theirs: tuple[_Figure, ...]) -> tuple[str, str] | None:
    """The one figure of each that differs in the same unit; the others must agree."""
    if len(ours) != len(theirs) or [f.unit for f in ours] != [f.unit for f in theirs]:
        return None
    differing = [
        (one, other)
        for one, other in zip(ours, theirs, strict=True)
        if (one.low, one.high) != (other.low, other.high)
    ]
    if len(differing) != 1:
        return None
    one, other = differing[0]
    if one.low <= other.high and other.low <= one.high:
        return None
    return one.written, other.written


def _card(one: Read, other: Read, says: tuple[str, str], how: str) -> Card:
    first, second = (one, other) if not one.against else (other, one)
    numbers = sorted((one.quote.number, other.quote.number))
    return Card(
        topic=f"Quotes {numbers[0]} and {numbers[1]} {how}",
        kind=FOUND,
        sides=(
            Side(says[0], (first.quote.number,)),
            Side(says[1], (second.quote.number,)),
        ),
        explanation=(
            "They speak of the same thing, and nothing in their words explains the difference."
        ),
        handling="Compare their sources, dates and populations before acting on either.",
    )


def _figure(match: re.Match[str]) -> _Figure:
    low = float(match["low"])
    high = float(match["high"]) if match["high"] else low
    unit = match["unit"].lower()
    unit = unit if len(unit) < 4 else unit.removesuffix("s")
    return _Figure(min(low, high), max(low, high), unit, match.group().strip())
