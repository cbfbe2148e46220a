"""The constrained chain as a LangChain runnable: retrieve → choose quotes → compose → verify."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.answering.answer import Answer, Evidence, Writer
from assistant.answering.model import load_model
from assistant.answering.quotes import choose_quotes
from assistant.answering.verification import verify_answer
from assistant.answering.weighing import weigh
from assistant.retrieval.hits import Query, Retrieval, Retriever

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from assistant.retrieval.index import Snapshot

ANSWER_HITS = 40


@dataclass(frozen=True, slots=True)
class Worked:
    """An answer with what was found on the way to it."""

    retrieval: Retrieval
    answer: Answer


def build_chain(
    retriever: Retriever, writer: Writer, library: "Snapshot"
) -> "Runnable[Query, Worked]":
    """A runnable from a query to its verified answer."""
    # LangSmith would send every question to its servers if the environment asked for it.
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    from langchain_core.runnables import RunnableLambda

    model = load_model()

    def retrieve(query: Query) -> Retrieval:
        return retriever.retrieve(query, ANSWER_HITS)

    def choose(retrieval: Retrieval) -> tuple[Retrieval, Evidence]:
        return retrieval, choose_quotes(weigh(retrieval, library.records, model), library)

    def compose(chosen: tuple[Retrieval, Evidence]) -> Worked:
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
