"""Which quotations of a saved answer no longer hold."""

from typing import Any

from assistant.library.answers import Broken, Why, find_broken


def quote(number: int, document: str, text: str, start: int) -> dict[str, Any]:
    place = {"start": start, "end": start + len(text)}
    return {"number": number, "document": document, "text": text, **place}


def test_each_is_told_with_why() -> None:
    texts = {"a": "Rest. Give 20 mL.", "b": "New. Drink water."}
    answer = {
        "quotes": [
            quote(1, "a", "Rest.", 0),
            quote(2, "a", "Give 30 mL.", 6),
            quote(3, "b", "Drink water.", 0),
            quote(4, "gone", "Words.", 0),
        ]
    }
    assert find_broken(answer, texts.get) == (
        Broken(2, "a", "Give 30 mL.", Why.CHANGED),
        Broken(3, "b", "Drink water.", Why.MOVED),
        Broken(4, "gone", "Words.", Why.NOT_QUOTABLE),
    )
