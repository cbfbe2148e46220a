"""A sentence as the guard compares it: what it names, counts, denies, urges, and in which order.

It is no grammar. Each thing that a sentence says is one unit (a term of the lexicon, a word, a
figure) with the clause that it stands in, and a clause is denied, urged or hedged as a whole. Both
sides are read in the same way, so that what is read wrongly is read wrongly in both.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.answering.guarding.clauses import (
    JOINS,
    MOODS,
    NO_MORE,
    NONE,
    NOT,
    OPEN,
    STARTERS,
    Mood,
    count_by_clause,
    denies,
    find_clauses,
    find_denied,
    find_moods,
    find_segments,
    is_aside,
)
from assistant.answering.guarding.figures import Figure, find_figures
from assistant.answering.guarding.phrases import LongForms, normalise
from assistant.answering.guarding.tokens import Token, find_tokens
from assistant.answering.guarding.words import fold_word, is_empty
from assistant.language.lexicon import Concept
from assistant.language.mentions import fold


class Link(StrEnum):
    """A word that gives what follows it a place in time or an argument."""

    BEFORE = "before"
    AFTER = "after"
    UNTIL = "until"
    UNLESS = "unless"
    AGAINST = "against"
    INSTEAD = "instead"
    BECAUSE = "because"
    EXCEPT = "except"
    THEN = "then"


@dataclass(frozen=True, slots=True)
class Unit:
    """``key`` is what is compared; ``words`` are those of a term as it is written here.

    ``place`` counts words. A unit is ``joined`` where no word parts it from the one before, and in
    a ``phrase`` where an article or preposition stands before it or before the one before it.
    ``people`` follow it ("high-risk patients"), or of what follows it is a ``share`` ("two of").
    """

    key: str
    written: str
    place: int
    clause: int
    segment: int
    denied: bool
    figure: Figure | None = None
    concept: Concept | None = None
    words: frozenset[str] = frozenset()
    joined: bool = False
    phrase: bool = False
    people: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """A linking word at ``place`` with the units that it governs, nearest first."""

    link: Link
    place: int
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence. ``moods`` holds each clause's, ``openers`` the word that each begins with and
    ``words`` every word as it is compared.

    ``denials`` and ``hedges`` count, clause by clause, the words that deny and those that leave
    open; ``denied_first`` is the unit next to each denial.
    """

    text: str
    units: tuple[Unit, ...]
    moods: tuple[Mood, ...]
    openers: tuple[str, ...]
    denials: tuple[int, ...]
    hedges: tuple[int, ...]
    denied_first: tuple[Unit, ...]
    links: tuple[Linked, ...]
    pairs: tuple[tuple[str, str, str], ...]
    words: frozenset[str]

    def keys(self) -> frozenset[str]:
        """What its units are."""
        return frozenset(unit.key for unit in self.units)


_MOOD_WORDS = frozenset(
    "may might can could should ought must shall advise advises advised advising recommend "
    "recommends recommended recommending consider considered considering considers".split()
)
_LINKS = {
    **dict.fromkeys(("before", "prior"), Link.BEFORE),
    **dict.fromkeys(("after", "following", "followed", "follows"), Link.AFTER),
    **dict.fromkeys(("until", "till"), Link.UNTIL),
    "unless": Link.UNLESS,
    **dict.fromkeys(("against", "versus", "vs", "than", "compared"), Link.AGAINST),
    **dict.fromkeys(("instead", "rather"), Link.INSTEAD),
    "because": Link.BECAUSE,
    "except": Link.EXCEPT,
    "then": Link.THEN,
}
_NEAR = 10
_PEOPLE = frozenset({"patient", "patients", "people", "individuals"})
_LEADS_PHRASE = frozenset(
    "a an the this that these its their of in on at by to from with for after before during among "
    "between and or as per within following into".split()
)
_STANDS_FOR = frozenset("it this that them which these those".split())


class Reader:
    """Reads sentences by the terms of a lexicon. Safe to share between threads."""

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        concepts = tuple(concepts)
        self._long_forms = LongForms(concepts)
        self._names: dict[str, list[tuple[tuple[str, ...], Concept, bool]]] = {}
        for concept in concepts:
            for written in (*concept.names, *concept.abbreviations, *concept.lay):
                name = self._long_forms.shorten(written)
                words = tuple(fold(token.word) for token in find_tokens(name) if token.is_word)
                if words:
                    exact = name.isupper() and len(name) <= 5
                    self._names.setdefault(words[0], []).append((words, concept, exact))
        for names in self._names.values():
            names.sort(key=lambda name: -len(name[0]))

    def read(self, text: str) -> Reading:
        """One sentence."""
        plain = self._long_forms.shorten(normalise(text))
        tokens = find_tokens(plain)
        terms = dict(self._terms(tokens))
        in_terms = {at for first, (last, _) in terms.items() for at in range(first, last)}
        taken = frozenset(tokens[at].start for at in in_terms)
        figures = find_figures(plain, taken)
        clauses = find_clauses(tokens)
        segments = find_segments(tokens, [figure.span for figure in figures])
        deniers = [at for at in range(len(tokens)) if at not in in_terms and denies(tokens, at)]
        denied = find_denied(tokens, clauses, deniers)
        hedges = [at for at, token in enumerate(tokens) if MOODS.get(token.word) in OPEN]
        units = _Units(tokens, terms, figures, clauses, segments, denied).collect()
        return Reading(
            text=text,
            units=units,
            moods=find_moods(plain, tokens, clauses),
            openers=tuple(
                next(
                    token.word for token, clause in zip(tokens, clauses, strict=True) if clause == n
                )
                for n in range(max(clauses, default=-1) + 1)
            ),
            denials=count_by_clause(clauses, [at for at in deniers if not is_aside(tokens, at)]),
            hedges=count_by_clause(clauses, hedges),
            denied_first=tuple(
                unit
                for at in deniers
                if (unit := next((u for u in units if u.place > at), None)) and unit.denied
            ),
            links=tuple(_links(tokens, units, in_terms)),
            pairs=tuple(_pairs(tokens, units)),
            words=frozenset(fold_word(token.word) for token in tokens if token.is_word),
        )

    def _terms(self, tokens: Sequence[Token]) -> Iterator[tuple[int, tuple[int, Concept]]]:
        """Where each term begins, with where it ends; the longest name wins."""
        at = 0
        while at < len(tokens):
            found = self._term_at(tokens, at)
            if found is None:
                at += 1
            else:
                yield at, found
                at = found[0]

    def _term_at(self, tokens: Sequence[Token], at: int) -> tuple[int, Concept] | None:
        for words, concept, exact in self._names.get(fold(tokens[at].word), ()):
            here = tokens[at : at + len(words)]
            if len(here) < len(words) or not all(token.is_word for token in here):
                continue
            if exact and not here[0].written.rstrip("s").isupper():
                continue
            if all(fold(token.word) == word for token, word in zip(here, words, strict=True)):
                return at + len(words), concept
        return None


class _Units:
    """Collects the units of one sentence."""

    def __init__(
        self,
        tokens: Sequence[Token],
        terms: dict[int, tuple[int, Concept]],
        figures: Sequence[Figure],
        clauses: Sequence[int],
        segments: Sequence[int],
        denied: frozenset[int],
    ) -> None:
        self._tokens = tokens
        self._terms = terms
        self._figures = figures
        self._clauses = clauses
        self._segments = segments
        self._denied = denied

    def collect(self) -> tuple[Unit, ...]:
        return tuple(self._walk())

    def _walk(self) -> Iterator[Unit]:
        by_start = {figure.span.start: figure for figure in self._figures}
        inside = {
            at
            for at, token in enumerate(self._tokens)
            for figure in self._figures
            if figure.span.start <= token.start < figure.span.end
        }
        at, last = 0, -2
        while at < len(self._tokens):
            token = self._tokens[at]
            if at in self._terms:
                end, concept = self._terms[at]
                words = frozenset(fold_word(t.word) for t in self._tokens[at:end])
                written = " ".join(t.written for t in self._tokens[at:end])
                yield self._unit(at, concept.id, written, last, concept=concept, words=words)
                at, last = end, end - 1
            elif at in inside:
                figure = next(
                    f for s, f in by_start.items() if f.span.start <= token.start < f.span.end
                )
                end = at
                while end < len(self._tokens) and self._tokens[end].start < figure.span.end:
                    end += 1
                key = figure.code or f"{figure.bound} {figure.low:g}-{figure.high:g} {figure.unit}"
                unit = self._unit(at, f"#{key}", _shown(self._tokens[at:end]), last, figure=figure)
                yield replace(unit, share=figure.total is None and self._word(end) == "of")
                at, last = end, end - 1
            else:
                if self._says_something(at):
                    unit = self._unit(at, fold_word(token.word), token.written, last)
                    yield replace(unit, people=self._word(at + 1) in _PEOPLE)
                    last = at
                at += 1

    def _word(self, at: int) -> str:
        return self._tokens[at].word if at < len(self._tokens) else ""

    def _says_something(self, at: int) -> bool:
        word = self._tokens[at].word
        return (
            self._tokens[at].is_word
            and not is_empty(word)
            and word not in _MOOD_WORDS
            and word not in JOINS
            and word not in _LINKS
            and word not in NOT | NONE | NO_MORE
            and word not in STARTERS
        )

    def _unit(
        self,
        at: int,
        key: str,
        written: str,
        last: int,
        figure: Figure | None = None,
        concept: Concept | None = None,
        words: frozenset[str] = frozenset(),
    ) -> Unit:
        return Unit(
            key=key,
            written=written,
            place=at,
            clause=self._clauses[at],
            segment=self._segments[at],
            denied=at in self._denied,
            figure=figure,
            concept=concept,
            words=words,
            joined=last == at - 1,
            phrase=self._in_phrase(at),
        )

    def _in_phrase(self, at: int) -> bool:
        """Whether an article or preposition stands before it, or before the unit before it."""
        for before in reversed(range(max(0, at - 2), at)):
            word = self._tokens[before].word
            if word in _LEADS_PHRASE:
                return True
            if not self._says_something(before):
                return False
        return False


def _shown(tokens: Sequence[Token]) -> str:
    return " ".join(token.written for token in tokens).replace(" %", "%")


def _links(tokens: Sequence[Token], units: Sequence[Unit], in_terms: set[int]) -> Iterator[Linked]:
    for at, token in enumerate(tokens):
        link = _LINKS.get(token.word)
        before = tokens[at - 1].word if at else ""
        following = tokens[at + 1].word if at + 1 < len(tokens) else ""
        if link is None or at in in_terms:
            continue
        if token.word in ("followed", "follows") and (
            before in ("is", "are", "was", "were", "be", "been", "patients")
            or following in ("by", "up")
        ):
            continue
        if token.word == "rather" and following != "than":
            continue
        if token.word == "than" and before == "rather":
            continue
        if token.word == "compared" and following not in ("with", "to"):
            continue
        if following in _STANDS_FOR or (token.word == "following" and before == "the"):
            continue
        governed: list[Unit] = []
        for unit in units:
            if unit.place <= at:
                continue
            if len(governed) == _NEAR or any(
                other.word in ";:()" or (other.word in _LINKS and other is not token)
                for other in tokens[at + 1 : unit.place]
            ):
                break
            governed.append(unit)
        yield Linked(link, at, tuple(governed))


def _pairs(tokens: Sequence[Token], units: Sequence[Unit]) -> Iterator[tuple[str, str, str]]:
    """The units on both sides of each "and" and "or", with it; a denied "and" is an "or"."""
    for at, token in enumerate(tokens):
        if token.word not in ("and", "or"):
            continue
        left = [unit for unit in units if unit.place < at]
        right = [unit for unit in units if unit.place > at]
        if left and right:
            yield left[-1].key, "or" if right[0].denied else token.word, right[0].key
