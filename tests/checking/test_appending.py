"""What is put at the end of an answer is checked like the rest of it."""

from functools import cache
from pathlib import Path

from assistant.answering.answer import Added, Answer, Outcome, Quote, QuoteRole
from assistant.checking.appending import append, sift
from assistant.checking.check import Check, IssueKind, Verdict
from assistant.checking.examination import Examiner
from assistant.spans import Span

PATCH = "Offer a blood patch 24 to 48 hours after the onset of the headache."
CAFFEINE = "Caffeine has been studied in small trials."
FEVER = "34F, LP 2 days ago, postural headache, temp 38.6."


@cache
def examiner() -> Examiner:
    return Examiner.load(Path(__file__).parents[2] / "corpus")


def quote(text: str, number: int = 0) -> Quote:
    place = Span(1000, 1000 + len(text))
    return Quote(number, text, "invented", "T", "S", place, QuoteRole.DO, 0.0)


def test_what_this_patient_must_not_have_is_left_out() -> None:
    quotes = (quote(PATCH), quote(CAFFEINE))
    assert sift(quotes, examiner().examine(FEVER), examiner()) == quotes[1:]
    assert sift(quotes, examiner().examine("How much blood for a patch?"), examiner()) == quotes


def test_appended_quotes_come_last_with_what_the_check_says_of_them() -> None:
    answer = Answer(Outcome.ANSWERED, 0.9, "test", (quote(CAFFEINE, 1),), (1,))
    found = append(
        answer,
        Check(Verdict.CLEAR),
        [quote(PATCH)],
        Added.DISAGREEMENT,
        QuoteRole.CAVEAT,
        examiner().examine("34F, LP 3 days ago, postural headache, afebrile."),
        examiner(),
    )
    assert [(q.number, q.added, q.role) for q in found.answer.quotes] == [
        (1, None, QuoteRole.DO),
        (2, Added.DISAGREEMENT, QuoteRole.CAVEAT),
    ]
    assert found.check.verdict is Verdict.CAUTION
    assert [(i.kind, i.quotes) for i in found.check.issues] == [
        (IssueKind.UNKNOWN_SAFETY_FACT, (2,))
    ]


def test_nothing_appended_leaves_the_check_as_it_is() -> None:
    answer = Answer(Outcome.ANSWERED, 0.9, "test", (quote(CAFFEINE, 1),), (1,))
    check = Check(Verdict.CAUTION, demoted=(1,))
    found = append(
        answer, check, [], Added.SAFETY, QuoteRole.MONITOR, examiner().examine(FEVER), examiner()
    )
    assert found.answer == answer
    assert found.check is check
