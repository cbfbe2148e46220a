"""The Pathway tab: where this patient stands, drawn, and the same in words."""

from collections.abc import Iterator, Mapping, Sequence

from assistant.checking.examination import Examination
from assistant.interfaces.render_patient import mark_status
from assistant.interfaces.ui_flow import SIGNS, Box, draw
from assistant.interfaces.ui_html import cite_links, escape, sign
from assistant.interfaces.ui_words import (
    list_findings,
    name_fact,
    only_asks,
    rules_of,
    say_because,
)
from assistant.pathways.evaluation import Evaluation, Flip, Outcome
from assistant.pathways.pathway import Rule
from assistant.truth import Truth

WIDE, NARROW = 600, 350
MOST_OPEN = 2
MOST_CHANGED = 3
MOST_FLIPS = 6
EMPTY = (
    '<div class="pane-empty"><p class="quotes" aria-hidden="true">⑂</p><p>Describe a patient in '
    "your question: where the patient stands on the pathways is drawn here.</p></div>"
)
_TITLE = "Where this patient stands on the pathways; the same in words follows."
_LEGEND = (
    '<p class="legend flow-legend"><span>✓ applies</span> <span>✕ barred</span> '
    "<span>? undetermined</span> <span>⇄ would change it</span></p>"
)

Numbers = Mapping[str, tuple[int, ...]]


def render_pathway(examination: Examination, numbers: Numbers, answer_id: str) -> str:
    """The drawing in two widths, of which the page shows the fitting one, and the words."""
    if not examination.case.about_patient:
        return EMPTY
    boxes = list_boxes(examination, numbers)
    drawings = "".join(draw(boxes, width, _TITLE, answer_id) for width in (WIDE, NARROW))
    return (
        f'<h3 class="label">Where this patient stands</h3>{_LEGEND}{drawings}'
        f'<details class="in-words"><summary>The same in words</summary>'
        f"{_in_words(boxes, answer_id)}</details>{_general(examination, numbers, answer_id)}"
    )


def list_boxes(examination: Examination, numbers: Numbers) -> list[Box]:
    """Everything in the flow, from top to bottom."""
    rules = rules_of(examination.evaluations)
    told = ", ".join(list_findings(examination.case))
    boxes = [Box("patient", "This patient", told or "Nothing is known yet.")]
    waiting, off = [], []
    for evaluation in examination.evaluations:
        if evaluation.applies is Truth.FALSE:
            off.append(evaluation.pathway.title)
        elif evaluation.applies is Truth.UNKNOWN:
            waiting.append(evaluation)
        else:
            boxes += _station(evaluation, examination, rules, numbers)
    boxes += _unplaced(waiting)
    if off:
        boxes.append(Box("off", "Does not apply", "; ".join(off)))
    boxes += _flips(examination, rules)
    return boxes


def _station(
    evaluation: Evaluation, examination: Examination, rules: Mapping[str, Rule], numbers: Numbers
) -> Iterator[Box]:
    case, title = examination.case, evaluation.pathway.title
    own = [o for o in evaluation.holding if o.because and not only_asks(o.rule, rules)]
    if not own and not evaluation.open:
        return
    kind, where = ("here", "You are here: ") if evaluation.step else ("station", "")
    yield Box(kind, f"{where}{title}")
    for outcome in own:
        yield _outcome(outcome, say_because(outcome, case), numbers)
    for outcome in evaluation.open[:MOST_OPEN]:
        needs = _needs(outcome)
        yield Box("open", "Undetermined", outcome.rule.text, f"Not known: {needs}")
    more = len(evaluation.open) - MOST_OPEN
    if more > 0:
        yield Box(
            "open", f"{more} more undetermined", note="Answer the questions of the Patient tab."
        )


def _outcome(outcome: Outcome, because: str, numbers: Numbers) -> Box:
    rule = outcome.rule
    kind = "barred" if rule.avoid and not rule.do else "do"
    label = "Barred" if kind == "barred" else "Applies"
    if rule.red_flag:
        label = "Red flag"
        kind = "barred"
    if outcome.held_back:
        kind, label = "barred", "Held back by a stronger rule"
    marks = [mark for mark in (rule.window, mark_status(rule)) if mark]
    label += f" ({', '.join(marks)})" if marks else ""
    return Box(kind, label, rule.text, f"Because: {because}", numbers.get(rule.id, ()))


def _needs(outcome: Outcome, most: int = 3) -> str:
    names = [name_fact(name).lower() for name in outcome.because]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _unplaced(waiting: Sequence[Evaluation]) -> Iterator[Box]:
    if waiting:
        yield Box("unplaced", "Cannot be placed yet", "Whether these apply is not known.")
    for evaluation in waiting:
        needs = _needs(evaluation.open[0]) if evaluation.open else ""
        yield Box("open", evaluation.pathway.title, note=f"Depends on: {needs}" if needs else "")


def _flips(examination: Examination, rules: Mapping[str, Rule]) -> Iterator[Box]:
    if examination.flips:
        yield Box("flips", "What would change this", "One finding alone, were it otherwise:")
    for flip in examination.flips[:MOST_FLIPS]:
        yield Box(
            "flip",
            f"{name_fact(flip.fact)}: {_say_unit(flip.before)} → {_say_unit(flip.after)}",
            _changed(flip, rules),
        )


def _say_unit(words: str) -> str:
    words = words.replace("degC", "°C").replace("<=", "≤").replace(">=", "≥")
    return f"{words[:-2]} hours" if words.endswith(" h") else words


def _changed(flip: Flip, rules: Mapping[str, Rule]) -> str:
    gained = [c for c in flip.changes if c.after is Truth.TRUE]
    lost = [c for c in flip.changes if c.before is Truth.TRUE]
    said = []
    for words, changes in (("Then holds", gained), ("No longer certain", lost)):
        texts = [rules[c.rule].text for c in changes if c.rule in rules]
        if texts:
            more = f" And {len(texts) - MOST_CHANGED} more." if len(texts) > MOST_CHANGED else ""
            said.append(f"{words}: {' '.join(texts[:MOST_CHANGED])}{more}")
    return " ".join(said)


def _in_words(boxes: Sequence[Box], answer_id: str) -> str:
    html, is_open = [], False
    for box in boxes:
        links = cite_links(answer_id, box.numbers)
        words = " ".join(escape(part) for part in (box.text, box.note) if part)
        said = f"{sign(SIGNS[box.kind])} <b>{escape(box.label)}</b> {words} {links}"
        if box.is_station:
            html.append(f"{'</ul></li>' if is_open else ''}<li>{said}<ul>")
            is_open = True
        else:
            html.append(f"<li>{said}</li>")
    return f"<ol>{''.join(html)}{'</ul></li>' if is_open else ''}</ol>"


def _general(examination: Examination, numbers: Numbers, answer_id: str) -> str:
    """The rules that hold for everybody, folded."""
    rules = [o.rule for e in examination.evaluations for o in e.holding if not o.because]
    if not rules:
        return ""
    rows = "".join(
        f"<li>{escape(rule.text)} {cite_links(answer_id, numbers.get(rule.id, ()))}</li>"
        for rule in rules
    )
    return (
        f"<details><summary>Holds for everybody ({len(rules)})</summary><ul>{rows}</ul></details>"
    )
