"""What has lasted so long: "headache for 3 weeks", "3 weeks of headache", "held for 3 days"."""

import re
from collections.abc import Iterator

from assistant.language.elapsed.elapsed import Elapsed, Timing
from assistant.language.elapsed.note import Note
from assistant.language.elapsed.times import Time
from assistant.language.elapsed.wording import (
    ADVERBS,
    BESIDE,
    FOR,
    GONE,
    SINCE,
    STARTED,
    STOPPED,
    TURNS,
)

_PERSISTED = re.compile(r"(?<!\w)(?:last(?:ed|s)|persist\w*|continu\w*)(?!\w)", re.IGNORECASE)
_SINCE_EVENT = re.compile(
    r"\s*,?\s*(?:ever\s+)?since\s+(?:(?:the|an?|her|his|my|having)\s+)*", re.IGNORECASE
)
_RELIEVED = re.compile(r"(?<!\w)(?:reliev|help|cur(?:ed|es)|treat|abolish|free)\w*", re.IGNORECASE)
_TO_SYMPTOM = re.compile(rf"{ADVERBS}{{0,5}}")
_JOINED = re.compile(r"\s*(?:and|&|\+|with)\s+", re.IGNORECASE)


def read_for(note: Note, time: Time) -> Iterator[Elapsed]:
    """ "For 3 weeks", "since yesterday": of a symptom, else of a drug taken or stopped."""
    symptom = _find_symptom_before(note, time)
    if symptom is None:
        symptom = find_symptom_after(note, time, time.end)
    if symptom is not None:
        yield from read_lasting(note, time, symptom)
        return
    event = note.last_event(time.left, time.start)
    if event is None or event in note.lasting:
        return
    span = note.events[event]
    gap = FOR.sub("", SINCE.sub("", note.text[span.end : time.start]))
    lead = note.text[max(time.left, span.start - 16) : span.start]
    if STOPPED.search(gap) or STOPPED.search(lead) or note.is_denied(event):
        yield note.since(time, event)
    elif BESIDE.fullmatch(gap) or STARTED.search(gap):
        yield note.elapsed(time, Timing.LASTING, event)


def _find_symptom_before(note: Note, time: Time) -> int | None:
    symptom = note.last_event(time.left, time.start, lasting=True)
    if symptom is None and _PERSISTED.search(note.text, time.left, time.start):
        symptom = note.last_event(time.sentence.start, time.start, lasting=True)
    if symptom is None or note.is_denied(symptom):
        return None
    span = note.events[symptom]
    gone = GONE.search(note.text, span.end, time.start) or _RELIEVED.search(
        note.text, max(0, span.start - 24), span.start
    )
    return None if gone else symptom


def find_symptom_after(note: Note, time: Time, position: int) -> int | None:
    """The symptom that a time leads up to: "3 weeks of daily headache"."""
    symptom = note.first_event(position, time.right)
    if symptom not in note.lasting or symptom is None:
        return None
    words = note.text[position : note.events[symptom].start]
    leads = _TO_SYMPTOM.fullmatch(words) and not TURNS.search(words)
    return None if not leads or note.is_denied(symptom) else symptom


def read_lasting(note: Note, time: Time, symptom: int) -> Iterator[Elapsed]:
    """The symptom has lasted so long, and so has what stands beside it; "since" dates more."""
    place = note.order.index(symptom)
    chain = [symptom]
    while (
        place > 0
        and note.order[place - 1] in note.lasting
        and note.events[symptom].end <= time.start
        and _JOINED.fullmatch(
            note.text,
            note.events[note.order[place - 1]].end,
            note.events[note.order[place]].start,
        )
    ):
        place -= 1
        chain.append(note.order[place])
    for event in chain:
        if not note.is_denied(event):
            yield note.elapsed(time, Timing.LASTING, event)
    since = _SINCE_EVENT.match(note.text, max(time.end, note.events[symptom].end))
    if since is not None:
        dated = note.first_event(since.end(), min(time.right, since.end() + 1))
        if dated is not None and dated not in note.lasting:
            yield note.since(time, dated)
