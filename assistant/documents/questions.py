"""What people ask that a statement answers: ``questions/<file>.yaml`` beside a library.

A question is nearer in wording to another question than to the statement that answers it, so
these are embedded and searched beside the statements (document expansion: Nogueira et al. 2019,
"Document expansion by query prediction", here written by people).
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.documents.document import Document
from assistant.documents.passages import Passage
from assistant.errors import ReadError
from assistant.spans import Span
from assistant.yaml_files import read_yaml

QUESTIONS_FOLDER = "questions"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class AskedOf(BaseModel):
    """A statement, word for word, with questions that it answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quote: Text
    asks: Annotated[tuple[Text, ...], Field(min_length=1)]


class DocumentQuestions(BaseModel):
    """One file: the questions of one document's statements."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: Text
    questions: tuple[AskedOf, ...]


def find_questions(document: Path, top: Path) -> Path | None:
    """The nearest ``questions`` file of a document's name, in a folder beside or above it, not
    above ``top``'s parent."""
    limit = top.resolve().parent
    for folder in document.resolve().parents:
        candidate = folder / QUESTIONS_FOLDER / f"{document.stem}.yaml"
        if candidate.is_file():
            return candidate
        if folder == limit:
            return None
    return None


def load_questions(path: Path) -> DocumentQuestions:
    """One file. Raises ReadError naming the entry and field at fault."""
    try:
        plain = read_yaml(path.read_text(encoding="utf-8"))
        return DocumentQuestions.model_validate(plain)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ReadError(str(path), f"not valid YAML: {reason}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        raise ReadError(str(path), f"{field}: {first['msg']}") from error


def attach_questions(
    passages: Sequence[Passage], document: Document, path: Path, *, strict: bool = True
) -> tuple[Passage, ...]:
    """The passages, each statement with the questions that the file gives for it.

    Raises ReadError for a quotation that the document lacks or that is no statement. Where not
    ``strict`` its questions are left out: a new version of a document must not wait for them.
    """
    found = load_questions(path)
    if found.document != document.doc_id:
        raise ReadError(
            str(path),
            f"is about '{found.document}', but stands beside '{document.doc_id}': name it after "
            "its document's file, and the document by its id",
        )
    asks: dict[Span, list[str]] = {}
    spans = [statement.span for passage in passages for statement in passage.statements]
    for entry in found.questions:
        start = document.text.find(entry.quote)
        place = Span(start, start + len(entry.quote)) if start >= 0 else None
        owner = next((s for s in spans if place and s.overlaps(place)), None)
        if owner is None and not strict:
            continue
        if owner is None:
            raise ReadError(str(path), f"'{entry.quote}' is not a statement of the document")
        asks.setdefault(owner, []).extend(entry.asks)
    return tuple(
        replace(
            passage,
            statements=tuple(
                replace(one, asks=tuple(dict.fromkeys(asks.get(one.span, ()))))
                for one in passage.statements
            ),
        )
        for passage in passages
    )
