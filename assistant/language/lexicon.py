"""The field's vocabulary: ``lexicon/concepts.yaml`` of a library, names that mean the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from assistant.errors import ReadError

LEXICON_FILE = "lexicon/concepts.yaml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Concept(BaseModel):
    """One thing with its names, the one that documents use most first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    abbreviations: tuple[Text, ...] = ()
    lay: tuple[Text, ...] = ()
    explanation: Text | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every concept of a library; empty where a library has no such file."""

    concepts: tuple[Concept, ...] = ()

    @property
    def synonyms(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each concept's first name with all its others."""
        return tuple((c.names[0], (*c.names[1:], *c.abbreviations, *c.lay)) for c in self.concepts)


def load_lexicon(corpus: Path) -> Lexicon:
    """The lexicon of a corpus folder. Raises ReadError naming the entry at fault."""
    path = corpus / LEXICON_FILE
    if not path.is_file():
        return Lexicon()
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
        concepts = TypeAdapter(tuple[Concept, ...]).validate_python(plain)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReadError(str(path), " ".join(str(error).split())) from error
    except ValidationError as error:
        first = error.errors()[0]
        entry = ".".join(str(part) for part in first["loc"])
        raise ReadError(str(path), f"entry {entry}: {first['msg']}") from error
    owners: dict[str, str] = {}
    for concept in concepts:
        for name in (*concept.names, *concept.abbreviations, *concept.lay):
            other = owners.setdefault(name.casefold(), concept.id)
            if other != concept.id:
                raise ReadError(
                    str(path), f"'{name}' belongs to both '{other}' and '{concept.id}': keep one"
                )
    return Lexicon(concepts)
