"""What is quoted around a chosen statement."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from assistant.answering.units import Units
from assistant.documents.passages import Passage, Statement, split_document
from assistant.documents.readers.plain import read_plain
from assistant.retrieval.index import StoredDocument
from assistant.retrieval.records import DocumentRecord

PAGE = """Zebra fever

Treatment

Give one of:
- Stripe syrup
- Spot tablets
- Marble drops

If the scan shows stripes:
- Proceed to the stripe clinic on the same day, and take the scan along, because a second scan is slow.
- Rest for two days.

The patient may eat.
"""


class OneDocument:
    def __init__(self, text: str) -> None:
        self._text = text
        document = read_plain(text, "page", "Zebra fever")
        self.passages = split_document(document)
        self.by_document = {"page": self.passages}
        self.records = {"page": self._record()}

    def _record(self) -> DocumentRecord:
        return DocumentRecord("page", "Zebra fever", "page.txt", "x", len(self.passages))

    def document(self, doc_id: str) -> StoredDocument:
        assert doc_id == "page"
        return StoredDocument(self._record(), self._text)

    def find(self, words: str) -> tuple[Passage, Statement]:
        for passage in self.passages:
            for statement in passage.statements:
                if words in statement.span.of(self._text):
                    return passage, statement
        raise AssertionError(words)


@pytest.fixture
def library() -> OneDocument:
    return OneDocument(PAGE)


def unit_of(
    library: OneDocument, words: str, wanted: Iterable[str] = ()
) -> tuple[str, tuple[str, ...]]:
    best = [("page", library.find(other)[1]) for other in wanted]
    unit = Units(library, best).of(*library.find(words))
    assert unit.span.of(PAGE) == unit.text
    return unit.text, unit.leads


def test_a_fragment_brings_its_whole_list_and_lead(library: OneDocument) -> None:
    text, leads = unit_of(library, "Spot tablets")
    assert text == "Give one of:\n- Stripe syrup\n- Spot tablets\n- Marble drops"
    assert leads == ()


def test_a_condition_is_never_lost(library: OneDocument) -> None:
    text, leads = unit_of(library, "Rest for two days.")
    assert text.startswith("If the scan shows stripes:") or "If the scan shows stripes" in leads
    text, leads = unit_of(library, "Proceed to the stripe clinic")
    assert text.startswith("If the scan shows stripes:")


def test_a_sentence_stands_alone(library: OneDocument) -> None:
    assert unit_of(library, "The patient may eat.") == ("The patient may eat.", ())


def test_the_seed_pages_are_read_with_their_conditions() -> None:
    seeds = Path(__file__).resolve().parents[3] / "shared" / "seeds"
    if not seeds.is_dir():
        pytest.skip("the seed pages are not here")
    text = next(iter(sorted(seeds.glob("000*")))).read_text(encoding="utf-8")
    document = read_plain(text, "seed", "Seed")
    for passage in split_document(document):
        for statement in passage.statements:
            if "Proceed directly to epidural blood patch" in statement.span.of(document.text):
                assert statement.lead is not None
                assert "If MRI shows" in statement.lead.of(document.text)
                return
    raise AssertionError("the statement was not found")
