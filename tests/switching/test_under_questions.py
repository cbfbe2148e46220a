"""Withdrawing and replacing while another process asks: nothing old is quoted after the switch."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Settings, ingest

ROOT = Path(__file__).parents[2]
# Of the two documents, so that none of their statements can be missed.
ZEBRA = ("stripe syrup", "stripes", "Zebra fever lasts")
OLD_COUGH = ("within 48 hours", "Rest for 3 days")
EACH = 70


@pytest.fixture
def answers(assistant: Assistant, settings: Settings) -> Iterator[Iterator[dict[str, Any]]]:
    """What another process is answered, as it comes."""
    program = [sys.executable, "-m", "tests.switching.asking", settings.store]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield (json.loads(line) for line in process.stdout)
        finally:
            process.kill()


@pytest.mark.slow
def test_no_question_asked_after_a_switch_is_answered_from_before_it(
    assistant: Assistant, library: Path, settings: Settings, answers: Iterator[dict[str, Any]]
) -> None:
    told = [next(answers) for _ in range(EACH)]
    assistant.withdraw(["zebra-fever"], "A recall.")
    withdrawn = time.monotonic()
    told += [next(answers) for _ in range(EACH)]
    cough = library / "marble-cough.txt"
    cough.write_text(cough.read_text().replace("48", "72").replace("3 days", "5 days"))
    assert ingest([library], settings).changed == ("marble-cough",)
    replaced = time.monotonic()
    while sum(one["asked"] > replaced for one in told) < EACH:
        told.append(next(answers))

    def quoting(words: tuple[str, ...], since: float = 0.0, until: float = 1e99) -> list[str]:
        return [
            quote
            for one in told
            if since < one["asked"] < until
            for quote in one["quotes"]
            if any(word in quote for word in words)
        ]

    assert len(told) >= 200
    assert quoting(ZEBRA, until=withdrawn), "it was quoted before"
    assert quoting(ZEBRA, since=withdrawn) == []
    assert quoting(OLD_COUGH, until=replaced), "and so was the old version"
    assert quoting(OLD_COUGH, since=replaced) == []
    assert quoting(("within 72 hours",), since=replaced), "the new one is quoted now"
