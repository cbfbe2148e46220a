"""What of a file was read and what was not, so that nobody takes a silent gap for completeness."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby


class Extent(StrEnum):
    """How much of the publication the file holds, where its shape tells."""

    FULL_TEXT = "full text"
    ABSTRACT = "abstract"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Unread:
    """What was left out, and why, as "for …" goes on; ``pages`` counts from 1."""

    what: str
    why: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """``pages`` is None for a format that has none; ``images`` are pictures, never read.

    ``recognised`` are the pages whose words were recognised from a picture and may be wrong.
    """

    extent: Extent = Extent.UNKNOWN
    pages: int | None = None
    tables: int = 0
    images: int = 0
    recognised: tuple[int, ...] = ()
    unread: tuple[Unread, ...] = ()


READ = Reading()


def say_pages(pages: Iterable[int]) -> str:
    """ "page 3" or "pages 1–4, 9"."""
    ordered = sorted(set(pages))
    runs = [
        [page for _, page in run]
        for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])
    ]
    named = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return f"page{'' if len(ordered) == 1 else 's'} {named}"


def say_reading(reading: Reading) -> str:
    """What was read, in a line."""
    extents = {
        Extent.FULL_TEXT: "full text",
        Extent.ABSTRACT: "abstract only",
        Extent.UNKNOWN: "full text or abstract: not known",
    }
    parts = [
        extents[reading.extent],
        _count(reading.pages, "page") if reading.pages else "no page numbers",
        _count(reading.tables, "table") if reading.tables else "no tables",
    ]
    return " · ".join(parts)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def say_unread(reading: Reading) -> list[str]:
    """A sentence for each thing that was not read, or perhaps not rightly."""
    lines = [
        f"Not read: {say_pages(one.pages) if one.pages else one.what}, for {one.why}."
        for one in reading.unread
    ]
    if reading.images:
        count = "one picture" if reading.images == 1 else f"{reading.images} pictures"
        lines.append(f"Not read: {count}, for only words can be quoted.")
    if reading.recognised:
        lines.append(
            f"Recognised from pictures, so compare with the page: {say_pages(reading.recognised)}."
        )
    return lines
