"""Emergencies that a library of guidelines is not the place for: told from words alone."""

import re

EMERGENCY = "In an emergency follow your local emergency protocol and call for help now."
_EMERGENCY = re.compile(
    r"\b(?:cardiac arrest|arrested|no pulse|pulseless|not breathing|stopped breathing|apn(?:o)?ea"
    r"|unresponsive|anaphyla\w+|chok(?:ing|ed)|overdos\w+|suicid\w+|kill (?:myself|herself|himself)"
    r"|heart attack|myocardial infarction|stemi|massive (?:bleed\w*|ha?emorrhage)"
    r"|bleeding (?:heavily|out|to death)|exsanguinat\w*|status epilepticus|ha?emorrhagic shock"
    r"|septic shock|local an(?:a)?esthetic toxicity|can'?t (?:intubate|oxygenate|ventilate)"
    r"|failed intubation|malignant hyperthermia|cord prolapse|shoulder dystocia|eclamptic fit"
    r"|peri-?arrest|resus(?:citation)?)\b",
    re.IGNORECASE,
)


def is_emergency(question: str) -> bool:
    """Whether the question names an emergency."""
    return bool(_EMERGENCY.search(question))
