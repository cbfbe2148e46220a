"""A small gold set over the two invented guidelines."""

from pathlib import Path

import pytest

from assistant import Assistant
from evals.gold import Located, load_gold, locate

GOLD = """
topic: zebras
questions:
  - id: dose
    question: How much stripe syrup for zebra fever treatment?
    type: terse
    outcome: answered
    relevant:
      - {document: zebra-fever, quote: Give 30 mL of stripe syrup twice a day for zebra fever.}
  - id: elsewhere
    question: "?"
    type: out-of-scope
    outcome: out_of_scope
"""


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    file = tmp_path / "gold.yaml"
    file.write_text(GOLD)
    return file


@pytest.fixture
def questions(gold_file: Path, assistant: Assistant) -> tuple[Located, ...]:
    return locate(load_gold([gold_file]), assistant)
