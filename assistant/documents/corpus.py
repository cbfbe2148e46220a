"""Which files there are to read, in an order that never depends on the disk."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from assistant.documents.ids import make_id
from assistant.documents.readers.registry import SUFFIXES
from assistant.errors import ReadError


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read; ``doc_id`` serves where the file names none itself."""

    path: Path
    doc_id: str


def find_files(paths: Sequence[Path]) -> Iterator[FoundFile]:
    """Each real file once, sorted within each path given.

    Folders are searched for readable suffixes, hidden names left out. A file named outright is
    passed on whatever its suffix. Raises ReadError for a path that is not there.
    """
    seen: set[Path] = set()
    for given in paths:
        for found in _find_below(given):
            real = found.path.resolve()
            if real not in seen:
                seen.add(real)
                yield found


def _find_below(given: Path) -> Iterator[FoundFile]:
    if given.is_dir():
        for path in _walk(given):
            yield FoundFile(path, make_id(path.relative_to(given).with_suffix("").as_posix()))
    elif given.is_file():
        yield FoundFile(given, make_id(PurePath(given.name).stem))
    elif given.exists():
        raise ReadError(str(given), "neither a file nor a folder: give one of those")
    else:
        raise ReadError(str(given), "there is nothing there: check the path")


def _walk(folder: Path) -> list[Path]:
    """The readable files below a folder; one reached through links in a circle is walked once."""
    files: list[Path] = []
    walked: set[Path] = set()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        real = here.resolve()
        if real in walked:
            continue
        walked.add(real)
        try:
            names = sorted(os.listdir(here))
        except OSError as error:
            raise ReadError(str(here), f"the folder cannot be listed: {error.strerror}") from error
        for name in names:
            path = here / name
            if name.startswith("."):
                continue
            if path.is_dir():
                waiting.append(path)
            elif path.suffix.lower() in SUFFIXES and path.is_file():
                files.append(path)
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())
