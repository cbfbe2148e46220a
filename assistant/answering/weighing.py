"""A question's candidates weighed by the model: in what order they answer, and whether they do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from assistant.answering.confidence import confidence_figures
from assistant.answering.features import Candidate, Described, Place, describe_candidates
from assistant.answering.model import ONE_SUBJECT_FROM, Model, tell_alike
from assistant.retrieval.hits import Hit, Retrieval
from assistant.retrieval.records import DocumentRecord

# How far a passage's own score counts beside its statements' odds: of 0 to 20 the best by nDCG@10
# on two public question sets and our own, cross-validated.
SEARCH_WEIGHT = 5.0
# The odds of a passage without a statement that can be quoted.
_NO_ODDS = 1e-9


@dataclass(frozen=True)
class Weighed:
    """``scores`` are in the order of ``described``, ``ranked`` is best first."""

    retrieval: Retrieval
    described: Described
    model: Model

    @cached_property
    def alike(self) -> float:
        """How far the library is on one subject, from 0 to 1."""
        return tell_alike(self.retrieval)

    @property
    def is_one_subject(self) -> bool:
        """Whether the library is on one subject rather than on several."""
        return self.alike >= ONE_SUBJECT_FROM

    @cached_property
    def scores(self) -> "np.typing.NDArray[np.float64]":
        if not self.described.candidates:
            return np.zeros(0)
        return self.model.rank(self.described, self.alike)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Where the candidates stand, in the order of ``described``."""
        return tuple(candidate.place for candidate in self.described.candidates)

    @cached_property
    def ranked(self) -> tuple[tuple[Candidate, float], ...]:
        """Candidates with their scores; ties by place."""
        pairs = zip(self.described.candidates, map(float, self.scores), strict=True)
        return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0].place)))

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The passages found, best first by the odds that any of their statements answers; a
        score is a passage's share of the whole."""
        found = self.retrieval.hits
        if not found:
            return ()
        scores = self.scores
        odds = {id(hit): 0.0 for hit in found}
        for candidate, odd in zip(
            self.described.candidates, np.exp(scores - scores.max(initial=0.0)), strict=True
        ):
            if id(candidate.hit) in odds:
                odds[id(candidate.hit)] += float(odd)
        total = np.array([odds[id(hit)] for hit in found])
        logits = SEARCH_WEIGHT * np.array([hit.score for hit in found]) + np.log(total + _NO_ODDS)
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        order = sorted(range(len(found)), key=lambda n: (-shares[n], found[n].passage.passage_id))
        return tuple(
            replace(found[n], rank=rank, score=float(shares[n]))
            for rank, n in enumerate(order, start=1)
        )

    @cached_property
    def figures(self) -> Mapping[str, float]:
        """What the confidence is reckoned from; there is at least one candidate."""
        return confidence_figures(self.described, self.scores, self.retrieval)

    @cached_property
    def questions_given(self) -> bool:
        """Whether the best candidate's document comes with questions."""
        best = next((c for c, _ in self.ranked if not c.is_gap), self.ranked[0][0])
        return bool(best.hit.signals["asks"])

    @property
    def confidence(self) -> float:
        """How likely the library answers, from 0 to 1."""
        if not self.described.candidates:
            return 0.0
        return self.model.believe(self.figures, self.alike, questions_given=self.questions_given)

    @property
    def is_foreign(self) -> bool:
        """Whether the question, not being answered, is about another field."""
        return not self.described.candidates or self.model.is_foreign(self.figures, self.alike)

    def by(self, model: Model) -> "Weighed":
        """The same candidates by another model."""
        return Weighed(self.retrieval, self.described, model)


def weigh(retrieval: Retrieval, records: Mapping[str, DocumentRecord], model: Model) -> Weighed:
    """Weigh every statement of the passages found."""
    return Weighed(retrieval, describe_candidates(retrieval, records), model)
