"""Make the twins, ask them, and see which promises are kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from assistant import Assistant
from evals.gold import Located
from evals.transcript import Transcript, ask
from evals.twins.library import (
    LibraryTwin,
    can_be_copied,
    changed_library,
    document_sources,
    make_library_twins,
)
from evals.twins.patient import Patients
from evals.twins.twin import Kept, Twin, TwinKind, judge
from evals.twins.wording import Wordings

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Sample:
    """How many twins of each kind are asked, and of how many questions and documents library
    twins are made; ``None`` for all. ``kinds`` limits those that are no library twins."""

    twins: int | None
    questions: int | None
    documents: int | None
    kinds: frozenset[TwinKind] = frozenset(TwinKind)


GATE_SAMPLE = Sample(40, 20, 4)
EVERYTHING = Sample(None, None, None)


@dataclass(frozen=True, slots=True)
class TwinResult:
    """A twin with what came of it."""

    twin: Twin
    kept: Kept
    after: Transcript


def make_twins(
    questions: Sequence[Located], before: Mapping[str, Transcript], assistant: Assistant
) -> Iterator[Twin]:
    """Every twin of the questions' wording and patients."""
    corpus = assistant.settings.corpus
    wordings, patients = Wordings(corpus), Patients(corpus)
    for located in questions:
        said = before[located.gold.id]
        if said.error is None:
            yield from wordings.make(located, said)
            yield from patients.make(located, said)


def sample(twins: Sequence[Twin], most: int | None) -> list[Twin]:
    """The same ``most`` of each kind at every run, drawn by a digest of what they are."""
    kept: list[Twin] = []
    for kind in TwinKind:
        of_kind = [twin for twin in twins if twin.kind is kind]
        drawn = sorted(of_kind, key=lambda twin: _digest(twin.twin_id))[:most]
        kept += sorted(drawn, key=lambda twin: twin.twin_id)
    return kept


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


def run_twins(
    questions: Sequence[Located],
    before: Mapping[str, Transcript],
    assistant: Assistant,
    size: Sample,
    progress: Progress,
) -> tuple[TwinResult, ...]:
    """Ask a sample of all twins; library twins only where the store can be copied."""
    made = [t for t in make_twins(questions, before, assistant) if t.kind in size.kinds]
    asked = sample(made, size.twins)
    changed: list[LibraryTwin] = []
    if can_be_copied(assistant.settings):
        drawn = sorted(questions, key=lambda q: _digest(q.gold.id))
        texts = document_sources(assistant)
        changed = list(make_library_twins(drawn, before, texts, size.questions, size.documents))
    total = len(asked) + sum(len(one.twins) for one in changed)
    results: list[TwinResult] = []
    for twin in asked:
        progress("twins", len(results), total)
        results.append(_ask(twin, before, assistant))
    for library_twin in changed:
        with changed_library(assistant.settings, library_twin) as other:
            for twin in library_twin.twins:
                progress("library twins", len(results), total)
                results.append(_ask(twin, before, other))
    progress("twins", total, total)
    return tuple(results)


def _ask(twin: Twin, before: Mapping[str, Transcript], assistant: Assistant) -> TwinResult:
    after = ask(assistant, twin.question, twin.turns).transcript
    return TwinResult(twin, judge(twin, before[twin.of], after), after)
