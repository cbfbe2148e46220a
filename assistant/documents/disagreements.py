"""Where a library's sources disagree: ``disagreements.yaml``, each position with its quotation."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.errors import ReadError
from assistant.yaml_files import read_yaml

DISAGREEMENTS_FILE = "disagreements.yaml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class DisagreementKind(StrEnum):
    """Why the sources say different things."""

    TRUE_CONFLICT = "true-conflict"
    DIFFERING_SCOPE = "differing-scope"
    DIFFERING_DATE = "differing-date"
    ERROR_IN_A_SOURCE = "error-in-a-source"
    SILENT = "silent"


class Position(BaseModel):
    """What one side says, and the sentence of a document that shows it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: Text
    document: Text
    quote: Text


class Disagreement(BaseModel):
    """One question with its positions; ``not_shown`` says why people are not shown it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    topic: Text
    kind: DisagreementKind
    positions: Annotated[tuple[Position, ...], Field(min_length=1)]
    explanation: Text
    handling: Text
    not_shown: Text | None = None


def load_disagreements(corpus: Path) -> tuple[Disagreement, ...]:
    """Those of a corpus folder, none where it has no such file. ReadError names the entry."""
    path = corpus / DISAGREEMENTS_FILE
    if not path.is_file():
        return ()
    try:
        entries = read_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ReadError(str(path), f"not valid YAML: {reason}") from error
    if not isinstance(entries, list):
        raise ReadError(str(path), "expected a list of disagreements")
    return tuple(_load_entry(path, number, entry) for number, entry in enumerate(entries, start=1))


def _load_entry(path: Path, number: int, entry: object) -> Disagreement:
    try:
        return Disagreement.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "entry"
        named = entry.get("id") if isinstance(entry, dict) else None
        raise ReadError(
            str(path), f"disagreement '{named or number}', {field}: {first['msg']}"
        ) from error
