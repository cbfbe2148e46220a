"""Word files made here by python-docx, with what it lacks written as XML."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from assistant.documents.document import BlockKind, Document
from assistant.documents.passages import split_document
from assistant.documents.readers.docx.reader import read_docx
from assistant.errors import ReadError

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
Made = Callable[[WordDocument], None]


def saved(make: Made) -> bytes:
    document = docx.Document()
    make(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def read(make: Made) -> Document:
    return read_docx(saved(make), "guide", "guide.docx")


def blocks(document: Document) -> list[tuple[str, int, str]]:
    return [(b.kind.value, b.level, b.span.of(document.text)) for b in document.blocks]


def append(document: WordDocument, inner: str) -> None:
    """A paragraph of this XML, before the last section's properties."""
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:p {NAMESPACES}>{inner}</w:p>"))


def failure(raw: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_docx(raw, "guide", "guide.docx")
    return caught.value.reason


def test_headings_are_told_by_style_and_by_outline_level() -> None:
    def make(document: WordDocument) -> None:
        document.add_heading("Zebra fever", 0)
        document.add_heading("Treatment", 1)
        document.add_paragraph("Give 30 mL of stripe syrup.")
        document.add_heading("In children", 2)
        append(document, "<w:pPr><w:outlineLvl w:val='0'/></w:pPr><w:r><w:t>Follow-up</w:t></w:r>")
        document.add_paragraph().add_run("When to call").bold = True
        document.add_paragraph("Call when stripes fade.")

    document = read(make)
    assert document.title == "Zebra fever"
    assert blocks(document) == [
        ("heading", 1, "Zebra fever"),
        ("heading", 2, "Treatment"),
        ("paragraph", 0, "Give 30 mL of stripe syrup."),
        ("heading", 3, "In children"),
        ("heading", 2, "Follow-up"),
        ("heading", 6, "When to call"),
        ("paragraph", 0, "Call when stripes fade."),
    ]


def test_lists_keep_their_nesting_and_numbers() -> None:
    def make(document: WordDocument) -> None:
        document.add_paragraph("Look for:")
        document.add_paragraph("pale stripes", style="List Bullet")
        document.add_paragraph("on the back", style="List Bullet 2")
        document.add_paragraph("reversed stripes", style="List Bullet")
        document.add_paragraph("Then do this:")
        document.add_paragraph("Weigh the zebra.", style="List Number")
        document.add_paragraph("Give syrup.", style="List Number")

    document = read(make)
    assert [one[:2] for one in blocks(document)] == [
        ("lead", 0),
        ("bullet", 0),
        ("bullet", 1),
        ("bullet", 0),
        ("lead", 0),
        ("bullet", 0),
        ("bullet", 0),
    ]
    assert "1. Weigh the zebra.\n2. Give syrup." in document.text


def test_a_list_inside_a_list_is_deeper() -> None:
    def make(document: WordDocument) -> None:
        for depth, words in ((0, "Fever:"), (1, "take cultures"), (1, "wait"), (0, "No fever")):
            number = f"<w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='1'/></w:numPr>"
            append(document, f"<w:pPr>{number}</w:pPr><w:r><w:t>{words}</w:t></w:r>")

    assert [one[1] for one in blocks(read(make))] == [0, 1, 1, 0]


def test_rows_read_alone_with_merged_cells_and_heads() -> None:
    def make(document: WordDocument) -> None:
        table = document.add_table(rows=4, cols=3)
        for row, words in enumerate(
            (
                ("Medicine", "Age", "Dose"),
                ("Stripe syrup", "Adult", "30 mL"),
                ("", "Child", "10 mL"),
                ("In pregnancy", "", ""),
            )
        ):
            for column, text in enumerate(words):
                table.cell(row, column).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        table.cell(3, 0).merge(table.cell(3, 2))

    document = read(make)
    assert blocks(document) == [
        ("row", 0, "Medicine: Stripe syrup; Age: Adult; Dose: 30 mL"),
        ("row", 0, "Medicine: Stripe syrup; Age: Child; Dose: 10 mL"),
        ("lead", 0, "In pregnancy"),
    ]
    assert document.reading.tables == 1


def test_a_table_of_one_cell_is_a_frame() -> None:
    def make(document: WordDocument) -> None:
        document.add_table(rows=1, cols=1).cell(0, 0).text = "Never give syrup to horses."

    assert blocks(read(make)) == [("paragraph", 0, "Never give syrup to horses.")]


def test_tracked_changes_are_accepted() -> None:
    def make(document: WordDocument) -> None:
        append(
            document,
            "<w:r><w:t xml:space='preserve'>Give </w:t></w:r>"
            "<w:del w:id='1' w:author='A'><w:r><w:delText>50</w:delText></w:r></w:del>"
            "<w:ins w:id='2' w:author='A'><w:r><w:t>30</w:t></w:r></w:ins>"
            "<w:moveFrom w:id='3' w:author='A'><w:r><w:t> twice</w:t></w:r></w:moveFrom>"
            "<w:r><w:t xml:space='preserve'> mL</w:t></w:r>"
            "<w:moveTo w:id='4' w:author='A'><w:r><w:t xml:space='preserve'> twice</w:t></w:r>"
            "</w:moveTo><w:r><w:t>.</w:t></w:r>",
        )
        append(
            document,
            "<w:pPr><w:rPr><w:del w:id='5' w:author='A'/></w:rPr></w:pPr>"
            "<w:r><w:t>Wait for</w:t></w:r>",
        )
        append(document, "<w:r><w:t>two hours.</w:t></w:r>")
        append(
            document,
            "<w:r><w:rPr><w:strike/></w:rPr><w:t>Old dose. </w:t></w:r>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden. </w:t></w:r><w:r><w:t>New dose.</w:t></w:r>",
        )
        table = document.add_table(rows=3, cols=2)
        for row in range(3):
            for column in range(2):
                table.cell(row, column).text = f"{'ab'[column]}{row}"
        table.rows[1]._tr.get_or_add_trPr().append(
            parse_xml(f"<w:del {NAMESPACES} w:id='9' w:author='A'/>")
        )

    text = read(make).text
    assert text.startswith("Give 30 mL twice.\n\nWait for two hours.\n\nNew dose.")
    assert "a1" not in text
    assert "a2" in text


def with_notes(document: WordDocument) -> None:
    notes = "".join(
        f"<w:footnote w:id='{number}'><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{words}</w:t></w:r>"
        "</w:p></w:footnote>"
        for number, words in (
            (1, "Halve the dose in foals."),
            (2, "Smith A. Stripes. Vet J 2019; 3: 1."),
        )
    )
    blob = f"<w:footnotes {NAMESPACES}>{notes}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    append(
        document,
        "<w:r><w:t>Give 30 mL.</w:t></w:r><w:r><w:footnoteReference w:id='1'/></w:r>"
        "<w:r><w:t xml:space='preserve'> Repeat once.</w:t></w:r>"
        "<w:r><w:footnoteReference w:id='2'/></w:r>",
    )
    append(document, "<w:r><w:t>Then rest.</w:t></w:r>")


def test_footnotes_follow_their_paragraph_and_those_that_cite_are_not_quoted() -> None:
    document = read(with_notes)
    assert blocks(document) == [
        ("paragraph", 0, "Give 30 mL.¹ Repeat once.²"),
        ("paragraph", 0, "Halve the dose in foals."),
        ("references", 0, "Smith A. Stripes. Vet J 2019; 3: 1."),
        ("paragraph", 0, "Then rest."),
    ]
    statements = [s for p in split_document(document) for s in p.statements]
    assert [s.span.of(document.text) for s in statements] == [
        "Give 30 mL.",
        "Repeat once.",
        "Halve the dose in foals.",
        "Then rest.",
    ]


def test_text_boxes_are_shown_once_but_not_quoted() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Step two of a chart</w:t></w:r></w:p></w:txbxContent>"

    def make(document: WordDocument) -> None:
        append(
            document,
            "<w:r><w:t>Follow the chart.</w:t></w:r><w:r><mc:AlternateContent>"
            f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>",
        )

    document = read(make)
    assert blocks(document) == [
        ("paragraph", 0, "Follow the chart."),
        ("furniture", 0, "Step two of a chart"),
    ]
    (unread,) = document.reading.unread
    assert unread.what == "1 text box"
    assert document.reading.images == 0


def test_heads_feet_comments_and_contents_are_left_out() -> None:
    def make(document: WordDocument) -> None:
        document.sections[0].header.paragraphs[0].text = "Hospital Trust"
        document.sections[0].footer.paragraphs[0].text = "Version 3"
        paragraph = document.add_paragraph("Give syrup.")
        document.add_comment(paragraph.runs, "Is this right?", "A. Example")
        document.styles.add_style("TOC 1", 1)
        document.add_paragraph("Treatment ..... 3", style="TOC 1")

    document = read(make)
    assert blocks(document) == [
        ("paragraph", 0, "Give syrup."),
        ("furniture", 0, "Treatment ..... 3"),
    ]


def test_pictures_are_counted(tmp_path: Any) -> None:
    from PIL import Image

    path = tmp_path / "dot.png"
    Image.new("L", (8, 8)).save(path)

    def make(document: WordDocument) -> None:
        document.add_paragraph("See the picture.")
        document.add_picture(str(path))

    assert read(make).reading.images == 1


def test_broken_files_say_why() -> None:
    whole = saved(lambda document: document.add_paragraph("Give syrup.") and None)
    assert "cut short" in failure(whole[: len(whole) // 2])
    assert "no Word file" in failure(b"Give syrup.")
    assert "password" in failure(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "damaged" in failure(altered(whole, "word/document.xml", b"<w:document"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("note.txt", "hello")
    assert "damaged" in failure(file.getvalue())
    with pytest.raises(ReadError, match="no text"):
        read(lambda _document: None)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    whole = saved(lambda document: document.add_paragraph("Give syrup.") and None)
    bomb = altered(whole, "word/media/image1.png", bytes(60_000_000))
    assert "times its size" in failure(bomb)


def altered(raw: bytes, name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return file.getvalue()


def test_every_block_is_where_it_says() -> None:
    document = read(with_notes)
    assert all(b.span.of(document.text).strip() for b in document.blocks)
    assert {b.kind for b in document.blocks} == {BlockKind.PARAGRAPH, BlockKind.REFERENCES}
