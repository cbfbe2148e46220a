"""Where two pieces of JSON differ, one line a leaf; a list of plain values is one leaf."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Path = tuple[int | str, ...]
MOST_SHOWN = 160
_NAMES = ("rule", "concept", "id", "topic", "term", "kind", "number", "text")


class Nothing:
    """Stands where one side has no value; JSON's null is a value."""


NOTHING = Nothing()


@dataclass(frozen=True, slots=True)
class Difference:
    """``then`` is what the saved answer has at ``path``, ``now`` what it comes to."""

    path: Path
    then: Any
    now: Any


def compare(then: Any, now: Any, path: Path = ()) -> Iterator[Difference]:
    """Every difference, in the order of the saved answer."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*then, *now)):
            yield from compare(then.get(key, NOTHING), now.get(key, NOTHING), (*path, key))
    elif isinstance(then, list) and isinstance(now, list):
        yield from _compare_lists(then, now, path)
    elif not _same(then, now):
        yield Difference(path, then, now)


def _compare_lists(then: Sequence[Any], now: Sequence[Any], path: Path) -> Iterator[Difference]:
    if not any(isinstance(entry, Mapping | list) for entry in (*then, *now)):
        if len(then) != len(now) or not all(map(_same, then, now)):
            yield Difference(path, then, now)
        return
    if len(then) == len(now):
        for place, (old, new) in enumerate(zip(then, now, strict=True)):
            yield from compare(old, new, (*path, place))
        return
    matcher = SequenceMatcher(None, _names(then), _names(now), autojunk=False)
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            for place in range(i_end - i):
                yield from compare(then[i + place], now[j + place], (*path, i + place))
            continue
        for place in range(i, i_end):
            yield Difference((*path, place), then[place], NOTHING)
        for place in range(j, j_end):
            yield Difference((*path, i_end), NOTHING, now[place])


def _names(entries: Sequence[Any]) -> list[str]:
    return [name_entry(entry) for entry in entries]


def _same(then: Any, now: Any) -> bool:
    """Equal, and of one kind: in JSON true is not 1."""
    return (type(then) is type(now) and bool(then == now)) or (
        _is_number(then) and _is_number(now) and bool(then == now)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def name_entry(entry: Any) -> str:
    """What an entry of a list is called: its rule, concept, id, …"""
    if isinstance(entry, Mapping):
        named = [str(entry[name]) for name in _NAMES if entry.get(name) is not None]
        return " ".join(named[:2]) or show(entry)
    return show(entry)


def show(value: Any) -> str:
    """A value in one short line."""
    text = json.dumps(value, ensure_ascii=False)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
