"""Faults of pathways that only show when several are read together."""

from pathlib import Path

import pytest

from assistant.case.facts import load_facts
from assistant.errors import ReadError
from assistant.pathways.loading import load_pathways, read_pathways

DOCUMENT = "---\nid: care\n---\n# Care\n\nRest helps patients with headache.\n"
FACTS = "- {id: headache, question: Headache}\n- {id: fever, question: Fever}\n"
ACTIONS = "- {id: rest, name: rest}\n"
RULE = """\
  - id: {id}
    when: {when}
    text: Rest.
    do: [rest]
    status: verified
    cite: [{{document: care, quote: Rest helps patients with headache.}}]
"""


def make(folder: Path, **pathways: str) -> Path:
    for name, text in {
        "documents/care.md": DOCUMENT,
        "lexicon/facts.yaml": FACTS,
        "lexicon/actions.yaml": ACTIONS,
        **{f"pathways/{name}.yaml": text for name, text in pathways.items()},
    }.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def pathway(*rules: str, entry: str = "headache", mode: str = "all", name: str = "p") -> str:
    head = f"id: {name}\ntitle: T\nversion: '1'\nrank: 50\nmode: {mode}\nentry: {entry}\nrules:\n"
    return head + "".join(rules)


def faults(folder: Path) -> list[str]:
    facts = load_facts(folder)
    return [fault.message for fault in read_pathways(folder, facts.measures).faults]


def test_a_sound_one_has_none(tmp_path: Path) -> None:
    folder = make(tmp_path, a=pathway(RULE.format(id="A-1", when="fever")))
    assert faults(folder) == []


@pytest.mark.parametrize(
    ("entry", "mode", "first"),
    [
        ("{any: [headache, {rules: [A-1]}]}", "all", "fever"),
        ("headache", "first", "{rules: [A-2]}"),
        ("headache", "all", "{rules: [A-1]}"),
    ],
)
def test_a_circle_is_found_wherever_it_runs(
    tmp_path: Path, entry: str, mode: str, first: str
) -> None:
    rules = RULE.format(id="A-1", when=first), RULE.format(id="A-2", when="fever")
    folder = make(tmp_path, a=pathway(*rules, entry=entry, mode=mode))
    assert any("in a circle: A-" in message for message in faults(folder))


def test_two_pathways_of_one_name(tmp_path: Path) -> None:
    folder = make(
        tmp_path,
        a=pathway(RULE.format(id="A-1", when="fever")),
        b=pathway(RULE.format(id="B-1", when="fever")),
    )
    assert any("pathway 'p' stands twice (also in a.yaml)" in m for m in faults(folder))


def test_a_bad_rule_is_told_once(tmp_path: Path) -> None:
    rules = RULE.format(id="A-1", when="feever"), RULE.format(id="A-2", when="{rules: [A-1]}")
    assert faults(make(tmp_path, a=pathway(*rules))) == [
        "rule 'A-1', when: there is no fact 'feever' in the lexicon"
    ]


def test_loading_stops_at_the_first_fault(tmp_path: Path) -> None:
    folder = make(tmp_path, a="id: [")
    with pytest.raises(ReadError, match="not valid YAML"):
        load_pathways(folder, load_facts(folder).measures)
