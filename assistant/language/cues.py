"""Cue phrases: ``lexicon/cues.yaml`` of a library, and where they stand in a sentence."""

import itertools
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Generic, Self, TypeVar

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from assistant.errors import ReadError
from assistant.yaml_files import read_yaml

CUES_FILE = "lexicon/cues.yaml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

_TOKEN = re.compile(r"['’]s\b|[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*|\d+(?:[.,]\d+)*|_+|[^\w\s]")
_PART = re.compile(r"(?:\[[^\]]*\]|\S)+")
_UNBRACKETED = str.maketrans("", "", "[]")
_CLASS = re.compile(r"<([\w-]+)>")
_FOLDED = str.maketrans("’–−", "'--")
_DASH = "—"
_YEAR = re.compile(r"(?:19|20)\d\d$")
_STOPS = frozenset(".,;)]/|")
_STARTS = frozenset(",:-(—")
_BUILT_IN = frozenset({"number", "year", "word", "stop", "start"})
_PLACES = frozenset({"<start>", "<stop>"})
_ANYWHERE, _AT_START = 0, 1
_INSIDE, _OPENING = frozenset({_ANYWHERE}), frozenset({_ANYWHERE, _AT_START})

T = TypeVar("T")


def _split_lines(value: object) -> object:
    return value.strip().splitlines() if isinstance(value, str) else value


Lines = Annotated[tuple[Text, ...], BeforeValidator(_split_lines), Field(min_length=1)]


class _PhraseError(Exception):
    """A phrase cannot be understood, or names a list that the file does not have."""


class Means(StrEnum):
    """What a cue says of the mentions in its scope."""

    NEGATED = "negated"
    POSSIBLE = "possible"
    AFFIRMED = "affirmed"
    HISTORICAL = "historical"
    RECENT = "recent"
    HYPOTHETICAL = "hypothetical"
    QUESTION = "question"
    ACTUAL = "actual"
    OTHER = "other"


class Reach(StrEnum):
    """On which side of the cue its scope lies."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"
    EITHER = "either"  # forward where it opens a clause, else backward


class Cue(BaseModel):
    """Phrases that say the same. They may also, or only, hide shorter ones of what they name.

    ``words`` limits the scope, counted afresh at each comma, conjunction and mention; ``ends``
    names what cuts it off, and without any nothing does. ``section``: a heading, whose scope is the
    list below it. ``asked``: only in a sentence with a question mark, or only without. ``item``:
    only where the whole item of a list holds no other cue of its kind.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    means: tuple[Means, ...] = ()
    hides: tuple[Means, ...] = ()
    reach: Reach = Reach.FORWARD
    words: Annotated[int, Field(ge=1)] | None = None
    ends: tuple[Text, ...] = ()
    section: bool = False
    asked: bool | None = None
    item: bool = False
    phrases: Lines

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.means and not self.hides:
            raise ValueError("it neither means nor hides anything")
        return self


class _CueFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    words: dict[Text, Lines] = {}
    ends: dict[Text, Lines] = {}
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign; ``word`` is folded, for comparing."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What stands at tokens ``[first, last)``."""

    first: int
    last: int
    value: T


@dataclass(slots=True, eq=False)
class _State(Generic[T]):
    """How far the phrases are that may stand here; ``closing`` counts where a clause ends."""

    nodes: frozenset[int]
    values: tuple[T, ...]
    closing: tuple[T, ...]
    following: dict[str, "_State[T]"] = field(default_factory=dict)


@dataclass(slots=True)
class Phrases(Generic[T]):
    """Many phrases as one automaton, made deterministic as texts are read."""

    _steps: list[dict[str, list[int]]] = field(default_factory=lambda: [{}, {}])
    _skips: list[list[int]] = field(default_factory=lambda: [[], []])
    _values: dict[int, T] = field(default_factory=dict)
    _closing: dict[int, T] = field(default_factory=dict)
    _words: set[str] = field(default_factory=set)
    _states: dict[frozenset[int], _State[T]] = field(default_factory=dict)

    def add(self, parts: Sequence[Sequence[Sequence[str]]], value: T) -> None:
        """A phrase: for each part in turn, the wordings of which one stands there."""
        node = _AT_START if parts[0] == [("<start>",)] else _ANYWHERE
        values = self._closing if parts[-1] == [("<stop>",)] else self._values
        for part in _between(parts):
            after = self._new_node()
            for option in part:
                at = node
                for word in option:
                    self._words.add(word)
                    step = self._new_node()
                    self._steps[at].setdefault(word, []).append(step)
                    at = step
                self._skips[at].append(after)
            node = after
        values[node] = value

    def find(self, tokens: Sequence[Token], closed: Container[int] = ()) -> Iterator[Found[T]]:
        """Every phrase that stands in the tokens; of two at one place, the first added first.

        None goes on into a token that is ``closed``.
        """
        anywhere, starting = self._at(_INSIDE), self._at(_OPENING)
        keys = [self._key(token.word) for token in tokens]
        for first, key in enumerate(keys):
            if not key or key == "<word>":
                continue
            begins = first == 0 or tokens[first - 1].word in _STARTS
            state = starting if begins else anywhere
            for at in range(first, len(tokens)):
                if at in closed and at > first:
                    break
                known = state.following.get(keys[at])
                state = self._follow(state, keys[at]) if known is None else known
                if not state.nodes:
                    break
                if state.closing and (at + 1 == len(tokens) or tokens[at + 1].word in _STOPS):
                    for value in state.closing:
                        yield Found(first, at + 1, value)
                for value in state.values:
                    yield Found(first, at + 1, value)

    def _new_node(self) -> int:
        self._steps.append({})
        self._skips.append([])
        return len(self._steps) - 1

    def _key(self, word: str) -> str:
        """The word as the phrases tell it apart from others; empty if none of them has it."""
        if word in self._words:
            return word
        if word[0].isdigit():
            return "<year>" if _YEAR.match(word) else "<number>"
        return "<word>" if word[0].isalpha() else ""

    def _follow(self, state: _State[T], key: str) -> _State[T]:
        symbols = {key}
        if key and key[0].isdigit():
            symbols |= {"<number>", "<year>"} if _YEAR.match(key) else {"<number>"}
        elif key == "<year>":
            symbols.add("<number>")
        elif key[:1].isalpha():
            symbols.add("<word>")
        nodes = frozenset(
            after
            for node in state.nodes
            for symbol in symbols
            for after in self._steps[node].get(symbol, ())
        )
        following = self._at(nodes)
        state.following[key] = following
        return following

    def _at(self, nodes: frozenset[int]) -> _State[T]:
        if nodes not in self._states:
            reached = set(nodes)
            waiting = list(nodes)
            while waiting:
                for after in self._skips[waiting.pop()]:
                    if after not in reached:
                        reached.add(after)
                        waiting.append(after)
            self._states[nodes] = _State(
                frozenset(reached),
                _ordered(self._values, reached),
                _ordered(self._closing, reached),
            )
        return self._states[nodes]


def _between(parts: Sequence[Sequence[Sequence[str]]]) -> Sequence[Sequence[Sequence[str]]]:
    """The parts without what only says where the phrase may stand."""
    first = int(parts[0] == [("<start>",)])
    return parts[first : len(parts) - int(parts[-1] == [("<stop>",)])]


def _ordered(values: dict[int, T], nodes: set[int]) -> tuple[T, ...]:
    """The different values of the nodes, the first added first."""
    each = {id(values[node]): values[node] for node in sorted(nodes) if node in values}
    return tuple(each.values())


@dataclass(frozen=True, slots=True)
class Cues:
    """Every cue of a library, and what ends a scope; empty where it has no such file."""

    cues: Phrases[Cue] = field(default_factory=Phrases)
    ends: dict[str, Phrases[str]] = field(default_factory=dict)


def find_tokens(text: str, start: int, end: int) -> tuple[Token, ...]:
    """The tokens of ``text[start:end]``.

    A question mark before its word reads "query"; a dash between words is not a hyphen.
    """
    return tuple(
        Token(found.start(), found.end(), _fold(text, found))
        for found in _TOKEN.finditer(text, start, end)
    )


def _fold(text: str, found: re.Match[str]) -> str:
    word = found[0].lower().translate(_FOLDED)
    if word not in ("?", "-"):
        return word
    before = text[found.start() - 1 : found.start()]
    after = text[found.end() : found.end() + 3]
    if word == "-":
        return _DASH if before == " " and after.startswith(" ") else word
    apart = not before or not (before.isalnum() or before in "?)]\"'")
    return "query" if apart and after.lstrip(" ?")[:1].isalnum() else word


def load_phrases(corpus: Path) -> Cues:
    """The cues of a corpus folder. Raises ReadError naming the entry at fault."""
    path = corpus / CUES_FILE
    if not path.is_file():
        return Cues()
    try:
        plain = read_yaml(path.read_text(encoding="utf-8"))
        read = _CueFile.model_validate(plain)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReadError(str(path), " ".join(str(error).split())) from error
    except ValidationError as error:
        first = error.errors()[0]
        entry = ".".join(str(part) for part in first["loc"]) or "of all"
        raise ReadError(str(path), f"entry {entry}: {first['msg']}") from error
    try:
        return _compile(read)
    except _PhraseError as error:
        raise ReadError(str(path), str(error)) from error


def _compile(read: _CueFile) -> Cues:
    compiled = Cues()
    for name, phrases in read.ends.items():
        compiled.ends[name] = Phrases()
        for phrase in phrases:
            compiled.ends[name].add(_parse(phrase, read.words, f"ends.{name}"), name)
    for number, cue in enumerate(read.cues):
        entry = f"cues.{number}"
        for unknown in set(cue.ends) - set(read.ends):
            raise _PhraseError(f"entry {entry}.ends: no ends are named '{unknown}'")
        for phrase in cue.phrases:
            compiled.cues.add(_parse(phrase, read.words, entry), cue)
    return compiled


def _parse(
    phrase: str, classes: Mapping[str, Sequence[str]], entry: str
) -> list[list[tuple[str, ...]]]:
    """The phrase's parts, each with the wordings that may stand there."""
    parts = _expand(phrase, classes, entry)
    within = _between(parts)
    placed = {word for part in within for wording in part for word in wording} & _PLACES
    if placed or all(() in part for part in within):
        raise _PhraseError(f"entry {entry}: '{phrase}' is no phrase")
    return parts


def _expand(
    phrase: str, classes: Mapping[str, Sequence[str]], entry: str
) -> list[list[tuple[str, ...]]]:
    return [
        [
            wording
            for option in part.translate(_UNBRACKETED).split("|")
            for wording in _wordings(option, classes, entry)
        ]
        for part in _PART.findall(phrase)
    ]


def _wordings(
    option: str, classes: Mapping[str, Sequence[str]], entry: str
) -> Iterator[tuple[str, ...]]:
    """Every wording of an option; a list may name others, but not itself."""
    named = _CLASS.fullmatch(option)
    if option == "~":
        yield ()
    elif named is not None and named[1] in _BUILT_IN:
        yield (option,)
    elif named is not None and named[1] in classes:
        others = {name: lines for name, lines in classes.items() if name != named[1]}
        for line in classes[named[1]]:
            yield from _join(_expand(line, others, entry))
    elif named is not None:
        raise _PhraseError(f"entry {entry}: no words are named '{option}'")
    elif " " in option:
        yield from _join(_expand(option, classes, entry))
    else:
        yield tuple(token.word for token in find_tokens(option, 0, len(option)))


def _join(parts: Sequence[Sequence[Sequence[str]]]) -> Iterator[tuple[str, ...]]:
    for chosen in itertools.product(*parts):
        yield tuple(itertools.chain.from_iterable(chosen))
