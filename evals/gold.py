"""Gold questions: YAML files whose quotations are located in the documents on loading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import Assistant, AssistantError
from assistant.errors import EvaluationError

GOLD_FOLDER = Path(__file__).resolve().parent / "gold"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Relevant(_Strict):
    """A quotation that answers (grade 2) or helps (grade 1)."""

    document: str
    quote: Annotated[str, Field(min_length=1)]
    grade: Annotated[int, Field(ge=1, le=2)] = 2


class GoldQuestion(_Strict):
    """``outcome`` is what the assistant must come to."""

    id: Annotated[str, Field(min_length=1)]
    question: Annotated[str, Field(min_length=1)]
    type: str
    outcome: Literal["answered", "not_covered", "out_of_scope"]
    relevant: tuple[Relevant, ...] = ()


class GoldFile(_Strict):
    """One topic; ``held_out`` topics are never looked at while tuning."""

    topic: str
    held_out: bool = False
    questions: tuple[GoldQuestion, ...]


@dataclass(frozen=True, slots=True)
class Qrel:
    """A relevant stretch of a document's text."""

    document: str
    start: int
    end: int
    grade: int


@dataclass(frozen=True, slots=True)
class Located:
    """A gold question with its quotations found in the documents."""

    gold: GoldQuestion
    topic: str
    held_out: bool
    qrels: tuple[Qrel, ...]


def load_gold(paths: Sequence[Path]) -> tuple[GoldFile, ...]:
    """Every gold file below ``paths``. Raises EvaluationError naming file and field."""
    files = []
    for path in _yaml_files(paths):
        try:
            files.append(GoldFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))
        except yaml.YAMLError as error:
            raise EvaluationError(f"{path} is not valid YAML: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise EvaluationError(f"{path}, {field}: {first['msg']}.") from error
    seen: set[str] = set()
    for question in (q for file in files for q in file.questions):
        if question.id in seen:
            raise EvaluationError(f"Two gold questions have the id '{question.id}'.")
        seen.add(question.id)
        if (question.outcome == "answered") != bool(question.relevant):
            raise EvaluationError(
                f"Gold question '{question.id}': an answered question, and no other, has "
                "relevant quotations."
            )
    return tuple(files)


def locate(files: Iterable[GoldFile], assistant: Assistant) -> tuple[Located, ...]:
    """Find each quotation in its document. Raises EvaluationError for one that is not there."""
    texts: dict[str, str] = {}
    located = []
    for file in files:
        for gold in file.questions:
            qrels = []
            for relevant in gold.relevant:
                if relevant.document not in texts:
                    try:
                        texts[relevant.document] = assistant.document(relevant.document).text
                    except AssistantError as error:
                        raise EvaluationError(f"Gold question '{gold.id}': {error}") from error
                start = texts[relevant.document].find(relevant.quote)
                if start < 0:
                    raise EvaluationError(
                        f"Gold question '{gold.id}': not found word for word in "
                        f"'{relevant.document}': “{relevant.quote}”"
                    )
                end = start + len(relevant.quote)
                qrels.append(Qrel(relevant.document, start, end, relevant.grade))
            located.append(Located(gold, file.topic, file.held_out, tuple(qrels)))
    return tuple(located)


def _yaml_files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.glob("**/*.yaml"))
        elif path.is_file():
            found.append(path)
        else:
            raise EvaluationError(f"{path}: there is nothing there.")
    if not found:
        raise EvaluationError("No gold file (*.yaml) was found.")
    return found
