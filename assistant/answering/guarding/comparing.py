"""What one sentence says and another does not."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise

from assistant.answering.guarding.clauses import Mood
from assistant.answering.guarding.reading import Link, Linked, Reading, Unit
from assistant.answering.guarding.words import fold_word
from assistant.language.lexicon import ConceptKind


class Reason(StrEnum):
    """What a statement says that its quotes do not."""

    CITATION = "citation"
    QUOTATION = "quotation"
    NUMBER = "number"
    TERM = "term"
    WORD = "word"
    NEGATION = "negation"
    MODALITY = "modality"
    POPULATION = "population"
    CERTAINTY = "certainty"
    CONDITION = "condition"
    QUALIFIER = "qualifier"
    ORDER = "order"
    BINDING = "binding"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a statement is refused; ``about`` is the word or figure at fault."""

    reason: Reason
    about: str


# Words of which a statement may drop none that its quote has beside what it uses.
_LIMITS = frozenset(
    "onli usual sometim rare some most alon possibl tempor suspect confirm withorwithout".split()
)
# A sign of doubt, and the words by which a statement may own to it.
_DOUBTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(sign, re.IGNORECASE), re.compile(said, re.IGNORECASE))
    for sign, said in (
        (r"\bunconfirmed\b", r"\bunconfirmed\b"),
        (r"\bdisputed\b", r"\bdisputed\b"),
        (r"\bunreviewed\b|\bunsigned\b", r"\b(?:unreviewed|unsigned|not reviewed)\b"),
        (r"\bdraft\b", r"\bdraft\b"),
        (r"\bnot yet reviewed\b", r"\bnot (?:yet |been )*reviewed\b"),
        (r"\bhypothesis\b", r"\bhypothesis\b"),
        (r"\bextrapolat", r"\bextrapolat"),
        (
            r"\b(?:case reports?|published (?:case|course|patient)|one case)\b",
            r"\b(?:case|one published|a published)\b",
        ),
        (r"\bsmall(?:,? [\w-]+){0,3} trials?\b", r"\bsmall\b"),
        (r"\b(?:weak|limited|insufficient)\b", r"\b(?:weak|limited|insufficient)\b"),
        (r"\bsuggests?\b", r"\bsuggest"),
        (
            r"\b(?:one|two|three|single) (?:published )?(?:patient|wom[ae]n|m[ae]n|case|child)s?\b",
            r"\b(?:one|two|three|single|case|[123]|an? (?:published )?(?:patient|woman|man))\b",
        ),
        (r"\bpreprint\b", r"\bpreprint\b"),
        (r"\baged \d|\d[- ]years?[- ]old|\byears or (?:less|more|older|younger)", r"\bage|\byear"),
        (r"\bnot significantly\b|\bwithout a significant\b", r"\bsignificant"),
    )
)
# Who may be concerned, and what stands for where a statement comes from, as words are compared.
_WHO = frozenset(
    "child woman man adult pregnanc infant newborn neonat toddler babi girl boy elder teenag "
    "adolesc breastfeed mother obstetr".split()
)
_ABOUT_SOURCES = frozenset(
    "guidelin leaflet page web review studi trial consensus librari articl summari author note "
    "cochran nice committe edit beta unreview unconfirm draft rule clinician multisocieti nhs uk "
    "multisociety encyclopaedia multi glasgow attribut randomis evid".split()
)
# Shares of a clause from which on a statement uses it, mostly and as a whole.
_USED, _MOSTLY, _WHOLE = 0.4, 0.6, 0.8
# Kinds of terms of which none is left out of a clause that is used, and those that may be named
# more often than in the quote.
_MEANS = frozenset(
    {ConceptKind.PROCEDURE, ConceptKind.DRUG, ConceptKind.DEVICE, ConceptKind.IMAGING}
)
_TOPICS = frozenset({ConceptKind.CONDITION, ConceptKind.SYMPTOM, ConceptKind.PROCEDURE})
# So few units make a segment of which the rest is understood: "and 86% after conservative care".
_ELIDED = 4
_OPPOSITES = {
    fold_word(word): f"{one} or {other}"
    for one, other in (
        ("better", "worse"),
        ("more", "less"),
        ("higher", "lower"),
        ("increase", "reduce"),
        ("early", "late"),
        ("low", "high"),
        ("larger", "smaller"),
        ("short", "long"),
    )
    for word in (one, other)
}
# A clause that begins so is a condition, of which at least so much has to be kept.
_CONDITIONS = frozenset("if when whenever unless until while where once provided".split())
_KEPT = 0.5


def compare(said: Reading, quote: Reading) -> Iterator[Refusal]:
    """Everything that the one says and the other does not."""
    if not [unit for unit in said.units if unit.key not in _ABOUT_SOURCES]:
        yield Refusal(Reason.WORD, said.text)
    yield from _compare_units(said, quote)
    yield from _compare_counts(said, quote)
    yield from _compare_moods(said, quote)
    yield from _compare_doubts(said, quote)
    yield from _compare_who(said, quote)
    yield from _compare_limits(said, quote)
    yield from _compare_conditions(said, quote)
    yield from _compare_links(said, quote)
    yield from _compare_pairs(said, quote)
    yield from _compare_bindings(said, quote)
    yield from _compare_places(said, quote)


def _same(unit: Unit, quote: Reading) -> list[Unit]:
    """The units of the quote that say the same."""
    if unit.figure is not None:
        figure = unit.figure
        same = [u for u in quote.units if u.figure is not None and figure.says(u.figure)]
        return same or [u for u in quote.units if u.key == unit.key and u.figure is not None]
    same = [u for u in quote.units if u.key == unit.key]
    if same:
        return same
    if unit.concept is None:
        return [u for u in quote.units if unit.key in u.words]
    if unit.words <= quote.words and not _has_digit(unit):
        return [u for u in quote.units if u.key in unit.words or u.words & unit.words]
    return []


def _compare_units(said: Reading, quote: Reading) -> Iterator[Refusal]:
    focus = {unit.place for unit in said.denied_first}
    for unit in said.units:
        same = _same(unit, quote)
        if not same:
            reason = Reason.NUMBER if unit.figure else Reason.TERM if unit.concept else Reason.WORD
            yield Refusal(reason, unit.written)
        elif unit.key in _ABOUT_SOURCES or (unit.phrase and unit.place not in focus):
            continue
        elif all(other.denied is not unit.denied for other in same):
            yield Refusal(Reason.NEGATION, unit.written)
    for unit in quote.denied_first:
        again = [other for other in said.units if other.key == unit.key]
        if again and not any(other.denied for other in again):
            yield Refusal(Reason.NEGATION, unit.written)


def _compare_counts(said: Reading, quote: Reading) -> Iterator[Refusal]:
    """No word more often than in the quote, no denial more or less."""
    takers: dict[frozenset[int], list[Unit]] = {}
    for unit in said.units:
        same = _same(unit, quote)
        topic = [
            u for u in quote.units if _is_topic(u) and (u.key == unit.key or unit.key in u.words)
        ]
        if not topic and not _is_topic(unit):
            takers.setdefault(frozenset(other.place for other in same), []).append(unit)
    for places, units in takers.items():
        if places and len(units) > len(places):
            yield Refusal(Reason.BINDING, units[-1].written)
    links = Counter(linked.link for linked in quote.links)
    for link, count in Counter(linked.link for linked in said.links).items():
        if links[link] and count > links[link]:
            yield Refusal(Reason.ORDER, link.value)
    used = [clause for clause in range(len(quote.moods)) if _uses(said, quote, clause) >= _USED]
    if sum(said.denials) > sum(quote.denials):
        yield Refusal(Reason.NEGATION, "one denial too many")
    whole = sum(bool(_same(unit, said)) for unit in quote.units) >= _WHOLE * len(quote.units)
    wanted = sum(n for clause, n in enumerate(quote.denials) if whole or clause in used)
    if sum(said.denials) < wanted:
        yield Refusal(Reason.NEGATION, "one denial too few")
    if sum(said.hedges) < sum(quote.hedges[clause] for clause in used):
        yield Refusal(Reason.MODALITY, "a reservation left out")


def _is_topic(unit: Unit) -> bool:
    """Whether the unit is what a sentence may go on about, and so name again."""
    named = unit.concept is not None and unit.concept.kind in _TOPICS
    return named and not (_has_digit(unit) or _who(unit))


def _has_digit(unit: Unit) -> bool:
    return any(character.isdigit() for character in unit.written)


def _who(unit: Unit) -> frozenset[str]:
    """The kinds of people that the unit names."""
    return (unit.words | {unit.key}) & _WHO


def _uses(said: Reading, quote: Reading, clause: int) -> float:
    """The share of a clause of the quote that the statement repeats."""
    units = [u for u in quote.units if u.clause == clause and u.key not in _ABOUT_SOURCES]
    if not units:
        return 0.0
    keys = said.keys()
    used = [u for u in units if u.key in keys or u.words & said.words]
    return len(used) / len(units)


def _compare_moods(said: Reading, quote: Reading) -> Iterator[Refusal]:
    for clause, mood in enumerate(said.moods):
        if mood is Mood.PLAIN:
            continue
        units = [u for u in said.units if u.clause == clause and u.key not in _ABOUT_SOURCES]
        kin = {u.clause for unit in units for u in _same(unit, quote)}
        if mood is Mood.SHOULD:
            kin = set(range(len(quote.moods)))
        if not units:
            kin = set(range(len(quote.moods)))
        if all(quote.moods[other] is not mood for other in kin):
            yield Refusal(Reason.MODALITY, mood.value)
    for clause, mood in enumerate(quote.moods):
        if mood in (Mood.PLAIN, Mood.SHOULD) or _uses(said, quote, clause) < _USED:
            continue
        if mood not in said.moods:
            yield Refusal(Reason.MODALITY, mood.value)


def _compare_doubts(said: Reading, quote: Reading) -> Iterator[Refusal]:
    for sign, owned in _DOUBTS:
        found = sign.search(quote.text)
        if found and not owned.search(said.text):
            yield Refusal(Reason.CERTAINTY, found[0])


def _compare_who(said: Reading, quote: Reading) -> Iterator[Refusal]:
    """Whom and what the quote is about has to stay."""
    keys = said.keys()
    everything = _uses_all(said, quote)
    people = Counter(who for unit in said.units for who in _who(unit))
    wanted = Counter(
        who
        for unit in quote.units
        for who in _who(unit)
        if everything >= _WHOLE or _uses(said, quote, unit.clause) >= _WHOLE
    )
    for who in {who for unit in quote.units for who in _who(unit)}:
        if people[who] < max(1, wanted[who]):
            yield Refusal(Reason.POPULATION, who)
    for unit in quote.units:
        if unit.key in keys or (unit.words and unit.words <= said.words):
            continue
        uses = _uses(said, quote, unit.clause)
        if unit.people and uses >= _USED:
            yield Refusal(Reason.POPULATION, unit.written)
        if unit.share and uses >= _USED:
            yield Refusal(Reason.QUALIFIER, unit.written)
        if unit.concept is None:
            continue
        if unit.concept.kind is ConceptKind.CONDITION and uses >= _USED / 2:
            yield Refusal(Reason.POPULATION, unit.written)
        elif unit.concept.kind in _MEANS and (uses >= _MOSTLY or everything >= _WHOLE):
            yield Refusal(Reason.TERM, unit.written)


def _uses_all(said: Reading, quote: Reading) -> float:
    """The share of the quote that the statement repeats."""
    keys = said.keys()
    used = sum(unit.key in keys or bool(unit.words & said.words) for unit in quote.units)
    return used / max(1, len(quote.units))


def _compare_limits(said: Reading, quote: Reading) -> Iterator[Refusal]:
    """What narrows a thing of the quote has to stay beside it."""
    keys = said.keys()
    everything = _uses_all(said, quote) >= _MOSTLY
    for unit in quote.units:
        dropped = unit.key in _LIMITS and unit.key not in said.words
        if dropped and (everything or _uses(said, quote, unit.clause) >= _USED):
            yield Refusal(Reason.QUALIFIER, unit.written)
    for before, unit in pairwise(quote.units):
        once = sum(other.key == unit.key for other in quote.units) == 1
        if unit.key in keys and once and _narrows(before, unit, quote):
            kept = before.key in keys or before.key in said.words or before.words & said.words
            if not kept:
                yield Refusal(Reason.QUALIFIER, before.written)


def _narrows(before: Unit, unit: Unit, quote: Reading) -> bool:
    """Whether the one is, as far as that can be told without grammar, an attribute of the other."""
    if not (unit.joined and before.phrase) or unit.figure or before.figure:
        return False
    urges = quote.moods[unit.clause] is Mood.SHOULD
    leads = all(u.clause != before.clause or u.place >= before.place for u in quote.units)
    return before.key not in _ABOUT_SOURCES and not (urges and leads)


def _compare_conditions(said: Reading, quote: Reading) -> Iterator[Refusal]:
    """What holds only under a condition may not be said without it."""
    for clause, opener in enumerate(quote.openers):
        units = [u for u in quote.units if u.clause == clause]
        if opener in _CONDITIONS and units and _uses(said, quote, clause) < _KEPT:
            yield Refusal(Reason.CONDITION, " ".join(unit.written for unit in units))


def _compare_links(said: Reading, quote: Reading) -> Iterator[Refusal]:
    for linked in said.links:
        if not linked.units:
            continue
        first = linked.units[:2]
        same = [other for other in quote.links if other.link is linked.link]
        if any(_governs(other, unit) for other in same for unit in first):
            continue
        if linked.link is Link.AGAINST and any(unit.figure for unit in first):
            continue
        if linked.link is Link.BECAUSE and not same:
            continue
        yield Refusal(Reason.ORDER, linked.link.value)


def _governs(linked: Linked, unit: Unit) -> bool:
    return any(
        other.key == unit.key or unit.key in other.words or other.key in unit.words
        for other in linked.units
    )


def _compare_pairs(said: Reading, quote: Reading) -> Iterator[Refusal]:
    quoted = {frozenset((left, right)): set[str]() for left, _, right in quote.pairs}
    for left, join, right in quote.pairs:
        quoted[frozenset((left, right))].add(join)
    for left, join, right in said.pairs:
        joins = quoted.get(frozenset((left, right)))
        if joins and join not in joins:
            yield Refusal(Reason.BINDING, join)


def _compare_bindings(said: Reading, quote: Reading) -> Iterator[Refusal]:
    """A figure, or one of two opposites, has to stay with what it is said of."""
    theirs = _by_segment(quote)
    for units in _by_segment(said).values():
        for unit in units:
            kind = _kind(unit)
            alone = kind is not None and [_kind(other) for other in units].count(kind) == 1
            if alone and _is_elsewhere(unit, units, quote, theirs):
                yield Refusal(Reason.BINDING, unit.written)


def _compare_places(said: Reading, quote: Reading) -> Iterator[Refusal]:
    """Two things may not have changed places between two stretches: "A in X and B in Y"."""
    mine, theirs = _keys_by_segment(said), _keys_by_segment(quote)
    only = {
        place: keys.difference(*(other for at, other in theirs.items() if at != place))
        for place, keys in theirs.items()
    }
    for (one, its), (other, others) in combinations(_match(mine, theirs).items(), 2):
        strayed = mine[one] & only[others]
        if strayed and mine[other] & only[its]:
            yield Refusal(Reason.BINDING, min(strayed))


def _match(
    mine: Mapping[int, frozenset[str]], theirs: Mapping[int, frozenset[str]]
) -> dict[int, int]:
    """Each stretch with the one of the quote that it has most in common with."""
    match: dict[int, int] = {}
    for place in sorted(mine, key=lambda place: -len(mine[place])):
        free = [other for other in theirs if other not in match.values()]
        best = max(free, key=lambda other: (len(mine[place] & theirs[other]), -other), default=None)
        if best is not None and mine[place] & theirs[best]:
            match[place] = best
    return match


def _kind(unit: Unit) -> str | None:
    """Of what kind a unit is that has to be told from others of its kind."""
    if unit.figure is not None:
        return f"#{unit.figure.unit}"
    return _OPPOSITES.get(unit.key)


def _is_elsewhere(
    unit: Unit, units: Sequence[Unit], quote: Reading, theirs: Mapping[int, Sequence[Unit]]
) -> bool:
    """Whether the unit stands with what another of its kind stands with in the quote."""
    homes = {other.segment for other in _same(unit, quote)}
    rivals = {
        other.segment
        for other in quote.units
        if _kind(other) == _kind(unit) and other.segment not in homes
    }
    home = {other.key for place in homes for other in theirs[place]}
    own = home - {other.key for place in rivals for other in theirs[place]} - {unit.key}
    keys = {other.key for other in units if other is not unit}
    for place in rivals:
        rival = {other.key for other in theirs[place]} - home
        elided = _kind(theirs[place][0]) == _kind(unit) and len(theirs[place]) <= _ELIDED
        if homes and keys & rival and (elided or not keys & own):
            return True
    return False


def _by_segment(reading: Reading) -> dict[int, list[Unit]]:
    segments: dict[int, list[Unit]] = {}
    for unit in reading.units:
        segments.setdefault(unit.segment, []).append(unit)
    return segments


def _keys_by_segment(reading: Reading) -> dict[int, frozenset[str]]:
    return {
        place: frozenset(unit.key for unit in units)
        for place, units in _by_segment(reading).items()
    }
