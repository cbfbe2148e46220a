"""Where a list of denials ends: "no visual loss, fundi normal, improving"."""

import re
from collections.abc import Iterator, Sequence

from assistant.language.assertion import Assertion, Reading
from assistant.language.mentions import Mention
from assistant.spans import Span

_OWN_DENIAL = re.compile(r"(?:no|not|without|never)\s+", re.IGNORECASE)


def settle_lists(
    text: str, mentions: Sequence[Mention], readings: Sequence[Reading]
) -> Iterator[Assertion]:
    """The assertion of each mention, lists of denials ended where they end.

    "No visual loss, fundi normal, improving": a name that itself says that something is not so is
    denied only by the word just before it, and the denials of a list do not reach past it.
    """
    ended: list[tuple[int, int]] = []
    starts = sorted(mention.span.start for mention in mentions)
    for mention, reading in zip(mentions, readings, strict=False):
        assertion = reading.assertion
        own = without_denial(text, mention) != mention.span
        if assertion is Assertion.ABSENT and own:
            assertion = Assertion.PRESENT
        elif assertion is Assertion.ABSENT and not mention.so:
            near = any(_is_just_before(text, cue, mention.span) for cue in reading.cues)
            if not near:
                assertion = Assertion.PRESENT
                ended += [(cue.start, mention.span.end) for cue in reading.cues]
        elif assertion is Assertion.ABSENT:
            before = [cue for cue in reading.cues if cue.end <= mention.span.start]
            past = {cue.start for cue in before}
            if any(start in past and end <= mention.span.start for start, end in ended) or any(
                _stops_at_comma(text, cue, mention.span, starts) for cue in before
            ):
                assertion = Assertion.PRESENT
        yield assertion


def without_denial(text: str, mention: Mention) -> Span:
    """The rest of a name such as "no postural component", whose "no" may deny more after it."""
    found = _OWN_DENIAL.match(text, mention.span.start, mention.span.end)
    if mention.so or found is None or found.end() >= mention.span.end:
        return mention.span
    return Span(found.end(), mention.span.end)


def _stops_at_comma(text: str, cue: Span, mention: Span, starts: Sequence[int]) -> bool:
    """Whether "not", said of a word that is no finding, ends at the comma: "not eating, drowsy"."""
    comma = text.find(",", cue.end, mention.start)
    if cue.of(text).casefold() != "not" or comma < 0:
        return False
    return not any(cue.end <= start < comma for start in starts)


def _is_just_before(text: str, cue: Span, mention: Span) -> bool:
    between = text[cue.end : mention.start]
    return cue.end <= mention.start and len(between.split()) <= 1 and "," not in between
