"""A fault of a library, and the line of the file where a person finds it."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where, for people; ``line`` is ``None`` where there is none to point at."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


def make_fault(path: Path, line: int | None, message: str) -> Fault:
    """A fault at a path as people see it."""
    return Fault(show_path(path), line, message)


def show_path(path: Path) -> str:
    """The path as seen from the working folder, where it is below that."""
    real = path.resolve()
    return str(real.relative_to(Path.cwd()) if real.is_relative_to(Path.cwd()) else path)


def explain(path: Path, reason: str) -> Fault:
    """A file that could not be read; the line is that of what the reason names, if it is there."""
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return make_fault(path, None, reason)
    if entry := re.match(r"entry (\d+)", reason):
        starts = [line for line in enumerate(raw.split("\n"), start=1) if line[1][:2] == "- "]
        line = starts[int(entry[1])][0] if int(entry[1]) < len(starts) else None
    elif told := re.search(r"\bline (\d+)", reason):
        # The YAML of front matter starts on the file's second line.
        line = int(told[1]) + (path.suffix.lower() == ".md")
    else:
        named = re.search(r"'([^']+)'", reason)
        line = line_of(raw, named[1]) if named else None
    return make_fault(path, line, reason)


def line_of(raw: str, words: str) -> int | None:
    """The first line with these words, whole."""
    found = re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", raw)
    return raw.count("\n", 0, found.start()) + 1 if found else None


def find_words(raw: str, words: str, after: int) -> int | None:
    """Where in the Markdown the first words stand, after a place or else anywhere."""
    first = re.findall(r"[^\W_]+", words)[:8]
    pattern = re.compile(r"[\W_]+".join(first)) if first else None
    found = pattern and (pattern.search(raw, after) or pattern.search(raw))
    return found.start() if found else None


def list_lines(path: Path) -> list[tuple[str, int]]:
    """Each entry of a YAML file with its line: a mapping's key, or "" for an item of a list."""
    if not path.is_file():
        return []
    top = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    if isinstance(top, yaml.MappingNode):
        return [(str(key.value), key.start_mark.line + 1) for key, _ in top.value]
    if isinstance(top, yaml.SequenceNode):
        return [("", node.start_mark.line + 1) for node in top.value]
    return []


def shorten(words: str) -> str:
    """Enough to find it by."""
    return words if len(words) <= 60 else f"{words[:59].rstrip()}…"
