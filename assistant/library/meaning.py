"""What two wordings of a statement differ in that changes what is done: figures, "not", "must"."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from assistant.answering.guarding.figures import Figure, find_figures

_NEGATIONS = re.compile(
    r"\b(?:not|no|never|without|avoid\w*|cannot|contraindicated|neither|nor|none|unless|except"
    r"|withhold|refrain|stop)\b|n['’]t\b",
    re.IGNORECASE,
)
_MOODS = {
    "must": r"must|shall|always|requires?|required|has to|have to|need(?:s|ed)? to|mandatory",
    "should": r"should|recommend\w*|advised?|ought to",
    "may": r"may|might|can|could|consider\w*|optional(?:ly)?|if (?:needed|wished)",
}
_MOOD = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _MOODS.items()}
_OPPOSITES = (
    ("before", "after"),
    ("above", "below"),
    ("over", "under"),
    ("more", "less"),
    ("more", "fewer"),
    ("higher", "lower"),
    ("increase", "reduce"),
    ("increase", "decrease"),
    ("start", "stop"),
    ("early", "late"),
    ("left", "right"),
    ("all", "some"),
    ("and", "or"),
    ("first", "second"),
    ("adults", "children"),
    ("daily", "weekly"),
    ("once", "twice"),
    ("supine", "prone"),
)


def list_changes(old: str, new: str) -> tuple[str, ...]:
    """Each such difference in a few words; nothing where the two only read differently."""
    return (*_figures(old, new), *_negations(old, new), *_moods(old, new), *_directions(old, new))


def _figures(old: str, new: str) -> Iterator[str]:
    then, now = find_figures(old), find_figures(new)
    ours, theirs = [_key(figure) for figure in then], [_key(figure) for figure in now]
    lost: list[Figure] = []
    found: list[Figure] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, ours, theirs, False).get_opcodes():
        if kind != "equal":
            lost += then[i:i_end]
            found += now[j:j_end]
    if lost and Counter(map(_key, lost)) == Counter(map(_key, found)):
        yield "figures: the same, in another order"
    elif lost or found:
        gone = ", ".join(figure.span.of(old) for figure in lost) or "none"
        come = ", ".join(figure.span.of(new) for figure in found) or "none"
        yield f"figures: {gone} → {come}"


def _key(figure: Figure) -> tuple[object, ...]:
    """The same for figures that say the same."""
    low, high = round(figure.low, 6), round(figure.high, 6)
    return (figure.unit, figure.bound, figure.code, figure.total, low, high)


def _negations(old: str, new: str) -> Iterator[str]:
    then = sorted(word.casefold() for word in _NEGATIONS.findall(old))
    now = sorted(word.casefold() for word in _NEGATIONS.findall(new))
    if then != now:
        yield f"negation: {', '.join(then) or 'none'} → {', '.join(now) or 'none'}"


def _moods(old: str, new: str) -> Iterator[str]:
    then = [name for name, words in _MOOD.items() if words.search(old)]
    now = [name for name, words in _MOOD.items() if words.search(new)]
    if then != now:
        yield f"how strongly: {', '.join(then) or 'plain'} → {', '.join(now) or 'plain'}"


def _directions(old: str, new: str) -> Iterator[str]:
    words, others = (re.findall(r"\w+", text.casefold()) for text in (old, new))
    then, now = Counter(words), Counter(others)
    for pair in _OPPOSITES:
        for one, other in (pair, pair[::-1]):
            if then[one] > now[one] and now[other] > then[other]:
                yield f"direction: {one} → {other}"
    if then == now and words != others:
        yield "the same words, in another order"
