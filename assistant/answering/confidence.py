"""How likely the library answers a question: logistic models of a few scale-free figures.

Fitted on the two public question sets of which half the questions are about documents that are
not in the library; documents cross-validated.
"""

from collections.abc import Mapping
from math import exp

ANSWERED_FROM = 0.5

_SEVERAL = {"": -3.74, "margin": 9.01, "topic": 5.05, "coverage": 2.42}
_SINGLE = {"": -6.5, "score": 7.5, "topic": 5.0}


def reckon_confidence(signals: Mapping[str, float]) -> float:
    """From 0 to 1; a library of one document has no rivals to lead, so it has its own model."""
    if not signals:
        return 0.0
    model = _SEVERAL if signals["documents"] > 1 else _SINGLE
    logit = sum(weight * signals.get(name, 1.0) for name, weight in model.items())
    return 1 / (1 + exp(-logit))
