"""What plain retrieval does with the same documents and questions, so that a report shows what the
work is worth.

The peers cut documents as LangChain's RecursiveCharacterTextSplitter does at 1000/200 characters.
That class lives in a package of its own, which this project does not need otherwise; the method is
written out here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from assistant import Assistant
from assistant.consultation import make_embedder
from evals.gold import Located
from evals.intervals import bootstrap, mean_interval
from evals.measures import Score, auroc, mean
from evals.scorers.retrieval import SEARCH_DEPTH, Stretch, overlaps, score_ranking
from evals.transcript import Transcript

CHUNK, OVERLAP = 1000, 200
SEPARATORS = ("\n\n", "\n", " ", "")
RANKING = ("R@5", "nDCG@10")
# Quotes are taken from this many passages.
QUOTED_PASSAGES = 5
# Cormack et al. 2009.
RRF = 60

OURS, PLAIN, BM25, BOTH = (
    "this assistant",
    "LangChain splitter + Chroma + embedder",
    "BM25 alone",
    "both, by reciprocal rank",
)
Ranked = list[tuple[int, float]]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a document."""

    document: str
    start: int
    end: int
    text: str

    @property
    def stretch(self) -> Stretch:
        return self.document, self.start, self.end


@dataclass(frozen=True, slots=True)
class Found:
    """What one system found for one question: passages and quotes, the best first."""

    passages: tuple[Stretch, ...]
    quotes: tuple[Stretch, ...]
    top_score: float


def run_peers(
    questions: Sequence[Located],
    said: Mapping[str, Transcript],
    assistant: Assistant,
    progress: Progress,
) -> dict[str, Any]:
    """Each system's figures, the assistant's own first, measured alike."""
    peers = _Peers(assistant)
    found: dict[str, dict[str, Found]] = {name: {} for name in (OURS, PLAIN, BM25, BOTH)}
    vectors = peers.encode([_whole(located) for located in questions])
    for done, (located, vector) in enumerate(zip(questions, vectors, strict=True)):
        progress("peers", done, len(questions))
        own = said[located.gold.id]
        quotes = tuple(quote.place for quote in own.quotes or own.nearest)
        found[OURS][located.gold.id] = Found(own.found, quotes, own.top_score)
        for name, ranked in peers.search(_whole(located), vector).items():
            found[name][located.gold.id] = peers.describe(ranked, vector)
    progress("peers", len(questions), len(questions))
    return {name: _measure(name, questions, by_question) for name, by_question in found.items()}


def _whole(located: Located) -> str:
    """A follow-up with the user's turn before it: otherwise the peers could not know."""
    earlier = [turn.content for turn in located.turns if turn.role == "user"]
    return " ".join([*earlier[-1:], located.gold.question])


def _measure(
    name: str, questions: Sequence[Located], found: Mapping[str, Found]
) -> dict[str, dict[str, Any]]:
    scores = score_ranking(questions, {q: f.passages for q, f in found.items()}, RANKING)
    for located in questions:
        for k in (1, 3) if located.qrels else ():
            right = any(
                overlaps(quote, qrel)
                for quote in found[located.gold.id].quotes[:k]
                for qrel in located.qrels
            )
            scores.append(Score(f"right quote in {k}", located.gold.id, float(right), ""))
    measured: dict[str, dict[str, Any]] = {}
    for measure in dict.fromkeys(score.measure for score in scores):
        own = [score for score in scores if score.measure == measure]
        values = [score.value for score in own if score.value is not None]
        measured[measure] = {"value": mean(own), "interval": mean_interval(measure, values)}
    tops = [found[located.gold.id].top_score for located in questions]
    answerable = [located.gold.outcome == "answered" for located in questions]
    measured["auroc of the top score"] = {
        "value": auroc(tops, answerable),
        "interval": bootstrap(
            name,
            len(questions),
            lambda rows: auroc([tops[i] for i in rows], [answerable[i] for i in rows]),
        ),
    }
    return measured


class _Peers:
    """The three systems over one library; the same embedder as the assistant's."""

    def __init__(self, assistant: Assistant) -> None:
        import bm25s

        self._embedder = make_embedder(assistant.settings)
        self.chunks = [
            chunk
            for record in assistant.documents()
            for chunk in split_recursively(record.doc_id, assistant.document(record.doc_id).text)
        ]
        self._collection = _Collection(self.encode([chunk.text for chunk in self.chunks]))
        self._bm25 = bm25s.BM25()
        self._bm25.index(_tokens([c.text for c in self.chunks]), show_progress=False)
        self._sentences: dict[int, tuple[list[Stretch], Any]] = {}

    def encode(self, texts: Sequence[str]) -> Any:
        return self._embedder.encode(texts)

    def search(self, question: str, vector: Any) -> dict[str, Ranked]:
        """The ranked chunks of each peer, by number, with their scores."""
        depth = min(10 * SEARCH_DEPTH, len(self.chunks))
        dense = self._collection.nearest(vector, depth)
        asked = _tokens([question])[0]
        scores = self._bm25.get_scores(asked) if asked else np.zeros(len(self.chunks))
        lexical = [(int(i), float(scores[i])) for i in np.argsort(-scores, kind="stable")[:depth]]
        fused: dict[int, float] = {}
        for ranked in (dense, lexical):
            for rank, (number, _) in enumerate(ranked, start=1):
                fused[number] = fused.get(number, 0.0) + 1 / (RRF + rank)
        both = sorted(fused.items(), key=lambda one: (-one[1], one[0]))
        return {PLAIN: dense, BM25: lexical, BOTH: both}

    def describe(self, ranked: Ranked, vector: Any) -> Found:
        """The first chunks, and of their sentences those nearest the question."""
        sentences: list[tuple[float, int, Stretch]] = []
        for number, _ in ranked[:QUOTED_PASSAGES]:
            stretches, vectors = self._sentences_of(number)
            sentences += [
                (-float(cosine), len(sentences), stretch)
                for stretch, cosine in zip(stretches, vectors @ vector, strict=True)
            ]
        quotes = dict.fromkeys(stretch for _, _, stretch in sorted(sentences))
        passages = tuple(self.chunks[number].stretch for number, _ in ranked[:SEARCH_DEPTH])
        return Found(passages, tuple(quotes)[:3], ranked[0][1] if ranked else 0.0)

    def _sentences_of(self, number: int) -> tuple[list[Stretch], Any]:
        if number not in self._sentences:
            stretches = split_sentences(self.chunks[number])
            start = self.chunks[number].start
            texts = [self.chunks[number].text[s - start : e - start] for _, s, e in stretches]
            self._sentences[number] = (stretches, self.encode(texts))
        return self._sentences[number]


class _Collection:
    """Chunks in a Chroma collection of our own, in memory, cosine distance."""

    def __init__(self, vectors: Any) -> None:
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False))
        name = "evaluation-peers"
        if name in {collection.name for collection in client.list_collections()}:
            client.delete_collection(name)
        # One thread and a wide search: otherwise two runs may differ.
        self._chunks = client.create_collection(
            name,
            embedding_function=None,
            configuration={
                "hnsw": {
                    "space": "cosine",
                    "num_threads": 1,
                    "ef_construction": 500,
                    "ef_search": 1000,
                }
            },
        )
        for start in range(0, len(vectors), 1000):
            some = vectors[start : start + 1000]
            self._chunks.add(ids=[f"{start + n:08d}" for n in range(len(some))], embeddings=some)

    def nearest(self, vector: Any, count: int) -> Ranked:
        found = self._chunks.query(
            query_embeddings=[vector], n_results=count, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        pairs = [(int(i), 1 - float(d)) for i, d in zip(found["ids"][0], distances, strict=True)]
        return sorted(pairs, key=lambda one: (-one[1], one[0]))


def _tokens(texts: Sequence[str]) -> list[list[str]]:
    import bm25s

    tokens: list[list[str]] = bm25s.tokenize(
        list(texts), stopwords="en", return_ids=False, show_progress=False
    )
    return tokens


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n+")


def split_sentences(chunk: Chunk) -> list[Stretch]:
    """At full stops before a capital, and at line ends."""
    cuts = [0, *(m.end() for m in _SENTENCE_END.finditer(chunk.text)), len(chunk.text)]
    return [
        (chunk.document, chunk.start + start, chunk.start + start + len(words))
        for start, end in pairwise(cuts)
        if len(words := chunk.text[start:end].rstrip()) > 1
    ]


def split_recursively(document: str, text: str) -> list[Chunk]:
    """At blank lines where that makes pieces short enough, else at lines, else at spaces; pieces
    joined up to the length of a chunk, the end of one repeated at the start of the next."""
    chunks: list[Chunk] = []
    held: list[tuple[int, int]] = []
    for start, end in _pieces(text, 0, len(text), SEPARATORS):
        if held and end - held[0][0] > CHUNK:
            chunks.append(_chunk(document, text, held))
            while held and (held[-1][1] - held[0][0] > OVERLAP or end - held[0][0] > CHUNK):
                held.pop(0)
        held.append((start, end))
    if held:
        chunks.append(_chunk(document, text, held))
    return [chunk for chunk in chunks if chunk.text.strip()]


def _chunk(document: str, text: str, held: Sequence[tuple[int, int]]) -> Chunk:
    start, end = held[0][0], held[-1][1]
    return Chunk(document, start, end, text[start:end])


def _pieces(text: str, start: int, end: int, separators: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches no longer than a chunk, each with the separator that ends it."""
    separator, *rest = separators
    if not separator:
        return [(n, min(n + CHUNK, end)) for n in range(start, end, CHUNK)]
    found: list[tuple[int, int]] = []
    while start < end:
        at = text.find(separator, start, end)
        stop = end if at < 0 else at + len(separator)
        found += [(start, stop)] if stop - start <= CHUNK else _pieces(text, start, stop, rest)
        start = stop
    return found
