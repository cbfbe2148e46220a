"""Whatever is altered in a saved answer is caught, leaf by leaf."""

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

import pytest

from assistant import Assistant, Consultation, Settings, Turn, ingest
from assistant.answering.answer import Answer, Outcome
from assistant.answering.roles import tell_role
from assistant.certificate import hash_text, seal
from assistant.completion import Asked
from assistant.interfaces.render import to_json
from assistant.verifying.comparing import Path
from assistant.verifying.saved import read_saved, show_path
from assistant.verifying.verifying import Verification, Verifier

CORPUS = FilePath(__file__).parents[2] / "corpus"
PATIENT = (
    "34F, lumbar puncture 2 days ago, post-dural puncture headache, temp 38.6. "
    "Can I give an epidural blood patch for post-dural puncture headache?"
)

Verify = Callable[[dict[str, Any]], Verification]
NAMES = ("patient", "follow-up", "some documents", "general", "not covered")
# What no library, pathway or question can contradict: only the seal guards it. The question and
# the history may change in words from which nothing was read.
ONLY_SEALED = re.compile(
    r"^(question|confidence|writer|note|generation|outcome)$|^(quotes|nearest)\[\]\.score$"
    r"|^certificate\.(versions|settings\.history|draft\.direct)\b|^certificate\.seal$"
    r"|^parts\[\]\.quotes\b"
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    store = str(tmp_path_factory.mktemp("verified") / "store")
    made = Settings(store=store, embedder="hashing", corpus=CORPUS)
    ingest([CORPUS], made)
    return made


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Assistant:
    return Assistant.open(settings)


@pytest.fixture(scope="module")
def verify(settings: Settings) -> Verify:
    verifier = Verifier.open(settings.store, settings.corpus, to_json)
    return lambda plain: verifier.verify(read_saved(json.dumps(plain), "answer.json"))


def reread(plain: dict[str, Any]) -> dict[str, Any]:
    """As it comes back from a file."""
    read: dict[str, Any] = json.loads(json.dumps(plain))
    return read


def refused(answered: Consultation, assistant: Assistant) -> Consultation:
    """The same question, had the library no answer: its quotes as the nearest passages."""
    own = [quote for quote in answered.answer.quotes if quote.added is None]
    nearest = tuple(
        replace(quote, number=number, role=tell_role(quote.text))
        for number, quote in enumerate(own, start=1)
    )
    draft = Answer(Outcome.NOT_COVERED, 0.2, "extractive", nearest=nearest)
    library = assistant._index.snapshot()
    asked = Asked(answered.question, answered.question)
    completed = assistant._completer.complete(draft, asked, library)
    texts = {d: hash_text(library.document(d).text) for d in completed.answer.documents}
    assert answered.certificate
    certificate = replace(
        answered.certificate, draft=(), draft_direct=(), documents=dict(sorted(texts.items()))
    )
    return Consultation.of(answered.question, completed, answered.generation, certificate)


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> dict[str, dict[str, Any]]:
    """Answers of every shape, by name."""
    history = [
        Turn("user", PATIENT),
        Turn("assistant", "No."),
    ]
    asked = {
        "patient": assistant.ask(PATIENT),
        "follow-up": assistant.ask(
            "And caffeine for post-dural puncture headache?", history=history
        ),
        "some documents": assistant.ask(
            "First-line imaging in suspected spontaneous intracranial hypotension (SIH)?",
            doc_ids=frozenset({"imaging"}),
        ),
        "general": assistant.ask(
            "How long to lie flat after a blood patch for post-dural puncture headache?"
        ),
    }
    asked["not covered"] = refused(asked["general"], assistant)
    assert [c.answer.outcome.value for c in asked.values()] == [*["answered"] * 4, "not_covered"]
    return {name: reread(to_json(consultation)) for name, consultation in asked.items()}


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list) and value:
        for place, one in enumerate(value):
            yield from leaves(one, (*path, place))
    elif not isinstance(value, dict | list):
        yield path


def pattern(path: Path) -> str:
    """The kind of place: list positions left out, and keys that are ids."""
    shown = re.sub(r"\[\d+\]", "[]", show_path(path))
    return re.sub(r"(\.rules|\.documents|^references)\..*", r"\1.*", shown)


def sample(plain: dict[str, Any], each: int) -> list[Path]:
    """Some leaves of every kind of place, timings apart."""
    kinds: dict[str, list[Path]] = {}
    for path in leaves({k: v for k, v in plain.items() if k != "timing_ms"}):
        kinds.setdefault(pattern(path), []).append(path)
    chance = random.Random(1)
    return [p for found in kinds.values() for p in chance.sample(found, min(each, len(found)))]


def at(plain: Any, path: Path) -> Any:
    for part in path:
        plain = plain[part]
    return plain


def altered(plain: dict[str, Any], path: Path) -> dict[str, Any]:
    changed = copy.deepcopy(plain)
    value = at(plain, path)
    if isinstance(value, bool):
        new: Any = not value
    elif isinstance(value, int | float):
        new = value + 1
    elif value is None:
        new = {"page": 1, "documents": ["x"]}.get(str(path[-1]), "x")
    else:
        new = value + "x"
    at(changed, path[:-1])[path[-1]] = new
    return changed


def resealed(plain: dict[str, Any]) -> dict[str, Any]:
    plain["certificate"]["seal"] = seal(plain)
    return plain


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_just_given_holds(
    name: str, answers: dict[str, dict[str, Any]], verify: Verify
) -> None:
    found = verify(answers[name])
    assert found.holds, [str(one) for one in found.failed]
    assert found.changed == []
    assert found.then == [found.now]


@pytest.mark.parametrize("name", ["general", "not covered"])
def test_any_altered_leaf_is_caught(
    name: str, answers: dict[str, dict[str, Any]], verify: Verify
) -> None:
    paths = sample(answers[name], 1)
    assert len(paths) > 30
    escaped = [show_path(p) for p in paths if verify(altered(answers[name], p)).holds]
    assert escaped == []


@pytest.mark.parametrize(("name", "each"), [("follow-up", 1), ("general", 3), ("not covered", 2)])
def test_an_altered_leaf_is_caught_though_the_answer_was_sealed_again(
    name: str, each: int, answers: dict[str, dict[str, Any]], verify: Verify
) -> None:
    paths = [p for p in sample(answers[name], each) if not ONLY_SEALED.search(pattern(p))]
    assert len(paths) > 20
    escaped = [show_path(p) for p in paths if verify(resealed(altered(answers[name], p))).holds]
    assert escaped == []


@pytest.mark.parametrize("name", ["patient", "general"])
def test_an_entry_left_out_of_a_list_is_caught_though_sealed_again(
    name: str, answers: dict[str, dict[str, Any]], verify: Verify
) -> None:
    plain = answers[name]
    lists = {
        pattern(p[:n]): p[:n]
        for p in leaves(plain)
        for n, k in enumerate(p)
        if n and isinstance(k, int)
    }
    escaped = []
    for kind, path in lists.items():
        if ONLY_SEALED.search(kind):
            continue
        changed = copy.deepcopy(plain)
        at(changed, path).pop()
        if verify(resealed(changed)).holds:
            escaped.append(show_path(path))
    assert len(lists) > 10
    assert escaped == []


def test_a_quote_from_outside_the_documents_asked_for_is_caught_though_sealed_again(
    answers: dict[str, dict[str, Any]], verify: Verify
) -> None:
    changed = copy.deepcopy(answers["some documents"])
    assert verify(changed).holds
    changed["certificate"]["settings"]["documents"] = ["children"]
    reasons = [one.reason for one in verify(resealed(changed)).failed]
    assert "'imaging' is not among the documents that were asked for" in reasons


def test_timings_are_not_part_of_the_proof(
    answers: dict[str, dict[str, Any]], verify: Verify
) -> None:
    changed = copy.deepcopy(answers["patient"])
    changed["timing_ms"]["total"] += 1
    assert verify(changed).holds
