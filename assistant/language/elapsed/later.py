"""What began after an event by an interval: "3 days later", "the next day", "immediately after"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.language.elapsed.after import find_event_after, find_link
from assistant.language.elapsed.elapsed import Elapsed, Timing
from assistant.language.elapsed.note import Note
from assistant.language.elapsed.times import Kind, Time, find_sentence
from assistant.language.elapsed.wording import PROCEDURE_NAMES
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span

_PHRASE = re.compile(
    r"(?<!\w)(?:(?P<at_once>immediately|straight|right|directly|instantly)"
    r"(?=\s+(?:after|following|post)\b)"
    r"|(?P<next_day>(?:the\s+)?(?:next|following)\s+(?:day|morning)))(?!\w)",
    re.IGNORECASE,
)


def read_later(note: Note, time: Time) -> Iterator[Elapsed]:
    """ "3 days later": the symptom beside it began so long after the event before."""
    symptom = note.last_event(time.left, time.start, lasting=True)
    if symptom is None:
        symptom = note.first_event(time.end, time.right)
    if symptom is None or symptom not in note.lasting or note.is_denied(symptom):
        return
    event = note.last_event(time.sentence.start, time.start, lasting=False)
    if event is None and (time.kind is Kind.DAY or note.opens(time)):
        event = note.only_event(time.sentence.start, PROCEDURE_NAMES)
    if event is not None:
        yield note.elapsed(time, Timing.ONSET, event)


def read_phrases(note: Note) -> Iterator[Elapsed]:
    """ "Immediately after": within an hour; "the next day": 24 h later."""
    for found in _PHRASE.finditer(note.text):
        time = _time_of(note.text, found)
        if found["next_day"]:
            yield from read_later(note, time)
            continue
        link = find_link(note, time)
        event = find_event_after(note, time, link) if link is not None else None
        symptoms = any(
            time.sentence.contains(note.events[i]) and not note.is_denied(i) for i in note.lasting
        )
        if event is not None and event not in note.lasting and symptoms:
            yield note.elapsed(time, Timing.ONSET, event)


def _time_of(text: str, found: re.Match[str]) -> Time:
    span = Span(*found.span())
    sentence = find_sentence(text, span)
    quantity = Quantity.closed(span, Measure.DURATION, 24.0, 24.0, found[0])
    if found["at_once"]:
        quantity = replace(quantity, low=0.0, high=1.0, high_open=True)
    return Time(
        quantity, Kind.LENGTH, sentence, sentence.start, sentence.end, span.start, listed=False
    )
