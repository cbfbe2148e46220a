"""What a paragraph is by its style, its outline level and its numbering."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.documents.readers.docx.opening import W, WordFile

_HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)
_LIST = re.compile(r"list (?:bullet |number )?([2-5])$")
_DEEPEST = 6
_MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A list item's depth from 0, and its number where the list is numbered."""

    depth: int
    number: int | None


def number_of(element: Any | None, otherwise: int, name: str = "val") -> int:
    """The whole number that an element's attribute gives, or another where it gives none."""
    written = "" if element is None else str(element.get(f"{W}{name}") or "")
    return int(written) if written.isascii() and written.isdigit() else otherwise


class Styles:
    """Answers for one document; list items must be asked for in order."""

    def __init__(self, word: WordFile) -> None:
        self._styles = {s.get(f"{W}styleId"): s for s in word.styles.iter(f"{W}style")}
        self._default = next(
            (
                style_id
                for style_id, style in self._styles.items()
                if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") == "1"
            ),
            None,
        )
        self._formats = _read_formats(word.numbering)
        self._counts: Counter[tuple[str, int]] = Counter()

    def names(self, paragraph: Any) -> list[str]:
        """The style's name, small, and those that it is based on."""
        named = (style.find(f"{W}name") for style in self._chain(paragraph))
        return [name.get(f"{W}val", "").lower() for name in named if name is not None]

    def heading_level(self, paragraph: Any) -> int | None:
        """1 to 6, or ``None`` for what is no heading."""
        for name in self.names(paragraph):
            found = _HEADING.match(name)
            if found:
                return min(int(found[1]), _DEEPEST)
        for properties in self._properties(paragraph):
            outline = properties.find(f"{W}outlineLvl")
            if outline is not None:
                level = number_of(outline, 9)
                return min(level + 1, _DEEPEST) if level < 9 else None
        return None

    def list_place(self, paragraph: Any) -> ListPlace | None:
        """Where in which list the paragraph is an item; ``None`` outside lists."""
        number_id: str | None = None
        depth: int | None = None
        for properties in self._properties(paragraph):
            numbering = properties.find(f"{W}numPr")
            if numbering is None:
                continue
            id_element, level = numbering.find(f"{W}numId"), numbering.find(f"{W}ilvl")
            if depth is None and level is not None:
                depth = number_of(level, 0)
            if id_element is not None:
                number_id = id_element.get(f"{W}val")
                break
        if number_id is None or number_id == "0":
            return None
        depth = min(depth or 0, 8)
        format_, start = self._formats.get((number_id, depth), ("bullet", 1))
        for deeper in range(depth + 1, 9):
            self._counts.pop((number_id, deeper), None)
        self._counts[number_id, depth] += 1
        number = self._counts[number_id, depth] + start - 1
        shown = max(depth, self._styled_depth(paragraph))
        return ListPlace(shown, None if format_ in ("bullet", "none") else number)

    def _styled_depth(self, paragraph: Any) -> int:
        """That of "List Bullet 2", which is a list of its own and yet inside another."""
        found = (_LIST.match(name) for name in self.names(paragraph))
        return next((int(one[1]) - 1 for one in found if one), 0)

    def _properties(self, paragraph: Any) -> Iterator[Any]:
        """The paragraph's own properties, then its style's, then those of the styles below."""
        own = paragraph.find(f"{W}pPr")
        if own is not None:
            yield own
        for style in self._chain(paragraph):
            properties = style.find(f"{W}pPr")
            if properties is not None:
                yield properties

    def _chain(self, paragraph: Any) -> Iterator[Any]:
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        style_id = self._default if named is None else named.get(f"{W}val")
        for _ in range(_MOST_STEPS):
            style = self._styles.get(style_id)
            if style is None:
                return
            yield style
            based = style.find(f"{W}basedOn")
            style_id = None if based is None else based.get(f"{W}val")


def _read_formats(numbering: Any | None) -> dict[tuple[str, int], tuple[str, int]]:
    """The format and first number of each list's levels."""
    if numbering is None:
        return {}
    abstract = {a.get(f"{W}abstractNumId"): a for a in numbering.iter(f"{W}abstractNum")}
    formats: dict[tuple[str, int], tuple[str, int]] = {}
    for number in numbering.iter(f"{W}num"):
        based = number.find(f"{W}abstractNumId")
        levels = abstract.get(based.get(f"{W}val")) if based is not None else None
        # A list's own levels come after and override those it is based on.
        for source in (levels, number):
            for level in () if source is None else source.iter(f"{W}lvl"):
                format_, start = level.find(f"{W}numFmt"), level.find(f"{W}start")
                formats[number.get(f"{W}numId"), number_of(level, 0, "ilvl")] = (
                    "decimal" if format_ is None else format_.get(f"{W}val"),
                    number_of(start, 1),
                )
    return formats
