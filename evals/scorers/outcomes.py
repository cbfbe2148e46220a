"""Whether a question that the library answers is answered, and no other."""

from collections.abc import Iterator

from evals.gold import Located
from evals.measures import Score
from evals.transcript import ANSWERED, ERROR, Transcript


def score_outcome(located: Located, said: Transcript) -> Iterator[Score]:
    """False refusals ("answers given") and missed ones ("refusals made") are counted apart."""
    gold = located.gold
    came = f"came to {said.outcome}" + (f": {said.error}" if said.error else "")
    right = float(said.outcome == gold.outcome)
    yield Score("outcome accuracy", gold.id, right, f"expected {gold.outcome}, {came}")
    if gold.outcome == ANSWERED:
        yield Score("answers given", gold.id, float(said.outcome == ANSWERED), came)
    else:
        yield Score("refusals made", gold.id, float(said.outcome not in (ANSWERED, ERROR)), came)
