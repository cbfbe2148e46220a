"""Whether, when and of whom a mention in clinical text is asserted: NegEx and ConText.

After Chapman et al., "A simple algorithm for identifying negated findings and diseases in discharge
summaries", J Biomed Inform 34 (2001), and Harkema et al., "ConText: an algorithm for determining
negation, experiencer, and temporal status from clinical reports", J Biomed Inform 42 (2009), with
lists, headings and questions added:

1. cut the text into sentences;
2. find the cues of each, the longest first, those inside a mention's name left out;
3. give each cue its scope, cut off by what ends it and by the next cue of its kind;
4. read each mention by the cues whose scope it stands in.
"""

import bisect
import itertools
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from assistant.language.cues import Cue, Cues, Found, Means, Reach, Token, find_tokens, load_phrases
from assistant.language.sentences import find_sentences
from assistant.spans import Span


class Polarity(StrEnum):
    """Whether the text says that it is so."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"
    POSSIBLE = "possible"


class Temporality(StrEnum):
    """Whether it is so now, was so once, or is only imagined or asked."""

    RECENT = "recent"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"


class Experiencer(StrEnum):
    """Whose it is."""

    PATIENT = "patient"
    OTHER = "other"


class Assertion(StrEnum):
    """The three in one word."""

    PRESENT = "present"
    ABSENT = "absent"
    POSSIBLE = "possible"
    HYPOTHETICAL = "hypothetical"
    HISTORICAL = "historical"
    SOMEONE_ELSE = "someone_else"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text says of one mention; ``cues`` are the words that decided."""

    polarity: Polarity = Polarity.AFFIRMED
    temporality: Temporality = Temporality.RECENT
    experiencer: Experiencer = Experiencer.PATIENT
    cues: tuple[Span, ...] = ()

    @property
    def assertion(self) -> Assertion:
        """Another's comes first, then what is imagined, denied, possible and past."""
        if self.experiencer is Experiencer.OTHER:
            return Assertion.SOMEONE_ELSE
        if self.temporality is Temporality.HYPOTHETICAL:
            return Assertion.HYPOTHETICAL
        if self.polarity is Polarity.NEGATED:
            return Assertion.ABSENT
        if self.polarity is Polarity.POSSIBLE:
            return Assertion.POSSIBLE
        if self.temporality is Temporality.HISTORICAL:
            return Assertion.HISTORICAL
        return Assertion.PRESENT


# Cues of one kind compete: the longest stands, and the next one ends the scope of the last.
_KINDS = {
    "polarity": {Means.NEGATED, Means.POSSIBLE, Means.AFFIRMED},
    "time": {Means.HISTORICAL, Means.RECENT},
    "imagined": {Means.HYPOTHETICAL, Means.ACTUAL},
    "asked": {Means.QUESTION},
    "person": {Means.OTHER},
}
_RIVALS = {
    means: frozenset().union(*(kind for kind in _KINDS.values() if means in kind))
    for means in Means
}
_OPEN = {Means.QUESTION, Means.ACTUAL}  # Their words go on ending other scopes.
_JOINS = frozenset({"and", "or", "nor", "&", "/"})
_SUBJECTS = frozenset({"she", "he", "they", "i", "we", "that", "which", "who"})
_COMMAS = frozenset(",—")
_CLAUSE_STARTS = frozenset(",-:(—")
_ARTICLES = frozenset({"a", "an", "the", "query"})
_ASKED = Cue(means=(Means.QUESTION,), phrases=("?",))
_QUERIED = Cue(means=(Means.POSSIBLE,), phrases=("?",))

_HEADING = re.compile(r"[ \t]*[^\W\d_][\w &/'()-]{0,40}:")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A cue at tokens ``[first, last)`` of its sentence, ``span`` of the text."""

    first: int
    last: int
    span: Span
    cue: Cue


@dataclass(frozen=True, slots=True)
class _Scope:
    """The tokens ``[first, last)`` of which a mark says ``means``."""

    means: Means
    first: int
    last: int
    mark: _Mark

    def holds(self, mention: range) -> bool:
        apart = mention.stop <= self.mark.first or self.mark.last <= mention.start
        return apart and self.first <= mention.start < self.last

    @property
    def follows(self) -> bool:
        """Whether the mark stands after its scope."""
        return self.last <= self.mark.first


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence's tokens, mentions and cues, and where each kind of end stands."""

    words: tuple[str, ...]
    mentions: tuple[range, ...]
    marks: tuple[_Mark, ...]
    ends: Mapping[str, frozenset[int]]
    inside: frozenset[int]  # the tokens of mentions
    begins: frozenset[int]  # their first tokens


@dataclass(frozen=True, slots=True)
class Assertions:
    """Reads mentions by its cues; without cues everything is present."""

    cues: Cues = field(default_factory=Cues)

    def read(self, text: str, mentions: Sequence[Span]) -> tuple[Reading, ...]:
        """One reading for each mention, whose offsets index ``text``."""
        readings = [Reading()] * len(mentions)
        heading: _Mark | None = None
        last_end = 0
        for span in find_sentences(text):
            if heading is not None and not _goes_on(text, heading, last_end, span):
                heading = None
            own = [
                n for n, mention in enumerate(mentions) if span.start <= mention.start < span.end
            ]
            sentence = self._read_sentence(text, span, [mentions[n] for n in own], heading)
            scopes = tuple(_find_scopes(sentence))
            for number, mention in zip(own, sentence.mentions, strict=True):
                readings[number] = _read_mention(mention, scopes)
            heading = next((mark for mark in sentence.marks if mark.cue.section), heading)
            last_end = span.end
        return tuple(readings)

    def _read_sentence(
        self, text: str, span: Span, mentions: Sequence[Span], heading: _Mark | None
    ) -> _Sentence:
        tokens = find_tokens(text, span.start, span.end)
        ranges = tuple(_place(tokens, mention) for mention in mentions)
        inside = frozenset(itertools.chain.from_iterable(ranges))
        begins = frozenset(mention.start for mention in ranges)
        words = tuple(token.word for token in tokens)
        hidden: set[int] = set()
        marks = [] if heading is None else [_Mark(0, 0, heading.span, heading.cue)]
        cues = self.cues.cues.find(tokens, begins)
        for found in _longest(cues, ranges, words):
            if not found.value.item and _OPEN.isdisjoint(found.value.means + found.value.hides):
                hidden.update(range(found.first + 1, found.last))
            if found.value.means:
                at = Span(tokens[found.first].start, tokens[found.last - 1].end)
                marks.append(_Mark(found.first, found.last, at, found.value))
        marked = _in_mood(words, tokens, marks, inside)
        hidden |= inside
        ends = {
            name: frozenset(end.first for end in phrases.find(tokens)) - hidden
            for name, phrases in self.cues.ends.items()
        }
        return _Sentence(words, ranges, marked, ends, inside, begins)


def load_cues(corpus: Path) -> Assertions:
    """The reader of a corpus folder. Raises ReadError naming the entry at fault."""
    return Assertions(load_phrases(corpus))


def _place(tokens: Sequence[Token], mention: Span) -> range:
    """The tokens of a mention."""
    first = bisect.bisect_right(tokens, mention.start, key=lambda token: token.end)
    last = bisect.bisect_left(tokens, mention.end, key=lambda token: token.start)
    return range(first, max(first, last))


def _longest(
    found: Iterable[Found[Cue]], mentions: Sequence[range], words: Sequence[str]
) -> list[Found[Cue]]:
    """The longest of the cues that compete for the same words; none is part of a mention's name."""
    chosen: list[Found[Cue]] = []
    taken: dict[Means, set[int]] = {means: set() for means in Means}
    asks = _asks(words)
    earliest = min((mention.start for mention in mentions), default=len(words))
    for cue in sorted(found, key=lambda cue: (cue.first - cue.last, cue.first)):
        here = range(cue.first, cue.last)
        named = any(
            len(here) < len(mention) and mention.start <= cue.first and cue.last <= mention.stop
            for mention in mentions
        )
        runs_out = any(mention.start <= cue.first < mention.stop < cue.last for mention in mentions)
        # "suspected cord compression": what follows a mention has none here to follow.
        alone = cue.value.reach is Reach.BACKWARD and cue.first <= earliest
        alone = alone and cue.last < len(words) and words[cue.last].isalnum()
        if named or runs_out or alone or cue.value.asked not in (None, asks):
            continue
        if all(taken[means].isdisjoint(here) for means in cue.value.means):
            for means in _hidden_by(cue.value):
                taken[means].update(here)
            chosen.append(cue)
    return sorted(chosen, key=lambda cue: cue.first)


def _hidden_by(cue: Cue) -> Iterable[Means]:
    return itertools.chain(cue.hides, *(_RIVALS[means] for means in cue.means))


def _asks(words: Sequence[str]) -> bool:
    """Whether the sentence ends with a question mark."""
    for word in reversed(words):
        if word == "?" or word[0].isalnum():
            return word == "?"
    return False


def _in_mood(
    words: Sequence[str], tokens: Sequence[Token], marks: Sequence[_Mark], inside: Container[int]
) -> tuple[_Mark, ...]:
    """The marks with the one that begins a question, or without those that only count in one."""
    asking = [mark for mark in marks if Means.QUESTION in mark.cue.means]
    weighed = any(Means.QUESTION in mark.cue.hides for mark in marks)
    if not asking and not weighed and _asks(words):
        stop = len(words) - 1 - words[::-1].index("?")
        first = max((at + 1 for at in range(stop - 1) if words[at] in _CLAUSE_STARTS), default=0)
        bare = all(at in inside or words[at] in _ARTICLES for at in range(first, stop))
        span = Span(tokens[stop].start, tokens[stop].end)
        return (*marks, _Mark(first, first, span, _QUERIED if bare else _ASKED))
    if asking:
        return tuple(marks)
    return tuple(mark for mark in marks if Means.ACTUAL not in mark.cue.means)


def _find_scopes(sentence: _Sentence) -> Iterator[_Scope]:
    """Each mark's scope; those that reach back first, as they begin anew in a list."""
    back: list[_Scope] = []
    for mark in sentence.marks:
        if _reaches_back(sentence, mark):
            back.extend(_find_back(sentence, mark))
    yield from back
    for mark in sentence.marks:
        if mark.cue.reach is Reach.BOTH or not _reaches_back(sentence, mark):
            for means in mark.cue.means:
                yield _Scope(means, mark.last, _end_forward(sentence, mark, means, back), mark)


def _reaches_back(sentence: _Sentence, mark: _Mark) -> bool:
    if mark.cue.reach is not Reach.EITHER:
        return mark.cue.reach is not Reach.FORWARD
    opens = mark.first == 0 or sentence.words[mark.first - 1] in _CLAUSE_STARTS
    after = sentence.words[mark.last :]
    goes_on = any(word.isalnum() for word in (after if mark.first == 0 else after[:1]))
    return not (opens and goes_on)


def _end_forward(sentence: _Sentence, mark: _Mark, means: Means, back: Sequence[_Scope]) -> int:
    """Where a scope that begins after its mark ends."""
    words, cue, rivals = sentence.words, mark.cue, _RIVALS[means]
    if means is Means.ACTUAL:
        rivals |= {Means.QUESTION}
    if not cue.ends and not cue.section:
        return len(words)
    stops = _stops(sentence, cue.ends)
    stops.update(
        other.first
        for other in sentence.marks
        if other.first > mark.last
        and not _reaches_back(sentence, other)
        and not rivals.isdisjoint(other.cue.means)
    )
    stops.update(
        scope.first
        for scope in back
        if scope.means in rivals - {means}
        and scope.first > mark.last
        and not words[scope.first - 1].isalnum()
    )
    if cue.reach is Reach.EITHER:  # "In 2015, she had": the clause that follows is the scope.
        opening = min((at for at in stops if at >= mark.last), default=len(words))
        apart = opening == mark.last or (opening < len(words) and words[opening] not in _COMMAS)
        if apart and not any(mark.last <= at < opening for at in sentence.begins):
            stops -= {opening, opening + 1, opening + 2}
    counted, listed, closing = 0, False, False
    for at in range(mark.last, len(words)):
        if at in stops or (words[at] == ":" and means is Means.NEGATED and at > mark.last):
            return at
        if at in sentence.begins:
            counted = 0
        elif at in sentence.inside:
            continue
        elif words[at] == ",":
            if closing:
                return at
            counted, listed = 0, True
        elif words[at] in _JOINS:
            counted, closing = 0, listed and words[at] != "and"
        else:
            counted += 1
            if cue.words is not None and counted > cue.words:
                return at
    return len(words)


def _find_back(sentence: _Sentence, mark: _Mark) -> Iterator[_Scope]:
    """The scopes of a mark that stands after them."""
    for means in mark.cue.means:
        first, whole = _begin_backward(sentence, mark, means)
        if whole or not mark.cue.item:
            yield _Scope(means, first, mark.first, mark)


def _begin_backward(sentence: _Sentence, mark: _Mark, means: Means) -> tuple[int, bool]:
    """Where the scope begins, and whether that is the whole of the list's item."""
    words, cue = sentence.words, mark.cue
    if not cue.ends:
        return 0, True
    stops = _stops(sentence, cue.ends)
    others = {
        other.last - 1
        for other in sentence.marks
        if other.last < mark.first + cue.item
        and not other.cue.item
        and not _RIVALS[means].isdisjoint(other.cue.means)
    }
    if means is Means.RECENT:
        others = set()
    counted, joined = 0, False
    for at in range(mark.first - 1, -1, -1):
        if at in sentence.inside:
            counted = 0
            continue
        if at in others:
            return at + 1, False
        if words[at] in _COMMAS:
            if at in stops and not joined:
                return at + 1, True
        elif at in stops and words[at] in _SUBJECTS and at - 1 in sentence.inside:
            continue  # "the headache she had"
        elif at in stops and not (words[at] == "and" and at + 1 == mark.first):
            return at + 1, words[at] not in ("or", "nor")
        elif words[at] in _JOINS:
            counted, joined = 0, True
        else:
            counted += 1
            if cue.words is not None and counted > cue.words:
                return at + 1, False
    return 0, True


def _stops(sentence: _Sentence, names: Iterable[str]) -> set[int]:
    return set(itertools.chain.from_iterable(sentence.ends[name] for name in names))


def _read_mention(mention: range, scopes: Iterable[_Scope]) -> Reading:
    """The reading that follows from every scope the mention stands in."""
    holding: dict[Means, _Scope] = {}
    last: _Scope | None = None
    for scope in scopes:
        if scope.holds(mention):
            holding[scope.means] = scope
            if scope.follows and scope.means in _KINDS["polarity"]:
                last = scope if last is None or scope.mark.first >= last.mark.first else last
    decided: list[_Scope] = []

    polarity = Polarity.AFFIRMED
    if last is not None and last.means is Means.AFFIRMED:
        decided.append(last)
    elif Means.NEGATED in holding:
        polarity = Polarity.NEGATED
        decided.append(holding[Means.NEGATED])
    elif Means.POSSIBLE in holding:
        polarity = Polarity.POSSIBLE
        decided.append(holding[Means.POSSIBLE])

    temporality = Temporality.RECENT
    imagined = holding.get(Means.HYPOTHETICAL)
    if imagined is None and Means.ACTUAL not in holding:
        imagined = holding.get(Means.QUESTION)
    if imagined is not None:
        temporality = Temporality.HYPOTHETICAL
        decided.append(imagined)
    elif Means.HISTORICAL in holding and Means.RECENT not in holding:
        temporality = Temporality.HISTORICAL
        decided.append(holding[Means.HISTORICAL])

    experiencer = Experiencer.PATIENT
    if Means.OTHER in holding:
        experiencer = Experiencer.OTHER
        decided.append(holding[Means.OTHER])
    cues = tuple(sorted({scope.mark.span for scope in decided}))
    return Reading(polarity, temporality, experiencer, cues)


def _goes_on(text: str, heading: _Mark, last_end: int, span: Span) -> bool:
    """Whether the list below a heading goes on with this sentence."""
    between = text[last_end - 1 : span.start + 1]
    if "\n" not in text[heading.span.end : span.start]:
        return ";" in between
    if "\n\n" in text[last_end - 2 : span.start + 1] or _HEADING.match(text, span.start):
        return False
    return not text[heading.span.end : text.index("\n", heading.span.end)].strip()
