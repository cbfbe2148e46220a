"""A quantity: an interval in the one unit of its measure, held against a threshold.

"A few days" and ">72 h" can so be compared without pretending to be exact.
"""

from dataclasses import dataclass
from enum import StrEnum

from assistant.spans import Span


class Measure(StrEnum):
    """What a quantity measures."""

    DURATION = "duration"
    AGE = "age"
    GESTATION = "gestation"
    TEMPERATURE = "temperature"
    LENGTH = "length"
    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    CSF_PRESSURE = "csf-pressure"
    COMA_SCALE = "coma-scale"
    PAIN_SCORE = "pain-score"
    GAUGE = "gauge"
    VOLUME = "volume"
    DOSE = "dose"
    MASS = "mass"
    COUNT = "count"
    RATE = "rate"
    NUMBER = "number"

    @property
    def unit(self) -> str:
        """The unit of every quantity of this measure, as ``convert`` reads it; "" for none."""
        return _CANONICAL[self]


_CANONICAL = {
    Measure.DURATION: "h",
    Measure.AGE: "years",
    Measure.GESTATION: "weeks",
    Measure.TEMPERATURE: "degC",
    Measure.LENGTH: "mm",
    Measure.SYSTOLIC: "mmHg",
    Measure.DIASTOLIC: "mmHg",
    Measure.CSF_PRESSURE: "cmH2O",
    Measure.COMA_SCALE: "points",
    Measure.PAIN_SCORE: "points",
    Measure.GAUGE: "gauge",
    Measure.VOLUME: "mL",
    Measure.DOSE: "mg",
    Measure.MASS: "kg",
    Measure.COUNT: "10^9/L",
    Measure.RATE: "mL/min/1.73 m2",
    Measure.NUMBER: "",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval of values in ``unit``; an end that is None has no bound.

    ``span`` covers the number with its unit and the words that bound it ("more than"), ``written``
    is the unit as the text has it, "" where it has none.
    """

    span: Span
    measure: Measure
    low: float | None
    high: float | None
    low_open: bool
    high_open: bool
    unit: str
    written: str

    @classmethod
    def closed(
        cls, span: Span, measure: Measure, low: float, high: float, written: str
    ) -> "Quantity":
        """The interval with both its ends, in the unit of the measure."""
        return cls(span, measure, low, high, False, False, measure.unit, written)

    def compare(self, operator: str, threshold: float) -> bool | None:
        """Whether all of the interval is so (True), or none of it (False), or it is open (None).

        The threshold is in ``unit``; the operator is one of < <= > >= == != ≤ ≥ =. Raises
        ValueError for another.
        """
        match operator:
            case "<":
                return self._below(threshold, itself=False)
            case "<=" | "≤":
                return self._below(threshold, itself=True)
            case ">":
                return _negated(self._below(threshold, itself=True))
            case ">=" | "≥":
                return _negated(self._below(threshold, itself=False))
            case "==" | "=":
                return self._equals(threshold)
            case "!=":
                return _negated(self._equals(threshold))
        raise ValueError(f"'{operator}' does not compare")

    def _below(self, threshold: float, *, itself: bool) -> bool | None:
        if self.high is not None and (
            self.high < threshold or (self.high == threshold and (itself or self.high_open))
        ):
            return True
        if self.low is not None and (
            self.low > threshold or (self.low == threshold and (not itself or self.low_open))
        ):
            return False
        return None

    def _equals(self, threshold: float) -> bool | None:
        if self.low == self.high == threshold:
            return True
        outside = (
            self._below(threshold, itself=False) is True
            or self._below(threshold, itself=True) is False
        )
        return False if outside else None


def _negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer
