"""Where sentences begin and end: sentencex, corrected for clinical abbreviations and references."""

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from assistant.documents.references import UNNUMBERED, Referencing, end_of_words, find_after_stops
from assistant.spans import Span

LONGEST_SENTENCE = 800

_WINDOW = 24
_ENDS = re.compile(r"""[.!?…。！？؟۔।]["'”’»)\]]*\s*$""")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\[“\"'‘/])(?:approx|ca|cf|vs|viz|resp|temp|figs?|eqs?|refs?|vol|suppl|al|dr|prof|mrs?"
    r"|ms|st|ste|e\.?g|i\.e|excl|incl|esp|dept|univ|spp|subsp|var)\.\s*$",
    re.IGNORECASE,
)
_ABBREVIATED_NUMBER = re.compile(
    r"(?:^|[\s(\[])(?:nos?|pp?|max|min|ch|sec|app|tabs?|caps?|inj|wt|ht|art|par|in)\.\s*$",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"""([.!?…])([)"'”’]+)""")
_OPENING = "(\"'“‘"
_OPENED = re.compile(rf"(?<=\s)[{_OPENING}]+")
_HIDDEN = dict.fromkeys(map(ord, "()\"'“”‘’"), ",")
_ENCLOSED = re.compile(
    r"""\([^()]{1,300}\)|“[^“”]{1,300}”|(?<!\w)"(?=\S)[^"]{1,200}(?<=\S)"(?!\w)"""
)
# Sentencex takes the letter for a person's initial.
_LETTERED = re.compile(
    r"\b(?:vitamin|hepatitis|type|group|grade|class|stage|factor|influenza|category) [A-Z]\."
    r"(?=\s+[A-Z])",
    re.IGNORECASE,
)
# A figure that lost its shape on the way ("8. 9 Hz") is not to be parted.
_CUT_FIGURE = re.compile(r"(?:^|[\s=<>(])\d{1,3}\.$")
_LOWER_WORD = re.compile(r"[^\W\d_A-Z]*[a-zà-öø-ÿ][^\W\d_A-Z]*(?![^\W_a-zà-öø-ÿ])")
_NOTHING_SAID = re.compile(r"[\W_]*(?:\d{1,2}|[ivxIVX]{1,4}|[a-zA-Z])?[\W_]*$")


def find_sentences(text: str, span: Span, referencing: Referencing = UNNUMBERED) -> Iterator[Span]:
    """The sentences of ``text`` within ``span``, without white space and references.

    A run of more than ``LONGEST_SENTENCE`` characters is cut at white space.
    """
    start = span.start
    for end, following in _find_gaps(text, span, referencing):
        yield from cut_long(text, Span(start, end))
        start = following


def _find_gaps(text: str, span: Span, referencing: Referencing) -> Iterator[tuple[int, int]]:
    """For each sentence, where it ends and where the next one starts."""
    words = span.of(text)
    skipped = list(find_after_stops(words, referencing))
    ends = sorted({reference.start for reference in skipped} | set(_find_stops(words)))
    following = {reference.start: reference.end for reference in skipped}
    passed = begun = 0
    for end in ends:
        if end < passed:
            continue
        if end in following:
            passed = following[end]
        elif end == len(words) or _goes_on(words, begun, end):
            continue
        else:
            passed = end
        yield span.start + end, span.start + passed
        begun = passed
    yield (
        span.start + max(passed, end_of_words(words, Span(passed, len(words)), referencing)),
        span.end,
    )


def _find_stops(words: str) -> Iterator[int]:
    """Where a sentence seems to end, before the white space."""
    ends = {boundary["end_index"] for boundary in get_sentence_boundaries("en", _unpaired(words))}
    ends.update(found.end() for found in _LETTERED.finditer(words))
    enclosed = _ENCLOSED.finditer(words)
    inside = next(enclosed, None)
    for end in sorted(ends):
        end = _before_opening(words, end)
        while inside is not None and inside.end() <= end:
            inside = next(enclosed, None)
        if inside is None or end <= inside.start():
            yield end


def _unpaired(words: str) -> str:
    """The words with brackets and quotation marks hidden.

    Sentencex ends no sentence between two of them, and takes an apostrophe, or one whose partner
    was lost, for the first of a pair.
    """
    closed = _CLOSED.sub(lambda found: found[1] + "." * len(found[2]), words)
    return _OPENED.sub(lambda found: " " * len(found[0]), closed).translate(_HIDDEN)


def _before_opening(words: str, end: int) -> int:
    """The end without the white space, and the brackets and marks that open what follows."""
    while end > 0 and (
        words[end - 1].isspace()
        or (words[end - 1] in _OPENING and words[end - 2 : end - 1].isspace())
    ):
        end -= 1
    return end


def _goes_on(words: str, begun: int, end: int) -> bool:
    """Whether the sentence that seems to end here does not."""
    before = words[max(begun, end - _WINDOW) : end]
    following = words[end : end + _WINDOW].lstrip()
    if not following:
        return True
    if not _ENDS.search(before) or _ABBREVIATED.search(before):
        return True
    if following[0].isdigit() and _ABBREVIATED_NUMBER.search(before):
        return True
    if following[0].isdigit() and _CUT_FIGURE.search(before):
        return True
    if end - begun <= _WINDOW and _NOTHING_SAID.match(before):
        return True
    return _LOWER_WORD.match(following) is not None


def cut_long(text: str, span: Span) -> Iterator[Span]:
    """The span without white space around it, in pieces when it is very long."""
    start, end = _trim(text, span.start, span.end)
    while end - start > LONGEST_SENTENCE:
        cut = start + LONGEST_SENTENCE
        while cut > start and not text[cut].isspace():
            cut -= 1
        cut = cut if cut > start else start + LONGEST_SENTENCE
        yield Span(*_trim(text, start, cut))
        start, end = _trim(text, cut, end)
    if start < end:
        yield Span(start, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
