"""How long ago, how long after, for how long: each time of a text with the event it counts from.

A time is read by the words beside it ("ago", "after", "for", "since") and given to the event that
those words reach in its own sentence. Only a sentence that begins with a time looks back, and only
when the text has one event to look back to. What is unclear is left out.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from assistant.language.elapsed.after import find_link, read_after
from assistant.language.elapsed.ago import read_ago
from assistant.language.elapsed.beside import read_beside
from assistant.language.elapsed.days import read_day
from assistant.language.elapsed.elapsed import Elapsed
from assistant.language.elapsed.lasting import read_for
from assistant.language.elapsed.later import read_later, read_phrases
from assistant.language.elapsed.note import Note
from assistant.language.elapsed.times import Kind, Time, find_times
from assistant.language.elapsed.wording import AGO, FOR, SINCE
from assistant.spans import Span

_LASTING_NAMES = re.compile(
    r"(?<!\w)(?:head|HA|PDPH|SIH|pain|ache|neck|back|stiff|fever|febrile|pyrexia|vomit|nause|dizz"
    r"|vertigo|tinnitus|diplopia|vision|visual|photophobia|weak|numb|drows|confus|symptom|cough"
    r"|deafness|hearing|blurred|sick|tired|hurt|incontinen|retention|hypertension|migraine|leak)"
    r"|ache|aches|pain|algia",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\s*(?:later|afterwards?|after(?=\s*[,.;)]|\s*$)|on(?=\s*[,.;)]))\b", re.IGNORECASE
)
_BEFORE = re.compile(r"\s*(?:before|prior\s+to|pre|apart|between)\b", re.IGNORECASE)
_DURATION_AFTER = re.compile(r"[’']?\s*duration\b", re.IGNORECASE)
_GOES_ON = re.compile(r"\s+[^\W\d]")
_IN = re.compile(r"(?<!\w)(?:in|next|until|till|every|per|by|before)\s*$", re.IGNORECASE)
_RECENT = re.compile(r"(?:with)?in(?:\s+the)?\s+(?:last|past|previous|preceding)", re.IGNORECASE)
_NEXT = re.compile(r"within(?:\s+the)?\s+next", re.IGNORECASE)


def find_elapsed(
    text: str, events: Sequence[Span], lasting: Collection[int] | None = None
) -> tuple[Elapsed, ...]:
    """Every time of the text that can be given to one of the events, in the text's order.

    ``lasting`` are the indices of those that go on (symptoms) rather than happen (procedures,
    drugs); without it they are known by their names.
    """
    if lasting is None:
        lasting = {i for i, span in enumerate(events) if _LASTING_NAMES.search(span.of(text))}
    note = Note(text, tuple(events), frozenset(lasting))
    found = [elapsed for time in find_times(text) for elapsed in _read(note, time)]
    found.extend(read_phrases(note))
    return tuple(sorted(found, key=lambda e: (e.quantity.span, e.span, e.event)))


def _read(note: Note, time: Time) -> Iterator[Elapsed]:
    """What the time says, by the first way of saying it that fits."""
    before = note.text[time.left : time.lead]
    since = SINCE.search(before)
    if _NEXT.match(note.text, time.start):
        return
    if since and time.kind is Kind.DAY:
        yield from read_later(note, time)
        return
    if since or FOR.search(before) or _is_duration(note, time, before):
        if not (since and since["comma"] and _GOES_ON.match(note.text, time.end)):
            yield from read_for(note, time)
    elif _LATER.match(note.text, time.end):
        yield from read_later(note, time)
    elif (link := find_link(note, time)) is not None:
        yield from read_after(note, time, link)
    elif AGO.match(note.text, time.end) or _is_past(note, time):
        yield from read_ago(note, time)
    elif _BEFORE.match(note.text, time.end):
        return
    elif time.kind is Kind.DAY:
        yield from read_day(note, time)
    elif not time.listed and not _IN.search(before):
        yield from read_beside(note, time)


def _is_duration(note: Note, time: Time, before: str) -> bool:
    return before.rstrip().endswith("of") and bool(_DURATION_AFTER.match(note.text, time.end))


def _is_past(note: Note, time: Time) -> bool:
    return time.kind is Kind.PAST or _RECENT.match(note.text, time.start) is not None
