"""Free text → the patient as stated: mentions, their assertion, numbers and times."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.case.case import Case, Evidence, Finding, infer
from assistant.case.dating import as_told, belongs_to, without_preposition
from assistant.case.facts import Fact, Facts, load_facts
from assistant.case.lists import settle_lists, without_denial
from assistant.case.patient import name_patient, tells_of_patient
from assistant.case.supposing import as_stated
from assistant.language.assertion import Assertion, Assertions, load_cues
from assistant.language.elapsed.elapsed import Elapsed, Timing
from assistant.language.elapsed.finding import find_elapsed
from assistant.language.lexicon import Concept, Lexicon, load_lexicon
from assistant.language.mentions import EXACT_CASE, Mention, Name, Vocabulary
from assistant.language.quantities.finding import find_quantities
from assistant.language.quantities.named import find_number_after
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span
from assistant.truth import Truth

EVENT = "event:"
UNLIKE = "unlike:"
SHORT_ABBREVIATION = 2
NEAR = 40
LONG_AGO = "Too long ago to count."
SUPPOSED = "Supposed for this question."
_NO_LONGER = re.compile(r"no\s+longer|any\s?more", re.IGNORECASE)

_TERM = re.compile(r"\{([^{}]+)\}")
_ASKED = Assertion.HYPOTHETICAL
# Measures that a number shows by itself; of the others a name must stand beside it.
_SHOWN_BY_ITSELF = frozenset(
    {
        Measure.AGE,
        Measure.TEMPERATURE,
        Measure.COMA_SCALE,
        Measure.PAIN_SCORE,
        Measure.GAUGE,
        Measure.SYSTOLIC,
        Measure.DIASTOLIC,
        Measure.CSF_PRESSURE,
    }
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a patient out of text. No model, clock or chance: the same text, the same case."""

    facts: Facts
    vocabulary: Vocabulary
    assertions: Assertions

    @classmethod
    def load(cls, corpus: Path) -> "Reader":
        """The reader of a corpus folder's facts, terms and cues. Raises ReadError."""
        facts = load_facts(corpus)
        names = collect_names(facts, load_lexicon(corpus))
        return cls(facts, Vocabulary(names), load_cues(corpus))

    def read(
        self, text: str, *, about_patient: bool | None = None, supposed: Span | None = None
    ) -> Case:
        """The case that the text tells of.

        ``about_patient`` says outright whether it tells of a patient; None leaves it to the text.
        What the ``supposed`` part says is held as so, and marked.
        """
        stated = as_stated(text, supposed) if supposed else text
        mentions = self._keep(text, self.vocabulary.find(text))
        quantities = find_quantities(text)
        spans = [without_denial(text, m) for m in mentions] + [q.span for q in quantities]
        read = self.assertions.read(name_patient(stated), spans)
        readings = list(settle_lists(text, mentions, read)) + [
            reading.assertion for reading in read[len(mentions) :]
        ]
        places = [mention.span for mention in mentions] + [q.span for q in quantities]
        said = dict(zip(places, readings, strict=True))
        events = [
            mention
            for mention in mentions
            if not self._is_topic(mention)
            and not (mention.owner.startswith(EVENT) and said[mention.span] is _ASKED)
        ]
        elapsed = self._find_times(stated, events)
        evidence: dict[str, list[Evidence]] = defaultdict(list)
        for place, (mention, assertion) in enumerate(zip(mentions, readings, strict=False)):
            no_longer = any(_NO_LONGER.search(cue.of(text)) for cue in read[place].cues)
            self._add_mention(text, mention, assertion, evidence, no_longer=no_longer)
        self._add_numbers(text, mentions, quantities, said, evidence)
        self._add_times(text, events, elapsed, said, evidence)
        if supposed:
            evidence = {name: _suppose(found, supposed) for name, found in evidence.items()}
        if about_patient is None:
            about_patient = tells_of_patient(
                text,
                denied=any(a is Assertion.ABSENT for a in readings) or self._denies(evidence),
                measured=any(e.quantity for found in evidence.values() for e in found)
                or any(time.stated and time.timing is Timing.SINCE for time in elapsed),
                findings=self._count_stated(evidence),
            )
        findings = {
            fact: _combine(self.facts.by_id[fact], found, about_patient)
            for fact, found in sorted(evidence.items())
        }
        return infer(Case(text, self.facts, findings, about_patient))

    def _keep(self, text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        """Without what only looks like a fact, and what needs another fact named beside it."""
        named = {owner.removeprefix(EVENT) for owner in self.vocabulary.find_owners(text)}
        denials = [mention.span for mention in mentions if not mention.so]
        kept = []
        for mention in mentions:
            fact = self.facts.by_id.get(mention.owner.removeprefix(EVENT))
            if fact is None or (fact.only_with and not named & {*fact.only_with}):
                continue
            denied = fact.topic and any(span.contains(mention.span) for span in denials)
            if not denied:
                kept.append(mention)
        return tuple(kept)

    def _is_topic(self, mention: Mention) -> bool:
        fact = self.facts.by_id.get(mention.owner)
        return fact is not None and fact.topic

    def _count_stated(self, evidence: Mapping[str, Sequence[Evidence]]) -> int:
        """The places that state a finding of now as present; what was done does not count."""
        return len(
            {
                e.span
                for fact, found in evidence.items()
                for e in found
                if e.presence is Truth.TRUE
                and not self.facts.by_id[fact].topic
                and not self.facts.by_id[fact].past_counts
            }
        )

    def _denies(self, evidence: Mapping[str, Sequence[Evidence]]) -> bool:
        """Whether it says by a name, such as "venogram normal", that a danger is absent."""
        return any(
            e.presence is Truth.FALSE and self.facts.by_id[fact].safety
            for fact, found in evidence.items()
            for e in found
        )

    def _find_times(self, text: str, mentions: Sequence[Mention]) -> tuple[Elapsed, ...]:
        lasting = {other for fact in self.facts.by_id.values() for other in fact.lasting}
        symptoms = [i for i, mention in enumerate(mentions) if mention.owner in lasting]
        spans = [without_preposition(text, mention.span) for mention in mentions]
        return find_elapsed(text, spans, symptoms)

    def _add_mention(
        self,
        text: str,
        mention: Mention,
        assertion: Assertion,
        evidence: dict[str, list[Evidence]],
        *,
        no_longer: bool,
    ) -> None:
        fact = self.facts.by_id.get(mention.owner)
        if fact is None or fact.measure is not None:
            return
        said = mention.span.of(text)
        presence = _presence(fact, mention.so, assertion)
        found = Evidence(mention.span, said, assertion, presence)
        if fact.no_longer and no_longer and presence is Truth.FALSE:
            # It was so: neither denied nor so now.
            found = replace(found, assertion=Assertion.HISTORICAL, presence=Truth.UNKNOWN)
            lost = Evidence(mention.span, said, Assertion.PRESENT, Truth.TRUE)
            if lost not in evidence[fact.no_longer]:
                evidence[fact.no_longer].append(lost)
        if found not in evidence[fact.id]:
            evidence[fact.id].append(found)

    def _add_numbers(
        self,
        text: str,
        mentions: Sequence[Mention],
        quantities: Sequence[Quantity],
        said: Mapping[Span, Assertion],
        evidence: dict[str, list[Evidence]],
    ) -> None:
        named = defaultdict(list)
        for mention in mentions:
            named[mention.owner].append(mention.span)
        for fact in self.facts.by_id.values():
            if fact.measure is None or fact.measure is Measure.DURATION or fact.score:
                continue
            beside = [q for span in named[fact.id] if (q := _beside(text, span, fact, quantities))]
            shown = [q for q in quantities if q.measure is fact.measure]
            found = beside if fact.measure not in _SHOWN_BY_ITSELF else shown
            if not found:
                found = beside
            for quantity in dict.fromkeys(found):
                assertion = said.get(quantity.span, Assertion.PRESENT)
                if fact.measure is Measure.AGE and assertion is _ASKED:
                    assertion = Assertion.PRESENT
                evidence[fact.id].append(_measured(text, fact, quantity, assertion))

    def _add_times(
        self,
        text: str,
        mentions: Sequence[Mention],
        elapsed: Sequence[Elapsed],
        said: Mapping[Span, Assertion],
        evidence: dict[str, list[Evidence]],
    ) -> None:
        named = [
            (time, mention)
            for time in elapsed
            for mention in mentions
            if mention.span == mentions[time.event].span
        ]
        for time, mention in named:
            event = mention.owner.removeprefix(EVENT)
            if said[mention.span] is Assertion.SOMEONE_ELSE:
                continue
            if mention.owner != event and not belongs_to(text, time.quantity.span, mention.span):
                continue
            if time.timing is Timing.SINCE:
                self._forget(event, mention.span, time.quantity, mentions, evidence)
            dated = False
            assertion = Assertion.PRESENT if time.stated else Assertion.HYPOTHETICAL
            for fact in self.facts.by_id.values():
                events = {
                    Timing.SINCE: fact.since,
                    Timing.ONSET: fact.onset_after,
                    Timing.LASTING: fact.lasting,
                }[time.timing]
                if event in events:
                    dated = time.timing is not Timing.LASTING
                    found = _measured(text, fact, as_told(text, fact, time.quantity), assertion)
                    if found not in evidence[fact.id]:
                        evidence[fact.id].append(found)
            if dated and time.stated:
                self._settle_event(text, event, mention.span, evidence)

    def _forget(
        self,
        event: str,
        span: Span,
        quantity: Quantity,
        mentions: Sequence[Mention],
        evidence: dict[str, list[Evidence]],
    ) -> None:
        """What took place too long ago to count is no evidence, by whatever name it stands here."""
        here = {event} | {mention.owner for mention in mentions if mention.span.overlaps(span)}
        for name in here:
            fact = self.facts.by_id.get(name)
            if fact is None or fact.within is None or (quantity.low or 0) <= fact.within:
                continue
            evidence[name] = [
                replace(e, presence=Truth.UNKNOWN, note=LONG_AGO) if e.span.overlaps(span) else e
                for e in evidence[name]
            ]

    def _settle_event(
        self, text: str, event: str, span: Span, evidence: dict[str, list[Evidence]]
    ) -> None:
        """An event that a stated time counts from took place, even "apixaban stopped 20 h ago"."""
        fact = self.facts.by_id[event]
        if fact.measure is not None:
            return
        kept = [e for e in evidence[event] if e.span != span]
        stated = Evidence(span, span.of(text), Assertion.PRESENT, Truth.TRUE)
        evidence[event] = [*kept, stated]


def collect_names(facts: Facts, lexicon: Lexicon) -> Iterator[Name]:
    """Every way to say each fact: its own names and those of the lexicon's term of its id."""
    concepts = {concept.id: concept for concept in lexicon.concepts}
    for fact in facts.by_id.values():
        layer = "topic" if fact.topic else "number" if fact.measure else ""
        if fact.id in concepts:
            for text in _names_of(concepts[fact.id]):
                yield Name(fact.id, text, layer=layer)
        for owner, texts, so in (
            (fact.id, fact.names, True),
            (fact.id, fact.absent, False),
            (EVENT + fact.id, fact.events, True),
            (UNLIKE + fact.id, fact.unlike, True),
        ):
            for text in texts:
                for expanded in expand(text, concepts):
                    yield Name(owner, expanded, so, layer)


def expand(name: str, concepts: Mapping[str, Concept]) -> Iterator[str]:
    """A name with each name of the terms that it refers to as ``{term}``."""
    found = _TERM.search(name)
    if found is None:
        yield name
        return
    concept = concepts.get(found.group(1))
    for text in _names_of(concept) if concept else ():
        exact = text.startswith(EXACT_CASE) and name == found.group()
        swapped = text if exact else text.removeprefix(EXACT_CASE)
        yield from expand(name[: found.start()] + swapped + name[found.end() :], concepts)


def _names_of(concept: Concept) -> Iterator[str]:
    yield from concept.names
    yield from concept.lay
    yield from concept.misspellings
    for text in concept.abbreviations:
        yield EXACT_CASE + text if len(text.rstrip("s")) <= SHORT_ABBREVIATION else text


def _presence(fact: Fact, so: bool, assertion: Assertion) -> Truth:
    if fact.topic:
        return Truth.of(assertion is not Assertion.ABSENT)
    if assertion is Assertion.PRESENT:
        return Truth.of(so)
    if assertion is Assertion.ABSENT:
        return Truth.of(not so)
    if assertion is Assertion.HISTORICAL and fact.past_counts and so:
        return Truth.TRUE
    return Truth.UNKNOWN


def _beside(text: str, span: Span, fact: Fact, quantities: Sequence[Quantity]) -> Quantity | None:
    """The quantity just before the name, else the number after it, else one not far before."""
    assert fact.measure is not None
    before = [
        quantity
        for quantity in quantities
        if quantity.measure is fact.measure
        and 0 <= span.start - quantity.span.end <= NEAR // 2
        and not re.search(r"[.;,\n]", text[quantity.span.end : span.start])
    ]
    if before and not text[before[-1].span.end : span.start].strip():
        return before[-1]
    after = find_number_after(text, span.end, fact.measure, NEAR)
    return after or (before[-1] if before else None)


def _measured(text: str, fact: Fact, quantity: Quantity, assertion: Assertion) -> Evidence:
    note = None
    if assertion is Assertion.PRESENT:
        note = _doubt(fact, quantity)
    used = assertion is Assertion.PRESENT and note is None
    return Evidence(
        quantity.span,
        quantity.span.of(text),
        assertion,
        Truth.of(True if used else None),
        quantity if used else None,
        note,
    )


def _doubt(fact: Fact, quantity: Quantity) -> str | None:
    """Why a number is not believed."""
    assert fact.measure is not None
    if fact.written and quantity.written and quantity.written not in fact.written:
        return f"Write it in {' or '.join(fact.written)}: '{quantity.written}' is not read."
    if fact.plausible is None:
        return None
    low, high = fact.plausible
    unit = fact.measure.unit
    for end in (quantity.low, quantity.high):
        if end is not None and not low <= end <= high:
            return (
                f"{end:g} {unit} is not believed (expected {low:g} to {high:g} {unit}): "
                "check the number and its unit."
            )
    return None


def _suppose(found: Sequence[Evidence], supposed: Span) -> list[Evidence]:
    return [
        replace(e, supposed=True, note=SUPPOSED)
        if e.presence.known and supposed.contains(e.span)
        else e
        for e in found
    ]


def _combine(fact: Fact, found: Sequence[Evidence], about_patient: bool) -> Finding:
    """What is said of one fact, taken together; both ways makes it unknown."""
    if not about_patient and not fact.topic:
        unsaid = tuple(
            Evidence(e.span, e.text, e.assertion, Truth.UNKNOWN, None, e.note) for e in found
        )
        return Finding(fact.id, Truth.UNKNOWN, evidence=unsaid)
    evidence = tuple(sorted(found, key=lambda e: (e.span.start, e.span.end)))
    said = {e.presence for e in evidence} - {Truth.UNKNOWN}
    contradictory = len(said) > 1
    presence = Truth.UNKNOWN if contradictory or not said else said.pop()
    quantities = [e.quantity for e in evidence if e.quantity is not None]
    quantity = _hull(quantities) if presence is Truth.TRUE and quantities else None
    return Finding(fact.id, presence, quantity, evidence, contradictory=contradictory)


def _hull(quantities: Sequence[Quantity]) -> Quantity:
    """What all say where they agree ("on Tuesday, 3 days ago"), else from least to greatest.

    Two different numbers leave open what lies between.
    """
    first = quantities[0]
    lows = [q.low for q in quantities if q.low is not None]
    highs = [q.high for q in quantities if q.high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and low > high:
        low = min(lows) if len(lows) == len(quantities) else None
        high = max(highs) if len(highs) == len(quantities) else None
    low_open = all(q.low_open for q in quantities if q.low == low)
    high_open = all(q.high_open for q in quantities if q.high == high)
    return Quantity(
        first.span, first.measure, low, high, low_open, high_open, first.unit, first.written
    )
