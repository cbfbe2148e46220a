"""What is suggested next, over an invented library whose statements say what they answer."""

from pathlib import Path

import pytest

from assistant import Assistant, Settings, Turn, ingest

FEVER = """---
id: fever
title: Zebra fever
---

## Treatment

Give 5 mL of stripe syrup twice a day for zebra fever. Give stripe syrup for 3 days in zebra fever. \
Give 2 mL of stripe syrup once a day to a child with zebra fever. \
The price of stripe syrup for zebra fever is not covered by this library.

## Tests

Order a stripe count in zebra fever before any syrup. Repeat the stripe count in zebra fever after \
a week.

## Course

Most adults recover from zebra fever within four weeks. Isolate everybody with zebra fever in a \
room of their own. Zebra fever spreads by shared brushes and combs. Report zebra fever to the \
health office on the day of diagnosis.
"""
QUESTIONS = """document: fever
questions:
- quote: "Give 5 mL of stripe syrup twice a day for zebra fever."
  asks:
  - What dose of stripe syrup is given for zebra fever?
  - How much stripe syrup do I give my patient for zebra fever?
- quote: "Give stripe syrup for 3 days in zebra fever."
  asks:
  - how long stripe syrup zebra fever
  - For how many days is stripe syrup given in zebra fever?
- quote: "Give 2 mL of stripe syrup once a day to a child with zebra fever."
  asks: ["What dose of stripe syrup is given to a child with zebra fever?"]
- quote: "The price of stripe syrup for zebra fever is not covered by this library."
  asks: ["What is the price of stripe syrup for zebra fever?"]
- quote: "Order a stripe count in zebra fever before any syrup."
  asks: ["Is a stripe count needed in zebra fever before syrup?"]
- quote: "Repeat the stripe count in zebra fever after a week."
  asks: ["I wonder: when do I repeat the stripe count?"]
- quote: "Most adults recover from zebra fever within four weeks."
  asks: ["Within how many weeks do most adults recover from zebra fever?"]
- quote: "Isolate everybody with zebra fever in a room of their own."
  asks: ["Does zebra fever need isolation in a separate room?"]
- quote: "Zebra fever spreads by shared brushes and combs."
  asks: ["By what shared things does zebra fever spread, brushes or combs?"]
- quote: "Report zebra fever to the health office on the day of diagnosis."
  asks: ["To which office must zebra fever be reported, and on which day?"]
"""
DOSE = "What dose of stripe syrup for zebra fever?"


@pytest.fixture
def asked(tmp_path: Path, settings: Settings) -> Assistant:
    (tmp_path / "documents").mkdir()
    (tmp_path / "questions").mkdir()
    (tmp_path / "documents" / "fever.md").write_text(FEVER)
    (tmp_path / "questions" / "fever.yaml").write_text(QUESTIONS)
    report = ingest([tmp_path / "documents"], settings)
    assert not report.failed
    return Assistant.open(settings)


def test_what_is_suggested_is_near_answered_and_new(asked: Assistant) -> None:
    consultation = asked.ask(DOSE)
    assert "5 mL" in consultation.answer.quotes[0].text
    quoted = {quote.span for quote in consultation.answer.quotes}
    suggested = asked.suggest(consultation)
    assert suggested
    assert len(set(suggested)) == len(suggested)
    for question in suggested:
        assert question[0].isupper()
        assert question.endswith("?")
        first = asked.ask(question).answer.quotes[0]
        assert first.span not in quoted


def test_nothing_personal_missing_or_of_another_patient_is_suggested(asked: Assistant) -> None:
    suggested = " ".join(asked.suggest(asked.ask(DOSE)))
    assert "price" not in suggested
    assert "child" not in suggested
    assert "I wonder" not in suggested
    assert "my patient" not in suggested


def test_asked_of_a_child_only_what_is_of_children_is_suggested(asked: Assistant) -> None:
    consultation = asked.ask("Does zebra fever in a child need a stripe count?")
    assert all("child" in question for question in asked.suggest(consultation))


def test_what_was_asked_before_is_not_suggested(asked: Assistant) -> None:
    consultation = asked.ask(DOSE)
    again = asked.suggest(consultation)[0]
    assert again not in asked.suggest(consultation, [Turn("user", again), Turn("assistant", "…")])


def test_nothing_is_suggested_outside_the_field(asked: Assistant) -> None:
    assert asked.suggest(asked.ask("Wherefore?")) == ()
