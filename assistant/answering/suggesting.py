"""What to ask next: questions that come with statements near those of an answer.

Each stands in the library beside a statement that answers it, so nothing is tried out and no model
is run: the vectors are those that were stored when the library was made.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.answering.answer import Answer, Outcome, Quote
from assistant.answering.features import is_unconfirmed, populations_of, says_not_covered
from assistant.retrieval.embedding import Vectors
from assistant.retrieval.hits import Hit
from assistant.retrieval.index import Snapshot
from assistant.retrieval.terms import split_terms

FEWEST_SUGGESTED = 2
MOST_SUGGESTED = 3
# A question from this cosine on is another wording of one that was answered or suggested.
_SAME = 0.80
_SAME_TOPIC = 0.66
# One that is less near has little to do with the question and its answer.
_RELATED = 0.45
_BARELY_RELATED = 0.3
_SAME_WORDS = 0.6
_LONGEST = 110
_OTHERS_WEIGH = 0.9
# Those who are never told what holds for others; and the causes, each with its own evidence.
_APART = frozenset({"children", "pregnancy"})
_BIRTH = re.compile(r"\b(?:child)?births?\b|\bdeliver(?:y|ies)\b|\bmothers?\b|\bmaternal\b", re.I)
_CAUSES = frozenset({"spontaneous", "procedural", "surgical"})
_ASKS = re.compile(
    r"(?:What|How|When|Which|Who|Whom|Why|Where|Is|Are|Does|Do|Can|Could|Should|Must|Will|Has|Have"
    r"|After|Before|In|For|At|By|On|Below|Above|From|Within|Up to)\b.*\?"
)
_PERSONAL = re.compile(
    r"\b(?:I|me|my|mine|we|us|our|you|your|she|he|her|his|him|they|their|them)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Offered:
    """A question that may be suggested; ``row`` is its row among all questions' vectors."""

    text: str
    row: int
    statement: int
    groups: frozenset[str]
    terms: frozenset[str]


class Suggester:
    """Suggests from one state of a library. Safe to share between threads."""

    def __init__(self, library: Snapshot) -> None:
        self._library = library

    def suggest(
        self,
        answer: Answer,
        hits: Sequence[Hit],
        asked: Sequence[str],
        stands_alone: Callable[[str], bool],
    ) -> tuple[str, ...]:
        """At most ``MOST_SUGGESTED`` questions, the nearest first, each on something else.

        ``hits`` are what was found for the question: of their statements it is known how near the
        question they are. ``asked`` are the questions so far, the newest last; nothing that was
        asked is suggested, and nothing about other patients than they are about. ``stands_alone``
        tells whether a question is understood without those before it.
        """
        if answer.outcome is Outcome.OUT_OF_SCOPE or not self._offered:
            return ()
        anchors, weights = self._anchors(answer)
        if not anchors.size:
            return ()
        own = set(self._library.table.asked[anchors].tolist())
        near = self._vectors @ self._vectors[anchors].T
        alike = near.max(axis=1)
        closeness = (near * weights).max(axis=1) / 2 + self._near_question(hits) / 2
        groups = _groups(" ".join(asked))
        said = [frozenset(split_terms(text)) for text in asked]
        found: list[_Offered] = []
        taken: list[Vectors] = []
        for one in sorted(self._offered, key=lambda one: (-closeness[one.row], one.row)):
            least = _RELATED if len(found) >= FEWEST_SUGGESTED else _BARELY_RELATED
            if len(found) == MOST_SUGGESTED or closeness[one.row] < least:
                break
            vector = self._vectors[one.row]
            if (
                one.statement not in own
                and alike[one.row] < _SAME
                and _is_for(one.groups, groups)
                and not any(_overlap(one.terms, words) >= _SAME_WORDS for words in said)
                and all(float(vector @ other) < _SAME_TOPIC for other in taken)
                and stands_alone(one.text)
            ):
                found.append(one)
                taken.append(vector)
        return tuple(one.text for one in found)

    @cached_property
    def _vectors(self) -> Vectors:
        return self._library.matrix("questions")

    @cached_property
    def _offered(self) -> tuple[_Offered, ...]:
        return tuple(self._list_offered())

    def _list_offered(self) -> Iterator[_Offered]:
        """Of each statement that says something, its questions that anybody could ask."""
        table = self._library.table
        row = 0
        for number, statement in enumerate(table.statements):
            passage = table.passages[table.owner[number]]
            rows = range(row, row + len(statement.asks))
            row += len(statement.asks)
            record = self._library.records[passage.doc_id]
            text = table.texts[number]
            if says_not_covered(text) or is_unconfirmed(statement.sources, record):
                continue
            about = _groups(f"{passage.title} {passage.section} {text}")
            for ask, at in zip(statement.asks, rows, strict=True):
                if len(ask) <= _LONGEST and _ASKS.fullmatch(ask) and not _PERSONAL.search(ask):
                    groups = _groups(ask) | about
                    yield _Offered(ask, at, number, groups, frozenset(split_terms(ask)))

    def _near_question(self, hits: Sequence[Hit]) -> Vectors:
        """Of each question, how near its statement is to what was asked; 0 where not found."""
        table = self._library.table
        near = np.zeros(len(table.statements), dtype=np.float32)
        for hit in hits:
            first = table.first[self._library.rows[hit.passage.passage_id]]
            for number, signals in enumerate(hit.statements, start=int(first)):
                near[number] = max(signals.asked, signals.similarity)
        return near[table.asked]

    def _anchors(
        self, answer: Answer
    ) -> tuple["np.ndarray[tuple[int], np.dtype[np.intp]]", Vectors]:
        """The rows of the questions that the answer's statements answer, with their weights."""
        quotes = answer.quotes or answer.nearest
        weights = {
            number: 1.0 if quote.number in answer.direct or not answer.direct else _OTHERS_WEIGH
            for quote in reversed(quotes)
            for number in self._statements(quote)
        }
        rows = [n for n, owner in enumerate(self._library.table.asked) if int(owner) in weights]
        own = self._library.table.asked[rows]
        return np.array(rows, dtype=np.intp), np.array(
            [weights[int(owner)] for owner in own], dtype=np.float32
        )

    def _statements(self, quote: Quote) -> Iterable[int]:
        table = self._library.table
        for row, passage in enumerate(table.passages):
            if passage.doc_id == quote.doc_id and passage.span.overlaps(quote.span):
                for number in range(int(table.first[row]), int(table.first[row + 1])):
                    if table.statements[number].span.overlaps(quote.span):
                        yield number


def _groups(text: str) -> frozenset[str]:
    """The groups of patients that a text is about."""
    born = frozenset({"pregnancy"}) if _BIRTH.search(text) else frozenset()
    return populations_of(text) | born


def _is_for(groups: frozenset[str], asked: frozenset[str]) -> bool:
    """Whether what is said of some patients may be suggested where others were asked about."""
    if groups & _APART != asked & _APART:
        return False
    return not (groups & _CAUSES and asked & _CAUSES) or bool(groups & asked & _CAUSES)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / max(len(one) + len(other), 1)
