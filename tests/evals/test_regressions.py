"""Ten defects planted one at a time: each turns a named gate red that the intact system passes.

The gates of these few questions stand a little below what the intact system reaches on them.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import Assistant, Settings, consultation, ingest
from assistant.answering import chain
from assistant.answering.answer import Answer, Evidence, ExtractiveWriter, Quote
from assistant.documents import passages
from assistant.retrieval import hybrid
from assistant.settings import PROJECT_ROOT
from evals.gates import Gate, Side, judge_gates, load_gates
from evals.gold import GOLD_FOLDER, Located, load_gold, locate
from evals.runner import Plan, failed_gates, run_gold
from evals.twins.running import Sample
from evals.twins.twin import TwinKind

pytestmark = [pytest.mark.slow, pytest.mark.planted]

MARGIN = 0.02
PATIENTS, FEBRILE, STATEMENTS = 16, 6, 24
ALONE = Plan(twins=None, peers=False)
TWINS = Sample(None, 0, 0, frozenset({TwinKind.NEGATION, TwinKind.LIMIT}))
WITH_TWINS = Plan(twins=TWINS, peers=False)


@dataclass(frozen=True)
class Intact:
    """The system as it is, with the questions that the defects are tried on."""

    assistant: Assistant
    patients: tuple[Located, ...]
    febrile: tuple[Located, ...]
    judged: tuple[Located, ...]
    statements: tuple[Located, ...]

    @property
    def settings(self) -> Settings:
        return self.assistant.settings


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Intact:
    store = tmp_path_factory.mktemp("regressions") / "store"
    settings = Settings(store=str(store), corpus=PROJECT_ROOT / "corpus")
    ingest([settings.corpus], settings)
    assistant = Assistant.open(settings)
    questions = sorted(locate(load_gold([GOLD_FOLDER]), assistant), key=_drawn)
    alone = [q for q in questions if not q.gold.history]
    told = [q for q in alone if q.gold.findings and q.gold.rules]
    febrile = [q for q in alone if "temperature" in q.gold.findings]
    judged = [q for q in told if q.gold.verdict]
    plain = [q for q in alone if q.qrels and not q.gold.findings]
    return Intact(
        assistant,
        tuple(told[:PATIENTS]),
        tuple(febrile[:FEBRILE]),
        tuple(judged),
        tuple(plain[:STATEMENTS]),
    )


def _drawn(located: Located) -> bytes:
    return blake2b(located.gold.id.encode()).digest()


GatesOf = Callable[[Sequence[Located], Plan], tuple[Gate, ...]]


@pytest.fixture(scope="module")
def gates_of(intact: Intact) -> GatesOf:
    """Gates that the intact system is seen to pass on these questions, measured once."""
    known: dict[tuple[int, bool], tuple[Gate, ...]] = {}

    def gates_of(questions: Sequence[Located], plan: Plan) -> tuple[Gate, ...]:
        key = (id(questions), plan is WITH_TWINS)
        if key not in known:
            measures = run_gold(intact.assistant, questions, [], plan)["measures"]
            gates = tuple(
                _near(gate, measures[gate.measure])
                for gate in load_gates()
                if measures.get(gate.measure) is not None
            )
            assert [str(one) for one in judge_gates(gates, measures) if not one.passed] == []
            known[key] = gates
        return known[key]

    return gates_of


def _near(gate: Gate, value: float) -> Gate:
    """The same gate a little off this value; one that allows no fault stays as it is."""
    if gate.limit in (0.0, 1.0):
        return gate
    return replace(gate, limit=value - MARGIN if gate.side is Side.LEAST else value + MARGIN)


Red = Callable[..., list[str]]


@pytest.fixture
def red(intact: Intact, gates_of: GatesOf) -> Red:
    """The gates that a system fails, having seen that the intact one passes all of them."""

    def red(
        assistant: Assistant,
        questions: Sequence[Located] = intact.statements,
        plan: Plan = ALONE,
    ) -> list[str]:
        gates = gates_of(questions, plan)
        return failed_gates(run_gold(assistant, questions, gates, plan))

    return red


@pytest.fixture
def with_corpus(intact: Intact, tmp_path: Path) -> Callable[[Callable[[Path], None]], Assistant]:
    """The same library with its corpus folder changed."""

    def with_corpus(change: Callable[[Path], None]) -> Assistant:
        folder = tmp_path / "corpus"
        shutil.copytree(intact.settings.corpus, folder)
        change(folder)
        return Assistant.open(intact.settings.model_copy(update={"corpus": folder}))

    return with_corpus


def _rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    plain = change(yaml.safe_load(path.read_text(encoding="utf-8")))
    path.write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture
def rewriting(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[Quote], Quote]], None]:
    """Makes the writer change every quote."""
    write = ExtractiveWriter.write

    def rewriting(change: Callable[[Quote], Quote]) -> None:
        def changed(self: ExtractiveWriter, evidence: Evidence) -> Answer:
            answer = write(self, evidence)
            quotes, nearest = map(change, answer.quotes), map(change, answer.nearest)
            return replace(answer, quotes=tuple(quotes), nearest=tuple(nearest))

        monkeypatch.setattr(ExtractiveWriter, "write", changed)

    return rewriting


def _open(intact: Intact) -> Assistant:
    return Assistant.open(intact.settings)


def test_dropped_synonyms(red: Red, intact: Intact, with_corpus: Any) -> None:
    def drop(concepts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {"id": one["id"], "names": one["names"][:1]}
            if {"EBP", "SIH", "PDPH", "LP"} & {*one["names"], *one.get("abbreviations", ())}
            else one
            for one in concepts
        ]

    broken = with_corpus(lambda folder: _rewrite(folder / "lexicon" / "concepts.yaml", drop))
    assert "rule accuracy" in red(broken, intact.patients)


def test_negation_off(red: Red, intact: Intact, with_corpus: Any) -> None:
    def silence(file: dict[str, Any]) -> dict[str, Any]:
        cues = [cue for cue in file["cues"] if "negated" not in cue.get("means", ())]
        return file | {"cues": cues}

    broken = with_corpus(lambda folder: _rewrite(folder / "lexicon" / "cues.yaml", silence))
    assert {"findings F1", "twins: negation flipped"} <= set(
        red(broken, intact.patients, WITH_TWINS)
    )


def test_a_threshold_changed(red: Red, intact: Intact, with_corpus: Any) -> None:
    def change(folder: Path) -> None:
        path = folder / "lexicon" / "facts.yaml"
        text = path.read_text(encoding="utf-8")
        assert "temperature >= 38 degC" in text
        path.write_text(
            text.replace("temperature >= 38 degC", "temperature >= 39 degC"), encoding="utf-8"
        )

    assert "twins: value at a limit" in red(with_corpus(change), intact.febrile, WITH_TWINS)


def test_a_digest_removed(red: Red, intact: Intact, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(intact.settings.store, store)
    broken = Assistant.open(intact.settings.model_copy(update={"store": str(store)}))
    broken.remove(["epidural-blood-patch"])
    assert {"right quote in 3", "R@10"} <= set(red(broken))


def test_the_splitter_changed(
    red: Red, intact: Intact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "PASSAGE_CHARACTERS", 60)
    settings = intact.settings.model_copy(update={"store": str(tmp_path / "store")})
    ingest([settings.corpus], settings)
    assert "R@10" in red(Assistant.open(settings))


def test_the_fusion_weight_zero(red: Red, intact: Intact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hybrid, "DENSE_WEIGHT", 0.0)
    assert "nDCG@10" in red(_open(intact))


def test_the_guard_off(
    red: Red, intact: Intact, rewriting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "verify_answer", lambda *_: None)
    monkeypatch.setattr(consultation, "verify_answer", lambda *_: None)
    rewriting(lambda quote: replace(quote, text=quote.text[:-1] + "!"))
    assert {"quote exactness", "unsafe answers"} <= set(red(_open(intact)))


def test_the_safety_check_skipped(red: Red, intact: Intact, with_corpus: Any) -> None:
    def skip(folder: Path) -> None:
        # The hard stops name the rules of the safety check, so they go with it.
        for name in ("patch-safety", "hard-stops"):
            (folder / "pathways" / f"{name}.yaml").unlink()

    assert {"rule accuracy", "verdict accuracy"} <= set(red(with_corpus(skip), intact.judged))


def test_only_one_passage_found(red: Red, intact: Intact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "ANSWER_HITS", 1)
    assert {"R@10", "nDCG@10"} <= set(red(_open(intact)))


def test_quotes_one_character_short(red: Red, intact: Intact, rewriting: Any) -> None:
    rewriting(
        lambda quote: replace(
            quote, text=quote.text[:-1], span=replace(quote.span, end=quote.span.end - 1)
        )
    )
    assert "whole quotes" in red(_open(intact))
