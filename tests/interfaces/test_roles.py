"""Three roles, one answer: what is told beside the quotes, and that the quotes are the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Audience, Settings, ingest
from assistant.answering.answer import Added
from assistant.interfaces.render import to_json, to_text
from assistant.interfaces.render_role import OURS, SEEK_HELP
from assistant.verifying.saved import read_saved
from assistant.verifying.verifying import Verifier

CORPUS = Path(__file__).parents[2] / "corpus"
PATIENT = (
    "34F, lumbar puncture 2 days ago, post-dural puncture headache, temp 38.6. "
    "Can I give an epidural blood patch for post-dural puncture headache?"
)
FLAT = "How long do I have to lie flat after a blood patch?"
QUESTIONS = [
    PATIENT,
    FLAT,
    "When should a blood patch be given for post-dural puncture headache?",
    "What volume of blood is used for an epidural blood patch?",
    "Can I pick up my toddler after a blood patch?",
    "Which symptoms after a blood patch need urgent return?",
    "Is caffeine useful in post-dural puncture headache?",
    "Maximum caffeine per day when breastfeeding with post-dural puncture headache?",
    "Does gabapentin help in post-dural puncture headache?",
    "Sphenopalatine ganglion block for post-dural puncture headache?",
    "Should the spine MRI be done with contrast?",
    "First-line imaging in suspected spontaneous intracranial hypotension?",
    "Does a normal brain MRI exclude a CSF leak?",
    "How often is opening pressure normal in spontaneous intracranial hypotension?",
    "Should I do a lumbar puncture to measure opening pressure?",
    "Bern score and opening pressure: how do they relate?",
    "ICHD-3 criteria for post-dural puncture headache?",
    "Needle bevel and risk of post-dural puncture headache?",
    "Post-dural puncture headache rate with atraumatic needles?",
    "Subdural haematoma in spontaneous intracranial hypotension: patch or drain?",
    "SIH, SDH 12 mm, GCS 15 -> 11 over 3 h. Patch?",
    "LP 4 days ago, now a seizure and left arm weak. Blood patch today?",
    "Headache worse lying flat two days after a blood patch. Repeat patch?",
    "Acetazolamide for rebound intracranial hypertension?",
    "Targeted or non-targeted blood patch in SIH?",
    "Lateral decubitus CT or digital subtraction myelography for a CSF-venous fistula?",
    "Intrathecal gadolinium adverse events?",
    "Embolisation of a CSF-venous fistula in the NHS?",
    "Blood patch volume in a child?",
    "Headache after childbirth with high blood pressure: what first?",
    "Venous thrombosis after dural puncture: when to suspect it?",
    "What is the weather in Leeds?",
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    store = str(tmp_path_factory.mktemp("roles") / "store")
    made = Settings(store=store, embedder="hashing", corpus=CORPUS)
    ingest([CORPUS], made)
    return made


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Assistant:
    return Assistant.open(settings)


def ask(assistant: Assistant, question: str, role: Audience) -> dict[str, Any]:
    return to_json(assistant.ask(question, audience=role))


def test_every_role_gets_the_same_quotes_and_the_same_verdict(assistant: Assistant) -> None:
    answered = 0
    for question in QUESTIONS:
        clinician, trainee, patient = (ask(assistant, question, role) for role in Audience)
        answered += clinician["outcome"] == "answered"
        own = [q for q in patient["quotes"] if q["added"] != "safety"]
        assert trainee["quotes"] == clinician["quotes"] == own, question
        assert patient["quotes"][: len(own)] == own, question
        for name in ("outcome", "confidence", "direct", "nearest", "disagreements", "findings"):
            assert trainee[name] == clinician[name] == patient[name], (question, name)
        verdicts = {a["check"]["verdict"] for a in (clinician, trainee, patient)}
        assert len(verdicts) == 1, question
        recommended = [
            [(one["rule"], one["action"]) for p in a["pathways"] for one in p["recommended"]]
            for a in (clinician, trainee, patient)
        ]
        assert recommended[0] == recommended[1] == recommended[2], question
    assert answered >= 20


def test_a_clinician_is_told_nothing_beside_the_quotes(assistant: Assistant) -> None:
    plain = ask(assistant, PATIENT, Audience.CLINICIAN)
    assert (plain["role"], plain["seek_help"]) == ("clinician", None)
    assert plain["terms"] == plain["reasons"] == plain["reason_quotes"] == []
    text = to_text(assistant.ask(PATIENT))
    assert SEEK_HELP not in text
    assert f"Terms ({OURS})" not in text
    assert f"Why ({OURS})" not in text


def test_a_trainee_is_told_why_and_what_the_terms_mean(assistant: Assistant) -> None:
    consultation = assistant.ask(PATIENT, audience=Audience.TRAINEE)
    plain = to_json(consultation)
    (patch,) = (r for r in plain["reasons"] if r["rule"] == "CI-01")
    fever = next(one for one in patch["because"] if one["concept"] == "fever")
    assert any("38.6" in words for words in fever["said"])
    assert fever["why"].startswith("Meningitis can look like a leak")
    assert patch["quotes"]
    numbers = {quote["number"]: quote["text"] for quote in plain["quotes"]}
    assert plain["terms"]
    for term in plain["terms"]:
        assert term["term"] in numbers[term["quotes"][0]]
        assert {*term["quotes"]} <= set(numbers)
        assert term["explanation"] not in " ".join(numbers.values())
    for number in plain["reason_quotes"]:
        assert number in numbers
    text = to_text(consultation)
    assert f"Why ({OURS})" in text
    assert f"Terms ({OURS})" in text


def test_a_patient_reads_first_when_to_seek_help(assistant: Assistant) -> None:
    consultation = assistant.ask(FLAT, audience=Audience.PATIENT)
    plain = to_json(consultation)
    safety = [q for q in consultation.answer.quotes if q.added is Added.SAFETY]
    assert safety
    assert plain["seek_help"] == {"text": SEEK_HELP, "quotes": [q.number for q in safety]}
    assert all("return" in q.text or "help" in q.text for q in safety)
    for quote in safety:
        assert quote.span.of(assistant.document(quote.doc_id).text) == quote.text
    lines = to_text(consultation).splitlines()
    assert lines[0] == f"When to get help ({OURS})"
    assert lines[1].strip() == SEEK_HELP
    help_at = next(
        n for n, line in enumerate(lines) if line.strip().startswith(f"[{safety[0].number}]")
    )
    assert help_at < lines.index("Answer")
    term = plain["terms"][0]
    assert f"      In our words, {term['term']}: {term['explanation']}" in lines


def test_a_patient_whose_question_is_not_covered_still_reads_when_to_seek_help(
    assistant: Assistant,
) -> None:
    consultation = assistant.ask("🙂🙂", audience=Audience.PATIENT)
    plain = to_json(consultation)
    assert (plain["quotes"], plain["seek_help"]["quotes"]) == ([], [])
    assert to_text(consultation).startswith(f"When to get help ({OURS})\n  {SEEK_HELP}")


def test_safety_quotes_come_only_from_documents_that_may_be_quoted(assistant: Assistant) -> None:
    chosen = frozenset({"conservative-and-drug-treatment"})
    consultation = assistant.ask(
        "Is caffeine useful in post-dural puncture headache?",
        audience=Audience.PATIENT,
        doc_ids=chosen,
    )
    assert consultation.answer.quotes
    assert {quote.doc_id for quote in consultation.answer.quotes} == chosen


@pytest.mark.parametrize("role", [Audience.TRAINEE, Audience.PATIENT])
def test_an_answer_for_another_role_can_be_proved_again(
    assistant: Assistant, settings: Settings, role: Audience
) -> None:
    verifier = Verifier.open(settings.store, CORPUS, to_json)

    def failed(plain: dict[str, Any]) -> list[str]:
        return [str(f) for f in verifier.verify(read_saved(json.dumps(plain), "a")).failed]

    plain = json.loads(json.dumps(ask(assistant, PATIENT, role)))
    assert failed(plain) == []
    plain["terms"][0]["explanation"] += " or so"
    assert any(line.startswith("terms[0].explanation: ") for line in failed(plain))
    plain["terms"][0]["explanation"] = plain["terms"][0]["explanation"].removesuffix(" or so")
    plain["certificate"]["settings"]["role"] = "clinician"
    assert len(failed(plain)) > 1
