"""Times joined to what follows: "3 days after LP", "within 24 h of the puncture"."""

import re
from collections.abc import Iterator

from assistant.language.elapsed.days import read_day
from assistant.language.elapsed.elapsed import Elapsed, Timing
from assistant.language.elapsed.note import Note
from assistant.language.elapsed.stated import is_stated
from assistant.language.elapsed.times import Kind, Time
from assistant.language.elapsed.wording import (
    ADVERBS,
    BEGAN,
    FARTHEST,
    GONE,
    OF,
    PROCEDURE_NAMES,
    TURNS,
    find_last,
)

_AFTER = re.compile(
    r"[\s’'–-]*(?:(?:later\s+than|out\s+from|down\s+the\s+line\s+from|status\s+post|s/p|after|post"
    r"|since|following|from|past|off)(?![\w’'])|p(?=\s))[\s-]*",
    re.IGNORECASE,
)
_PROCEDURE_AFTER = re.compile(
    r"\s*(?:(?:the|this|that|her|his|my)\s+)?(?:procedure|puncture|operation|op|surgery|injection"
    r"|block|event|it|this|that)\b",
    re.IGNORECASE,
)
_TO_EVENT = re.compile(rf"(?:{ADVERBS}|[\s-]){{0,8}}")
_BESIDE_DONE = re.compile(r"\s*(?:(?:was|is|done|performed|given|at|on)\s+){0,2}", re.IGNORECASE)
_OTHER_EVENT = re.compile(
    r"(?<!\w)(?:discharged|(?:sent|went)\s+home|MRI|CT|scan(?:ned)?|imag(?:ed|ing)|repeated|patched"
    r"|operated|removed|died)\s*$",
    re.IGNORECASE,
)
_AND_THAT = re.compile(r"\s*(?:ago|back)?[\s,–—(-]*", re.IGNORECASE)


def find_link(note: Note, time: Time) -> int | None:
    """Where the words end that join the time to what it follows: "after", "within ... of"."""
    within = note.text[time.start : time.end].lower().startswith("within")
    link = _AFTER.match(note.text, time.end, time.sentence.end) or (
        OF.match(note.text, time.end) if within else None
    )
    return link.end() if link else None


def read_after(note: Note, time: Time, link: int) -> Iterator[Elapsed]:
    """The event after ``link`` is so long ago, or a symptom began so long after it."""
    event = find_event_after(note, time, link)
    if event is None:
        if _PROCEDURE_AFTER.match(note.text, link):
            event = note.only_event(time.start, PROCEDURE_NAMES)
        elif time.kind is Kind.DAY:
            yield from read_day(note, time)
    if event is None:
        return
    neighbour = note.last_event(time.left, time.start)
    stands = neighbour is not None and _BESIDE_DONE.fullmatch(
        note.text, note.events[neighbour].end, time.start
    )
    interval = bool(stands) and neighbour not in note.lasting and neighbour not in note.dated
    interval = interval or _OTHER_EVENT.search(note.text, time.left, time.start) is not None
    if interval and is_stated(note.text, time, note.events[event], ago=False):
        return
    if event in note.lasting:
        if not GONE.match(note.text[note.events[event].end :].lstrip()):
            yield note.elapsed(time, Timing.LASTING, event)
        return
    began = find_last(BEGAN, note.text, time.left, time.start)
    if began is not None and neighbour is not None and neighbour not in note.lasting:
        return
    begun = note.begun == time.left and _AND_THAT.fullmatch(note.text, time.left, time.start)
    if began is not None or begun or _begins_after(note, time, event):
        yield note.elapsed(time, Timing.ONSET, event)
    else:
        yield from note.since_all(time, event, ago=False)


def find_event_after(note: Note, time: Time, link: int) -> int | None:
    """The first event after ``link``, where only its own words stand between."""
    for event in note.order:
        span = note.events[event]
        if span.start < time.start or span.end <= link:
            continue
        if span.start > min(time.right, link + FARTHEST):
            return None
        words = note.text[link : span.start] if span.start > link else ""
        return event if _TO_EVENT.fullmatch(words) and not TURNS.search(words) else None
    return None


def _begins_after(note: Note, time: Time, event: int) -> bool:
    """Whether a symptom is said to begin after the event: "12 h after LP she developed ..."."""
    start = note.events[event].end
    end = min(time.right, start + 40)
    began = BEGAN.search(note.text, start, end)
    return began is not None and any(
        start <= note.events[symptom].start < time.right for symptom in note.lasting
    )
