"""What a text is about: the lexicon's concepts that it names, and its other words, stemmed."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.language.lexicon import Concept
from assistant.language.mentions import Name, Vocabulary
from assistant.retrieval.terms import split_terms

CONCEPT = "#"


@dataclass(frozen=True, slots=True)
class SubjectReader:
    """Reads subjects with one lexicon's names. Safe to share between threads."""

    vocabulary: Vocabulary

    @classmethod
    def of(cls, concepts: Iterable[Concept]) -> "SubjectReader":
        """The reader of these concepts."""
        names = (Name(c.id, name) for c in concepts for name in (c.names[0], *c.others))
        return cls(Vocabulary(names))

    def read(self, text: str) -> frozenset[str]:
        """Every concept as "#id" and every other word as its stem."""
        found = set()
        words = []
        end = 0
        for mention in self.vocabulary.find(text):
            found.add(CONCEPT + mention.owner)
            words.append(text[end : mention.span.start] if mention.span.start > end else "")
            end = max(end, mention.span.end)
        return frozenset(found | {*split_terms(" ".join((*words, text[end:])))})
