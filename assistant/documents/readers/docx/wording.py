"""A paragraph's words as they stand once every tracked change is accepted."""

from dataclasses import dataclass, field
from typing import Any

from assistant.documents.readers.building import raise_digits
from assistant.documents.readers.docx.opening import W

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Deleted or moved away, or beside the text: field codes, comments, what older programs show.
_LEFT_OUT = frozenset(
    {
        f"{W}del",
        f"{W}moveFrom",
        f"{W}delText",
        f"{W}instrText",
        f"{W}delInstrText",
        f"{W}pPr",
        f"{W}rPr",
        f"{W}rt",
        f"{_MC}Fallback",
    }
)
_BOX = f"{W}txbxContent"
_AS_SPACE = frozenset({f"{W}tab", f"{W}br", f"{W}cr", f"{W}ptab"})
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_PICTURES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
# What the Symbol font shows for these codes.
_SYMBOLS = {
    "b3": "≥",
    "a3": "≤",
    "b1": "±",
    "b0": "°",
    "6d": "µ",
    "61": "α",
    "62": "β",
    "44": "Δ",
    "b4": "×",
    "bb": "≈",
    "ae": "→",
    "b7": "•",
}
UNKNOWN_SIGN = "\ufffd"


@dataclass(slots=True)
class Words:
    """``notes`` are (kind, id) of those called; ``boxes`` the text boxes anchored here.

    ``bold``: all of the words are.
    """

    parts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    pictures: int = 0
    bold: bool = True

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


def is_on(properties: Any | None, name: str) -> bool | None:
    """A switch of a paragraph's or run's properties; ``None`` where it is not there."""
    found = None if properties is None else properties.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val") not in ("0", "false", "off", "none")


def read_words(paragraph: Any, number_note: Any) -> Words:
    """The words below an element; ``number_note`` gives each note called its number."""
    words = Words()
    _read(paragraph, words, None, number_note)
    return words


def _read(element: Any, words: Words, run: Any | None, number_note: Any) -> None:
    for child in element:
        tag = child.tag
        if tag in _LEFT_OUT or not isinstance(tag, str):
            continue
        if tag == _BOX:
            words.boxes.append(child)
        elif tag in _AS_SPACE:
            words.parts.append(" ")
        elif tag in _NOTES:
            note = _NOTES[tag], child.get(f"{W}id")
            words.notes.append(note)
            words.parts.append(raise_digits(str(number_note(note))))
        elif tag == f"{W}r":
            properties = child.find(f"{W}rPr")
            if not (
                is_on(properties, "vanish")
                or is_on(properties, "strike")
                or is_on(properties, "dstrike")
            ):
                _read(child, words, properties, number_note)
        elif tag in (f"{W}t", f"{_M}t"):
            _add(child.text or "", words, run)
        elif tag == f"{W}noBreakHyphen":
            words.parts.append("-")
        elif tag == f"{W}sym":
            words.parts.append(_symbol(child))
        else:
            words.pictures += tag in _PICTURES and _shows_picture(child)
            _read(child, words, run, number_note)


def _add(text: str, words: Words, run: Any | None) -> None:
    raised = None if run is None else run.find(f"{W}vertAlign")
    if raised is not None and raised.get(f"{W}val") == "superscript":
        text = raise_digits(text)
    elif text.strip() and not is_on(run, "b"):
        words.bold = False
    words.parts.append(text.replace("\u00ad", ""))


def _symbol(element: Any) -> str:
    font = (element.get(f"{W}font") or "").lower()
    code = (element.get(f"{W}char") or "").lower()[-2:]
    return _SYMBOLS.get(code, UNKNOWN_SIGN) if font == "symbol" else UNKNOWN_SIGN


def _shows_picture(element: Any) -> bool:
    """Whether it holds a picture, chart or diagram, and not just a box of text or a line."""
    names = {child.tag.rsplit("}", 1)[-1] for child in element.iter() if isinstance(child.tag, str)}
    return bool(names & {"pic", "chart", "relIds", "imagedata", "OLEObject"})
