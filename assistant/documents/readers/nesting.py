"""How deep each bullet is nested where only its sign, its indent and its words can tell."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from assistant.documents.leads import is_connective, lead_end
from assistant.documents.patients import names_age, names_only_patients, names_patients
from assistant.documents.readers.lines import LineKind
from assistant.documents.readers.runs import Run

_BIG, _MIDDLE, _SMALL = 0, 1, 2
_SIZES = dict.fromkeys("•・■●□➢►\uf0b7", _BIG) | dict.fromkeys("▪◦‣○∙·⁃", _MIDDLE)
_SHORT_NAME = 80
_DEEPEST = 20


@dataclass(slots=True)
class _Siblings:
    """Bullets of one sign and indent, among which some stand below others all the same."""

    indent: int
    mark: str
    depth: int = 0
    # The bullets that later ones of the same sign hang from, outermost first: words and depth.
    headed: bool = False
    named: int | None = None
    grouped: int | None = None
    _before: str = field(default="")

    def place(self, words: str) -> int:
        """The depth among the siblings, which depends on those before."""
        base = 1 if self.headed else 0
        patients = names_patients(words)
        aged = names_age(words)
        if self.grouped is not None and not patients and (aged or not words[0].isupper()):
            self.depth = self.grouped + 1
        elif patients or aged:
            if self.named is None and self._could_name():
                self.named = base
            self.depth = base if self.named is None else self.named + 1
            self.grouped = self.depth if names_only_patients(words) else None
        else:
            self.named = self.grouped = None
            heads = lead_end(words) is not None
            self.depth = 0 if heads else base
        if lead_end(words) is not None and not patients and not aged:
            self.headed = True
        self._before = words
        return self.depth

    def lead_elsewhere(self) -> None:
        """What the bullet before leads to, or names, is deeper than these siblings."""
        if lead_end(self._before) is not None:
            self.headed = False

    def _could_name(self) -> bool:
        """Whether the bullet before may be the medicine that this patients' dose is of."""
        before = self._before
        return (
            bool(before)
            and len(before) <= _SHORT_NAME
            and before[-1] not in ".;:"
            and not names_patients(before)
            and not names_age(before)
        )


def nest_bullets(text: str, runs: Sequence[Run], headings: Set[int]) -> list[int]:
    """The level of each run that is a bullet, 0 for the others.

    Headings, leads and paragraphs start a new list; a line squeezed between two bullets, such as
    "Or", does not.
    """
    levels = []
    stack: list[_Siblings] = []
    between = False
    for number, run in enumerate(runs):
        words = run.span.of(text)
        level = 0
        if run.kind is LineKind.BULLET:
            if between and run.apart:
                stack.clear()
            _descend(stack, run.first.indent, run.first.mark)
            level = sum(siblings.depth + 1 for siblings in stack[:-1]) + stack[-1].place(words)
            between = False
        else:
            between = True
            if is_connective(words):
                between = run.apart
            elif number in headings or run.apart or lead_end(words) is not None:
                stack.clear()
        levels.append(min(level, _DEEPEST))
    return levels


def _descend(stack: list[_Siblings], indent: int, mark: str) -> None:
    """Pop or push until the top of the stack holds the bullet's siblings."""
    while stack and stack[-1].indent > indent + 1:
        stack.pop()
    if not stack or indent > stack[-1].indent + 1:
        _push(stack, indent, mark)
        return
    level = [s for s in stack if abs(s.indent - indent) <= 1]
    if any(s.mark == mark for s in level):
        while stack[-1].mark != mark:
            stack.pop()
        return
    while stack and stack[-1] in level and _size(stack[-1].mark) >= _size(mark):
        if _size(stack[-1].mark) == _size(mark) and mark.isalnum() != stack[-1].mark.isalnum():
            break
        stack.pop()
    _push(stack, indent, mark)


def _push(stack: list[_Siblings], indent: int, mark: str) -> None:
    """Go one deeper; a lead whose bullets are deeper leads none of its own siblings."""
    if stack:
        stack[-1].lead_elsewhere()
    stack.append(_Siblings(indent, mark))


def _size(mark: str) -> int:
    return _SIZES.get(mark, _SMALL)
