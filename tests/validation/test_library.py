"""The library's checker: each kind of fault is found, named and placed; the rest passes."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.interfaces.cli import main
from assistant.validation.faults import Fault
from assistant.validation.library import inspect_library, validate_library

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
RUN = 8

FRONT = """---
id: stripes
title: Stripes
population: Adults with stripes
published: 2026-01-02
updated: 2026-01-02
review: {status: submitted, by: null, on: null}
licence: CC-BY-4.0
---
"""
BODY = """
## Stripes

Give 30 mL of stripe syrup twice a day. [@trial] Unconfirmed: a web page advises rest. [@page]

In children, stripes fade within a week. [@young] Obstetric patients keep their stripes. [@birth]
In spontaneous intracranial hypotension (SIH), stripes are rare. [@sih]
"""
SOURCES = """trial: {title: A trial, kind: rct, status: verified-primary, doi: 10.1000/x.1, pmid: 123}
page: {title: A page, kind: web-page, status: unconfirmed}
young: {title: A cohort, kind: cohort, status: verified-primary, population: Children}
birth: {title: A cohort, kind: cohort, status: verified-primary, population: Obstetric patients}
sih: {title: A cohort, kind: cohort, status: verified-primary, population: Spontaneous intracranial hypotension}
"""
LEXICON = """- id: stripes
  names: [stripes, bands]
- id: syrup
  names: [syrup]
"""
DISAGREEMENTS = """# Positions, word for word.
- id: C-01
  topic: Syrup or rest
  kind: true-conflict
  positions:
  - {says: Syrup, document: stripes, quote: Give 30 mL of stripe syrup twice a day.}
  - {says: Rest, document: stripes, quote: "Unconfirmed: a web page advises rest."}
  explanation: They differ.
  handling: Show both.
"""
DIGEST, CATALOGUE = "documents/stripes.md", "sources.yaml"
WORDS, POSITIONS = "lexicon/concepts.yaml", "disagreements.yaml"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A small library without a fault."""
    for name, text in {
        DIGEST: FRONT + BODY,
        CATALOGUE: SOURCES,
        WORDS: LEXICON,
        POSITIONS: DISAGREEMENTS,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def faults_of(folder: Path) -> list[Fault]:
    return list(validate_library([folder]))


def test_the_library_that_ships_has_no_fault(corpus: Path) -> None:
    assert [str(fault) for fault in validate_library([corpus])] == []


def test_a_sound_library_has_no_fault(sound: Path) -> None:
    assert inspect_library([sound]).documents == 1
    assert faults_of(sound) == []


SYRUP = "Give 30 mL of stripe syrup twice a day."
CHILD = "In children, stripes fade within a week."
LONG = " ".join(["stripes"] * 61)


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "expected"),
    [
        (DIGEST, "id: stripes\n", "", 1, "'id' is missing"),
        (DIGEST, "title: Stripes\n", "", 1, "'title' is missing"),
        (DIGEST, "population: Adults with stripes\n", "", 1, "'population' is missing"),
        (DIGEST, "published: 2026-01-02\n", "", 1, "'published' is missing"),
        (DIGEST, "updated: 2026-01-02\n", "", 1, "'updated' is missing"),
        (DIGEST, "licence: CC-BY-4.0\n", "", 1, "'licence' is missing"),
        (DIGEST, "status: submitted, ", "", 1, "'review.status' is missing"),
        (DIGEST, "submitted", "finished", 7, "review.status is 'finished': use one of submitted"),
        (DIGEST, "submitted", "approved", 7, "says by whom and on which day"),
        (DIGEST, "licence: ", "licenced: ", 8, "'licenced' is not known"),
        (DIGEST, "title: Stripes", "title: ]Stripes", 3, "front matter is not valid YAML"),
        (DIGEST, "@sih]", "@sih; @gone]", 16, "no source has the key 'gone'"),
        (DIGEST, f"{SYRUP} [@trial]", SYRUP, 13, "the statement has no source: «Give 30 mL"),
        (DIGEST, CHILD, f"These {CHILD}", 15, "starts with 'These'"),
        (DIGEST, CHILD, f"It helps. {CHILD}", 15, "starts with 'It'"),
        (DIGEST, CHILD, f"The above holds. {CHILD}", 15, "starts with 'The above'"),
        (DIGEST, CHILD, f"In a child {LONG}.", 15, "has 64 words, more than 60"),
        (DIGEST, "Unconfirmed: a", "A", 13, "only unconfirmed sources and does not say so"),
        (DIGEST, "In children", "Unconfirmed: in children", 15, "calls itself unconfirmed"),
        (DIGEST, "In children, stripes", "All stripes", 15, "source is about children only"),
        (DIGEST, "Obstetric patients", "Patients", 15, "source is about obstetric patients only"),
        (
            *(DIGEST, "In spontaneous intracranial hypotension (SIH), stripes", "Stripes", 16),
            "source is about spontaneous intracranial hypotension only",
        ),
        (CATALOGUE, "young:", "young: ]", 3, "not valid YAML"),
        (CATALOGUE, "page:", "spare: {title: S, kind: rct, status: verified-primary}\npage:", 2, "source 'spare' is cited by no document"),
        (CATALOGUE, "page:", "trial: {title: S, kind: rct, status: verified-primary}\npage:", 2, "source 'trial' stands here 2 times"),
        (CATALOGUE, ", status: unconfirmed", "", 2, "source 'page', status: Field required"),
        (CATALOGUE, "unconfirmed", "unknown", 2, "source 'page', status"),
        (CATALOGUE, "10.1000/x.1", "doi.org/x.1", 1, "'doi.org/x.1' is not a doi"),
        (CATALOGUE, "pmid: 123", "pmid: PMC123", 1, "'PMC123' is not a pmid"),
        (POSITIONS, "quote: Give 30 mL", "quote: Give 40 mL", 2, "C-01: not found word for word in 'stripes'"),
        (POSITIONS, "{says: Syrup, document: stripes", "{says: Syrup, document: spots", 2, "there is no document 'spots'"),
        (POSITIONS, "  - {says: Syrup", "  # - {says: Syrup", 2, "it has one position"),
        (POSITIONS, "topic:", "subject: x\n  topic:", 2, "disagreement 'C-01', subject: Extra inputs"),
        (POSITIONS, "true-conflict", "quarrel", 2, "disagreement 'C-01', kind"),
        (WORDS, "id: syrup", "id: stripes", 3, "the id 'stripes' stands here twice"),
        (WORDS, "names: [syrup]", "names: [bands]", 2, "'bands' belongs to both"),
        (WORDS, "names: [syrup]", "names: []", 3, "entry 1.names"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(
    sound: Path, name: str, old: str, new: str, line: int, expected: str
) -> None:
    change(sound, name, old, new)
    found = faults_of(sound)
    matching = [fault for fault in found if expected in fault.message]
    assert [(Path(fault.path).name, fault.line) for fault in matching] == [
        (Path(name).name, line)
    ], found


def test_two_disagreements_with_one_id_are_a_fault(sound: Path) -> None:
    again = DISAGREEMENTS.split("\n", 1)[1]
    (sound / POSITIONS).write_text(DISAGREEMENTS + again, encoding="utf-8")
    assert [(f.line, f.message) for f in faults_of(sound)] == [
        (10, "the id 'C-01' stands here twice")
    ]


def test_one_position_is_enough_where_it_is_not_shown_or_the_other_side_is_silent(
    sound: Path,
) -> None:
    change(sound, POSITIONS, "  - {says: Syrup", "  # - {says: Syrup")
    change(sound, POSITIONS, "true-conflict", "silent")
    assert faults_of(sound) == []
    change(sound, POSITIONS, "kind: silent", "kind: true-conflict\n  not_shown: A misprint.")
    assert faults_of(sound) == []


def test_two_documents_with_one_id_are_a_fault(sound: Path) -> None:
    (sound / "documents/tripes.md").write_text(FRONT + BODY, encoding="utf-8")
    (fault,) = faults_of(sound)
    assert fault.line == 2
    assert fault.message.startswith("the id 'stripes' is also that of ")


def test_a_file_without_front_matter_and_one_that_cannot_be_read_are_faults(sound: Path) -> None:
    (sound / "documents/note.txt").write_text("A note on stripes.", encoding="utf-8")
    (sound / "documents/void.md").write_bytes(b"")
    assert [(Path(f.path).name, f.message.split(":")[0]) for f in faults_of(sound)] == [
        ("note.txt", "no front matter"),
        ("void.md", "it holds no text"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "This library leaves stripes alone. [@trial]",
        "Itching stops within a week. [@trial]",
        "The sources in this library disagree about stripes. [@page]",
        "In children and adults, stripes fade. [@young; @trial]",
        "A reading of 60 mm CSF equals 6 cm H2O. [@page]",
        "After caesarean delivery, stripes fade. [@birth]",
    ],
)
def test_what_only_looks_like_a_fault_passes(sound: Path, sentence: str) -> None:
    (sound / DIGEST).write_text(FRONT + BODY + f"\n{sentence}\n", encoding="utf-8")
    assert faults_of(sound) == []


def test_a_document_that_names_its_population_speaks_for_its_statements(sound: Path) -> None:
    change(sound, DIGEST, "In children, stripes", "All stripes")
    change(sound, DIGEST, "Adults with stripes", "Children with stripes")
    assert faults_of(sound) == []
    change(sound, DIGEST, "Children with stripes", "Adults; children where stated")
    assert ["children only" in fault.message for fault in faults_of(sound)] == [True]


def test_one_file_is_checked_alone_against_its_own_sources(sound: Path) -> None:
    change(sound, CATALOGUE, "page:", "spare: {title: S, kind: rct, status: unconfirmed}\npage:")
    assert validate_library([sound / DIGEST]) == ()
    assert len(validate_library([sound / "documents"])) == 1


def test_a_path_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (fault,) = validate_library([tmp_path / "nowhere"])
    assert str(fault) == f"{tmp_path / 'nowhere'}: there is nothing there: check the path"


def test_faults_come_in_order_and_once(sound: Path) -> None:
    change(sound, DIGEST, f"{SYRUP} [@trial]", SYRUP)
    change(sound, DIGEST, CHILD, f"These {CHILD}")
    once = validate_library([sound, sound / "documents"])
    assert [fault.line for fault in once if fault.path.endswith(".md")] == [13, 15]
    assert once == validate_library([sound / "documents", sound])


# The command


def test_the_command_prints_a_line_for_each_fault(
    sound: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["library", "validate", str(sound)]) == 0
    assert capsys.readouterr().out == "No fault found in 1 documents.\n"
    change(sound, DIGEST, CHILD, f"These {CHILD}")
    assert main(["library", "validate", str(sound)]) == 1
    assert capsys.readouterr().out == (
        f"{sound / DIGEST}:15: the statement starts with 'These', which means nothing when quoted "
        "alone: «These In children, stripes fade within a week.»\n"
    )
    assert main(["library", "validate", str(sound), "--json"]) == 1
    plain = json.loads(capsys.readouterr().out)
    assert plain["documents"] == 1
    assert [set(fault) for fault in plain["faults"]] == [{"path", "line", "message"}]


def test_the_command_needs_no_store_and_no_model(tmp_path: Path) -> None:
    script = (
        "import sys; from assistant.interfaces.cli import main; "
        f"status = main(['library', 'validate', '--store', {str(tmp_path / 'none')!r}]); "
        "sys.exit(status or bool({'torch', 'chromadb'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "No fault found in 17 documents.\n"), done.stderr
    assert not (tmp_path / "none").exists()


# The library's words are its own


def runs_of(text: str) -> Iterator[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return (" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the two pages are not here")
def test_no_run_of_eight_words_is_taken_from_the_two_pages(corpus: Path) -> None:
    taken = {run for page in SEEDS.glob("*.txt") for run in runs_of(page.read_text("utf-8"))}
    assert taken
    for digest in sorted((corpus / "documents").glob("*.md")):
        assert sorted(taken & set(runs_of(digest.read_text("utf-8")))) == [], digest.name


def test_questions_are_held_against_their_document(library: Path) -> None:
    folder = library.parent / "questions"
    folder.mkdir()
    (folder / "zebra-fever.yaml").write_text(
        "document: zebra-fever\nquestions:\n- quote: It never ends.\n  asks: ['How long?']\n"
    )
    (folder / "stray.yaml").write_text("document: stray\nquestions: []\n")
    found = [str(fault) for fault in validate_library([library.parent])]
    assert any("zebra-fever.yaml:3" in one and "not a statement" in one for one in found)
    assert any("stray.yaml" in one and "no document 'stray'" in one for one in found)
