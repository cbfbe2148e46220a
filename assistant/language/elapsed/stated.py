"""Whether a time is told as so, or only asked, supposed, planned or advised."""

import re

from assistant.language.elapsed.times import Kind, Time
from assistant.language.elapsed.wording import PIECE, find_last
from assistant.spans import Span

_SUPPOSED = re.compile(
    r"(?<!\w)(?:if|unless|whether|suppos\w*|assuming|in\s+case|planned|booked|scheduled|due|listed"
    r"|list|slot|until|till)(?!\w)",
    re.IGNORECASE,
)
_ADVISED = re.compile(
    r"(?<!\w)(?:should|shall|must|ought|needs?\s+to|wait\w*|leave|allow|delay|defer|hold|avoid|keep"
    r"|lie\s+flat|recommend\w*|advis\w*|suggest\w*|guideline\w*|restart|resume|start|give|next|repeat|how\s+(?:long|soon|late|early|many)"
    r"|(?:can|could|may|might|would|will|do|does|is|are)\s+"
    r"(?:I|we|you|she|he|they|one|it|there|the|an?))(?!\w)",
    re.IGNORECASE,
)
_DONE_SINCE = re.compile(
    r"(?<!\w)(?:(?:was|were|been|then)\s+(?:done|given|performed|placed)|had|received|underwent|got"
    r"|went\s+ahead|helped|worked|failed)(?!\w)",
    re.IGNORECASE,
)
_SUPPOSED_AFTER = re.compile(
    r"\s*(?:\?\s*$|(?:[’']s\s+)?(?:(?:theatre|emergency|elective|procedure)\s+)?(?:list|slot)\b)",
    re.IGNORECASE,
)
# What is said of today may yet be to come.
_TO_COME = re.compile(
    r"(?<!\w)(?<!\bthe\s)(?:plan(?:s|ning)?|suggest\w*|propos\w*|offer\w*|recommend\w*|advis\w*|consider\w*"
    r"|want(?:s|ed|ing)?|would|will|going\s+(?:to|for)|hop(?:es|ing)|intend\w*|arrang\w*|organis\w*"
    r"|organiz\w*|request\w*|agree[sd]?|consent\w*|await\w*|wait\w*|pencilled|down\s+for|keen|ready\s+for|later"
    r"|(?:is|she[’']s|he[’']s|are|for)\s+(?:(?:having|getting|for)\s+)?(?:an?\s+|the\s+|her\s+|his\s+)?"
    r"(?:(?:epidural|first|second|repeat|another)\s+)*(?:blood\s+)?(?:patch|EBP)|to\s+have|due)(?!\w)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"[\W]*(?:is|are|was|were|do|does|did|can|could|would|will|how|what|why|when|which)(?!\w)",
    re.IGNORECASE,
)
_ASKED_AFTER = re.compile(
    r"\s*,?\s*(?:is|are|can|should|could|would|do|does|will|may)\s+"
    r"(?:it|I|we|you|she|he|they|there|the|this|an?)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(r"(?<!\w)(?:who|whose|had|with|because|given\s+that|now)(?!\w)", re.IGNORECASE)
_DONE = re.compile(r"(?<!\w)(?:had|done|gave|given|was|has|took|taken|received|after)(?!\w)", re.I)


def is_stated(text: str, time: Time, event: Span, *, ago: bool) -> bool:
    """Whether it is told as so; "ago" and "yesterday" tell it even inside a question."""
    sentence = text[time.sentence.start : time.sentence.end]
    asked = text[time.sentence.end : time.sentence.end + 1] == "?"
    first = min(time.start, max(event.start, time.sentence.start)) - time.sentence.start
    last = max(time.end, event.end) - time.sentence.start
    begun = max((f.end() for f in PIECE.finditer(sentence, 0, first)), default=0)
    lead = sentence[begun : time.start - time.sentence.start]
    within = sentence[begun : max(last, begun)]
    if _SUPPOSED.search(within) or _SUPPOSED_AFTER.match(sentence, last):
        return False
    if ago:
        today = time.kind is Kind.PAST and time.quantity.low == 0
        if today and _is_to_come(sentence, begun, last):
            return False
        return not (today and asked and not _DONE.search(within))
    told = [found.end() for found in _TOLD.finditer(lead)]
    advised = find_last(_ADVISED, lead, 0, len(lead))
    if advised and not (told and told[-1] > advised.end()):
        return False
    if asked and not told and _ASKED.match(lead):
        return False
    bounded = time.quantity.low is None or time.quantity.high is None
    return not (bounded and _ASKED_AFTER.match(sentence, last))


def _is_to_come(sentence: str, begun: int, last: int) -> bool:
    """Whether the words around a time of today plan what it dates, and do not tell it as done."""
    planned = find_last(_TO_COME, sentence, begun, last)
    if planned is None:
        return False
    return _DONE_SINCE.search(sentence, planned.end(), last) is None
