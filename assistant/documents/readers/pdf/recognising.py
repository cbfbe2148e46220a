"""Words recognised in a picture of a page, by Tesseract where it is installed."""

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import TYPE_CHECKING

from assistant.documents.readers.pdf.words import Word

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_DOTS_PER_INCH = 300
_POINTS = 72 / _DOTS_PER_INCH
_TIMEOUT_S = 120
_LARGEST_SIDE = 6000
# Tesseract's own confidence, from 0 to 100: below this a page is noise, and a word too.
_LEAST_SURE_PAGE = 60.0
_LEAST_SURE_WORD = 20.0
_LINE_HEIGHT = 1.25
ABSENT = "it is a picture, and Tesseract, which would read it, is not installed"
FAILED = "it is a picture, and Tesseract could not read it"
UNSURE = "it is a picture in which too few words are clear"
EMPTY = "it is a picture without words"


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words in a picture, in points as the page is shown; ``why`` there are none."""

    words: tuple[Word, ...] = ()
    why: str = ""


def find_tesseract() -> str | None:
    """The program's path, where it is installed."""
    return shutil.which("tesseract")


def recognise(page: "PdfPage", program: str | None) -> Recognised:
    """The words of a page that is a picture."""
    if program is None:
        return Recognised(why=ABSENT)
    scale = min(1 / _POINTS, _LARGEST_SIDE / max(page.get_size()))
    bitmap = page.render(scale=scale, grayscale=True)
    picture = io.BytesIO()
    bitmap.to_pil().save(picture, "PNG")
    bitmap.close()
    try:
        done = subprocess.run(  # noqa: S603 - the program is the one installed, the input a picture
            [program, "stdin", "stdout", "--dpi", str(_DOTS_PER_INCH), "--psm", "3", "tsv"],
            input=picture.getvalue(),
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError):
        return Recognised(why=FAILED)
    found = list(_read_rows(done.stdout.decode("utf-8", "replace")))
    if not found:
        return Recognised(why=EMPTY)
    if mean(row.sure for row in found) < _LEAST_SURE_PAGE:
        return Recognised(why=UNSURE)
    return Recognised(tuple(_make_words(found, scale)))


@dataclass(frozen=True, slots=True)
class _Row:
    """A word of Tesseract's table, in pixels; ``line`` names the line it is on."""

    text: str
    line: tuple[str, ...]
    left: int
    top: int
    width: int
    height: int
    sure: float


def _read_rows(table: str) -> Iterator[_Row]:
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row["text"] or "").strip()
        sure = float(row["conf"] or -1)
        if text and sure >= _LEAST_SURE_WORD:
            line = tuple(row[name] for name in ("block_num", "par_num", "line_num"))
            left, top, width, height = (int(row[n]) for n in ("left", "top", "width", "height"))
            yield _Row(text, line, left, top, width, height, sure)


def _make_words(rows: Sequence[_Row], scale: float) -> Iterator[Word]:
    """Each line's words with the line's own height, so that they are of one size."""
    lines: dict[tuple[str, ...], list[_Row]] = {}
    for row in rows:
        lines.setdefault(row.line, []).append(row)
    heights = {line: max(row.height for row in own) / scale for line, own in lines.items()}
    usual = median(heights.values())
    for line, own in lines.items():
        height = heights[line]
        # Small differences come from which letters a line has.
        size = (usual if 0.7 < height / usual < 1.3 else height) / _LINE_HEIGHT
        top = min(row.top for row in own) / scale
        bottom = max(row.top + row.height for row in own) / scale
        for row in own:
            yield Word(
                row.text, row.left / scale, top, (row.left + row.width) / scale, bottom, size
            )
