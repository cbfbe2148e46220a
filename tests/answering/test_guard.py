"""Nothing passes the guard that its quotes do not say; most of what they say in other words does.

The hostile and honest statements made by rule are made from the library's own statements; those
written by hand are in ``rewordings/``. Half of the honest ones were never tuned on: what of them
passes says how the guard does on rewordings that it has not seen.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rewording import HONEST, HOSTILE, Said, make

from assistant.answering.guard import Guard
from assistant.answering.guarding.comparing import Reason
from assistant.documents.corpus import find_files
from assistant.documents.document import Document
from assistant.documents.passages import split_document
from assistant.documents.readers.registry import read_file
from assistant.language.lexicon import load_lexicon

BY_HAND = Path(__file__).parent / "rewordings"
MOST_OF_A_KIND = 60


@pytest.fixture(scope="module")
def guard(corpus: Path) -> Guard:
    return Guard(load_lexicon(corpus).concepts)


@pytest.fixture(scope="module")
def statements(corpus: Path) -> list[str]:
    """Every statement of the library that is neither a fragment nor a long list."""
    found: dict[str, None] = {}
    for file in find_files([corpus / "documents"]):
        for document in read_file(file.path, file.doc_id):
            assert isinstance(document, Document)
            for passage in split_document(document):
                for statement in passage.statements:
                    text = statement.span.of(document.text)
                    if 40 < len(text) < 320:
                        found[text] = None
    return list(found)


def by_hand(name: str) -> list[Said]:
    plain = yaml.safe_load((BY_HAND / f"{name}.yaml").read_text(encoding="utf-8"))
    return [
        Said(name, text, tuple(range(1, len(entry["quotes"]) + 1)), tuple(entry["quotes"]))
        for entry in plain
        for text in entry["says"]
    ]


def passes(guard: Guard, said: Said) -> bool:
    return not guard.check_statement(said.text, said.numbers, dict(enumerate(said.quotes, 1)))


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_hostile_statement_made_by_rule_is_refused(
    guard: Guard, statements: list[str], kind: str
) -> None:
    made = make({kind: HOSTILE[kind]}, statements, MOST_OF_A_KIND)
    assert len(made) >= 15
    assert [said.text for said in made if passes(guard, said)] == []


def test_there_are_hostile_and_honest_statements_enough(statements: list[str]) -> None:
    hostile = make(HOSTILE, statements, MOST_OF_A_KIND)
    assert len({(said.text, said.numbers) for said in hostile}) >= 800
    written = [said for name in WRITTEN for said in by_hand(name)]
    assert len(written) >= 230
    assert len({said.text for said in written}) == len(written)
    assert len(make(HONEST, statements, MOST_OF_A_KIND)) + len(written) >= 400


def test_a_statement_that_is_a_quote_itself_passes(guard: Guard, statements: list[str]) -> None:
    verbatim = [Said("verbatim", text, (1,), (text,)) for text in statements]
    assert len(verbatim) > 500
    refused = [said.text for said in verbatim if not passes(guard, said)]
    assert len(refused) <= 0.02 * len(verbatim), refused


WRITTEN = {"honest_seen": 0.90, "honest_more": 0.80, "honest_untouched": 0.75}


@pytest.mark.parametrize("name", WRITTEN)
def test_honest_rewordings_by_hand_pass(guard: Guard, name: str) -> None:
    written = by_hand(name)
    refused = [said.text for said in written if not passes(guard, said)]
    assert len(refused) <= (1 - WRITTEN[name]) * len(written), refused


def test_nine_in_ten_of_all_honest_rewordings_pass(guard: Guard, statements: list[str]) -> None:
    honest = make(HONEST, statements, MOST_OF_A_KIND)
    honest += [said for name in WRITTEN for said in by_hand(name)]
    passed = Counter(said.kind for said in honest if passes(guard, said))
    assert passed.total() >= 0.90 * len(honest), passed


@pytest.mark.parametrize("name", ["hostile_held_out", "hostile_second"])
def test_hostile_rewordings_by_hand_are_refused(guard: Guard, name: str) -> None:
    written = by_hand(name)
    assert len(written) >= 45
    assert [said.text for said in written if passes(guard, said)] == []


SYRUP = "Give 30 mL of stripe syrup twice a day for zebra fever."
NEVER = "Do not give stripe syrup to children under 2 years."
LIST = "Look for:\n\n- pale stripes\n- reversed stripes"


@pytest.mark.parametrize(
    ("text", "numbers", "reason"),
    [
        ("Give 40 mL of stripe syrup twice a day for zebra fever.", (1,), Reason.NUMBER),
        ("Give 30 mg of stripe syrup twice a day for zebra fever.", (1,), Reason.NUMBER),
        ("Give up to 30 mL of stripe syrup twice a day for zebra fever.", (1,), Reason.NUMBER),
        ("Give 30 mL of spot syrup twice a day for zebra fever.", (1,), Reason.WORD),
        ("Do not give 30 mL of stripe syrup twice a day for zebra fever.", (1,), Reason.NEGATION),
        ("Give stripe syrup to children under 2 years.", (2,), Reason.NEGATION),
        ("30 mL of stripe syrup must be given twice a day for zebra fever.", (1,), Reason.MODALITY),
        ("Stripe syrup may be given to children under 2 years.", (2,), Reason.MODALITY),
        ("Do not give stripe syrup to those under 2 years.", (2,), Reason.POPULATION),
        ("Do not give stripe syrup for zebra fever.", (1, 2), Reason.WORD),
        (SYRUP, (2,), Reason.NUMBER),
        (SYRUP, (1, 2), Reason.CITATION),
        (SYRUP, (9,), Reason.CITATION),
        (SYRUP, (), Reason.CITATION),
        (f"{SYRUP} [2]", (1,), Reason.CITATION),
        ("The guideline says “Give 30 mL of stripe sirup”.", (1,), Reason.QUOTATION),
        ("Give 30 mL of stripe syrup ↑ twice a day for zebra fever.", (1,), Reason.WORD),
        ("Give 30 mL of stripe syrup twice a day for zebra fever?", (1,), Reason.WORD),
        ("Give 30 mL of stripe\u200b syrup twice a day for zebra fever.", (1,), Reason.WORD),
        ("<b>Give</b> 30 mL of stripe syrup twice a day for zebra fever.", (1,), Reason.WORD),
        ("Look for pale reversed spots.", (3,), Reason.WORD),
        ("", (1,), Reason.WORD),
        ("It is.", (1,), Reason.WORD),
    ],
)
def test_a_refusal_says_why(text: str, numbers: tuple[int, ...], reason: Reason) -> None:
    refusals = Guard().check_statement(text, numbers, {1: SYRUP, 2: NEVER, 3: LIST})
    assert reason in {refusal.reason for refusal in refusals}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (SYRUP, (1,)),
        ("For zebra fever, give 30 mL of stripe syrup twice daily.", (1,)),
        ("30 ml stripe syrup should be given twice a day for zebra fever [1].", (1,)),
        ("“Give 30 mL of stripe syrup” twice a day for zebra fever.", (1,)),
        ("Stripe syrup should not be given to children under 2 years.", (2,)),
        ("Avoid giving stripe syrup to children under two years.", (2,)),
        ("Look for pale stripes.", (3,)),
        (f"{SYRUP} {NEVER}", (1, 2)),
    ],
)
def test_what_the_quotes_say_passes_without_a_lexicon(text: str, numbers: tuple[int, ...]) -> None:
    assert Guard().check_statement(text, numbers, {1: SYRUP, 2: NEVER, 3: LIST}) == ()


@given(st.text(max_size=300), st.sampled_from([SYRUP, NEVER, LIST]))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_it_and_no_other_number_passes(text: str, quote: str) -> None:
    line = " ".join(text.split())
    passed = not Guard().check_statement(f"{quote} {line}", (1,), {1: quote})
    assert not (passed and set(re.findall(r"\d+", line)) - set(re.findall(r"\d+", quote)))
    Guard().check_statement(text, (1,), {1: quote})
    Guard().check_statement(quote, (1,), {1: text or " "})


def test_a_very_long_statement_is_refused_at_once(guard: Guard) -> None:
    long = f"{SYRUP} " * 2_000
    assert guard.check_statement(long, (1,), {1: long})


def test_the_same_statement_is_judged_alike_every_time(guard: Guard) -> None:
    said = by_hand("hostile_held_out")[:20]
    once = [guard.check_statement(s.text, s.numbers, dict(enumerate(s.quotes, 1))) for s in said]
    again = [guard.check_statement(s.text, s.numbers, dict(enumerate(s.quotes, 1))) for s in said]
    assert once == again
