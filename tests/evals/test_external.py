"""Outside folders: ours with answer spans, and BEIR's."""

import json
from pathlib import Path

import pytest

from assistant import Settings
from assistant.errors import EvaluationError
from evals.beir import load_queries
from evals.external import run_external
from evals.questions import load_questions


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    documents = [
        {"id": "zebra", "title": "Zebra fever", "text": "Zebra fever lasts 9 days.\nGive syrup."},
        {"id": "cough", "title": "Marble cough", "text": "Marble cough needs rest.\nNo scan."},
    ]
    questions = [
        {
            "id": "1",
            "question": "How many days does zebra fever last?",
            "relevant": ["zebra"],
            "answer_spans": ["9 days"],
            "answerable": True,
        },
        {
            "id": "2",
            "question": "metformin?",
            "relevant": [],
            "answer_spans": None,
            "answerable": False,
        },
    ]
    for name, rows in (("docs", documents), ("questions", questions)):
        text = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(text + "\n")
    return folder


def test_an_outside_folder_is_scored(outside: Path, settings: Settings) -> None:
    report = run_external(outside, settings, lambda *_: None)
    assert (report["documents"], report["questions"], report["answerable"]) == (2, 2, 1)
    measures = report["measures"]
    assert (measures["R@1"], measures["quote hit@1"], measures["auroc"]) == (1.0, 1.0, 1.0)
    assert report["speed"]["question_ms_p50"] > 0


def test_faults_of_an_outside_folder_are_named(outside: Path, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no such file"):
        load_questions(tmp_path / "none.jsonl")
    (outside / "questions.jsonl").write_text('{"id": "1", "question": "x"}\n')
    with pytest.raises(EvaluationError, match="line 1, answerable"):
        load_questions(outside / "questions.jsonl")


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        '{"_id": "d1", "title": "Zebra fever", "text": "Zebra fever lasts 9 days."}\n'
        '{"_id": "d2", "title": "", "text": "Marble cough needs rest for 3 days."}\n'
    )
    (folder / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "How long does zebra fever last?"}\n'
        '{"_id": "q2", "text": "Rest for marble cough?"}\n'
        '{"_id": "q3", "text": "Never judged?"}\n'
    )
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td2\t1\n"
    )
    (folder / "qrels" / "train.tsv").write_text("query-id\tcorpus-id\tscore\nq3\td1\t1\n")
    return folder


def test_a_beir_folder_is_ranked_by_its_test_judgements(beir: Path, settings: Settings) -> None:
    assert [q.id for q in load_queries(beir)] == ["q1", "q2"]
    assert load_queries(beir)[0].grades == {"d1": 2}
    report = run_external(beir, settings, lambda *_: None)
    assert (report["documents"], report["questions"]) == (2, 2)
    assert report["measures"]["R@1"] == 1.0
    assert report["measures"]["quote hit@1"] is None
    assert report["measures"]["auroc"] is None


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("qrels/test.tsv", "q1\td1\n", "line 1: expected query"),
        ("qrels/test.tsv", "q9\td1\t1\n", "judges none of the queries"),
        ("queries.jsonl", '{"text": "x"}\n', "line 1, _id"),
        ("queries.jsonl", "x\n", "line 1"),
    ],
)
def test_faults_of_a_beir_folder_are_named(beir: Path, file: str, text: str, words: str) -> None:
    (beir / file).write_text(text)
    with pytest.raises(EvaluationError, match=words):
        load_queries(beir)
