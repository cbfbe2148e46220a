"""Sentences end where a reader would end them, and never hold a reference number."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.references import UNNUMBERED, Referencing
from assistant.documents.sentences import LONGEST_SENTENCE, find_sentences
from assistant.spans import Span


def sentences(text: str, referencing: Referencing = UNNUMBERED) -> list[str]:
    return [s.of(text) for s in find_sentences(text, Span(0, len(text)), referencing)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was excluded. 1, 2 The next one.", ["It was excluded.", "The next one."]),
        ("It was excluded. 1, 2", ["It was excluded."]),
        ("It was excluded. 5", ["It was excluded."]),
        ("It was excluded.1,2 Then this.", ["It was excluded.", "Then this."]),
        ("It was excluded.1,2", ["It was excluded."]),
        ("It was excluded.12 Then this.", ["It was excluded.", "Then this."]),
        ("It was seen. [12] Then this.", ["It was seen.", "Then this."]),
        ("It was seen. [31] [32] Then this.", ["It was seen.", "Then this."]),
        ("It was seen.[4-6] Then this.", ["It was seen.", "Then this."]),
        ("It was seen.¹² Then this.", ["It was seen.", "Then this."]),
        ("It was seen.¹,² Then this.", ["It was seen.", "Then this."]),
        ("It was seen [12]. Then this.", ["It was seen [12].", "Then this."]),
        ("Due to a CSF leak [1, 2]", ["Due to a CSF leak"]),
    ],
)
def test_reference_numbers_belong_to_no_sentence(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was seen. 12 patients died.",
        "It was seen. 2 g was given.",
        "It was seen. 3 ICU patients died.",
        "It was seen. 0.5 mg was enough.",
        "The score was 3 [2-5]",
        "The leak was of grade 2",
        "The volume was 10⁹",
    ],
)
def test_numbers_that_say_something_are_kept(text: str) -> None:
    assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")


def test_single_numbers_are_references_only_where_the_document_cites_so() -> None:
    text = "Do not puncture. 1 CSF pressure can be normal."
    assert sentences(text)[-1] == "1 CSF pressure can be normal."
    assert sentences(text, Referencing(singly=True)) == [
        "Do not puncture.",
        "CSF pressure can be normal.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Due to a CSF leak 1, 2", "Due to a CSF leak"),
        (
            "Improves within one week without treatment 1",
            "Improves within one week without treatment",
        ),
        ("Persist beyond 72 hours 1", "Persist beyond 72 hours"),
        ("Leaks at other levels 2", "Leaks at other levels"),
        ("Leaks of grades 1, 2", "Leaks of grades 1, 2"),
        ("A leak of grade 2", "A leak of grade 2"),
        ("Diabetes of type 1, 2", "Diabetes of type 1, 2"),
        ("Give it on day 7", "Give it on day 7"),
        ("Loss of height at T 12", "Loss of height at T 12"),
        ("See table 3", "See table 3"),
        ("Aim for a score of 15", "Aim for a score of 15"),
    ],
)
def test_numbers_without_a_full_stop_cite_only_after_ordinary_words(
    text: str, expected: str
) -> None:
    assert sentences(text, Referencing(unstopped=True)) == [expected]
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "sentence",
    [
        "Give approx. 5 mg of it.",
        "Give approx. Five doses of it.",
        "Check Temp. every hour.",
        "Bites of Ae. aegypti spread it.",
        "Look for S. aureus in the blood.",
        "Use a nitrate, e.g. GTN, at once.",
        "Use the drug, i.e. Aspirin, at once.",
        "Compare it vs. Placebo in trials.",
        "See Fig. 2 for the view.",
        "Smith et al. Showed the same.",
        "Smith et al. (2020) showed the same.",
        "Give 0.5 mg at once.",
        "Give it i.v. every day.",
        "Give it b.d. for a week.",
        "Take No. 5 from the box.",
        "Refer to St. George's Hospital today.",
        "This was rare (p < 0.05) in adults.",
        "Give these: aspirin; heparin; oxygen.",
        "The pH was 7.4 at rest.",
        "It costs 1.5 million units in 100 mL.",
        "It works (see above. It is rare) in adults.",
        "He said “stop it. Go home” to all.",
        'He said "stop it. Go home" to all.',
        "The constant was 8. 9 Hz in all.",
    ],
)
def test_an_abbreviation_a_figure_or_a_colon_ends_no_sentence(sentence: str) -> None:
    text = f"{sentence} The next one follows."
    assert sentences(text) == [sentence, "The next one follows."]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Stop it at once! Why? It harms.", 3),
        ("This is group B. The next is not.", 2),
        ("It is vitamin C. Give it.", 2),
        ("مرحبا بك؟ نعم. وشكرا.", 3),
        ("😀 It helps. 😀 It does.", 2),
        ("First line.\nSecond line.", 2),
        ("It was seen (Fig. 5a) . Then it was not.", 2),
        ("It was seen (one, 2019 . Then (two) it was not. Then it was.", 3),
        ("The patient's leak was small. The state's policy was kept. It's over.", 3),
        ("He said “stop.” Then he left. (It was late.) The end.", 4),
    ],
)
def test_ordinary_sentences_are_parted(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_a_span_within_a_text_gives_offsets_of_the_text() -> None:
    text = "Before. One here. Two here. After."
    found = list(find_sentences(text, Span(8, 27)))
    assert [s.of(text) for s in found] == ["One here.", "Two here."]


@pytest.mark.parametrize("text", ["word " * 10_000, "x" * 50_000, "a. b " * 10_000, "1 " * 25_000])
def test_a_very_long_line_is_cut(text: str) -> None:
    found = list(find_sentences(text, Span(0, len(text))))
    assert len(found) > 1
    assert all(len(s) <= LONGEST_SENTENCE for s in found)


@pytest.mark.parametrize("piece", ["word ", "Foo. 1, 2 ", "a. b ", "[1] ", ". ", "¹ ", "1, "])
def test_time_grows_with_length_and_no_faster(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    started = time.perf_counter()
    list(find_sentences(text, Span(0, len(text))))
    assert time.perf_counter() - started < 10


@given(
    st.text(
        alphabet=st.sampled_from("aB1 .,;:!?[]()-–’”\n\t•😀é¹²م؟"),
        max_size=200,
    ),
    st.booleans(),
    st.booleans(),
)
def test_sentences_are_inside_in_order_and_trimmed(
    text: str, singly: bool, unstopped: bool
) -> None:
    end = 0
    for span in find_sentences(text, Span(0, len(text)), Referencing(singly, unstopped)):
        assert end <= span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip()
        end = span.end
