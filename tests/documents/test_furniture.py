"""What a page says about itself is set apart; what it says of patients never is."""

import pytest

from assistant.documents.document import BlockKind, Document
from assistant.documents.passages import split_document
from assistant.documents.readers.html import read_html
from assistant.documents.readers.markdown import read_markdown
from assistant.documents.readers.plain import read_plain

CONTENT = "Give oxygen at once to every patient who is short of breath."


def kinds(document: Document) -> dict[str, BlockKind]:
    return {b.span.of(document.text): b.kind for b in document.blocks}


def quoted(document: Document) -> list[str]:
    return [s.span.of(document.text) for p in split_document(document) for s in p.statements]


@pytest.mark.parametrize(
    "line",
    [
        "Article Review Status",
        "All articles are reviewed for accuracy by our Medical Advisory Board",
        "Medical Advisory BoardAll articles are reviewed for accuracy by our Medical Advisory Board",
        "Educational purpose only • Exercise caution as content is pending human review",
        "Last updated: January 22, 2026",
        "Last updated: January 22, 2026View editorial policy",
        "Last reviewed on 2024-05-01",
        "View editorial policy",
        "Medically reviewed by Dr A. Person, MD",
        "Personalize",
        "Personalise this page",
        "Help us tailor your experience",
        "Which best describes you? Your choice helps us use better language.",
        "Have a follow-up question?",
        "Do you have any other questions?",
        "Ask any follow up question and get answers instantly.",
        "Our Medical A.I. is used by practicing medical doctors around the world.",
        "Was this page helpful? Yes No",
        "We use cookies to improve your experience.",
        "Accept all cookies",
        "Sign in",
        "Sign up for our newsletter",
        "Subscribe to our newsletter",
        "Share this page",
        "Print this page",
        "© 2024 A Publisher",
        "Copyright 2024 A Publisher. All rights reserved.",
        "Skip to main content",
        "Related articles",
        "https://example.org/page",
        "DOI: 10.1371/journal.pone.0075831",
        "This information does not replace professional medical advice.",
        "The publisher assumes no liability for decisions based on this.",
        "This page is not a substitute for professional medical advice.",
        "For informational purposes only.",
    ],
)
def test_furniture_is_never_quoted(line: str) -> None:
    plain = read_plain(f"A Title\n\n{CONTENT}\n\n{line}\n\n{CONTENT}\n", "a", "a")
    markdown = read_markdown(f"# A Title\n\n{CONTENT}\n\n{line}\n\n{CONTENT}\n", "a", "a")
    page = read_html(f"<h1>A</h1><p>{CONTENT}</p><p>{line}</p><p>{CONTENT}</p>", "a", "a")
    for document in (plain, markdown, page):
        assert quoted(document) == [CONTENT, CONTENT]
        assert line in document.text


@pytest.mark.parametrize(
    "heading",
    [
        "Approved indications",
        "Approved",
        "Guideline recommendations",
        "Cookie-bite lesion",
        "Further reading of the opening pressure",
        "References values",
        "Submitted samples",
        "Review of the patient after treatment",
        "Share the decision with the patient",
        "Searching for the leak",
        "Printing errors in the dose",
        "Signs",
        "Sources of infection",
        "Last menstrual period",
    ],
)
def test_a_clinical_heading_that_sounds_similar_is_kept(heading: str) -> None:
    document = read_markdown(f"# Title\n\n## {heading}\n\n{CONTENT}\n", "a", "a")
    assert kinds(document)[heading] is BlockKind.HEADING
    (passage,) = split_document(document)
    assert passage.headings == (heading,)


@pytest.mark.parametrize(
    "sentence",
    [
        "A normal scan does not replace clinical judgement.",
        "Reviewed by a cardiologist within 24 hours.",
        "Ask about previous headaches.",
        "Approved for adults only.",
        "The patient accepts responsibility for taking it.",
        "Register the birth within 42 days.",
        "Save the sample for culture.",
        "Search for a second leak.",
    ],
)
def test_a_clinical_sentence_that_sounds_similar_is_kept(sentence: str) -> None:
    document = read_plain(f"A Title\n\n{CONTENT}\n\n{sentence}\n", "a", "a")
    assert sentence in quoted(document)


def test_states_of_a_review_are_furniture_only_beside_each_other() -> None:
    banner = read_plain(f"Title Here\n\nSubmitted\nUnder Review\nApproved\n\n{CONTENT}\n", "a", "a")
    assert quoted(banner) == [CONTENT]


def test_a_disclaimer_takes_its_section_with_it() -> None:
    document = read_markdown(
        f"# T\n\n## Medical Disclaimer\n\nAnything.\n\n### More\n\nAlso.\n\n## Care\n\n{CONTENT}\n",
        "a",
        "a",
    )
    assert quoted(document) == [CONTENT]


def test_only_the_sentence_of_disclaimer_is_taken_from_a_paragraph() -> None:
    text = f"{CONTENT} The publisher assumes no liability. Then give fluids."
    assert quoted(read_plain(text, "a", "a")) == [CONTENT, "Then give fluids."]


def test_the_question_a_page_opens_with_is_not_its_title() -> None:
    document = read_plain(
        f"Why is a scan needed?\n\nLast updated: May 2, 2024\n\nA Title Here\n\n{CONTENT}\n",
        "a",
        "a",
    )
    assert document.title == "A Title Here"
    assert quoted(document) == [CONTENT]


@pytest.mark.parametrize("between", ["", "### Adults\n\n"])
def test_a_question_that_heads_a_section_is_kept(between: str) -> None:
    document = read_markdown(f"## Who needs a scan?\n\n{between}{CONTENT}\n", "a", "a")
    assert kinds(document)["Who needs a scan?"] is BlockKind.HEADING


@pytest.mark.parametrize(
    "name", ["References", "REFERENCES", "Bibliography", "9 References", "Literature cited"]
)
def test_a_list_of_references_ends_where_content_begins(name: str) -> None:
    document = read_markdown(
        f"# T\n\n{CONTENT}\n\n## {name}\n\n1. Smith J, et al. A paper. 2020.\n2. A page\n\n"
        f"### Guideline\n\nA Publisher, 2025\n\n## Appendix\n\n{CONTENT}\n",
        "a",
        "a",
    )
    assert quoted(document) == [CONTENT, CONTENT]
    assert kinds(document)["Appendix"] is BlockKind.HEADING
    assert kinds(document)["Guideline"] is BlockKind.REFERENCES


def test_references_in_a_plain_page_end_before_its_disclaimer() -> None:
    document = read_plain(
        f"A Title Here\n\n{CONTENT}\n\nReferences\n\nGuideline\n\nA Topic Overview\n\n"
        "A Board & Editors, 2025\n\nGuideline\n\nLeak Evaluation\n\nA Publisher, 2025\n\n"
        "Professional Disclaimer\n\nThis is for professionals.\n",
        "a",
        "a",
    )
    assert quoted(document) == [CONTENT]
    assert kinds(document)["Leak Evaluation"] is BlockKind.REFERENCES
    assert kinds(document)["Professional Disclaimer"] is BlockKind.FURNITURE
