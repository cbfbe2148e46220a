"""Other wordings of a question."""

from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.language.lexicon import Lexicon, load_lexicon
from assistant.retrieval.wording import LONG_STORY, Wordings, as_plain, ask_of, find_abbreviations

TEXTS = (
    "After spontaneous intracranial hypotension (SIH) an epidural blood patch may help.",
    "In SIH the subdural haematoma may grow. Targeted and blind patches were compared.",
    "Heavily T2-weighted sequences increase sensitivity (at 3 T) for fluid (see Table 2).",
)


def test_abbreviations_are_read_where_the_text_introduces_them() -> None:
    assert find_abbreviations(TEXTS) == {"SIH": "spontaneous intracranial hypotension"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "digital subtraction myelography (DSM) was done",
            {"DSM": "digital subtraction myelography"},
        ),
        ("a visual analogue scale (VAS) of pain", {"VAS": "visual analogue scale"}),
        ("given twice (OD) to patients", {}),
        ("magnetic resonance imaging (MRI), then MRI (MRI)", {"MRI": "magnetic resonance imaging"}),
        ("no long form here (XYZ)", {}),
        ("(ABC) at the start", {}),
    ],
)
def test_only_a_matching_long_form_counts(text: str, expected: dict[str, str]) -> None:
    assert find_abbreviations([text]) == expected


@pytest.fixture
def wordings() -> Wordings:
    return Wordings(TEXTS, [("epidural blood patch", ("EBP", "blood injected in the back"))])


def test_the_question_itself_always_comes_first(wordings: Wordings) -> None:
    for question in ("EBP in SIH?", "nothing to reword", "", "🙂"):
        assert wordings.of(question)[0] == question


@pytest.mark.parametrize(
    ("question", "wording"),
    [
        ("Is SIH common", "Is spontaneous intracranial hypotension common"),
        ("spontaneous intracranial hypotension?", "SIH?"),
        ("ebp volume", "epidural blood patch volume"),
        ("blood injected in the back, how much", "epidural blood patch, how much"),
        ("intracranal hypotenson", "intracranial hypotension"),
        ("subdural hematoma", "subdural haematoma"),
        ("tagreted or blind", "targeted or blind"),
        ("which sequences raise it", "which sequences increase it"),
    ],
)
def test_a_question_is_said_in_the_librarys_words(
    wordings: Wordings, question: str, wording: str
) -> None:
    assert wording in wordings.of(question)


def test_of_a_long_story_its_question_is_searched_too(wordings: Wordings) -> None:
    story = "She had a spinal for a section and went home well. " * 30
    question = "How large an EBP?"
    assert question in wordings.of(f"{story}{question} Thank you.")
    assert wordings.of(f"{story}It hurts when upright.")[1] == "It hurts when upright."
    assert len(ask_of("x" * 20_000)) == LONG_STORY
    assert ask_of(question) == question


@pytest.mark.parametrize("question", ["metformin dose", "bake bread", "python script", "OR time"])
def test_words_of_another_field_are_left_alone(wordings: Wordings, question: str) -> None:
    assert wordings.of(question) == (question,)


def test_a_lexicon_is_read_and_its_faults_are_named(tmp_path: Path) -> None:
    assert load_lexicon(tmp_path) == Lexicon()
    file = tmp_path / "lexicon" / "concepts.yaml"
    file.parent.mkdir()
    file.write_text(
        "- {id: a, names: [wet tap], abbreviations: [WT], misspellings: [wettap]}\n- {id: b, names: [puncture]}\n"
    )
    assert load_lexicon(tmp_path).synonyms == (("wet tap", ("WT", "wettap")), ("puncture", ()))
    file.write_text("- {id: a, names: [wet tap]}\n- {id: b, names: [Wet tap]}\n")
    with pytest.raises(ReadError, match="'Wet tap' belongs to both 'a' and 'b'"):
        load_lexicon(tmp_path)
    file.write_text("- {id: a, names: []}\n")
    with pytest.raises(ReadError, match=r"entry 0\.names"):
        load_lexicon(tmp_path)
    file.write_text("- {id: a, names: [x], colour: red}\n")
    with pytest.raises(ReadError, match="colour"):
        load_lexicon(tmp_path)


def test_the_library_that_comes_with_the_program_has_a_sound_lexicon(corpus: Path) -> None:
    assert len(load_lexicon(corpus).concepts) > 50


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Hello, many thanks for your help. How long flat? Thank you very much.", "How long flat?"),
        ("Dear colleagues, which needle? Kind regards", "which needle?"),
        ("High fever after a puncture", "High fever after a puncture"),
        ("Thanks!", "Thanks!"),
    ],
)
def test_courtesies_are_no_part_of_what_is_asked(said: str, asked: str) -> None:
    assert as_plain(said).strip() == asked
