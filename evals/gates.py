"""What a run must come to: ``gates.yaml``, a least or a most for each measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import EvaluationError

GATES_FILE = Path(__file__).resolve().parent / "gates.yaml"


class Side(StrEnum):
    """Whether a figure may not fall below its limit or not rise above it."""

    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Gate:
    """The limit of one measure."""

    measure: str
    limit: float
    side: Side = Side.LEAST

    def is_passed(self, value: float | None) -> bool:
        """Nothing measured does not pass."""
        if value is None:
            return False
        return value >= self.limit if self.side is Side.LEAST else value <= self.limit


@dataclass(frozen=True, slots=True)
class Judged:
    """A gate with what was measured. ``passed`` is None where nothing was and that is allowed."""

    gate: Gate
    value: float | None
    passed: bool | None

    def __str__(self) -> str:
        value = "nothing" if self.value is None else f"{self.value:.4g}"
        return f"{self.gate.measure} is {value}, at {self.gate.side} {self.gate.limit:g}"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    least: dict[Annotated[str, Field(min_length=1)], float] = {}
    most: dict[Annotated[str, Field(min_length=1)], float] = {}


def load_gates(path: Path = GATES_FILE) -> tuple[Gate, ...]:
    """The gates, one readable file. Raises EvaluationError naming what is wrong with it."""
    try:
        read = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise EvaluationError(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise EvaluationError(f"{path}, {field}: {first['msg']}.") from error
    return tuple(
        Gate(measure, limit, side)
        for side, limits in ((Side.LEAST, read.least), (Side.MOST, read.most))
        for measure, limit in limits.items()
    )


def judge_gates(
    gates: Sequence[Gate], measures: Mapping[str, float | None], *, partial: bool = False
) -> tuple[Judged, ...]:
    """Each gate with its verdict; a ``partial`` run need not measure everything."""
    judged = []
    for gate in gates:
        value = measures.get(gate.measure)
        skipped = partial and value is None
        judged.append(Judged(gate, value, None if skipped else gate.is_passed(value)))
    return tuple(judged)
