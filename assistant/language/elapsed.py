"""How long ago, how long after, for how long: each time of a text with the event it counts from.

A time is read by the words beside it ("ago", "after", "for", "since") and given to the event that
those words reach in its own sentence. Only a sentence that begins with a time looks back, and only
when the text has one event to look back to. What is unclear is left out.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.language.quantities import (
    Measure,
    Quantity,
    find_days,
    find_moments,
    find_quantities,
)
from assistant.spans import Span


class Timing(StrEnum):
    """What the time says of its event."""

    SINCE = "since"
    """The event happened, or the drug was last given, so long before now."""
    ONSET = "onset"
    """The symptom began so long after the event."""
    LASTING = "lasting"
    """The symptom has lasted, or the drug been taken, for so long."""


@dataclass(frozen=True, slots=True)
class Elapsed:
    """One time and its event, an index into the events given.

    ``span`` covers both. ``stated`` is False where the words only ask, suppose, plan or advise.
    """

    quantity: Quantity
    timing: Timing
    event: int
    span: Span
    stated: bool


_BREAK = re.compile(r"(?<!approx)(?<!\bhrs)(?<!\bvs)(?<!\bwks)[.!?]+(?=\s|$)|[;\n]", re.IGNORECASE)
_LASTING_NAMES = re.compile(
    r"(?<!\w)(?:head|HA|PDPH|SIH|pain|ache|neck|back|stiff|fever|febrile|pyrexia|vomit|nause|dizz"
    r"|vertigo|tinnitus|diplopia|vision|visual|photophobia|weak|numb|drows|confus|symptom|cough"
    r"|deafness|hearing|blurred|sick|tired|hurt|incontinen|retention|hypertension|migraine|leak)"
    r"|ache|aches|pain|algia",
    re.IGNORECASE,
)
_PROCEDURE_NAMES = re.compile(
    r"(?<!\w)(?:LP|spinal|epidural|EBP|blood\s*patch|patch|wet\s+tap|tap|dural|puncture|C/?S|LSCS|CSE"
    r"|SVD|forceps|op|operation|surgery|caesar|cesar|deliver|birth|labour|labor|block|anaesth|anesth|injection"
    r"|drain|catheter|fusion|procedure|myelogra)|(?:ectomy|otomy|plasty|scopy|section|graphy)\b",
    re.IGNORECASE,
)

# The words after a time.
_AFTER = re.compile(
    r"[\s’'–-]*(?:(?:later\s+than|out\s+from|down\s+the\s+line\s+from|status\s+post|s/p|after|post"
    r"|since|following|from|past|off)(?![\w’'])|p(?=\s))[\s-]*",
    re.IGNORECASE,
)
_OF = re.compile(r"\s*(?:of|from)\b\s*", re.IGNORECASE)
_LATER = re.compile(
    r"\s*(?:later|afterwards?|after(?=\s*[,.;)]|\s*$)|on(?=\s*[,.;)]))\b", re.IGNORECASE
)
_AGO = re.compile(
    r"\s*(?:ago|back|previously|earlier|prior(?!\s+to)|beforehand|before(?=\s*(?:[,.;:)]|$)))(?!\w)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\s*(?:before|prior\s+to|pre|apart|between)\b", re.IGNORECASE)
_OF_SYMPTOM = re.compile(
    r"[\s’'-]*(?P<of>(?:of|history(?:\s+of)?|h/o|hx(?:\s+of)?)(?!\w))?\s*", re.IGNORECASE
)
_PROCEDURE_AFTER = re.compile(
    r"\s*(?:(?:the|this|that|her|his|my)\s+)?(?:procedure|puncture|operation|op|surgery|injection"
    r"|block|event|it|this|that)\b",
    re.IGNORECASE,
)
_DURATION_AFTER = re.compile(r"[’']?\s*duration\b", re.IGNORECASE)

# The words before a time.
_FOR = re.compile(
    r"(?<!\w)(?:for|last(?:ing|ed|s)?|persist\w*|continu\w*|ongoing|x|×)"
    r"(?:\s+(?:for|about|now|beyond))?(?:\s+the)?(?:\s+(?:last|past))?\s*$",
    re.IGNORECASE,
)
_SINCE = re.compile(r"(?P<comma>,\s*)?(?<!\w)since\s*$", re.IGNORECASE)
_PERSISTED = re.compile(r"(?<!\w)(?:last(?:ed|s)|persist\w*|continu\w*)(?!\w)", re.IGNORECASE)
_SINCE_EVENT = re.compile(
    r"\s*,?\s*(?:ever\s+)?since\s+(?:(?:the|an?|her|his|my|having)\s+)*", re.IGNORECASE
)
_GOES_ON = re.compile(r"\s+[^\W\d]")
_IN = re.compile(r"(?<!\w)(?:in|next|until|till|every|per|by|before)\s*$", re.IGNORECASE)
_RECENT = re.compile(r"(?:with)?in(?:\s+the)?\s+(?:last|past|previous|preceding)", re.IGNORECASE)
_NEXT = re.compile(r"within(?:\s+the)?\s+next", re.IGNORECASE)
_LAST = re.compile(r"(?<!\w)last(?!\w)", re.IGNORECASE)
_POST = re.compile(
    r"(?<!\w)(?:post|s/p|status\s+post|after|since|following)[\s-]*(?:(?:the|an?|her|his|my)\s+)?$",
    re.IGNORECASE,
)

# The words about what happened.
_BEGAN = re.compile(
    r"(?<!\w)(?:start(?:ed|ing|s)?|beg[aiu]n\w*|c[ao]m(?:e|es|ing)\s+on|develop\w*|onset|appear\w*"
    r"|noticed|arose|occurr\w*|set\s+in|commenced|first)(?!\w)",
    re.IGNORECASE,
)
_STARTED = re.compile(r"(?<!\w)(?:start(?:ed)?|beg[au]n|commenced|initiated)(?!\w)", re.IGNORECASE)
_STOPPED = re.compile(
    r"(?<!\w)(?:stopped|held|withheld|off|omitted|paused|ceased|discontinued|last|not\s+had)(?!\w)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"(?<!\w)(?:resolved|gone|went|settled|stopped|free|better|cleared|recovered|disappeared|reliev\w*|eased)(?!\w)",
    re.IGNORECASE,
)
_RELIEVED = re.compile(r"(?<!\w)(?:reliev|help|cur(?:ed|es)|treat|abolish|free)\w*", re.IGNORECASE)
_NO = re.compile(
    r"(?<!\w)(?:no|not|without|den(?:y|ies|ied)|never|nor|nil|hasn[’']t|haven[’']t)"
    r"(?:\s+(?!but\b)[^\W\d]+){0,2}\s*$",
    re.IGNORECASE,
)

# The words that make it no statement.
_SUPPOSED = re.compile(
    r"(?<!\w)(?:if|unless|whether|suppos\w*|assuming|in\s+case|planned|booked|scheduled|due|listed"
    r"|list|slot|until|till)(?!\w)",
    re.IGNORECASE,
)
_ADVISED = re.compile(
    r"(?<!\w)(?:should|shall|must|ought|needs?\s+to|wait\w*|leave|allow|delay|defer|hold|avoid|keep"
    r"|lie\s+flat|recommend\w*|advis\w*|suggest\w*|guideline\w*|restart|resume|start|give|next|repeat|how\s+(?:long|soon|late|early|many)"
    r"|(?:can|could|may|might|would|will|do|does|is|are)\s+"
    r"(?:I|we|you|she|he|they|one|it|there|the|an?))(?!\w)",
    re.IGNORECASE,
)
_SUPPOSED_AFTER = re.compile(r"\s*(?:\?\s*$|list\b|slot\b)", re.IGNORECASE)
_ASKED = re.compile(
    r"[\W]*(?:is|are|was|were|do|does|did|can|could|would|will|how|what|why|when|which)(?!\w)",
    re.IGNORECASE,
)
_ASKED_AFTER = re.compile(
    r"\s*,?\s*(?:is|are|can|should|could|would|do|does|will|may)\s+"
    r"(?:it|I|we|you|she|he|they|there|the|this|an?)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(r"(?<!\w)(?:who|whose|had|with|because|given\s+that|now)(?!\w)", re.IGNORECASE)
_DONE = re.compile(r"(?<!\w)(?:had|done|gave|given|was|has|took|taken|received|after)(?!\w)", re.I)

_PIECE = re.compile(r"[,:(]|\s[–—-]+\s|\b(?:but|and)\b", re.IGNORECASE)
_ADVERBS = r"(?:[^\W\d][\w’'/-]*\s+)"
_TO_EVENT = re.compile(rf"(?:{_ADVERBS}|[\s-]){{0,8}}")
_TO_SYMPTOM = re.compile(rf"{_ADVERBS}{{0,5}}")
_TURNS = re.compile(
    r"(?<!\w)(?:before|prior|when|then|but|after|post|following|ago|later|no|without|had|for)(?!\w)",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*(?:,|/|,?\s*or)\s*")
_BESIDE = re.compile(r"[\s,:x×(-]*")
_BESIDE_DONE = re.compile(r"\s*(?:(?:was|is|done|performed|given|at|on)\s+){0,2}", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\s+(?:for|under|with|during|in|and|&|\+)\s+(?:(?!no\b)[^\W\d][\w-]*\s+){0,2}", re.IGNORECASE
)
_AFTER_EVENT = re.compile(r"[\s,]*(?:(?:just|shortly|soon)\s+)?(?:after|following|post)\s+", re.I)
_OTHER_EVENT = re.compile(
    r"(?<!\w)(?:discharged|(?:sent|went)\s+home|MRI|CT|scan(?:ned)?|imag(?:ed|ing)|repeated|patched"
    r"|operated|removed|died)\s*$",
    re.IGNORECASE,
)
_AND_THAT = re.compile(r"\s*(?:ago|back)?[\s,–—(-]*", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:and|&|\+|with)\s+", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:\s|[,\"'(–-]|(?<!\w)(?:now|and|then|but|so|this|that|it|was|is|which|who|about|on|at|I|she|he"
    r"|we|they|pt|patient|had|has|have|having|underwent|received|took|got|gave|birth|delivered|just|only|her|his|my|the"
    r"|wife|husband|first|\d+\s?[MF])(?!\w))*",
    re.IGNORECASE,
)
# What may stand between a comma and the time of an event before the comma.
_OWN_WORDS = re.compile(
    r"(?:\s|[,:(#–—-]|[\d.]+\s?(?:mg|g|ml|G|units?)?(?!\w)|(?<!\w)(?:last|latest|most\s+recent|final|one"
    r"|dose|doses|tablet|injection|given|taken|took|had|administered|received|stopped|held|withheld"
    r"|omitted|ceased|done|performed|attempted|abandoned|inserted|sited|placed|removed|pulled|repeated"
    r"|started|start|begun|was|is|were|at|on|of|the|it|this|that|which|she|he|I|we|in|about|both|sc"
    r"|po|iv|od|bd|now|then|and|been|has|have|began|onset|came|developed|first|noticed|suddenly)(?!\w))*",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"(?<!\w)(?:(?P<at_once>immediately|straight|right|directly|instantly)"
    r"(?=\s+(?:after|following|post)\b)"
    r"|(?P<next_day>(?:the\s+)?(?:next|following)\s+(?:day|morning)))(?!\w)",
    re.IGNORECASE,
)
_POST_OP = re.compile(r"post[\s-]?(?P<what>op\w*|proc\w*|partum|natal|deliver\w*)?", re.IGNORECASE)
_POST_OP_SAID = re.compile(r"POD|post", re.IGNORECASE)
_BIRTH = re.compile(r"PPD|PND|partum|natal|deliver", re.IGNORECASE)
_BIRTH_NAMES = re.compile(
    r"deliver|birth|section|caesar|cesar|LSCS|partum|labour|labor|(?<!\w)C/?S(?!\w)", re.IGNORECASE
)
_IN_LABOUR = re.compile(
    r"\s+(?:in|for|during)\s+(?:labou?r|delivery|(?:LS)?CS\b|(?:c(?:a?esarean)?[\s-]?)?section|birth)",
    re.IGNORECASE,
)
_FARTHEST = 110
_DEAREST = 140


def find_elapsed(
    text: str, events: Sequence[Span], lasting: Collection[int] | None = None
) -> tuple[Elapsed, ...]:
    """Every time of the text that can be given to one of the events, in the text's order.

    ``lasting`` are the indices of those that go on (symptoms) rather than happen (procedures,
    drugs); without it they are known by their names.
    """
    if lasting is None:
        lasting = {i for i, span in enumerate(events) if _LASTING_NAMES.search(span.of(text))}
    reader = _Reader(text, tuple(events), frozenset(lasting))
    found = [elapsed for time in reader.find_times() for elapsed in reader.read(time)]
    found.extend(reader.read_phrases())
    return tuple(sorted(found, key=lambda e: (e.quantity.span, e.span, e.event)))


class _Kind(StrEnum):
    LENGTH = "length"
    PAST = "past"
    DAY = "day"


_CLOCK = (
    r"(?:(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?!\d|\s?%)(?:\s?h(?:rs)?\b)?(?:\s?(?P<half>[ap])\.?m\b)?"
    r"|(?P<hour>1[0-2]|[1-9])\s?(?P<of>[ap])\.?m\b)"
)
_CLOCK_TIME = re.compile(
    rf"(?P<now>(?<!\w)(?:now|currently)(?:\s+(?:it[’']?s|is|at))?\s+)?"
    rf"(?:(?<=\bat\s)|(?<=\bgiven\s)|(?<=\bdose\s)|(?<=\bnow\s)|(?<=\bis\s)|(?<=[’']s\s))"
    rf"(?<![\d.:]){_CLOCK}",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(r"(?<!\w)(?:tonight|tomorrow|yesterday|booked|list|on\s+\w+day)\b", re.I)


def _clock_times(text: str) -> Iterator[Quantity]:
    """The hours from each time of day to the one that the text calls now, within one day.

    "Given at 06:00, now 14:00" is 8 h. Nothing where the text does not say what time it is now.
    """
    times = [
        (found, _minutes(found), found["now"] is not None) for found in _CLOCK_TIME.finditer(text)
    ]
    now = [minutes for _, minutes, is_now in times if is_now]
    if len(now) != 1:
        return
    for found, minutes, is_now in times:
        if is_now or _OTHER_DAY.search(text, max(0, found.start() - 24), found.end()):
            continue
        hours = round((now[0] - minutes) % 1440 / 60, 9)
        span = Span(*found.span())
        yield Quantity(
            span, Measure.DURATION, hours, hours, False, False, Measure.DURATION.unit, found[0]
        )


def _minutes(found: re.Match[str]) -> int:
    hour, half = int(found["h"] or found["hour"]), (found["half"] or found["of"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return 60 * hour + int(found["m"] or 0)


@dataclass(frozen=True, slots=True)
class _Time:
    """A quantity with its sentence, between where the one before ends and the next begins.

    Of a list ("1 h, 2 h or 3 days") every time has the ``lead`` of the first, where it begins.
    """

    quantity: Quantity
    kind: _Kind
    sentence: Span
    left: int
    right: int
    lead: int
    listed: bool

    @property
    def start(self) -> int:
        return self.quantity.span.start

    @property
    def end(self) -> int:
        return self.quantity.span.end


@dataclass(slots=True)
class _Reader:
    """``dated`` are the events that already have a time since them.

    ``begun`` is the end of the last time that told when a symptom began.
    """

    text: str
    events: tuple[Span, ...]
    lasting: frozenset[int]
    order: tuple[int, ...] = field(init=False)
    dated: set[int] = field(default_factory=set)
    begun: int = -1

    def __post_init__(self) -> None:
        self.order = tuple(sorted(range(len(self.events)), key=lambda i: self.events[i]))

    def find_times(self) -> list[_Time]:
        found = [
            (quantity, _Kind.LENGTH)
            for quantity in find_quantities(self.text)
            if quantity.measure is Measure.DURATION
        ]
        found += [(quantity, _Kind.PAST) for quantity in _clock_times(self.text)]
        days = set(find_days(self.text))
        found += [
            (moment, _Kind.DAY if moment in days else _Kind.PAST)
            for moment in find_moments(self.text)
            if not any(moment.span.overlaps(quantity.span) for quantity, _ in found)
        ]
        found.sort(key=lambda pair: pair[0].span)
        times: list[_Time] = []
        for i, (quantity, kind) in enumerate(found):
            sentence = self._sentence(quantity.span)
            last = times[-1] if times else None
            listed = last is not None and _LIST.fullmatch(self.text, last.end, quantity.span.start)
            left = last.end if last else 0
            right = found[i + 1][0].span.start if i + 1 < len(found) else len(self.text)
            if last is not None and listed:
                times[-1] = last = replace(last, listed=True)
            times.append(
                _Time(
                    quantity,
                    kind,
                    sentence,
                    max(last.left if last and listed else left, sentence.start),
                    min(right, sentence.end),
                    last.lead if last and listed else quantity.span.start,
                    listed=bool(listed),
                )
            )
        return times

    def _sentence(self, span: Span) -> Span:
        start, end = 0, len(self.text)
        for found in _BREAK.finditer(self.text):
            if found.end() <= span.start:
                start = found.end()
            elif found.start() >= span.end:
                end = found.start()
                break
        return Span(start, end)

    # Which way of saying it.

    def read(self, time: _Time) -> Iterator[Elapsed]:
        """What the time says, by the first way of saying it that fits."""
        before = self.text[time.left : time.lead]
        since = _SINCE.search(before)
        if _NEXT.match(self.text, time.start):
            return
        if since and time.kind is _Kind.DAY:
            yield from self._read_later(time)
            return
        if since or _FOR.search(before) or self._is_duration(time, before):
            if not (since and since["comma"] and _GOES_ON.match(self.text, time.end)):
                yield from self._read_for(time)
        elif _LATER.match(self.text, time.end):
            yield from self._read_later(time)
        elif (link := self._link(time)) is not None:
            yield from self._read_after(time, link)
        elif _AGO.match(self.text, time.end) or self._is_past(time):
            yield from self._read_ago(time)
        elif _BEFORE.match(self.text, time.end):
            return
        elif time.kind is _Kind.DAY:
            yield from self._read_day(time)
        elif not time.listed and not _IN.search(before):
            yield from self._read_bare(time)

    def _is_duration(self, time: _Time, before: str) -> bool:
        return before.rstrip().endswith("of") and bool(_DURATION_AFTER.match(self.text, time.end))

    def _is_past(self, time: _Time) -> bool:
        return time.kind is _Kind.PAST or _RECENT.match(self.text, time.start) is not None

    def _link(self, time: _Time) -> int | None:
        """Where the words end that join the time to what it follows: "after", "within ... of"."""
        within = self.text[time.start : time.end].lower().startswith("within")
        link = _AFTER.match(self.text, time.end, time.sentence.end) or (
            _OF.match(self.text, time.end) if within else None
        )
        return link.end() if link else None

    # "for 3 weeks", "since yesterday".

    def _read_for(self, time: _Time) -> Iterator[Elapsed]:
        symptom = self._symptom_before(time)
        if symptom is None:
            symptom = self._symptom_after(time, time.end)
        if symptom is not None:
            yield from self._lasting(time, symptom)
            return
        event = self._last_event(time.left, time.start)
        if event is None or event in self.lasting:
            return
        span = self.events[event]
        gap = _FOR.sub("", _SINCE.sub("", self.text[span.end : time.start]))
        lead = self.text[max(time.left, span.start - 16) : span.start]
        if _STOPPED.search(gap) or _STOPPED.search(lead) or self._is_denied(event):
            yield self._since(time, event)
        elif _BESIDE.fullmatch(gap) or _STARTED.search(gap):
            yield self._elapsed(time, Timing.LASTING, event)

    def _symptom_before(self, time: _Time) -> int | None:
        symptom = self._last_event(time.left, time.start, lasting=True)
        if symptom is None and _PERSISTED.search(self.text, time.left, time.start):
            symptom = self._last_event(time.sentence.start, time.start, lasting=True)
        if symptom is None or self._is_denied(symptom):
            return None
        span = self.events[symptom]
        gone = _GONE.search(self.text, span.end, time.start) or _RELIEVED.search(
            self.text, max(0, span.start - 24), span.start
        )
        return None if gone else symptom

    def _symptom_after(self, time: _Time, position: int) -> int | None:
        """The symptom that a time leads up to: "3 weeks of daily headache"."""
        symptom = self._first_event(position, time.right)
        if symptom not in self.lasting or symptom is None:
            return None
        words = self.text[position : self.events[symptom].start]
        leads = _TO_SYMPTOM.fullmatch(words) and not _TURNS.search(words)
        return None if not leads or self._is_denied(symptom) else symptom

    def _lasting(self, time: _Time, symptom: int) -> Iterator[Elapsed]:
        """The symptom has lasted so long, and so has what stands beside it; "since" dates more."""
        place = self.order.index(symptom)
        chain = [symptom]
        while (
            place > 0
            and self.order[place - 1] in self.lasting
            and self.events[symptom].end <= time.start
            and _JOINED.fullmatch(
                self.text,
                self.events[self.order[place - 1]].end,
                self.events[self.order[place]].start,
            )
        ):
            place -= 1
            chain.append(self.order[place])
        for event in chain:
            if not self._is_denied(event):
                yield self._elapsed(time, Timing.LASTING, event)
        since = _SINCE_EVENT.match(self.text, max(time.end, self.events[symptom].end))
        if since is not None:
            dated = self._first_event(since.end(), min(time.right, since.end() + 1))
            if dated is not None and dated not in self.lasting:
                yield self._since(time, dated)

    # "3 days later".

    def _read_later(self, time: _Time) -> Iterator[Elapsed]:
        symptom = self._last_event(time.left, time.start, lasting=True)
        if symptom is None:
            symptom = self._first_event(time.end, time.right)
        if symptom is None or symptom not in self.lasting or self._is_denied(symptom):
            return
        event = self._last_event(time.sentence.start, time.start, lasting=False)
        if event is None and (time.kind is _Kind.DAY or self._opens(time)):
            event = self._only_event(time.sentence.start, _PROCEDURE_NAMES)
        if event is not None:
            yield self._elapsed(time, Timing.ONSET, event)

    # "3 days after".

    def _read_after(self, time: _Time, link: int) -> Iterator[Elapsed]:
        event = self._linked(time, link)
        if event is None:
            if _PROCEDURE_AFTER.match(self.text, link):
                event = self._only_event(time.start, _PROCEDURE_NAMES)
            elif time.kind is _Kind.DAY:
                yield from self._read_day(time)
        if event is None:
            return
        neighbour = self._last_event(time.left, time.start)
        stands = neighbour is not None and _BESIDE_DONE.fullmatch(
            self.text, self.events[neighbour].end, time.start
        )
        interval = bool(stands) and neighbour not in self.lasting and neighbour not in self.dated
        interval = interval or _OTHER_EVENT.search(self.text, time.left, time.start) is not None
        if interval and self._is_stated(time, event, ago=False):
            return
        if event in self.lasting:
            if not _GONE.match(self.text[self.events[event].end :].lstrip()):
                yield self._elapsed(time, Timing.LASTING, event)
            return
        began = _last(_BEGAN, self.text, time.left, time.start)
        if began is not None and neighbour is not None and neighbour not in self.lasting:
            return
        begun = self.begun == time.left and _AND_THAT.fullmatch(self.text, time.left, time.start)
        if began is not None or begun or self._begins_after(time, event):
            yield self._elapsed(time, Timing.ONSET, event)
        else:
            yield from self._since_all(time, event, ago=False)

    def _linked(self, time: _Time, link: int) -> int | None:
        for event in self.order:
            span = self.events[event]
            if span.start < time.start or span.end <= link:
                continue
            if span.start > min(time.right, link + _FARTHEST):
                return None
            words = self.text[link : span.start] if span.start > link else ""
            return event if _TO_EVENT.fullmatch(words) and not _TURNS.search(words) else None
        return None

    def _begins_after(self, time: _Time, event: int) -> bool:
        """Whether a symptom is said to begin after the event: "12 h after LP she developed ..."."""
        start = self.events[event].end
        end = min(time.right, start + 40)
        began = _BEGAN.search(self.text, start, end)
        return began is not None and any(
            start <= self.events[symptom].start < time.right for symptom in self.lasting
        )

    def read_phrases(self) -> Iterator[Elapsed]:
        """ "immediately after": within an hour; "the next day": 24 h later."""
        for found in _PHRASE.finditer(self.text):
            sentence = self._sentence(Span(*found.span()))
            at_once = found["at_once"] is not None
            span = Span(*found.span("at_once" if at_once else "next_day"))
            quantity = Quantity(
                span,
                Measure.DURATION,
                low=0.0 if at_once else 24.0,
                high=1.0 if at_once else 24.0,
                low_open=False,
                high_open=at_once,
                unit=Measure.DURATION.unit,
                written=span.of(self.text),
            )
            time = _Time(
                quantity,
                _Kind.LENGTH,
                sentence,
                sentence.start,
                sentence.end,
                span.start,
                listed=False,
            )
            if not at_once:
                yield from self._read_later(time)
                continue
            link = self._link(time)
            event = self._linked(time, link) if link is not None else None
            symptoms = any(
                sentence.contains(self.events[i]) and not self._is_denied(i) for i in self.lasting
            )
            if event is not None and event not in self.lasting and symptoms:
                yield self._elapsed(time, Timing.ONSET, event)

    # "3 days ago", "yesterday".

    def _read_ago(self, time: _Time) -> Iterator[Elapsed]:
        choices = [
            (cost, event)
            for event in self.order
            if (cost := self._cost(time, event)) is not None and cost <= _DEAREST
        ]
        event = min(choices)[1] if choices else None
        if event is None and self._opens(time):
            event = self._only_event(time.sentence.start)
        if event is None:
            return
        if event in self.lasting or self._is_started(time, event):
            self.begun = time.end
            yield self._elapsed(time, Timing.LASTING, event, ago=True)
            yield from self._since_later(time, event)
        else:
            yield from self._since_all(time, event, ago=True)

    def _since_later(self, time: _Time, symptom: int) -> Iterator[Elapsed]:
        """ "Headache began 2 weeks ago after an LP": the LP is no less long ago."""
        ago = _AGO.match(self.text, time.end)
        link = _AFTER_EVENT.match(self.text, ago.end() if ago else time.end)
        event = self._linked(time, link.end()) if link and symptom in self.lasting else None
        if event is not None and event not in self.lasting and time.quantity.low is not None:
            least = replace(time.quantity, high=None, high_open=False)
            yield self._since(replace(time, quantity=least), event)

    def _since_all(self, time: _Time, event: int, *, ago: bool) -> Iterator[Elapsed]:
        """The event, and the procedures done together with it: "spinal for section"."""
        place = self.order.index(event)
        together = [event]
        for step in (-1, 1):
            at = place
            while 0 <= at + step < len(self.order) and self._go_together(at, at + step):
                at += step
                together.append(self.order[at])
        for one in together:
            yield self._since(time, one, ago=ago)

    def _go_together(self, place: int, other: int) -> bool:
        first, second = (self.order[i] for i in sorted((place, other)))
        both = all(
            _PROCEDURE_NAMES.search(self.events[i].of(self.text)) and i not in self.lasting
            for i in (first, second)
        )
        start, end = self.events[first].end, self.events[second].start
        new = self.order[other] not in self.dated and not self._is_denied(self.order[other])
        return both and new and _TOGETHER.fullmatch(self.text, start, end) is not None

    def _cost(self, time: _Time, event: int) -> float | None:
        """How far the event is from a time before now; None where it cannot belong to it."""
        span = self.events[event]
        if event in self.dated or self._is_denied(event) or not time.sentence.contains(span):
            return None
        if span.end <= time.start:
            gap, away = self.text[span.end : time.start], 0.0
            breaks = _last(_PIECE, gap, 0, len(gap))
            if breaks and not _OWN_WORDS.fullmatch(gap, breaks.end()):
                return None
        elif span.start >= time.end:
            gap, away = self.text[time.end : span.start], 12.0
            breaks = _last(_PIECE, self.text, time.left, time.start)
            if not _OPENING.fullmatch(self.text, breaks.end() if breaks else time.left, time.start):
                return None
        else:
            return None
        if event in self.lasting and (not self._has_begun(time, event) or _GONE.search(gap)):
            return None
        crossed = sum(
            1
            for other in self._neighbours(time)
            if min(span.end, time.end) <= other.start and other.end <= max(span.start, time.start)
        )
        commas = len(_PIECE.findall(gap))
        return len(gap) + away + (15 if away == 0 else 25) * commas + 60.0 * crossed

    def _neighbours(self, time: _Time) -> Iterator[Span]:
        """The other times of the same sentence that stand next to it."""
        if time.left > time.sentence.start:
            yield Span(time.left - 1, time.left)
        if time.right < time.sentence.end:
            yield Span(time.right, time.right + 1)

    def _has_begun(self, time: _Time, event: int) -> bool:
        """Whether a symptom is said to have begun: "headache started ...", "developed headache"."""
        span = self.events[event]
        lead = max(time.sentence.start, span.start - 24)
        if span.end <= time.start:
            between = _BEGAN.search(self.text, span.end, time.start)
        else:
            between = _BEGAN.search(self.text, time.end, min(time.right, span.end + 16))
        return between is not None or _BEGAN.search(self.text, lead, span.start) is not None

    def _is_started(self, time: _Time, event: int) -> bool:
        """Whether it is a drug's start that the time tells, not its last dose."""
        span = self.events[event]
        start = max(time.left, span.start - 16)
        end = max(time.start, span.start)
        words = self.text[start : span.start] + " " + self.text[span.end : end]
        return _STARTED.search(words) is not None and _LAST.search(words) is None

    # "POD 3".

    def _read_day(self, time: _Time) -> Iterator[Elapsed]:
        if of := _OF.match(self.text, time.end):
            symptom = self._symptom_after(time, of.end())
            if symptom is not None:
                yield self._elapsed(time, Timing.LASTING, symptom)
            return
        event = self._of_day(time)
        if event is not None:
            began = _last(_BEGAN, self.text, time.left, time.start)
            if began is not None and self._last_event(began.end(), time.start, lasting=True):
                yield self._elapsed(time, Timing.ONSET, event)
            else:
                yield self._since(time, event, ago=False)

    def _of_day(self, time: _Time) -> int | None:
        """The event that a numbered day counts from, where nothing beside it says."""
        said = self.text[time.start : time.end]
        after = _POST_OP.match(self.text[time.end : time.sentence.end].lstrip(" -"))
        said += " " + after[0] if after else ""
        end = time.end + (after.end() + 1 if after else 0)
        for event in self.order:
            if self.events[event].overlaps(Span(time.start, end)) and event not in self.lasting:
                return event
        if _BIRTH.search(said):
            birth = self._only_event(time.start, _BIRTH_NAMES)
            return self._in_labour() if birth is None else birth
        beside = self._last_event(time.left, time.start)
        if beside in self.lasting and beside is not None and not _POST_OP_SAID.search(said):
            gap = self.text[self.events[beside].end : time.start]
            if _BESIDE.fullmatch(gap.removesuffix("on ")) or _GONE.search(gap):
                return None
        return self._only_event(time.start, _PROCEDURE_NAMES)

    def _in_labour(self) -> int | None:
        """The procedure that is told to have been done at birth, where it is the only one."""
        done = [
            i
            for i in self.order
            if _IN_LABOUR.match(self.text, self.events[i].end) and i not in self.lasting
        ]
        return done[0] if len(done) == 1 else None

    # "headache 3/52", "apixaban (last dose 36 h)".

    def _read_bare(self, time: _Time) -> Iterator[Elapsed]:
        beside = self._last_event(time.left, time.start)
        gap = self.text[self.events[beside].end : time.start] if beside is not None else ""
        link = _OF_SYMPTOM.match(self.text, time.end)
        assert link is not None
        symptom = self._symptom_after(time, link.end())
        alone = beside is None or beside in self.dated or _PIECE.search(gap) is not None
        if symptom is not None and (link["of"] or alone):
            yield from self._lasting(time, symptom)
        elif beside is None:
            return
        elif beside in self.lasting:
            if _BESIDE.fullmatch(gap) and not self._is_denied(beside):
                yield from self._lasting(time, beside)
        elif len(gap) <= _FARTHEST:
            span = self.events[beside]
            lead = self.text[max(time.left, span.start - 24) : span.start]
            told = _LAST.search(lead + gap) or _STOPPED.search(gap)
            if told or (_POST.search(lead) and _BESIDE.fullmatch(gap)):
                yield self._since(time, beside, ago=False)

    # What all of them need.

    def _last_event(self, start: int, end: int, lasting: bool | None = None) -> int | None:
        """The last event within, of that kind if one is given."""
        found = None
        for event in self.order:
            span = self.events[event]
            if start <= span.start and span.end <= end and lasting in (None, event in self.lasting):
                found = event
        return found

    def _first_event(self, start: int, end: int) -> int | None:
        return next((i for i in self.order if start <= self.events[i].start < end), None)

    def _only_event(self, position: int, names: re.Pattern[str] | None = None) -> int | None:
        """The nearest before ``position``, else the first, where all candidates have one name."""
        candidates = [
            i
            for i in self.order
            if i not in self.lasting
            and not self._is_denied(i)
            and (names is None or names.search(self.events[i].of(self.text)))
        ]
        if len({self.events[i].of(self.text).casefold() for i in candidates}) != 1:
            return None
        earlier = [i for i in candidates if self.events[i].end <= position]
        return earlier[-1] if earlier else candidates[0]

    def _opens(self, time: _Time) -> bool:
        """Whether the time begins its sentence, or only a symptom stands before it."""
        words = self.text[time.sentence.start : time.start]
        for symptom in self.lasting:
            span = self.events[symptom]
            if time.sentence.start <= span.start and span.end <= time.start:
                words = words.replace(span.of(self.text), " ")
        return _OPENING.fullmatch(_BEGAN.sub(" ", words)) is not None

    def _is_denied(self, event: int) -> bool:
        start = self.events[event].start
        return _NO.search(self.text, max(0, start - 40), start) is not None

    def _since(self, time: _Time, event: int, *, ago: bool = True) -> Elapsed:
        self.dated.add(event)
        return self._elapsed(time, Timing.SINCE, event, ago=ago)

    def _elapsed(self, time: _Time, timing: Timing, event: int, *, ago: bool = False) -> Elapsed:
        span, other = time.quantity.span, self.events[event]
        return Elapsed(
            quantity=time.quantity,
            timing=timing,
            event=event,
            span=Span(min(span.start, other.start), max(span.end, other.end)),
            stated=self._is_stated(time, event, ago=ago),
        )

    def _is_stated(self, time: _Time, event: int, *, ago: bool) -> bool:
        """Whether it is told as so; "ago" and "yesterday" tell it even inside a question."""
        span = self.events[event]
        sentence = self.text[time.sentence.start : time.sentence.end]
        asked = self.text[time.sentence.end : time.sentence.end + 1] == "?"
        first = min(time.start, max(span.start, time.sentence.start)) - time.sentence.start
        last = max(time.end, span.end) - time.sentence.start
        begun = max((f.end() for f in _PIECE.finditer(sentence, 0, first)), default=0)
        lead = sentence[begun : time.start - time.sentence.start]
        within = sentence[begun : max(last, begun)]
        if _SUPPOSED.search(within) or _SUPPOSED_AFTER.match(sentence, last):
            return False
        if ago:
            today = time.kind is _Kind.PAST and time.quantity.low == 0
            return not (today and asked and not _DONE.search(within))
        told = [found.end() for found in _TOLD.finditer(lead)]
        advised = _last(_ADVISED, lead, 0, len(lead))
        if advised and not (told and told[-1] > advised.end()):
            return False
        if asked and not told and _ASKED.match(lead):
            return False
        bounded = time.quantity.low is None or time.quantity.high is None
        return not (bounded and _ASKED_AFTER.match(sentence, last))


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    return max(pattern.finditer(text, start, end), key=re.Match[str].start, default=None)
