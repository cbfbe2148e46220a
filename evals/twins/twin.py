"""A twin of a gold question: the same with one thing changed, and what it promises to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isclose
from typing import Protocol

from assistant import Turn
from evals.transcript import ANSWERED, Shown, Transcript


class TwinKind(StrEnum):
    """The one thing that was changed."""

    NEGATION = "negation flipped"
    LIMIT = "value at a limit"
    UNIT = "unit changed"
    SYNONYM = "synonym swapped"
    ABBREVIATION = "abbreviation swapped"
    TYPO = "typo added"
    PADDING = "polite padding"
    ORDER = "sentences reordered"
    DISTRACTOR = "distractor document added"
    INJECTION = "injection added to a document"
    REMOVAL = "cited document removed"


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether a promise was kept, and why."""

    kept: bool
    reason: str


class Promise(Protocol):
    """What must stay, or must change, from a question's answer to its twin's."""

    def judge(self, before: Transcript, after: Transcript) -> Kept: ...


@dataclass(frozen=True, slots=True)
class Twin:
    """``change`` says in words what was changed."""

    kind: TwinKind
    of: str
    question: str
    change: str
    promises: tuple[Promise, ...]
    turns: tuple[Turn, ...] = ()

    @property
    def twin_id(self) -> str:
        return f"{self.of} · {self.kind} · {self.change}"


@dataclass(frozen=True, slots=True)
class OutcomeStays:
    """Answered stays answered, refused stays refused."""

    def judge(self, before: Transcript, after: Transcript) -> Kept:
        same = before.outcome == after.outcome
        return Kept(same, f"outcome {before.outcome}" + ("" if same else f" → {after.outcome}"))


@dataclass(frozen=True, slots=True)
class FirstQuoteStays:
    """The first quote is the same statement; nothing is asked of a refusal."""

    def judge(self, before: Transcript, after: Transcript) -> Kept:
        if before.outcome != ANSWERED or not before.quotes:
            return Kept(True, "there was no quote")
        first = before.quotes[0]
        if not after.quotes:
            return Kept(False, f"the first quote, “{_short(first.text)}”, is gone")
        if _same(first, after.quotes[0]):
            return Kept(True, "the first quote is the same")
        place = next((quote.number for quote in after.quotes if _same(first, quote)), None)
        now = f"quote {place}" if place else "gone"
        return Kept(False, f"the first quote, “{_short(first.text)}”, is now {now}")


@dataclass(frozen=True, slots=True)
class FindingsStay:
    """Every finding is as before; numbers within ``tolerance``."""

    tolerance: float = 1e-6

    def judge(self, before: Transcript, after: Transcript) -> Kept:
        changed = [
            f"{fact}: {before.finding(fact)} → {after.finding(fact)}"
            for fact in dict.fromkeys((*before.findings, *after.findings))
            if not self._same(before, after, fact)
        ]
        return Kept(not changed, "; ".join(changed) or "every finding is the same")

    def _same(self, before: Transcript, after: Transcript, fact: str) -> bool:
        one, other = before.finding(fact), after.finding(fact)
        if one.presence != other.presence:
            return False
        return all(
            a == b or (a is not None and b is not None and isclose(a, b, abs_tol=self.tolerance))
            for a, b in ((one.low, other.low), (one.high, other.high))
        )


@dataclass(frozen=True, slots=True)
class VerdictStays:
    """The check comes to the same verdict."""

    def judge(self, before: Transcript, after: Transcript) -> Kept:
        same = before.verdict == after.verdict
        return Kept(same, f"verdict {before.verdict}" + ("" if same else f" → {after.verdict}"))


@dataclass(frozen=True, slots=True)
class FindingBecomes:
    """The fact is read as present ("true") or absent ("false")."""

    fact: str
    presence: str

    def judge(self, before: Transcript, after: Transcript) -> Kept:
        read = after.finding(self.fact)
        return Kept(
            read.presence == self.presence,
            f"{self.fact}: {before.finding(self.fact)} → {read}",
        )


@dataclass(frozen=True, slots=True)
class NumberBecomes:
    """The fact's number is read as this one."""

    fact: str
    value: float

    def judge(self, before: Transcript, after: Transcript) -> Kept:
        read = after.finding(self.fact)
        right = read.value is not None and isclose(read.value, self.value, abs_tol=1e-6)
        return Kept(right, f"{self.fact}: {before.finding(self.fact)} → {read}")


@dataclass(frozen=True, slots=True)
class NoRuleHolds:
    """None of the rules holds."""

    rules: tuple[str, ...]

    def judge(self, before: Transcript, after: Transcript) -> Kept:
        holding = [rule for rule in self.rules if after.rules.get(rule) == "true"]
        listed = ", ".join(holding or self.rules)
        return Kept(not holding, f"{listed}: {'must not hold' if holding else 'not holding'}")


@dataclass(frozen=True, slots=True)
class NoQuoteFrom:
    """Nothing is quoted from the document, or nothing with these words of it."""

    document: str
    words: str = ""

    def judge(self, before: Transcript, after: Transcript) -> Kept:
        for quote in (*after.quotes, *after.nearest):
            if quote.document == self.document and self.words in quote.text:
                return Kept(False, f"quote {quote.number}: “{_short(quote.text)}”")
        return Kept(True, f"nothing quoted from {self.document}" if not self.words else "not shown")


def judge(twin: Twin, before: Transcript, after: Transcript) -> Kept:
    """All its promises together; an error keeps none."""
    if after.error:
        return Kept(False, after.error)
    judged: Sequence[Kept] = [promise.judge(before, after) for promise in twin.promises]
    broken = [one.reason for one in judged if not one.kept]
    return Kept(not broken, "; ".join(broken or [one.reason for one in judged]))


def _same(one: Shown, other: Shown) -> bool:
    return one.document == other.document and max(one.start, other.start) < min(one.end, other.end)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
