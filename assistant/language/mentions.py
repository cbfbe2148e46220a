"""Where a text names the things of a vocabulary: longest name first, slips of the pen forgiven.

No name runs over a comma, and no "*", which stands for up to three words, over a denial. A name's
words are compared without case, plural "s" and the spellings that British and American English
differ in. A word of five letters or more that no English dictionary has is read as the one word of
the vocabulary that is one slip away (two, from eight letters on); never where two words are as near
and belong to different things.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein

from assistant.spans import Span

GAP = "*"
EXACT_CASE = "="
MOST_IN_GAP = 3
SHORTEST_CORRECTED = 5
TWO_SLIPS_FROM = 8

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|\*|&")
_PHRASE_BREAK = re.compile(r"[,;!?()]|\.(?=\s|$)|\n\s*\n|\n\s*[-•*\d]")
_DENIALS = frozenset({"no", "not", "never", "without", "denie", "nor"})
_IZE = re.compile(r"iz(?=(?:e|ed|er|ing|ation)$)")


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write a thing; ``so`` is False where the words say that it is not so.

    A name hides the shorter ones inside it that are of its own ``layer``.
    """

    owner: str
    text: str
    so: bool = True
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """``owner`` is named at ``span``; ``so`` as in the name that matched."""

    owner: str
    so: bool
    span: Span


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    written: str
    start: int
    end: int
    ends_phrase: bool


@dataclass(slots=True)
class _Node:
    next: dict[str, "_Node"] = field(default_factory=dict)
    names: list[tuple[Name, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Match:
    name: Name
    tokens: tuple[int, ...]


class Vocabulary:
    """Every name of every thing, ready to be found. Safe to share between threads."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._root = _Node()
        owners: dict[str, set[str]] = defaultdict(set)
        for name in names:
            words = [match.group() for match in _TOKEN.finditer(name.text.removeprefix(EXACT_CASE))]
            node = self._root
            for word in words:
                folded = word if word == GAP else fold(word)
                owners[folded].add(name.owner)
                node = node.next.setdefault(folded, _Node())
            exact = tuple(words) if name.text.startswith(EXACT_CASE) else ()
            node.names.append((name, exact))
        self._owners = {word: frozenset(by) for word, by in owners.items() if word != GAP}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._owners):
            self._by_length[len(word)].append(word)

    def find_owners(self, text: str) -> frozenset[str]:
        """Everything named, inside longer names too."""
        tokens = self._read(text)
        return frozenset(m.name.owner for i in range(len(tokens)) for m in self._match(tokens, i))

    def find(self, text: str) -> tuple[Mention, ...]:
        """Every mention in order; one inside a longer name of its layer is not counted apart."""
        tokens = self._read(text)
        matches = [match for i in range(len(tokens)) for match in self._match(tokens, i)]
        kept = _drop_inner(matches)
        mentions = {
            Mention(
                m.name.owner, m.name.so, Span(tokens[m.tokens[0]].start, tokens[m.tokens[-1]].end)
            )
            for m in kept
        }
        return tuple(sorted(mentions, key=lambda m: (m.span.start, m.span.end, m.owner, m.so)))

    def _read(self, text: str) -> list[_Token]:
        found = [match for match in _TOKEN.finditer(text) if match.group() != GAP]
        tokens = []
        for i, match in enumerate(found):
            end = found[i + 1].start() if i + 1 < len(found) else len(text)
            between = text[match.end() : end]
            word = fold(match.group())
            tokens.append(
                _Token(
                    word if word in self._owners else self._mend(word, match.group()),
                    match.group(),
                    match.start(),
                    match.end(),
                    bool(_PHRASE_BREAK.search(between)),
                )
            )
        return tokens

    def _match(self, tokens: Sequence[_Token], first: int) -> Iterator[_Match]:
        """Every name that starts at a token."""
        waiting: list[tuple[_Node, int, tuple[int, ...]]] = [(self._root, first, ())]
        while waiting:
            node, i, used = waiting.pop()
            for name, exact in node.names:
                if not exact or exact == tuple(tokens[place].written for place in used):
                    yield _Match(name, used)
            if i >= len(tokens) or (used and tokens[i - 1].ends_phrase):
                continue
            gap = node.next.get(GAP)
            if gap and used:
                waiting += self._after_gap(gap, tokens, i, used)
            step = node.next.get(tokens[i].word)
            if step:
                waiting.append((step, i + 1, (*used, i)))

    @staticmethod
    def _after_gap(
        gap: _Node, tokens: Sequence[_Token], i: int, used: tuple[int, ...]
    ) -> Iterator[tuple[_Node, int, tuple[int, ...]]]:
        for skipped in range(MOST_IN_GAP + 1):
            at = i + skipped
            if (
                at >= len(tokens)
                or tokens[at - 1].ends_phrase
                or (skipped and tokens[at - 1].word in _DENIALS)
            ):
                return
            step = gap.next.get(tokens[at].word)
            if step:
                yield step, at + 1, (*used, at)

    def _mend(self, word: str, written: str) -> str:
        """The word that was meant; a slip may have fallen on what folding takes for a plural."""
        for form in dict.fromkeys((word, written.casefold())):
            if len(form) < SHORTEST_CORRECTED or not form.isalpha() or _is_english(word):
                continue
            near = self._nearest(form)
            if not near:
                continue
            owners = {self._owners[other] for other in near}
            if len(near) == 1 or len(owners) == 1:
                return near[0]
        return word

    def _nearest(self, word: str) -> list[str]:
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        best, nearest = slips, list[str]()
        for length in range(len(word) - slips, len(word) + slips + 1):
            for other in self._by_length.get(length, ()):
                if len(other) < SHORTEST_CORRECTED:
                    continue
                distance = DamerauLevenshtein.distance(word, other, score_cutoff=best)
                if distance < best:
                    best, nearest = distance, [other]
                elif distance == best:
                    nearest.append(other)
        return nearest


def fold(word: str) -> str:
    """A word without case, possessive, plural and the spellings that two Englishes differ in."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 4:
        if word.endswith(("che", "she", "sse", "xe")):
            word = word[:-1]
        word = word.replace("ae", "e").replace("oe", "e").replace("our", "or")
        word = _IZE.sub("is", word)
    return word


def _drop_inner(matches: Sequence[_Match]) -> list[_Match]:
    """Without those all of whose words belong to a longer match."""
    by_size = sorted(matches, key=lambda match: -len(match.tokens))
    kept: list[_Match] = []
    for match in by_size:
        words = set(match.tokens)
        hidden = any(
            words < set(longer.tokens) and longer.name.layer == match.name.layer for longer in kept
        )
        if not hidden:
            kept.append(match)
    return kept


@cache
def _is_english(word: str) -> bool:
    return word in _dictionary()


@cache
def _dictionary() -> frozenset[str]:
    from spellchecker import SpellChecker

    return frozenset(fold(word) for word in SpellChecker().word_frequency.dictionary)
