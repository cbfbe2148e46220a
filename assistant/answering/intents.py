"""What a question asks for, and which headings hold such answers: general clinical vocabulary."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Intent:
    """``asks`` is sought in the question, ``heads`` in the headings of a passage."""

    name: str
    asks: re.Pattern[str]
    heads: re.Pattern[str]


def _intent(name: str, asks: str, heads: str) -> Intent:
    return Intent(name, re.compile(asks, re.IGNORECASE), re.compile(heads, re.IGNORECASE))


INTENTS: tuple[Intent, ...] = (
    _intent(
        "definition",
        r"^(?:so )?what (?:is|are) (?:an? |the )?(?!.*\b(?:dos|treat|manag|cause|risk|sign|symptom|"
        r"complicat|prevent|prognos|side|adverse|contraindic|aim|goal|test|investig|differential|"
        r"incidence|prevalence)\w*)(?:\S+\s?){1,6}\?*$|\bdefin\w+|what is meant by|\bmeaning of\b",
        r"\bintroduction\b|\bdefinition|\boverview|\bbackground|\bdescription|\bgeneral\b|"
        r"\bsummary\b|what is\b|\babout\b",
    ),
    _intent(
        "frequency",
        r"\bepidemiolog|\bprevalence|\bincidence|how (?:common|frequent)|\bburden",
        r"\bepidemiolog|\bprevalence|\bincidence|\bburden|\bhow (?:common|often)",
    ),
    _intent(
        "cause",
        r"\bcauses?\b|\bcaused\b|\ba?etiolog|\bpathogen\w*|\bwhy does\b",
        r"\bcauses?\b|\ba?etiolog|\bpathogen|\bpathophysiolog|\borganism",
    ),
    _intent(
        "risk",
        r"\brisk factors?\b|\bpredispos|\bat risk\b|\bwho is .*risk|\brais\w+ the risk",
        r"\brisk\b|\bpredispos",
    ),
    _intent(
        "features",
        r"\bpresent(?:s|ing|ation)?\b|\bsymptoms?\b|\bsigns?\b|\bclinical (?:features?|picture|"
        r"manifest)|\bmanifest|\blook like\b|\bfeatures\b",
        r"\bclinical features?\b|\bfeatures\b|\bsymptoms?\b|\bsigns?\b|\bpresentation|\bmanifest|"
        r"\bclinical (?:evaluation|assessment|picture)",
    ),
    _intent(
        "investigation",
        r"\btests?\b|\binvestigat|\bwork[- ]?up\b|\blaborator|\bimaging\b|\bscreen|"
        r"\bdiagnos(?:ed|e|is|tic)\b",
        r"\btests?\b|\binvestigat|\bwork[- ]?up\b|\blaborator|\bimaging\b|\bscreen|"
        r"(?<!differential )\bdiagnos(?!es of)|\bradiolog|\bexamination",
    ),
    _intent(
        "differential",
        r"\bdifferential|\bruled? out\b|\bother (?:conditions|diagnos|causes)|\bmimic|"
        r"\bconfused with\b|\bdistinguish",
        r"\bdifferential|\bmimic",
    ),
    _intent(
        "complication",
        r"\bcomplicat|\bsequela|\bconsequences\b|\bwhat can happen\b|\blong[- ]term effects",
        r"\bcomplicat|\bsequela|\bconsequences",
    ),
    _intent(
        "goal",
        r"\baims?\b|\bgoals?\b|\bobjectives?\b|\btargets?\b",
        r"\baims?\b|\bgoals?\b|\bobjectives?\b|\btargets?\b",
    ),
    _intent(
        "drug",
        r"\bdos(?:es?|age|ing)\b|\bmedicines?\b|\bmedications?\b|\bdrugs?\b|\bpharmacolog|"
        r"\bprescrib|\bantibiotics?\b|\bregimen",
        r"(?<!non-)(?<!non )\bdrugs?\b(?! reaction)|\bdos(?:es?|age|ing)\b|\bmedicines?\b|"
        r"\bmedications?\b|(?<!non-)\bpharmacolog|\bregimen|\bantibiotic|\bantimicrobial|\btherapy\b",
    ),
    _intent(
        "treatment",
        r"(?<!aims of )\btreat(?:ed|ment|ing)?\b|\bmanage(?:d|ment)?\b|\btherap",
        r"\btreat|\bmanage|\btherap|\bsurgical|\bsurgery",
    ),
    _intent(
        "without drugs",
        r"\bnon[- ]?(?:drug|pharmac)|\bwithout (?:drugs|medic)|\blifestyle|\bsurg(?:ery|ical)",
        r"\bnon[- ]?(?:drug|pharmac)|\blifestyle|\bsurg(?:ery|ical)|\bmeasures\b",
    ),
    _intent(
        "support",
        r"\bsupportive|\bsupport\b",
        r"\bsupportive|\bsupport\b|\bgeneral measures|\bnursing",
    ),
    _intent("prevention", r"\bprevent|\bprophyla|\bavoid(?:ed)?\b", r"\bprevent|\bprophyla"),
    _intent(
        "outlook",
        r"\bprognos|\boutcomes?\b|\bsurviv|\boutlook",
        r"\bprognos|\boutcomes?\b|\bsurviv",
    ),
    _intent(
        "caution",
        r"\bcautions?\b|\bcontra-?indicat|\badverse|\bside[- ]effects?|\bprecaution|\bwarning|"
        r"\binteraction",
        r"\bcaution|\bcontra-?indicat|\badverse|\bside[- ]effects?|\bprecaution|\bwarning|"
        r"\binteraction",
    ),
    _intent("referral", r"\brefer(?:red|ral)?\b", r"\brefer"),
    _intent("monitoring", r"\bmonitor|\bfollow[- ]?up", r"\bmonitor|\bfollow[- ]?up"),
    _intent(
        "prohibition",
        r"\b(?:not (?:to )?(?:order|do|give|use|request)|should (?:i|we) (?:not|avoid)|avoid)\b",
        r"\bnot to\b|\bavoid|\bdo not\b|\bpitfall",
    ),
)


def intents_of(question: str) -> tuple[Intent, ...]:
    """What the question asks for; often nothing that is known here."""
    return tuple(intent for intent in INTENTS if intent.asks.search(question))
