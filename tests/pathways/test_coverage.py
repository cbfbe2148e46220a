"""Every rule of every pathway is seen true, false and unknown in the cases."""

from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from assistant.case.criteria import Undecided, facts_of
from assistant.case.facts import load_facts
from assistant.pathways.evaluation import Rulebook
from assistant.pathways.loading import has_undecided, load_pathways
from assistant.pathways.pathway import ALWAYS, Rule

CORPUS = Path(__file__).parents[2] / "corpus"
CASES = Path(__file__).parent / "cases"
FACTS = load_facts(CORPUS)
BOOK = Rulebook(load_pathways(CORPUS, FACTS.measures))
TOPICS = {fact.id for fact in FACTS.by_id.values() if fact.topic}
SEEN: dict[str, set[object]] = defaultdict(set)
for path in sorted(CASES.glob("*.yaml")):
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        for name, value in entry.get("rules", {}).items():
            SEEN[name].add(value)


@pytest.mark.parametrize("pathway", [pathway.id for pathway in BOOK.pathways.pathways])
def test_each_pathway_has_its_cases(pathway: str) -> None:
    assert (CASES / f"{pathway}.yaml").is_file()


@pytest.mark.parametrize("rule", [*BOOK.rules.values()], ids=lambda rule: rule.id)
def test_each_rule_is_seen_in_every_state(rule: Rule) -> None:
    if BOOK.criterion(rule.id) == ALWAYS:
        expected: set[object] = {True}
    elif (
        isinstance(rule.when, Undecided)
        or has_undecided(rule.when)
        or {*facts_of(rule.when)} & TOPICS
    ):
        expected = {True, False}
    else:
        expected = {True, False, "unknown"}
    assert SEEN[rule.id] >= expected, f"not seen: {expected - SEEN[rule.id]}"
