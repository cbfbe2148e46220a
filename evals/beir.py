"""A folder as BEIR has them (Thakur et al. 2021): ``corpus.jsonl``, ``queries.jsonl``, ``qrels/``.

BEIR has no unanswerable questions and no answer spans, so only the ranking can be measured.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from evals.questions import ExternalQuestion

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels"
_PREFERRED = "test.tsv"
_HEADER = "query-id"


def is_beir(folder: Path) -> bool:
    """Whether the folder is laid out so."""
    return (folder / CORPUS).is_file() and (folder / QUERIES).is_file()


def load_queries(folder: Path) -> tuple[ExternalQuestion, ...]:
    """The queries that have judgements, of ``qrels/test.tsv`` where there is one."""
    grades = _read_qrels(folder)
    queries = [
        (str(_field(line, "_id", folder / QUERIES, number)), line)
        for number, line in _lines(folder / QUERIES)
    ]
    found = tuple(
        ExternalQuestion(
            id=query,
            question=str(line.get("text") or ""),
            relevant=tuple(grades[query]),
            grades=grades[query],
            answerable=True,
        )
        for query, line in queries
        if query in grades and str(line.get("text") or "").strip()
    )
    if not found:
        raise EvaluationError(f"{folder / QRELS} judges none of the queries of {QUERIES}.")
    return found


def _read_qrels(folder: Path) -> dict[str, dict[str, int]]:
    files = sorted((folder / QRELS).glob("*.tsv"))
    preferred = [path for path in files if path.name == _PREFERRED]
    grades: dict[str, dict[str, int]] = {}
    for path in preferred or files:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
                if not row or (number == 1 and row[0] == _HEADER):
                    continue
                if len(row) != 3 or not row[2].strip().lstrip("-").isdigit():
                    raise EvaluationError(
                        f"{path}, line {number}: expected query, document and grade, with tabs."
                    )
                if int(row[2]) > 0:
                    grades.setdefault(row[0], {})[row[1]] = int(row[2])
    if not files:
        raise EvaluationError(f"{folder / QRELS}: there is no judgement file (*.tsv).")
    return grades


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"{path}, line {number}: {error}.") from error
        if not isinstance(found, dict):
            raise EvaluationError(f"{path}, line {number}: expected an object.")
        yield number, found


def _field(line: dict[str, Any], name: str, path: Path, number: int) -> Any:
    if name not in line:
        raise EvaluationError(f"{path}, line {number}, {name}: Field required.")
    return line[name]
