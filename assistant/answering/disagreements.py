"""Which of a library's known disagreements an answer touches, and which sides it leaves out.

A card is for a reader who asks about the matter itself. It is chosen when what answers first is one
of the positions and the question has the topic's words; that a position is quoted somewhere as
background chooses nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log
from weakref import WeakKeyDictionary

from assistant.answering.answer import Answer, Outcome, Quote
from assistant.answering.subjects import CONCEPT, SubjectReader
from assistant.answering.units import Library
from assistant.documents.disagreements import Disagreement, DisagreementKind, Position
from assistant.spans import Span

MOST_CARDS = 2
MOST_ADDED = 4
FIRST = 3
# The share of the topic's words, by rarity, that the question has: named outright, or touched.
NAMED, TOUCHED = 0.5, 0.15
# A word that no more entries than this have tells what a question is about.
TELLING = 2
# An entry with more positions is about several things; then only those positions are added that
# have this share of what the nearest one has of the question.
BROAD, NEAR = 5, 1 / 3

Look = Callable[[str, Span, str], Quote | None]


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says, in this library's words, and the numbers of the quotes that show it."""

    says: str
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A disagreement as an answer shows it; all but the quotes is in this library's words.

    ``kind`` is that of its entry, or says that it was found among the quotes.
    """

    topic: str
    kind: str
    sides: tuple[Side, ...]
    explanation: str
    handling: str


@dataclass(frozen=True, slots=True)
class _Stated:
    """A position with its place in the library."""

    position: Position
    span: Span


@dataclass(frozen=True, slots=True)
class Chosen:
    """A disagreement that an answer should show: its sides, those to be added as quotes."""

    entry: Disagreement
    sides: tuple[tuple[Position, tuple[int, ...], Quote | None], ...]

    def card(self, numbers: Mapping[tuple[str, Span], int]) -> Card | None:
        """The card, None where what is left shows no disagreement.

        ``numbers`` are those of the quotes that were added, by place.
        """
        sides = []
        for position, shown, added in self.sides:
            number = numbers.get((added.doc_id, added.span)) if added else None
            if number is not None:
                shown = (number,)
            if shown:
                sides.append(Side(position.says, shown))
        if len(sides) < 2 and not _tells_alone(self.entry):
            return None
        entry = self.entry
        return Card(entry.topic, entry.kind.value, tuple(sides), entry.explanation, entry.handling)


class DisagreementBook:
    """The disagreements of one library, ready to be held against answers."""

    def __init__(self, entries: Iterable[Disagreement], subjects: SubjectReader) -> None:
        self._entries = tuple(entry for entry in entries if entry.not_shown is None)
        self._subjects = subjects
        self._topics = {e.id: subjects.read(e.topic) for e in self._entries}
        self._words = {
            e.id: self._topics[e.id].union(*(_words_of(p, subjects) for p in e.positions))
            for e in self._entries
        }
        self._rarity = _weigh(self._words.values())
        self._held: WeakKeyDictionary[Library, Mapping[str, tuple[_Stated, ...]]]
        self._held = WeakKeyDictionary()

    def choose(
        self, answer: Answer, about: str, library: Library, look_up: Look
    ) -> tuple[Chosen, ...]:
        """The disagreements to show, the nearest to the question first.

        ``about`` is the question with what it leans back on. ``look_up`` makes a place a quote,
        None where it may not be quoted.
        """
        if answer.outcome is not Outcome.ANSWERED or not self._entries:
            return ()
        asked = self._subjects.read(about)
        located = self._locate(library)
        scored = []
        for entry in self._entries:
            shown = {
                stated.position: _numbers(answer.quotes, stated) for stated in located[entry.id]
            }
            score = self._score(entry, answer, shown.values(), asked)
            if score is not None:
                scored.append((-score, entry.id, entry, shown))
        chosen = []
        for _, _, entry, shown in sorted(scored, key=lambda one: one[:2]):
            sides = tuple(self._sides(entry, shown, located[entry.id], asked, look_up))
            if len(sides) >= 2 or _tells_alone(entry):
                chosen.append(Chosen(entry, sides))
        return tuple(chosen[:MOST_CARDS])

    def _score(
        self,
        entry: Disagreement,
        answer: Answer,
        shown: Iterable[Sequence[int]],
        asked: frozenset[str],
    ) -> float | None:
        """How near the entry is to the question; None where it is not asked about."""
        own = {quote.number for quote in answer.quotes if quote.added is None}
        hits = {number for numbers in shown for number in numbers} & own
        first = {*answer.direct, *sorted(own)[:FIRST]}
        if not hits & first:
            return None
        about = self._share(self._topics[entry.id], asked)
        direct = bool(hits & {*answer.direct})
        told = any(self._tells(word, entry) for word in asked)
        asked_about = (
            about >= NAMED
            or (direct and (told or about >= TOUCHED))
            or (told and len(hits) > 1)
            or len(hits & first) >= FIRST
        )
        return about + direct if asked_about else None

    def _tells(self, word: str, entry: Disagreement) -> bool:
        """Whether a word of the question belongs to this entry and to hardly any other."""
        if word not in self._words[entry.id] or word.replace(".", "").isdigit():
            return False
        return sum(word in words for words in self._words.values()) <= TELLING

    def _share(self, words: frozenset[str], asked: frozenset[str]) -> float:
        # Exact sums: those of floats depend on the order, and that of a set on the process.
        whole = fsum(self._rarity[word] for word in words)
        return fsum(self._rarity[word] for word in words & asked) / whole if whole else 0.0

    def _sides(
        self,
        entry: Disagreement,
        shown: Mapping[Position, tuple[int, ...]],
        located: Sequence[_Stated],
        asked: frozenset[str],
        look_up: Look,
    ) -> Iterator[tuple[Position, tuple[int, ...], Quote | None]]:
        """Every side that is quoted or can be, in the order of the entry."""
        wanted = self._wanted(entry, [s for s in located if not shown[s.position]], located, asked)
        for stated in located:
            position = stated.position
            if shown[position]:
                yield position, shown[position], None
            elif position in wanted:
                quote = look_up(position.document, stated.span, position.quote)
                if quote is not None:
                    yield position, (), quote

    def _wanted(
        self,
        entry: Disagreement,
        missing: Sequence[_Stated],
        located: Sequence[_Stated],
        asked: frozenset[str],
    ) -> frozenset[Position]:
        """The positions to add: all of a few, of many those nearest to the question."""
        near = {
            stated.position: fsum(
                self._rarity.get(word, self._rarity_of_unseen)
                for word in self._said(stated) & asked
            )
            for stated in located
        }
        best = max(near.values(), default=0.0)
        least = best * NEAR if len(entry.positions) > BROAD else 0.0
        ranked = sorted(
            (stated.position for stated in missing if near[stated.position] >= least),
            key=lambda position: -near[position],
        )
        return frozenset(ranked[:MOST_ADDED])

    def _said(self, stated: _Stated) -> frozenset[str]:
        return self._subjects.read(f"{stated.position.says}. {stated.position.quote}")

    @property
    def _rarity_of_unseen(self) -> float:
        return max(self._rarity.values(), default=0.0)

    def _locate(self, library: Library) -> Mapping[str, tuple[_Stated, ...]]:
        """Where each position stands; those that the library lacks are left out."""
        held = self._held.get(library)
        if held is None:
            texts: dict[str, str] = {}
            held = {e.id: tuple(_find(e, library, texts)) for e in self._entries}
            self._held[library] = held
        return held


def _find(entry: Disagreement, library: Library, texts: dict[str, str]) -> Iterator[_Stated]:
    for position in entry.positions:
        doc_id = position.document
        if doc_id not in library.records:
            continue
        if doc_id not in texts:
            texts[doc_id] = library.document(doc_id).text
        start = texts[doc_id].find(position.quote)
        if start >= 0:
            yield _Stated(position, Span(start, start + len(position.quote)))


def _numbers(quotes: Sequence[Quote], stated: _Stated) -> tuple[int, ...]:
    return tuple(
        quote.number
        for quote in quotes
        if quote.doc_id == stated.position.document and quote.span.overlaps(stated.span)
    )


def _tells_alone(entry: Disagreement) -> bool:
    """Whether its explanation says something with one side, or none, beside it."""
    return entry.kind is DisagreementKind.ERROR_IN_A_SOURCE or len(entry.positions) < 2


def _words_of(position: Position, subjects: SubjectReader) -> frozenset[str]:
    """What a side says in this library's words, and the concepts that its quotation names."""
    quoted = subjects.read(position.quote)
    return subjects.read(position.says) | {word for word in quoted if word.startswith(CONCEPT)}


def _weigh(entries: Iterable[frozenset[str]]) -> dict[str, float]:
    """The rarity of every word among the entries."""
    everything = [*entries]
    counted = Counter(word for words in everything for word in words)
    return {word: log(1 + len(everything) / number) for word, number in counted.items()}
