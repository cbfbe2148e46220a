"""``--correct FACT=VALUE``: what it means, and what is said of one that cannot be."""

import json
from pathlib import Path

import pytest

from assistant.case.correcting import Correction
from assistant.case.facts import Facts, load_facts
from assistant.errors import QuestionError
from assistant.interfaces.cli import main
from assistant.interfaces.cli_correct import read_corrections
from assistant.truth import Truth

CASE = "34F, LP 2 days ago, postural headache, T 38.4. Can I do a blood patch?"


@pytest.fixture(scope="module")
def facts(corpus: Path) -> Facts:
    return load_facts(corpus)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("seizure=present", Truth.TRUE),
        ("seizure = Absent", Truth.FALSE),
        ("temperature=unknown", Truth.UNKNOWN),
        ("temperature=38.4", 38.4),
        ("temperature=100.4 F", 38.0),
        ("hours-since-procedure=3days", 72.0),
        ("age=6 months", 0.5),
    ],
)
def test_a_correction_is_read(facts: Facts, given: str, meant: Correction) -> None:
    (read,) = read_corrections([given], facts).values()
    assert read == (meant if isinstance(meant, Truth) else pytest.approx(meant))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["temperature"], "expected FACT=VALUE"),
        (["=present"], "expected FACT=VALUE"),
        (["temprature=38"], "Did you mean temperature?"),
        (["seizure=38"], "say present, absent or unknown"),
        (["seizure=maybe"], "say present, absent or unknown"),
        (["temperature=present"], "give a number in degC, or unknown"),
        (["temperature=38 bar"], "'bar' is no unit of it; give it in degC"),
        (["temperature=3 days"], "'days' is no unit of it"),
        (["seizure=present", "seizure=absent"], "given twice"),
    ],
)
def test_what_cannot_be_is_said(facts: Facts, given: list[str], words: str) -> None:
    with pytest.raises(QuestionError) as caught:
        read_corrections(given, facts)
    assert words in str(caught.value)


def test_a_corrected_case_is_checked_as_corrected(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["check", CASE, "--correct", "temperature=36.8", "--correct", "seizure=absent"]
    assert main([*arguments, "--json"]) == 0
    found = {one["concept"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
    assert found["temperature"]["value"] == 36.8
    assert found["seizure"]["presence"] == "absent"
    assert main(arguments) == 0
    assert "- seizure: (as corrected)" in capsys.readouterr().out


def test_an_impossible_correction_is_unusable(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", CASE, "--correct", "temperature=99"]) == 2
    assert "99 degC is not believed" in capsys.readouterr().err
    assert main(["ask", "--batch", "x.jsonl", "--correct", "seizure=absent"]) == 2
    assert "not with --batch" in capsys.readouterr().err
