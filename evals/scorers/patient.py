"""Whether the patient was read rightly: findings, rules, verdict."""

from collections.abc import Iterator, Mapping
from math import isclose

from evals.gold import Located
from evals.measures import Score
from evals.transcript import Read, Transcript

Expected = bool | float | str
# Numbers are written down to a thousandth.
_WRITTEN = 3


def score_patient(located: Located, said: Transcript) -> Iterator[Score]:
    """Only what the gold question expects counts; an answer that failed read nothing."""
    gold = located.gold
    if gold.findings:
        yield _findings(gold.id, gold.findings, said)
    if gold.rules:
        yield _rules(gold.id, gold.rules, said)
    if gold.verdict:
        yield Score(
            "verdict accuracy",
            gold.id,
            float(said.verdict == gold.verdict),
            f"expected {gold.verdict}, came to {said.verdict}",
        )


def _findings(question: str, expected: Mapping[str, bool | float | str], said: Transcript) -> Score:
    """F1 of what is said to be known. Where nothing is to be known and nothing is, it is 1."""
    right = wrong = missed = 0
    faults = []
    for fact, value in expected.items():
        read = said.finding(fact)
        claimed = read.presence != "unknown"
        if is_as_expected(read, value):
            right += claimed
            continue
        wrong += claimed
        missed += value != "unknown"
        faults.append(f"{fact}: expected {_words(value)}, read as {read}")
    judged = 2 * right + wrong + missed
    return Score(
        "findings F1",
        question,
        2 * right / judged if judged else 1.0,
        "; ".join(faults) or f"all {len(expected)} as expected",
    )


def is_as_expected(read: Read, expected: Expected) -> bool:
    """Presence for true and false, the exact number for a number, nothing known for "unknown"."""
    if expected == "unknown":
        return read.presence == "unknown"
    if isinstance(expected, bool):
        return read.presence == ("true" if expected else "false")
    if read.value is None or read.presence != "true" or isinstance(expected, str):
        return False
    return isclose(read.value, expected, abs_tol=1e-6) or isclose(
        round(read.value, _WRITTEN), expected, abs_tol=1e-6
    )


def _words(value: Expected) -> str:
    if isinstance(value, bool):
        return "present" if value else "absent"
    return str(value)


def _rules(question: str, expected: Mapping[str, bool | str], said: Transcript) -> Score:
    """A rule of a pathway that does not apply is false."""
    faults = []
    for rule, value in expected.items():
        wanted = str(value).lower()
        came = "error" if said.error else said.rules.get(rule, "false")
        if came != wanted:
            faults.append(f"{rule}: expected {wanted}, came to {came}")
    return Score(
        "rule accuracy",
        question,
        1 - len(faults) / len(expected),
        "; ".join(faults) or f"all {len(expected)} as expected",
    )
