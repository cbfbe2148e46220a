"""The option ``--correct FACT=VALUE``: the reader's own word on a finding."""

import difflib
import re
from collections.abc import Sequence

from assistant.case.correcting import Correction
from assistant.case.facts import Fact, Facts
from assistant.errors import QuestionError
from assistant.language.units import UnitError, convert
from assistant.truth import Truth

_PRESENCES = {"present": Truth.TRUE, "absent": Truth.FALSE, "unknown": Truth.UNKNOWN}
_NUMBER = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*(.*)")


def read_corrections(given: Sequence[str], facts: Facts) -> dict[str, Correction]:
    """Each correction by its fact. Raises QuestionError, naming what it should be."""
    corrections: dict[str, Correction] = {}
    for one in given:
        name, equals, value = (part.strip() for part in one.partition("="))
        if not equals or not name or not value:
            raise QuestionError(
                f"--correct {one}: expected FACT=VALUE, such as fever=absent or temperature=38.4."
            )
        if name in corrections:
            raise QuestionError(f"--correct {name}: given twice. Say once how it is.")
        corrections[name] = _read_value(_find(name, facts), value)
    return corrections


def _find(name: str, facts: Facts) -> Fact:
    fact = facts.by_id.get(name)
    if fact is not None and not fact.topic and not fact.score:
        return fact
    known = [one.id for one in facts.by_id.values() if not one.topic and not one.score]
    near = difflib.get_close_matches(name, known, n=3)
    like = f" Did you mean {' or '.join(near)}?" if near else ""
    raise QuestionError(
        f"--correct {name}: there is no such finding.{like} 'check \"CASE\" --json' names those of "
        "a case and those still to ask."
    )


def _read_value(fact: Fact, value: str) -> Correction:
    presence = _PRESENCES.get(value.lower())
    number = _NUMBER.fullmatch(value)
    if fact.measure is None:
        if presence is None:
            raise QuestionError(
                f"--correct {fact.id}={value}: say present, absent or unknown. {fact.question}"
            )
        return presence
    unit = fact.measure.unit
    if presence is Truth.UNKNOWN:
        return presence
    if number is None:
        raise QuestionError(
            f"--correct {fact.id}={value}: give a number{f' in {unit}' if unit else ''}, or "
            f"unknown. {fact.question}"
        )
    try:
        return convert(float(number[1]), number[2], unit) if number[2] else float(number[1])
    except UnitError as error:
        wanted = f"give it in {unit}" if unit else "give it without a unit"
        raise QuestionError(
            f"--correct {fact.id}={value}: '{number[2]}' is no unit of it; {wanted}."
        ) from error
