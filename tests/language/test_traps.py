"""Sentences made to trip a reader of assertions; the held-out half had no part in tuning."""

from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from assistant.language.assertion import Assertion, load_cues
from assistant.spans import Span

ROOT = Path(__file__).resolve().parents[2]
TRAPS = Path(__file__).parent / "traps"
LEAST = {
    "tuning.yaml": 0.97,
    "tuning2.yaml": 0.97,
    "tuning3.yaml": 0.97,
    "tuning4.yaml": 0.97,
    "tuning5.yaml": 0.97,
    "tuning6.yaml": 0.97,
    "tuning7.yaml": 0.97,
    "tuning8.yaml": 0.97,
    "tuning9.yaml": 0.97,
    "held_out.yaml": 0.92,
}


class Trap(TypedDict):
    """A text with its mention in brackets."""

    text: str
    assertion: str
    trap: str


def measure(path: Path) -> tuple[float, float]:
    """The macro-averaged F1 over the six assertions, and the share read right."""
    traps: list[Trap] = yaml.safe_load(path.read_text(encoding="utf-8"))
    reader = load_cues(ROOT / "corpus")
    pairs = []
    for trap in traps:
        before, _, rest = trap["text"].partition("[")
        mention, _, after = rest.partition("]")
        span = Span(len(before), len(before) + len(mention))
        (reading,) = reader.read(before + mention + after, [span])
        pairs.append((Assertion(trap["assertion"]), reading.assertion))
    scores = []
    for each in Assertion:
        hits = pairs.count((each, each))
        wanted = sum(gold is each for gold, _ in pairs)
        read = sum(got is each for _, got in pairs)
        scores.append(2 * hits / (wanted + read))
    return sum(scores) / len(scores), sum(gold is got for gold, got in pairs) / len(pairs)


@pytest.mark.parametrize("name", LEAST)
def test_the_traps_are_passed(name: str) -> None:
    path = TRAPS / name
    if not path.is_file():
        pytest.skip(f"no {path.name}")
    macro_f1, accuracy = measure(path)
    assert macro_f1 >= LEAST[name], f"macro-F1 {macro_f1:.3f}, accuracy {accuracy:.3f}"
