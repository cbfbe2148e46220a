"""Markdown becomes plain text whose blocks and citations are known by construction."""

import pytest

from assistant.documents.document import BlockKind, Description, Document, Review
from assistant.documents.readers.markdown import read_markdown
from assistant.errors import ReadError


def read(text: str) -> Document:
    return read_markdown(text, "guide", "guide.md")


def words(document: Document, kind: BlockKind) -> list[str]:
    return [b.span.of(document.text) for b in document.blocks if b.kind is kind]


def test_the_front_matter_describes_the_document() -> None:
    document = read(
        "---\n"
        "id: csf-leak\n"
        "title: CSF leak\n"
        "population: Adults\n"
        "published: 2024-05-01\n"
        "updated: 2025-01\n"
        "review: {status: under review, by: null, on: 2025-02-03}\n"
        "licence: CC-BY-4.0\n"
        "---\n"
        "Give fluids.\n"
    )
    assert (document.doc_id, document.title, document.text) == (
        "csf-leak",
        "CSF leak",
        "Give fluids.",
    )
    assert document.description == Description(
        population="Adults",
        published="2024-05-01",
        updated="2025-01",
        review=Review("under review", None, "2025-02-03"),
        licence="CC-BY-4.0",
    )


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("colour: red", "'colour' is not known"),
        ("id: 12", "'id' is 12, not text"),
        ("id: [a]", "'id' is"),
        ("id: ''", "empty"),
        ('id: "a\\nb"', "newline or control"),
        ("id: ../up", "'..'"),
        (f"id: {'x' * 201}", "201 characters"),
        ("title: {a: b}", "'title' is"),
        ("published: soon", "'published' is 'soon', not a date"),
        ("updated: 2024-13-40", "'updated' is '2024-13-40', not a date"),
        ("review: approved", "'review' is 'approved'"),
        ("review: {state: approved}", "'review.state' is not known"),
        ("review: {by: 3}", "'review.by' is 3"),
        ("- a\n- b", "not a mapping"),
        ("id: [", "not valid YAML"),
        ("id: *nowhere", "not valid YAML"),
        ("id: " + "[" * 3000, "not valid YAML"),
    ],
)
def test_a_mistake_in_the_front_matter_is_named(front: str, expected: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(f"---\n{front}\n---\nText.\n")
    assert expected in caught.value.reason


def test_without_a_title_the_first_heading_is_the_title() -> None:
    assert read("Some words.\n\n# The *title*\n").title == "The title"
    assert read("Some words.").title == "Guide"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Some **bold**, _slanted_ and `code`.", "Some bold, slanted and code."),
        ("A [link](https://example.org) here.", "A link here."),
        ("Soft\nwrapped   words.", "Soft wrapped words."),
        ("One  \nTwo", "One\nTwo"),
        ("## Heading\n\nWords.", "Heading\n\nWords."),
        ("- a\n- b\n  - c", "- a\n- b\n  - c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n\n  b\n- c", "- a\n  b\n- c"),
        ("> Quoted.", "Quoted."),
        ("```\nx  =\n\n  y\n```", "x  =\n  y"),
        ("&lt;5 mg &amp; more", "<5 mg & more"),
        ("p <0.05 and <insert dose> mg", "p <0.05 and <insert dose> mg"),
        ("10<sup>9</sup>/L", "10⁹/L"),
        ("H<sub>2</sub>O", "H2O"),
        ("A <b>bold</b> word<br>and more", "A bold word\nand more"),
        ("Safe <script>alert(1)</script> words", "Safe words"),
        ("<div>\n<p>Raw <b>words</b></p>\n<script>x</script>\n</div>", "Raw words"),
        ("<!-- hidden -->\n\nSeen.", "Seen."),
        ("![picture](a.png) Seen.", "Seen."),
        ("a*b*c 5*3*2", "abc 532"),
    ],
)
def test_marks_become_plain_text(source: str, text: str) -> None:
    assert read(source).text == text


def test_a_table_row_can_be_read_alone() -> None:
    document = read("| Stage | GFR |  |\n|---|---|---|\n| 1 | ≥90 | normal |\n| 2 | | mild |\n")
    assert words(document, BlockKind.ROW) == ["Stage: 1; GFR: ≥90; normal", "Stage: 2; mild"]


def test_a_table_without_rows_keeps_its_head() -> None:
    assert read("| Drug | Dose |\n|---|---|\n").text == "Drug | Dose"


def test_blocks_leave_out_signs_and_indents() -> None:
    document = read("1. first\n2. second\n   - inner\n")
    assert [(b.level, b.span.of(document.text)) for b in document.blocks] == [
        (0, "first"),
        (0, "second"),
        (1, "inner"),
    ]


def test_citations_leave_the_text_and_keep_their_place() -> None:
    document = read(
        "First one. [@a, p. 5; @b] Second [@c]. Third [not a key].\n\n- bullet [@d_e-1]\n"
    )
    assert document.text == "First one. Second. Third [not a key].\n\n- bullet"
    assert [
        (k.key, document.text[: k.position].rsplit("\n", 1)[-1]) for k in document.source_keys
    ] == [
        ("a", "First one."),
        ("b", "First one."),
        ("c", "First one. Second"),
        ("d_e-1", "- bullet"),
    ]


def test_a_line_that_ends_with_a_colon_is_a_lead_even_when_it_cites() -> None:
    document = read("Look for: [@a]\n\n- fever\n")
    assert words(document, BlockKind.LEAD) == ["Look for:"]


def test_lists_nested_too_deeply_are_refused_rather_than_lost() -> None:
    with pytest.raises(ReadError, match="nested too deeply"):
        read("".join("  " * depth + "- a\n" for depth in range(80)))


def test_only_a_rule_is_no_document() -> None:
    with pytest.raises(ReadError, match="no text"):
        read("---\n\n---\n")
