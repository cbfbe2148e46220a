"""YAML → pathways. Every fault is found: an unknown fact, a wrong unit, a lost quotation."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from assistant.case.criteria import Criterion, Undecided, parse_criterion, rules_of, walk
from assistant.documents.corpus import find_files
from assistant.documents.document import Document
from assistant.documents.readers.registry import read_file
from assistant.errors import ReadError
from assistant.language.quantities.quantity import Measure
from assistant.pathways.evaluation import Rulebook
from assistant.pathways.pathway import (
    ALWAYS,
    Action,
    Citation,
    Mode,
    Pathway,
    Pathways,
    Rule,
    RuleStatus,
    Severity,
    Strength,
    unplaced,
)
from assistant.spans import Span
from assistant.yaml_files import FastLoader, read_yaml

ACTIONS_FILE = "lexicon/actions.yaml"
PATHWAYS_FOLDER = "pathways"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = tuple[Text, ...]
LINE = "__line__"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Citation(_Entry):
    document: Text
    quote: Text
    line: int = Field(alias="__line__")


def _written(status: RuleStatus) -> RuleStatus:
    if status is RuleStatus.NEEDS_REVIEW:
        raise ValueError("write verified or unconfirmed: a rule comes to need review by itself")
    return status


class _Rule(_Entry):
    id: Text
    when: Any
    text: Text
    do: Texts = ()
    avoid: Texts = ()
    status: Annotated[RuleStatus, AfterValidator(_written)]
    strength: Strength | None = None
    certainty: Text | None = None
    severity: Severity = Severity.ABSOLUTE
    window: Text | None = None
    population: Text | None = None
    red_flag: bool = False
    overrides: Texts = ()
    cite: Annotated[tuple[_Citation, ...], Field(min_length=1)]
    line: int = Field(alias="__line__")


class _Pathway(_Entry):
    id: Text
    title: Text
    version: Text
    rank: int
    entry: Any
    mode: Mode = Mode.ALL
    population: Text | None = None
    monotone: bool = True
    rules: Annotated[tuple[_Rule, ...], Field(min_length=1)]
    line: int = Field(alias="__line__")


class _Action(_Entry):
    id: Text
    name: Text
    names: Texts = ()
    within: Text | None = None


@dataclass(frozen=True, slots=True)
class LoadingFault:
    """What is wrong, in which file, at which line (None for the whole file).

    ``lost_quote``: only a quotation is wrong, so that the rule still holds but needs review.
    """

    path: str
    line: int | None
    message: str
    lost_quote: bool = False


@dataclass(slots=True)
class Loaded:
    """What could be read, and everything that could not."""

    pathways: Pathways
    faults: list[LoadingFault] = field(default_factory=list)


def load_pathways(
    corpus: Path,
    measures: Mapping[str, Measure | None],
    documents: Mapping[str, Document] | None = None,
) -> Pathways:
    """The pathways of a corpus folder, none where it has none. Raises ReadError at a fault.

    A rule of which a quotation is not in its document is no reason to stand without rules: it
    needs review.
    """
    loaded = read_pathways(corpus, measures, documents)
    faults = [fault for fault in loaded.faults if not fault.lost_quote]
    if faults:
        first = faults[0]
        where = f"line {first.line}: " if first.line else ""
        raise ReadError(first.path, f"{where}{first.message}")
    return loaded.pathways


def read_pathways(
    corpus: Path,
    measures: Mapping[str, Measure | None],
    documents: Mapping[str, Document] | None = None,
    files: Sequence[Path] | None = None,
) -> Loaded:
    """As ``load_pathways``, with every fault listed and the sound rules kept.

    ``documents`` are those that the rules quote, by id; read from the corpus where not given.
    ``files`` are read in place of the folder's own.
    """
    faults: list[LoadingFault] = []
    if files is None:
        files = sorted((corpus / PATHWAYS_FOLDER).glob("*.yaml"))
    if not files:
        return Loaded(Pathways(), faults)
    texts = documents if documents is not None else read_documents(corpus)
    actions = _read_actions(corpus / ACTIONS_FILE, faults)
    reader = _Reader(measures, texts, actions, faults)
    pathways = [p for path in files if (p := reader.read(path)) is not None]
    pathways.sort(key=lambda pathway: (pathway.rank, pathway.id))
    loaded = Pathways(tuple(pathways), actions)
    faults += _check_references(loaded, reader.dropped)
    faults.sort(key=lambda fault: (fault.path, fault.line or 0, fault.message))
    return Loaded(loaded, faults)


def read_documents(corpus: Path) -> dict[str, Document]:
    """The readable documents below a folder, by id."""
    documents = {}
    for found in find_files([corpus]):
        for read in read_file(found.path, found.doc_id):
            if isinstance(read, Document):
                documents[read.doc_id] = read
    return documents


@dataclass(frozen=True, slots=True)
class _Reader:
    measures: Mapping[str, Measure | None]
    documents: Mapping[str, Document]
    actions: Mapping[str, Action]
    faults: list[LoadingFault]
    dropped: set[str] = field(default_factory=set)

    def read(self, path: Path) -> Pathway | None:
        plain = _read_yaml(path, self.faults)
        if plain is None:
            return None
        try:
            entry = _Pathway.model_validate(plain)
        except ValidationError as error:
            for one in error.errors():
                line, where = _locate(plain, one["loc"])
                self.faults.append(LoadingFault(str(path), line, f"{where}: {one['msg']}"))
            return None
        complain = self._complainer(path)
        return Pathway(
            id=entry.id,
            title=entry.title,
            version=entry.version,
            rank=entry.rank,
            entry=self._criterion(entry.entry, complain, entry.line, "entry") or ALWAYS,
            rules=tuple(
                r for one in entry.rules if (r := self._rule(one, path, complain)) is not None
            ),
            mode=entry.mode,
            population=entry.population,
            monotone=entry.monotone,
            path=str(path),
        )

    def _complainer(self, path: Path) -> Callable[[int, str], None]:
        return lambda line, message: self.faults.append(LoadingFault(str(path), line, message))

    def _rule(self, entry: _Rule, path: Path, complain: Callable[[int, str], None]) -> Rule | None:
        when = self._criterion(entry.when, complain, entry.line, f"rule '{entry.id}', when")
        for action in (*entry.do, *entry.avoid):
            if action not in self.actions:
                complain(entry.line, f"rule '{entry.id}': there is no action '{action}'")
        if when is None:
            self.dropped.add(entry.id)
            return None
        found = {cited: self._citation(entry.id, cited, path) for cited in entry.cite}
        return Rule(
            id=entry.id,
            text=entry.text,
            when=when,
            do=entry.do,
            avoid=entry.avoid,
            status=entry.status,
            strength=entry.strength,
            certainty=entry.certainty,
            severity=entry.severity,
            window=entry.window,
            population=entry.population,
            red_flag=entry.red_flag,
            overrides=entry.overrides,
            citations=tuple(citation for citation in found.values() if citation is not None),
            lost=tuple(
                unplaced(cited.document, cited.quote)
                for cited, citation in found.items()
                if citation is None
            ),
            line=entry.line,
        )

    def _criterion(
        self, plain: object, complain: Callable[[int, str], None], line: int, where: str
    ) -> Criterion | None:
        if plain == "always":
            return ALWAYS
        try:
            return parse_criterion(_without_lines(plain), self.measures)
        except ValueError as error:
            complain(line, f"{where}: {error}")
            return None

    def _citation(self, rule: str, cited: _Citation, path: Path) -> Citation | None:
        document = self.documents.get(cited.document)
        start = document.text.find(cited.quote) if document else -1
        if document is None or start < 0:
            message = (
                f"rule '{rule}': there is no document '{cited.document}'"
                if document is None
                else f"rule '{rule}': this quotation is not in '{cited.document}', word for word: "
                f"'{cited.quote}'"
            )
            self.faults.append(LoadingFault(str(path), cited.line, message, lost_quote=True))
            return None
        return Citation(document.doc_id, Span(start, start + len(cited.quote)), cited.quote)


def _read_actions(path: Path, faults: list[LoadingFault]) -> dict[str, Action]:
    if not path.is_file():
        faults.append(LoadingFault(str(path), None, "missing: the pathways need their actions"))
        return {}
    try:
        plain = read_yaml(path.read_text(encoding="utf-8"))
        entries = TypeAdapter(tuple[_Action, ...]).validate_python(plain)
    except (yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
        faults.append(LoadingFault(str(path), None, " ".join(str(error).split())))
        return {}
    actions = {one.id: Action(one.id, one.name, one.names, one.within) for one in entries}
    for action in actions.values():
        if action.within is not None and action.within not in actions:
            message = f"action '{action.id}' is within '{action.within}', which is no action"
            faults.append(LoadingFault(str(path), None, message))
    return actions


def _check_references(pathways: Pathways, dropped: set[str]) -> Iterator[LoadingFault]:
    """Rules that stand twice, and names of rules that there are not.

    ``dropped`` are rules whose own fault has been told already.
    """
    seen: dict[str, str] = {}
    files: dict[str, str] = {}
    known = {rule.id for pathway in pathways.pathways for rule in pathway.rules} | dropped
    for pathway in pathways.pathways:
        first = files.setdefault(pathway.id, pathway.path)
        if first != pathway.path:
            message = f"pathway '{pathway.id}' stands twice (also in {Path(first).name}): keep one"
            yield LoadingFault(pathway.path, 1, message)
        named = [("entry", 1, name) for name in rules_of(pathway.entry)]
        for rule in pathway.rules:
            other = seen.setdefault(rule.id, pathway.path)
            if other != pathway.path or [r.id for r in pathway.rules].count(rule.id) > 1:
                message = f"rule '{rule.id}' stands twice (also in {Path(other).name}): keep one"
                yield LoadingFault(pathway.path, rule.line, message)
            mentioned = (*rules_of(rule.when), *rule.overrides)
            named += [(f"rule '{rule.id}'", rule.line, name) for name in mentioned]
        for where, line, name in named:
            if name not in known:
                message = f"{where} names '{name}', which is neither a fact nor a rule"
                yield LoadingFault(pathway.path, line, message)
    yield from _check_circles(pathways)


def _check_circles(pathways: Pathways) -> Iterator[LoadingFault]:
    """The first circle of rules, through entries and the order of rules too."""
    book = Rulebook(pathways)
    settled: set[str] = set()

    def visit(rule_id: str, trail: tuple[str, ...]) -> tuple[str, ...] | None:
        if rule_id in trail:
            return trail[trail.index(rule_id) :]
        if rule_id in settled or rule_id not in book.criteria:
            return None
        for other in rules_of(book.criteria[rule_id]):
            circle = visit(other, (*trail, rule_id))
            if circle:
                return circle
        settled.add(rule_id)
        return None

    for rule_id, rule in book.rules.items():
        circle = visit(rule_id, ())
        if circle:
            message = f"rules depend on each other in a circle: {' → '.join(circle)}"
            yield LoadingFault(book.owners[rule_id].path, rule.line, message)
            return


def has_undecided(criterion: Criterion) -> bool:
    """Whether it asks what is not known, so that learning more can make it false."""
    return any(isinstance(part, Undecided) for part in walk(criterion))


# YAML with line numbers


class _LineLoader(FastLoader):
    """Mappings carry the line they begin on, so that a fault can be found."""


def _construct_mapping(loader: _LineLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    mapping = loader.construct_mapping(node, deep=True)
    mapping[LINE] = node.start_mark.line + 1
    return mapping


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)


def _read_yaml(path: Path, faults: list[LoadingFault]) -> dict[str, Any] | None:
    try:
        plain = yaml.load(path.read_text(encoding="utf-8"), Loader=_LineLoader)  # noqa: S506
    except OSError as error:
        faults.append(LoadingFault(str(path), None, f"cannot be read: {error.strerror}"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        faults.append(
            LoadingFault(str(path), line, f"not valid YAML: {' '.join(str(error).split())}")
        )
    else:
        if isinstance(plain, dict):
            return plain
        faults.append(LoadingFault(str(path), 1, "expected a pathway: id, title, version, …"))
    return None


def _without_lines(plain: object) -> object:
    if isinstance(plain, dict):
        return {key: _without_lines(value) for key, value in plain.items() if key != LINE}
    if isinstance(plain, list):
        return [_without_lines(value) for value in plain]
    return plain


def _locate(plain: Any, loc: tuple[int | str, ...]) -> tuple[int, str]:
    """The line of the innermost entry of a validation error, and a name for it."""
    line, where = plain.get(LINE, 1), "pathway"
    at = plain
    for key in loc:
        try:
            at = at[key]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(at, dict) and LINE in at:
            line = at[LINE]
            where = f"rule '{at['id']}'" if "id" in at else where
    field_name = str(loc[-1]) if loc else "entry"
    return line, f"{where}, {field_name}"
