"""The weights by which statements are ranked and answers believed: ``model.json``, made by
``python -m evals fit`` from labelled questions and by nothing else.

Ranking is a conditional logit (McFadden 1974) over a question's candidates. Each figure has a
weight, and more where the library is on one subject, where the question names the document's title,
and where the document comes with questions. Confidence is a logistic model for each of three kinds
of library.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.features import Described
from assistant.retrieval.hits import Retrieval

MODEL_FILE = Path(__file__).with_name("model.json")
Weights = Mapping[str, float]
# Mean cosines between documents: of the public sets 0.35 to 0.4, of libraries on one subject
# 0.75 and more.
_DIFFERENT, _ALIKE = 0.45, 0.7
ONE_SUBJECT_FROM = 0.5
# In a library on several subjects a question whose nearest statement is no nearer than this is
# about something else.
_FOREIGN_BELOW = 0.3


@dataclass(frozen=True, slots=True)
class Model:
    """``ranking`` holds weights by circumstance, ``confidence`` by kind of library; in the latter
    "" is the intercept."""

    ranking: Mapping[str, Weights]
    confidence: Mapping[str, Weights]
    answered_from: float

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Model":
        return cls(plain["ranking"], plain["confidence"], plain["answered_from"])

    def rank(self, described: Described, alike: float) -> NDArray[np.float64]:
        """The score of every candidate, in log odds against the others."""
        always = self._column("always", described) + alike * self._column("one subject", described)
        scores: NDArray[np.float64] = described.figures @ always
        for circumstance, figure in (("title named", "named"), ("questions given", "asks")):
            more = described.figures @ self._column(circumstance, described)
            scores = scores + described.column(figure) * more
        return scores

    def _column(self, circumstance: str, described: Described) -> NDArray[np.float64]:
        weights = self.ranking[circumstance]
        return np.array([weights.get(name, 0.0) for name in described.names])

    def believe(
        self, figures: Mapping[str, float], alike: float, *, questions_given: bool
    ) -> float:
        """How likely the library answers, from 0 to 1."""
        kind = "one subject, questions given" if questions_given else "one subject"
        one = self._logit(kind, figures)
        logit = (1 - alike) * self._logit("several subjects", figures) + alike * one
        return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))

    def _logit(self, kind: str, figures: Mapping[str, float]) -> float:
        return sum(
            weight * (figures[name] if name else 1.0)
            for name, weight in self.confidence[kind].items()
        )

    def is_foreign(self, figures: Mapping[str, float], alike: float) -> bool:
        """Whether a question that is not answered is about another field altogether."""
        if alike >= ONE_SUBJECT_FROM:
            return self._logit("foreign", figures) > 0
        return (
            figures["search statement"] < _FOREIGN_BELOW
            and figures["search score"] < _FOREIGN_BELOW
        )


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model that comes with the package."""
    return Model.from_json(json.loads(MODEL_FILE.read_text(encoding="utf-8")))


def tell_alike(retrieval: Retrieval) -> float:
    """How far the library is on one subject, from 0 to 1; an empty one is."""
    if not retrieval.signals:
        return 1.0
    share = (retrieval.signals["cohesion"] - _DIFFERENT) / (_ALIKE - _DIFFERENT)
    return min(1.0, max(0.0, share))
