"""Dense and lexical search as one score, by a convex mix that beat reciprocal rank fusion.

The mix was measured on two public question sets of opposite make (short headed treatment
guidelines, long research articles), documents cross-validated. What a title and headings say
counts for much where sections are short and for little in a long article, so their weight falls
with the document's mean section length.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.retrieval.context import list_contexts
from assistant.retrieval.embedding import Embedder, Vectors
from assistant.retrieval.hits import Hit, Query, Retrieval, StatementSignals
from assistant.retrieval.index import MOST_COMPARED, Snapshot
from assistant.retrieval.table import Numbers, Rows, best_of_each
from assistant.retrieval.terms import rarities, split_terms

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

DENSE_WEIGHT = 0.75
CONTEXT_WEIGHT = 0.6
# How far a question that a statement is said to answer counts where it is nearer than the
# statement itself.
ASKED_WEIGHT = 0.7
SECTION_CHARACTERS = 2000.0
CANDIDATES = 100
BESIDE = 20
RIVALS = 5


class HybridRetriever:
    """Searches one snapshot of the library."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder) -> None:
        self._snapshot = snapshot
        self._embedder = embedder

    def retrieve(self, query: Query, k: int) -> Retrieval:
        """The ``k`` best passages, ties by passage id."""
        snapshot = self._snapshot
        if not snapshot.passages:
            return Retrieval(query, ())
        asked, focus = self._word(query)
        lexical = np.max([snapshot.lexical.scores(terms) for terms in asked.terms], axis=0)
        rows = self._candidates(query, asked, lexical, max(k, CANDIDATES))
        if not len(rows):
            return Retrieval(query, ())
        scored = self._score(rows, asked, lexical)
        order = scored.order
        documents = snapshot.table.document[rows]
        best = documents[order[0]]
        beside = [n for n in order[k:] if documents[n] == best][:BESIDE]
        leading: dict[str, float] = {}
        for n in order:
            leading.setdefault(snapshot.table.doc_ids[documents[n]], float(scored.score[n]))
        focused = self._focus(rows, focus)
        hits = self._describe([*order[:k], *beside], scored, asked, leading, focused)
        signals = self._signals(hits, asked, list(leading.values()), float(max(scored.statement)))
        return Retrieval(query, hits[:k], hits[k:], signals)

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

    def _word(self, query: Query) -> "tuple[_Asked, _Asked | None]":
        """The question and its focus, if any, worded; all wordings are embedded at once."""
        whole = self._snapshot.wordings.of(query.text)
        focus = self._snapshot.wordings.of(query.focus) if query.focus.strip() else ()
        vectors = self._embedder.encode([*whole, *focus])
        asked = self._weigh(whole, vectors[: len(whole)])
        return asked, self._weigh(focus, vectors[len(whole) :]) if focus else None

    def _weigh(self, wordings: Sequence[str], vectors: Vectors) -> "_Asked":
        idf = self._snapshot.lexical.idf
        terms = [split_terms(wording) for wording in wordings]
        weights = [{t: idf(t) for t in dict.fromkeys(own)} for own in terms]
        salience = [{t: r * idf(t) for t, r in rarities(wording).items()} for wording in wordings]
        return _Asked(terms, weights, salience, vectors)

    def _focus(self, rows: Rows, focus: "_Asked | None") -> Numbers:
        """Of every statement its figures for the focus alone; shape (5, statements)."""
        if focus is None:
            return np.zeros((5, len(self._snapshot.table.statements)), dtype=np.float32)
        expanded = self._snapshot.table.expanded
        _, similarity, nearest, _ = self._cosines(rows, focus)
        salient, lacking = focus.most(expanded.share), focus.least(expanded.missing)
        learned, _ = self._learned(rows, focus)
        return np.stack([similarity, nearest, salient, lacking, learned]).astype(np.float32)

    def _learned(self, rows: Rows, asked: "_Asked") -> tuple[Numbers, Numbers]:
        """What the library's own questions tell of every statement; 0 where they tell nothing."""
        owner, discriminant = self._snapshot.table.owner, self._snapshot.discriminant
        if discriminant is None:
            nothing = np.zeros(len(owner), dtype=np.float32)
            return nothing, nothing
        return discriminant.tell(asked.vectors, np.isin(owner, rows))

    def _candidates(self, query: Query, asked: "_Asked", lexical: Numbers, count: int) -> Rows:
        """Rows of the passages to score: all that may be searched, or of a large library those
        that any of the searches puts among its first."""
        snapshot, table = self._snapshot, self._snapshot.table
        allowed = np.ones(len(table.passages), dtype=bool)
        if query.doc_ids is not None:
            named = [n for n, doc_id in enumerate(table.doc_ids) if doc_id in query.doc_ids]
            allowed = np.isin(table.document, named)
        for doc_id, span in query.without:
            for passage in snapshot.by_document.get(doc_id, ()):
                if passage.span.overlaps(span):
                    allowed[snapshot.rows[passage.passage_id]] = False
        if len(table.statements) <= MOST_COMPARED:
            return np.flatnonzero(allowed)
        found: set[str] = set()
        for vector in asked.vectors:
            found.update(i for i, _ in snapshot.nearest("passages", vector, count, query.doc_ids))
            near = snapshot.nearest("statements", vector, count, query.doc_ids)
            near += snapshot.nearest("questions", vector, count, query.doc_ids)
            found.update(i.rpartition("#")[0] for i, _ in near)
            for i, _ in snapshot.nearest("contexts", vector, count // 2, query.doc_ids):
                doc_id, _, number = i.rpartition("#")
                passages = snapshot.by_document[doc_id]
                headings = list_contexts(passages)[int(number)]
                found.update(p.passage_id for p in passages if p.headings == headings)
        wanted = {snapshot.rows[passage_id] for passage_id in found}
        best = [row for row in np.argsort(-lexical, kind="stable") if allowed[row]][:count]
        wanted.update(int(row) for row in best if lexical[row] > 0)
        return np.array(sorted(row for row in wanted if allowed[row]), dtype=np.intp)

    def _score(self, rows: Rows, asked: "_Asked", lexical: Numbers) -> "_Scored":
        """The candidates with their exact scores."""
        table = self._snapshot.table
        dense, similarity, nearest, contexts = self._cosines(rows, asked)
        context = contexts[table.context[rows]]
        gate = (1 / (1 + table.section_length[rows] / SECTION_CHARACTERS)).astype(np.float32)
        statement = np.full(len(table.passages), -1.0, dtype=np.float32)
        np.maximum.at(statement, table.owner, similarity)
        evidence = np.full(len(table.passages), -1.0, dtype=np.float32)
        told = similarity + ASKED_WEIGHT * np.maximum(nearest - similarity, 0.0)
        np.maximum.at(evidence, table.owner, told)
        weighted = CONTEXT_WEIGHT * gate
        score = lexical[rows] + DENSE_WEIGHT * (
            (1 - weighted) * (dense + evidence[rows]) / 2 + weighted * context
        )
        order = np.lexsort((rows, -score))
        return _Scored(
            rows=rows,
            order=[int(n) for n in order],
            score=score.astype(np.float32),
            lexical=lexical[rows],
            dense=dense,
            statement=statement[rows],
            context=context,
            section=self._sections(rows, contexts),
            gate=gate,
            similarity=similarity,
            nearest=nearest,
        )

    def _cosines(self, rows: Rows, asked: "_Asked") -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """The cosines of the candidates, of every statement, of every statement's nearest
        question and of every context; 0 for those that belong to no candidate."""
        snapshot, table = self._snapshot, self._snapshot.table
        count = len(table.statements)
        if len(table.statements) <= MOST_COMPARED:
            dense = asked.cosines(snapshot.matrix("passages"))[rows]
            similarity = asked.cosines(snapshot.matrix("statements"))
            contexts = asked.cosines(snapshot.matrix("contexts"))
            nearest = np.zeros(count, dtype=np.float32)
            if len(table.asked):
                asks = asked.cosines(snapshot.matrix("questions"))
                nearest = best_of_each(asks, table.asked, count)
            return dense, similarity, nearest, contexts
        return self._few_cosines(rows, asked)

    def _few_cosines(
        self, rows: Rows, asked: "_Asked"
    ) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        snapshot, table = self._snapshot, self._snapshot.table
        passages = [table.passages[row] for row in rows]
        doc_ids = list(dict.fromkeys(p.doc_id for p in passages))
        places: dict[str, dict[str, list[str]]] = {
            "passages": {},
            "statements": {},
            "questions": {},
        }
        at: dict[str, list[int]] = {"statements": [], "questions": []}
        for row, passage in zip(rows, passages, strict=True):
            places["passages"].setdefault(passage.doc_id, []).append(passage.passage_id)
            for n, statement in enumerate(passage.statements):
                place, number = f"{passage.passage_id}#{n}", int(table.first[row]) + n
                places["statements"].setdefault(passage.doc_id, []).append(place)
                at["statements"].append(number)
                for k in range(len(statement.asks)):
                    places["questions"].setdefault(passage.doc_id, []).append(f"{place}?{k}")
                    at["questions"].append(number)
        dense = asked.cosines(snapshot.vectors("passages", places["passages"]))
        similarity = np.zeros(len(table.statements), dtype=np.float32)
        similarity[at["statements"]] = asked.cosines(
            snapshot.vectors("statements", places["statements"])
        )
        nearest = np.zeros(len(table.statements), dtype=np.float32)
        if at["questions"]:
            asks = asked.cosines(snapshot.vectors("questions", places["questions"]))
            np.maximum.at(nearest, at["questions"], asks)
        contexts = np.zeros(sum(map(len, table.context_ids.values())), dtype=np.float32)
        own = {doc_id: table.context_ids[doc_id] for doc_id in doc_ids}
        found = asked.cosines(snapshot.vectors("contexts", own))
        start = 0
        for doc_id, ids in own.items():
            title = table.titles_at[doc_id]
            contexts[title : title + len(ids)] = found[start : start + len(ids)]
            start += len(ids)
        return dense, similarity, nearest, contexts

    def _sections(self, rows: Rows, contexts: Numbers) -> Numbers:
        """The cosine of the question with what the headings add to the title; 0 without any."""
        table = self._snapshot.table
        place, title = table.context[rows], table.title[rows]
        shared = self._snapshot.alike_title(rows)
        rest = np.maximum(np.sqrt(np.maximum(1 - shared**2, 0.0)), 0.3)
        question_rest = np.sqrt(np.maximum(1 - contexts[title] ** 2, 0.05))
        added = (contexts[place] - contexts[title] * shared) / rest / question_rest
        return np.where(place == title, 0.0, added).astype(np.float32)

    def _describe(
        self,
        chosen: Sequence[int],
        scored: "_Scored",
        asked: "_Asked",
        documents: Mapping[str, float],
        focused: Numbers,
    ) -> tuple[Hit, ...]:
        """The chosen candidates as hits, ranked, with what choosing quotes from them needs."""
        table = self._snapshot.table
        said = asked.best(table.said.share)
        led = asked.best(table.led.share)
        expanded = asked.best(table.expanded.share)
        whole = asked.best(table.whole.share)
        whole_salient = asked.most(table.whole.share)
        overlap, focus = self._overlaps(asked)
        salient = asked.most(table.expanded.share)
        lacking = asked.least(table.expanded.missing)
        learned, learned_share = self._learned(scored.rows, asked)
        words = np.max([table.lexical.scores(terms) for terms in asked.terms], axis=0)
        described = []
        for rank, n in enumerate(chosen, start=1):
            row = scored.rows[n]
            passage = table.passages[row]
            title = table.titles[passage.doc_id]
            named = max(len(title.intersection(terms)) for terms in asked.terms)
            statements = tuple(
                StatementSignals(
                    float(scored.similarity[s]),
                    float(scored.nearest[s]),
                    float(overlap[s]),
                    float(focus[s]),
                    float(said[s]),
                    float(led[s]),
                    float(expanded[s]),
                    float(salient[s]),
                    float(lacking[s]),
                    float(words[s]),
                    float(learned[s]),
                    float(learned_share[s]),
                    *map(float, focused[:, s]),
                )
                for s in range(table.first[row], table.first[row + 1])
            )
            signals = {
                "lexical": float(scored.lexical[n]),
                "dense": float(scored.dense[n]),
                "statement": float(scored.statement[n]),
                "context": float(scored.context[n]),
                "section": float(scored.section[n]),
                "gate": float(scored.gate[n]),
                "whole": float(whole[row]),
                "salient": float(whole_salient[row]),
                "asks": float(bool(table.question_ids[passage.doc_id])),
                "document": documents[passage.doc_id],
                "named": named / max(1, len(title)),
            }
            described.append(Hit(rank, float(scored.score[n]), passage, signals, statements))
        return tuple(described)

    def _overlaps(self, asked: "_Asked") -> tuple[Numbers, Numbers]:
        """Of every statement, its ``ask_overlap`` and ``focus``."""
        table = self._snapshot.table
        overlap = np.zeros(len(table.statements), dtype=np.float32)
        focus = np.zeros(len(table.statements), dtype=np.float32)
        for weights in asked.weights:
            total = sum(weights.values())
            own = table.said.weigh(weights) / np.maximum(table.own_weight, 1e-9)
            focus = np.maximum(focus, own)
            if len(table.asked):
                dice = 2 * table.asks.weigh(weights) / np.maximum(total + table.ask_weight, 1e-9)
                likest = best_of_each(dice.astype(np.float32), table.asked, len(overlap))
                overlap = np.maximum(overlap, likest)
        return overlap, focus

    def _signals(
        self, hits: Sequence[Hit], asked: "_Asked", documents: Sequence[float], statement: float
    ) -> dict[str, float]:
        """Figures on the whole: how far the best document leads, how much of the question the
        best passage has, whether the title is what the question names."""
        lexical = self._snapshot.lexical
        best = hits[0]
        passage = best.passage
        row = self._snapshot.rows[passage.passage_id]
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
            "statement": statement,
            "known": max(
                lexical.share(terms, [t for t in terms if lexical.knows(t)])
                for terms in asked.terms
            ),
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in its wordings: the terms of each with their weights (``salience``: scaled by
    their rarity in English), and a vector a row."""

    terms: list[list[str]]
    weights: list[dict[str, float]]
    salience: list[dict[str, float]]
    vectors: Vectors

    def cosines(self, rows: Vectors) -> Numbers:
        """The best cosine of each row with any wording."""
        best: Numbers = (rows @ self.vectors.T).max(axis=1)
        return best

    def best(self, share: Callable[[Mapping[str, float]], Numbers]) -> Numbers:
        """The greatest share of each row in any wording."""
        shares: Numbers = np.max([share(weights) for weights in self.weights], axis=0)
        return shares

    def most(self, share: Callable[[Mapping[str, float]], Numbers]) -> Numbers:
        """As ``best``, everyday words counting for little."""
        shares: Numbers = np.max([share(weights) for weights in self.salience], axis=0)
        return shares

    def least(self, missing: Callable[[Mapping[str, float]], Numbers]) -> Numbers:
        """The least of each row in any wording, everyday words counting for little."""
        found: Numbers = np.min([missing(weights) for weights in self.salience], axis=0)
        return found


@dataclass(frozen=True, slots=True)
class _Scored:
    """The candidates' rows in the table with their figures, aligned; ``order`` is best first.
    ``similarity`` and ``nearest`` have a number for every statement of the library."""

    rows: Rows
    order: list[int]
    score: Numbers
    lexical: Numbers
    dense: Numbers
    statement: Numbers
    context: Numbers
    section: Numbers
    gate: Numbers
    similarity: Numbers
    nearest: Numbers
