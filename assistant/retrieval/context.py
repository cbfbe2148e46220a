"""What a passage stands under: its title and headings, embedded apart from what is quoted."""

from collections.abc import Iterable, Sequence

from assistant.documents.passages import Passage

CONTEXT_VERSION = "1"


def context_text(title: str, headings: Sequence[str]) -> str:
    """ "Title, Heading, Subheading"."""
    return ", ".join(part for part in (title, *headings) if part)


def list_contexts(passages: Iterable[Passage]) -> list[tuple[str, ...]]:
    """The heading paths of one document's passages, each once, in order; the bare title first."""
    return list(dict.fromkeys([(), *(passage.headings for passage in passages)]))


def mean_section_length(passages: Sequence[Passage]) -> float:
    """Characters per section of one document: small in a headed guideline, large in an article."""
    sections = {passage.headings for passage in passages}
    return sum(len(passage.text) for passage in passages) / max(1, len(sections))


def question_texts(passages: Iterable[Passage]) -> list[str]:
    """The questions that the passages' statements are said to answer, in order."""
    return [ask for p in passages for statement in p.statements for ask in statement.asks]


def statement_texts(passage: Passage) -> list[str]:
    """The passage's statements, as quoted."""
    start = passage.span.start
    return [passage.text[s.span.start - start : s.span.end - start] for s in passage.statements]
