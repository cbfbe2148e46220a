"""Rules held against the library as it stands: a quotation that it lacks is never shown."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.pathways.calculators import Calculator
from assistant.pathways.pathway import Citation, Pathway, Pathways, Rule
from assistant.spans import Span

ReadText = Callable[[str], str | None]
"""A document's text by id, None where it may not be quoted."""


def anchor_pathways(pathways: Pathways, read_text: ReadText) -> Pathways:
    """The same rules, their quotations where the library has them now.

    A rule that lost one keeps the others and needs review. The very same object where nothing
    changed.
    """
    anchored = tuple(_anchor_pathway(pathway, read_text) for pathway in pathways.pathways)
    if all(now is then for now, then in zip(anchored, pathways.pathways, strict=True)):
        return pathways
    return replace(pathways, pathways=anchored)


def anchor_calculators(
    calculators: tuple[Calculator, ...], read_text: ReadText
) -> tuple[Calculator, ...]:
    """As ``anchor_pathways``."""
    anchored = tuple(_anchor_calculator(one, read_text) for one in calculators)
    if all(now is then for now, then in zip(anchored, calculators, strict=True)):
        return calculators
    return anchored


def _anchor_calculator(calculator: Calculator, read_text: ReadText) -> Calculator:
    kept, lost = _anchor((*calculator.citations, *calculator.lost), read_text)
    if (kept, lost) == (calculator.citations, calculator.lost):
        return calculator
    return replace(calculator, citations=kept, lost=lost)


def _anchor_pathway(pathway: Pathway, read_text: ReadText) -> Pathway:
    rules = tuple(_anchor_rule(rule, read_text) for rule in pathway.rules)
    if all(now is then for now, then in zip(rules, pathway.rules, strict=True)):
        return pathway
    return replace(pathway, rules=rules)


def _anchor_rule(rule: Rule, read_text: ReadText) -> Rule:
    kept, lost = _anchor((*rule.citations, *rule.lost), read_text)
    if (kept, lost) == (rule.citations, rule.lost):
        return rule
    return replace(rule, citations=kept, lost=lost)


def _anchor(
    citations: Sequence[Citation], read_text: ReadText
) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
    """Those that the library has, and those that it lacks."""
    found = [(one, _find(one, read_text(one.doc_id))) for one in citations]
    kept = tuple(now for _, now in found if now is not None)
    return kept, tuple(then for then, now in found if now is None)


def _find(citation: Citation, text: str | None) -> Citation | None:
    """The quotation at its place, or where it moved to."""
    if text is None:
        return None
    span = citation.span
    if span.end <= len(text) and span.of(text) == citation.text:
        return citation
    start = text.find(citation.text)
    if start < 0:
        return None
    return replace(citation, span=Span(start, start + len(citation.text)))
