"""``report.html``: one self-contained page, every unsafe answer and every reason in full."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from evals.plots import Bar, draw_bars, draw_reliability

_HERE = Path(__file__).resolve().parent
Report = Mapping[str, Any]
_HELD_OUT = {"False": "tuned on", "True": "held out"}


def make_page(report: Report) -> str:
    """The whole page."""
    sections = [
        _summary(report),
        _unsafe(report),
        _measures(report),
        _gates(report),
        _changes(report),
        _calibration(report),
        _groups("By type", report["by_type"]),
        _groups(
            "Tuned on and held out",
            {_HELD_OUT.get(value, value): group for value, group in report["held_out"].items()},
        ),
        _peers(report),
        _twins(report),
        _labels(report),
        _answers(report),
    ]
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    return "\n".join(
        [
            "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
            "<meta name='viewport' content='width=device-width, initial-scale=1'>",
            f"<title>Evaluation</title><style>{style}</style></head><body>",
            "<h1>Evaluation of the gold questions</h1>",
            *(part for section in sections for part in section),
            f"<script>{script}</script></body></html>",
        ]
    )


def _summary(report: Report) -> Iterator[str]:
    failed = [gate["measure"] for gate in report["gates"] if gate["passed"] is False]
    unsafe = int(report["measures"]["unsafe answers"] or 0)
    timings = report["timings"]
    yield (
        f"<p>{report['questions']} questions, each asked twice; library generation "
        f"<code>{escape(report['generation'])}</code>; {timings['question_ms_p50']} ms a question "
        f"(p50), {timings['question_ms_p95']} ms (p95).</p>"
    )
    verdict = f"Gates failed: {', '.join(failed)}." if failed else "Every gate is passed."
    yield f"<p class='verdict {'bad' if failed else 'good'}'>{escape(verdict)}</p>"
    yield (
        f"<p class='verdict {'bad' if unsafe else 'good'}'>{unsafe} unsafe "
        f"{'answer' if unsafe == 1 else 'answers'}.</p>"
    )


def _unsafe(report: Report) -> Iterator[str]:
    yield "<h2 id='unsafe'>Unsafe answers</h2>"
    if not report["unsafe"]:
        yield "<p>None was found.</p>"
    rows = {row["id"]: row for row in report["answers"]}
    by_question: dict[str, list[Report]] = {}
    for one in report["unsafe"]:
        by_question.setdefault(one["question_id"], []).append(one)
    for question, dangers in by_question.items():
        yield "<article class='danger'>"
        for one in dangers:
            at = f" (quote {one['quote']})" if one["quote"] else ""
            yield (
                f"<p><strong>{escape(one['danger'].capitalize())}{at}.</strong> "
                f"{escape(one['explanation'])}</p>"
            )
        yield from _answer(rows[question], opened=True)
        yield "</article>"


def _measures(report: Report) -> Iterator[str]:
    yield "<h2>Measures</h2>"
    yield (
        "<p>The thin line is the 95 % bootstrap interval over questions, the upright stroke the "
        "baseline. Silence counts as zero; a dash means that there was nothing to measure.</p>"
    )
    before = _before(report)
    shares = [name for name in report["measures"] if name not in ("unsafe answers", "errors")]
    bars = [
        Bar(name, report["measures"][name], report["intervals"][name], before.get(name))
        for name in shares
        if not name.startswith("twins: ")
    ]
    yield draw_bars(bars, "Measures")
    rows = []
    for name, value in report["measures"].items():
        earlier = before.get(name)
        change = value - earlier if value is not None and earlier is not None else None
        rows.append(
            [
                name,
                value,
                _interval(report["intervals"][name]),
                report["counted"][name],
                earlier,
                "–" if change is None else f"{change:+.3f}" if abs(change) >= 5e-4 else "=",
            ]
        )
    heads = ["Measure", "Value", "95 % interval", "Counted", "Baseline", "Change"]
    yield f"<details><summary>As a table</summary>{_table(heads, rows)}</details>"


def _before(report: Report) -> dict[str, float | None]:
    compared = report["against_baseline"]
    if not compared:
        return {}
    return {name: one["before"] for name, one in compared["measures"].items()}


def _interval(interval: Sequence[float] | None) -> str:
    return "–" if interval is None else f"{interval[0]:.3f} to {interval[1]:.3f}"


def _gates(report: Report) -> Iterator[str]:
    yield "<h2>Gates</h2>"
    words = {True: "passed", False: "FAILED", None: "not measured"}
    rows = [
        [g["measure"], f"at {g['side']} {g['limit']:g}", g["value"], words[g["passed"]]]
        for g in report["gates"]
    ]
    yield _table(["Measure", "Limit", "Measured", ""], rows)


def _changes(report: Report) -> Iterator[str]:
    compared = report["against_baseline"]
    if not compared:
        return
    yield "<h2>Against the baseline</h2>"
    rows = [
        [name, one["questions"], one["better"], one["worse"], one["p"]]
        for name, one in compared["paired"].items()
    ]
    yield _table(["Measure", "Questions", "Better", "Worse", "McNemar p"], rows)
    for title, names in (
        ("Newly unsafe", compared["newly_unsafe"]),
        ("No longer unsafe", compared["no_longer_unsafe"]),
        ("New questions", compared["new_questions"]),
        ("Questions no longer asked", compared["lost_questions"]),
        ("Twins that break a promise only now", compared["newly_broken_twins"]),
    ):
        if names:
            items = "".join(f"<li>{escape(name)}</li>" for name in names)
            many = f"<details><summary>{title}: {len(names)}</summary><ul>{items}</ul></details>"
            yield many
    changed = sorted(compared["answers"], key=lambda one: (not one["worse"], not one["better"]))
    yield f"<p>{len(changed)} answers are not the same; those that got worse come first.</p>"
    questions = {row["id"]: row["question"] for row in report["answers"]}
    for one in changed:
        mark = "bad" if one["worse"] else "good" if one["better"] else ""
        lost = f"worse: {', '.join(one['worse'])}" if one["worse"] else ""
        won = f"better: {', '.join(one['better'])}" if one["better"] else ""
        words = "; ".join(filter(None, (lost, won))) or "other quotes"
        yield (
            f"<details><summary class='{mark}'>{escape(questions[one['id']])} "
            f"<small>({escape(words)})</small></summary><div class='beside'>"
            f"{_side('Before', one['before'], one['now'])}{_side('Now', one['now'], one['before'])}"
            "</div></details>"
        )


def _side(title: str, answer: Report, other: Report) -> str:
    quotes = "".join(
        f"<li class='{'' if quote in other['quotes'] else 'changed'}'>{escape(quote)}…</li>"
        for quote in answer["quotes"]
    )
    return (
        f"<div><strong>{title}</strong>: {escape(answer['outcome'])}, verdict "
        f"{escape(str(answer['verdict']))}<ol>{quotes}</ol></div>"
    )


def _calibration(report: Report) -> Iterator[str]:
    yield "<h2>Calibration</h2>"
    error = report["measures"]["calibration error"]
    yield (
        "<p>Of the questions answered with a given confidence, the share that the library does "
        f"answer. Expected calibration error: {_number(error)}.</p>"
    )
    yield draw_reliability(report["reliability"])


def _groups(title: str, groups: Mapping[str, Report]) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    kept = [name for name in names if any(group.get(name) is not None for group in groups.values())]
    head = "".join(f"<th class='slant'><span>{escape(name)}</span></th>" for name in kept)
    body = "".join(
        f"<tr><th>{escape(value)}</th>{''.join(_shade(name, group.get(name)) for name in kept)}"
        "</tr>"
        for value, group in groups.items()
    )
    yield f"<div class='wide'><table class='tight'><tr><th></th>{head}</tr>{body}</table></div>"


def _shade(name: str, value: float | None) -> str:
    if value is None:
        return "<td class='n'>–</td>"
    if name == "questions":
        return f"<td class='n'>{value}</td>"
    good = 1 - value if name == "omission rate" else value
    return f"<td class='n' style='--good:{good:.2f}'>{value:.2f}</td>"


def _peers(report: Report) -> Iterator[str]:
    if not report["peers"]:
        return
    yield "<h2>Peers</h2>"
    yield (
        "<p>The same documents, questions and embedding model. The peers' passages are 1000 "
        "characters long, ours at most about 600, so each of theirs covers more gold quotations; "
        "their quotes are the sentences of their first passages that are nearest the question. "
        "For a refusal of ours its nearest passages count.</p>"
    )
    names = list(next(iter(report["peers"].values())))
    rows = [
        [system, *(_with_interval(measured[name]) for name in names)]
        for system, measured in report["peers"].items()
    ]
    yield _table(["", *names], rows)
    for name in names:
        bars = [
            Bar(system, measured[name]["value"], measured[name]["interval"])
            for system, measured in report["peers"].items()
        ]
        yield f"<h3>{escape(name)}</h3>{draw_bars(bars, name)}"


def _with_interval(one: Report) -> str:
    interval = f" ({_interval(one['interval'])})" if one["interval"] else ""
    return f"{_number(one['value'])}{interval}"


def _twins(report: Report) -> Iterator[str]:
    if not report["twins"]:
        return
    yield "<h2>Twins</h2>"
    yield (
        "<p>Each twin is a gold question with one thing changed by rule, and states what must stay "
        "or must change. The share of twins that keep their promise, by kind:</p>"
    )
    before = _before(report)
    bars = [
        Bar(
            f"{name.removeprefix('twins: ')} ({report['counted'][name]})",
            value,
            report["intervals"][name],
            before.get(name),
        )
        for name, value in report["measures"].items()
        if name.startswith("twins: ")
    ]
    yield draw_bars(bars, "Twins")
    kinds = dict.fromkeys(twin["kind"] for twin in report["twins"])
    for kind in kinds:
        broken = [twin for twin in report["twins"] if twin["kind"] == kind and not twin["kept"]]
        if not broken:
            continue
        rows = [[twin["question"], twin["change"], twin["reason"]] for twin in broken]
        table = _table(["Twin", "Change", "Promise broken"], rows)
        yield f"<details><summary>{escape(kind)}: {len(broken)} broken</summary>{table}</details>"


def _labels(report: Report) -> Iterator[str]:
    labels = report["labels"]
    if not labels["judgements"] and not labels["of_other_answers"]:
        return
    yield "<h2>Clinicians' labels</h2>"
    yield (
        f"<p>{labels['judgements']} judgements of these answers; {labels['of_other_answers']} of "
        "answers that have changed since.</p>"
    )
    yield _table(["Label", "Share"], [[name, share] for name, share in labels["shares"].items()])
    if labels["agreement"]:
        rows = [[*one["labellers"], one["shared"], one["kappa"]] for one in labels["agreement"]]
        yield _table(["Labeller", "Labeller", "Labelled by both", "Cohen's kappa"], rows)


_STATES = {
    "all": "all answers",
    "failed": "with a failed measure",
    "unsafe": "unsafe",
    "changed": "changed against the baseline",
    "wrong": "wrong outcome",
}


def _answers(report: Report) -> Iterator[str]:
    compared = report["against_baseline"]
    changed = {one["id"] for one in compared["answers"]} if compared else set()
    types = sorted({row["type"] for row in report["answers"]})
    yield "<h2 id='answers'>Every answer</h2>"
    yield (
        "<form class='filter'><label>Type <select id='type'><option value=''>all types</option>"
        + "".join(f"<option>{escape(name)}</option>" for name in types)
        + "</select></label> <label>Show <select id='state'>"
        + "".join(f"<option value='{key}'>{words}</option>" for key, words in _STATES.items())
        + "</select></label> <label>With the words <input id='words' type='search'></label> "
        "<output id='count'></output></form><div id='all'>"
    )
    for row in report["answers"]:
        yield from _answer(row, changed=row["id"] in changed)
    yield "</div>"


def _answer(row: Report, *, changed: bool = False, opened: bool = False) -> Iterator[str]:
    wrong = row["outcome"] != row["expected"]
    marks = {"unsafe": row["unsafe"], "failed": row["failed"], "changed": changed, "wrong": wrong}
    expected = f", expected {escape(row['expected'])}" if wrong else ""
    states = " ".join(["all", *(name for name, holds in marks.items() if holds)])
    bad = "bad" if row["unsafe"] or wrong else "warn" if row["failed"] else ""
    yield (
        f"<details class='answer' data-type='{escape(row['type'])}' data-states='{states}'"
        f"{' open' if opened else ''}>"
        f"<summary class='{bad}'>{escape(row['question'])} <small>({escape(row['type'])}, "
        f"{escape(row['outcome'])}{expected}, confidence "
        f"{row['confidence']:.2f})</small></summary>"
    )
    yield f"<p><small>{escape(row['id'])}</small></p>"
    for turn in row["history"]:
        yield f"<p class='turn'>{escape(turn['role'])}: {escape(turn['content'])}</p>"
    if row["error"]:
        yield f"<p class='bad'>{escape(row['error'])}</p>"
    yield from map(_quote, row["quotes"])
    if row["nearest"]:
        yield "<p><small>Nearest passages (not an answer)</small></p>"
        yield from map(_quote, row["nearest"])
    if row["issues"] or row["expected_verdict"]:
        expected = f" (expected {row['expected_verdict']})" if row["expected_verdict"] else ""
        yield f"<p>Check: <strong>{escape(str(row['verdict']))}</strong>{expected}</p>"
        yield _list(_issue(issue) for issue in row["issues"])
    if row["about_patient"] and row["findings"]:
        read = ", ".join(f"{fact}: {value}" for fact, value in row["findings"].items())
        yield f"<p><small>Findings: {escape(read)}</small></p>"
        rules = ", ".join(row["rules"]) or "none"
        yield f"<p><small>Rules that hold: {escape(rules)}</small></p>"
    if row["wanted"]:
        shown = {quote["text"] for quote in row["quotes"]}
        yield "<details><summary>Gold quotations</summary>"
        yield _list(
            f"{'✓ ' if any(w['text'] in s or s in w['text'] for s in shown) else ''}{w['text']} "
            f"({w['document']}, grade {w['grade']})"
            for w in row["wanted"]
        )
        yield "</details>"
    scores = _table(
        ["Measure", "Score", "Reason"],
        [[name, row["values"][name], reason] for name, reason in row["reasons"].items()],
    )
    failed = f": failed {', '.join(row['failed'])}" if row["failed"] else ""
    yield f"<details><summary>Scores{escape(failed)}</summary>{scores}</details></details>"


def _issue(issue: Report) -> str:
    numbers = f" [{', '.join(map(str, issue['quotes']))}]" if issue["quotes"] else ""
    rule = f" ({issue['rule']})" if issue["rule"] else ""
    return f"{issue['weight']}: {issue['message']}{rule}{numbers}"


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _quote(quote: Report) -> str:
    section = f" › {quote['section']}" if quote["section"] else ""
    gold = f", gold {quote['grade']}" if quote["grade"] else ""
    status = f", {quote['status']}" if quote["status"] else ""
    return (
        f"<blockquote class='{'gold' if quote['grade'] else ''}'>{quote['number']}. "
        f"{escape(quote['text'])}<br><small>{escape(quote['document'] + section)} "
        f"({escape(quote['role'] + status + gold)})</small></blockquote>"
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(value: Any) -> str:
    if value is None or isinstance(value, int | float):
        return f"<td class='n'>{_number(value)}</td>"
    return f"<td>{escape(str(value))}</td>"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) and value != int(value) else f"{value:g}"
