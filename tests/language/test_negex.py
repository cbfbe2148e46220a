"""Real clinical sentences of the NegEx set, where the shared data lies beside the checkout."""

import json
from pathlib import Path
from typing import TypedDict

import pytest

from assistant.language.assertion import (
    Experiencer,
    Polarity,
    Reading,
    Temporality,
    load_cues,
)
from assistant.spans import Span

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = ROOT.parent / "shared" / "data" / "negex-dev" / "sentences.jsonl"

pytestmark = pytest.mark.skipif(not SENTENCES.is_file(), reason="the NegEx sentences are not here")


class Labelled(TypedDict):
    """A sentence with one concept, mostly written in capitals."""

    id: int
    concept: str
    sentence: str
    label: str
    temporality: str
    experiencer: str


@pytest.fixture(scope="module")
def read() -> list[tuple[Labelled, Reading]]:
    """Each sentence with how its concept is read, or how it would be were it the whole."""
    reader = load_cues(ROOT / "corpus")
    pairs = []
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        labelled: Labelled = json.loads(line)
        sentence, concept = labelled["sentence"], labelled["concept"]
        start = sentence.find(concept.upper())
        start = sentence.lower().find(concept.lower()) if start < 0 else start
        span = Span(0, len(sentence)) if start < 0 else Span(start, start + len(concept))
        pairs.append((labelled, reader.read(sentence, [span])[0]))
    return pairs


def f1(pairs: list[tuple[bool, bool]]) -> float:
    return 2 * pairs.count((True, True)) / sum(gold + got for gold, got in pairs)


@pytest.mark.parametrize("half", ["even", "odd"])
def test_what_is_denied(read: list[tuple[Labelled, Reading]], half: str) -> None:
    pairs = [
        (labelled["label"] == "negated", reading.polarity is Polarity.NEGATED)
        for labelled, reading in read
        if (labelled["id"] % 2 == 0) == (half == "even")
    ]
    assert f1(pairs) >= 0.965


def test_what_is_past(read: list[tuple[Labelled, Reading]]) -> None:
    """Half of those labelled so have nothing in their sentence that tells."""
    pairs = [
        (labelled["temporality"] == "historical", reading.temporality is Temporality.HISTORICAL)
        for labelled, reading in read
    ]
    assert f1(pairs) >= 0.64


def test_whose_it_is(read: list[tuple[Labelled, Reading]]) -> None:
    others = [
        labelled["experiencer"] != "patient"
        for labelled, reading in read
        if reading.experiencer is Experiencer.OTHER
    ]
    assert len(others) >= 4
    assert all(others)
