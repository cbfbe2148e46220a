"""Why the rules that bear on an answer hold: the findings behind them, and quotes that say why."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.answer import Quote
from assistant.case.case import Case
from assistant.case.criteria import facts_of
from assistant.checking.check import Check
from assistant.pathways.evaluation import Evaluation, Outcome
from assistant.pathways.pathway import Rule

_GIVES_REASON = re.compile(
    r"\b(?:because|since|so that|in order to|owing to|due to|as (?:it|they|this|these)|to avoid"
    r"|to prevent|on the evidence of|the reason)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """A finding behind a rule: the words that told it, and why it matters, where that is known."""

    fact: str
    said: tuple[str, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that holds with its grounds; ``quotes`` are the numbers of its quotations."""

    rule: Rule
    grounds: tuple[Ground, ...]
    quotes: tuple[int, ...]


def explain_rules(
    case: Case,
    evaluations: Sequence[Evaluation],
    check: Check,
    quotes_of_rules: Mapping[str, tuple[int, ...]],
) -> tuple[Reason, ...]:
    """The rules that hold and are quoted in the answer or named by its check, in their order."""
    named = {issue.rule for issue in check.to_show()}
    return tuple(
        Reason(
            outcome.rule,
            _grounds(outcome, case),
            quotes_of_rules.get(outcome.rule.id, ()),
        )
        for evaluation in evaluations
        for outcome in evaluation.holding
        if outcome.rule.id in named or outcome.rule.id in quotes_of_rules
    )


def give_reasons(quotes: Sequence[Quote]) -> tuple[int, ...]:
    """The numbers of the quotes that say why in their own words."""
    return tuple(quote.number for quote in quotes if _GIVES_REASON.search(quote.text))


def _grounds(outcome: Outcome, case: Case) -> tuple[Ground, ...]:
    """The rule's own findings that are known; to whom its pathway applies is left out.

    A rule that only asks holds for what is not known, and has none.
    """
    own = {*facts_of(outcome.rule.when)}
    entry = {*facts_of(outcome.pathway.entry)} - own
    return tuple(
        Ground(name, tuple(_said(name, case)), case.facts.by_id[name].why)
        for name in outcome.because
        if name in case.findings and case.presence(name).known and name not in entry
    )


def _said(name: str, case: Case) -> Iterator[str]:
    """The words that told a finding, or those it was inferred from."""
    waiting, seen = [name], {name}
    while waiting:
        finding = case.findings.get(waiting.pop(0))
        if finding is None:
            continue
        yield from (evidence.text for evidence in finding.evidence)
        if not finding.evidence:
            new = [other for other in finding.inferred_from if other not in seen]
            seen.update(new)
            waiting += new
