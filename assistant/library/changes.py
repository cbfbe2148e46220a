"""Two versions of a document, statement by statement.

Statements that are word for word alike are paired first; the others by likeness, so that the sum of
all likenesses is greatest (the assignment problem) and no statement has two partners.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assistant.library.meaning import list_changes
from assistant.library.versions import Said, Version

# Two statements less alike than this, in hundredths, are two statements.
ALIKE = 60.0
# What standing under the same headings adds.
_SAME_SECTION = 5.0


class ChangeKind(StrEnum):
    """``FIGURES``: reworded in figures, units, "not" or "must", which changes what is done."""

    FIGURES = "figures changed"
    GONE = "gone"
    NEW = "new"
    REWORDED = "reworded"
    MOVED = "moved"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Change:
    """A statement then and now; ``details`` say what changed in what is done."""

    kind: ChangeKind
    old: Said | None
    new: Said | None
    details: tuple[str, ...] = ()


def compare_versions(old: Version, new: Version) -> tuple[Change, ...]:
    """Every statement of both, what changes most of what is done first, then in order."""
    pairs = _pair_alike(old.statements, new.statements)
    paired = {i for i, _ in pairs}, {j for _, j in pairs}
    left = [i for i in range(len(old.statements)) if i not in paired[0]]
    right = [j for j in range(len(new.statements)) if j not in paired[1]]
    reworded = _pair_similar(old.statements, new.statements, left, right)
    stayed = [(i, j) for i, j in pairs if old.statements[i].section == new.statements[j].section]
    kept = _in_order(stayed)
    changes = [
        Change(
            ChangeKind.SAME if (i, j) in kept else ChangeKind.MOVED,
            old.statements[i],
            new.statements[j],
        )
        for i, j in pairs
    ]
    changes += [_reworded(old.statements[i], new.statements[j]) for i, j in reworded]
    matched = {i for i, _ in reworded}, {j for _, j in reworded}
    gone = [old.statements[i] for i in left if i not in matched[0]]
    new_ones = [new.statements[j] for j in right if j not in matched[1]]
    changes += [Change(ChangeKind.GONE, said, None) for said in gone]
    changes += [Change(ChangeKind.NEW, None, said) for said in new_ones]
    order = list(ChangeKind)
    return tuple(sorted(changes, key=lambda one: (order.index(one.kind), _place(one))))


def find_nearest(quote: str, statements: Sequence[Said]) -> tuple[Said, float] | None:
    """The statement most like a quotation and how like it is, from 0 to 1; None without any."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        " ".join(quote.split()), [said.whole for said in statements], scorer=fuzz.token_sort_ratio
    )
    return None if found is None else (statements[found[2]], found[1] / 100)


def _place(change: Change) -> tuple[int, int]:
    said = change.new or change.old
    return (said.span.start, 0 if change.new else 1) if said else (0, 0)


def _pair_alike(old: Sequence[Said], new: Sequence[Said]) -> list[tuple[int, int]]:
    """Those word for word alike: under the same headings first, then in order."""
    places: dict[str, list[int]] = defaultdict(list)
    for j, said in enumerate(new):
        places[said.whole].append(j)
    pairs = []
    waiting = []
    for i, said in enumerate(old):
        same = [j for j in places[said.whole] if new[j].section == said.section]
        if same:
            places[said.whole].remove(same[0])
            pairs.append((i, same[0]))
        else:
            waiting.append(i)
    for i in waiting:
        if places[old[i].whole]:
            pairs.append((i, places[old[i].whole].pop(0)))
    return sorted(pairs)


def _pair_similar(
    old: Sequence[Said], new: Sequence[Said], left: Sequence[int], right: Sequence[int]
) -> list[tuple[int, int]]:
    if not left or not right:
        return []
    from rapidfuzz import fuzz, process
    from scipy.optimize import linear_sum_assignment

    then, now = [old[i].whole for i in left], [new[j].whole for j in right]
    likeness = np.maximum(
        process.cdist(then, now, scorer=fuzz.ratio),
        process.cdist(then, now, scorer=fuzz.token_sort_ratio),
    )
    sections = np.array([[old[i].section == new[j].section for j in right] for i in left])
    enough = likeness >= ALIKE
    rows, columns = linear_sum_assignment(
        np.where(enough, likeness + _SAME_SECTION * sections, 0.0), maximize=True
    )
    return [(left[r], right[c]) for r, c in zip(rows, columns, strict=True) if enough[r, c]]


def _reworded(old: Said, new: Said) -> Change:
    details = list_changes(old.whole, new.whole)
    return Change(ChangeKind.FIGURES if details else ChangeKind.REWORDED, old, new, details)


def _in_order(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The most pairs that stand in the same order on both sides: what is left of them has moved."""
    ends: list[int] = []
    last: list[int] = []
    before: dict[int, int | None] = {}
    for n, (_, j) in enumerate(pairs):
        place = bisect_left(ends, j)
        before[n] = last[place - 1] if place else None
        if place == len(ends):
            ends.append(j)
            last.append(n)
        else:
            ends[place], last[place] = j, n
    kept = set()
    at: int | None = last[-1] if last else None
    while at is not None:
        kept.add(pairs[at])
        at = before[at]
    return kept
