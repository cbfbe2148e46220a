"""What the pathways hold against what the answer advises: issues, omissions and a verdict."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.case.case import Case
from assistant.checking.advice import ActionMention, ActionReader, Advice
from assistant.language.quantities.quantity import Measure
from assistant.pathways.evaluation import Evaluation, Missing, Outcome, Rulebook, rank_missing
from assistant.pathways.pathway import SAFETY_RANK, Rule, RuleStatus, Severity
from assistant.spans import Span

MOST_ASKED = 6
# How an issue begins that is about what the text asks, not about what a quote advises.
ASKED_ABOUT = "Asked about: "


class IssueKind(StrEnum):
    """What is wrong with an answer for this patient."""

    RED_FLAG = "red_flag"
    CONTRAINDICATED = "contraindicated"
    PREMATURE = "premature"
    OMISSION = "omission"
    UNKNOWN_SAFETY_FACT = "unknown_safety_fact"
    UNCONFIRMED = "unconfirmed"


class Verdict(StrEnum):
    """``STOP``: something advised or asked for must not be done, or a red flag is present."""

    CLEAR = "clear"
    CAUTION = "caution"
    STOP = "stop"


class Weight(StrEnum):
    """How much an issue weighs; ``NOTE`` leaves the verdict as it is."""

    NOTE = "note"
    CAUTION = "caution"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Issue:
    """``quotes`` are the numbers of the quotes that it is about; ``rule`` is the one behind it."""

    kind: IssueKind
    weight: Weight
    message: str
    rule: str | None = None
    quotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """``demoted`` are numbers of quotes that must not lead; ``required`` the rules to be quoted.

    ``decisive`` is the rule against what the text asks for: it answers the question.
    """

    verdict: Verdict
    issues: tuple[Issue, ...] = ()
    demoted: tuple[int, ...] = ()
    required: tuple[str, ...] = ()
    decisive: str | None = None

    def to_show(self) -> tuple[Issue, ...]:
        """The issues for people: notes left out, and omissions that another issue tells of."""
        told = {issue.rule for issue in self.issues if issue.kind is not IssueKind.OMISSION}
        return tuple(
            issue
            for issue in self.issues
            if issue.weight is not Weight.NOTE
            and not (issue.kind is IssueKind.OMISSION and issue.rule in told)
        )


@dataclass(frozen=True, slots=True)
class Said:
    """One quote of an answer, as far as the checker needs it."""

    number: int
    text: str
    doc_id: str
    span: Span
    status: str | None = None


def with_issues(check: Check, issues: Iterable[Issue]) -> Check:
    """The check with further issues, the verdict following from all of them."""
    kept = _once((*check.issues, *issues))
    return replace(check, verdict=_verdict(kept), issues=kept)


class Checker:
    """Holds answers against pathways; the same case and quotes, the same verdict."""

    def __init__(self, book: Rulebook, reader: ActionReader) -> None:
        self._book = book
        self._pathways = book.pathways
        self._reader = reader

    def check(
        self, case: Case, evaluations: Sequence[Evaluation], quotes: Sequence[Said] = ()
    ) -> Check:
        """The verdict on quotes, or on the case alone where there are none."""
        holding = [o for evaluation in evaluations for o in evaluation.holding]
        patient = case.about_patient
        asked = self._asked(case)
        advised = {said.number: self._advised(said) for said in quotes}
        issues: list[Issue] = []
        demoted: dict[int, None] = {}
        required: dict[str, None] = {}
        if patient:
            for outcome in holding:
                if outcome.rule.red_flag and not self._book.only_asks(outcome.rule.id):
                    issues.append(self._red_flag(outcome))
                    required[outcome.rule.id] = None
        for said in quotes:
            for action in advised[said.number]:
                found = self._against(action, holding, patient)
                if found is not None:
                    issues.append(self._ill_advised(found, action, said, case))
                    demoted[said.number] = None
                    required[found.rule.id] = None
        decisive = None
        for action in asked:
            found = self._against(action, holding, patient)
            if found is not None:
                issues.append(self._ill_asked(found, action, case))
                required[found.rule.id] = None
                if decisive is None and patient and not self._book.only_asks(found.rule.id):
                    decisive = found.rule.id
        if patient:
            wanted = {*asked, *(action for actions in advised.values() for action in actions)}
            issues += self._standing(holding, wanted, case)
            issues += self._unknown(evaluations, holding)
            issues += _omissions(holding, quotes, required, self._reader)
        issues += [
            Issue(
                IssueKind.UNCONFIRMED,
                Weight.NOTE,
                "Not confirmed by a source that was seen: check it before acting on it.",
                quotes=(said.number,),
            )
            for said in quotes
            if said.status == "unconfirmed"
        ]
        kept = _once(issues)
        return Check(_verdict(kept), kept, tuple(demoted), tuple(required), decisive)

    def _asked(self, case: Case) -> tuple[str, ...]:
        """The actions that the text asks about: named where it tells no finding."""
        told = [
            evidence.span
            for finding in case.findings.values()
            for evidence in finding.evidence
            if not case.facts.by_id[finding.fact].topic and evidence.presence.known
        ]
        named = self._reader.read(case.text)
        return tuple(
            dict.fromkeys(
                mention.action
                for mention in named
                if not any(span.contains(mention.span) for span in told)
                and _is_asked(case.text, mention)
            )
        )

    def _advised(self, said: Said) -> tuple[str, ...]:
        found = (m.action for m in self._reader.read(said.text) if m.advice is Advice.FOR)
        return tuple(dict.fromkeys(found))

    def _against(self, action: str, holding: Iterable[Outcome], patient: bool) -> Outcome | None:
        """The strongest rule that holds against an action; one that only asks comes last."""
        against = [
            outcome
            for outcome in holding
            if any(self._pathways.covers(forbidden, action) for forbidden in outcome.rule.avoid)
            and (patient or not self._book.only_asks(outcome.rule.id))
        ]
        return min(
            against,
            key=lambda o: (
                self._book.only_asks(o.rule.id),
                o.rule.standing is not RuleStatus.VERIFIED,
            ),
            default=None,
        )

    def _name(self, action: str) -> str:
        return self._pathways.actions[action].name

    def _red_flag(self, outcome: Outcome) -> Issue:
        return Issue(IssueKind.RED_FLAG, Weight.STOP, say_rule(outcome.rule), outcome.rule.id)

    def _ill_advised(self, found: Outcome, action: str, said: Said, case: Case) -> Issue:
        if self._book.only_asks(found.rule.id):
            message = f"Advises {self._name(action)}. {say_rule(found.rule)}"
            return Issue(
                IssueKind.UNKNOWN_SAFETY_FACT,
                Weight.CAUTION,
                message,
                found.rule.id,
                (said.number,),
            )
        whom = ", not for this patient" if case.about_patient else ""
        message = f"Advises {self._name(action)}{whom}: "
        kind, weight = _kind(found, case), _weight(found.rule)
        return Issue(kind, weight, message + say_rule(found.rule), found.rule.id, (said.number,))

    def _ill_asked(self, found: Outcome, action: str, case: Case) -> Issue:
        if self._book.only_asks(found.rule.id):
            return Issue(
                IssueKind.UNKNOWN_SAFETY_FACT, Weight.CAUTION, say_rule(found.rule), found.rule.id
            )
        message = f"{ASKED_ABOUT}{self._name(action)}. {say_rule(found.rule)}"
        weight = _weight(found.rule) if case.about_patient else Weight.CAUTION
        return Issue(_kind(found, case), weight, message, found.rule.id)

    def _standing(
        self, holding: Iterable[Outcome], wanted: set[str], case: Case
    ) -> Iterator[Issue]:
        """What is contraindicated for this patient though nobody advised or asked for it."""
        for outcome in holding:
            rule = outcome.rule
            guards = outcome.pathway.rank <= SAFETY_RANK and outcome.because
            if not rule.avoid or not guards or rule.red_flag or self._book.only_asks(rule.id):
                continue
            if any(self._pathways.covers(a, w) for a in rule.avoid for w in wanted):
                continue
            weight = Weight.CAUTION if rule.severity is Severity.ABSOLUTE else Weight.NOTE
            yield Issue(_kind(outcome, case), weight, say_rule(rule), rule.id)

    def _unknown(
        self, evaluations: Sequence[Evaluation], holding: Iterable[Outcome]
    ) -> Iterator[Issue]:
        """The safety facts still unknown where a rule that only asks about them holds."""
        asking = next((o for o in holding if self._book.only_asks(o.rule.id)), None)
        if asking is None:
            return
        missing = [m for m in rank_missing(evaluations) if m.fact.safety]
        if missing:
            yield Issue(
                IssueKind.UNKNOWN_SAFETY_FACT,
                Weight.CAUTION,
                f"{say_rule(asking.rule)} {ask(missing)}",
                asking.rule.id,
            )


def ask(missing: Sequence[Missing]) -> str:
    """The first questions to put, in one line."""
    first = " ".join(m.fact.question for m in missing[:MOST_ASKED])
    more = len(missing) - MOST_ASKED
    return f"{first} And {more} more." if more > 0 else first


_WANTED = re.compile(
    r"\b(?:needs?|wants?|requests?|requesting|plan(?:s|ned|ning)?|due|booked|consider(?:s|ed|ing)?"
    r"|thinking of|asks? for|asking for|referred for|requires?|proceed|awaiting|listed for)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\W*(?:can|could|should|shall|may|is|are|do|does|would|what|when|how|which|will|must|why|ok"
    r"|safe)\b",
    re.IGNORECASE,
)


def _is_asked(text: str, mention: ActionMention) -> bool:
    """Whether the sentence of the mention asks, or says that somebody wants it."""
    start = max(text.rfind(sign, 0, mention.span.start) for sign in ".?!;\n") + 1
    ends = [i for sign in ".?!\n" if (i := text.find(sign, mention.span.end)) >= 0]
    sentence = text[start : min(ends, default=len(text)) + 1].strip()
    wanted = _WANTED.search(text[start : mention.span.start])
    return sentence.endswith("?") or bool(_OPENS.match(sentence) or wanted)


_LEFT_OUT = "Added, because the answer left it out"
_LACKED = "The answer left this out, and there is no quotation to add"


def say_rule(rule: Rule) -> str:
    """What the rule says, and where it lost a quotation, that it needs review."""
    needs_review = rule.standing is RuleStatus.NEEDS_REVIEW
    return f"{rule.text}{' (This rule needs review.)' if needs_review else ''}"


def _kind(outcome: Outcome, case: Case) -> IssueKind:
    """Premature where it is a matter of time alone, else contraindicated."""
    facts = case.facts.by_id
    times = [fact for fact in outcome.because if facts[fact].measure is Measure.DURATION]
    return IssueKind.PREMATURE if times else IssueKind.CONTRAINDICATED


def _weight(rule: Rule) -> Weight:
    return Weight.STOP if rule.severity is Severity.ABSOLUTE else Weight.CAUTION


def _omissions(
    holding: Iterable[Outcome],
    quotes: Sequence[Said],
    required: Mapping[str, None],
    reader: ActionReader,
) -> Iterator[Issue]:
    """Required rules that no quote of the answer carries: none cites them or names what they do."""
    if not quotes:
        return
    named = {mention.action for said in quotes for mention in reader.read(said.text)}
    for outcome in holding:
        rule = outcome.rule
        if rule.id not in required:
            continue
        cited = any(
            said.doc_id == citation.doc_id and said.span.overlaps(citation.span)
            for citation in rule.citations
            for said in quotes
        )
        if not cited and not {*rule.do} & named:
            yield Issue(
                IssueKind.OMISSION,
                Weight.CAUTION,
                f"{_LEFT_OUT if rule.citations else _LACKED}: {say_rule(rule)}",
                rule.id,
            )


def _once(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Each rule's issue of a kind once, the quotes taken together; the heaviest first."""
    merged: dict[tuple[IssueKind, str | None, str], Issue] = {}
    for issue in issues:
        key = (issue.kind, issue.rule, issue.message)
        earlier = merged.get(key)
        numbers = (*earlier.quotes, *issue.quotes) if earlier else issue.quotes
        merged[key] = Issue(
            issue.kind, issue.weight, issue.message, issue.rule, tuple(dict.fromkeys(numbers))
        )
    order = [Weight.STOP, Weight.CAUTION, Weight.NOTE]
    return tuple(sorted(merged.values(), key=lambda issue: order.index(issue.weight)))


def _verdict(issues: Iterable[Issue]) -> Verdict:
    weights = {issue.weight for issue in issues}
    if Weight.STOP in weights:
        return Verdict.STOP
    return Verdict.CAUTION if Weight.CAUTION in weights else Verdict.CLEAR
