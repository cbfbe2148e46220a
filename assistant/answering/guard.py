"""Refuses a statement that says anything its quotes do not say; no model, no chance.

A statement is read sentence by sentence, and each sentence, or each part of one that a semicolon or
"and" joins, has to be borne out whole by one sentence of one quote: what two quotes say apart is
not a claim that either makes. Whatever the guard cannot follow it refuses, for then the quote
itself is shown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from assistant.answering.guarding.comparing import Reason, Refusal, compare
from assistant.answering.guarding.phrases import split_sentences
from assistant.answering.guarding.reading import Reader, Reading
from assistant.language.lexicon import Concept

MOST_CHARACTERS = 1_500
_QUOTED = re.compile(r"“([^“”]*)”|\"([^\"]*)\"|«([^«»]*)»|(?<!\w)['‘]([^'‘’]{8,})['’](?!\w)")
_MARKED = re.compile(r"\[(\d+(?:\s*[,–-]\s*\d+)*)\]")
_PARTS = re.compile(
    r";\s+|,?\s+(?:whereas|while)\s+|,\s+(?:and|but)\s+|\s+(?:and|but)\s+(?=do not\b|not\b|then\b)",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"[<>≤≥~](?!=?\s?\d)|(?<![\d\w])\+|[^\w\s.,;:()\[\]'\"‘’“”«»%/°+<>≤≥~*_`–—-]|[\u0300-\u036f]"
)
_POINTS_BACK = re.compile(r"\b(?:it|its|they|them|their|this|these|those|such|he|she)\b", re.I)
_MOST_PARTS = 4


class Guard:
    """Holds statements against quotes. Safe to share between threads."""

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self._reader = Reader(concepts)

    def check_statement(
        self, text: str, numbers: Sequence[int], quotes: Mapping[int, str]
    ) -> tuple[Refusal, ...]:
        """Why the statement may not be shown; nothing where its quotes bear it out.

        ``numbers`` are those of the quotes that it rests on, ``quotes`` all there are.
        """
        wrong = [number for number in numbers if number not in quotes]
        marked = {int(n) for found in _MARKED.findall(text) for n in re.findall(r"\d+", found)}
        wrong += sorted(marked - set(numbers))
        if wrong or not numbers:
            named = ", ".join(map(str, wrong)) or "no quote"
            return (Refusal(Reason.CITATION, named),)
        cited = [quotes[number] for number in dict.fromkeys(numbers)]
        altered = [words for words in _quoted(text) if not any(words in one for one in cited)]
        if altered:
            return (Refusal(Reason.QUOTATION, altered[0]),)
        if len(text) > MOST_CHARACTERS:
            return (Refusal(Reason.WORD, f"more than {MOST_CHARACTERS} characters"),)
        signs = sorted(set(_unread(text)) - set("".join(cited)))
        if signs:
            return (Refusal(Reason.WORD, signs[0]),)
        sentences = split_sentences(text)
        if not sentences:
            return (Refusal(Reason.WORD, "nothing"),)
        evidence = [
            (place, self._reader.read(sentence))
            for place, one in enumerate(cited)
            for sentence in split_sentences(one)
        ]
        refusals: list[Refusal] = []
        useful: set[int] = set()
        for sentence in sentences:
            borne, why = self._check_sentence(sentence, evidence)
            useful |= borne
            refusals += why
        idle = set(range(len(cited))) - useful
        if idle and not refusals:
            number = list(dict.fromkeys(numbers))[min(idle)]
            return (Refusal(Reason.CITATION, str(number)),)
        return tuple(dict.fromkeys(refusals))

    def _check_sentence(
        self, sentence: str, evidence: Sequence[tuple[int, Reading]]
    ) -> tuple[set[int], list[Refusal]]:
        """The quotes that bear the sentence out, and why it is refused where none does."""
        borne, why = self._check_part(sentence, evidence)
        if borne:
            return {evidence[place][0] for place in borne}, []
        for parts in _cut(sentence):
            if any(_POINTS_BACK.search(part) for part in parts[1:]):
                continue
            found = [self._check_part(part, evidence)[0] for part in parts]
            # Parts of one sentence have to agree with it together, or it would be taken apart.
            for places in product(*found):
                if len(set(places)) == len(places):
                    return {evidence[place][0] for place in set().union(*found)}, []
        return set(), why

    def _check_part(
        self, part: str, evidence: Sequence[tuple[int, Reading]]
    ) -> tuple[set[int], list[Refusal]]:
        said = self._reader.read(part)
        borne: set[int] = set()
        nearest: list[Refusal] | None = None
        for place, (_, reading) in enumerate(evidence):
            why = list(dict.fromkeys(compare(said, reading)))
            if not why:
                borne.add(place)
            elif nearest is None or len(why) < len(nearest):
                nearest = why
        return borne, nearest or [Refusal(Reason.WORD, part)]


def _unread(text: str) -> Iterator[str]:
    """Signs that could say something and are not read: arrows, crosses, "?", markup, "<" alone."""
    for found in _SIGN.finditer(text):
        yield found[0]


def _quoted(text: str) -> Iterator[str]:
    for found in _QUOTED.finditer(text):
        words = next((group for group in found.groups() if group is not None), "")
        yield words.strip()


def _cut(sentence: str) -> Iterator[tuple[str, ...]]:
    """The ways to cut a sentence in parts that each have to stand alone."""
    places = list(_PARTS.finditer(sentence))[: _MOST_PARTS + 2]
    for place in places:
        yield sentence[: place.start()], sentence[place.end() :]
    if 2 <= len(places) < _MOST_PARTS + 2:
        starts = [0, *(place.end() for place in places)]
        ends = [*(place.start() for place in places), len(sentence)]
        yield tuple(sentence[s:e] for s, e in zip(starts, ends, strict=True))
