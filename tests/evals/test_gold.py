"""Gold files: what is read, and how a faulty one is named."""

from pathlib import Path

import pytest

from assistant import Assistant, Turn
from assistant.errors import EvaluationError
from evals.gold import load_gold, locate

MORE = """
    history: [{role: user, content: Tell me of zebras.}]
    must_have:
      - [{document: zebra-fever, quote: Zebra fever lasts 9 days in most adults.}]
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("30 mL of stripe", "31 mL of stripe", "not found word for word"),
        ("document: zebra-fever", "document: nobody", "no document 'nobody'"),
        ("outcome: answered", "outcome: maybe", "outcome"),
        ("type: terse", "typ: terse", "typ"),
        ("id: elsewhere", "id: dose", "Two gold questions"),
        ("outcome: answered", "outcome: not_covered", "and no other"),
        ("type: terse", "type: terse\n    findings: {stripes: true}", "no finding 'stripes'"),
        ("type: terse", "type: terse\n    rules: {Z-01: true}", "no rule 'Z-01'"),
        ("type: terse", "type: terse\n    findings: {fever: maybe}", "findings.fever"),
    ],
)
def test_a_faulty_gold_file_is_named(
    assistant: Assistant, gold_file: Path, old: str, new: str, words: str
) -> None:
    gold_file.write_text(gold_file.read_text().replace(old, new, 1))
    with pytest.raises(EvaluationError, match=words):
        locate(load_gold([gold_file]), assistant)


def test_history_and_required_statements_are_read(assistant: Assistant, gold_file: Path) -> None:
    text = gold_file.read_text().replace("    type: terse\n", "    type: terse" + MORE, 1)
    gold_file.write_text(text)
    located = locate(load_gold([gold_file]), assistant)[0]
    assert located.turns == (Turn("user", "Tell me of zebras."),)
    assert [[qrel.document for qrel in one] for one in located.must_have] == [["zebra-fever"]]


def test_the_gold_set_loads(corpus: Path) -> None:
    files = load_gold([corpus.parent / "evals" / "gold"])
    questions = [question for file in files for question in file.questions]
    assert len(questions) >= 30
    assert {question.outcome for question in questions} == {
        "answered",
        "not_covered",
        "out_of_scope",
    }
    assert any(file.held_out for file in files)
