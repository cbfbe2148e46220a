"""``report.json`` and ``report.html`` in one folder."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from evals.page import make_page


def write_report(report: Mapping[str, Any], out: Path) -> None:
    """Write both files into the folder ``out``, made when missing."""
    write_json(report, out)
    (out / "report.html").write_text(make_page(report), encoding="utf-8")


def write_json(report: Mapping[str, Any], out: Path) -> None:
    """``report.json`` alone."""
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=2)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")


def read_report(path: Path) -> dict[str, Any]:
    """A ``report.json``. Raises EvaluationError where it is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found["answers"], list):
            raise KeyError("answers")
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{path} is no report.json of 'python -m evals run'.") from error
    return dict(found)
