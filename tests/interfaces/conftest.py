"""A public fake of the assistant, with a small invented library, and pages in a real browser."""

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answering.answer import Answer, Outcome, Part, Quote, QuoteRole
from assistant.case.correcting import Correction
from assistant.checking.amending import as_said
from assistant.checking.examination import Examiner, Told
from assistant.consultation import Consultation
from assistant.documents.document import Description, Review
from assistant.documents.pages import PageView
from assistant.documents.passages import Passage
from assistant.documents.sources import Source, SourceKind, SourceStatus
from assistant.errors import QuestionError, UnknownDocumentError
from assistant.followups import Turn
from assistant.interfaces.ui import build_ui
from assistant.interfaces.ui_serving import launch
from assistant.retrieval.hits import Hit
from assistant.retrieval.index import StoredDocument
from assistant.retrieval.ingest import IngestReport
from assistant.retrieval.records import DocumentRecord
from assistant.spans import Span

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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
    suggested: tuple[str, ...] = ()
    pause: float = 0.0

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        corrections: Mapping[str, Correction] | None = None,
    ) -> Consultation:
        self.histories.append(tuple(history))
        time.sleep(self.pause)
        if "fails" in question:
            raise RuntimeError(f"cannot read {question.upper()}")
        if "too long" in question:
            raise QuestionError("The question has <b>too many</b> characters.")
        answers = (answer for key, answer in self.script.items() if key in question)
        answer = next(answers, self.script["acetazolamide"])
        keys = {key for quote in answer.quotes for key in quote.sources}
        references = {key: self.references[key] for key in keys if key in self.references}
        told = [Told(turn.content, turn.corrections) for turn in history if turn.role == "user"]
        examination = EXAMINER.examine(question, earlier=told, corrections=corrections or {})
        check = EXAMINER.check(examination, as_said(answer))
        return Consultation(
            question,
            answer,
            examination,
            check,
            self.generation,
            hits=self.search(question, 4),
            references=references,
            timing_ms={"total": 12.0},
        )

    def suggest(self, consultation: Consultation, history: Sequence[Turn] = ()) -> tuple[str, ...]:
        return self.suggested

    def document(self, doc_id: str) -> StoredDocument:
        if doc_id not in self.library:
            raise UnknownDocumentError(f"No document has the id {doc_id}.")
        return self.library[doc_id]

    def documents(self) -> tuple[DocumentRecord, ...]:
        return tuple(document.record for document in self.library.values())

    def page_views(self, doc_id: str, span: Span) -> tuple[PageView, ...]:
        return ()

    def passages(self, doc_id: str) -> tuple[Passage, ...]:
        return ()

    def search(
        self, text: str, k: int = 10, doc_ids: frozenset[str] | None = None
    ) -> tuple[Hit, ...]:
        """The first lines of prose that share a word with the text."""
        words = {word for word in text.lower().split() if len(word) > 3}
        found: list[Hit] = []
        for document in self.library.values():
            offset = 0
            for line in document.text.splitlines(keepends=True):
                start, offset = offset, offset + len(line)
                if doc_ids is not None and document.record.doc_id not in doc_ids:
                    continue
                if len(found) < k and words & {*line.lower().split()} and line[0] not in "#|":
                    span = Span(start, start + len(line.rstrip()))
                    record = document.record
                    passage = Passage(record.doc_id, record.title, span, line.rstrip(), (), ())
                    found.append(Hit(len(found) + 1, 0.5, passage))
        return tuple(found)

    def add(
        self, paths: Sequence[Path], may_replace: Callable[[DocumentRecord], bool]
    ) -> IngestReport:
        raise NotImplementedError("the real assistant is tested in its place")

    def remove(self, doc_ids: Sequence[str]) -> None:
        for doc_id in doc_ids:
            if doc_id not in self.library:
                raise UnknownDocumentError(f"No document has the id {doc_id}.")
            del self.library[doc_id]

    @property
    def generation(self) -> str:
        return "generation"


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
    gap = make_quote(patch, 1, "Keep the patient lying flat for two hours after the patch.")
    first = when.quotes[0]
    two = replace(
        when,
        parts=(
            Part("When should I scan", Outcome.ANSWERED, ((first.doc_id, first.span),)),
            Part("What does it cost", Outcome.NOT_COVERED, gap=(gap.doc_id, gap.span)),
        ),
        nearest=(gap,),
    )
    return FakeAssistant(
        {document.record.doc_id: document for document in (imaging, patch, hostile)},
        {
            "hostile": attack,
            "cost": two,
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


# In a browser


ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import Error, sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        except Error as error:
            pytest.fail(
                "No browser for the page's tests. Install Chromium, name one in CHROMIUM, or run "
                f"'playwright install chromium'. ({error.message.splitlines()[0]})"
            )
        yield browser
        browser.close()


class Visit:
    """A page with what it asked of the network and what went wrong in it."""

    def __init__(self, page: "Page", address: str) -> None:
        self.page, self.address = page, address
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)
        page.goto(address)
        page.wait_for_selector("#question")
        page.wait_for_selector("#list *", state="attached")

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def ask(self, question: str) -> None:
        answers = self.page.locator("article.exchange")
        before = answers.count()
        self.page.fill("#question", question)
        self.page.keyboard.press("Enter")
        answers.nth(before).wait_for()

    def tab(self, name: str) -> Any:
        """Choose a tab and return what it shows."""
        self.page.click(f"#tab-{name}")
        return self.page.locator(f"#pane-{name}")

    def open(self, answer: int, number: int) -> str:
        """Click a number of the nth answer and return the words marked as chosen."""
        link = self.page.locator("article.exchange").nth(answer).locator("a.cite")
        link.get_by_text(f"[{number}]", exact=True).first.click()
        return self.chosen(number)

    def chosen(self, number: int) -> str:
        mark = self.page.locator(f"#pane-source mark.current[data-number='{number}']").first
        mark.wait_for(state="attached")
        return mark.text_content() or ""

    def title(self) -> str:
        return self.page.locator("#pane-source h2.title").text_content() or ""

    def mark_is_in_view(self) -> bool:
        return bool(
            self.page.wait_for_function(
                """() => {
                  const mark = document.querySelector("#pane-source mark.current");
                  const body = document.querySelector("#pane-source .source-body");
                  const m = mark.getBoundingClientRect(), b = body.getBoundingClientRect();
                  return m.height > 0 && m.top >= b.top && m.bottom <= b.bottom
                    && m.bottom <= window.innerHeight;
                }""",
                timeout=5000,
            )
        )


Opens = Callable[..., Visit]


@pytest.fixture
def visits(browser: "Browser") -> Iterator[Opens]:
    """Opens pages in browsers of their own; afterwards nothing may have gone wrong or outside."""
    opened: list[tuple[Any, Visit]] = []

    def open_page(address: str, **context: Any) -> Visit:
        made = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | context)
        made.set_default_timeout(10_000)
        opened.append((made, Visit(made.new_page(), address)))
        return opened[-1][1]

    yield open_page
    for context, _ in opened:
        context.close()
    for _, visit in opened:
        assert visit.errors == []
        assert visit.dialogs == []
        outside = [u for u in visit.requests if not u.startswith((visit.address, "data:", "blob:"))]
        assert outside == []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The address of a page served in this process, its fake, and its file of judgements."""
    fake = new_fake()
    feedback = tmp_path_factory.mktemp("feedback") / "feedback.jsonl"
    ui = build_ui(fake, feedback=feedback)
    address = launch(ui, "127.0.0.1", find_free_port())
    yield address, fake, feedback
    ui.close(verbose=False)


@pytest.fixture
def visit(visits: Opens, served: Any) -> Visit:
    return visits(served[0])
