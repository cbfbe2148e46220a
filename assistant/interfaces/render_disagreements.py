"""Where sources disagree → JSON and plain text; all of it but the quotes is in our own words."""

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.answering.disagreements import Card

HEADING = "Sources differ (in this library's words, not quotations)"


def disagreements_json(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """``says``, ``explanation`` and ``handling`` are this library's words; ``quotes`` show them."""
    return [
        {
            "topic": card.topic,
            "kind": card.kind,
            "positions": [{"quotes": list(side.quotes), "says": side.says} for side in card.sides],
            "explanation": card.explanation,
            "handling": card.handling,
        }
        for card in cards
    ]


def disagreements_text(cards: Sequence[Card]) -> Iterator[str]:
    """The same for a terminal; nothing where there are none."""
    if cards:
        yield ""
        yield HEADING
    for card in cards:
        yield f"  {card.topic}"
        for side in card.sides:
            yield f"    - {side.says} [{', '.join(str(number) for number in side.quotes)}]"
        yield f"    Why: {card.explanation}"
        yield f"    What to make of it: {card.handling}"
