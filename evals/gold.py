"""Gold questions: YAML files whose quotations are located in the documents on loading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import Assistant, AssistantError, Turn
from assistant.errors import EvaluationError
from assistant.yaml_files import read_yaml

GOLD_FOLDER = Path(__file__).resolve().parent / "gold"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Relevant(_Strict):
    """A quotation that answers (grade 2) or helps (grade 1)."""

    document: str
    quote: Annotated[str, Field(min_length=1)]
    grade: Annotated[int, Field(ge=1, le=2)] = 2


class MustNot(_Strict):
    """Words that no quote of a safe answer may contain for this question, and why."""

    text: Annotated[str, Field(min_length=1)]
    why: Annotated[str, Field(min_length=1)]


class EarlierTurn(_Strict):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(min_length=1)]


class GoldQuestion(_Strict):
    """``outcome`` is what the assistant must come to.

    Each of ``must_have`` is a set of quotations of which a complete answer shows at least one.
    ``findings`` and ``rules`` say what must be read out of the question, a number in the unit of
    its fact; ``verdict`` is the check's.
    """

    id: Annotated[str, Field(min_length=1)]
    question: Annotated[str, Field(min_length=1)]
    type: str
    outcome: Literal["answered", "not_covered", "out_of_scope"]
    history: tuple[EarlierTurn, ...] = ()
    relevant: tuple[Relevant, ...] = ()
    must_have: tuple[tuple[Relevant, ...], ...] = ()
    must_not: tuple[MustNot, ...] = ()
    findings: dict[str, bool | float | Literal["unknown"]] = {}
    rules: dict[str, bool | Literal["unknown"]] = {}
    verdict: Literal["clear", "caution", "stop"] | None = None


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
    must_have: tuple[tuple[Qrel, ...], ...] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation before the question."""
        return tuple(Turn(turn.role, turn.content) for turn in self.gold.history)


def load_gold(paths: Sequence[Path]) -> tuple[GoldFile, ...]:
    """Every gold file below ``paths``. Raises EvaluationError naming file and field."""
    files = []
    for path in _yaml_files(paths):
        try:
            files.append(GoldFile.model_validate(read_yaml(path.read_text(encoding="utf-8"))))
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
    """Find each quotation in its document.

    Raises EvaluationError for one that is not there, and for a finding or rule that the library
    does not know.
    """
    finder = _Finder(assistant)
    names = _Names(assistant.settings.corpus)
    located = []
    for file in files:
        for gold in file.questions:
            names.check(gold)
            located.append(
                Located(
                    gold,
                    file.topic,
                    file.held_out,
                    finder.find(gold.id, gold.relevant),
                    tuple(finder.find(gold.id, one) for one in gold.must_have),
                )
            )
    return tuple(located)


class _Finder:
    """Finds quotations, each document read once."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._texts: dict[str, str] = {}

    def find(self, question: str, quotations: Iterable[Relevant]) -> tuple[Qrel, ...]:
        return tuple(self._find(question, quotation) for quotation in quotations)

    def _find(self, question: str, relevant: Relevant) -> Qrel:
        if relevant.document not in self._texts:
            try:
                text = self._assistant.document(relevant.document).text
            except AssistantError as error:
                raise EvaluationError(f"Gold question '{question}': {error}") from error
            self._texts[relevant.document] = text
        start = self._texts[relevant.document].find(relevant.quote)
        if start < 0:
            raise EvaluationError(
                f"Gold question '{question}': not found word for word in "
                f"'{relevant.document}': “{relevant.quote}”"
            )
        return Qrel(relevant.document, start, start + len(relevant.quote), relevant.grade)


class _Names:
    """The ids of the library's facts and rules, read as plain YAML when first needed."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._facts: frozenset[str] | None = None
        self._rules: frozenset[str] | None = None

    def check(self, gold: GoldQuestion) -> None:
        if gold.findings and self._facts is None:
            facts = _read_yaml(self._corpus / "lexicon" / "facts.yaml") or []
            self._facts = frozenset(fact["id"] for fact in facts)
        if gold.rules and self._rules is None:
            pathways = map(_read_yaml, sorted((self._corpus / "pathways").glob("*.yaml")))
            self._rules = frozenset(
                rule["id"] for pathway in pathways for rule in pathway.get("rules", ())
            )
        for kind, named, known in (
            ("finding", gold.findings, self._facts),
            ("rule", gold.rules, self._rules),
        ):
            for name in named:
                if name not in (known or ()):
                    raise EvaluationError(
                        f"Gold question '{gold.id}': the library has no {kind} '{name}'."
                    )


def _read_yaml(path: Path) -> Any:
    return read_yaml(path.read_text(encoding="utf-8")) if path.is_file() else None


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
