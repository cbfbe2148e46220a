"""An answer after its check: required quotations added, forbidden advice put last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.answer import Added, Answer, Outcome, Quote, QuoteRole
from assistant.answering.roles import tell_role
from assistant.checking.check import Check, Said, Weight
from assistant.pathways.pathway import Citation, Rule

MOST_ADDED = 6
Place = Callable[[Citation], Quote | None]


@dataclass(frozen=True, slots=True)
class Amended:
    """The answer in its final order. ``rules`` gives the numbers of the quotes of each rule."""

    answer: Answer
    check: Check
    rules: Mapping[str, tuple[int, ...]]


def as_said(answer: Answer) -> tuple[Said, ...]:
    """An answer's quotes as the checker reads them."""
    return tuple(Said(q.number, q.text, q.doc_id, q.span, q.status) for q in answer.quotes)


def amend(answer: Answer, check: Check, rules: Mapping[str, Rule], place: Place) -> Amended:
    """Required quotations added, forbidden advice put last, everything numbered anew.

    ``place`` finds a citation in the library, None where the library lacks it. An answer that is
    no answer stays as it is. A rule against what was asked for answers the question, so its
    quotation comes first; then what answered before, then what is pressing.
    """
    if answer.outcome is not Outcome.ANSWERED:
        return Amended(answer, check, {})
    urgent = {issue.rule for issue in check.issues if issue.weight is Weight.STOP}
    added = _add(answer.quotes, check.required, rules, place, urgent, check.decisive)
    deciding = _carries(
        answer.quotes, rules[check.decisive].citations[:1] if check.decisive else ()
    )
    sound = [quote for quote in answer.quotes if quote.number not in check.demoted]
    sound.sort(key=lambda quote: quote.number not in deciding)
    forbidden = [quote for quote in answer.quotes if quote.number in check.demoted]
    leading = [quote for rule, quote in added if rule == check.decisive]
    pressing = [quote for rule, quote in added if rule in urgent and rule != check.decisive]
    others = [quote for rule, quote in added if rule not in urgent and rule != check.decisive]
    keeps_lead = sound[:1] if sound and (sound[0].number in {*answer.direct, *deciding}) else []
    rest = sound[len(keeps_lead) :]
    order = [*leading, *keeps_lead, *pressing, *rest, *others, *forbidden]
    numbers = {quote.number: n for n, quote in enumerate(order, start=1) if quote.number}
    demoted = {numbers[n] for n in check.demoted}
    direct = sorted({1, *(numbers[n] for n in answer.direct)} - demoted) or [1]
    quotes = tuple(
        replace(quote, number=n, role=_role(quote, n, lead=n in direct))
        for n, quote in enumerate(order, start=1)
    )
    quoted = number_rules(rules, quotes)
    issues = tuple(
        replace(
            issue,
            quotes=tuple(
                dict.fromkeys(
                    (
                        *(numbers[n] for n in issue.quotes),
                        *(quoted.get(issue.rule, ()) if issue.rule else ()),
                    )
                )
            ),
        )
        for issue in check.issues
    )
    return Amended(
        replace(answer, quotes=quotes, direct=tuple(direct)),
        replace(check, issues=issues, demoted=tuple(numbers[n] for n in check.demoted)),
        quoted,
    )


def number_rules(rules: Mapping[str, Rule], quotes: Sequence[Quote]) -> dict[str, tuple[int, ...]]:
    """The numbers of the quotes of each rule that has any."""
    numbered = {name: _numbers_of(rule, quotes) for name, rule in rules.items()}
    return {name: found for name, found in numbered.items() if found}


def _add(
    quotes: Sequence[Quote],
    required: Sequence[str],
    rules: Mapping[str, Rule],
    place: Place,
    urgent: set[str | None],
    decisive: str | None,
) -> list[tuple[str, Quote]]:
    """The first quotation of each required rule that the answer lacks, pressing rules first.

    Of the decisive rule it is the first one, whichever others the answer has.
    """
    added: list[tuple[str, Quote]] = []
    for name in sorted(required, key=lambda rule: rule not in urgent):
        rule = rules[name]
        shown = _numbers_of(rule, quotes) or _numbers_of(rule, [quote for _, quote in added])
        if shown and (name != decisive or _carries(quotes, rule.citations[:1])):
            continue
        quote = next((q for citation in rule.citations if (q := place(citation))), None)
        if quote is not None:
            added.append((name, replace(quote, added=Added.CHECK)))
    return added[:MOST_ADDED]


def _numbers_of(rule: Rule, quotes: Sequence[Quote]) -> tuple[int, ...]:
    """The quotes that show one of the rule's quotations, in the order of the rule."""
    return _carries(quotes, rule.citations)


def _carries(quotes: Sequence[Quote], citations: Sequence[Citation]) -> tuple[int, ...]:
    return tuple(
        dict.fromkeys(
            quote.number
            for citation in citations
            for quote in quotes
            if quote.doc_id == citation.doc_id and quote.span.overlaps(citation.span)
        )
    )


def _role(quote: Quote, number: int, *, lead: bool) -> QuoteRole:
    if number == 1 or lead:
        return QuoteRole.DIRECT
    return tell_role(quote.text) if quote.role is QuoteRole.DIRECT else quote.role
