"""The terms of an answer's quotes, explained in plain words: the lexicon's, never the quote's."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.answer import Quote
from assistant.language.lexicon import Concept
from assistant.language.mentions import EXACT_CASE, Name, Vocabulary, fold

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A term as the first quote writes it; ``quotes`` are the numbers of all that have it."""

    term: str
    explanation: str
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Finds explained terms. Safe to share between threads."""

    vocabulary: Vocabulary
    explanations: Mapping[str, str]
    names: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, concepts: Iterable[Concept]) -> "Glossary":
        """The glossary of the concepts that have an explanation; everyday words need none."""
        explained = [concept for concept in concepts if concept.explanation]
        names = [Name(c.id, name) for c in explained for name in c.names]
        names += [Name(c.id, EXACT_CASE + name) for c in explained for name in c.abbreviations]
        return cls(
            Vocabulary(names),
            {c.id: c.explanation for c in explained if c.explanation},
            {c.id: frozenset(map(_folded, (*c.names, *c.abbreviations))) for c in explained},
        )

    def explain(self, quotes: Sequence[Quote]) -> tuple[Term, ...]:
        """Every term of the quotes once, in the order in which they are read."""
        written: dict[str, str] = {}
        numbers: dict[str, dict[int, None]] = {}
        for quote in quotes:
            for mention in self.vocabulary.find(quote.text):
                words = mention.span.of(quote.text)
                if _folded(words) not in self.names[mention.owner]:
                    continue
                written.setdefault(mention.owner, words)
                numbers.setdefault(mention.owner, {})[quote.number] = None
        return tuple(
            Term(words, self.explanations[owner], tuple(numbers[owner]))
            for owner, words in written.items()
        )


def _folded(text: str) -> str:
    return " ".join(fold(word) for word in _WORD.findall(text))
