"""What is said before an answer → JSON and plain text; it is in this library's words."""

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.answering.notices import Notice


def notices_json(notices: Sequence[Notice]) -> list[dict[str, Any]]:
    """``quotes`` are the numbers that each is about."""
    return [
        {
            "kind": notice.kind.value,
            "message": notice.message,
            "document": notice.document,
            "quotes": list(notice.quotes),
        }
        for notice in notices
    ]


def notices_text(notices: Sequence[Notice]) -> Iterator[str]:
    """A line each; nothing where there are none."""
    for notice in notices:
        yield f"! {notice.message}"
