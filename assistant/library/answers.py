"""Which quotations of a saved answer no longer hold."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Why(StrEnum):
    """``MOVED``: the document still says it, word for word, at another place."""

    NOT_QUOTABLE = "its document is not in the library, or is withdrawn"
    CHANGED = "its document no longer says this"
    MOVED = "it now stands elsewhere in its document"


@dataclass(frozen=True, slots=True)
class Broken:
    """A quotation of an answer that is not where it was; ``number`` is that in the answer."""

    number: int
    document: str
    text: str
    why: Why


def find_broken(
    answer: Mapping[str, Any], read_text: Callable[[str], str | None]
) -> tuple[Broken, ...]:
    """Those of a saved ``ask --json``, in order; none where every quote stands where it stood.

    ``read_text`` gives the text of a document by id, None where it may not be quoted.
    """
    return tuple(_find(answer, read_text))


def _find(answer: Mapping[str, Any], read_text: Callable[[str], str | None]) -> Iterator[Broken]:
    for quote in answer.get("quotes", ()):
        doc_id, words, start = quote["document"], quote["text"], quote["start"]
        text = read_text(doc_id)
        if text is None:
            why = Why.NOT_QUOTABLE
        elif text[max(start, 0) : quote["end"]] == words:
            continue
        else:
            why = Why.MOVED if words in text else Why.CHANGED
        yield Broken(quote["number"], doc_id, words, why)
