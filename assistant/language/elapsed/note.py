"""A text with its events: which stand where, which are denied, which are dated already."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.language.elapsed.elapsed import Elapsed, Timing
from assistant.language.elapsed.stated import is_stated
from assistant.language.elapsed.times import Time
from assistant.language.elapsed.wording import BEGAN, OPENING, PROCEDURE_NAMES
from assistant.spans import Span

_NO = re.compile(
    r"(?<!\w)(?:no|not|without|den(?:y|ies|ied)|never|nor|nil|hasn[’']t|haven[’']t)"
    r"(?:\s+(?!but\b)[^\W\d]+){0,2}\s*$",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\s+(?:for|under|with|during|in|and|&|\+)\s+(?:(?!no\b)[^\W\d][\w-]*\s+){0,2}", re.IGNORECASE
)


@dataclass(slots=True)
class Note:
    """``lasting`` are the events that go on, ``dated`` those that already have a time since them.

    ``order`` is that of the events in the text. ``begun`` is the end of the last time that told
    when a symptom began.
    """

    text: str
    events: tuple[Span, ...]
    lasting: frozenset[int]
    order: tuple[int, ...] = field(init=False)
    dated: set[int] = field(default_factory=set)
    begun: int = -1

    def __post_init__(self) -> None:
        self.order = tuple(sorted(range(len(self.events)), key=lambda i: self.events[i]))

    # Where the events stand.

    def last_event(self, start: int, end: int, lasting: bool | None = None) -> int | None:
        """The last event within, of that kind if one is given."""
        found = None
        for event in self.order:
            span = self.events[event]
            if start <= span.start and span.end <= end and lasting in (None, event in self.lasting):
                found = event
        return found

    def first_event(self, start: int, end: int) -> int | None:
        """The first event that begins within."""
        return next((i for i in self.order if start <= self.events[i].start < end), None)

    def only_event(self, position: int, names: re.Pattern[str] | None = None) -> int | None:
        """The nearest before ``position``, else the first, where all candidates have one name."""
        candidates = [
            i
            for i in self.order
            if i not in self.lasting
            and not self.is_denied(i)
            and (names is None or names.search(self.events[i].of(self.text)))
        ]
        if len({self.events[i].of(self.text).casefold() for i in candidates}) != 1:
            return None
        earlier = [i for i in candidates if self.events[i].end <= position]
        return earlier[-1] if earlier else candidates[0]

    def opens(self, time: Time) -> bool:
        """Whether the time begins its sentence, or only a symptom stands before it."""
        words = self.text[time.sentence.start : time.start]
        for symptom in self.lasting:
            span = self.events[symptom]
            if time.sentence.start <= span.start and span.end <= time.start:
                words = words.replace(span.of(self.text), " ")
        return OPENING.fullmatch(BEGAN.sub(" ", words)) is not None

    def is_denied(self, event: int) -> bool:
        """Whether it is said not to be: "no headache", "without LP"."""
        start = self.events[event].start
        return _NO.search(self.text, max(0, start - 40), start) is not None

    # What is read of them.

    def elapsed(self, time: Time, timing: Timing, event: int, *, ago: bool = False) -> Elapsed:
        """The time, given to the event."""
        span, other = time.quantity.span, self.events[event]
        return Elapsed(
            quantity=time.quantity,
            timing=timing,
            event=event,
            span=Span(min(span.start, other.start), max(span.end, other.end)),
            stated=is_stated(self.text, time, other, ago=ago),
        )

    def since(self, time: Time, event: int, *, ago: bool = True) -> Elapsed:
        """The time since the event, which so is dated."""
        self.dated.add(event)
        return self.elapsed(time, Timing.SINCE, event, ago=ago)

    def since_all(self, time: Time, event: int, *, ago: bool) -> Iterator[Elapsed]:
        """The event, and the procedures done together with it: "spinal for section"."""
        place = self.order.index(event)
        together = [event]
        for step in (-1, 1):
            at = place
            while 0 <= at + step < len(self.order) and self._go_together(at, at + step):
                at += step
                together.append(self.order[at])
        for one in together:
            yield self.since(time, one, ago=ago)

    def _go_together(self, place: int, other: int) -> bool:
        first, second = (self.order[i] for i in sorted((place, other)))
        both = all(
            PROCEDURE_NAMES.search(self.events[i].of(self.text)) and i not in self.lasting
            for i in (first, second)
        )
        start, end = self.events[first].end, self.events[second].start
        new = self.order[other] not in self.dated and not self.is_denied(self.order[other])
        return both and new and _TOGETHER.fullmatch(self.text, start, end) is not None
