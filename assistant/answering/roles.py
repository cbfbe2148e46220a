"""What a quoted sentence does in an answer, told from its own words."""

import re

from assistant.answering.answer import QuoteRole

# In order: the first that matches wins, so a prohibition is never filed under its timing.
_CUES: tuple[tuple[QuoteRole, str], ...] = (
    (
        QuoteRole.AVOID,
        r"\b(do(?:es)? not (?!exclude|rule out)|don't|avoid|never|should not|must not|not be "
        r"(?:used|given|offered|done|performed)|contraindicat\w*|not recommended|not appropriate|"
        r"no role for|withhold)\b",
    ),
    (
        QuoteRole.CAVEAT,
        r"\b(unconfirmed|disputed|does not (?:exclude|rule out)|cannot exclude|not excluded?|"
        r"uncertain|unclear|limited evidence|extrapolated|caution|however|not covered)\b",
    ),
    (
        QuoteRole.MONITOR,
        r"\b(monitor\w*|observ(?:e|ed|ation)|follow[- ]up|review (?:daily|at|within|the patient)|"
        r"watch for|look for|check for|return (?:urgently|if))\b",
    ),
    (
        QuoteRole.CONDITION,
        r"^(?:if|when|where|in case of|should (?:the|a|she|he|they))\b|\b(?:only if|unless)\b",
    ),
    (
        QuoteRole.TIMING,
        r"\b(?:within|after|for|at least|before|until|up to|every|first)\s+(?:the\s+)?(?:first\s+)?"
        r"\d[\d.,–-]*\s*(?:to\s+\d+\s*)?(?:min(?:ute)?s?|h|hours?|days?|weeks?|months?|years?)\b",
    ),
    (
        QuoteRole.DO,
        r"^(?:offer|give|use|order|perform|consider|treat|refer|image|arrange|start|continue|stop|"
        r"keep|aim|contact|discuss|exclude|obtain|add|take|administer|choose|tell|ask|lie|admit|"
        r"provide|ensure|measure|record|assess)\b|\b(?:should be|is recommended|are recommended|is "
        r"indicated|are indicated|is advised|first[- ]line|treatment of choice|recommends?)\b",
    ),
)
_PATTERNS = tuple((role, re.compile(cue, re.IGNORECASE)) for role, cue in _CUES)


def tell_role(text: str) -> QuoteRole:
    """``BACKGROUND`` where no cue is found; ``DIRECT`` is never told from words."""
    for role, pattern in _PATTERNS:
        if pattern.search(text):
            return role
    return QuoteRole.BACKGROUND
