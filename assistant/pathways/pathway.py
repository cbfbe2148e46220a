"""A computable pathway: rules that a case is held against, each with its quotation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.case.criteria import All, Criterion
from assistant.spans import Span

ALWAYS = All(())
# Pathways of this rank or a stronger one guard the patient: what they forbid is not advised, and
# what they leave open is not cleared.
SAFETY_RANK = 30


class RuleStatus(StrEnum):
    """Whether a rule's evidence was seen; one that was not says so wherever it shows.

    ``NEEDS_REVIEW`` is written in no file: a rule comes to it by itself when a quotation that it
    rests on is no longer in the library. It is held against the patient all the same.
    """

    VERIFIED = "verified"
    UNCONFIRMED = "unconfirmed"
    NEEDS_REVIEW = "needs review"


class Strength(StrEnum):
    """How strongly the source recommends."""

    STRONG = "strong"
    CONDITIONAL = "conditional"


class Severity(StrEnum):
    """``ABSOLUTE``: never while the rule holds. ``RELATIVE``: only with good reason."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"


class Mode(StrEnum):
    """Whether every rule that holds counts, or only the first."""

    ALL = "all"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done; ``names`` are how a sentence says it.

    What forbids an action forbids every action ``within`` it.
    """

    id: str
    name: str
    names: tuple[str, ...] = ()
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation and where it stands: ``text`` is the document's text at ``span``."""

    doc_id: str
    span: Span
    text: str


def unplaced(doc_id: str, text: str) -> Citation:
    """A quotation of which it is not known where it stands: only for those that are ``lost``."""
    return Citation(doc_id, Span(0, len(text)), text)


@dataclass(frozen=True, slots=True)
class Rule:
    """``do`` and ``avoid`` are action ids; ``text`` says the rule in one plain sentence.

    ``when`` is the rule's own criterion as written. ``overrides`` names the rules whose
    recommendations yield to this rule's prohibitions, or whose prohibitions yield to its
    recommendations. A ``red_flag`` comes before everything else. ``status`` is as written;
    ``lost`` are quotations that the library does not have: they are never shown.
    """

    id: str
    text: str
    when: Criterion
    do: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    status: RuleStatus = RuleStatus.UNCONFIRMED
    strength: Strength | None = None
    certainty: str | None = None
    severity: Severity = Severity.ABSOLUTE
    window: str | None = None
    population: str | None = None
    red_flag: bool = False
    overrides: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    lost: tuple[Citation, ...] = ()
    line: int = 0

    @property
    def standing(self) -> RuleStatus:
        """The status that shows: a rule without all of its quotations needs review."""
        return RuleStatus.NEEDS_REVIEW if self.lost else self.status


@dataclass(frozen=True, slots=True)
class Pathway:
    """``rank`` states precedence: what a lower rank forbids, no higher one may recommend.

    ``entry`` says to whom it applies; every case that enters must meet at least one rule.
    ``monotone``: learning more never turns one of its prohibitions into silence.
    """

    id: str
    title: str
    version: str
    rank: int
    entry: Criterion
    rules: tuple[Rule, ...]
    mode: Mode = Mode.ALL
    population: str | None = None
    monotone: bool = True
    path: str = ""


@dataclass(frozen=True, slots=True)
class Pathways:
    """All pathways of a library in the order of their rank, with the vocabulary of actions."""

    pathways: tuple[Pathway, ...] = ()
    actions: Mapping[str, Action] = field(default_factory=dict)

    @property
    def rules(self) -> dict[str, Rule]:
        """Every rule by id."""
        return {rule.id: rule for pathway in self.pathways for rule in pathway.rules}

    @property
    def owners(self) -> dict[str, Pathway]:
        """The pathway that each rule belongs to."""
        return {rule.id: pathway for pathway in self.pathways for rule in pathway.rules}

    def covers(self, forbidden: str, action: str) -> bool:
        """Whether what forbids the one forbids the other: the same, or within it."""
        at: str | None = action
        while at is not None:
            if at == forbidden:
                return True
            found = self.actions.get(at)
            at = found.within if found else None
        return False
