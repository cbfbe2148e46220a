"""Documents that are no longer quoted though the library keeps them, and back again.

It is said of the document's id: reading the same or a newer file again does not undo it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from assistant.errors import UnknownDocumentError
from assistant.retrieval.records import Generation, Withdrawal
from assistant.retrieval.store import Store


def withdraw_documents(
    store: Store, doc_ids: Sequence[str], on: date, reason: str | None = None
) -> Generation:
    """Withdraw documents, in one switch. What was withdrawn before keeps its day and reason unless
    another reason is given. Raises UnknownDocumentError, having withdrawn nothing."""
    generation = store.current()
    held = {r.doc_id for s in generation.segments for r in store.read_records(s)}
    _refuse_unknown(doc_ids, held, "withdrawn", "'library list' shows what it has")

    def change(withdrawn: Mapping[str, Withdrawal]) -> dict[str, Withdrawal]:
        said = Withdrawal(on.isoformat(), reason)
        new = {i: said for i in doc_ids if reason is not None or i not in withdrawn}
        return {**withdrawn, **new}

    return store.mark(change)


def restore_documents(store: Store, doc_ids: Sequence[str]) -> Generation:
    """Undo a withdrawal, in one switch. Raises UnknownDocumentError, having restored nothing."""
    withdrawn = store.current().withdrawn.keys()
    _refuse_unknown(
        doc_ids,
        withdrawn,
        "restored",
        "what its own file withdraws is restored by changing the file and reading it again",
    )
    return store.mark(lambda held: {i: w for i, w in held.items() if i not in doc_ids})


def _refuse_unknown(doc_ids: Sequence[str], known: Collection[str], done: str, advice: str) -> None:
    unknown = sorted(i for i in doc_ids if i not in known)
    if unknown:
        named = ", ".join(map(repr, unknown))
        what = "no document" if done == "withdrawn" else "no withdrawal of"
        raise UnknownDocumentError(f"The library has {what} {named}; nothing was {done}: {advice}.")
