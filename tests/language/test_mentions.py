"""Names are found however they are written, and nothing else is."""

import pytest

from assistant.language.mentions import Name, Vocabulary, fold

NAMES = [
    Name("fever", "fever"),
    Name("fever", "afebrile", so=False),
    Name("neck", "neck stiffness"),
    Name("neck", "neck * stiff"),
    Name("headache", "headache"),
    Name("papilloedema", "papilloedema"),
    Name("seizure", "seizure"),
    Name("pressure", "=OP"),
    Name("patch", "had * blood patch"),
    Name("patch", "blood patch"),
    Name("lasting", "severe headache"),
    Name("number", "blood patch", layer="number"),
    Name("haematoma", "subdural haematoma"),
]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(NAMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fever and headaches.", [("fever", "Fever"), ("headache", "headaches")]),
        ("SUBDURAL HEMATOMAS", [("haematoma", "SUBDURAL HEMATOMAS")]),
        ("papilledema", [("papilloedema", "papilledema")]),
        ("papiloedema on fundoscopy", [("papilloedema", "papiloedema")]),
        ("two siezures", [("seizure", "siezures")]),
        ("her neck is very stiff", [("neck", "neck is very stiff")]),
        ("neck supple, back stiff", []),
        ("never", []),
        ("OP 12", [("pressure", "OP")]),
        ("op clinic", []),
        ("severe headache", [("lasting", "severe headache")]),
        ("She had a blood patch.", [("number", "blood patch"), ("patch", "had a blood patch")]),
        ("neck. Stiffness", []),
    ],
)
def test_what_is_found(vocabulary: Vocabulary, text: str, expected: list[tuple[str, str]]) -> None:
    found = [(mention.owner, mention.span.of(text)) for mention in vocabulary.find(text)]
    assert sorted(found) == sorted(expected)


def test_a_name_can_say_that_it_is_not_so(vocabulary: Vocabulary) -> None:
    assert [(m.owner, m.so) for m in vocabulary.find("apart from that afebrile")] == [
        ("fever", False)
    ]


def test_a_slip_between_two_things_is_not_guessed() -> None:
    vocabulary = Vocabulary([Name("a", "carpal"), Name("b", "carpel")])
    assert vocabulary.find("carpol") == ()


def test_a_slip_between_two_names_of_one_thing_is_mended() -> None:
    vocabulary = Vocabulary([Name("a", "carpal"), Name("a", "carpel")])
    assert [mention.owner for mention in vocabulary.find("carpol")] == ["a"]


def test_spellings_fold_together() -> None:
    assert fold("Haematomas") == fold("hematoma")
    assert fold("Kernig’s") == "kernig"
    assert fold("patches") == "patch"
    assert fold("diagnosis") == "diagnosis"
