"""Contradictions among quotes are found by rule, and only where nothing else explains them."""

import pytest

from assistant.answering.answer import Quote, QuoteRole
from assistant.answering.contradictions import FOUND, find_contradictions
from assistant.answering.disagreements import Card
from assistant.answering.subjects import SubjectReader
from assistant.language.lexicon import Concept
from assistant.spans import Span

SUBJECTS = SubjectReader.of(
    [
        Concept(id="zebra-fever", names=("zebra fever",), abbreviations=("ZF",)),
        Concept(id="marble-cough", names=("marble cough",)),
        Concept(id="syrup", names=("stripe syrup",)),
        Concept(id="child", names=("children", "child")),
    ]
)


def find(*texts: str, populations: tuple[str | None, ...] = ()) -> tuple[Card, ...]:
    quotes = [
        Quote(
            number=number,
            text=text,
            doc_id=f"document-{number}",
            title="T",
            section="S",
            span=Span(0, len(text)),
            role=QuoteRole.DO,
            score=0.0,
            population=populations[number - 1] if populations else None,
        )
        for number, text in enumerate(texts, start=1)
    ]
    return find_contradictions(quotes, SUBJECTS)


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        (
            "Give 30 mL of stripe syrup twice a day for zebra fever.",
            "Give 50 mL of stripe syrup twice a day for ZF.",
            ("30 mL", "50 mL"),
        ),
        (
            "Zebra fever lasts 9 days and then clears by itself.",
            "Zebra fever lasts 12 to 14 days and then clears by itself.",
            ("9 days", "12 to 14 days"),
        ),
        (
            "Give stripe syrup at night for zebra fever.",
            "Do not give stripe syrup at night for zebra fever.",
            ("for it", "against it"),
        ),
        (
            "Avoid hot striped blankets in zebra fever.",
            "Hot striped blankets are recommended in zebra fever.",
            ("for it", "against it"),
        ),
    ],
)
def test_what_contradicts_is_shown_with_both_sides(
    one: str, other: str, says: tuple[str, str]
) -> None:
    for texts in ((one, other), (other, one)):
        (card,) = find(*texts)
        assert card.kind == FOUND
        assert {side.says: texts[side.quotes[0] - 1] for side in card.sides} == (
            {says[0]: one, says[1]: other}
            if says[0] != "for it"
            else {
                "for it": next(t for t in texts if "not" not in t and "Avoid" not in t),
                "against it": next(t for t in texts if "not" in t or "Avoid" in t),
            }
        )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # another disease, drug or population
        (
            "Give 30 mL of stripe syrup a day for zebra fever.",
            "Give 50 mL of stripe syrup a day for marble cough.",
        ),
        (
            "Give stripe syrup for zebra fever at night.",
            "Do not give stripe syrup to children for zebra fever at night.",
        ),
        # a condition explains it
        (
            "Give stripe syrup at night for zebra fever.",
            "Do not give stripe syrup at night for zebra fever when stripes fade.",
        ),
        (
            "Give stripe syrup for zebra fever before bed.",
            "Do not give stripe syrup for zebra fever after bed.",
        ),
        (
            "Do not give stripe syrup for zebra fever solely for comfort.",
            "Give stripe syrup for zebra fever for comfort.",
        ),
        # the same, or one within the other
        (
            "Zebra fever lasts 9 days and then clears by itself.",
            "Zebra fever lasts 9 days and then it clears by itself.",
        ),
        (
            "Zebra fever lasts 9 days and then clears by itself.",
            "Zebra fever lasts 7 to 10 days and then clears by itself.",
        ),
        # bounds and other units
        (
            "Keep stripes dry for at least 2 days in zebra fever.",
            "Keep stripes dry for 5 days in zebra fever.",
        ),
        (
            "Keep stripes dry for 72 hours in zebra fever.",
            "Keep stripes dry for 3 days in zebra fever.",
        ),
        # studies measure different groups
        (
            "In 30 patients with zebra fever stripes faded in 9 days.",
            "In 40 patients with zebra fever stripes faded in 12 days.",
        ),
        (
            "Stripes faded in 40% of zebra fever within days.",
            "Stripes faded in 60% of zebra fever within days.",
        ),
        # both forbid, or two figures differ
        (
            "Do not give stripe syrup at night for zebra fever.",
            "Never give stripe syrup at night for zebra fever.",
        ),
        (
            "Give 30 mL of stripe syrup for 2 days in zebra fever.",
            "Give 50 mL of stripe syrup for 5 days in zebra fever.",
        ),
        # too little in common
        ("Give stripe syrup.", "Do not give stripe syrup."),
        ("Order a marble scan within 48 hours.", "Rest for 3 days and avoid cold marbles."),
    ],
)
def test_what_something_else_may_explain_is_left_alone(one: str, other: str) -> None:
    assert find(one, other) == ()
    assert find(other, one) == ()


def test_statements_for_different_people_do_not_contradict() -> None:
    one = "Give 30 mL of stripe syrup twice a day for zebra fever."
    other = "Give 50 mL of stripe syrup twice a day for zebra fever."
    assert len(find(one, other, populations=("adults", "adults"))) == 1
    assert find(one, other, populations=("adults", "foals")) == ()


def test_a_pair_that_a_known_disagreement_shows_is_not_shown_again() -> None:
    texts = (
        "Give 30 mL of stripe syrup twice a day for zebra fever.",
        "Give 50 mL of stripe syrup twice a day for zebra fever.",
    )
    quotes = [
        Quote(n, t, "d", "T", "S", Span(n * 100, n * 100 + len(t)), QuoteRole.DO, 0.0)
        for n, t in enumerate(texts, start=1)
    ]
    assert find_contradictions(quotes, SUBJECTS, [frozenset({1, 2, 3})]) == ()
    assert len(find_contradictions(quotes, SUBJECTS, [frozenset({1, 3})])) == 1
