"""What the assistant said to one question, as plain values that can be compared and kept."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant import Assistant, AssistantError, Consultation, Turn
from assistant.errors import StoreError

ANSWERED = "answered"
# An outcome of our own: asking raised an error. It counts as silence, never as a refusal.
ERROR = "error"


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote as it was shown."""

    number: int
    document: str
    section: str
    start: int
    end: int
    text: str
    role: str
    status: str | None

    @property
    def place(self) -> tuple[str, int, int]:
        return self.document, self.start, self.end


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of one fact; ``low`` and ``high`` are equal for an exact number.

    ``words`` are the stretches of the question that say it, none where it was inferred or where an
    earlier message said it.
    """

    presence: str
    low: float | None = None
    high: float | None = None
    words: tuple[tuple[int, int], ...] = ()

    @property
    def value(self) -> float | None:
        """The number, where it is exact."""
        return self.low if self.low == self.high else None

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            return {"true": "present", "false": "absent"}.get(self.presence, "unknown")
        ends = dict.fromkeys(f"{end:g}" for end in (self.low, self.high) if end is not None)
        return "–".join(ends)


UNREAD = Read("unknown")


@dataclass(frozen=True, slots=True)
class Objection:
    """An issue of the check."""

    kind: str
    weight: str
    rule: str | None
    message: str
    quotes: tuple[int, ...]

    @property
    def is_shown(self) -> bool:
        """Whether people see it as more than a note."""
        return self.weight != "note"


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything an answer is scored by; equal transcripts are equal answers.

    ``rules`` holds what each rule came to, those of pathways that do not apply left out. ``found``
    are the passages, best first, and ``top_score`` the first one's. ``rest`` is what else the
    answer says, in one string.
    """

    outcome: str
    confidence: float = 0.0
    quotes: tuple[Shown, ...] = ()
    nearest: tuple[Shown, ...] = ()
    findings: Mapping[str, Read] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    about_patient: bool = False
    verdict: str | None = None
    objections: tuple[Objection, ...] = ()
    found: tuple[tuple[str, int, int], ...] = ()
    top_score: float = 0.0
    rest: str = ""
    error: str | None = None

    def finding(self, fact: str) -> Read:
        """What was read of a fact; unknown where nothing was."""
        return self.findings.get(fact, UNREAD)


@dataclass(frozen=True, slots=True)
class Asked:
    """A transcript with the time it took."""

    transcript: Transcript
    seconds: float


def ask(assistant: Assistant, question: str, turns: Sequence[Turn] = ()) -> Asked:
    """Ask once. An error in answering is an outcome; one of the store ends the run."""
    started = time.perf_counter()
    try:
        consultation = assistant.ask(question, history=turns)
    except StoreError:
        raise
    except AssistantError as error:
        return Asked(Transcript(ERROR, error=str(error)), time.perf_counter() - started)
    return Asked(transcribe(consultation), time.perf_counter() - started)


def transcribe(consultation: Consultation) -> Transcript:
    """A consultation without its timings; figures rounded as ``ask --json`` rounds them."""
    answer, examination = consultation.answer, consultation.examination
    hits = consultation.hits
    return Transcript(
        outcome=answer.outcome.value,
        confidence=round(answer.confidence, 4),
        quotes=tuple(map(_shown, answer.quotes)),
        nearest=tuple(map(_shown, answer.nearest)),
        findings={name: _read(one) for name, one in examination.case.findings.items()},
        rules={
            outcome.rule.id: outcome.truth.value
            for evaluation in examination.evaluations
            for outcome in evaluation.outcomes
            if evaluation.applies.value != "false"
        },
        about_patient=examination.case.about_patient,
        verdict=consultation.check.verdict.value,
        objections=tuple(
            Objection(issue.kind.value, issue.weight.value, issue.rule, issue.message, issue.quotes)
            for issue in consultation.check.issues
        ),
        found=tuple((h.passage.doc_id, h.passage.span.start, h.passage.span.end) for h in hits),
        top_score=round(hits[0].score, 6) if hits else 0.0,
        rest=_rest(consultation),
    )


def _shown(quote: Any) -> Shown:
    return Shown(
        quote.number,
        quote.doc_id,
        quote.section,
        quote.span.start,
        quote.span.end,
        quote.text,
        quote.role.value,
        quote.status,
    )


def _read(finding: Any) -> Read:
    quantity = finding.quantity
    return Read(
        finding.presence.value,
        quantity.low if quantity else None,
        quantity.high if quantity else None,
        tuple((one.span.start, one.span.end) for one in finding.evidence if not one.turn),
    )


def _rest(consultation: Consultation) -> str:
    examination = consultation.examination
    return repr(
        (
            consultation.answer.direct,
            sorted(consultation.rule_quotes.items()),
            sorted(consultation.references),
            [(one.fact.id, one.decides) for one in examination.missing],
            examination.flips,
            [(one.calculator.id, one.met, one.low, one.high) for one in examination.calculated],
        )
    )
