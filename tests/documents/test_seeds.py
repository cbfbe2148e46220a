"""Two real pages: everything clinical is found, nothing else is quoted."""

from pathlib import Path

import pytest

from assistant.documents.document import BlockKind, Document
from assistant.documents.passages import StatementKind, split_document
from assistant.documents.readers.registry import read_file

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the two pages are not here")


def read(number: str) -> Document:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    (document,) = read_file(path, number)
    assert isinstance(document, Document)
    assert document.text == path.read_text(encoding="utf-8")
    return document


def quoted(document: Document) -> list[str]:
    return [s.span.of(document.text) for p in split_document(document) for s in p.statements]


@pytest.mark.parametrize("number", ["000", "004"])
@pytest.mark.parametrize(
    "words",
    [
        "Under Review",
        "Submitted",
        "Personalize",
        "follow-up",
        "Disclaimer",
        "Advisory Board",
        "pending human review",
        "Last updated",
        "liability",
        "Medical A.I.",
        "Praxis",
        "Which best",
        "•",
        "\n",
    ],
)
def test_no_statement_holds_furniture(number: str, words: str) -> None:
    assert not [statement for statement in quoted(read(number)) if words in statement]


@pytest.mark.parametrize("number", ["000", "004"])
def test_no_statement_begins_or_ends_with_reference_numbers(number: str) -> None:
    for statement in quoted(read(number)):
        assert not statement[0].isdigit() or statement.startswith("3D T2-weighted")
        assert not statement[-1].isdigit()


def test_the_first_page_has_its_headings() -> None:
    document = read("000")
    assert document.title.startswith("Iatrogenic CSF Leak")
    assert list(dict.fromkeys(p.section for p in split_document(document))) == [
        "Direct Recommendation",
        "Why the Pain Clinic is Wrong",
        "Immediate Diagnostic Workup",
        "Critical Diagnostic Pitfall",
        "Management Algorithm",
        "Post-Treatment Monitoring",
        "Important Caveat About Rebound Headache",
        "Rare but Serious Complication to Monitor",
    ]


def test_the_first_page_has_its_leads() -> None:
    document = read("000")
    assert [b.span.of(document.text) for b in document.blocks if b.kind is BlockKind.LEAD] == [
        "Brain MRI findings to look for:",
        "Spine MRI findings to look for:",
        "If MRI shows findings of intracranial hypotension:",
        "If initial brain and spine MRI are completely normal:",
        "Myelography technique if needed:",
    ]
    led = {
        s.span.of(document.text): s.lead and s.lead.of(document.text)
        for p in split_document(document)
        for s in p.statements
    }
    assert led["Engorgement of venous sinuses"] == "Brain MRI findings to look for:"
    assert led["Subdural hygromas"] == "Spine MRI findings to look for:"
    assert led["Thromboprophylaxis should be considered during immobilization."] is None


def test_the_first_page_parts_sentences_from_their_references() -> None:
    statements = quoted(read("000"))
    assert "Do NOT perform lumbar puncture solely to measure opening pressure." in statements
    assert (
        "The clinical presentation and imaging findings are more important than measured CSF "
        "pressure." in statements
    )
    assert len(statements) == 39


def test_the_second_page_has_its_headings() -> None:
    document = read("004")
    assert document.title.startswith("Full Spine MRI with and without Contrast")
    assert list(dict.fromkeys(p.section for p in split_document(document))) == [
        "",
        "Timing Considerations",
        "The Non-Contrast Component Detects the Leak Source",
        "The Contrast Component Confirms Intracranial Hypotension",
        'Why "Complete Spine" Coverage is Required',
        "Superior Spatial Resolution for Treatment Planning",
        "Avoid Ordering Contrast-Only Studies",
        "Other Modalities Are Not Supported for Initial Imaging",
        "Negative Imaging Does Not Rule Out CSF Leak",
        "Subsequent Imaging Options if Initial MRI is Negative",
        "Risk Factors That Increase Suspicion",
    ]


def test_each_bullet_of_the_second_page_is_one_statement() -> None:
    document = read("004")
    bullets = [
        line.split("•", 1)[1].strip()
        for line in document.text.split("\n")
        if line.startswith("  •")
    ]
    kinds = [
        s for p in split_document(document) for s in p.statements if s.kind is StatementKind.BULLET
    ]
    assert len(kinds) == len(bullets) == 24
    for bullet, statement in zip(bullets, kinds, strict=True):
        assert bullet.startswith(statement.span.of(document.text))
        assert len(bullet) - len(statement.span) <= len(" 1, 2, 4")
