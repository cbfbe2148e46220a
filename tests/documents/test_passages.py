"""How documents are cut: along headings and sentences, with what a line needs to be understood."""

from assistant.documents.document import Document
from assistant.documents.passages import (
    PASSAGE_CHARACTERS,
    Passage,
    Statement,
    StatementKind,
    split_document,
)
from assistant.documents.readers.markdown import read_markdown
from assistant.documents.readers.plain import read_plain

SENTENCE = "This sentence has about sixty characters in it, all told so. "


def markdown(text: str) -> Document:
    return read_markdown(text, "guide", "guide.md")


def plain(text: str) -> Document:
    return read_plain(text, "guide", "guide.txt")


def statements(document: Document) -> list[Statement]:
    return [s for passage in split_document(document) for s in passage.statements]


def find(document: Document, beginning: str) -> Statement:
    (found,) = [s for s in statements(document) if s.span.of(document.text).startswith(beginning)]
    return found


def leads(document: Document, beginning: str) -> tuple[str | None, list[str]]:
    statement = find(document, beginning)
    lead = None if statement.lead is None else statement.lead.of(document.text)
    return lead, [above.of(document.text) for above in statement.above]


def test_a_passage_is_a_slice_of_the_text() -> None:
    document = markdown("# T\n\n## A\n\nOne. Two.\n\n- three\n")
    (passage,) = split_document(document)
    assert passage == Passage(
        doc_id="guide",
        title="T",
        span=passage.span,
        text="One. Two.\n\n- three",
        headings=("A",),
        statements=passage.statements,
    )
    assert passage.passage_id == f"guide:{passage.span.start}-{passage.span.end}"
    assert [s.kind for s in passage.statements] == [
        StatementKind.SENTENCE,
        StatementKind.SENTENCE,
        StatementKind.BULLET,
    ]


def test_no_passage_crosses_a_heading() -> None:
    document = markdown("# T\n\n## A\n\nOne.\n\n## B\n\nTwo.\n\n### C\n\nThree.\n")
    assert [(p.headings, p.text) for p in split_document(document)] == [
        (("A",), "One."),
        (("B",), "Two."),
        (("B", "C"), "Three."),
    ]


def test_a_heading_without_content_yields_no_passage() -> None:
    document = markdown("# T\n\n## Empty\n\n## A\n\nOne.\n")
    assert [p.section for p in split_document(document)] == ["A"]


def test_headings_do_not_repeat_the_title_or_each_other() -> None:
    document = markdown("# CSF leak\n\n## CSF LEAK\n\n### Treatment\n\n#### TREATMENT\n\nRest.\n")
    assert split_document(document)[0].headings == ("Treatment",)


def test_a_heading_said_in_other_words_is_kept_twice() -> None:
    document = plain(
        "# Cough\n\n## TREATMENT OF COUGH\n\n## Treatment Goals\n- Rest\n\n## Drug Treatment\n- Syrup\n"
    )
    assert [p.section for p in split_document(document)] == [
        "TREATMENT OF COUGH › Treatment Goals",
        "TREATMENT OF COUGH › Drug Treatment",
    ]


def test_passages_are_packed_up_to_their_length() -> None:
    paragraphs = "\n\n".join(["word " * 38 + "end."] * 7)
    passages = split_document(markdown(f"# T\n\n{paragraphs}\n"))
    assert [len(p.statements) for p in passages] == [3, 3, 1]
    assert all(len(p.span) <= PASSAGE_CHARACTERS for p in passages)


def test_a_long_paragraph_is_divided_between_sentences() -> None:
    document = markdown(f"# T\n\n{SENTENCE * 30}\n")
    passages = split_document(document)
    assert len(passages) > 2
    assert all(p.text.startswith("This") and p.text.endswith("so.") for p in passages)
    assert sum(len(p.statements) for p in passages) == 30


def test_a_lead_stays_with_its_first_bullet() -> None:
    document = markdown(f"# T\n\n{SENTENCE * 9}\n\nLook for:\n\n- {'pallor ' * 10}\n- rash\n")
    passages = split_document(document)
    assert passages[1].text.startswith("Look for:\n\n- pallor")


def test_every_bullet_knows_its_lead() -> None:
    document = plain(
        "Findings to look for: 1, 4\n- Pallor\n- Rash\n\nA paragraph follows here.\n- Other\n"
    )
    assert leads(document, "Pallor") == ("Findings to look for:", [])
    assert leads(document, "Rash") == ("Findings to look for:", [])
    assert leads(document, "Other") == (None, [])


def test_a_lead_gives_the_paragraph_below_it_its_condition() -> None:
    document = plain(
        "Plan of Care\nIf the scan shows a leak: 1, 2\nProceed directly to a blood patch.\n- Do it early.\n"
    )
    assert leads(document, "Proceed") == ("If the scan shows a leak:", [])
    assert leads(document, "Do it") == ("If the scan shows a leak:", [])


def test_a_dose_knows_its_medicine_through_the_patients_between() -> None:
    document = plain(
        "Give one of these:\n• Antibiotics\n- Metronidazole\n- Adult: 200 mg\n- Child:\n- 1-3 years: 50 mg\n"
    )
    assert leads(document, "Adult") == ("Metronidazole", ["Give one of these:", "Antibiotics"])
    assert leads(document, "1-3") == (
        "Metronidazole",
        ["Give one of these:", "Antibiotics", "Child:"],
    )


def test_a_second_list_does_not_hang_from_the_first_ones_lead() -> None:
    document = markdown("Avoid:\n\n- aspirin\n- heparin\n\n1. oxygen\n2. rest\n")
    assert leads(document, "oxygen") == (None, [])


def test_lists_spaced_by_blank_lines_keep_their_lead() -> None:
    document = plain("Avoid:\n\n- aspirin\n\n- heparin\n\n- warfarin\n")
    assert leads(document, "warfarin") == ("Avoid:", [])


def test_a_lead_is_no_statement_but_a_line_with_a_dose_is() -> None:
    document = markdown("Look for:\n\n- Signs:\n  - rash\n- Adult: 5 mg, then:\n  - rest\n")
    assert [s.span.of(document.text) for s in statements(document)] == [
        "rash",
        "Adult: 5 mg, then:",
        "rest",
    ]


def test_connectives_are_no_statements() -> None:
    document = plain("• Metronidazole 200 mg\nOr\n• Tinidazole 2 g\nPlus:\n• Rest\n")
    assert len(statements(document)) == 3


def test_a_bullet_is_one_statement_unless_it_is_long_or_cites_inside() -> None:
    short = markdown("- Give oxygen. Keep warm.\n")
    assert len(statements(short)) == 1
    assert len(statements(markdown(f"- {SENTENCE * 8}\n"))) == 8
    cites = plain("- Give oxygen now. 1, 2 Keep the patient warm. 3\n")
    assert [s.span.of(cites.text) for s in statements(cites)] == [
        "Give oxygen now.",
        "Keep the patient warm.",
    ]


def test_sources_belong_to_the_statement_before_them() -> None:
    document = markdown(
        "First. [@a] Second. [@b; @c] Third.\n\n- bullet one. [@d]\n- bullet two\n\n"
        "Look for: [@e]\n\n- pallor\n- rash [@f]\n\n| A | B |\n|---|---|\n| 1 | 2 [@g] |\n"
    )
    sources = {s.span.of(document.text): s.sources for s in statements(document)}
    assert sources == {
        "First.": ("a",),
        "Second.": ("b", "c"),
        "Third.": (),
        "bullet one.": ("d",),
        "bullet two": (),
        "pallor": ("e",),
        "rash": ("f",),
        "A: 1; B: 2": ("g",),
    }


def test_table_rows_are_statements_with_their_head_as_lead() -> None:
    document = plain("| Stage | GFR |\n|---|---|\n| 1 | 90 |\n")
    assert find(document, "1").kind is StatementKind.ROW
    assert leads(document, "1") == ("Stage | GFR", [])


def test_signs_without_words_are_no_statements() -> None:
    document = plain("• ---\n\n***\n\nWords.\n\n…\n")
    assert [s.span.of(document.text) for s in statements(document)] == ["Words."]
