"""BM25 (Robertson and Zaragoza 2009) over the store's own passages, by bm25s."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.terms import split_terms

K1 = 0.9
B = 0.5


class LexicalIndex:
    """Scores a question against every text at once; a text's place is its row."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self.terms = [split_terms(text) for text in texts]
        self._frequencies = Counter(term for row in self.terms for term in set(row))
        self._index: bm25s.BM25 | None = None
        if self._frequencies:
            self._index = bm25s.BM25(method="lucene", k1=K1, b=B)
            self._index.index(self.terms, show_progress=False)

    def __len__(self) -> int:
        return len(self.terms)

    def idf(self, term: str) -> float:
        """The weight of a term, as Lucene's BM25 has it; largest for a term that is nowhere."""
        n = self._frequencies.get(term, 0)
        return log(1.0 + (len(self) - n + 0.5) / (n + 0.5))

    def share(self, terms: Iterable[str], found: Iterable[str]) -> float:
        """The share of ``terms``, by weight, that are among ``found``; 0 where there are none."""
        distinct = dict.fromkeys(terms)
        total = sum(map(self.idf, distinct))
        have = set(found)
        return sum(self.idf(term) for term in distinct if term in have) / total if total else 0.0

    def knows(self, term: str) -> bool:
        """Whether any text has the term."""
        return term in self._frequencies

    def scores(self, terms: Iterable[str]) -> NDArray[np.float32]:
        """One score a row, 0 where nothing matches, as a share of the terms' whole weight."""
        distinct = list(dict.fromkeys(terms))
        known = [term for term in distinct if self.knows(term)]
        if self._index is None or not known:
            return np.zeros(len(self), dtype=np.float32)
        total = sum(map(self.idf, distinct))
        return np.asarray(self._index.get_scores(known), dtype=np.float32) / np.float32(total)
