"""The verdict on answers: what they must not advise, what they must not leave out."""

from functools import cache
from pathlib import Path

import pytest

from assistant.answering.answer import Answer, Outcome, Quote, QuoteRole
from assistant.checking.amending import amend, as_said
from assistant.checking.check import Check, IssueKind, Said, Verdict
from assistant.checking.examination import Examiner
from assistant.pathways.pathway import Citation
from assistant.spans import Span

CORPUS = Path(__file__).parents[2] / "corpus"
PATCH = "Offer an epidural blood patch 24 to 48 hours after the onset of the headache."
REPEAT = "Offer a second blood patch when headache returns."
WAIT = "It is safe to wait for spontaneous recovery for up to two weeks."
PRESSURE = "Perform a lumbar puncture to measure the opening pressure."
ALL_CLEAR = (
    "34-year-old man, LP 2 days ago, postural headache. Temp 36.7, no neck stiffness, no meningism."
    " Alert. No seizure, no focal deficit. No visual loss. Fundi normal. It has not lost its "
    "postural character. No sudden worsening. No thunderclap onset. No leg weakness, no saddle "
    "numbness. Bladder and bowels normal. No severe back pain. No diplopia. Cranial nerves intact."
    " Hearing normal. Wound dry. No infection. No site infection. Blood cultures negative. "
    "No meningitis. Clotting normal. Not on anticoagulants. No subdural haematoma. No mass effect. "
    "No raised intracranial pressure. Consents to the patch, has capacity, can lie still. "
    "No previous blood patch."
)


@cache
def examiner() -> Examiner:
    return Examiner.load(CORPUS)


def check(text: str, *sentences: str) -> Check:
    said = [
        Said(number, sentence, "invented", Span(1000 * number, 1000 * number + len(sentence)))
        for number, sentence in enumerate(sentences, start=1)
    ]
    return examiner().check(examiner().examine(text), said)


def kinds(found: Check) -> set[IssueKind]:
    return {issue.kind for issue in found.issues}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("34F, LP 2 days ago, headache, temp 38.6.", PATCH),
        ("34F, LP 2 days ago, headache, platelets low.", PATCH),
        ("34F, LP 2 days ago, headache, on apixaban.", PATCH),
        ("34F, spinal 3 days ago, headache, cannot pass urine and saddle numbness.", PATCH),
        ("50M, headache, bilateral subdural haematoma 14 mm with midline shift after LP.", PATCH),
        ("40F, headache worse lying flat two days after a blood patch.", REPEAT),
        ("34F, LP 2 days ago, headache, drowsy.", WAIT),
    ],
)
def test_ill_advice_is_stopped_and_put_last(text: str, sentence: str) -> None:
    found = check(text, "Caffeine has been studied in small trials.", sentence)
    assert found.verdict is Verdict.STOP
    assert 2 in found.demoted
    assert 1 not in found.demoted
    against = [issue for issue in found.issues if 2 in issue.quotes and issue.rule]
    assert against, found.issues


def test_an_unknown_safety_fact_is_caution_not_stop() -> None:
    found = check("34F, LP 3 days ago, postural headache, afebrile.", PATCH)
    assert found.verdict is Verdict.CAUTION
    assert IssueKind.UNKNOWN_SAFETY_FACT in kinds(found)


def test_reassurance_while_a_red_flag_is_unknown_is_caution() -> None:
    found = check("34F, LP 20 h ago, postural headache.", WAIT)
    assert found.verdict is Verdict.CAUTION
    assert any(1 in issue.quotes for issue in found.issues)


def test_when_everything_was_asked_the_patch_is_clear() -> None:
    found = check(ALL_CLEAR, PATCH)
    assert found.verdict is Verdict.CLEAR, found.issues


def test_a_general_question_is_not_interrogated() -> None:
    found = check("What volume of blood is used for a patch?", PATCH)
    assert found == Check(Verdict.CLEAR)


def test_what_is_never_advised_is_flagged_without_a_patient() -> None:
    found = check("How is a leak confirmed?", PRESSURE)
    assert IssueKind.CONTRAINDICATED in kinds(found)
    assert found.demoted == (1,)
    assert found.required


def test_a_red_flag_the_answer_leaves_out_is_added() -> None:
    found = check("34F, spinal 2 days ago, headache, seizure this morning.", "Drink coffee.")
    assert {IssueKind.RED_FLAG, IssueKind.OMISSION} <= kinds(found)
    assert "R-03" in found.required


def test_the_question_itself_can_ask_for_what_is_barred() -> None:
    found = check("34F, LP 2 days ago, headache, temp 38.6. Can I do a blood patch?")
    assert found.verdict is Verdict.STOP
    assert found.decisive is not None


def test_the_answer_is_put_in_order_and_numbered_anew() -> None:
    text = "34F, LP 2 days ago, headache, temp 38.6. Can I do a blood patch?"
    quotes = tuple(
        Quote(n, words, "invented", "T", "S", Span(n * 1000, n * 1000 + len(words)), role, 1.0)
        for n, words, role in (
            (1, PATCH, QuoteRole.DIRECT),
            (2, "Caffeine has been studied in small trials.", QuoteRole.BACKGROUND),
        )
    )
    answer = Answer(Outcome.ANSWERED, 0.9, "extractive", quotes, (1,))
    examination = examiner().examine(text)
    verdict = examiner().check(examination, as_said(answer))

    def place(cited: Citation) -> Quote:
        return Quote(0, cited.text, cited.doc_id, "T", "S", cited.span, QuoteRole.AVOID, 0.0)

    amended = amend(answer, verdict, examiner().book.rules, place)
    texts = [quote.text for quote in amended.answer.quotes]
    assert [quote.number for quote in amended.answer.quotes] == [*range(1, len(texts) + 1)]
    assert texts[-1] == PATCH
    assert texts[0].startswith("Do not give a blood patch")
    assert amended.answer.direct == (1,)
    assert [q.role for q in amended.answer.quotes].count(QuoteRole.DIRECT) == 1
    numbers = {n for issue in amended.check.issues for n in issue.quotes}
    assert numbers <= {quote.number for quote in amended.answer.quotes}
    assert all(
        amended.answer.quotes[n - 1].doc_id != "invented"
        for found in amended.rules.values()
        for n in found
    )


def test_no_answer_stays_no_answer() -> None:
    answer = Answer(Outcome.NOT_COVERED, 0.1, "extractive")
    verdict = check("34F, LP 2 days ago, headache, temp 38.6.")
    assert amend(answer, verdict, examiner().book.rules, lambda _: None).answer is answer
