"""Whether there is a verdict to tell: where nothing is answered there is mostly none.

A question from outside the field, or one that the library does not cover, may still tell of a
patient with a red flag. That is shown; "no objection" to an answer that there is not is not.
"""

from assistant.answering.answer import Outcome
from assistant.case.case import Case
from assistant.checking.check import Check, Weight
from assistant.checking.examination import Examination

NOTHING_TO_CHECK = "There is no answer to check against a patient."


def is_checked(examination: Examination, check: Check, outcome: Outcome) -> bool:
    """Whether the verdict, and what is still to ask, go with an answer of this outcome."""
    shown = check.to_show()
    if outcome is Outcome.ANSWERED:
        return examination.case.about_patient or bool(shown)
    if any(issue.weight is Weight.STOP for issue in shown):
        return True
    return outcome is Outcome.NOT_COVERED and bool(shown) and tells_finding(examination.case)


def tells_finding(case: Case) -> bool:
    """Whether the words, or the reader, say anything of a patient beyond what the topic is."""
    return any(
        (finding.evidence or finding.corrected) and not case.facts.by_id[name].topic
        for name, finding in case.findings.items()
    )
