"""``report.json`` → ``report.html``: one self-contained page, every failure in full."""

import json
from html import escape
from pathlib import Path
from typing import Any

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
       color: #1c2430; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border-bottom: 1px solid #d5dbe3; padding: .3rem .8rem; text-align: left; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
.bad { color: #a1160c; font-weight: 600; }
blockquote { background: #eaf2fb; margin: .4rem 0; padding: .4rem .8rem; }
details { border-top: 1px solid #d5dbe3; padding: .4rem 0; }
small { color: #56616f; }
"""


def write_report(report: dict[str, Any], out: Path) -> None:
    """Write both files into the folder ``out``, made when missing."""
    write_json(report, out)
    (out / "report.html").write_text(_page(report), encoding="utf-8")


def write_json(report: dict[str, Any], out: Path) -> None:
    """``report.json`` alone."""
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=2)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")


def _page(report: dict[str, Any]) -> str:
    return "\n".join(
        [
            "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
            f"<title>Evaluation</title><style>{_STYLE}</style></head><body>",
            "<h1>Evaluation of the gold questions</h1>",
            f"<p>{report['questions']} questions, library generation "
            f"<code>{escape(report['generation'])}</code>.</p>",
            _table(["Measure", "Mean"], [[k, v] for k, v in report["measures"].items()]),
            "<h2>Gates</h2>",
            _table(
                ["Measure", "Least", "Measured", ""],
                [
                    [g["measure"], g["least"], g["value"], "passed" if g["passed"] else "FAILED"]
                    for g in report["gates"]
                ],
            ),
            "<h2>By type</h2>",
            _groups(report["by_type"]),
            "<h2>Tuned on, and held out</h2>",
            _groups(report["held_out"]),
            "<h2>Wrong outcomes, in full</h2>",
            *(_answer(a) for a in report["answers"] if a["outcome"] != a["expected"]),
            "<h2>Every answer</h2>",
            *(_answer(a) for a in report["answers"]),
            "</body></html>",
        ]
    )


def _groups(groups: dict[str, dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    rows = [[value, *(group.get(name) for name in names)] for value, group in groups.items()]
    return _table(["", *names], rows)


def _answer(answer: dict[str, Any]) -> str:
    wrong = answer["outcome"] != answer["expected"]
    quotes = "".join(
        f"<blockquote>{escape(q['text'])}<br><small>{escape(q['document'])}</small></blockquote>"
        for q in answer["quotes"] or answer["nearest"]
    )
    reasons = "; ".join(f"{name}: {why}" for name, why in answer["reasons"].items())
    return (
        f"<details><summary class='{'bad' if wrong or answer['failed'] else ''}'>"
        f"{escape(answer['question'])} <small>({escape(answer['type'])}, {answer['outcome']}, "
        f"confidence {answer['confidence']})</small></summary>"
        f"<p><small>{escape(answer['id'])}: {escape(reasons)}</small></p>{quotes}</details>"
    )


def _table(heads: list[str], rows: list[list[Any]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(value: Any) -> str:
    if value is None:
        return "<td class='n'>–</td>"
    if isinstance(value, float):
        return f"<td class='n'>{value:.3f}</td>"
    return f"<td>{escape(str(value))}</td>"
