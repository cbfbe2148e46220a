"""The constrained chain as a LangChain runnable: retrieve → choose quotes → compose → verify."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.answering.answer import Answer, Evidence, Writer
from assistant.answering.model import load_model
from assistant.answering.parts import split_question
from assistant.answering.quotes import choose_for_parts, choose_quotes
from assistant.answering.verification import verify_answer
from assistant.answering.weighing import weigh
from assistant.retrieval.hits import Hit, Query, Retrieval, Retriever

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from assistant.retrieval.index import Snapshot

ANSWER_HITS = 40
# What was found for a question, and for each of its parts.
Found = tuple[Retrieval, Sequence[tuple[str, Retrieval]]]


@dataclass(frozen=True, slots=True)
class Worked:
    """An answer with the passages found on the way to it, best first."""

    hits: tuple[Hit, ...]
    answer: Answer


def keep_tracing_off() -> None:
    """LangSmith would send every question to its servers if the environment asked for it."""
    for library in ("LANGSMITH", "LANGCHAIN"):
        os.environ[f"{library}_TRACING_V2"] = os.environ[f"{library}_TRACING"] = "false"


def build_chain(
    retriever: Retriever, writer: Writer, library: "Snapshot"
) -> "Runnable[Query, Worked]":
    """A runnable from a query to its verified answer."""
    keep_tracing_off()
    from langchain_core.runnables import RunnableLambda

    model = load_model()

    def retrieve(query: Query) -> Found:
        parts = split_question(query.text, query.focus)
        return retriever.retrieve(query, ANSWER_HITS), [
            (
                part.own,
                retriever.retrieve(replace(query, text=part.text, focus=part.focus), ANSWER_HITS),
            )
            for part in parts
        ]

    def choose(found: Found) -> tuple[tuple[Hit, ...], Evidence]:
        retrieval, parts = found
        weighed = weigh(retrieval, library.records, model)
        if not parts:
            return weighed.hits, choose_quotes(weighed, library)
        apart = [(part, weigh(own, library.records, model)) for part, own in parts]
        return weighed.hits, choose_for_parts(weighed, apart, library)

    def compose(chosen: tuple[tuple[Hit, ...], Evidence]) -> Worked:
        return Worked(chosen[0], writer.write(chosen[1]))

    def verify(worked: Worked) -> Worked:
        verify_answer(worked.answer, lambda doc_id: library.document(doc_id).text)
        return worked

    steps: Any = (
        RunnableLambda(retrieve).with_config(run_name="retrieve")
        | RunnableLambda(choose).with_config(run_name="choose quotes")
        | RunnableLambda(compose).with_config(run_name="compose")
        | RunnableLambda(verify).with_config(run_name="verify")
    )
    chain: Runnable[Query, Worked] = steps
    return chain
