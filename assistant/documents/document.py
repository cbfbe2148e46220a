"""One guideline text, read once, never altered afterwards; every offset indexes its text."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.documents.pages import Paged
from assistant.documents.reading import READ, Reading
from assistant.spans import Span


class BlockKind(StrEnum):
    """What a run of a document's text is.

    ``LEAD`` is a line such as "Look for:" that gives the bullets below it their meaning.
    ``FURNITURE`` (menus, disclaimers, review banners) and ``REFERENCES`` stay in the text, so the
    source can be shown whole, but are never searched or quoted.
    """

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LEAD = "lead"
    BULLET = "bullet"
    ROW = "row"
    FURNITURE = "furniture"
    REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, bullet or table row; its span leaves out marks such as "#" and "-".

    ``level`` is the heading's depth (1-6) or the bullet's nesting (0 outermost), else 0.
    """

    kind: BlockKind
    span: Span
    level: int = 0


@dataclass(frozen=True, slots=True)
class SourceKey:
    """A source cited by the statement that ends at ``position`` (an offset into the text)."""

    position: int
    key: str


@dataclass(frozen=True, slots=True)
class Review:
    """Where a document stands in review: submitted, under review or approved; by whom, when."""

    status: str | None = None
    by: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What a document says about itself; ``None`` where it says nothing. Dates as YYYY-MM-DD.

    ``withdrawn``: it must not be quoted, ``reason`` says why. ``local_policy_over`` are the ids of
    the documents that it goes before where its ``owner`` works.
    """

    population: str | None = None
    published: str | None = None
    updated: str | None = None
    review: Review = Review()
    licence: str | None = None
    version: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    withdrawn: bool = False
    reason: str | None = None
    owner: str | None = None
    local_policy_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """``blocks`` are in order and do not overlap; ``source_keys`` are in order of position.

    ``reading`` says what of the file was read; ``paged`` is there for a file that has pages.
    """

    doc_id: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    source_keys: tuple[SourceKey, ...] = ()
    description: Description = Description()
    reading: Reading = READ
    paged: Paged | None = None
