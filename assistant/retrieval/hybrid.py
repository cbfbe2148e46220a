"""Dense and lexical search as one score, by a convex mix that beat reciprocal rank fusion.

The mix was measured on two public question sets of opposite make (short headed treatment
guidelines, long research articles), documents cross-validated. What a title and headings say
counts for much where sections are short and for little in a long article, so their weight falls
with the document's mean section length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.documents.passages import Passage
from assistant.retrieval.context import list_contexts, mean_section_length, statement_texts
from assistant.retrieval.embedding import Embedder, Vectors
from assistant.retrieval.hits import Hit, Query, Retrieval, StatementSignals
from assistant.retrieval.index import Snapshot
from assistant.retrieval.terms import split_terms

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

DENSE_WEIGHT = 0.75
CONTEXT_WEIGHT = 0.6
SECTION_CHARACTERS = 2000.0
CANDIDATES = 100
BESIDE = 20
RIVALS = 5


class HybridRetriever:
    """Searches one snapshot of the library."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder) -> None:
        self._snapshot = snapshot
        self._embedder = embedder
        self._rows = {passage_id: row for row, passage_id in enumerate(snapshot.passages)}

    def retrieve(self, query: Query, k: int) -> Retrieval:
        """The ``k`` best passages, ties by passage id."""
        if not self._snapshot.passages:
            return Retrieval(query, ())
        asked = self._word(query.text)
        lexical = np.max([self._snapshot.lexical.scores(t) for t in asked.terms], axis=0)
        candidates = self._candidates(query, asked, lexical, max(k, CANDIDATES))
        if not candidates:
            return Retrieval(query, ())
        scored = self._score(candidates, asked, lexical)
        best = scored[0].passage.doc_id
        documents: dict[str, float] = {}
        for hit in scored:
            documents.setdefault(hit.passage.doc_id, hit.score)
        beside = [hit for hit in scored[k:] if hit.passage.doc_id == best][:BESIDE]
        hits = self._describe([*scored[:k], *beside], asked, documents)
        return Retrieval(
            query, hits[:k], hits[k:], self._signals(hits, asked, list(documents.values()))
        )

    def as_langchain(self, k: int = 10) -> "BaseRetriever":
        """As a LangChain retriever: a passage's text with its place as metadata."""
        from langchain_core.callbacks import CallbackManagerForRetrieverRun
        from langchain_core.documents import Document
        from langchain_core.retrievers import BaseRetriever

        hybrid = self

        class PassageRetriever(BaseRetriever):
            """Guideline passages, best first."""

            def _get_relevant_documents(
                self, query: str, *, run_manager: CallbackManagerForRetrieverRun
            ) -> list[Document]:
                return [
                    Document(
                        id=hit.passage.passage_id,
                        page_content=hit.passage.text,
                        metadata={
                            "document": hit.passage.doc_id,
                            "title": hit.passage.title,
                            "section": hit.passage.section,
                            "start": hit.passage.span.start,
                            "end": hit.passage.span.end,
                            "score": hit.score,
                        },
                    )
                    for hit in hybrid.retrieve(Query(query), k).hits
                ]

        return PassageRetriever()

    def _word(self, question: str) -> "_Asked":
        wordings = self._snapshot.wordings.of(question)
        return _Asked(
            [split_terms(wording) for wording in wordings], self._embedder.encode(wordings)
        )

    def _candidates(self, query: Query, asked: "_Asked", lexical: Any, count: int) -> list[Passage]:
        """What any of the searches puts among its first, by passage id."""
        snapshot = self._snapshot
        found: set[str] = set()
        for vector in asked.vectors:
            found.update(i for i, _ in snapshot.nearest("passages", vector, count, query.doc_ids))
            for i, _ in snapshot.nearest("statements", vector, count, query.doc_ids):
                found.add(i.rpartition("#")[0])
            for i, _ in snapshot.nearest("contexts", vector, count // 2, query.doc_ids):
                doc_id, _, number = i.rpartition("#")
                passages = snapshot.by_document[doc_id]
                headings = list_contexts(passages)[int(number)]
                found.update(p.passage_id for p in passages if p.headings == headings)
        passage_ids = list(snapshot.passages)
        added = 0
        for row in np.argsort(-lexical, kind="stable"):
            if lexical[row] <= 0.0 or added == count:
                break
            passage = snapshot.passages[passage_ids[row]]
            if query.doc_ids is None or passage.doc_id in query.doc_ids:
                found.add(passage.passage_id)
                added += 1
        return [snapshot.passages[i] for i in sorted(found)]

    def _score(self, passages: Sequence[Passage], asked: "_Asked", lexical: Any) -> list[Hit]:
        """The candidates with their exact scores, best first."""
        snapshot = self._snapshot
        doc_ids = list(dict.fromkeys(p.doc_id for p in passages))
        ids: dict[str, list[str]] = {doc_id: [] for doc_id in doc_ids}
        for passage in passages:
            ids[passage.doc_id].append(passage.passage_id)
        dense = dict(
            zip(
                (i for some in ids.values() for i in some),
                asked.cosines(snapshot.vectors("passages", ids)),
                strict=True,
            )
        )
        statements = self._statement_cosines(passages, asked)
        contexts = self._contexts(doc_ids, asked)
        hits = []
        for passage in passages:
            own = contexts[passage.doc_id]
            context, section = own.of(passage)
            gate = own.gate
            row = self._rows[passage.passage_id]
            similarity = (float(dense[passage.passage_id]) + max(statements[row])) / 2
            weighted = CONTEXT_WEIGHT * gate
            score = float(lexical[row]) + DENSE_WEIGHT * (
                (1 - weighted) * similarity + weighted * context
            )
            signals = {
                "lexical": float(lexical[row]),
                "dense": float(dense[passage.passage_id]),
                "statement": max(statements[row]),
                "context": context,
                "section": section,
                "gate": gate,
            }
            blank = tuple(StatementSignals(s, 0.0, 0.0) for s in statements[row])
            hits.append(Hit(0, score, passage, signals, blank))
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.passage_id))

    def _statement_cosines(
        self, passages: Sequence[Passage], asked: "_Asked"
    ) -> dict[int, list[float]]:
        ids: dict[str, list[str]] = {}
        owners: dict[str, list[int]] = {}
        for passage in passages:
            for n in range(len(passage.statements)):
                ids.setdefault(passage.doc_id, []).append(f"{passage.passage_id}#{n}")
                owners.setdefault(passage.doc_id, []).append(self._rows[passage.passage_id])
        cosines = asked.cosines(self._snapshot.vectors("statements", ids))
        by_row: dict[int, list[float]] = {}
        rows = (row for some in owners.values() for row in some)
        for row, cosine in zip(rows, cosines, strict=True):
            by_row.setdefault(row, []).append(float(cosine))
        return by_row

    def _contexts(self, doc_ids: Sequence[str], asked: "_Asked") -> dict[str, "_Contexts"]:
        by_document = self._snapshot.by_document
        headings = {doc_id: list_contexts(by_document[doc_id]) for doc_id in doc_ids}
        ids = {
            doc_id: [f"{doc_id}#{n}" for n in range(len(headings[doc_id]))] for doc_id in doc_ids
        }
        rows = self._snapshot.vectors("contexts", ids)
        contexts = {}
        start = 0
        for doc_id in doc_ids:
            end = start + len(ids[doc_id])
            gate = 1 / (1 + mean_section_length(by_document[doc_id]) / SECTION_CHARACTERS)
            contexts[doc_id] = _Contexts(headings[doc_id], rows[start:end], asked, gate)
            start = end
        return contexts

    def _describe(
        self, hits: Sequence[Hit], asked: "_Asked", documents: dict[str, float]
    ) -> tuple[Hit, ...]:
        """The same hits, ranked, with what choosing quotes from them needs."""
        described = []
        for rank, hit in enumerate(hits, start=1):
            passage = hit.passage
            title = set(split_terms(passage.title))
            named = max(len(title.intersection(terms)) for terms in asked.terms)
            statements = tuple(
                StatementSignals(
                    signals.similarity,
                    self._coverage(asked, split_terms(text), title),
                    self._coverage(asked, self._lead_terms(passage, n), title),
                )
                for n, (signals, text) in enumerate(
                    zip(hit.statements, statement_texts(passage), strict=True)
                )
            )
            signals = dict(hit.signals) | {
                "document": documents[passage.doc_id],
                "named": named / max(1, len(title)),
            }
            described.append(Hit(rank, hit.score, passage, signals, statements))
        return tuple(described)

    def _coverage(self, asked: "_Asked", words: Sequence[str], title: set[str]) -> float:
        """The share of the question that the words have, the title's terms not counted."""
        found = set(words) - title
        return max(self._snapshot.lexical.share(terms, found) for terms in asked.terms)

    def _lead_terms(self, passage: Passage, number: int) -> list[str]:
        lead = passage.statements[number].lead
        if lead is None:
            return []
        if passage.span.contains(lead):
            start = passage.span.start
            return split_terms(passage.text[lead.start - start : lead.end - start])
        return split_terms(lead.of(self._snapshot.document(passage.doc_id).text))

    def _signals(
        self, hits: Sequence[Hit], asked: "_Asked", documents: Sequence[float]
    ) -> dict[str, float]:
        """Figures on the whole: how far the best document leads, how much of the question the
        best passage has, whether the title is what the question names."""
        lexical = self._snapshot.lexical
        best = hits[0]
        passage = best.passage
        row = self._rows[passage.passage_id]
        rivals = documents[1 : 1 + RIVALS]
        title = split_terms(passage.title)
        named = max(lexical.share(title, terms) for terms in asked.terms)
        return {
            "documents": float(len(self._snapshot.by_document)),
            "cohesion": self._snapshot.cohesion,
            "score": best.score,
            "margin": documents[0] - float(np.mean(rivals)) if rivals else 0.0,
            "topic": best.signals["gate"] * max(0.0, best.signals["context"]) * named,
            "coverage": max(lexical.share(terms, lexical.terms[row]) for terms in asked.terms),
            "statement": max(hit.signals["statement"] for hit in hits),
            "known": max(
                lexical.share(terms, [t for t in terms if lexical.knows(t)])
                for terms in asked.terms
            ),
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in its wordings: the terms of each, and a vector a row."""

    terms: list[list[str]]
    vectors: Vectors

    def cosines(self, rows: Vectors) -> Vectors:
        """The best cosine of each row with any wording."""
        best: Vectors = (rows @ self.vectors.T).max(axis=1)
        return best


class _Contexts:
    """One document's title and headings against the question."""

    def __init__(
        self,
        headings: list[tuple[str, ...]],
        vectors: Vectors,
        asked: _Asked,
        gate: float,
    ) -> None:
        self.gate = gate
        self._place = {path: n for n, path in enumerate(headings)}
        self._cosines = asked.cosines(vectors)
        self._with_title = vectors @ vectors[0]

    def of(self, passage: Passage) -> tuple[float, float]:
        """The cosine of the question with "title, headings", and with what the headings add to
        the title (0 without headings)."""
        place = self._place[passage.headings]
        context = float(self._cosines[place])
        if not passage.headings:
            return context, 0.0
        title, shared = float(self._cosines[0]), float(self._with_title[place])
        rest = max(float(np.sqrt(max(1 - shared**2, 0.0))), 0.3)
        question_rest = float(np.sqrt(max(1 - title**2, 0.05)))
        return context, (context - title * shared) / rest / question_rest
