"""Checklists and scores filled in from a case: ``lexicon/calculators.yaml`` of a library."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from assistant.case.case import Case
from assistant.case.criteria import Criterion, evaluate, facts_of, parse_criterion
from assistant.case.facts import Facts
from assistant.documents.document import Document
from assistant.errors import ReadError
from assistant.pathways.pathway import Citation, unplaced
from assistant.spans import Span
from assistant.truth import Truth
from assistant.yaml_files import read_yaml

CALCULATORS_FILE = "lexicon/calculators.yaml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class CalculatorKind(StrEnum):
    """``CHECKLIST``: met when every item is. ``SCORE``: the sum of a fact's items."""

    CHECKLIST = "checklist"
    SCORE = "score"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Item(_Entry):
    id: Text
    text: Text
    when: Any


class Band(_Entry):
    """What a score from ``low`` to ``high``, both included, means."""

    low: Annotated[int, Field(alias="from")]
    high: Annotated[int, Field(alias="to")]
    text: Text


class _Citation(_Entry):
    document: Text
    quote: Text


class _Calculator(_Entry):
    id: Text
    kind: CalculatorKind
    title: Text
    items: tuple[_Item, ...] = ()
    fact: Text | None = None
    bands: tuple[Band, ...] = ()
    caution: Text
    cite: Annotated[tuple[_Citation, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a calculator; ``points`` is 0 in a checklist."""

    id: str
    text: str
    when: Criterion
    points: int = 0


@dataclass(frozen=True, slots=True)
class Calculator:
    """A checklist or score with the caution that goes with every result.

    ``lost`` are quotations that the library does not have: they are never shown.
    """

    id: str
    kind: CalculatorKind
    title: str
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    caution: str
    citations: tuple[Citation, ...]
    lost: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Calculated:
    """A calculator filled in. ``low`` and ``high`` bound a score; ``met`` is a checklist's result.

    ``band`` is None unless both ends of the score fall into one: an unknown item is never zero.
    """

    calculator: Calculator
    items: tuple[tuple[Item, Truth], ...]
    met: Truth | None = None
    low: int | None = None
    high: int | None = None
    band: str | None = None


def calculate(calculators: Sequence[Calculator], case: Case) -> tuple[Calculated, ...]:
    """Each calculator of which the case itself states at least one item's fact."""
    stated = {name for name, finding in case.findings.items() if finding.evidence}
    return tuple(
        _fill_in(calculator, case)
        for calculator in calculators
        if calculator.kind is CalculatorKind.CHECKLIST
        or any(stated & {*facts_of(item.when)} for item in calculator.items)
    )


def _fill_in(calculator: Calculator, case: Case) -> Calculated:
    items = tuple((item, evaluate(item.when, case)) for item in calculator.items)
    if calculator.kind is CalculatorKind.CHECKLIST:
        return Calculated(calculator, items, met=Truth.all(truth for _, truth in items))
    low = sum(item.points for item, truth in items if truth is Truth.TRUE)
    high = sum(item.points for item, truth in items if truth is not Truth.FALSE)
    bands = [b.text for b in calculator.bands if b.low <= low and high <= b.high]
    return Calculated(calculator, items, low=low, high=high, band=bands[0] if bands else None)


def load_calculators(
    corpus: Path, facts: Facts, documents: Mapping[str, Document], *, strict: bool = False
) -> tuple[Calculator, ...]:
    """Those of a corpus folder, none where it has no such file. ReadError names the entry.

    ``strict``: a quotation that is not in its document is a fault too.
    """
    path = corpus / CALCULATORS_FILE
    if not path.is_file():
        return ()
    try:
        plain = read_yaml(path.read_text(encoding="utf-8"))
        entries = TypeAdapter(tuple[_Calculator, ...]).validate_python(plain)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReadError(str(path), " ".join(str(error).split())) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ReadError(str(path), f"entry {where}: {first['msg']}") from error
    calculators = []
    for entry in entries:
        try:
            items = tuple(_items(entry, facts))
            found = [(one, _cite(one, documents, strict=strict)) for one in entry.cite]
        except ValueError as error:
            raise ReadError(str(path), f"calculator '{entry.id}': {error}") from error
        calculators.append(
            Calculator(
                entry.id,
                entry.kind,
                entry.title,
                items,
                entry.bands,
                entry.caution,
                tuple(cited for _, cited in found if cited is not None),
                tuple(unplaced(one.document, one.quote) for one, cited in found if cited is None),
            )
        )
    return tuple(calculators)


def _items(entry: _Calculator, facts: Facts) -> Iterator[Item]:
    if entry.kind is CalculatorKind.CHECKLIST:
        if not entry.items:
            raise ValueError("a checklist needs items")
        for item in entry.items:
            yield Item(item.id, item.text, parse_criterion(item.when, facts.measures))
        return
    if entry.fact is None or entry.fact not in facts.scores:
        raise ValueError(f"there is no score '{entry.fact}' among the facts")
    for number, (criterion, points) in enumerate(facts.scores[entry.fact], start=1):
        named = next(facts_of(criterion))
        yield Item(str(number), facts.by_id[named].question, criterion, points)


def _cite(entry: _Citation, documents: Mapping[str, Document], *, strict: bool) -> Citation | None:
    document = documents.get(entry.document)
    start = document.text.find(entry.quote) if document else -1
    if document is None or start < 0:
        if strict:
            raise ValueError(f"this is not in '{entry.document}', word for word: '{entry.quote}'")
        return None
    return Citation(document.doc_id, Span(start, start + len(entry.quote)), entry.quote)
