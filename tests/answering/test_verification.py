"""A quote that is not in its document, word for word, is refused."""

from dataclasses import replace

import pytest

from assistant.answering.answer import (
    Answer,
    Evidence,
    ExtractiveWriter,
    Outcome,
    Quote,
    QuoteRole,
)
from assistant.answering.roles import tell_role
from assistant.answering.verification import verify_answer
from assistant.errors import VerificationError
from assistant.spans import Span

TEXT = "Rest for two days. Do not run. Drink water."
GOOD = Quote(1, "Do not run.", "d", "Title", "", Span(19, 30), QuoteRole.AVOID, 1.0)


def answer_of(*quotes: Quote, direct: tuple[int, ...] = (1,)) -> Answer:
    return Answer(Outcome.ANSWERED, 0.9, "test", quotes, direct)


def test_a_true_quote_passes() -> None:
    answer = answer_of(GOOD)
    assert verify_answer(answer, {"d": TEXT}.__getitem__) is answer


@pytest.mark.parametrize(
    "quote",
    [
        replace(GOOD, text="Do not run!"),
        replace(GOOD, text="do not run."),
        replace(GOOD, span=Span(18, 29)),
        replace(GOOD, span=Span(19, 4000)),
        replace(GOOD, text="", span=Span(5, 5)),
        replace(GOOD, text=" ", span=Span(4, 5)),
    ],
)
def test_a_quote_that_is_not_there_is_refused(quote: Quote) -> None:
    with pytest.raises(VerificationError, match="not in document 'd'"):
        verify_answer(answer_of(quote), {"d": TEXT}.__getitem__)
    nearest = Answer(Outcome.NOT_COVERED, 0.1, "test", nearest=(quote,))
    with pytest.raises(VerificationError, match="not in document 'd'"):
        verify_answer(nearest, {"d": TEXT}.__getitem__)


def test_numbers_are_in_order_and_exist() -> None:
    with pytest.raises(VerificationError, match="numbered"):
        verify_answer(answer_of(replace(GOOD, number=2)), {"d": TEXT}.__getitem__)
    with pytest.raises(VerificationError, match="does not have"):
        verify_answer(answer_of(GOOD, direct=(2,)), {"d": TEXT}.__getitem__)


def test_the_extractive_writer_puts_the_best_first_and_directions_before_background() -> None:
    def quote(text: str, role: QuoteRole) -> Quote:
        start = TEXT.index(text)
        return Quote(0, text, "d", "Title", "", Span(start, start + len(text)), role, 1.0)

    best = quote("Drink water.", QuoteRole.BACKGROUND)
    background = quote("Rest for two days.", QuoteRole.BACKGROUND)
    avoid = quote("Do not run.", QuoteRole.AVOID)
    evidence = Evidence(Outcome.ANSWERED, 0.8, (best, background, avoid))
    answer = verify_answer(ExtractiveWriter().write(evidence), {"d": TEXT}.__getitem__)
    assert [(q.number, q.text) for q in answer.quotes] == [
        (1, "Drink water."),
        (2, "Do not run."),
        (3, "Rest for two days."),
    ]
    assert answer.quotes[0].role is QuoteRole.DIRECT
    assert answer.direct == (1,)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Do NOT perform lumbar puncture solely to measure opening pressure.", QuoteRole.AVOID),
        ("A normal pressure does not exclude the diagnosis.", QuoteRole.CAVEAT),
        ("Unconfirmed: a web page advises bed rest.", QuoteRole.CAVEAT),
        ("If symptoms persist, proceed to CT myelography.", QuoteRole.CONDITION),
        ("Symptoms resolve within 2 weeks.", QuoteRole.TIMING),
        ("Monitor the pulse and blood pressure.", QuoteRole.MONITOR),
        ("Offer a second patch.", QuoteRole.DO),
        ("The dura is a membrane.", QuoteRole.BACKGROUND),
    ],
)
def test_a_sentences_role_is_told_from_its_words(text: str, role: QuoteRole) -> None:
    assert tell_role(text) is role
