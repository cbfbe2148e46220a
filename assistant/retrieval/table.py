"""One snapshot's passages and statements as rows, ready to be scored all at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.documents.passages import Passage, Statement
from assistant.retrieval.context import list_contexts, mean_section_length, statement_texts
from assistant.retrieval.lexical import LexicalIndex
from assistant.retrieval.terms import split_terms

Rows = NDArray[np.intp]
Numbers = NDArray[np.float32]


class Postings:
    """Which rows have which terms: shares of a question's weight for every row at once."""

    def __init__(self, rows: Sequence[Iterable[str]]) -> None:
        found: dict[str, list[int]] = defaultdict(list)
        for row, terms in enumerate(rows):
            for term in dict.fromkeys(terms):
                found[term].append(row)
        self._count = len(rows)
        self._rows = {term: np.array(own, dtype=np.intp) for term, own in found.items()}

    def weigh(self, weights: Mapping[str, float]) -> Numbers:
        """Of each row, the weight of the terms that it has."""
        found = np.zeros(self._count, dtype=np.float32)
        for term, weight in weights.items():
            if term in self._rows:
                found[self._rows[term]] += weight
        return found

    def share(self, weights: Mapping[str, float]) -> Numbers:
        """As ``weigh``, as a share of the terms' whole weight; 0 without terms."""
        return self.weigh(weights) / max(sum(weights.values()), 1e-9)

    def missing(self, weights: Mapping[str, float]) -> Numbers:
        """Of each row, the weight of the heaviest term that it lacks."""
        heaviest = np.zeros(self._count, dtype=np.float32)
        for term, weight in sorted(weights.items(), key=lambda item: item[1]):
            lacks = np.ones(self._count, dtype=bool)
            if term in self._rows:
                lacks[self._rows[term]] = False
            heaviest[lacks] = weight
        return heaviest


class Table:
    """``owner`` is each statement's passage, ``first`` each passage's first statement (and, at the
    end, the number of statements), ``context`` each passage's row among all documents' contexts,
    ``title`` that of its document's bare title, ``asked`` the statement of each question."""

    def __init__(
        self,
        passages: Sequence[Passage],
        by_document: Mapping[str, Sequence[Passage]],
        text_of: Callable[[str], str],
        idf: Callable[[str], float],
    ) -> None:
        self._idf = idf
        self.passages = passages
        self.statements: list[Statement] = []
        self.texts: list[str] = []
        owner: list[int] = []
        first: list[int] = []
        asked: list[int] = []
        # The store's ids of each kind, by document, in the order of the rows.
        self.passage_ids: dict[str, list[str]] = {doc_id: [] for doc_id in by_document}
        self.statement_ids: dict[str, list[str]] = {doc_id: [] for doc_id in by_document}
        self.question_ids: dict[str, list[str]] = {doc_id: [] for doc_id in by_document}
        self.context_ids: dict[str, list[str]] = {}
        for row, passage in enumerate(passages):
            doc_id = passage.doc_id
            first.append(len(self.statements))
            self.passage_ids[doc_id].append(passage.passage_id)
            for number, text in enumerate(statement_texts(passage)):
                statement = passage.statements[number]
                place = f"{passage.passage_id}#{number}"
                self.question_ids[doc_id] += [f"{place}?{n}" for n in range(len(statement.asks))]
                asked += [len(self.statements)] * len(statement.asks)
                self.statements.append(statement)
                self.texts.append(text)
                self.statement_ids[doc_id].append(place)
                owner.append(row)
        self.owner: Rows = np.array(owner, dtype=np.intp)
        self.first: Rows = np.array([*first, len(owner)], dtype=np.intp)
        self.asked: Rows = np.array(asked, dtype=np.intp)
        places: dict[tuple[str, tuple[str, ...]], int] = {}
        gates: dict[str, float] = {}
        for doc_id, own in by_document.items():
            contexts = list_contexts(own)
            self.context_ids[doc_id] = [f"{doc_id}#{number}" for number in range(len(contexts))]
            for headings in contexts:
                places[doc_id, headings] = len(places)
            gates[doc_id] = mean_section_length(own)
        self.context: Rows = np.array(
            [places[p.doc_id, p.headings] for p in passages], dtype=np.intp
        )
        self.title: Rows = np.array([places[p.doc_id, ()] for p in passages], dtype=np.intp)
        self.titles_at = {doc_id: places[doc_id, ()] for doc_id in by_document}
        self.section_length: Numbers = np.array(
            [gates[p.doc_id] for p in passages], dtype=np.float32
        )
        numbers = {doc_id: number for number, doc_id in enumerate(by_document)}
        self.document: Rows = np.array([numbers[p.doc_id] for p in passages], dtype=np.intp)
        self.doc_ids = list(by_document)

        self._index_words(text_of)

    def _index_words(self, text_of: Callable[[str], str]) -> None:
        titles = {p.doc_id: frozenset(split_terms(p.title)) for p in self.passages}
        heads = [frozenset(split_terms(" ".join(p.headings))) for p in self.passages]
        self.leads = [
            self._lead(statement, self.passages[row], text_of)
            for statement, row in zip(self.statements, self.owner, strict=True)
        ]
        own = [split_terms(text) for text in self.texts]
        above = [split_terms(lead) for lead in self.leads]
        each = [split_terms(ask) for statement in self.statements for ask in statement.asks]
        asks: list[list[str]] = [[] for _ in self.statements]
        for number, terms in zip(self.asked, each, strict=True):
            asks[number] += terms
        title_of = [titles[self.passages[row].doc_id] for row in self.owner]
        self.titles = titles
        self.said = Postings([{*terms} - title for terms, title in zip(own, title_of, strict=True)])
        self.led = Postings(
            [{*terms} - title for terms, title in zip(above, title_of, strict=True)]
        )
        self.asks = Postings(each)
        self.ask_weight = np.array([self._weight(terms) for terms in each], dtype=np.float32)
        self.own_weight = np.array([self._weight(terms) for terms in own], dtype=np.float32)
        self.whole = Postings(
            [
                {
                    *titles[passage.doc_id],
                    *heads[row],
                    *(t for n in range(self.first[row], self.first[row + 1]) for t in own[n]),
                    *(t for n in range(self.first[row], self.first[row + 1]) for t in asks[n]),
                }
                for row, passage in enumerate(self.passages)
            ]
        )
        self.expanded = Postings(
            [
                {*own[n], *above[n], *asks[n], *title_of[n], *heads[row]}
                for n, row in enumerate(self.owner)
            ]
        )
        self.lexical = LexicalIndex(
            [f"{lead} {text}" for lead, text in zip(self.leads, self.texts, strict=True)]
        )

    def _weight(self, terms: Iterable[str]) -> float:
        return sum(self._idf(term) for term in dict.fromkeys(terms))

    def _lead(self, statement: Statement, passage: Passage, text_of: Callable[[str], str]) -> str:
        lead = statement.lead
        if lead is None:
            return ""
        if passage.span.contains(lead):
            start = passage.span.start
            return passage.text[lead.start - start : lead.end - start]
        return lead.of(text_of(passage.doc_id))


def best_of_each(values: Numbers, owner: Rows, count: int, floor: float = 0.0) -> Numbers:
    """The greatest value of each owner, ``floor`` for one without any."""
    best = np.full(count, floor, dtype=np.float32)
    np.maximum.at(best, owner, values)
    return best
