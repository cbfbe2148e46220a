"""Which rules forbid what others recommend, and which of them comes first."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.case.criteria import All, Any, Criterion, Holds, Not, Undecided, walk
from assistant.pathways.evaluation import Rulebook, yields
from assistant.pathways.pathway import SAFETY_RANK, Rule


@dataclass(frozen=True, slots=True)
class Precedence:
    """The rules of a rulebook held against each other, as ``evaluation.yields`` has it."""

    book: Rulebook

    def rank(self, rule: Rule) -> int:
        """That of the rule's pathway; the lower is the stronger."""
        return self.book.owners[rule.id].rank

    def is_check(self, rule: Rule) -> bool:
        """Whether the rule is a red flag or a safety check."""
        return rule.red_flag or self.rank(rule) <= SAFETY_RANK

    def is_above(self, rule: Rule, other: Rule) -> bool:
        """Whether the rule is a red flag and the other none, or a safety check of less rank."""
        if rule.red_flag and not other.red_flag:
            return True
        return self.is_check(rule) and self.rank(rule) < self.rank(other)

    def forbids(self, rule: Rule, action: str) -> bool:
        """Whether the rule forbids the action, or what it is within."""
        return any(self.book.pathways.covers(avoided, action) for avoided in rule.avoid)

    def clashes(self, rule: Rule) -> Iterator[tuple[Rule, tuple[str, ...]]]:
        """The rules that forbid something of what the rule recommends, with what that is."""
        for other in self.book.rules.values():
            actions = tuple(action for action in rule.do if self.forbids(other, action))
            if actions:
                yield other, actions

    def guards(self, rule: Rule, action: str) -> list[Rule]:
        """The rules that forbid the action and that the rule, which recommends it, yields to."""
        return [
            other
            for other in self.book.rules.values()
            if other is not rule and self.forbids(other, action) and yields(rule, other, self.book)
        ]

    def unknowns(self, *rules: Rule) -> Iterator[Undecided]:
        """Every 'unknown' that the rules depend on, through other rules too."""
        waiting = [rule.id for rule in rules]
        seen = set(waiting)
        while waiting:
            for part in walk(self.book.criterion(waiting.pop())):
                if isinstance(part, Undecided):
                    yield part
                if isinstance(part, Holds | Undecided):
                    waiting += [name for name in part.rules if name not in seen]
                    seen.update(part.rules)


def rules_denied(criterion: Criterion, *, denied: bool = False) -> Iterator[str]:
    """The rules that a criterion asks not to hold."""
    match criterion:
        case Not(part):
            yield from rules_denied(part, denied=not denied)
        case All(of) | Any(of):
            for part in of:
                yield from rules_denied(part, denied=denied)
        case Holds(rules) if denied:
            yield from rules
