"""How likely the library answers a question: the figures that the model reckons it from."""

from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.answering.features import Described
from assistant.retrieval.hits import Retrieval

_FIRST = 3
_FAR = 6.0
_MOST_LACKING = 9.0
_OF_THE_BEST = (
    "similarity|asked|ask overlap|expanded|salient|lacking|coverage|whole|whole salient|lexical"
    "|focus|passage|dense|context|figure lacking|figures lacking|figure given|population other"
    "|children unasked|pregnancy unasked|cited|pressing|dose lacking|volume lacking"
    "|duration lacking|rate lacking|timing lacking|limit lacking|learned|learned share|said"
    "|focus asked|focus salient|focus lacking|focus learned"
).split("|")
_GREATEST = (
    "similarity|asked|ask overlap|expanded|salient|lexical|whole|whole salient|dense|cited|pressing"
    "|learned|focus asked|focus salient|focus learned"
).split("|")
_MEANS = "similarity|asked|expanded|salient|lacking|ask overlap|learned".split("|")
_AGAINST_GAPS = "asked|ask overlap|expanded|salient|similarity|learned|learned share".split("|")
_ON_THE_WHOLE = "known|margin|topic|coverage|score|statement".split("|")


def confidence_figures(
    described: Described, scores: NDArray[np.float64], retrieval: Retrieval
) -> dict[str, float]:
    """What the confidence is reckoned from; there is at least one candidate.

    A statement that the library does not cover something is a *gap*: the best of them is held
    against the best of the others.
    """
    order = np.argsort(-scores, kind="stable")
    is_gap = np.array([candidate.is_gap for candidate in described.candidates])
    others, gaps = order[~is_gap[order]], order[is_gap[order]]
    best = (others if len(others) else order)[0]
    first, compared = others[:_FIRST], bool(len(others) and len(gaps))
    columns = {name: described.column(name).astype(float) for name in described.names}
    figures = {f"best {name}": columns[name][best] for name in _OF_THE_BEST}
    for name in _GREATEST:
        figures[f"greatest {name}"] = columns[name][others].max(initial=0.0)
    figures["least lacking"] = columns["lacking"][others].min(initial=_MOST_LACKING)
    for name in _MEANS:
        figures[f"first {name}"] = columns[name][first].sum() / max(1, len(first))
    odds = np.exp(scores[order] - scores[order[0]])
    figures["mass of one"] = odds[0] / odds.sum()
    figures["mass of three"] = odds[:_FIRST].sum() / odds.sum()
    figures["gap first"] = is_gap[order[0]]
    figures["gap outside"] = bool(len(gaps)) and described.candidates[gaps[0]].is_outside
    lead = scores[gaps[0]] - scores[best] if compared else -_FAR
    figures["gap lead"] = np.clip(lead, -_FAR, _FAR)
    for name in _AGAINST_GAPS:
        figures[f"gap {name}"] = (
            columns[name][gaps[:_FIRST]].max() - columns[name][first].max() if compared else -0.5
        )
    for name in _ON_THE_WHOLE:
        figures[f"search {name}"] = retrieval.signals[name]
    figures["rules"] = min(5, len(retrieval.query.cited))
    figures["pressing rules"] = min(5, len(retrieval.query.pressing))
    figures["words"] = log(max(1, len(retrieval.query.text.split())))
    return {name: float(value) for name, value in figures.items()}
