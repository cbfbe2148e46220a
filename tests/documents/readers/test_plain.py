"""Plain text is kept exactly, and its shape is read from its lines."""

import pytest

from assistant.documents.document import BlockKind, Document
from assistant.documents.readers.plain import read_plain
from assistant.errors import ReadError

HEADING, PARAGRAPH, LEAD, BULLET, ROW = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LEAD,
    BlockKind.BULLET,
    BlockKind.ROW,
)


def read(text: str) -> Document:
    return read_plain(text, "guide", "guide.txt")


def shape(text: str) -> list[tuple[BlockKind, int, str]]:
    document = read(text)
    return [(block.kind, block.level, block.span.of(document.text)) for block in document.blocks]


def of_kind(text: str, kind: BlockKind) -> list[str]:
    return [words for found, _, words in shape(text) if found is kind]


def test_the_text_is_kept_exactly() -> None:
    text = "  Odd\u00a0 spacing \t here.\n\n\n• and  there\u200b\n"
    assert read(text).text == text


def test_a_page_of_lines_has_headings_paragraphs_leads_and_bullets() -> None:
    text = (
        "Direct Recommendation\n"
        "This patient almost certainly has a leak and needs a scan of the brain. 1\n"
        "Findings to look for: 1, 4\n"
        "- Enhancement of the dura\n"
        "- Engorged venous sinuses\n"
    )
    assert shape(text) == [
        (HEADING, 1, "Direct Recommendation"),
        (
            PARAGRAPH,
            0,
            "This patient almost certainly has a leak and needs a scan of the brain. 1",
        ),
        (LEAD, 0, "Findings to look for:"),
        (BULLET, 0, "Enhancement of the dura"),
        (BULLET, 0, "Engorged venous sinuses"),
    ]


@pytest.mark.parametrize(
    "mark", ["•", "・", "■", "▪", "◦", "‣", "-", "–", "*", "1.", "2)", "a)", "iv."]
)
def test_every_kind_of_bullet_is_known(mark: str) -> None:
    text = f"Look for the following:\n{mark} fever\n{mark} rash\n"
    assert of_kind(text, BULLET) == ["fever", "rash"]


def test_a_bullet_without_a_space_after_its_sign_is_known() -> None:
    assert of_kind("Look for:\n・Fever\n・Rash", BULLET) == ["Fever", "Rash"]


@pytest.mark.parametrize(
    "line",
    [
        "-5 degrees were measured today.",
        "*Note this well.",
        "1.5 mg was given once.",
        "V. cholerae was found in it.",
        "E. coli was found in it.",
    ],
)
def test_a_sign_that_is_no_bullet_is_not_taken_for_one(line: str) -> None:
    assert of_kind(line, BULLET) == []


def test_wrapped_lines_are_one_paragraph_or_bullet() -> None:
    text = (
        "These are abdominal conditions causing sudden or severe pain, that requires\n"
        "immediate or urgent attention in hospital, wherever that can be had in time.\n"
        "\n"
        "• Streptokinase is given as 1.5 million units in 100 mL of normal saline over\n"
        "30 - 60 minutes\n"
        "• Bed rest\n"
    )
    assert [kind for kind, _, _ in shape(text)] == [PARAGRAPH, BULLET, BULLET]
    assert of_kind(text, BULLET)[0].endswith("over\n30 - 60 minutes")


def test_lines_that_are_not_wrapped_are_paragraphs_of_their_own() -> None:
    text = (
        "The first paragraph is one long line that was never wrapped at any page's width, so that "
        "it goes on and on until it has said all that it has to say about the matter.\n"
        "The second paragraph begins right below it and is just as long as the first one was, or "
        "even a little longer than that, because it also has much to say about it.\n"
    )
    assert [kind for kind, _, _ in shape(text)] == [PARAGRAPH, PARAGRAPH]


def test_hashes_give_the_headings_their_levels() -> None:
    text = "# Guide\n\n## Treatment\n\n### Adults ###\n\nGive oxygen.\n"
    assert shape(text)[:3] == [
        (HEADING, 1, "Guide"),
        (HEADING, 2, "Treatment"),
        (HEADING, 3, "Adults"),
    ]


def test_a_heading_in_capitals_stands_above_those_below_it() -> None:
    text = (
        "## Introduction\nA disease.\n\n## TREATMENT OF COUGH\n\n## Treatment Goals\n- Rest\n\n"
        "## Drug Treatment\n- Syrup\n\n## COMPLICATIONS OF COUGH\n- Fatigue\n\n## Prevention\n- Air\n"
    )
    levels = {words: level for kind, level, words in shape(text) if kind is HEADING}
    assert levels == {
        "Introduction": 2,
        "TREATMENT OF COUGH": 2,
        "Treatment Goals": 3,
        "Drug Treatment": 3,
        "COMPLICATIONS OF COUGH": 2,
        "Prevention": 2,
    }


def test_bare_headings_of_one_kind_are_siblings() -> None:
    text = (
        "Full Title of the Page\n\nA first paragraph that says something at length.\n\n"
        "First Section\n\nSome words about it.\n\nSecond Section\n\nMore words about it.\n"
    )
    assert [(level, words) for kind, level, words in shape(text) if kind is HEADING] == [
        (1, "Full Title of the Page"),
        (2, "First Section"),
        (2, "Second Section"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Give 500 mg of it at once.",
        "Proceed directly to the patch at the level of the leak. 1, 2",
        "See https://example.org/Guide",
        "Or",
        "the patient improves",
        "Scientific Reports | 5:13028",
        "Surgery is indicated",
    ],
)
def test_a_line_of_another_kind_is_no_heading(line: str) -> None:
    text = f"Title of Page\n\nSome words of introduction, which end here.\n{line}\n- One thing\n- Another\n"
    assert line not in of_kind(text, HEADING)


def test_a_row_of_short_lines_is_a_list_not_headings() -> None:
    text = (
        "Title of Page\n\nSome words of introduction, which end here.\n\n"
        "Marfan Syndrome\nDown Syndrome\nTurner Syndrome\nNoonan Syndrome\n"
    )
    assert "Turner Syndrome" not in of_kind(text, HEADING)


def test_the_last_sentence_of_a_paragraph_may_be_a_lead() -> None:
    text = "A history should be taken. Note the following:\n- Onset\n- Site\n"
    assert shape(text)[:2] == [
        (PARAGRAPH, 0, "A history should be taken."),
        (LEAD, 0, "Note the following:"),
    ]


def test_nesting_follows_the_indent() -> None:
    text = "- Pathological:\n  - Bleeding:\n    - Overt\n    - Occult\n  - Infection\n- Other\n"
    assert [level for _, level, _ in shape(text)] == [0, 1, 2, 2, 1, 0]


def test_nesting_follows_the_signs_where_there_is_no_indent() -> None:
    text = "• Antibiotics\n- Amoxicillin\n- Erythromycin\n• Analgesics\n- Paracetamol\n"
    assert [level for _, level, _ in shape(text)] == [0, 1, 1, 0, 1]


def test_doses_stand_below_their_medicine_and_ages_below_the_child() -> None:
    text = (
        "・ Antibiotics\n"
        "- Amoxicillin\n"
        "- Adult: 500 mg orally 8 hourly\n"
        "- Child:\n"
        "- 1-3 years: 50 mg\n"
        "- over 50 kg: same as adult dosing\n"
        "- Erythromycin\n"
        "- Adult: 250 mg\n"
        "・ Analgesics\n"
    )
    assert [(level, words.split(":")[0]) for _, level, words in shape(text)] == [
        (0, "Antibiotics"),
        (1, "Amoxicillin"),
        (2, "Adult"),
        (2, "Child"),
        (3, "1-3 years"),
        (3, "over 50 kg"),
        (1, "Erythromycin"),
        (2, "Adult"),
        (0, "Analgesics"),
    ]


def test_a_lead_whose_bullets_are_deeper_leads_no_siblings() -> None:
    text = "• Leg ulcers:\n- Heal slowly\n• Bones and joints\n- Necrosis\n"
    assert [level for _, level, _ in shape(text)] == [0, 1, 0, 1]


def test_or_between_two_bullets_parts_no_list() -> None:
    text = "• Metronidazole\n- Adult: 800 mg\nOr\n• Tinidazole\n- Adult: 2 g\n"
    assert [level for kind, level, _ in shape(text) if kind is BULLET] == [0, 1, 0, 1]


def test_table_rows_hang_from_their_head() -> None:
    text = "## Stages\n\n| Stage | GFR |\n|---|---|\n| 1 | 90 |\n| 2 | 60 |\n"
    assert shape(text)[1:] == [
        (LEAD, 0, "Stage | GFR"),
        (ROW, 0, "1 | 90"),
        (ROW, 0, "2 | 60"),
    ]


def test_the_title_is_the_first_heading_or_made_from_the_id() -> None:
    assert read("Marble cough\n\nDiagnosis\nIt rolls.\n").title == "Marble cough"
    assert read_plain("It only rolls.", "guides/marble-cough", "x").title == "Marble cough"
    assert read_plain("It only rolls.", "x", "x", "Given").title == "Given"


@pytest.mark.parametrize("text", ["----\n====\n", "\n\n"])
def test_a_text_of_nothing_but_rules_is_refused(text: str) -> None:
    with pytest.raises(ReadError, match="no text"):
        read(text)


def test_right_to_left_text_and_emoji_keep_their_offsets() -> None:
    text = "עברית היא שפה. 😀 טוב מאוד.\n\n• ראשון 😀\n• שני\n"
    assert of_kind(text, BULLET) == ["ראשון 😀", "שני"]
