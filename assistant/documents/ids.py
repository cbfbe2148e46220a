"""Document ids: one line, printable, short, and never a way out of a folder."""

import hashlib
import re

from assistant.errors import ReadError

LONGEST_ID = 200
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\ud800-\udfff]")
_DOTS = re.compile(r"\.{2,}")


def check_id(doc_id: str, path: str) -> str:
    """The id without outer white space; raises ReadError when it cannot serve."""
    found = doc_id.strip()
    if not found:
        raise ReadError(path, "the id is empty: give the document an id of one line")
    if len(found) > LONGEST_ID:
        raise ReadError(
            path, f"the id has {len(found)} characters: at most {LONGEST_ID} are allowed"
        )
    if _UNPRINTABLE.search(found):
        raise ReadError(
            path, f"the id {found!r} has a newline or control character: use printable ones"
        )
    if ".." in found:
        raise ReadError(path, f"the id {found!r} contains '..': leave the dots out")
    return found


def make_id(name: str) -> str:
    """An id that ``check_id`` accepts, made from the name of a file or folder path."""
    made = _DOTS.sub("_", _UNPRINTABLE.sub("_", name)).strip() or "_"
    if len(made) <= LONGEST_ID:
        return made
    digest = hashlib.sha256(made.encode()).hexdigest()[:12]
    return f"{made[: LONGEST_ID - 13].rstrip('.')}-{digest}"


def readable(doc_id: str) -> str:
    """A title for a document that has none: its id with spaces and a capital."""
    words = re.sub(r"[-_\s]+", " ", doc_id.rsplit("/", 1)[-1]).strip()
    return words[:1].upper() + words[1:] or doc_id


def one_line(title: str) -> str:
    """A title with its white space, newlines included, as single spaces."""
    return " ".join(_UNPRINTABLE.sub(" ", title).split())
