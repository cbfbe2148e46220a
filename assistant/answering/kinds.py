"""What kind of answer a question wants, and what kinds a statement gives: told from words alone."""

import re
from functools import lru_cache

from assistant.language.lexicon import AnswerKind

# Kinds whose answer is a figure: a statement without one cannot be the answer.
FIGURES = frozenset(
    {
        AnswerKind.DURATION,
        AnswerKind.DOSE,
        AnswerKind.VOLUME,
        AnswerKind.RATE,
        AnswerKind.THRESHOLD,
        AnswerKind.TIMING,
    }
)
_TIME = r"(?:sec(?:ond)?s?|min(?:ute)?s?|h|hrs?|hours?|days?|nights?|weeks?|wks?|months?|years?)"


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


_ASKS: dict[AnswerKind, re.Pattern[str]] = {
    AnswerKind.DURATION: _any(
        r"\bhow long\b(?! (?:after|before|until|till|til|since|from|between))",
        rf"\bhow many {_TIME}\b",
        rf"\bfor (?:how many|what) {_TIME}\b",
        r"\bduration\b",
        r"\blength of (?!needle)",
        r"\bfor how long\b",
    ),
    AnswerKind.DOSE: _any(
        r"\bdos(?:e|es|age|ing)\b",
        r"\bhow (?:much|many) (?:of )?(?!blood|volume|time|fluid|csf|saline|ml\b)"
        r"(?:mg|mcg|µg|units?|g|tablets?|caffeine|[a-z]+(?:ine|ol|ide|one|in|am|ate|il|ac|ets?|ps))\b",
        r"\b(?:mg|mcg|µg|micrograms?|milligrams?|units?)(?: ?/ ?kg)?\b(?=.*\?|$)",
        r"\bregimen\b",
    ),
    AnswerKind.VOLUME: _any(
        r"\bhow (?:much|many) (?:of (?:my|her|his|the) (?:own )?)?(?:blood|volume|fluid|csf|saline"
        r"|contrast|ml\b|mls\b|millilit\w+|lit(?:re|er)s?)",
        r"\bvolumes?\b",
        r"\b(?:how many |in )?(?:mls?|millilit\w+)\b",
    ),
    AnswerKind.RATE: _any(
        r"\bhow (?:often|common|frequent(?:ly)?|rare|likely|many (?:patients|people|women|cases|of)"
        r"|well|effective|good|accurate|sensitive|reliable)\b",
        r"\b(?:what|which) (?:percent\w*|proportion|share|fraction|rate|odds|chance|risk)",
        r"\b(?:rates?|incidence|prevalence|percent(?:age)?|proportion|odds|chances?|probabilit\w+"
        r"|likelihood|sensitivit\w+|specificit\w+|yield|success|risk of|frequency of|mortality)\b",
        r"%",
    ),
    AnswerKind.THRESHOLD: _any(
        r"\b(?:threshold|cut[- ]?off|limit|max(?:imum)?|min(?:imum)?|at (?:what|which)|above what"
        r"|below what|how (?:high|low|big|large|small|old|wide)|upper|lower|lowest|highest|what"
        r" (?:level|count|size|gauge|pressure|score|temperature|age|inr))\b",
    ),
    AnswerKind.TIMING: _any(
        r"\bwhen\b",
        r"\bhow (?:soon|early|late|quickly|fast)\b",
        r"\bhow long (?:after|before|until|till|til|since|from|between|should i wait|do i wait"
        r"|must i wait|to wait)\b",
        r"\b(?:interval|timing|time window|wait(?:ing)?|gap between)\b",
        r"\bwhat (?:day|time|point|stage)\b",
    ),
    AnswerKind.REASON: _any(
        r"\bwhy\b",
        r"\b(?:reason|mechanism|rationale|how come|what (?:causes|explains|makes))\b",
        r"\bhow does\b",
    ),
    AnswerKind.DEFINITION: _any(
        r"\b(?:definition|define[ds]?|meaning of|what does .{1,40} mean|stand for|criteria"
        r"|criterion|what counts as)\b",
        r"^\W*what(?: is|'s| are) (?:an? |the )?(?:\w+\W+){1,4}$",
    ),
    AnswerKind.DIRECTIVE: _any(
        r"\b(?:should|shall|can|could|may|must|do|would|need) (?:i|we|she|he|they|you|the patient"
        r"|this|it|one)\b",
        r"\b(?:is it (?:ok|okay|safe|fine|worth|necessary|allowed)|ok to|safe to|allowed to|what"
        r" (?:next|now|to do)|advice|recommend\w*|indicated|first[- ]line|best (?:way|option|choice"
        r"|treatment)|go ahead|proceed|fine\?|right\?)",
    ),
    AnswerKind.ENTITY: _any(
        r"\b(?:which|who|whom|what (?:kind|type|sort|scan|test|drug|needle))\b"
    ),
}

_RANGE = r"\d[\d.,]*(?:\s*(?:-|–|to|or|and)\s*\d[\d.,]*)?"
_GIVES: dict[AnswerKind, re.Pattern[str]] = {
    AnswerKind.DURATION: _any(
        rf"\b{_RANGE}[\s-]*{_TIME}\b",
        rf"\b(?:one|two|three|four|five|six|seven|ten|several|a few|an?) {_TIME}\b",
        r"\b(?:overnight|permanent\w*|indefinite\w*|until)\b",
    ),
    AnswerKind.DOSE: _any(
        rf"\b{_RANGE}\s*(?:mg|mcg|µg|micrograms?|milligrams?|g|grams?|units?|iu|mmol)\b",
        rf"\b{_RANGE}\s*(?:tablets?|puffs?|drops?|cups?|sachets?|capsules?)\b",
    ),
    AnswerKind.VOLUME: _any(rf"\b{_RANGE}\s*(?:ml|mls|millilit\w+|l|lit(?:re|er)s?|cc)\b"),
    AnswerKind.RATE: _any(
        r"\d\s*%",
        r"\b\d[\d,]* (?:of|in|out of) (?:the )?\d",
        r"\b(?:odds ratio|relative risk|hazard ratio)\b",
        r"\bper (?:100|1,?000|10,?000|100,?000|million)\b",
        r"\b(?:rare|rarely|common|commonly|most|half|a third|two thirds|quarter|majority)\b",
    ),
    AnswerKind.THRESHOLD: _any(
        r"\b(?:more|less|greater|fewer|higher|lower|above|below|over|under|at least|at most|up to"
        r"|or (?:more|less)|maximum|minimum|exceed\w*|within)\b[^.]{0,25}\d",
        r"[<>≥≤]\s*\d",
        r"\d[^.]{0,15}\bor (?:more|less|higher|lower|above|below|over|under)\b",
        r"\b\d{2}\s*-?\s*(?:g|gauge)\b",
    ),
    AnswerKind.TIMING: _any(
        rf"\b(?:within|after|before|at|by|until|from|first|next|every|beyond|for)\b[^.;]{{0,30}}"
        rf"{_RANGE}[\s-]*{_TIME}\b",
        rf"\b{_RANGE}[\s-]*{_TIME}\b[^.;]{{0,25}}\b(?:after|before|later|between|of|from|since)\b",
        r"\b(?:immediately|at once|urgent(?:ly)?|same day|as (?:early|soon) as|straight away"
        r"|without delay|day \d)\b",
    ),
    AnswerKind.REASON: _any(
        r"\b(?:because|since|due to|owing to|caused? by|so that|results? (?:from|in)|leads? to"
        r"|explain\w*|mechanism|therefore|thus|reflects?)\b"
    ),
    AnswerKind.DEFINITION: _any(
        r"\b(?:is (?:a|an|the|defined)|are (?:a|an|the|defined)|means|defined as|refers to)\b",
        r"\b(?:criteri\w+|consists? of|called|require[sd]?)\b",
    ),
    AnswerKind.DIRECTIVE: _any(
        r"^(?:do not|don't|never|avoid|offer|give|use|order|perform|consider|treat|refer|image"
        r"|arrange|start|continue|stop|keep|aim|contact|discuss|exclude|obtain|add|take|choose|tell"
        r"|ask|lie|admit|provide|ensure|measure|record|assess|allow|delay|reconsider|repeat|suspect"
        r"|return|seek|call|watch|monitor|check|look)\b",
        r"\b(?:should|must|recommend\w*|advis\w+|indicated|contraindicated|first[- ]line|suggest\w*"
        r"|allow\w*|not appropriate|appropriate|reasonable)\b",
    ),
    AnswerKind.ENTITY: re.compile(r""),
}


@lru_cache(maxsize=2_000)
def kinds_asked(question: str) -> frozenset[AnswerKind]:
    """The kinds of answer that a question wants; often none that is known here."""
    return frozenset(kind for kind, pattern in _ASKS.items() if pattern.search(question))


@lru_cache(maxsize=50_000)
def kinds_given(statement: str) -> frozenset[AnswerKind]:
    """The kinds of answer that a statement gives."""
    return frozenset(kind for kind, pattern in _GIVES.items() if pattern.search(statement))
