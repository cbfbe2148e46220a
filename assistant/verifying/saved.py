"""A saved answer, read strictly: one that lacks a promised key is refused before any proof."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import CertificateError


class _Saved(BaseModel):
    """``plain`` JSON keeps every key; only those that the proof starts from are read here."""

    model_config = ConfigDict(strict=True, frozen=True, extra="allow")


class SavedQuote(_Saved):
    """One quote as ``ask --json`` wrote it."""

    number: int
    text: str
    document: str
    title: str
    section: str
    start: int
    end: int
    page: int | None
    role: str
    population: str | None
    strength: str | None
    certainty: str | None
    sources: list[str]
    status: str | None
    score: float
    added: str | None
    sha256: str


class SavedTurn(_Saved):
    """An earlier message of the conversation."""

    role: str
    content: str
    corrections: dict[str, str | float]


class SavedSettings(_Saved):
    """What was set when the question was asked."""

    embedder: str
    role: str
    documents: list[str] | None
    history: list[SavedTurn]
    corrections: dict[str, str | float]
    date: str


class SavedStatement(_Saved):
    """What a language model said of some quotes."""

    text: str
    quotes: list[int]
    verbatim: bool


class SavedPart(_Saved):
    """One of several things asked at once."""

    question: str
    outcome: str
    quotes: list[int]
    nearest: list[int] = Field(default_factory=list)


class SavedDraft(_Saved):
    """The numbers of the writer's own quotes, in its order."""

    quotes: list[int]
    direct: list[int]


class SavedPathway(_Saved):
    """A pathway as it was."""

    id: str
    version: str
    sha256: str
    rules: dict[str, str]


class SavedCertificate(_Saved):
    """The certificate of a saved answer."""

    format: int
    settings: SavedSettings
    draft: SavedDraft
    documents: dict[str, str]
    pathways: list[SavedPathway]
    versions: dict[str, str | None]
    seal: str


class SavedCheck(_Saved):
    """The verdict and its issues."""

    verdict: str
    issues: list[dict[str, Any]]


class SavedAnswer(_Saved):
    """Every promised key of an answer."""

    question: str
    outcome: str
    confidence: float
    direct: list[int]
    quotes: list[SavedQuote]
    nearest: list[SavedQuote]
    statements: list[SavedStatement]
    note: str | None
    parts: list[SavedPart]
    disagreements: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    pathways: list[dict[str, Any]]
    check: SavedCheck
    references: dict[str, str] = Field(default_factory=dict)
    generation: str
    writer: str
    certificate: SavedCertificate


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved answer with the JSON that it was read from; ``line`` counts from 1 in a batch."""

    answer: SavedAnswer
    plain: Mapping[str, Any]
    line: int | None = None

    @property
    def name(self) -> str:
        """How a message names it; empty for the only one."""
        if self.line is None:
            return ""
        given = f" ({self.plain['id']})" if "id" in self.plain else ""
        return f"line {self.line}{given}: "


@dataclass(frozen=True, slots=True)
class SavedFile:
    """The answers of a file; ``without_answer`` counts lines that say why there is none."""

    answers: tuple[Saved, ...]
    batch: bool
    without_answer: int = 0


def read_saved(text: str, name: str) -> SavedFile:
    """One answer, or a batch with one a line. Raises CertificateError naming what is wrong."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
        if len(lines) < 2 or not _is_object(lines[0][1]):
            raise CertificateError(
                f"{name} is not JSON: {error}. Give a file that 'ask --json' wrote, or one "
                "that 'ask --batch' wrote, an answer a line."
            ) from error
        return _read_batch(lines, name)
    if isinstance(whole, dict) and "error" in whole and "outcome" not in whole:
        return SavedFile((), batch=True, without_answer=1)
    return SavedFile((Saved(_read_answer(whole, name), whole),), batch=False)


def _read_batch(lines: list[tuple[int, str]], name: str) -> SavedFile:
    answers: list[Saved] = []
    without = 0
    for number, line in lines:
        try:
            plain = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise CertificateError(f"{name}, line {number}, is not JSON: {error}.") from error
        if isinstance(plain, dict) and "error" in plain and "outcome" not in plain:
            without += 1
            continue
        answers.append(Saved(_read_answer(plain, f"{name}, line {number}"), plain, number))
    return SavedFile(tuple(answers), batch=True, without_answer=without)


def _read_answer(plain: object, name: str) -> SavedAnswer:
    if not isinstance(plain, dict):
        raise CertificateError(f"{name} holds no answer: expected an object, as 'ask --json' gives")
    try:
        return SavedAnswer.model_validate(plain)
    except ValidationError as error:
        faults = "; ".join(_describe(error))
        raise CertificateError(
            f"{name}: {faults}. It is not what 'ask --json' of this program writes: ask again."
        ) from error


def _describe(error: ValidationError, most: int = 3) -> Iterator[str]:
    faults = error.errors()
    for fault in faults[:most]:
        where = show_path(fault["loc"])
        yield (
            f"'{where}' is missing" if fault["type"] == "missing" else f"'{where}': {fault['msg']}"
        )
    if len(faults) > most:
        yield f"and {len(faults) - most} more"


def show_path(path: tuple[int | str, ...]) -> str:
    """A place in JSON, as in ``quotes[0].text``."""
    shown = ""
    for part in path:
        shown += f"[{part}]" if isinstance(part, int) else f".{part}" if shown else part
    return shown


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
