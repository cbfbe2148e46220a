"""Makes PDFs of every awkward kind, each with the text that should be read from it."""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    ListFlowable,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
    Table,
    TableStyle,
)

WORDS = """
adult analgesia anaesthetist assess atraumatic before blood brain caffeine catheter cautious cell
clinician consent contrast cranial culture delayed diagnosis dose drain dural epidural examine fever
fluid follow foramen gauge gentle headache history hourly imaging infection injection insert intake
lumbar measure monitor morning needle nerve neurology normal observe opening oral patch patient
persist pillow posture pressure puncture record relief repeat review saline scan sepsis severe
spinal stylet supine symptom temperature theatre threshold tolerate treat upright urgent vision volume
weak weekly without
""".split()
STYLES = getSampleStyleSheet()
BODY = STYLES["BodyText"]
HEADING = STYLES["Heading2"]
TITLE = STYLES["Title"]


@dataclass(frozen=True)
class Made:
    """A PDF and the text that is in it, in reading order, white space aside."""

    raw: bytes
    expected: tuple[str, ...]


class Prose:
    """Sentences that differ, so that each is found once; the same seed, the same sentences."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._number = 0

    def sentence(self, words: int = 14) -> str:
        self._number += 1
        chosen = [self._random.choice(WORDS) for _ in range(words)]
        chosen.insert(words // 2, str(100 + self._number))
        return f"{chosen[0].capitalize()} {' '.join(chosen[1:])}."

    def paragraph(self, sentences: int = 4) -> str:
        return " ".join(self.sentence(self._random.randint(8, 18)) for _ in range(sentences))


def columns(count: int, sections: int = 10) -> Made:
    """A title over all columns, then sections that run from column to column and page to page."""
    prose = Prose(count)
    story: list[Any] = [Paragraph("Care after a lumbar puncture", TITLE), FrameBreak()]
    expected = ["Care after a lumbar puncture"]
    for number in range(sections):
        words = f"Section {chr(65 + number)} of the guideline"
        story.append(Paragraph(words, HEADING))
        expected.append(words)
        for _ in range(2):
            words = prose.paragraph()
            story.append(Paragraph(words, BODY))
            expected.append(words)
    width, height = A4
    gap = 16
    wide = (width - 100 - gap * (count - 1)) / count
    sides = [50 + number * (wide + gap) for number in range(count)]
    first = [Frame(50, height - 110, width - 100, 60)]
    first += [Frame(left, 50, wide, height - 170) for left in sides]
    later = [Frame(left, 50, wide, height - 100) for left in sides]
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=A4)
    document.addPageTemplates(
        [
            PageTemplate("first", first, autoNextPageTemplate="later"),
            PageTemplate("later", later),
        ]
    )
    document.build(story)
    return Made(file.getvalue(), tuple(expected))


def justified(count: int) -> Made:
    """A title and an abstract over all columns, then paragraphs told apart by their indent only."""
    prose = Prose(20 + count)
    style = ParagraphStyle(
        "justified",
        BODY,
        alignment=TA_JUSTIFY,
        fontSize=9,
        leading=11,
        firstLineIndent=10,
        spaceBefore=0,
    )
    title = "Justified guideline with an abstract"
    paragraphs = [prose.paragraph(10), *(prose.paragraph(6) for _ in range(14))]
    width, height = A4
    wide = (width - 100 - 14 * (count - 1)) / count
    sides = [50 + number * (wide + 14) for number in range(count)]
    first = [Frame(50, height - 230, width - 100, 180)]
    first += [Frame(left, 50, wide, height - 290) for left in sides]
    later = [Frame(left, 50, wide, height - 100) for left in sides]
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=A4)
    document.addPageTemplates(
        [
            PageTemplate("first", first, autoNextPageTemplate="later"),
            PageTemplate("later", later),
        ]
    )
    abstract, *rest = (Paragraph(words, style) for words in paragraphs)
    document.build([Paragraph(title, TITLE), abstract, FrameBreak(), *rest])
    return Made(file.getvalue(), (title, *paragraphs))


def zones() -> Made:
    """Two columns, a table with its caption over both, two columns again, and a line of one word
    that a page number could be taken for."""
    prose = Prose(30)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 9.5)
    expected: list[str] = []

    def column(left: float, top: float) -> None:
        for number in range(12):
            words = prose.sentence(5)
            canvas.drawString(left, top - 12 * number, words)
            expected.append(words)

    column(50, 780)
    column(310, 780)
    caption = "Table 1. Doses of everything in this guideline, for adults and for children, by age."
    canvas.drawString(50, 620, caption)
    cells = [["Medicine", "Adult", "Child"], ["Syrup", "30 mL twice", "10 mL once"]]
    made = Table(cells, colWidths=[165] * 3)
    made.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    made.wrapOn(canvas, 0, 0)
    made.drawOn(canvas, 50, 560)
    expected += [caption, "Medicine: Syrup; Adult: 30 mL twice; Child: 10 mL once"]
    column(50, 500)
    for number, words in enumerate(("Give syrup every hour for", "12")):
        canvas.drawString(50, 84 - 12 * number, words)
    expected.append("Give syrup every hour for 12")
    column(310, 500)
    canvas.drawString(50, 40, "7")
    canvas.showPage()
    canvas.save()
    return Made(file.getvalue(), tuple(expected))


def simple(
    story: Sequence[Any],
    expected: Sequence[str],
    decorate: Callable[[Canvas, Any], None] | None = None,
    pagesize: tuple[float, float] = A4,
) -> Made:
    file = io.BytesIO()
    document = SimpleDocTemplate(file, pagesize=pagesize)
    if decorate:
        document.build(list(story), onFirstPage=decorate, onLaterPages=decorate)
    else:
        document.build(list(story))
    return Made(file.getvalue(), tuple(expected))


def running_heads() -> Made:
    """A head, a foot and page numbers on every page; paragraphs run over the pages' ends."""
    prose = Prose(5)
    paragraphs = [prose.paragraph(12) for _ in range(16)]

    def decorate(canvas: Canvas, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 815, "Hospital Trust guideline on dural puncture")
        canvas.drawRightString(520, 815, f"Version 3.{document.page}")
        canvas.drawCentredString(297, 30, f"Page {document.page} of 9")

    return simple([Paragraph(words, BODY) for words in paragraphs], paragraphs, decorate)


def lists() -> Made:
    """Bullets, bullets below bullets, and a numbered list, between paragraphs."""
    prose = Prose(6)
    lead = "Look for the following signs:"
    outer, inner, numbered = ([prose.sentence(n) for _ in range(3)] for n in (25, 8, 12))
    after = prose.paragraph()
    nested: list[Any] = [
        Paragraph(outer[0], BODY),
        [
            Paragraph(outer[1], BODY),
            ListFlowable([Paragraph(words, BODY) for words in inner], bulletType="bullet"),
        ],
        Paragraph(outer[2], BODY),
    ]
    story = [
        Paragraph(lead, BODY),
        ListFlowable(nested, bulletType="bullet"),
        Paragraph("Then do this in order:", BODY),
        ListFlowable(
            [Paragraph(words, BODY) for words in numbered], bulletType="1", bulletFormat="%s."
        ),
        Paragraph(after, BODY),
    ]
    expected = [lead, outer[0], outer[1], *inner, outer[2], "Then do this in order:"]
    return simple(story, [*expected, *numbered, after])


def hyphenated() -> Made:
    """Words cut at line ends, and hyphens that are the words' own at line ends."""
    lines = [
        "A head that aches after the procedure is usually post-",
        "dural puncture headache, and it is a post-dural puncture head-",
        "ache more often in young people. Pneumo-",
        "cephalus is seen when pneumocephalus was missed before, and the anaes-",
        "thetist should be told. An MRI-",
        "guided approach is rare. The follow-",
        "up visit, as every follow-up, is booked at dis-",
        "charge from the ward.",
    ]
    expected = (
        "A head that aches after the procedure is usually post-dural puncture headache, and it is a "
        "post-dural puncture headache more often in young people. Pneumocephalus is seen when "
        "pneumocephalus was missed before, and the anaesthetist should be told. An MRI-guided "
        "approach is rare. The follow-up visit, as every follow-up, is booked at discharge from the "
        "ward."
    )
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for number, line in enumerate(lines):
        canvas.drawString(72, 760 - 14 * number, line)
    canvas.showPage()
    canvas.save()
    return Made(file.getvalue(), (expected,))


def footnotes() -> Made:
    """Notes in small type at the foot of each page, one of them a reference, and raised numbers."""
    prose = Prose(8)
    first, second = prose.paragraph(5), prose.paragraph(5)
    notes = (
        "Halve the dose when the creatinine clearance is below 30 mL/min.",
        "Smith A, Jones B. Needles and headaches. Br J Anaesth 2019; 122: 1-9.",
    )
    small = ParagraphStyle("small", BODY, fontSize=7, leading=9)
    note = '<super size="5">{}</super> {}'
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=A4)
    document.addPageTemplates(
        [PageTemplate("only", [Frame(72, 150, 450, 620), Frame(72, 60, 450, 80)])]
    )
    document.build(
        [
            Paragraph(first + "<super size='6'>1</super> Then go on.", BODY),
            Paragraph(second + "<super size='6'>2</super>", BODY),
            FrameBreak(),
            *(Paragraph(note.format(n, words), small) for n, words in enumerate(notes, 1)),
        ]
    )
    expected = (f"{first}¹ Then go on.", f"{second}²", f"1 {notes[0]}", f"2 {notes[1]}")
    return Made(file.getvalue(), expected)


DRUGS = [
    [f"Drug {n}", f"{n * 5} mg", f"every {n % 12 + 1} hours", f"{n + 10} days"] for n in range(70)
]
HEADS = ["Medicine", "Dose", "How often", "For how long"]


def table(*, repeat: bool = True, rules: str = "all", count: int = 70) -> Made:
    """A table, of seventy rows over several pages, after a paragraph and before another."""
    drugs = DRUGS[:count]
    prose = Prose(9)
    before, after = prose.paragraph(), prose.paragraph()
    made = Table([HEADS, *drugs], repeatRows=1 if repeat else 0, colWidths=[120, 90, 120, 90])
    if rules == "all":
        made.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    else:
        made.setStyle(
            TableStyle(
                [
                    ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
                    ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
                    ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
                ]
            )
        )
    rows = [
        "; ".join(f"{head}: {cell}" for head, cell in zip(HEADS, row, strict=True)) for row in drugs
    ]
    return simple([Paragraph(before, BODY), made, Paragraph(after, BODY)], [before, *rows, after])


def rotated() -> Made:
    """Landscape text on a page that is turned when it is shown, and a page written sideways."""
    prose = Prose(10)
    paragraphs = [prose.paragraph() for _ in range(3)]
    plain = simple(
        [Paragraph(words, BODY) for words in paragraphs], paragraphs, pagesize=landscape(A4)
    )
    import pikepdf

    pdf = pikepdf.open(io.BytesIO(plain.raw))
    page = pdf.pages[0]
    width, height = landscape(A4)
    page.contents_add(f"q 0 1 -1 0 {height} 0 cm".encode(), prepend=True)
    page.contents_add(b"Q")
    page.MediaBox = [0, 0, height, width]
    sideways = io.BytesIO()
    pdf.save(sideways)
    page.Rotate = 90
    turned = io.BytesIO()
    pdf.save(turned)
    joined, other = pikepdf.open(turned), pikepdf.open(sideways)
    joined.pages.append(other.pages[0])
    file = io.BytesIO()
    joined.save(file)
    return Made(file.getvalue(), (*paragraphs, *paragraphs))


def many_pages(count: int, lines: int = 15) -> Made:
    """A page of prose, so many times."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=0)
    prose = Prose(11)
    expected = []
    for number in range(count):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 815, "Handbook of everything")
        canvas.drawString(500, 30, str(number + 1))
        canvas.setFont("Helvetica", 10)
        for line in range(lines):
            words = prose.sentence(11)
            canvas.drawString(72, 780 - 16 * line, words)
            expected.append(words)
        canvas.showPage()
    canvas.save()
    return Made(file.getvalue(), tuple(expected))


def encrypted(password: str) -> bytes:
    import pikepdf

    pdf = pikepdf.open(io.BytesIO(lists().raw))
    file = io.BytesIO()
    pdf.save(file, encryption=pikepdf.Encryption(owner="owner", user=password))
    return file.getvalue()


def without_pages() -> bytes:
    import pikepdf

    file = io.BytesIO()
    pikepdf.new().save(file)
    return file.getvalue()


def pictures(sentences: Sequence[str], *, with_text: str = "", stamp: str = "") -> bytes:
    """A page that is a picture of some text, after a page of real text where there is one."""
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.utils import ImageReader

    image = Image.new("L", (1654, 2339), 255)
    drawing = ImageDraw.Draw(image)
    font = ImageFont.load_default(34)
    for number, words in enumerate(sentences):
        drawing.text((150, 200 + 70 * number), words, font=font, fill=0)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    if with_text:
        canvas.drawString(72, 700, with_text)
        canvas.showPage()
    canvas.drawImage(ImageReader(image), 0, 0, *A4)
    canvas.drawString(72, 100, stamp)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def without_unicode_map(words: str) -> bytes:
    """Letters drawn as a font's own shapes, numbered as they come and named in no way."""
    import pikepdf

    letters = sorted(set(words) - {" "})
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.showPage()
    canvas.save()
    pdf = pikepdf.open(io.BytesIO(file.getvalue()))
    shapes = pikepdf.Dictionary()
    names: list[Any] = [1]
    for number in range(len(letters)):
        box = f"600 0 0 0 500 700 d1 50 0 {100 + number * 5} {300 + number * 6} re f"
        shapes[f"/g{number}"] = pdf.make_stream(box.encode())
        names.append(pikepdf.Name(f"/g{number}"))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type3,
        FontBBox=[0, 0, 600, 800],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        CharProcs=shapes,
        Encoding=pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=names),
        FirstChar=1,
        LastChar=len(letters),
        Widths=[600] * len(letters),
    )
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    lines = []
    for number, start in enumerate(range(0, len(words), 60)):
        codes = [letters.index(c) + 1 if c != " " else 0 for c in words[start : start + 60]]
        written = "".join(f"{code:02x}" for code in codes)
        lines.append(f"BT /F1 11 Tf 72 {760 - 16 * number} Td <{written}> Tj ET")
    page.Contents = pdf.make_stream("\n".join(lines).encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def ligatures() -> Made:
    """Letters joined into one sign, as TeX and InDesign print them."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Vera", 11)
    canvas.drawString(
        72,
        760,
        "The \ufb01rst \ufb02uid is re\ufb02ected; a \ufb01nal \ufb02ow is con\ufb01ned.",
    )
    canvas.showPage()
    canvas.save()
    return Made(file.getvalue(), ("The first fluid is reflected; a final flow is confined.",))
