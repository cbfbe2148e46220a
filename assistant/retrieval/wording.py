"""Other wordings of a question: abbreviations and their long forms, spellings put right.

A library's own abbreviations are read from its text, where "long form (LF)" introduces them
(Schwartz and Hearst 2003); a lexicon may add more. A misspelled word is put right only to a word
that the library has, and an everyday word that it lacks is swapped for a like one that it has.
Each wording is searched; the best score counts.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from assistant.retrieval.terms import split_terms

_INTRODUCED = re.compile(r"\(\s*([A-Za-z][A-Za-z0-9-]{1,9})\s*\)")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_SHORTEST_CORRECTED = 5
_TWO_SLIPS_FROM = 8
MOST_WORDINGS = 5
LONG_STORY = 700
_BETWEEN_SENTENCES = re.compile(r"(?<=[.?!])\s+|\n+")

# Everyday words of questions that mean the same; terms of the field belong in the lexicon.
EVERYDAY = (
    ("increase", "raise", "heighten", "elevate", "boost"),
    ("reduce", "lower", "decrease", "lessen", "diminish"),
    ("start", "begin", "commence", "onset"),
    ("stop", "cease", "halt", "discontinue", "end"),
    ("show", "demonstrate", "reveal", "display"),
    ("occur", "happen"),
    ("order", "request"),
    ("assess", "evaluate", "examine", "check"),
    ("often", "frequent", "common", "usual"),
    ("exclude", "rule out", "preclude"),
    ("recommend", "advise", "suggest"),
    ("require", "need", "necessary"),
    ("improve", "better"),
    ("worsen", "worse", "deteriorate", "aggravate"),
    ("urgent", "emergency", "immediate"),
    ("cause", "trigger", "provoke"),
    ("remain", "stay"),
    ("scan", "imaging"),
    ("danger", "harm", "risk"),
    ("avoid", "prevent"),
)


def find_abbreviations(texts: Iterable[str]) -> dict[str, str]:
    """Short form → the long form that introduces it most often."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for match in _INTRODUCED.finditer(text):
            short = match.group(1)
            if sum(c.isupper() for c in short) < 2:
                continue
            words = text[: match.start()].split()[-min(len(short) + 5, 2 * len(short)) :]
            long = _long_form(short, " ".join(words))
            if long:
                found[short][long.lower()] += 1
    return {
        short: min(forms.items(), key=lambda form: (-form[1], form[0]))[0]
        for short, forms in found.items()
    }


def _long_form(short: str, before: str) -> str | None:
    """Match the short form's characters from right to left, its first at a word's start."""
    i, j = len(short) - 1, len(before) - 1
    while i >= 0:
        letter = short[i].lower()
        if not letter.isalnum():
            i -= 1
            continue
        while j >= 0 and (
            before[j].lower() != letter or (i == 0 and j > 0 and before[j - 1].isalnum())
        ):
            j -= 1
        if j < 0:
            return None
        i -= 1
        j -= 1
    long = before[j + 1 :].strip()
    several = len(long.split()) > 1
    return long if several and len(long) > len(short) else None


_MARKUP = re.compile(
    r"<[^<>]{1,500}>|\{\{.*?\}\}|\$\{.*?\}|https?://\S+|%[0-9a-f]{2}", re.IGNORECASE
)


_COURTESY = (
    r"(?:hello|hi|hey|dear (?:all|colleagues?|team|doctors?|sir|madam)|good (?:morning|afternoon"
    r"|evening|day)|(?:many |kind |best )*(?:thanks|thank you|regards|wishes|cheers)"
    r"(?: (?:very|so) much| a lot)?(?: in advance)?(?: for (?:your|any|the) (?:help|time|advice"
    r"|reply|answer))?|please|sorry to (?:bother|trouble) you|i hope you are well)\b[\s,.!:;-]*"
)
_BEFORE = re.compile(rf"^\s*(?:{_COURTESY})+", re.IGNORECASE)
_AFTER = re.compile(rf"(?<=[\s,.?!;])(?:{_COURTESY})+$", re.IGNORECASE)


def as_plain(question: str) -> str:
    """The question as words: full-width letters made plain, markup and addresses left out, and
    what is said out of courtesy before and after it."""
    plain = _MARKUP.sub(" ", unicodedata.normalize("NFKC", question))
    asked = _AFTER.sub("", _BEFORE.sub("", plain))
    return next((words for words in (asked, plain) if words.strip()), question)


def ask_of(question: str) -> str:
    """What a long story asks: its questions, or its last sentence; a short text as it is.

    The embedder reads only the beginning of a long text, and the question often ends it.
    """
    if len(question) <= LONG_STORY:
        return question
    sentences = [part.strip() for part in _BETWEEN_SENTENCES.split(question) if part.strip()]
    asks = [sentence for sentence in sentences if sentence.endswith("?")] or sentences[-1:]
    return " ".join(asks)[-LONG_STORY:] or question[-LONG_STORY:]


class Wordings:
    """Rewords questions for one library."""

    def __init__(
        self,
        texts: Sequence[str],
        synonyms: Iterable[tuple[str, Sequence[str]]] = (),
    ) -> None:
        """``synonyms`` pairs the name that documents use with others that mean the same."""
        self._vocabulary = Counter(
            word for text in texts for word in _WORD.findall(text.lower()) if len(word) > 3
        )
        self._terms = {term for word in self._vocabulary for term in split_terms(word)}
        self._everyday = {
            split_terms(word)[0]: known
            for group in EVERYDAY
            if (known := next((w for w in group if self._terms.issuperset(split_terms(w))), None))
            for word in group
            if " " not in word and split_terms(word)
        }
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._vocabulary):
            self._by_start[word[0]].append(word)
        self._others: dict[str, str] = {}
        for short, long in find_abbreviations(texts).items():
            self._others[short] = long
            self._others.setdefault(long, short)
        for name, others in synonyms:
            self._others.update(dict.fromkeys(others, name))
            self._others.setdefault(name, name)
        forms = sorted(self._others, key=lambda form: (-len(form), form))
        self._form = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)
            if forms
            else None
        )
        self._folded = {form.casefold(): other for form, other in self._others.items()}

    def of(self, question: str) -> tuple[str, ...]:
        """The question first, then at most a few other wordings of it."""
        asked = ask_of(question)
        corrected = self._correct(asked)
        swapped = self._swap(corrected)
        wordings = [question, asked, corrected, self._swap(asked), swapped]
        wordings.append(self._say_as_library(swapped))
        return tuple(dict.fromkeys(wordings))[:MOST_WORDINGS]

    def _say_as_library(self, question: str) -> str:
        """Everyday words that the library lacks, in like words that it has."""

        def say(match: re.Match[str]) -> str:
            word = match.group()
            terms = split_terms(word)
            if not terms or terms[0] in self._terms:
                return word
            return self._everyday.get(terms[0], word)

        return _WORD.sub(say, question)

    def _swap(self, question: str) -> str:
        if self._form is None:
            return question
        return self._form.sub(lambda m: self._other(m.group()), question)

    def _other(self, form: str) -> str:
        if form in self._others:
            return self._others[form]
        # "or" is not OR: two letters count as an abbreviation only when written as one.
        return form if len(form) < 3 else self._folded[form.casefold()]

    def _correct(self, question: str) -> str:
        return _WORD.sub(lambda match: self._nearest(match.group()), question)

    def _nearest(self, word: str) -> str:
        """The library's word that this one is a slip of, if there is just one nearest."""
        low = word.lower()
        if len(low) < _SHORTEST_CORRECTED or low in self._vocabulary or word.isupper():
            return word
        if any(low + end in self._vocabulary for end in ("s", "es", "ed", "ing")):
            return word
        slips = 2 if len(low) >= _TWO_SLIPS_FROM else 1
        best: tuple[int, int, str] | None = None
        for known in self._by_start.get(low[0], ()):
            if abs(len(known) - len(low)) > slips or len(known) < _SHORTEST_CORRECTED - 1:
                continue
            distance = DamerauLevenshtein.distance(low, known, score_cutoff=slips)
            if distance <= slips:
                candidate = (distance, -self._vocabulary[known], known)
                best = min(best, candidate) if best else candidate
        return best[2] if best else word
