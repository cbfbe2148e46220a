"""What is written in several ways, put in one: phrases of general English, and abbreviations."""

import re
from collections.abc import Sequence

from assistant.language.lexicon import Concept

_NORMAL = (
    (re.compile(r"[’‘]"), "'"),
    (re.compile(r"\s+[–—-]\s+|—"), ", "),
    (re.compile(r"\b(can)not\b", re.IGNORECASE), r"\1 not"),
    (re.compile(r"(\w)n't\b", re.IGNORECASE), r"\1 not"),
    (re.compile(r"\bwith or without\b", re.IGNORECASE), "withorwithout"),
    (re.compile(r"\bat or (above|after|before|below)\b", re.IGNORECASE), r"ator\1"),
    (re.compile(r"\[\d+(?:\s*[,–-]\s*\d+)*\]"), ""),
    (re.compile(r"[*_`]+"), ""),
    (re.compile(r"(?<=[a-z])\s+\([A-Z][A-Za-z]{0,3}[A-Z][A-Za-z]?\)"), ""),
    # Phrases that mean the same.
    (re.compile(r"\b(?:every|each|per) day\b", re.IGNORECASE), "daily"),
    (
        re.compile(
            r"(?<=[a-z]) a day\b(?<!for a day)(?<!within a day)(?<!in a day)(?<!after a day)"
        ),
        " daily",
    ),
    (
        re.compile(r"\b(?:lie|lies|lay|laid|nursed?) (?:(?:the |a )?patients? )?flat\b", re.I),
        "lying flat",
    ),
    (re.compile(r"\bwhether\b", re.IGNORECASE), ""),
    (re.compile(r"(?<=\w) means\b", re.IGNORECASE), " is"),
    (re.compile(r"\b(without|not|no) any\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\brul(e|es|ed|ing) out\b", re.IGNORECASE), r"exclud\1"),
    (re.compile(r"\blook(s|ed|ing)? for\b", re.IGNORECASE), "seek"),
    (re.compile(r"\b(?:due|owing) to\b|\bbecause of\b", re.IGNORECASE), "because"),
    (re.compile(r"\bas opposed to\b|\bin place of\b", re.IGNORECASE), "instead of"),
    (re.compile(r"\b(?:straight|right) away\b|\bat once\b", re.IGNORECASE), "immediately"),
    (re.compile(r"\b(?:get|gets|got|become|becomes|make|makes|made) worse\b", re.I), "worsen"),
    (re.compile(r"\b(?:get|gets|got|become|becomes|make|makes|made) better\b", re.I), "improve"),
    (re.compile(r"\b(?:go|goes|gone|went|going) away\b", re.IGNORECASE), "resolve"),
    (re.compile(r"\bfor (?:example|instance)\b", re.IGNORECASE), "such as"),
    (re.compile(r"\bin order to\b", re.IGNORECASE), "to"),
    (re.compile(r"\blook(?:s|ed)? like\b", re.IGNORECASE), "resemble"),
    (re.compile(r"\bas soon as\b", re.IGNORECASE), "as early as"),
    (re.compile(r"\b(?:nonetheless|nevertheless|in addition|as well)\b(?! as)", re.I), ""),
    (re.compile(r"\b(?:each|every|per|a) year\b|\bannually\b", re.IGNORECASE), "yearly"),
    (re.compile(r"\bintravenous(?:ly)?\b", re.IGNORECASE), "by vein"),
    (re.compile(r"\boral(?:ly)?\b", re.IGNORECASE), "by mouth"),
    (re.compile(r"\bon (?:its|their) own\b", re.IGNORECASE), "alone"),
    (re.compile(r"\b(?:go|goes|going|come|comes|came|coming) back\b", re.IGNORECASE), "return"),
    (
        re.compile(r"\b(stand|stands|standing|stood|sit|sits|sitting|show|shows|shown) up\b", re.I),
        r"\1",
    ),
    (re.compile(r"\b(?:high|raised|elevated) blood pressure\b", re.IGNORECASE), "hypertension"),
    (re.compile(r"\bboth\b(?=(?:\W+\w+){1,10}?\W+and\b)", re.IGNORECASE), ""),
)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+(?=[A-Z0-9\"“(«])|\n+")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9-]*[A-Z0-9]")


def normalise(text: str) -> str:
    """The text in the one way."""
    for pattern, plain in _NORMAL:
        text = pattern.sub(plain, text)
    return text


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a statement or quote, each bullet with the line that leads it."""
    sentences: list[str] = []
    lead = ""
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        words = line[bullet.end() :] if bullet else line
        if not words.strip():
            continue
        if not bullet:
            lead = ""
        found = [part.strip() for part in _SENTENCE.split(words) if part.strip()]
        sentences += [f"{lead} {part}" if bullet and lead else part for part in found]
        if not bullet and words.rstrip().endswith(":"):
            lead = words.strip()
    return tuple(sentences)


class LongForms:
    """Puts an abbreviation wherever its long form stands, inside longer names too."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self._short: dict[str, str] = {}
        for concept in concepts:
            written = (*concept.names, *concept.abbreviations)
            short = next((name for name in written if _ABBREVIATION.fullmatch(name)), None)
            for name in written if short else ():
                if " " in name and short:
                    self._short[_plain_name(name)] = short
        longest = sorted(self._short, key=lambda name: (-len(name), name))
        pattern = "|".join(re.escape(name).replace(r"\ ", r"[\s-]") for name in longest)
        self._pattern = (
            re.compile(rf"(?<![\w-])({pattern})(?:e?s)?(?!\w)", re.I) if pattern else None
        )

    def shorten(self, text: str) -> str:
        """The text with every long form for which there is a short one in it."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self._short[_plain_name(found[1])], text)


def _plain_name(name: str) -> str:
    return re.sub(r"[\s-]+", " ", name.casefold())
