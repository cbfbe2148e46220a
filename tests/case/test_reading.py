"""A patient read out of text with the library's own facts, terms and cues."""

from functools import cache
from pathlib import Path

import pytest

from assistant.case.facts import load_facts
from assistant.case.reading import Reader
from assistant.errors import ReadError
from assistant.truth import Truth

CORPUS = Path(__file__).parents[2] / "corpus"


@cache
def reader() -> Reader:
    return Reader.load(CORPUS)


def test_contradictory_mentions_stay_visible_and_unknown() -> None:
    case = reader().read("34F after LP. Temp 38.6 in triage. On the ward she is afebrile.")
    fever = case.findings["fever"]
    assert fever.presence is Truth.UNKNOWN
    assert fever.contradictory
    assert {e.text for e in fever.evidence} | {"38.6"} >= {"afebrile", "38.6"}


def test_what_is_implied_and_what_is_excluded() -> None:
    case = reader().read("40M, LP 3 days ago, on apixaban, headache worse standing.")
    assert case.presence("anticoagulant") is Truth.TRUE
    assert case.presence("dural-puncture") is Truth.TRUE
    assert case.presence("reverse-orthostatic-headache") is Truth.FALSE
    assert case.presence("fever") is Truth.UNKNOWN
    assert "fever" not in case.findings


def test_a_denied_group_denies_its_members() -> None:
    case = reader().read("40M with headache after LP, not on anticoagulants.")
    assert case.presence("rivaroxaban") is Truth.FALSE


def test_offsets_index_the_text() -> None:
    text = "Pt 29F: spinal 2/7 ago; T 38,4°C, GCS E4V4M6, 22G Quincke, NRS 8/10, BP 150/95."
    case = reader().read(text)
    numbers = {name: found.quantity for name, found in case.findings.items() if found.quantity}
    assert {name: q.low for name, q in numbers.items()} == {
        "age": 29,
        "hours-since-procedure": 48,
        "temperature": 38.4,
        "glasgow-coma-scale": 14,
        "needle-gauge": 22,
        "pain-score": 8,
        "systolic": 150,
        "diastolic": 95,
    }
    for finding in case.findings.values():
        for evidence in finding.evidence:
            assert evidence.span.of(text) == evidence.text


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Suprasellar cistern 0.4", "suprasellar-distance"),
        ("34F, T 28.4", "temperature"),
        ("GCS 17 after LP in a 40M", "glasgow-coma-scale"),
    ],
)
def test_an_unbelievable_number_is_refused(text: str, fact: str) -> None:
    case = reader().read(text, about_patient=True)
    assert case.quantity(fact) is None
    assert case.presence(fact) is Truth.UNKNOWN


def test_a_refused_number_says_why() -> None:
    case = reader().read("MRI: suprasellar cistern 0.4 mm", about_patient=True)
    (evidence,) = case.findings["suprasellar-distance"].evidence
    assert evidence.note is not None
    assert "check the number and its unit" in evidence.note


@pytest.mark.parametrize(
    "text",
    [
        "Is fever a contraindication to a blood patch?",
        "What volume of blood should be injected?",
        "Which patients with papilloedema need venography?",
        "How long after LP can a headache begin?",
        "blood patch volume",
        "caffeine dose in breastfeeding",
    ],
)
def test_a_general_question_tells_of_no_patient(text: str) -> None:
    case = reader().read(text)
    assert not case.about_patient
    told = [
        name
        for name, finding in case.findings.items()
        if finding.presence.known and not case.facts.by_id[name].topic
    ]
    assert told == []


@pytest.mark.parametrize(
    "text",
    [
        "34F headache after epidural, can I patch?",
        "My patient has a fever after a spinal. What now?",
        "Headache worse upright, LP 3 days ago, no fever.",
        "I had a spinal tap on Monday and my head hurts when I sit up",
        "Can I give a blood patch to a patient with fever?",
    ],
)
def test_a_story_tells_of_one(text: str) -> None:
    assert reader().read(text).about_patient


def test_a_dose_taken_is_not_undone_by_stopping() -> None:
    case = reader().read("66M, LP last week, apixaban stopped 20 h ago, headache.")
    assert case.presence("apixaban") is Truth.TRUE
    quantity = case.quantity("hours-since-anticoagulant")
    assert quantity is not None
    assert quantity.low == 20


def test_a_score_is_a_range_while_items_are_unknown() -> None:
    case = reader().read(
        "MRI brain with contrast: engorged venous sinuses, pachymeningeal enhancement, "
        "suprasellar cistern 3.8 mm, prepontine cistern 5.2 mm.",
        about_patient=True,
    )
    score = case.quantity("bern-score")
    assert score is not None
    assert (score.low, score.high) == (6, 8)


def test_the_same_text_gives_the_same_case() -> None:
    text = "34F, LP 2 days ago, postural headache, temp 38.0."
    assert reader().read(text).findings == Reader.load(CORPUS).read(text).findings


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("- {id: a, question: A, implies: [b]}", "'b', which is no fact"),
        ("- {id: a, question: A}\n- {id: a, question: A}", "stands twice"),
        ("- {id: a}", "fact 'a', question"),
        ("- {id: a, question: A, derived: b >= 3 h}", "no fact 'b'"),
        ("- {id: a, question: A, derived: a}", "derived from itself"),
        ("- {id: a, question: A, measure: smell}", "fact 'a', measure"),
        ("- [", "not valid YAML"),
    ],
)
def test_faulty_facts_are_named(tmp_path: Path, entry: str, words: str) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon/facts.yaml").write_text(entry, encoding="utf-8")
    with pytest.raises(ReadError, match=words):
        load_facts(tmp_path)


def test_a_library_without_facts_reads_nothing(tmp_path: Path) -> None:
    case = Reader.load(tmp_path).read("34F with fever")
    assert case.findings == {}
