"""JSON lines: a document a line, so that a bad line loses no other."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant.documents.decoding import refuse_unusable, unify_newlines
from assistant.documents.document import Document
from assistant.documents.ids import check_id
from assistant.documents.readers.describing import describe_line
from assistant.documents.readers.plain import read_plain
from assistant.errors import ReadError


def read_json_lines(
    lines: Iterable[bytes], path: str, limit: int
) -> Iterator[Document | ReadError]:
    """Each line's document, or why it has none; blank lines are passed over."""
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        where = f"{path}, line {number}"
        try:
            document = _read_line(line, where, limit)
        except ReadError as error:
            yield error
            continue
        if document is None:
            continue
        if document.doc_id in seen:
            yield ReadError(
                where, f"id {document.doc_id!r} is already on line {seen[document.doc_id]}"
            )
            continue
        seen[document.doc_id] = number
        yield document


def _read_line(line: bytes, where: str, limit: int) -> Document | None:
    if len(line) > limit:
        raise ReadError(where, f"longer than the limit of {limit:,} bytes: divide the document")
    try:
        written = line.decode("utf-8-sig").strip()
        if not written:
            return None
        fields = json.loads(written)
    except UnicodeDecodeError as error:
        raise ReadError(
            where, f"not UTF-8 at byte {error.start}: save the file as UTF-8"
        ) from error
    except RecursionError as error:
        raise ReadError(where, "not usable JSON: nested too deeply") from error
    except ValueError as error:
        raise ReadError(where, f"not valid JSON: {error}") from error
    if not isinstance(fields, dict):
        raise ReadError(where, 'expected an object with "id", "title" and "text"')
    doc_id = check_id(_id(fields, where), where)
    title = fields.get("title")
    if title is not None and not isinstance(title, str):
        raise ReadError(where, f'"title" is {_kind(title)}, not a string')
    text = unify_newlines(_string(fields, "text", where))
    refuse_unusable(text + (title or ""), where)
    refuse_unusable(text, where)
    document = read_plain(text, doc_id, where, title)
    return replace(document, description=describe_line(fields, where))


def _id(fields: dict[str, object], where: str) -> str:
    key = "id" if "id" in fields else "_id"
    if key not in fields:
        raise ReadError(where, 'there is no "id" (or "_id")')
    value = fields[key]
    # Some collections number their documents.
    return str(value) if type(value) is int else _string(fields, key, where)


def _string(fields: dict[str, object], key: str, where: str) -> str:
    if key not in fields:
        raise ReadError(where, f'there is no "{key}"')
    value = fields[key]
    if not isinstance(value, str):
        raise ReadError(where, f'"{key}" is {_kind(value)}, not a string')
    return value


def _kind(value: object) -> str:
    return {bool: "true or false", int: "a number", float: "a number", dict: "an object"}.get(
        type(value), "null" if value is None else "a list"
    )
