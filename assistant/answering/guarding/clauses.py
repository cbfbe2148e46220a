"""Where clauses begin, what each denies, and how strongly it urges or how surely it holds."""

import re
from collections.abc import Sequence
from enum import StrEnum

from assistant.answering.guarding.tokens import Token
from assistant.spans import Span


class Mood(StrEnum):
    """How strongly a clause urges, or how surely it holds."""

    PLAIN = "plain"
    SHOULD = "should"
    MAY = "may"
    CONSIDER = "consider"
    MUST = "must"


STARTERS = frozenset(
    "because if when whenever where while until till unless although though but whereas so which "
    "who then instead rather provided once except".split()
)
_AHEAD_ENDS = frozenset("in after before for when only from by during at to with within".split())
_NEW_AFTER_AND = frozenset("do not never no none avoid only then neither".split())
_OF_SOURCES = frozenset("according as evidence".split())
_SAYING = frozenset(
    "states state advises advise reports report notes note says say warns warn suggests suggest "
    "holds hold argues argue recommends recommend describes lists list".split()
)
NOT = frozenset({"not", "never", "avoid", "avoids", "avoided", "avoiding", "neither", "nor"})
NONE = frozenset({"no", "none", "nothing", "nobody"})
NO_MORE = frozenset({"without", "rather", "instead", "except"})
MOODS = {
    **dict.fromkeys("may might can could perhaps".split(), Mood.MAY),
    **dict.fromkeys("consider considered considering considers".split(), Mood.CONSIDER),
    **dict.fromkeys("must mandatory obligatory essential compulsory".split(), Mood.MUST),
    **dict.fromkeys(
        "should ought advise advises advised advising recommend recommends recommended "
        "recommending asks".split(),
        Mood.SHOULD,
    ),
}
OPEN = (Mood.MAY, Mood.CONSIDER)
_PHRASES = (
    (re.compile(r"\b(?:ha(?:ve|s)|needs?) to\b", re.IGNORECASE), Mood.MUST),
    (re.compile(r"\b(?:is|are) to be\b", re.IGNORECASE), Mood.SHOULD),
    (re.compile(r"\bthink of\b", re.IGNORECASE), Mood.CONSIDER),
)
_IMPERATIVES = frozenset(
    "offer give use order perform treat refer image arrange start continue stop keep aim contact "
    "discuss exclude obtain add take administer choose tell ask lie lay admit provide ensure "
    "measure record assess review watch check time look rule screen send call request plan suspect "
    "include do nurse wear warn examine reconsider repeat place delay allow let apply involve "
    "follow leave limit reserve seek patch report regard work rethink avoid avoiding rely "
    "withhold inject prescribe monitor observe return quote sit inform make get go begin".split()
)
JOINS = frozenset({"and", "or", "nor"})
_SEGMENT_WORDS = frozenset(
    "and or but while whereas against versus vs than compared rather respectively".split()
)
_AUXILIARIES = frozenset(
    "is are was were has have had do does did can may might should must will could would".split()
)


def find_clauses(tokens: Sequence[Token]) -> list[int]:
    """The number of the clause that each token stands in."""
    clauses: list[int] = []
    number = last = 0
    outside: list[int] = []
    for at, token in enumerate(tokens):
        if token.word == "(":
            outside.append(number)
        if at and tokens[at - 1].word == ")" and outside:
            number = outside.pop()
        elif at and _opens_clause(tokens, at):
            number = last = last + 1
        clauses.append(number)
    return clauses


def _opens_clause(tokens: Sequence[Token], at: int) -> bool:
    token, before = tokens[at], tokens[at - 1]
    if before.word in ";:(" or token.word in ";:(":
        return True
    if token.word == "%" or before.word == "%":
        return False
    if before.word == ",":
        if token.word in _AUXILIARIES and token.word != "do":
            return False
        return not (_is_fronted(tokens, at - 1) or _in_list(tokens, at - 1))
    if before.word in _SAYING and token.word != ",":
        return True
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if token.word == "and":
        return following in _NEW_AFTER_AND
    if token.word == "then" and before.word in ("and", "only"):
        return False
    return token.word in STARTERS and before.word not in ("and", "or")


def _is_fronted(tokens: Sequence[Token], comma: int) -> bool:
    """Whether a comma ends the phrase that opens a sentence, which belongs to what follows."""
    before = [at for at in range(comma) if tokens[at].word in ";:"]
    opening = [token.word for token in tokens[before[-1] + 1 if before else 0 : comma]]
    if before and opening and opening[0] not in ("in", "for", "after", "among", "of"):
        return False
    if not opening or opening[0] in STARTERS or opening[0] in _IMPERATIVES:
        return False
    return not any(
        word in _AUXILIARIES or word in _SAYING or word in _OF_SOURCES or word in ",;:()"
        for word in opening
    )


def _in_list(tokens: Sequence[Token], comma: int) -> bool:
    """Whether a comma parts the members of a list: a short one follows, then a sign of more."""
    first = tokens[comma + 1].word if comma + 1 < len(tokens) else ""
    if first in STARTERS or first in ("not", "according", "as", "with"):
        return False
    if first in JOINS:
        after = tokens[comma + 2].word if comma + 2 < len(tokens) else ""
        if _has_verb(tokens, comma, -1) and _has_verb(tokens, comma, 1):
            return False
        return after not in _NEW_AFTER_AND
    for at in range(comma + 1, min(comma + 7, len(tokens))):
        word = tokens[at].word
        if word == "," or word in JOINS:
            return tokens[at - 1].word not in _SAYING
        if word in STARTERS or word in ";:()":
            return False
    return False


def _has_verb(tokens: Sequence[Token], at: int, step: int) -> bool:
    """Whether an auxiliary stands between a comma and the next sign before or after it."""
    at += step
    while 0 <= at < len(tokens) and tokens[at].word not in ",;:()":
        if tokens[at].word in _AUXILIARIES:
            return True
        at += step
    return False


def find_segments(tokens: Sequence[Token], figures: Sequence[Span]) -> list[int]:
    """The number of the stretch between signs and joining words that each token stands in.

    A figure ("6 mm or less") is never parted.
    """
    segments: list[int] = []
    number = 0
    for token in tokens:
        inside = any(span.start < token.start < span.end for span in figures)
        if not inside and (token.word in ",;:()" or token.word in _SEGMENT_WORDS):
            number += 1
        segments.append(number)
    return segments


def denies(tokens: Sequence[Token], at: int) -> bool:
    word = tokens[at].word
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if word == "no" and following in ("later", "more", "less", "fewer"):
        return False
    if word in ("rather", "instead"):
        return following in ("than", "of")
    if word in ("fail", "fails", "failed", "failing"):
        return following == "to"
    return word in NOT or word in NONE or word in NO_MORE


def is_aside(tokens: Sequence[Token], at: int) -> bool:
    """Whether a denial is the second half of one, or only says that nobody has reviewed it."""
    ahead = [token.word for token in tokens[at + 1 : at + 3]]
    return tokens[at].word == "nor" or "reviewed" in ahead


def count_by_clause(clauses: Sequence[int], places: Sequence[int]) -> tuple[int, ...]:
    counts = [0] * (max(clauses, default=-1) + 1)
    for at in places:
        counts[clauses[at]] += 1
    return tuple(counts)


def find_denied(
    tokens: Sequence[Token], clauses: Sequence[int], deniers: Sequence[int]
) -> frozenset[int]:
    """The tokens that a denial covers: its clause, or the phrase after "without" and its like."""
    denied: set[int] = set()
    for at in deniers:
        word, before = tokens[at].word, tokens[at - 1].word if at else ""
        phrase = word in NO_MORE or (word in NONE and before == "with")
        opens = at == 0 or clauses[at - 1] != clauses[at]
        for other, clause in enumerate(clauses):
            if phrase and other > at and tokens[other].word in _AHEAD_ENDS:
                break
            if clause == clauses[at] and (other > at or not (phrase or opens)):
                denied.add(other)
    return frozenset(denied)


def find_moods(text: str, tokens: Sequence[Token], clauses: Sequence[int]) -> tuple[Mood, ...]:
    """The strongest of each clause's signs of mood."""
    order = [Mood.PLAIN, Mood.SHOULD, Mood.MAY, Mood.CONSIDER, Mood.MUST]
    moods = [Mood.PLAIN] * (max(clauses, default=-1) + 1)
    at_offset = {
        found.start(): mood for pattern, mood in _PHRASES for found in pattern.finditer(text)
    }
    for at, (token, clause) in enumerate(zip(tokens, clauses, strict=True)):
        mood = MOODS.get(token.word) or at_offset.get(token.start)
        opens = at == 0 or (
            clauses[at - 1] != clause or tokens[at - 1].word in (",", "and", "but", "then")
        )
        if mood is None and opens and token.word in _IMPERATIVES:
            mood = Mood.SHOULD
        if mood is not None and order.index(mood) > order.index(moods[clause]):
            moods[clause] = mood
    return tuple(moods)
