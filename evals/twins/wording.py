"""Twins that say the same in other words: the answer must stay."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from evals.gold import Located
from evals.transcript import Transcript
from evals.twins.twin import (
    FindingsStay,
    FirstQuoteStays,
    OutcomeStays,
    Promise,
    Twin,
    TwinKind,
    VerdictStays,
)

ALL_STAYS: tuple[Promise, ...] = (
    OutcomeStays(),
    FirstQuoteStays(),
    FindingsStay(),
    VerdictStays(),
)
_LONG_WORD = re.compile(r"\b[a-z]{7,}\b")
_SENTENCE_END = re.compile(r"(?<=[.;!])\s+(?=[A-Z0-9])")
# A sentence that begins so, or with a small letter, leans on the one before it.
_LEANS = re.compile(
    r"(?:now|then|it|its|she|he|her|his|they|this|that|these|but|and|or|so|also|after|since|both"
    r"|still|again|today|later|next|same|which|who|yet|however)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"\b(?:it|this|that|these|those)\b", re.IGNORECASE)
_ASKS = re.compile(r"\?\s*$")


class Wordings:
    """Makes such twins with the library's own vocabulary, ``lexicon/concepts.yaml``."""

    def __init__(self, corpus: Path) -> None:
        path = corpus / "lexicon" / "concepts.yaml"
        concepts = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else []
        self._names = _Swaps(concepts, lambda c: c["names"], lambda c: c["names"])
        self._short = _Swaps(
            concepts,
            lambda c: [c["names"][0], *c.get("abbreviations", ())],
            lambda c: [*c.get("abbreviations", ()), c["names"][0]],
        )

    def make(self, located: Located, before: Transcript) -> Iterator[Twin]:
        """At most one twin of each kind."""
        del before
        question = located.gold.question
        for kind, swaps in (
            (TwinKind.SYNONYM, self._names),
            (TwinKind.ABBREVIATION, self._short),
        ):
            swapped = swaps.swap(question)
            if swapped:
                yield _twin(kind, located, *swapped)
        typo = add_typo(question)
        if typo:
            yield _twin(TwinKind.TYPO, located, *typo)
        yield _twin(TwinKind.PADDING, located, pad(question), "courtesies around it")
        reordered = reorder(question)
        if reordered:
            yield _twin(TwinKind.ORDER, located, reordered, "the telling sentences turned round")


def _twin(kind: TwinKind, located: Located, question: str, change: str) -> Twin:
    return Twin(kind, located.gold.id, question, change, ALL_STAYS, located.turns)


class _Swaps:
    """The first name in a text → another name of the same concept.

    The longest name at a place counts, so that "headache" in "PDPH headache" is left alone.
    """

    def __init__(self, concepts: Any, sources: Any, targets: Any) -> None:
        self._others: dict[str, str] = {}
        for concept in concepts:
            for name in sources(concept):
                other = next((o for o in targets(concept) if o.lower() != name.lower()), None)
                if other:
                    self._others[_key(name)] = other
        every = sorted(
            {
                name
                for concept in concepts
                for field in ("names", "abbreviations", "lay")
                for name in concept.get(field, ())
            },
            key=lambda name: (-len(name), name),
        )
        self._pattern = re.compile(
            r"(?<![\w-])(?:" + "|".join(map(re.escape, every)) + r")(?![\w-])", re.IGNORECASE
        )

    def swap(self, text: str) -> tuple[str, str] | None:
        for match in self._pattern.finditer(text) if self._others else ():
            other = self._others.get(_key(match.group()))
            if other and not _mentions(text, other):
                twin = text[: match.start()] + other + text[match.end() :]
                return twin, f"“{match.group()}” → “{other}”"
        return None


def _mentions(text: str, name: str) -> bool:
    return name.lower() in text.lower()


def _key(name: str) -> str:
    """An abbreviation counts only in capitals: "it" is no "IT"."""
    return name if name.isupper() else name.lower()


def add_typo(question: str) -> tuple[str, str] | None:
    """The first of the longest words, two letters in its middle changed round."""
    words = list(_LONG_WORD.finditer(question))
    for match in sorted(words, key=lambda m: (-len(m.group()), m.start())):
        word, middle = match.group(), len(match.group()) // 2
        wrong = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
        if wrong != word:
            return (
                question[: match.start()] + wrong + question[match.end() :],
                f"“{word}” → “{wrong}”",
            )
    return None


def pad(question: str) -> str:
    """With the courtesies of a letter."""
    return f"Hello, many thanks for your help. {question.strip()} Thank you very much."


def reorder(question: str) -> str | None:
    """The sentences that tell, the last first; those that ask keep their place."""
    sentences = _SENTENCE_END.split(question.strip())
    telling = [s for s in sentences if not _ASKS.search(s)]
    if len(telling) < 2 or len(telling) == len(sentences):
        return None
    if any(_LEANS.match(one) or _POINTS_BACK.search(one) for one in telling):
        return None
    turned = iter(reversed(telling))
    reordered = [s if _ASKS.search(s) else _ended(next(turned)) for s in sentences]
    return " ".join(reordered)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", ";", "!")) else sentence + "."
