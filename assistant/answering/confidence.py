"""How likely the library answers a question: logistic models of a few scale-free figures.

Fitted on two public question sets of which half the questions are about documents that are not in
the library, on parts of those, and on this library's gold questions; documents cross-validated.
Where documents are on different subjects, the best one's lead over the others tells most. In a
library on one subject no document leads, and the nearness of the best statement has to tell, or
the share of the question's own words that a passage has.
"""

from collections.abc import Mapping
from math import exp

ANSWERED_FROM = 0.5

_SUBJECTS_DIFFER = {"": -4.3, "margin": 8.5, "topic": 7.0, "coverage": 3.0}
_ONE_SUBJECT = {"": -6.6, "statement": 10.5, "score": 1.2}
_ONE_SUBJECT_BY_WORDS = {"": -6.0, "score": 10.0}
_ONE_DOCUMENT = {"": -7.3, "score": 12.0, "topic": 7.5}
# Mean cosines between documents: of the public sets 0.35 to 0.4, of libraries on one subject
# 0.75 and more.
_DIFFERENT, _ALIKE = 0.45, 0.7
# A question whose nearest statement is no nearer than this is about another field.
_FOREIGN_BELOW, _FOREIGN_BELOW_ONE_SUBJECT = 0.3, 0.5


def reckon_confidence(signals: Mapping[str, float]) -> float:
    """From 0 to 1."""
    if not signals:
        return 0.0
    if signals["documents"] == 1:
        logit = _sum(_ONE_DOCUMENT, signals)
    else:
        alike = _alike(signals)
        one_subject = max(_sum(_ONE_SUBJECT, signals), _sum(_ONE_SUBJECT_BY_WORDS, signals))
        logit = (1 - alike) * _sum(_SUBJECTS_DIFFER, signals) + alike * one_subject
    return 1 / (1 + exp(-logit))


def is_foreign(signals: Mapping[str, float]) -> bool:
    """Whether a question that is not answered is about another field altogether."""
    alike = _alike(signals)
    limit = (1 - alike) * _FOREIGN_BELOW + alike * _FOREIGN_BELOW_ONE_SUBJECT
    return signals["statement"] < limit and signals["score"] < limit


def _alike(signals: Mapping[str, float]) -> float:
    """How far the library is on one subject, from 0 to 1."""
    share = (signals["cohesion"] - _DIFFERENT) / (_ALIKE - _DIFFERENT)
    return min(1.0, max(0.0, share))


def _sum(model: Mapping[str, float], signals: Mapping[str, float]) -> float:
    return sum(weight * (signals[name] if name else 1.0) for name, weight in model.items())
