"""What can be known of a patient: ``lexicon/facts.yaml`` of a library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from assistant.case.criteria import Criterion, facts_of, parse_criterion
from assistant.errors import ReadError
from assistant.language.quantities.quantity import Measure
from assistant.yaml_files import read_yaml

FACTS_FILE = "lexicon/facts.yaml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = tuple[Text, ...]


class Item(BaseModel):
    """One item of a score: its points where the criterion is so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: Any
    points: Annotated[int, Field(ge=0)]


class Fact(BaseModel):
    """One thing that is so of a patient, or not, or a number.

    ``names`` say that it is so, ``absent`` that it is not, beside the names of the lexicon's term
    of the same id; ``unlike`` looks like a name and is none; ``only_with``: a name counts only in a
    text that names one of these facts too. What a fact ``implies`` is then so, and without it the
    fact is not; what it ``shows`` is then so, but without it the fact may be. ``plausible`` are the
    least and greatest numbers believed, in the unit of ``measure``; ``written`` are the units that
    alone are read. ``since``, ``onset_after`` and ``lasting`` name the events that a time counts
    from; ``events`` are names that count only with such a time. An event longer ago than ``within``
    hours says nothing of the fact. Said to be so ``no_longer``, another fact is so. ``score`` makes
    a number out of criteria. ``safety`` facts are asked for first; a ``topic`` is about the
    question, not the patient. A short follow-up with one of a topic's ``narrowing`` words asks of
    it what was asked before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    question: Text
    why: Text | None = None
    names: Texts = ()
    absent: Texts = ()
    events: Texts = ()
    unlike: Texts = ()
    only_with: Texts = ()
    implies: Texts = ()
    shows: Texts = ()
    excludes: Texts = ()
    derived: Any = None
    score: tuple[Item, ...] = ()
    measure: Measure | None = None
    plausible: tuple[float, float] | None = None
    written: Texts = ()
    since: Texts = ()
    onset_after: Texts = ()
    lasting: Texts = ()
    within: Annotated[float, Field(gt=0)] | None = None
    no_longer: Text | None = None
    past_counts: bool = False
    safety: bool = False
    topic: bool = False
    narrowing: Texts = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Every fact by id; ``derived`` holds the criteria of those that have one.

    ``scores`` holds the items of those that are reckoned, as (criterion, points).
    """

    by_id: Mapping[str, Fact]
    derived: Mapping[str, Criterion]
    scores: Mapping[str, tuple[tuple[Criterion, int], ...]] = field(default_factory=dict)

    @property
    def measures(self) -> dict[str, Measure | None]:
        """What each fact measures, None where it is no number."""
        return {fact.id: fact.measure for fact in self.by_id.values()}


def load_facts(corpus: Path) -> Facts:
    """The facts of a corpus folder, none where it has no such file.

    Raises ReadError naming the entry at fault.
    """
    path = corpus / FACTS_FILE
    if not path.is_file():
        return Facts({}, {})
    try:
        plain = read_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReadError(str(path), f"not valid YAML: {' '.join(str(error).split())}") from error
    try:
        entries = TypeAdapter(Annotated[tuple[Fact, ...], Field(min_length=1)]).validate_python(
            plain
        )
    except ValidationError as error:
        first = error.errors()[0]
        number = first["loc"][0] if first["loc"] else None
        entry = plain[number] if isinstance(number, int) else {}
        where = ".".join(str(part) for part in first["loc"][1:]) or "list"
        raise ReadError(
            str(path), f"fact '{entry.get('id', number)}', {where}: {first['msg']}"
        ) from error
    by_id: dict[str, Fact] = {}
    for fact in entries:
        if fact.id in by_id:
            raise ReadError(str(path), f"fact '{fact.id}' stands twice: keep one")
        by_id[fact.id] = fact
    measures = {fact.id: fact.measure for fact in entries}
    derived, scores = {}, {}
    for fact in entries:
        try:
            _check_names(fact, by_id)
            if fact.derived is not None:
                derived[fact.id] = parse_criterion(fact.derived, measures)
            if fact.score:
                scores[fact.id] = tuple(
                    (parse_criterion(item.when, measures), item.points) for item in fact.score
                )
        except ValueError as error:
            raise ReadError(str(path), f"fact '{fact.id}': {error}") from error
    facts = Facts(by_id, derived, scores)
    for fact_id in by_id:
        if fact_id in _sources(facts, fact_id):
            raise ReadError(str(path), f"fact '{fact_id}' is derived from itself")
    return facts


def _check_names(fact: Fact, by_id: Mapping[str, Fact]) -> None:
    for other in (
        *fact.implies,
        *fact.shows,
        *fact.excludes,
        *fact.since,
        *fact.onset_after,
        *fact.lasting,
        *([fact.no_longer] if fact.no_longer else ()),
    ):
        if other not in by_id:
            raise ValueError(f"it names '{other}', which is no fact")
    if fact.score and fact.measure is not Measure.NUMBER:
        raise ValueError("a score's measure is 'number'")


def _sources(facts: Facts, fact_id: str) -> set[str]:
    """Every fact that one is derived or reckoned from, directly or not."""
    found: set[str] = set()
    waiting = [fact_id]
    while waiting:
        at = waiting.pop()
        criteria = [facts.derived[at]] if at in facts.derived else []
        criteria += [criterion for criterion, _ in facts.scores.get(at, ())]
        new = {fact for criterion in criteria for fact in facts_of(criterion)} - found
        found |= new
        waiting += new
    return found
