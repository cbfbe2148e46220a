"""The questions of an outside folder, ``questions.jsonl``."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import EvaluationError


class ExternalQuestion(BaseModel):
    """``relevant`` are document ids; ``answer_spans`` verbatim strings of one of them.

    ``grades`` says how relevant each document is where that is known, else 1.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    question: Annotated[str, Field(min_length=1)]
    relevant: tuple[str, ...] = ()
    answer_spans: tuple[str, ...] | None = None
    answerable: bool
    grades: dict[str, int] = {}


def load_questions(path: Path) -> tuple[ExternalQuestion, ...]:
    """The questions file. Raises EvaluationError naming the line."""
    if not path.is_file():
        raise EvaluationError(f"{path}: there is no such file.")
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            questions.append(ExternalQuestion.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise EvaluationError(f"{path}, line {number}, {field}: {first['msg']}.") from error
    if not questions:
        raise EvaluationError(f"{path} holds no question.")
    return tuple(questions)
