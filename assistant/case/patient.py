"""Whether a text tells of a patient, or only asks in general."""

import re

_PERSON = re.compile(
    r"\b\d{1,3}\s*(?:-?\s*(?:year|yr|y|month|week)s?[-\s]*old|\s*y/?o|[mMfF])\b"
    r"|\b(?:she|he|her|his|him|hers|herself|himself)\b"
    r"|\b(?:my|our|this|the|a|one)\s+(?:\w+\s+){0,3}(?:patient|pt|woman|man|lady|gentleman|girl|boy"
    r"|mother|mum|mom|parturient|primip\w*|multip\w*|child|baby|infant|toddler|teenager|wife"
    r"|husband|daughter|son)\b"
    r"|^\W*(?:pt|patient|woman|man|lady|gentleman|primip\w*|multip\w*|mother|child|girl|boy)\b"
    r"|\bG\d\s?P\d\b|\bP\d\+\d\b"
    r"|\b(?:I|i)(?:'ve|'m| have| had| am| was| got| feel| developed| started| woke| get| can't"
    r"| cannot)\b"
    r"|\bmy\s+(?:head|headache|back|neck|leg|legs|eyes|ears|vision|hearing|spinal|epidural|lp|patch"
    r"|temperature)\b"
    r"|\b(?:presents|presented|presenting|admitted|referred|c/o|complains|complaining|o/e)\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"\b(?:patients|women|men|children|people|adults|those|anyone|someone|parturients)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^\W*(?:what|which|when|why|how|who|where|is|are|does|do|can|could|should|may|must|will"
    r"|would|in|list|name|define|explain|describe)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:had|has|have|is|was|were|now|developed|since|today|yesterday|overnight|morning|tonight"
    r"|came|again|returned|got|getting|woke|vomited|vomiting|became|becoming|started|began|worse|worsening|complains|ongoing|persists"
    r"|day\s+\d+|d\d)\b",
    re.IGNORECASE,
)


def tells_of_patient(text: str, *, denied: bool, measured: bool, findings: int) -> bool:
    """Whether it speaks of one person, or states what only a patient has.

    ``denied``: it says that something is absent; ``measured``: it gives a number or a time that
    belongs to a finding; ``findings``: how many findings of now it states as present. Without a
    person named, a question is general; keywords alone are.
    """
    if _PERSON.search(text):
        return True
    if _GENERAL.search(text) or _ASKS.match(text):
        return False
    return denied or measured or (findings > 1 and bool(_TELLS.search(text)))


_RELATIVE = re.compile(
    r"^\W*(?:my|our)\s+(?:wife|husband|partner|mother|mum|mom|father|dad|daughter|son|sister|brother"
    r"|girlfriend|boyfriend|friend|child|toddler|baby|little\s+(?:girl|boy))\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\b(?:I'm|I am|I've|I have|I had|I was|I get|I feel|my\s+(?:head|back))\b"
)


_SALUTATION = re.compile(r"^\W*(?:dear|hi|hello)\s+[^,\n.;]{1,50}[,\n]", re.IGNORECASE)
_OCCUPATION = re.compile(
    r"\b\d{1,3}[-\s]?(?:year|yr)s?[-\s]old\s+(?!(?:man|woman|lady|male|female|gentleman|girl|boy|child"
    r"|patient|mother|who|with|para|primip)\w*)(?P<word>[a-z]{3,})",
    re.IGNORECASE,
)


def name_patient(text: str) -> str:
    """The text with its patient plainly named, so that she is taken for nobody else.

    A relative that it opens with becomes "she", not where the writer tells of herself as well; a
    salutation goes; "34-year-old teacher" is a person. Every other character keeps its place.
    """
    opening = _RELATIVE.search(text)
    if opening is not None and not _FIRST_PERSON.search(text):
        text = "She".ljust(opening.end()) + text[opening.end() :]
    if salutation := _SALUTATION.match(text):
        text = " " * salutation.end() + text[salutation.end() :]
    for found in _OCCUPATION.finditer(text):
        start, end = found.span("word")
        person = "man" if end - start < len("woman") else "woman"
        text = text[:start] + person.ljust(end - start) + text[end:]
    return text
