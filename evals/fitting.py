"""Fit ``assistant/answering/model.json``: which statement answers, and whether any does.

Labelled questions: those of ``gold/`` that are not held out, those of ``tuning/``, and any folders
as ``external`` takes them. The library is read three ways, with the questions that come with its
documents, without them, and with those of every other document, so that one that brings none is
not outranked for that. A question whose labelled passages are taken away is one that the library
does not cover.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant, Model, Settings, Span, Turn, Weighed, ingest
from evals.external import locate_spans
from evals.gold import GOLD_FOLDER, load_gold, locate
from evals.measures import auroc
from evals.questions import load_questions
from evals.terminal import Tell

TUNING_FOLDER = Path(__file__).resolve().parent / "tuning"
FOLDS = 5
RIDGE, CONFIDENCE_RIDGE = 3.0, 5.0
ANSWERED_FROM = 0.5
HELPFUL = 0.4
# The share of questions that a library answers where it is used: of our own labelled ones, half
# were written to be refused.
ANSWERABLE = 0.6
# And of the questions that it does not answer, the share that are about another field.
FOREIGN = 0.35
# Among statements that answer alike a confirmed one comes first: set, not fitted.
FIXED = {"unconfirmed": -0.5}
# Fitting on every candidate takes ten times as long and gives the same weights.
CONTENDERS = 100
PLAIN = ("similarity", "asked", "learned", "expanded", "salient", "coverage")
BLOCKS = ("always", "one subject", "title named", "questions given")
OWN, BARE, OUTSIDE = "one subject, questions given", "one subject", "several subjects"
Floats = NDArray[np.float64]
Stretch = tuple[str, int, int, int]


@dataclass(frozen=True)
class Labelled:
    """A question as one library answers it; ``grades`` are in the order of the candidates."""

    kind: str
    group: str
    outcome: str
    weighed: Weighed
    grades: Floats
    weight: float

    @property
    def fold(self) -> int:
        return blake2b(self.group.encode(), digest_size=4).digest()[0] % FOLDS


@dataclass(frozen=True)
class Asked:
    """A question with the stretches (document, start, end, grade) that answer it."""

    group: str
    question: str
    turns: tuple[Turn, ...]
    outcome: str
    stretches: tuple[Stretch, ...]


def fit_model(folders: Sequence[Path], workplace: Path, tell: Tell) -> tuple[dict[str, Any], Any]:
    """The model as ``model.json`` holds it, and a summary of how it does on questions it was not
    fitted on (by question; outside folders by document)."""
    labelled = [*_own(workplace, tell)]
    for folder in folders:
        labelled += _outside(folder, workplace, tell)
    models = [_fit([one for one in labelled if one.fold != k], None) for k in range(FOLDS)]
    apart = [(one, one.weighed.by(models[one.fold])) for one in labelled]
    whole = _fit(labelled, apart)
    for k in range(FOLDS):
        tell("folds", k, FOLDS)
        others = [pair for pair in apart if pair[0].fold != k]
        models[k] = Model(models[k].ranking, _fit_confidence(others), ANSWERED_FROM)
    apart = [(one, one.weighed.by(models[one.fold])) for one in labelled]
    plain = {
        "answered_from": ANSWERED_FROM,
        "ranking": _rounded(whole.ranking),
        "confidence": _rounded(whole.confidence),
    }
    return plain, summarise(apart)


def _own(workplace: Path, tell: Tell) -> Iterator[Labelled]:
    corpus = Settings.load().corpus
    every = sorted(path.stem for path in (corpus / "questions").glob("*.yaml"))
    ways: tuple[tuple[str, str, list[str], float], ...] = (
        ("whole", OWN, every, 1.0),
        ("bare", BARE, [], 0.4),
        ("half", "", every[::2], 0.4),
    )
    for name, kind, kept, weight in ways:
        folder = workplace / name
        shutil.rmtree(folder / "corpus", ignore_errors=True)
        shutil.copytree(corpus, folder / "corpus")
        for path in (folder / "corpus" / "questions").glob("*.yaml"):
            if path.stem not in kept:
                path.unlink()
        settings = Settings.load(store=str(folder / "store"))
        ingest([folder / "corpus"], settings, prune=True)
        assistant = Assistant.open(settings)
        files = [f for f in load_gold([GOLD_FOLDER, TUNING_FOLDER]) if not f.held_out]
        asked = [
            Asked(
                one.gold.id,
                one.gold.question,
                one.turns,
                one.gold.outcome,
                tuple((q.document, q.start, q.end, q.grade) for q in one.qrels),
            )
            for one in locate(files, assistant)
        ]
        without = 0.2 if kind == OWN else 0.0
        yield from _label(assistant, asked, kind, weight, without, name, tell)


def _outside(folder: Path, workplace: Path, tell: Tell) -> Iterator[Labelled]:
    settings = Settings.load(store=str(workplace / folder.resolve().name))
    ingest([folder / "docs.jsonl"], settings)
    assistant = Assistant.open(settings)
    asked = []
    for question in load_questions(folder / "questions.jsonl"):
        stretches = locate_spans(question, assistant) if question.answerable else []
        outcome = "answered" if question.answerable else "not_covered"
        group = question.relevant[0] if question.relevant else question.id
        where = tuple((document, start, end, 2) for document, start, end in stretches)
        asked.append(Asked(group, question.question, (), outcome, where))
    yield from _label(assistant, asked, OUTSIDE, 0.5, 0.0, folder.name, tell)


def _label(
    assistant: Assistant,
    asked: Sequence[Asked],
    kind: str,
    weight: float,
    weight_without: float,
    name: str,
    tell: Tell,
) -> Iterator[Labelled]:
    for done, one in enumerate(asked):
        tell(name, done, len(asked))
        weighed = assistant.weigh(one.question, history=one.turns)
        if weighed.described.candidates:
            grades = _grade(weighed, one.stretches)
            yield Labelled(kind, one.group, one.outcome, weighed, grades, weight)
        if weight_without and one.outcome == "answered":
            without = frozenset((d, Span(start, end)) for d, start, end, _ in one.stretches)
            weighed = assistant.weigh(one.question, history=one.turns, without=without)
            if weighed.described.candidates:
                nothing = np.zeros(len(weighed.places))
                yield Labelled(kind, one.group, "removed", weighed, nothing, weight_without)


def _grade(weighed: Weighed, stretches: Sequence[Stretch]) -> Floats:
    grades = np.zeros(len(weighed.places))
    for row, (document, span) in enumerate(weighed.places):
        for other, start, end, grade in stretches:
            if document == other and max(start, span.start) < min(end, span.end):
                grades[row] = max(grades[row], grade)
    return grades


def _contenders(one: Labelled) -> NDArray[np.intp]:
    """The candidates to fit on: those that any reader would look at first, by plain figures and
    no fitted ones, and all that are right."""
    nearest = sum(one.weighed.described.column(name) for name in PLAIN)
    first = np.argsort(-np.asarray(nearest), kind="stable")[:CONTENDERS]
    return np.union1d(first, np.flatnonzero(one.grades))


def _blocks(one: Weighed) -> NDArray[np.float32]:
    """The figures of every candidate, once for each block of weights."""
    figures = one.described.figures
    named = one.described.column("named")[:, None]
    asks = one.described.column("asks")[:, None]
    return np.concatenate(
        [figures, figures * np.float32(one.alike), figures * named, figures * asks], axis=1
    )


def _fit(labelled: Sequence[Labelled], apart: Sequence[tuple[Labelled, Weighed]] | None) -> Model:
    ranking = _fit_ranking([one for one in labelled if one.grades.any()])
    confidence = _fit_confidence(apart) if apart else {}
    return Model(ranking, confidence, ANSWERED_FROM)


def _fit_ranking(labelled: Sequence[Labelled]) -> dict[str, dict[str, float]]:
    """A conditional logit: the summed odds of the right statements against all, a helpful one
    counting for ``HELPFUL``; L2 on standardised weights."""
    from scipy.optimize import minimize

    names = labelled[0].weighed.described.names
    kept = [_contenders(one) for one in labelled]
    rows = np.concatenate([_blocks(o.weighed)[k] for o, k in zip(labelled, kept, strict=True)])
    scale = rows.std(axis=0) + 1e-6
    fixed = sum(FIXED.get(name, 0.0) * rows[:, n] for n, name in enumerate(names))
    free = np.array([name not in FIXED for name in names] * len(BLOCKS), dtype=float)
    rows *= (free / scale).astype(np.float32)
    sizes = [len(own) for own in kept]
    starts = np.cumsum([0, *sizes[:-1]])
    owner = np.repeat(np.arange(len(labelled)), sizes)
    grades = np.concatenate([o.grades[k] for o, k in zip(labelled, kept, strict=True)])
    right = np.where(grades >= 2, 1.0, np.where(grades == 1, HELPFUL, 0.0))
    weights = np.array([one.weight for one in labelled])

    def loss(beta: Floats) -> tuple[float, Floats]:
        scores = (rows @ beta.astype(np.float32)).astype(float) + fixed
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        total, good = np.add.reduceat(odds, starts), np.add.reduceat(odds * right, starts)
        value = -(weights * np.log(good / total + 1e-12)).sum() + RIDGE * beta @ beta
        pull = odds / total[owner] - odds * right / np.maximum(good, 1e-12)[owner]
        slope = rows.T @ (weights[owner] * pull).astype(np.float32)
        return float(value), slope.astype(float) + 2 * RIDGE * beta

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x * free / scale
    size = len(names)
    ranking = {
        block: dict(zip(names, map(float, found[n * size : (n + 1) * size]), strict=True))
        for n, block in enumerate(BLOCKS)
    }
    ranking["always"] |= FIXED
    return ranking


def _fit_confidence(apart: Sequence[tuple[Labelled, Weighed]]) -> dict[str, dict[str, float]]:
    """For each kind of library whether it answers; for one subject also whether a question that
    it does not answer is about another field."""
    confidence = {}
    for kind in (OWN, BARE, OUTSIDE):
        own = [(one, weighed) for one, weighed in apart if one.kind == kind]
        if own:
            truth = [one.outcome == "answered" for one, _ in own]
            weight = [1.0 if one.outcome != "removed" else 0.2 for one, _ in own]
            figures = [weighed.figures for _, weighed in own]
            confidence[kind] = _logistic(figures, truth, weight)
            if kind != OUTSIDE:
                confidence[kind][""] += prior_shift(truth, weight, ANSWERABLE)
    refused = [
        (one, weighed)
        for one, weighed in apart
        if one.kind in (OWN, BARE) and one.outcome in ("not_covered", "out_of_scope")
    ]
    truth, weight = [one.outcome == "out_of_scope" for one, _ in refused], [1.0] * len(refused)
    confidence["foreign"] = _logistic([weighed.figures for _, weighed in refused], truth, weight)
    confidence["foreign"][""] += prior_shift(truth, weight, FOREIGN)
    return confidence


def prior_shift(truth: Sequence[bool], weight: Sequence[float], expected: float) -> float:
    """What the intercept gains when ``expected`` of the questions are so and not the share of the
    labelled ones (King and Zeng 2001, prior correction)."""
    share = float(np.average(np.array(truth, dtype=float), weights=np.array(weight)))
    share = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(expected / (1 - expected) * (1 - share) / share))


def _logistic(
    figures: Sequence[Mapping[str, float]], truth: Sequence[bool], weight: Sequence[float]
) -> dict[str, float]:
    """Logistic regression with L2 on standardised weights; "" is the intercept."""
    from scipy.optimize import minimize

    names = list(figures[0])
    rows = np.array([[one[name] for name in names] for one in figures])
    centre, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    rows = np.concatenate([(rows - centre) / scale, np.ones((len(rows), 1))], axis=1)
    sign = np.where(truth, 1.0, -1.0)
    weights = np.array(weight)
    ridge = np.array([CONFIDENCE_RIDGE] * len(names) + [0.0])

    def loss(beta: Floats) -> tuple[float, Floats]:
        margin = sign * (rows @ beta)
        value = (weights * np.logaddexp(0, -margin)).sum() + ridge @ beta**2
        pull = -weights * sign / (1 + np.exp(np.clip(margin, -500, 500)))
        return float(value), rows.T @ pull + 2 * ridge * beta

    beta = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    raw = beta[:-1] / scale
    return {"": float(beta[-1] - raw @ centre)} | dict(zip(names, map(float, raw), strict=True))


def summarise(apart: Sequence[tuple[Labelled, Weighed]]) -> dict[str, dict[str, float | None]]:
    """By kind of library: the right statement first and in three, AUROC of the confidence, and
    the shares of questions answered and refused rightly."""
    summary: dict[str, dict[str, float | None]] = {}
    for kind in (OWN, BARE, OUTSIDE):
        own = [(o, w) for o, w in apart if o.kind == kind and o.outcome != "removed"]
        found = [(o, np.argsort(-w.scores, kind="stable")) for o, w in own if o.grades.any()]
        if not found:
            continue
        truth = [one.outcome == "answered" for one, _ in own]
        confidences = [weighed.confidence for _, weighed in own]
        given = [c >= ANSWERED_FROM for c, t in zip(confidences, truth, strict=True) if t]
        refused = [c < ANSWERED_FROM for c, t in zip(confidences, truth, strict=True) if not t]
        summary[kind] = {
            "right in 1": float(np.mean([one.grades[order[0]] > 0 for one, order in found])),
            "right in 3": float(np.mean([one.grades[order[:3]].any() for one, order in found])),
            "auroc": auroc(confidences, truth),
            "answers given": float(np.mean(given)) if given else None,
            "refusals made": float(np.mean(refused)) if refused else None,
        }
    return summary


def _rounded(weights: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {
        kind: {name: round(value, 4) for name, value in own.items() if round(value, 4)}
        for kind, own in weights.items()
    }
