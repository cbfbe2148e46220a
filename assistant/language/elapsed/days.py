"""Numbered days, counted from a procedure or a birth: "POD 3", "postpartum day 4"."""

import re
from collections.abc import Iterator

from assistant.language.elapsed.elapsed import Elapsed, Timing
from assistant.language.elapsed.lasting import find_symptom_after
from assistant.language.elapsed.note import Note
from assistant.language.elapsed.times import Time
from assistant.language.elapsed.wording import (
    BEGAN,
    BESIDE,
    GONE,
    OF,
    PROCEDURE_NAMES,
    find_last,
)
from assistant.spans import Span

_POST_OP = re.compile(r"post[\s-]?(?:op\w*|proc\w*|partum|natal|deliver\w*)?", re.IGNORECASE)
_POST_OP_SAID = re.compile(r"POD|post", re.IGNORECASE)
_BIRTH = re.compile(r"PPD|PND|partum|natal|deliver", re.IGNORECASE)
_BIRTH_NAMES = re.compile(
    r"deliver|birth|section|caesar|cesar|LSCS|partum|labour|labor|(?<!\w)C/?S(?!\w)", re.IGNORECASE
)
_IN_LABOUR = re.compile(
    r"\s+(?:in|for|during)\s+(?:labou?r|delivery|(?:LS)?CS\b|(?:c(?:a?esarean)?[\s-]?)?section|birth)",
    re.IGNORECASE,
)
_DONE_THEN = re.compile(
    r"(?:discharged?|home|restart\w*|re-?start\w*|resum\w*|remov\w*|transfus\w*|mobilis\w*|mobiliz\w*"
    r"|extubat\w*|stopped|given|switched)\b[^.;,\n]{0,30}?\bon\s*$",
    re.IGNORECASE,
)


def read_day(note: Note, time: Time) -> Iterator[Elapsed]:
    """The event is so many days ago, or a symptom began on that day.

    What was done "on day 3" tells nothing of now.
    """
    if _DONE_THEN.search(note.text, max(time.left, time.start - 60), time.start):
        return
    if of := OF.match(note.text, time.end):
        symptom = find_symptom_after(note, time, of.end())
        if symptom is not None:
            yield note.elapsed(time, Timing.LASTING, symptom)
        return
    event = _find_event_of_day(note, time)
    if event is not None:
        began = find_last(BEGAN, note.text, time.left, time.start)
        symptom = began and note.last_event(began.end(), time.start, lasting=True)
        if symptom is not None:
            yield note.elapsed(time, Timing.ONSET, event)
        else:
            yield note.since(time, event, ago=False)


def _find_event_of_day(note: Note, time: Time) -> int | None:
    """The event that a numbered day counts from, where nothing beside it says."""
    said = note.text[time.start : time.end]
    after = _POST_OP.match(note.text[time.end : time.sentence.end].lstrip(" -"))
    said += " " + after[0] if after else ""
    end = time.end + (after.end() + 1 if after else 0)
    for event in note.order:
        if note.events[event].overlaps(Span(time.start, end)) and event not in note.lasting:
            return event
    if _BIRTH.search(said):
        birth = note.only_event(time.start, _BIRTH_NAMES)
        return _find_done_in_labour(note) if birth is None else birth
    beside = note.last_event(time.left, time.start)
    if beside in note.lasting and beside is not None and not _POST_OP_SAID.search(said):
        gap = note.text[note.events[beside].end : time.start]
        if BESIDE.fullmatch(gap.removesuffix("on ")) or GONE.search(gap):
            return None
    return note.only_event(time.start, PROCEDURE_NAMES)


def _find_done_in_labour(note: Note) -> int | None:
    """The procedure that is told to have been done at birth, where it is the only one."""
    done = [
        i
        for i in note.order
        if _IN_LABOUR.match(note.text, note.events[i].end) and i not in note.lasting
    ]
    return done[0] if len(done) == 1 else None
