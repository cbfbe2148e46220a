"""Times without a word that joins them: "headache 3/52", "apixaban (last dose 36 h)"."""

import re
from collections.abc import Iterator

from assistant.language.elapsed.elapsed import Elapsed
from assistant.language.elapsed.lasting import find_symptom_after, read_lasting
from assistant.language.elapsed.note import Note
from assistant.language.elapsed.times import Time
from assistant.language.elapsed.wording import BESIDE, FARTHEST, LAST, PIECE, STOPPED

_OF_SYMPTOM = re.compile(
    r"[\s’'-]*(?P<of>(?:of|history(?:\s+of)?|h/o|hx(?:\s+of)?)(?!\w))?\s*", re.IGNORECASE
)
_POST = re.compile(
    r"(?<!\w)(?:post|s/p|status\s+post|after|since|following)[\s-]*(?:(?:the|an?|her|his|my)\s+)?$",
    re.IGNORECASE,
)


def read_beside(note: Note, time: Time) -> Iterator[Elapsed]:
    """The symptom has lasted so long, or the drug or procedure was so long ago."""
    beside = note.last_event(time.left, time.start)
    gap = note.text[note.events[beside].end : time.start] if beside is not None else ""
    link = _OF_SYMPTOM.match(note.text, time.end)
    assert link is not None
    symptom = find_symptom_after(note, time, link.end())
    alone = beside is None or beside in note.dated or PIECE.search(gap) is not None
    if symptom is not None and (link["of"] or alone):
        yield from read_lasting(note, time, symptom)
    elif beside is None:
        return
    elif beside in note.lasting:
        if BESIDE.fullmatch(gap) and not note.is_denied(beside):
            yield from read_lasting(note, time, beside)
    elif len(gap) <= FARTHEST:
        span = note.events[beside]
        lead = note.text[max(time.left, span.start - 24) : span.start]
        told = LAST.search(lead + gap) or STOPPED.search(gap)
        if told or (_POST.search(lead) and BESIDE.fullmatch(gap)):
            yield note.since(time, beside, ago=False)
