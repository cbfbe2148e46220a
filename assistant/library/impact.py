"""What breaks when documents change: every quotation held against their new text."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.documents.validity import tell_standing
from assistant.errors import CertificateError
from assistant.library.answers import Why, find_broken
from assistant.library.changes import find_nearest
from assistant.library.meaning import list_changes
from assistant.library.quotations import Holder, Quotation
from assistant.library.versions import Said, Version

# A statement less like the quotation than this is no suggestion.
SUGGESTED_FROM = 0.4


@dataclass(frozen=True, slots=True)
class Impact:
    """A quotation that broke, and why; ``nearest`` is the statement most like it now, from 0 to 1
    alike, and ``details`` what that one changes in what is done."""

    quotation: Quotation
    why: str
    nearest: Said | None = None
    likeness: float = 0.0
    details: tuple[str, ...] = ()


def find_impact(
    quotations: Iterable[Quotation],
    versions: Mapping[str, Version],
    on: date,
    *,
    only: bool,
) -> tuple[Impact, ...]:
    """What no longer stands in these versions, on a day, in the order given.

    ``only``: a document that is not among them is as it was; else it is gone.
    """
    return tuple(_find(quotations, versions, on, only=only))


def _find(
    quotations: Iterable[Quotation], versions: Mapping[str, Version], on: date, *, only: bool
) -> Iterator[Impact]:
    for one in quotations:
        version = versions.get(one.document)
        if version is None:
            if not only:
                yield Impact(one, f"the library has no document '{one.document}'")
            continue
        standing = tell_standing(version.description, on)
        if not standing.is_quotable:
            yield Impact(one, f"'{one.document}' is {standing.value}")
        elif one.quote not in version.text:
            yield _suggest(one, version)


def _suggest(one: Quotation, version: Version) -> Impact:
    why = f"'{one.document}' does not say this, word for word"
    found = find_nearest(one.quote, version.statements)
    if found is None or found[1] < SUGGESTED_FROM:
        return Impact(one, why)
    said, likeness = found
    return Impact(one, why, said, likeness, list_changes(one.quote, said.whole))


def find_in_answers(
    folder: Path, versions: Mapping[str, Version], on: date, *, only: bool
) -> tuple[Impact, ...]:
    """The broken quotations of the answers that 'ask --json' wrote to the ``.json`` and ``.jsonl``
    files of a folder. Raises CertificateError for a file that holds something else."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".jsonl"))
    impacts: list[Impact] = []
    for path in paths:
        for line, answer in _read_answers(path):
            name = str(answer.get("id") or answer["question"])
            impacts += find_in_answer(answer, (str(path), line, name), versions, on, only=only)
    return tuple(impacts)


def find_in_answer(
    answer: Mapping[str, Any],
    where: tuple[str, int | None, str],
    versions: Mapping[str, Version],
    on: date,
    *,
    only: bool,
) -> tuple[Impact, ...]:
    """The broken quotations of one answer; ``where`` is its file, its line and its name."""
    path, line, name = where
    impacts: list[Impact] = []
    for broken in find_broken(answer, lambda i: _text(i, versions, on)):
        if broken.why is Why.MOVED or (only and broken.document not in versions):
            continue
        numbered = f"{name} [{broken.number}]"
        one = Quotation(Holder.ANSWER, path, line, numbered, broken.document, broken.text)
        impacts += find_impact([one], versions, on, only=only)
    return tuple(impacts)


def _text(doc_id: str, versions: Mapping[str, Version], on: date) -> str | None:
    version = versions.get(doc_id)
    if version is None or not tell_standing(version.description, on).is_quotable:
        return None
    return version.text


def _read_answers(path: Path) -> Iterator[tuple[int | None, dict[str, Any]]]:
    """Each answer of a file with its line, None where it is the only one."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".json":
            found: list[tuple[int | None, Any]] = [(None, json.loads(text))]
        else:
            lines = enumerate(text.split("\n"), start=1)
            found = [(number, json.loads(line)) for number, line in lines if line.strip()]
    except (OSError, ValueError, RecursionError) as error:
        raise CertificateError(f"{path} cannot be read as JSON: {error}.") from error
    for number, answer in found:
        if isinstance(answer, dict) and "error" in answer:
            continue
        try:
            is_answer = bool(answer["question"]) and all(
                isinstance(quote["text"], str)
                and isinstance(quote["document"], str)
                and isinstance(quote["start"], int)
                and isinstance(quote["end"], int)
                and isinstance(quote["number"], int)
                for quote in answer["quotes"]
            )
        except (KeyError, TypeError):
            is_answer = False
        if not is_answer:
            where = f"{path}, line {number}," if number else str(path)
            raise CertificateError(
                f"{where} holds no answer: give a folder of what 'ask --json' wrote."
            )
        yield number, answer
