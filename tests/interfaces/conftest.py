"""A public fake of the assistant, with a small invented library."""

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.answer import Answer, Outcome, Quote, QuoteRole
from assistant.checking.examination import Examiner
from assistant.consultation import Consultation, Turn
from assistant.documents.document import Description, Review
from assistant.documents.sources import Source, SourceKind, SourceStatus
from assistant.errors import QuestionError, UnknownDocumentError
from assistant.retrieval.index import StoredDocument
from assistant.retrieval.records import DocumentRecord
from assistant.spans import Span

HOSTILE = "<img src=x onerror=alert(1)> # heading [x](javascript:alert(2)) $$x$$ *y* `z` {{q}} ${1}"

UNDESCRIBED = Description()
EXAMINER = Examiner.load(Path(__file__).parents[2] / "corpus")

IMAGING = """# Imaging after a dural puncture

This summary is for teams who look after people with headache after a lumbar puncture, a spinal \
or epidural anaesthetic, or a spinal injection.

## When to image

Headache that is worse upright and begins within five days of a dural puncture can be treated \
without imaging when the neurological examination is normal. Image the brain and the spine when \
the headache lasts longer than two weeks, or when it returns after a blood patch.

Do not wait for imaging in a patient with a falling level of consciousness: call the \
neurosurgical team first.

- Ask for MRI of the brain with contrast.
- Ask for MRI of the whole spine, with fat-suppressed T2 images.
- CT of the head is enough when the only question is a subdural collection.

## What a normal scan means

A normal MRI of the brain does not rule out a leak. About one person in five with a proven leak \
has normal brain imaging, so go by the history when it is typical.

| Finding | Means |
|---|---|
| Diffuse pachymeningeal enhancement | Low pressure is likely |
| Brain sag | Low pressure is likely |
| Normal | A leak remains possible |

## References

1. Invented A, Example B. Imaging in post-dural puncture headache. 2024.
"""

PATCH = """# Epidural blood patch: after-care

## First 24 hours

Keep the patient lying flat for two hours after the patch. Advise against lifting, bending and \
straining for six weeks.

## Rebound high pressure

Headache that is worse lying down after a blood patch suggests rebound intracranial hypertension. \
Check the optic discs and do not repeat the patch until the pressure has been considered.

Most rebound headaches settle within two weeks.
"""

HOSTILE_DOCUMENT = f"""# {HOSTILE}

First line {HOSTILE}

    indented <script>alert(3)</script>

The hostile sentence is {HOSTILE} to the end.
"""


def make_document(
    doc_id: str, title: str, text: str, description: Description = UNDESCRIBED
) -> StoredDocument:
    """A document whose sections are its Markdown headings."""
    sections: list[tuple[str, int]] = []
    path: list[str] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        if line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            path = [*path[: level - 1], line.strip("# \n")]
            sections.append((" › ".join(path), offset))
        offset += len(line)
    record = DocumentRecord(
        doc_id=doc_id,
        title=title,
        origin=f"{doc_id}.md",
        checksum="0",
        passages=1,
        description=description,
        sections=tuple(sections),
    )
    return StoredDocument(record, text)


def make_quote(document: StoredDocument, number: int, words: str, **more: Any) -> Quote:
    """The quote of ``words``, which the document must contain."""
    start = document.text.index(words)
    section = [path for path, at in document.record.sections if at <= start][-1:]
    return Quote(
        number=number,
        text=words,
        doc_id=document.record.doc_id,
        title=document.record.title,
        section=section[0] if section else "",
        span=Span(start, start + len(words)),
        role=more.pop("role", QuoteRole.DIRECT),
        score=0.8,
        **more,
    )


@dataclass
class FakeAssistant:
    """Answers from a script: the first key that is in the question names the answer."""

    library: dict[str, StoredDocument]
    script: Mapping[str, Answer]
    references: Mapping[str, Source] = field(default_factory=dict)
    histories: list[tuple[Turn, ...]] = field(default_factory=list)

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Consultation:
        self.histories.append(tuple(history))
        if "fails" in question:
            raise RuntimeError(f"cannot read {question.upper()}")
        if "too long" in question:
            raise QuestionError("The question has <b>too many</b> characters.")
        answers = (answer for key, answer in self.script.items() if key in question)
        answer = next(answers, self.script["acetazolamide"])
        keys = {key for quote in answer.quotes for key in quote.sources}
        references = {key: self.references[key] for key in keys if key in self.references}
        examination = EXAMINER.examine(question)
        check = EXAMINER.check(examination)
        return Consultation(
            question, answer, examination, check, "generation", references=references
        )

    def document(self, doc_id: str) -> StoredDocument:
        if doc_id not in self.library:
            raise UnknownDocumentError(f"No document has the id {doc_id}.")
        return self.library[doc_id]


def new_fake() -> FakeAssistant:
    imaging = make_document(
        "imaging",
        "Imaging after a dural puncture",
        IMAGING,
        Description(updated="2026-01-22", review=Review("approved", "A. Example", "2026-02-03")),
    )
    patch = make_document(
        "patch",
        "Epidural blood patch: after-care",
        PATCH,
        Description(published="2025-06-01", review=Review("under review")),
    )
    hostile = make_document("hostile'\"><b>", HOSTILE, HOSTILE_DOCUMENT)
    when = Answer(
        Outcome.ANSWERED,
        0.86,
        "extractive",
        quotes=(
            make_quote(
                imaging,
                1,
                "Image the brain and the spine when the headache lasts longer than two weeks, or "
                "when it returns after a blood patch.",
                population="adults after a dural puncture",
                strength="strong",
                sources=("example-2024",),
            ),
            make_quote(
                imaging,
                2,
                "Do not wait for imaging in a patient with a falling level of consciousness: call "
                "the neurosurgical team first.",
                role=QuoteRole.AVOID,
                status="unconfirmed",
            ),
            make_quote(imaging, 3, "Ask for MRI of the brain with contrast.", role=QuoteRole.DO),
            make_quote(
                patch,
                4,
                "Most rebound headaches settle within two weeks.",
                role=QuoteRole.BACKGROUND,
                status="unconfirmed",
            ),
        ),
        direct=(1,),
    )
    lying = Answer(
        Outcome.ANSWERED,
        0.7,
        "extractive",
        quotes=(
            make_quote(
                patch,
                1,
                "Headache that is worse lying down after a blood patch suggests rebound "
                "intracranial hypertension.",
            ),
            make_quote(
                patch,
                2,
                "Check the optic discs and do not repeat the patch until the pressure has been "
                "considered.",
            ),
        ),
        direct=(1, 2),
    )
    normal = Answer(
        Outcome.ANSWERED,
        0.41,
        "extractive",
        quotes=(
            make_quote(imaging, 1, "A normal MRI of the brain does not rule out a leak."),
            make_quote(imaging, 2, "| Normal | A leak remains possible |"),
        ),
        direct=(1,),
    )
    uncovered = Answer(
        Outcome.NOT_COVERED,
        0.08,
        "extractive",
        nearest=(
            make_quote(patch, 1, "Most rebound headaches settle within two weeks."),
            make_quote(imaging, 2, "Ask for MRI of the brain with contrast."),
        ),
    )
    attack = Answer(
        Outcome.ANSWERED,
        0.9,
        "extractive",
        quotes=(
            make_quote(
                hostile,
                1,
                f"The hostile sentence is {HOSTILE} to the end.",
                population=HOSTILE,
                sources=(HOSTILE,),
                status=HOSTILE,
            ),
        ),
        direct=(1,),
    )
    return FakeAssistant(
        {document.record.doc_id: document for document in (imaging, patch, hostile)},
        {
            "hostile": attack,
            "onerror": attack,
            "lying down": lying,
            "normal MRI": normal,
            "image": when,
            "acetazolamide": uncovered,
            "recipe": Answer(Outcome.OUT_OF_SCOPE, 0.01, "extractive"),
        },
        {
            "example-2024": Source(
                title="Imaging in post-dural puncture headache",
                authors="Example et al.",
                container="Journal of Invented Guidelines",
                year=2024,
                kind=SourceKind.GUIDELINE,
                status=SourceStatus.UNCONFIRMED,
            )
        },
    )


@pytest.fixture
def fake() -> FakeAssistant:
    return new_fake()


@pytest.fixture(scope="session")
def make_fake() -> Callable[[], FakeAssistant]:
    return new_fake


@pytest.fixture
def hostile() -> str:
    return HOSTILE


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def find_port() -> Callable[[], int]:
    return find_free_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])
