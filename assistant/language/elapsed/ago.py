"""Times before now: "3 days ago", "yesterday", each given to the event that it is nearest to."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.language.elapsed.after import find_event_after
from assistant.language.elapsed.elapsed import Elapsed, Timing
from assistant.language.elapsed.note import Note
from assistant.language.elapsed.times import Time
from assistant.language.elapsed.wording import (
    AGO,
    BEGAN,
    GONE,
    LAST,
    OPENING,
    PIECE,
    STARTED,
    find_last,
)
from assistant.spans import Span

_AFTER_EVENT = re.compile(r"[\s,]*(?:(?:just|shortly|soon)\s+)?(?:after|following|post)\s+", re.I)
# What may stand between a comma and the time of an event before the comma.
_OWN_WORDS = re.compile(
    r"(?:\s|[,:()#-]|[–—]|[\d.]+\s?(?:mg|g|ml|G|units?)?(?!\w)|(?<!\w)(?:last|latest|most\s+recent|final|one"
    r"|dose|doses|tablet|injection|given|taken|took|had|administered|received|stopped|held|withheld"
    r"|omitted|ceased|done|performed|attempted|abandoned|inserted|sited|placed|removed|pulled|repeated"
    r"|started|start|begun|was|is|were|at|on|of|the|it|this|that|which|she|he|I|we|in|about|both|sc"
    r"|po|iv|od|bd|now|then|and|been|has|have|began|onset|came|developed|first|noticed|suddenly)(?!\w))*",
    re.IGNORECASE,
)
_DEAREST = 140


def read_ago(note: Note, time: Time) -> Iterator[Elapsed]:
    """The event happened so long ago, the symptom began, or the drug was started."""
    choices = [
        (cost, event)
        for event in note.order
        if (cost := _cost(note, time, event)) is not None and cost <= _DEAREST
    ]
    event = min(choices)[1] if choices else None
    if event is None and note.opens(time):
        event = note.only_event(time.sentence.start)
    if event is None:
        return
    if event in note.lasting or _is_started(note, time, event):
        note.begun = time.end
        yield note.elapsed(time, Timing.LASTING, event, ago=True)
        yield from _since_later(note, time, event)
    else:
        yield from note.since_all(time, event, ago=True)


def _since_later(note: Note, time: Time, symptom: int) -> Iterator[Elapsed]:
    """ "Headache began 2 weeks ago after an LP": the LP is no less long ago."""
    ago = AGO.match(note.text, time.end)
    link = _AFTER_EVENT.match(note.text, ago.end() if ago else time.end)
    event = find_event_after(note, time, link.end()) if link and symptom in note.lasting else None
    if event is not None and event not in note.lasting and time.quantity.low is not None:
        least = replace(time.quantity, high=None, high_open=False)
        yield note.since(replace(time, quantity=least), event)


def _cost(note: Note, time: Time, event: int) -> float | None:
    """How far the event is from a time before now; None where it cannot belong to it."""
    span = note.events[event]
    if event in note.dated or note.is_denied(event) or not time.sentence.contains(span):
        return None
    if span.end <= time.start:
        gap, away = note.text[span.end : time.start], 0.0
        breaks = find_last(PIECE, gap, 0, len(gap))
        if breaks and not _OWN_WORDS.fullmatch(gap, breaks.end()):
            return None
    elif span.start >= time.end:
        gap, away = note.text[time.end : span.start], 12.0
        breaks = find_last(PIECE, note.text, time.left, time.start)
        if not OPENING.fullmatch(note.text, breaks.end() if breaks else time.left, time.start):
            return None
    else:
        return None
    if event in note.lasting and (not _has_begun(note, time, event) or GONE.search(gap)):
        return None
    crossed = sum(
        1
        for other in _neighbours(note, time)
        if min(span.end, time.end) <= other.start and other.end <= max(span.start, time.start)
    )
    commas = len(PIECE.findall(gap))
    return len(gap) + away + (15 if away == 0 else 25) * commas + 60.0 * crossed


def _neighbours(note: Note, time: Time) -> Iterator[Span]:
    """The other times of the same sentence that stand next to it."""
    if time.left > time.sentence.start:
        yield Span(time.left - 1, time.left)
    if time.right < time.sentence.end:
        yield Span(time.right, time.right + 1)


def _has_begun(note: Note, time: Time, event: int) -> bool:
    """Whether a symptom is said to have begun: "headache started ...", "developed headache"."""
    span = note.events[event]
    lead = max(time.sentence.start, span.start - 24)
    if span.end <= time.start:
        between = BEGAN.search(note.text, span.end, time.start)
    else:
        between = BEGAN.search(note.text, time.end, min(time.right, span.end + 16))
    return between is not None or BEGAN.search(note.text, lead, span.start) is not None


def _is_started(note: Note, time: Time, event: int) -> bool:
    """Whether it is a drug's start that the time tells, not its last dose."""
    span = note.events[event]
    start = max(time.left, span.start - 16)
    end = max(time.start, span.start)
    words = note.text[start : span.start] + " " + note.text[span.end : end]
    return STARTED.search(words) is not None and LAST.search(words) is None
