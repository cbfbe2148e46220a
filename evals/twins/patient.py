"""Twins that change the patient: a finding turned round, a number at its limit, another unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from evals.gold import Located
from evals.transcript import Read, Transcript
from evals.twins.twin import (
    FindingBecomes,
    FindingsStay,
    NoRuleHolds,
    NumberBecomes,
    OutcomeStays,
    Promise,
    Twin,
    TwinKind,
    VerdictStays,
)

LIMITS_FILE = Path(__file__).resolve().parent / "limits.yaml"
# A whole number of hours, or a tenth of a degree Fahrenheit, is as near as a changed unit comes.
UNIT_TOLERANCE = 0.06


class Limit(BaseModel):
    """A number's last value on one side of a limit and the first on the other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fact: Annotated[str, Field(min_length=1)]
    unit: str
    also: tuple[str, ...] = ()
    at: float
    past: float
    findings_at: dict[str, bool] = {}
    findings_past: dict[str, bool] = {}
    not_at: tuple[str, ...] = ()
    not_past: tuple[str, ...] = ()


def load_limits(path: Path = LIMITS_FILE) -> tuple[Limit, ...]:
    """The limits, one readable file."""
    plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Limit, ...]).validate_python(plain)


class Patients:
    """Makes such twins of questions that tell of a patient, with the names of the facts."""

    def __init__(self, corpus: Path) -> None:
        self._limits = load_limits()
        self._negations = _Negations(corpus)

    def make(self, located: Located, before: Transcript) -> Iterator[Twin]:
        """Some twins of a question that tells of a patient, none of another."""
        yield from _other_units(located, before)
        if not before.about_patient:
            return
        numbers = {
            fact
            for limit in self._limits
            if before.finding(limit.fact).value is not None
            for fact in (*limit.findings_at, *limit.findings_past)
        }
        yield from self._negations.make(located, before, numbers)
        for limit in self._limits:
            yield from _at_limit(located, before, limit)


def _told(located: Located, change: "_Edit", kind: TwinKind, *promises: Promise) -> Twin:
    return Twin(kind, located.gold.id, change.text, change.words, promises, located.turns)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A question with one stretch of it replaced."""

    text: str
    words: str


def _edit(question: str, start: int, end: int, new: str) -> _Edit:
    text = question[:start] + new + question[end:]
    return _Edit(" ".join(text.split()), f"“{question[start:end].strip()}” → “{new.strip()}”")


def _stated(question: str, read: Read) -> tuple[int, int] | None:
    """Where a number is stated, if it is, once."""
    if read.value is None or len(read.words) != 1:
        return None
    start, end = read.words[0]
    return (start, end) if any(c.isdigit() for c in question[start:end]) else None


_NUMBER_WITH_UNIT = re.compile(r"(\d+(?:\.\d+)?)([-\s]*)(\D*)")


def _at_limit(located: Located, before: Transcript, limit: Limit) -> Iterator[Twin]:
    """Both sides of the limit; what the question states outright is left alone."""
    question = located.gold.question
    place = _stated(question, before.finding(limit.fact))
    concluded = {*limit.findings_at, *limit.findings_past}
    if place is None or any(before.finding(fact).words for fact in concluded):
        return
    stated = _NUMBER_WITH_UNIT.fullmatch(question[place[0] : place[1]])
    if stated is None:
        return
    known = {"", limit.unit.lower(), *(unit.lower() for unit in limit.also)}
    # "74F" becomes "18F", but "3 days" becomes "72 hours".
    same = stated[3].strip().lower() in known
    for value, findings, rules in (
        (limit.at, limit.findings_at, limit.not_at),
        (limit.past, limit.findings_past, limit.not_past),
    ):
        promises: list[Promise] = [NumberBecomes(limit.fact, value)]
        promises += [FindingBecomes(fact, str(is_so).lower()) for fact, is_so in findings.items()]
        promises += [NoRuleHolds(rules)] if rules else []
        number = f"{value:.1f}" if "." in stated[1] else f"{value:g}"
        rest = f"{stated[2]}{stated[3]}" if same else f" {limit.unit}"
        edit = _edit(question, *place, number + rest)
        yield _told(located, edit, TwinKind.LIMIT, *promises)


_HOURS = re.compile(r"(?<![\w.–-])(\d{1,3}) ?(?:hours|hrs|h)\b(?!/)")
_DAYS = re.compile(r"(?<![\w.–-])(?<!day )(?<!days )(\d{1,2}) days?\b(?!-)", re.IGNORECASE)
_STAYS: tuple[Promise, ...] = (OutcomeStays(), FindingsStay(UNIT_TOLERANCE), VerdictStays())


def _other_units(located: Located, before: Transcript) -> Iterator[Twin]:
    """Celsius as Fahrenheit, whole days as hours and hours as days."""
    question = located.gold.question
    temperature = before.finding("temperature")
    place = _stated(question, temperature)
    if place and temperature.value is not None:
        start, end = place
        follows = re.match(r"\s*°?\s*[CF]\b", question[end:])
        end += follows.end() if follows else 0
        if "F" not in question[start:end]:
            edit = _edit(question, start, end, f"{temperature.value * 9 / 5 + 32:.1f} °F")
            yield _told(located, edit, TwinKind.UNIT, *_STAYS)
    hours = next((m for m in _HOURS.finditer(question) if int(m[1]) % 24 == 0 < int(m[1])), None)
    days = _DAYS.search(question)
    if hours:
        number = int(hours[1]) // 24
        new = f"{number} {'day' if number == 1 else 'days'}"
        yield _told(located, _edit(question, *hours.span(), new), TwinKind.UNIT, *_STAYS)
    elif days:
        edit = _edit(question, *days.span(), f"{int(days[1]) * 24} hours")
        yield _told(located, edit, TwinKind.UNIT, *_STAYS)


# What a finding may be put after, to be denied by "no".
_CLAUSE = re.compile(
    r"(?:^|[.,;:(]|\b(?:with|and|has|had|now|but|plus|has got))\s*$", re.IGNORECASE
)
_ARTICLE = re.compile(r"\b(?:a|an|some|the)\s*$", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|denies|without|nil|denies any|no new|no sign of)\s+$", re.IGNORECASE)
_ALREADY = re.compile(r"\b(?:no|not|never|without|denies|nil|nor)\b[^.;?!]*$", re.IGNORECASE)
_LISTED = re.compile(r"\s*(?:or|nor|and|/)\b|\s*/", re.IGNORECASE)
DENIABLE = frozenset({"symptom", "sign"})


class _Negations:
    """ "no fever" ↔ "fever", where a fact is named once, by one of its plain names."""

    def __init__(self, corpus: Path) -> None:
        concepts = {one["id"]: one for one in _load(corpus / "lexicon" / "concepts.yaml")}
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._deniable: set[str] = set()
        for fact in _load(corpus / "lexicon" / "facts.yaml"):
            concept = concepts.get(fact["id"], {})
            names = [
                name
                for source, field in (
                    (fact, "names"),
                    (concept, "names"),
                    (concept, "abbreviations"),
                    (concept, "lay"),
                )
                for name in source.get(field, ())
                if not re.search(r"[*{]", name)
            ]
            names.append(fact["id"].replace("-", " "))
            if fact.get("measure") or fact.get("topic"):
                continue
            every = sorted(set(names), key=lambda name: (-len(name), name))
            self._patterns[fact["id"]] = re.compile(
                r"(?<![\w-])(?:" + "|".join(map(re.escape, every)) + r")(?![\w-])", re.IGNORECASE
            )
            if fact.get("safety") or concept.get("kind") in DENIABLE:
                self._deniable.add(fact["id"])

    def make(self, located: Located, before: Transcript, skipped: set[str]) -> Iterator[Twin]:
        """``skipped`` are facts that a number of the question settles whatever its words say."""
        question = located.gold.question
        for fact, pattern in self._patterns.items():
            named = list(pattern.finditer(question))
            if len(named) != 1 or len(before.finding(fact).words) > 1 or fact in skipped:
                continue
            (start, end), ahead = named[0].span(), question[: named[0].start()]
            denied = _DENIED.search(ahead)
            if denied:
                # "no deficit, no fever" less one "no" is still a list of what is denied.
                if _ALREADY.search(ahead[: denied.start()]) or _LISTED.match(question[end:]):
                    continue
                edit = _edit(question, denied.start(), end, named[0].group())
                yield _told(located, edit, TwinKind.NEGATION, FindingBecomes(fact, "true"))
            elif fact in self._deniable and before.finding(fact).presence == "true":
                article = _ARTICLE.search(ahead)
                begin = article.start() if article else start
                if _CLAUSE.search(question[:begin]):
                    edit = _edit(question, begin, end, f"no {named[0].group()}")
                    yield _told(located, edit, TwinKind.NEGATION, FindingBecomes(fact, "false"))


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else []
