"""What each statement of a digest must be: sourced, whole when quoted alone, and honest."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.document import Document
from assistant.documents.passages import Statement
from assistant.documents.sources import Source, SourceStatus

MOST_WORDS = 60

_DANGLING = re.compile(
    r"(?:[Tt]h(?:is|ese|ose|at|ey|eir)|[Ii]ts?|[Ss](?:uch|he)|[Hh](?:e|er|is)"
    r"|[Tt]he (?:above|same|former|latter))\b(?! library)"
)
_SAYS_SO = re.compile(
    r"unconfirmed|unreviewed|disputed|draft rule|not covered|not yet reviewed|unresolved"
    r"|own extrapolation|not seen for this library|sources? in this library"
    r"|meaning in this library|this library (?:lists|treats|uses|writes)",
    re.IGNORECASE,
)
# Arithmetic needs no source: "60 mm CSF equals 6 cm H2O".
_CONVERSION = re.compile(r"\d \w+ .{0,10}\bequals \d")
_CALLS_ITSELF_UNCONFIRMED = "Unconfirmed:"


@dataclass(frozen=True, slots=True)
class _Population:
    """A group that figures must not be carried over from unsaid.

    ``studied`` marks a source about it, ``named`` a statement or document that says so.
    """

    name: str
    studied: re.Pattern[str]
    named: re.Pattern[str]


_CHILD = r"child(?!birth)|paediatric|infant|adolescen"
_POPULATIONS = (
    _Population(
        "children",
        re.compile(rf"{_CHILD}|\bto 1[0-8] years", re.IGNORECASE),
        re.compile(rf"{_CHILD}|\bto 1[0-8] years", re.IGNORECASE),
    ),
    _Population(
        "obstetric patients",
        re.compile(r"obstetric|pregnan|childbirth|labour|maternal", re.IGNORECASE),
        re.compile(
            r"obstetric|pregnan|post-?partum|labour|matern|wom[ae]n|childbirth|deliver(?:y|ies)"
            r"|caesarean|breastfe|epidural needle",
            re.IGNORECASE,
        ),
    ),
    _Population(
        "spontaneous intracranial hypotension",
        re.compile(r"spontaneous intracranial hypotension", re.IGNORECASE),
        re.compile(r"spontaneous|\bSIH\b", re.IGNORECASE),
    ),
)
_MIXED = re.compile(r"\b(?:adults|any|mixed|including|without)\b", re.IGNORECASE)
# A document that covers a group "where stated" leaves it to each statement to say so.
_LEFT_TO_STATEMENTS = re.compile(r"[^;,(]*\b(?:where stated|most(?:ly)?\b[^;,)]*)", re.IGNORECASE)


def check_wording(words: str, statement: Statement) -> Iterator[str]:
    """Sourced, understandable alone, and short."""
    if not statement.sources:
        yield "the statement has no source"
    if dangling := _DANGLING.match(words.lstrip("«“\"'( ")):
        yield f"the statement starts with '{dangling[0]}', which means nothing when quoted alone"
    if (count := len(words.split())) > MOST_WORDS:
        yield f"the statement has {count} words, more than {MOST_WORDS}"


def check_status(words: str, cited: Sequence[Source]) -> Iterator[str]:
    """What no source confirms says so, and nothing else does."""
    unconfirmed = [source.status is SourceStatus.UNCONFIRMED for source in cited]
    says_so = _SAYS_SO.search(words) or _CONVERSION.search(words)
    if unconfirmed and all(unconfirmed) and not says_so:
        yield "the statement has only unconfirmed sources and does not say so"
    if _CALLS_ITSELF_UNCONFIRMED in words and unconfirmed and not any(unconfirmed):
        yield "the statement calls itself unconfirmed, but its sources are not"


def check_population(words: str, cited: Sequence[Source], document: Document) -> Iterator[str]:
    """Figures of one group name it, unless the document is about that group."""
    studied = cited[0].population if len(cited) == 1 else None
    if studied is None or _MIXED.search(studied):
        return
    covered = _LEFT_TO_STATEMENTS.sub("", document.description.population or "")
    for population in _POPULATIONS:
        if population.studied.search(studied) and not (
            population.named.search(words) or population.named.search(covered)
        ):
            yield f"the statement does not say that its source is about {population.name} only"
