"""Prove a saved answer again, quote by quote and rule by rule, without any model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from assistant.certificate import NOT_SEALED, Versions, seal
from assistant.completion import Completer
from assistant.consultation import Consultation
from assistant.documents.passages import Passage
from assistant.retrieval.index import Snapshot, fingerprint_of
from assistant.retrieval.records import Generation
from assistant.retrieval.store import Store
from assistant.verifying.comparing import NOTHING, Difference, Path, compare, name_entry, show
from assistant.verifying.rebuilding import Rebuilder, Rebuilt, read_day
from assistant.verifying.saved import Saved, SavedFile, show_path

Render = Callable[[Consultation, Mapping[str, Any]], Mapping[str, Any]]
# What only the model that found the quotes could give again.
NOT_PROVABLE = (
    "confidence",
    "quotes[].score",
    "nearest[].score",
    "which quotes were chosen, for which part, and in which order (certificate.draft, parts)",
    "not_covered or out_of_scope, where there is no answer",
    "writer, note",
)
_SEAL: Path = ("certificate", "seal")


@dataclass(frozen=True, slots=True)
class Failed:
    """One thing that no longer holds: of what kind, where in the JSON, and why."""

    what: str
    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Changed:
    """What is another now than when the answer was made, though all that it says may hold."""

    what: str
    then: Any
    now: Any


@dataclass(slots=True)
class Verification:
    """The proof of the answers of one file; ``then`` are the generations that they name."""

    now: str
    then: list[str] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    failed: list[Failed] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything was proved."""
        return not self.failed


class Verifier:
    """Holds saved answers against one store and one corpus folder."""

    def __init__(
        self,
        generation: Generation,
        library: Callable[[date], Snapshot],
        completer: Completer,
        versions: Versions,
        render: Render,
    ) -> None:
        """``library`` is this generation as it may be quoted on a day; ``render`` makes a
        consultation's JSON, as ``ask --json`` does."""
        self._generation = generation
        self._library_on = library
        self._completer = completer
        self._versions = versions
        self._render = render
        self._libraries: dict[date, tuple[Snapshot, Rebuilder]] = {}

    @classmethod
    def open(cls, store: str, corpus: FilePath, render: Render) -> "Verifier":
        """Open a store for reading. Raises StoreMissing-, StoreUnreachable- and ReadError."""
        opened = Store.open(store)
        generation = opened.current()
        completer = Completer.load(corpus)
        versions = Versions.load(corpus, completer.examiner.book)
        known: dict[str, list[Passage]] = {}

        def library(on: date) -> Snapshot:
            snapshot = Snapshot(opened, generation, known, on=on)
            known.update(snapshot.passages_by_segment)
            return snapshot

        return cls(generation, library, completer, versions, render)

    def _on(self, day: date) -> tuple[Snapshot, Rebuilder]:
        """The library as it could be quoted on the day of an answer; what was withdrawn since is
        not in it."""
        if day not in self._libraries:
            library = self._library_on(day)
            rebuilder = Rebuilder(library, library.generation.name, self._completer, self._versions)
            self._libraries[day] = library, rebuilder
        return self._libraries[day]

    def verify(
        self, file: SavedFile, progress: Callable[[str, int, int], None] = lambda *_: None
    ) -> Verification:
        """Every answer of the file, in order."""
        found = Verification(self._generation.name)
        if file.batch:
            found.checked["answers"] = len(file.answers)
            found.checked["without_answer"] = file.without_answer
        for done, saved in enumerate(file.answers):
            progress("", done, len(file.answers))
            self._verify(saved, found)
        progress("", len(file.answers), len(file.answers))
        found.then = list(dict.fromkeys(found.then))
        return found

    def _verify(self, saved: Saved, found: Verification) -> None:
        sealed = seal(saved.plain) == saved.answer.certificate.seal
        library, rebuilder = self._on(read_day(saved.answer) or date.min)
        rebuilt = rebuilder.rebuild(saved.answer)
        given = {"id": saved.plain["id"]} if "id" in saved.plain else {}
        now = self._render(rebuilt.consultation, given)
        found.then.append(saved.answer.generation)
        for name, number in _count(saved, now).items():
            found.checked[name] = found.checked.get(name, 0) + number
        failed: dict[tuple[str, str], Failed] = {}
        told = set()
        for difference in compare(_sealed_part(saved.plain), _sealed_part(now)):
            told.add(difference.path)
            if difference.path == _SEAL or _follows(difference.path, rebuilt):
                continue
            if _only_changed(difference):
                change = Changed(
                    show_path(difference.path), _plain(difference.then), _plain(difference.now)
                )
                if change not in found.changed:
                    found.changed.append(change)
                continue
            one = self._explain(difference, library, rebuilt, saved, sealed)
            failed.setdefault((one.where.rsplit(".", 1)[0], one.reason), one)
        for path, reason in rebuilt.reasons.items():
            if path not in told:
                one = Failed(_kind(path), show_path(path), reason)
                failed.setdefault((one.where.rsplit(".", 1)[0], reason), one)
        fault = self._check_embedder(saved, now)
        if fault is not None:
            failed[fault.where, fault.reason] = fault
        if not sealed:
            where = show_path(_SEAL)
            failed[where, "seal"] = Failed("seal", where, _broken_seal(bool(failed)))
        found.failed += [
            Failed(one.what, f"{saved.name}{one.where}", one.reason) for one in failed.values()
        ]

    def _check_embedder(self, saved: Saved, now: Mapping[str, Any]) -> Failed | None:
        """Whether the library of that time was made with the embedder that the answer names."""
        generation, certificate = self._generation, saved.answer.certificate
        same_program = certificate.versions.get("assistant") == _program_of(now)
        if saved.answer.generation != generation.name or not same_program:
            return None
        if fingerprint_of(certificate.settings.embedder) == generation.fingerprint:
            return None
        where = "certificate.settings.embedder"
        return Failed(
            "setting", where, f"{show(certificate.settings.embedder)} did not make this library"
        )

    def _explain(
        self,
        difference: Difference,
        library: Snapshot,
        rebuilt: Rebuilt,
        saved: Saved,
        sealed: bool,
    ) -> Failed:
        path = difference.path
        if sealed and _is_place_of_citation(path):
            return Failed(
                "document",
                f"{path[0]}.citations",
                f"document '{self._citation(path, saved)}' has changed since: quotations of rules "
                "stand elsewhere in it",
            )
        reason = rebuilt.reasons.get(path) or self._reason(difference, library, rebuilt, saved)
        return Failed(_kind(path), show_path(path), reason)

    def _citation(self, path: Path, saved: Saved) -> str:
        at: Any = saved.plain
        for part in path[:-1]:
            at = at[part]
        return str(at.get("document"))

    def _reason(
        self, difference: Difference, library: Snapshot, rebuilt: Rebuilt, saved: Saved
    ) -> str:
        path, then, now = difference.path, difference.then, difference.now
        if path[:2] == ("certificate", "documents"):
            return _document_reason(str(path[-1]), now, library, rebuilt, saved)
        if path[:2] == ("certificate", "pathways") and len(path) > 3:
            pathway = saved.answer.certificate.pathways[int(path[2])]
            if path[3] == "rules":
                if now is NOTHING:
                    return f"there is no rule '{path[-1]}' any more"
                if then is NOTHING:
                    return f"rule '{path[-1]}' was not there; it comes to {show(now)}"
                return f"rule '{path[-1]}' now comes to {show(now)}; the answer says {show(then)}"
            if path[3] in ("sha256", "version"):
                return f"pathway '{pathway.id}' has changed since: {show(then)} is now {show(now)}"
        if path[-1] == "sha256":
            return "this is not the checksum of the quote's words"
        named = _name_place(path, saved.plain)
        if then is NOTHING:
            return f"{named}the answer leaves out {name_entry(now)}: it comes to {show(now)}"
        if now is NOTHING:
            return f"{named}{name_entry(then)} is no longer found: the answer says {show(then)}"
        return f"{named}now comes to {show(now)}; the answer says {show(then)}"


def _document_reason(
    doc_id: str, now: Any, library: Snapshot, rebuilt: Rebuilt, saved: Saved
) -> str:
    quotes = [
        f"{part[0]} {quote.number}"
        for part in (
            ("quote", saved.answer.quotes),
            ("nearest passage", saved.answer.nearest),
        )
        for quote in part[1]
        if quote.document == doc_id
    ]
    if doc_id not in library.records:
        if not quotes:
            return f"document '{doc_id}' is not in the library, and no quote is from it"
        gone = "is no longer in the library"
        if doc_id in library.hidden:
            gone = "is withdrawn, or was not valid yet"
        return f"document '{doc_id}' {gone}: {', '.join(quotes)} cannot be proved"
    if now is NOTHING:
        return f"no quote is from document '{doc_id}'"
    standing = rebuilt.standing.get(doc_id, 0)
    return (
        f"document '{doc_id}' has changed since; of its {len(quotes)} "
        f"{'quote' if len(quotes) == 1 else 'quotes'} {standing} "
        f"{'stands' if standing == 1 else 'stand'} where {'it' if standing == 1 else 'they'} "
        "stood"
    )


def _follows(path: Path, rebuilt: Rebuilt) -> bool:
    """Whether it is the checksum of words that are known to be wrong."""
    return path[-1] == "sha256" and (*path[:-1], "text") in rebuilt.reasons


def _name_place(path: Path, plain: Mapping[str, Any]) -> str:
    """What the innermost entry above a leaf is called, such as the concept of a finding."""
    at: Any = plain
    name = ""
    for part in path[:-1]:
        try:
            at = at[part]
        except (KeyError, IndexError):
            break
        if isinstance(part, int) and isinstance(at, Mapping):
            name = f"{name_entry(at)}: "
    return name


def _sealed_part(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in plain.items() if key not in NOT_SEALED}


def _plain(value: Any) -> Any:
    return None if value is NOTHING else value


def _only_changed(difference: Difference) -> bool:
    """Whether a difference is of the time alone: what was made from it is proved apart."""
    return difference.path == ("generation",) or difference.path[:2] == ("certificate", "versions")


def _program_of(plain: Mapping[str, Any]) -> Any:
    return plain["certificate"]["versions"]["assistant"]


def _is_place_of_citation(path: Path) -> bool:
    return "citations" in path and path[-1] in ("start", "end") and len(path) > 3


def _broken_seal(explained: bool) -> str:
    if explained:
        return "the answer was altered after it was made"
    return (
        "the answer was altered after it was made, in something that only the model could give or "
        "that nothing rests on: its question, history, confidence, scores or versions"
    )


_KINDS = {
    "quotes": "quote",
    "nearest": "quote",
    "direct": "quote",
    "findings": "finding",
    "pathways": "pathway",
    "check": "check",
    "disagreements": "disagreement",
    "notices": "notice",
    "references": "reference",
}
_CERTIFIED = {"documents": "document", "pathways": "pathway", "settings": "setting"}


def _kind(path: Path) -> str:
    """What a failure is about, in one word."""
    if path[:2] == ("certificate", "pathways") and len(path) > 3 and path[3] == "rules":
        return "rule"
    if path[0] == "certificate":
        return _CERTIFIED.get(str(path[1]) if len(path) > 1 else "", "certificate")
    return _KINDS.get(str(path[0]), "answer")


def _count(saved: Saved, now: Mapping[str, Any]) -> dict[str, int]:
    answer = saved.answer
    return {
        "quotes": len(answer.quotes),
        "nearest": len(answer.nearest),
        "documents": len(answer.certificate.documents),
        "findings": len(answer.findings),
        "pathways": len(now["certificate"]["pathways"]),
        "rules": sum(len(one["rules"]) for one in now["certificate"]["pathways"]),
        "issues": len(answer.check.issues),
        "disagreements": len(answer.disagreements),
        "references": len(answer.references),
    }
