"""Twins: what is changed by rule, what is promised, and how a promise is judged."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.gold import GoldQuestion, Located
from evals.transcript import Read, Shown, Transcript
from evals.twins.patient import Patients, load_limits
from evals.twins.running import sample
from evals.twins.twin import (
    FindingBecomes,
    FindingsStay,
    FirstQuoteStays,
    NoQuoteFrom,
    NoRuleHolds,
    NumberBecomes,
    OutcomeStays,
    Twin,
    TwinKind,
    VerdictStays,
    judge,
)
from evals.twins.wording import Wordings, add_typo, pad, reorder


def located(question: str) -> Located:
    gold = GoldQuestion(id="q", question=question, type="vignette", outcome="answered")
    return Located(gold, "topic", False, ())


def patient(question: str, **words: tuple[Read, str]) -> Transcript:
    """A transcript in which each fact was read out of the words given."""
    findings = {}
    for fact, (read, text) in words.items():
        start = question.index(text)
        findings[fact.replace("_", "-")] = replace(read, words=((start, start + len(text)),))
    return Transcript("answered", findings=findings, about_patient=True)


@pytest.mark.parametrize(
    ("question", "twin"),
    [
        ("How much caffeine for postural headache?", "How much cafefine for postural headache?"),
        ("Is the aaaaaaaa okay", None),
        ("GCS 15?", None),
    ],
)
def test_a_typo_turns_two_letters_of_the_longest_word_round(
    question: str, twin: str | None
) -> None:
    found = add_typo(question)
    assert (found[0] if found else None) == twin


def test_courtesies_go_around_the_question() -> None:
    assert pad(" Patch? ") == "Hello, many thanks for your help. Patch? Thank you very much."


@pytest.mark.parametrize(
    ("question", "twin"),
    [
        ("LP 2 days ago. No fever. Patch?", "No fever. LP 2 days ago. Patch?"),
        ("LP 2 days ago. Now febrile. Patch?", None),
        ("LP 2 days ago. Headache since it. Patch?", None),
        ("LP 2 days ago. Patch?", None),
        ("LP 2 days ago. No fever.", None),
    ],
)
def test_sentences_that_tell_are_turned_round(question: str, twin: str | None) -> None:
    assert reorder(question) == twin


def test_the_library_s_vocabulary_is_swapped(corpus: Path) -> None:
    question = "SIH after a dural puncture?"
    twins = {t.kind: t.question for t in Wordings(corpus).make(located(question), Transcript(""))}
    assert (
        twins[TwinKind.ABBREVIATION]
        == "spontaneous intracranial hypotension after a dural puncture?"
    )
    assert twins[TwinKind.SYNONYM] == "SIH after a meningeal puncture?"


def test_without_a_vocabulary_nothing_is_swapped(tmp_path: Path) -> None:
    kinds = {t.kind for t in Wordings(tmp_path).make(located("SIH patients?"), Transcript(""))}
    assert kinds == {TwinKind.TYPO, TwinKind.PADDING}


def changes(corpus: Path, question: str, before: Transcript, kind: TwinKind) -> dict[str, Twin]:
    twins = Patients(corpus).make(located(question), before)
    return {twin.question: twin for twin in twins if twin.kind is kind}


def test_a_denied_finding_is_stated_and_a_stated_one_denied(corpus: Path) -> None:
    question = "LP 2 days ago, seizure today. No fever. Patch?"
    before = patient(question, seizure=(Read("true"), "seizure"), fever=(Read("false"), "No fever"))
    twins = changes(corpus, question, before, TwinKind.NEGATION)
    assert twins["LP 2 days ago, no seizure today. No fever. Patch?"].promises == (
        FindingBecomes("seizure", "false"),
    )
    assert twins["LP 2 days ago, seizure today. fever. Patch?"].promises == (
        FindingBecomes("fever", "true"),
    )


def test_a_list_of_denials_is_left_alone(corpus: Path) -> None:
    question = "LP 2 days ago, no seizure, no fever. Patch?"
    twins = changes(corpus, question, patient(question), TwinKind.NEGATION)
    assert list(twins) == ["LP 2 days ago, seizure, no fever. Patch?"]
    question = "LP 2 days ago, no fever or seizure. Patch?"
    assert not changes(corpus, question, patient(question), TwinKind.NEGATION)


def test_a_number_is_put_on_both_sides_of_its_limit(corpus: Path) -> None:
    question = "LP 2 days ago, temp 38.4, GCS 15. Patch?"
    before = patient(question, temperature=(Read("true", 38.4, 38.4), "38.4"))
    twins = changes(corpus, question, before, TwinKind.LIMIT)
    assert twins["LP 2 days ago, temp 38.0, GCS 15. Patch?"].promises == (
        NumberBecomes("temperature", 38.0),
        FindingBecomes("fever", "true"),
    )
    assert twins["LP 2 days ago, temp 37.9, GCS 15. Patch?"].promises[1] == FindingBecomes(
        "fever", "false"
    )


def test_a_limit_is_not_tried_where_the_text_states_what_follows(corpus: Path) -> None:
    question = "Febrile, temp 38.4. Patch?"
    before = patient(
        question,
        temperature=(Read("true", 38.4, 38.4), "38.4"),
        fever=(Read("true"), "Febrile"),
    )
    assert not changes(corpus, question, before, TwinKind.LIMIT)


def test_units_are_changed(corpus: Path) -> None:
    question = "LP 2 days ago, temp 38.4 C. Patch?"
    before = patient(question, temperature=(Read("true", 38.4, 38.4), "38.4"))
    assert list(changes(corpus, question, before, TwinKind.UNIT)) == [
        "LP 2 days ago, temp 101.1 °F. Patch?",
        "LP 48 hours ago, temp 38.4 C. Patch?",
    ]
    general = "Patch within 72 hours?"
    twins = changes(corpus, general, Transcript("answered"), TwinKind.UNIT)
    assert list(twins) == ["Patch within 3 days?"]


def test_limits_are_readable() -> None:
    limits = load_limits()
    assert len({limit.fact for limit in limits}) == len(limits) >= 6
    assert all(limit.at != limit.past for limit in limits)


def shown(number: int, start: int, document: str = "d", text: str = "words") -> Shown:
    return Shown(number, document, "", start, start + 10, text, "do", None)


FIRST = Transcript(
    "answered",
    quotes=(shown(1, 0), shown(2, 20)),
    findings={"fever": Read("true"), "age": Read("true", 40.0, 40.0)},
    rules={"R-1": "true"},
    verdict="stop",
)
SWAPPED = replace(FIRST, quotes=(shown(1, 20), shown(2, 0)), verdict="clear")
REFUSED = Transcript("not_covered", nearest=(shown(1, 0, text="an injection"),))


@pytest.mark.parametrize(
    ("promise", "after", "kept", "words"),
    [
        (OutcomeStays(), SWAPPED, True, "outcome answered"),
        (OutcomeStays(), REFUSED, False, "answered → not_covered"),
        (FirstQuoteStays(), FIRST, True, "the same"),
        (FirstQuoteStays(), SWAPPED, False, "now quote 2"),
        (FirstQuoteStays(), REFUSED, False, "is gone"),
        (VerdictStays(), SWAPPED, False, "stop → clear"),
        (FindingsStay(), REFUSED, False, "fever: present → unknown; age: 40 → unknown"),
        (
            FindingsStay(0.5),
            replace(FIRST, findings=FIRST.findings | {"age": Read("true", 40.3, 40.3)}),
            True,
            "same",
        ),
        (
            FindingsStay(),
            replace(FIRST, findings=FIRST.findings | {"age": Read("true", 40.3, 40.3)}),
            False,
            "40 → 40.3",
        ),
        (FindingBecomes("fever", "false"), FIRST, False, "present → present"),
        (FindingBecomes("fever", "true"), FIRST, True, "present"),
        (NumberBecomes("age", 40), FIRST, True, "40"),
        (NumberBecomes("age", 41), FIRST, False, "40"),
        (NoRuleHolds(("R-1", "R-2")), FIRST, False, "R-1: must not hold"),
        (NoRuleHolds(("R-2",)), FIRST, True, "R-2"),
        (NoQuoteFrom("d"), FIRST, False, "quote 1"),
        (NoQuoteFrom("e"), FIRST, True, "nothing"),
        (NoQuoteFrom("d", "injection"), FIRST, True, "not shown"),
        (NoQuoteFrom("d", "injection"), REFUSED, False, "quote 1"),
    ],
)
def test_a_promise_is_judged_with_its_reason(
    promise: OutcomeStays, after: Transcript, kept: bool, words: str
) -> None:
    twin = Twin(TwinKind.TYPO, "q", "?", "x", (promise,))
    judged = judge(twin, FIRST, after)
    assert judged.kept is kept
    assert words in judged.reason


def test_an_error_keeps_no_promise() -> None:
    twin = Twin(TwinKind.TYPO, "q", "?", "x", (FirstQuoteStays(),))
    assert not judge(twin, Transcript("not_covered"), Transcript("error", error="broken")).kept


def test_a_sample_is_the_same_each_time_and_of_each_kind() -> None:
    twins = [
        Twin(kind, str(n), "?", "x", ())
        for kind in (TwinKind.TYPO, TwinKind.ORDER)
        for n in range(20)
    ]
    drawn = sample(twins, 5)
    assert [twin.kind for twin in drawn] == [TwinKind.TYPO] * 5 + [TwinKind.ORDER] * 5
    assert drawn == sample(list(reversed(twins)), 5)
    assert len(sample(twins, None)) == 40
