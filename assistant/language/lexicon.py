"""The field's vocabulary: ``lexicon/concepts.yaml`` of a library, names that mean the same."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from assistant.errors import ReadError
from assistant.yaml_files import read_yaml

LEXICON_FILE = "lexicon/concepts.yaml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ConceptKind(StrEnum):
    """What kind of thing a concept is."""

    CONDITION = "condition"
    SYMPTOM = "symptom"
    SIGN = "sign"
    PROCEDURE = "procedure"
    IMAGING = "imaging"
    DRUG = "drug"
    DEVICE = "device"
    ANATOMY = "anatomy"
    MEASURE = "measure"
    CRITERIA = "criteria"
    EVIDENCE = "evidence"
    ORGANISATION = "organisation"
    CARE = "care"


class AnswerKind(StrEnum):
    """What kind of answer a question about a concept usually wants."""

    DURATION = "duration"
    DOSE = "dose"
    VOLUME = "volume"
    RATE = "rate"
    THRESHOLD = "threshold"
    TIMING = "timing"
    ENTITY = "entity"
    DIRECTIVE = "directive"
    REASON = "reason"
    DEFINITION = "definition"


class Concept(BaseModel):
    """One thing with its names, the one that documents use most first.

    ``misspellings`` are those that nearness of letters does not put right.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    abbreviations: tuple[Text, ...] = ()
    lay: tuple[Text, ...] = ()
    misspellings: tuple[Text, ...] = ()
    kind: ConceptKind | None = None
    answers: tuple[AnswerKind, ...] = ()
    explanation: Text | None = None

    @property
    def others(self) -> tuple[str, ...]:
        """Every way to write it but the first name."""
        return (*self.names[1:], *self.abbreviations, *self.lay, *self.misspellings)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every concept of a library; empty where a library has no such file."""

    concepts: tuple[Concept, ...] = ()

    @property
    def synonyms(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each concept's first name with all its others."""
        return tuple((concept.names[0], concept.others) for concept in self.concepts)


def load_lexicon(corpus: Path) -> Lexicon:
    """The lexicon of a corpus folder. Raises ReadError naming the entry at fault."""
    path = corpus / LEXICON_FILE
    if not path.is_file():
        return Lexicon()
    try:
        plain = read_yaml(path.read_text(encoding="utf-8"))
        concepts = TypeAdapter(tuple[Concept, ...]).validate_python(plain)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReadError(str(path), " ".join(str(error).split())) from error
    except ValidationError as error:
        first = error.errors()[0]
        entry = ".".join(str(part) for part in first["loc"])
        raise ReadError(str(path), f"entry {entry}: {first['msg']}") from error
    owners: dict[str, str] = {}
    for concept in concepts:
        for name in (concept.names[0], *concept.others):
            other = owners.setdefault(name.casefold(), concept.id)
            if other != concept.id:
                raise ReadError(
                    str(path), f"'{name}' belongs to both '{other}' and '{concept.id}': keep one"
                )
    return Lexicon(concepts)
