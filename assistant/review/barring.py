"""What stands against approving something now: a check that fails."""

from collections.abc import Mapping
from typing import Any, Protocol

from assistant.checking.check import ASKED_ABOUT, IssueKind, Verdict, Weight
from assistant.retrieval.records import DocumentRecord
from assistant.review.item import Item, Kind

# Issues of the check with which an answer cannot be approved, unless they are mere notes. That a
# question asks about what is forbidden is no fault of the answer, which says so.
_BARRING = (IssueKind.CONTRAINDICATED, IssueKind.PREMATURE, IssueKind.OMISSION)


class Library(Protocol):
    """What is asked of the library as it stands now."""

    def checksum(self, kind: Kind, doc_id: str) -> str | None: ...

    def document(self, doc_id: str) -> DocumentRecord: ...

    def faults_of_document(self, doc_id: str) -> tuple[str, ...]: ...

    def faults_of_answer(self, plain: Mapping[str, Any]) -> tuple[str, ...]: ...

    def tells_of_patient(self, text: str, earlier: tuple[str, ...] = ()) -> bool: ...


def why_barred(item: Item, library: Library) -> tuple[str, ...]:
    """A reason for each check that fails; ``item`` with its content."""
    if item.content is not None:
        return (*library.faults_of_answer(item.content), *_why_check_bars(item.content["check"]))
    now = library.checksum(item.kind, item.key)
    if now is None:
        return ("the document is no longer in the library",)
    if now != item.quoted[item.key]:
        return ("the document has changed since it was submitted: submit it again",)
    return library.faults_of_document(item.key)


def _why_check_bars(check: Mapping[str, Any]) -> list[str]:
    issues = check["issues"]
    reasons = [
        f"the check says {one['severity']}: {one['message']}" for one in issues if _bars(one)
    ]
    if check["verdict"] == Verdict.STOP and not any(map(_stops, issues)):
        reasons.append("the check says stop")
    return reasons


def _stops(issue: Mapping[str, Any]) -> bool:
    return bool(issue["severity"] == Weight.STOP)


def _bars(issue: Mapping[str, Any]) -> bool:
    if _stops(issue) or issue["severity"] == Weight.NOTE:
        return _stops(issue)
    return issue["kind"] in _BARRING and not str(issue["message"]).startswith(ASKED_ABOUT)
