"""The words that several readers look for: beside a time, and about what happened."""

import re

PROCEDURE_NAMES = re.compile(
    r"(?<!\w)(?:LP|spinal|epidural|EBP|blood\s*patch|patch|wet\s+tap|tap|dural|puncture|C/?S|LSCS|CSE"
    r"|SVD|forceps|op|operation|surgery|caesar|cesar|deliver|birth|labour|labor|block|anaesth|anesth|injection"
    r"|drain|catheter|fusion|procedure|myelogra)|(?:ectomy|otomy|plasty|scopy|section|graphy)\b",
    re.IGNORECASE,
)

# Beside a time.
OF = re.compile(r"\s*(?:of|from)\b\s*", re.IGNORECASE)
AGO = re.compile(
    r"\s*(?:ago|back|previously|earlier|prior(?!\s+to)|beforehand|before(?=\s*(?:[,.;:)]|$)))(?!\w)",
    re.IGNORECASE,
)
FOR = re.compile(
    r"(?<!\w)(?:for|last(?:ing|ed|s)?|persist\w*|continu\w*|ongoing|x|×)"
    r"(?:\s+(?:for|about|now|beyond))?(?:\s+the)?(?:\s+(?:last|past))?\s*$",
    re.IGNORECASE,
)
SINCE = re.compile(r"(?P<comma>,\s*)?(?<!\w)since\s*$", re.IGNORECASE)
LAST = re.compile(r"(?<!\w)last(?!\w)", re.IGNORECASE)
PIECE = re.compile(r"[,:(]|\s[–—-]+\s|\b(?:but|and)\b", re.IGNORECASE)
ADVERBS = r"(?:[^\W\d][\w’'/-]*\s+)"
TURNS = re.compile(
    r"(?<!\w)(?:before|prior|when|then|but|after|post|following|ago|later|no|without|had|for)(?!\w)",
    re.IGNORECASE,
)
BESIDE = re.compile(r"[\s,:x×(-]*")
OPENING = re.compile(
    r"(?:\s|[,\"'(-]|–|(?<!\w)(?:now|and|then|but|so|this|that|it|was|is|which|who|about|on|at|I|she|he"
    r"|we|they|pt|patient|had|has|have|having|underwent|received|took|got|gave|birth|delivered|just|only|her|his|my|the"
    r"|wife|husband|first|\d+\s?[MF])(?!\w))*",
    re.IGNORECASE,
)

# About what happened.
BEGAN = re.compile(
    r"(?<!\w)(?:start(?:ed|ing|s)?|beg[aiu]n\w*|c[ao]m(?:e|es|ing)\s+on|develop\w*|onset|appear\w*"
    r"|noticed|arose|occurr\w*|set\s+in|commenced|first)(?!\w)",
    re.IGNORECASE,
)
STARTED = re.compile(r"(?<!\w)(?:start(?:ed)?|beg[au]n|commenced|initiated)(?!\w)", re.IGNORECASE)
STOPPED = re.compile(
    r"(?<!\w)(?:stopped|held|withheld|off|omitted|paused|ceased|discontinued|last|not\s+had)(?!\w)",
    re.IGNORECASE,
)
GONE = re.compile(
    r"(?<!\w)(?:resolved|gone|went|settled|stopped|free|better|cleared|recovered|disappeared|reliev\w*|eased)(?!\w)",
    re.IGNORECASE,
)

# How many characters a time reaches at most to its event.
FARTHEST = 110


def find_last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The last match within, None if there is none."""
    return max(pattern.finditer(text, start, end), key=re.Match[str].start, default=None)
