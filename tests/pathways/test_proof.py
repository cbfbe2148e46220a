"""The proof of the pathways, on an invented library with one fault planted at a time."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.case.case import Case, Finding, infer, make_quantity
from assistant.case.criteria import Compare, Operator, Undecided, walk
from assistant.case.facts import Facts, load_facts
from assistant.language.quantities.quantity import Measure
from assistant.pathways.counterexample import Kind
from assistant.pathways.encoding import Encoding, Sides
from assistant.pathways.evaluation import Rulebook, View
from assistant.pathways.loading import Loaded, read_pathways
from assistant.pathways.precedence import Precedence
from assistant.pathways.proof import PathwayFault, Proof, Property, prove
from assistant.truth import Truth

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "corpus"
SOUND = HERE / "sound"
BROKEN = HERE / "broken"


@cache
def sound_facts() -> Facts:
    return load_facts(SOUND)


@cache
def corpus_facts() -> Facts:
    return load_facts(CORPUS)


@cache
def corpus_encoding() -> Encoding:
    book = Rulebook(read_pathways(CORPUS, corpus_facts().measures).pathways)
    return Encoding(corpus_facts(), book)


def load_with(name: str | None = None) -> Loaded:
    """The sound library, a file of ``broken`` in place of its pathway of the same id."""
    files = {path.stem: path for path in sorted((SOUND / "pathways").glob("*.yaml"))}
    if name is not None:
        path = BROKEN / f"{name}.yaml"
        files[yaml.safe_load(path.read_text(encoding="utf-8"))["id"]] = path
    return read_pathways(SOUND, sound_facts().measures, files=list(files.values()))


# Nothing wrong


def test_the_library_is_proved() -> None:
    loaded = read_pathways(CORPUS, corpus_facts().measures)
    assert loaded.faults == []
    assert [fault.message for fault in prove(corpus_facts(), loaded.pathways)] == []


def test_the_sound_library_is_proved() -> None:
    loaded = load_with()
    assert loaded.faults == []
    assert prove(sound_facts(), loaded.pathways) == ()


# One fault at a time: what loading finds, as (line, words)

UNLOADABLE = {
    "missing-quotation": [(19, "this quotation is not in 'guide', word for word")],
    "missing-document": [(19, "there is no document 'guidebook'")],
    "wrong-unit": [(14, "'mm' cannot be converted to 'degC'")],
    "no-unit": [(14, "'temperature >= 38' has no unit: write it, such as degC")],
    "unknown-fact": [(14, "there is no fact 'worse-at-night' in the lexicon")],
    "unknown-rule": [(20, "names 'C-3', which is neither a fact nor a rule")],
    "unknown-action": [(20, "there is no action 'tablet'")],
    "unknown-key": [(14, "rule 'C-2', avoids: Extra inputs are not permitted")],
    "twice": [(8, "rule 'C-1' stands twice"), (14, "rule 'C-1' stands twice")],
    "circle": [(8, "rules depend on each other in a circle: C-1 → C-NONE")],
}


@pytest.mark.parametrize("name", UNLOADABLE)
def test_loading_finds(name: str) -> None:
    found = load_with(name).faults
    for line, words in UNLOADABLE[name]:
        assert [fault.path for fault in found if fault.line == line and words in fault.message] == [
            str(BROKEN / f"{name}.yaml")
        ]


# What the proof finds: file, line, property, words, the counterexample, and the rules in it

CARE = SOUND / "pathways" / "care.yaml"
FEVER = {"fever": "present", "worse-upright": "present", "bleeding": "absent"}
UNPROVED: dict[str, list[tuple[Any, ...]]] = {
    "gap": [
        (
            None, None, Property.COMPLETE,
            "pathway 'care' has no rule for a case that enters it: headache present, ",
            {"headache": "present", "worse-upright": "absent", "worse-lying": "absent"},
            {"C-1": "false", "C-2": "false"},
        )
    ],
    "contradiction": [
        (
            None, 8, Property.CONSISTENT,
            "rule 'C-1' recommends 'patch', which rule 'C-2' forbids: tablets-failed present, "
            "worse-upright present; add one to the 'overrides' of the other",
            {"worse-upright": "present", "tablets-failed": "present"},
            {"C-1": "true", "C-2": "true"},
        )
    ],
    "self-contradiction": [
        (
            None, 8, Property.CONSISTENT,
            "rule 'C-1' recommends 'second-patch', which it forbids: worse-upright present; drop",
            {"worse-upright": "present"},
            {"C-1": "true"},
        )
    ],
    "mutual-overrides": [
        (None, 8, Property.CONSISTENT, "rules 'C-1' and 'C-2' override each other", {}, {})
    ],
    "dead-rule": [
        (
            None, 14, Property.REACHABLE,
            "rule 'C-2' can never hold: no case has 'worse-upright' and 'worse-lying'; mend",
            {}, {},
        )
    ],
    "swallowed": [
        (
            None, 15, Property.REACHABLE,
            "rule 'C-2' can never hold: in mode 'first' 'C-1' before it takes each such case",
            {}, {},
        )
    ],
    "threshold": [
        (
            None, 14, Property.THRESHOLDS,
            "'temperature >= 60 degC' can never be crossed: 'temperature' is believed only from "
            "30 to 43 °C",
            {}, {},
        )
    ],
    "flag-overridden": [
        (
            None, 8, Property.DOMINANT,
            "rule 'C-1' (rank 50) overrides the red flag 'F-1' (rank 10); take 'F-1' out of its",
            {}, {},
        ),
        (
            None, 8, Property.DOMINANT,
            "rule 'C-1' recommends 'patch' although the red flag 'F-1' forbids it: fever present,",
            {**FEVER, "blood-thinner": "absent"},
            {"C-1": "true", "F-1": "true"},
        ),
    ],
    "flag-outranked": [
        (
            CARE, 7, Property.DOMINANT,
            "rule 'C-1' recommends 'patch' although the red flag 'F-1' forbids it: fever present,",
            {**FEVER, "blood-thinner": "absent"},
            {"C-1": "true", "F-1": "true"},
        )
    ],
    "narrow-entry": [
        (
            CARE, 7, Property.DOMINANT,
            "rule 'C-1' recommends 'patch' where 'S-1' and 'S-2' would forbid it but for the "
            "'entry': bleeding present,",
            {**FEVER, "bleeding": "present", "fever": "absent", "tablets-failed": "absent"},
            {"C-1": "true", "S-1": "false"},
        ),
        (
            CARE, 7, Property.GUARDED,
            "rule 'C-1' recommends 'patch' while it is unknown whether 'S-1', 'S-2' and 'S-ASK' "
            "would forbid it",
            {**FEVER, "fever": "absent", "bleeding": "unknown", "tablets-failed": "unknown"},
            {"C-1": "true", "S-1": "unknown"},
        ),
    ],
    "nobody-asks": [
        (
            CARE, 7, Property.GUARDED,
            "rule 'C-1' recommends 'patch' while it is unknown whether 'S-2' would forbid it: "
            "worse-upright present, blood-thinner unknown",
            {**FEVER, "fever": "absent", "blood-thinner": "unknown"},
            {"C-1": "true", "S-2": "unknown"},
        )
    ],
    "contradictory-text": [
        (
            None, 8, Property.GUARDED,
            "would forbid it (where the text contradicts itself): worse-upright present, ",
            {
                "worse-upright": "present", "worse-lying": "absent", "fever": "absent",
                "headache": "unknown", "bleeding": "unknown",
            },
            {"C-1": "true", "S-1": "unknown"},
        )
    ],
    "cleared-while-unknown": [
        (
            None, 27, Property.GUARDED,
            "rule 'S-OK' rules out some of what forbids 'patch', but not 'S-1', 'S-2' and 'S-ASK': "
            "headache present, bleeding unknown",
            {"headache": "present", "bleeding": "unknown"},
            {"S-OK": "true", "S-1": "unknown"},
        )
    ],
    "forgotten-check": [
        (
            None, 27, Property.GUARDED,
            "rule 'S-OK' rules out some of what forbids 'patch', but not 'S-2' and 'S-ASK': "
            "headache present, blood-thinner unknown, bleeding absent",
            {"headache": "present", "bleeding": "absent", "blood-thinner": "unknown"},
            {"S-OK": "true", "S-1": "false", "S-2": "unknown"},
        )
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", UNPROVED)
def test_the_proof_finds(name: str) -> None:
    loaded = load_with(name)
    assert loaded.faults == []
    found = prove(sound_facts(), loaded.pathways)
    assert len(found) == len(UNPROVED[name])
    for fault, (path, line, of, words, case, rules) in zip(found, UNPROVED[name], strict=True):
        assert (Path(fault.path), fault.line) == (path or BROKEN / f"{name}.yaml", line)
        assert fault.property == of
        assert words in fault.message
        assert fault.counterexample == case
        assert replay(fault, Rulebook(loaded.pathways), rules) == rules


def test_every_broken_file_has_its_test() -> None:
    assert {path.stem for path in BROKEN.glob("*.yaml")} == UNLOADABLE.keys() | UNPROVED.keys()


def replay(fault: PathwayFault, book: Rulebook, rules: Any) -> dict[str, str]:
    """What the rules are when the program is told the counterexample."""
    truths = {"present": Truth.TRUE, "absent": Truth.FALSE, "unknown": Truth.UNKNOWN}
    findings = {
        fact: Finding(fact, truths[words], contradictory=words == "unknown")
        for fact, words in fault.counterexample.items()
    }
    view = View(infer(Case("", sound_facts(), findings, True)), book)
    return {rule: view.rule(rule).value for rule in rules}


def test_a_prohibition_falls_silent_only_for_its_named_reason() -> None:
    loaded = load_with()
    book = Rulebook(loaded.pathways)
    now, later = Encoding(sound_facts(), book), Encoding(sound_facts(), book, "later ")
    proof = Proof(book, Precedence(book), now, later)
    asking = book.rules["S-ASK"]
    assert proof.find_silenced(asking, Precedence(book).unknowns(asking)) is None
    case = proof.find_silenced(asking, ())
    assert case == {"headache": "present", "blood-thinner": "absent"}


def test_only_these_prohibitions_take_what_is_unknown_for_absent() -> None:
    """False while their facts are unknown, true once these are known. Each is deliberate.

    Mass effect and thickness are asked for once there is a haematoma, childbirth at its age.
    """
    now = corpus_encoding()
    later = Encoding(now.facts, now.book, "later ")
    more = [*later.cases(Kind.CONSISTENT), later.refines(now)]
    asking = [
        rule
        for rule in now.book.rules.values()
        if rule.avoid and Precedence(now.book).is_check(rule)
        if any(isinstance(part, Undecided) and part.facts for part in walk(rule.when))
    ]
    found = {
        rule.id
        for rule in asking
        if now.possible([now.rule(rule.id).not_so, later.rule(rule.id).so, *more], Kind.CONSISTENT)
    }
    assert found == {"R-09", "R-12b", "CI-05"}


# The encoding against the program


@pytest.mark.parametrize("truth", Truth)
def test_the_solver_and_the_program_agree_on_every_rule(truth: Truth) -> None:
    """A case that the solver finds for a rule is so when the program evaluates it."""
    encoding = corpus_encoding()
    found = 0
    for rule in encoding.book.rules:
        for kind in (Kind.FREE, Kind.CONSISTENT):
            goal = [side(encoding.rule(rule), truth)]
            case = encoding.find(goal, kind, encoding.book.facts(rule))
            if case is not None:
                found += 1
                stated = Case("", encoding.facts, dict(findings(case)), True)
                assert View(stated, encoding.book).rule(rule) is truth, (rule, kind, case)
    assert found > len(encoding.book.rules)


@pytest.mark.parametrize("operator", Operator)
def test_the_solver_compares_intervals_as_the_program_does(operator: Operator) -> None:
    encoding = Encoding(sound_facts(), Rulebook(load_with().pathways))
    low, high = encoding.ends("temperature")
    compare = encoding.criterion(Compare("temperature", operator, 38.0, "38 degC"))
    for ends in [(37, 37), (38, 38), (39, 39), (37, 38), (38, 39), (37, 39)]:
        here = [encoding.presence("temperature").so, low == ends[0], high == ends[1]]
        wanted = Truth.of(make_quantity(Measure.TEMPERATURE, *ends).compare(operator, 38.0))
        found = [t for t in Truth if encoding.possible([*here, side(compare, t)], Kind.FREE)]
        assert found == [wanted], ends


@pytest.mark.parametrize("number", range(40))
def test_whatever_is_inferred_is_a_case_that_the_solver_knows(number: int) -> None:
    """Else the solver would search too few cases, and prove too much."""
    encoding = corpus_encoding()
    inferred = infer(Case("", encoding.facts, dict(chosen_findings(str(number))), True))
    goal = []
    for name, fact in encoding.facts.by_id.items():
        truth = inferred.presence(name)
        goal.append(side(encoding.presence(name), truth))
        quantity = inferred.quantity(name)
        if fact.measure is not None and quantity is not None:
            low, high = encoding.ends(name)
            goal += [low == quantity.low, high == quantity.high]
    assert encoding.possible(goal, Kind.ANY)


@pytest.mark.parametrize("rule", ["R-01", "CI-OK", "TW-A", "PB-04", "BE-01-high"])
def test_inference_adds_only_the_scores_to_a_complete_case(rule: str) -> None:
    encoding = corpus_encoding()
    facts = encoding.facts
    found = encoding.find([encoding.rule(rule).so], Kind.COMPLETE, facts.by_id)
    assert found is not None
    whole = dict(findings(found))
    stated = {name: finding for name, finding in whole.items() if name not in facts.scores}
    inferred = infer(Case("", facts, stated, True))
    assert {name: inferred.presence(name) for name in whole} == {
        name: finding.presence for name, finding in whole.items()
    }
    assert [inferred.quantity(score) for score in facts.scores] == [
        whole[score].quantity for score in facts.scores
    ]


def test_what_is_measured_is_so_exactly_when_its_number_says() -> None:
    encoding = corpus_encoding()
    for name in ("fever", "child", "high-blood-pressure"):
        here, derived = encoding.presence(name), encoding.criterion(encoding.facts.derived[name])
        for either in ([here.so, derived.not_so], [here.not_so, derived.so]):
            assert not encoding.possible(either, Kind.COMPLETE)
            assert not encoding.possible(either, Kind.ANY)


def test_only_the_proof_loads_the_solver() -> None:
    code = "import sys, assistant.pathways.proof; sys.exit('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def side(sides: Sides, truth: Truth) -> Any:
    return {Truth.TRUE: sides.so, Truth.FALSE: sides.not_so, Truth.UNKNOWN: sides.unknown}[truth]


def findings(case: Any) -> Iterator[tuple[str, Finding]]:
    for fact, value in case.items():
        measure = corpus_facts().by_id[fact].measure
        if isinstance(value, tuple) and measure is not None:
            yield fact, Finding(fact, Truth.TRUE, make_quantity(measure, *value))
        elif value is not Truth.UNKNOWN:
            yield fact, Finding(fact, value)


def chosen_findings(seed: str) -> Iterator[tuple[str, Finding]]:
    """Facts said to be so, not so, or both ways, always the same for a seed."""
    facts = corpus_facts().by_id
    stream = hashlib.shake_256(seed.encode()).digest(2 * len(facts))
    for place, fact in enumerate(facts.values()):
        turn, pick = stream[2 * place], stream[2 * place + 1]
        if fact.score or turn % 3 == 0:
            continue
        if fact.measure is not None and fact.plausible is not None:
            low, high = fact.plausible
            value = low + (high - low) * pick / 256
            yield fact.id, Finding(fact.id, Truth.TRUE, make_quantity(fact.measure, value, high))
        elif fact.topic or pick % 8:
            yield fact.id, Finding(fact.id, Truth.of(pick % 2 == 0))
        else:
            yield fact.id, Finding(fact.id, Truth.UNKNOWN, contradictory=True)
