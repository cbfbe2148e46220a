"""What the page shows, without a browser."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer import Answer, Quote
from assistant.documents.document import Description, Review
from assistant.errors import SettingsError
from assistant.interfaces import ui
from assistant.interfaces.ui_answer import LOW_CONFIDENCE, Shown, render_answer, render_question
from assistant.interfaces.ui_html import describe, escape, name_place
from assistant.interfaces.ui_opening import open_document, open_source
from assistant.interfaces.ui_serving import check_address, open_users
from assistant.interfaces.ui_session import Session
from assistant.interfaces.ui_session import ask as ask_in
from assistant.interfaces.ui_source import render_source
from assistant.settings import Settings
from assistant.spans import Span

# No image, script, frame, style or form; what a question or document says adds none.
OUR_TAGS = set(
    "a article b blockquote button details dd div dl dt h2 h3 h4 li mark ol p section span summary"
    " ul".split()
)


class Page(HTMLParser):
    """The tags, links, classes and words of a piece of the page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def links(self) -> list[str]:
        return [value or "" for name, value in self.attributes if name == "href"]


def ask(fake: Any, question: str, session: Session | None = None) -> Session:
    """The session after an answer."""
    return ask_in(fake, session or Session(), question)[0]


def show(fake: Any, question: str, session: Session | None = None) -> str:
    """The answer as the page gets it."""
    return str(ask_in(fake, session or Session(), question)[1]["html"])


def ids(session: Session) -> list[str]:
    return [exchange.answer_id for exchange in session.exchanges]


def marks(panel: str) -> list[str]:
    """The words of each mark in a source panel."""
    return [Page(found).words for found in re.findall(r"<mark .*?</mark>", panel, re.DOTALL)]


def current(panel: str) -> list[str]:
    return [
        Page(found).words
        for found in re.findall(r'<mark [^>]*class="quoted current".*?</mark>', panel, re.DOTALL)
    ]


# Text


@given(st.text())
def test_escaped_text_reads_back_as_itself_and_holds_no_markup(text: str) -> None:
    written = escape(text)
    assert html.unescape(written) == html.unescape(html.escape(text))
    assert not set("<>\"'`{}$*_[]\n\r") & set(written)


def test_a_question_is_shown_as_typed(hostile: str) -> None:
    page = Page(render_question(hostile))
    assert page.words == hostile
    assert page.tags == ["h2"]


def test_hostile_documents_bring_no_tags_and_no_links(fake: Any, hostile: str) -> None:
    session, message = ask_in(fake, Session(), f"hostile {hostile}")
    panel = open_source(fake, session, f"cite-{ids(session)[0]}-1")
    plain = open_document(fake, session.exchanges[0].consultation.answer.quotes[0].doc_id, 0, 9)
    panes = message["panes"]
    for source in (message["html"], panel, plain, panes["evidence"]):
        page = Page(source)
        assert hostile in page.words
        assert set(page.tags) <= OUR_TAGS
        assert all(re.fullmatch(r"#(cite|hit)-[0-9a-f]+-\d+", link) for link in page.links)
        assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_error_messages_are_escaped(fake: Any) -> None:
    page = Page(show(fake, "too long"))
    assert "<b>too many</b>" in page.words
    assert "b" not in page.tags


def test_the_title_is_not_said_twice() -> None:
    assert name_place("Imaging", "Imaging › When") == "Imaging › When"
    assert name_place("Imaging", "Imaging") == "Imaging"
    assert name_place("Imaging", "Imaging of the spine") == "Imaging › Imaging of the spine"
    assert name_place("Imaging", "") == "Imaging"


@pytest.mark.parametrize(
    ("description", "words"),
    [
        (Description(), ["Review: not stated"]),
        (Description(published="2025-06-01"), ["Published 1 June 2025", "Review: not stated"]),
        (
            Description(
                version="3",
                valid_from="2026",
                valid_until="2027-02",
                withdrawn=True,
                reason="A recall.",
                owner="The ward",
                local_policy_over=("national",),
            ),
            [
                "Withdrawn: A recall.",
                "Local policy of The ward over national",
                "Version 3",
                "Valid from 1 January 2026",
                "Valid until 28 February 2027",
                "Review: not stated",
            ],
        ),
        (
            Description(published="2025-06-01", updated="2026-01-22", review=Review("approved")),
            ["Updated 22 January 2026", "Review: approved"],
        ),
        (
            Description(
                updated="early 2026", review=Review("approved", "A. Example", "2026-02-03")
            ),
            ["Updated early 2026", "Review: approved by A. Example, 3 February 2026"],
        ),
    ],
)
def test_a_document_is_described_in_words(description: Description, words: list[str]) -> None:
    assert describe(description) == words


# Answers


def test_the_direct_quote_comes_first_and_every_quote_has_its_number(fake: Any) -> None:
    page = Page(show(fake, "When should I image?"))
    quotes = fake.script["image"].quotes
    places = [page.words.index(quote.text) for quote in quotes]
    assert places == sorted(places)
    assert page.words.index("Answer") < places[0] < page.words.index("What not to do") < places[1]
    for quote in quotes:
        assert f"{quote.text} [{quote.number}]" in page.words


def test_the_reference_list_names_title_section_date_and_review(fake: Any) -> None:
    words = Page(show(fake, "When should I image?")).words
    documents = words[words.index("Quoted documents") :]
    assert "Last updated 22 January 2026 · Review: approved, under review" in documents
    assert "Imaging after a dural puncture" in documents
    assert "Updated 22 January 2026" in documents
    assert "Review: approved by A. Example, 3 February 2026" in documents
    assert "[1] [2] [3] When to image" in documents
    assert "Published 1 June 2025 · Review: under review" in documents
    assert "[4] Rebound high pressure" in documents
    assert "example-2024 Example et al. Imaging in post-dural puncture headache." in documents


def test_an_unconfirmed_quote_says_so_in_words(fake: Any) -> None:
    shown = show(fake, "When should I image?")
    assert shown.count('<mark class="status">⚠ Unconfirmed</mark>') == 3  # two quotes, one source
    assert "Unconfirmed" not in show(fake, "Does a normal MRI rule out a leak?")


def test_population_strength_and_sources_stand_below_the_quote(fake: Any) -> None:
    words = Page(show(fake, "When should I image?")).words
    assert "Applies to: adults after a dural puncture" in words
    assert "Strength: strong" in words
    assert "Sources: example-2024" in words


@pytest.mark.parametrize(
    ("confidence", "warned"), [(LOW_CONFIDENCE - 0.01, True), (LOW_CONFIDENCE, False)]
)
def test_a_weak_match_is_said_in_words(fake: Any, confidence: float, warned: bool) -> None:
    consultation = fake.ask("When should I image?")
    weak = replace(consultation, answer=replace(consultation.answer, confidence=confidence))
    assert ("Weak match" in render_answer(Shown("ab", weak))) is warned


@pytest.mark.parametrize(
    ("question", "kind", "words"),
    [
        ("What dose of acetazolamide?", "not-covered", "Not covered"),
        ("a recipe for soup", "out-of-scope", "Outside this library's field"),
    ],
)
def test_no_answer_looks_unlike_an_answer(fake: Any, question: str, kind: str, words: str) -> None:
    page = Page(show(fake, question))
    assert words in page.words
    assert ("class", f"notice {kind}") in page.attributes
    assert ("class", "answer") not in page.attributes
    assert ("class", "sign") in page.attributes


def test_the_nearest_passages_are_not_called_an_answer_and_open(fake: Any) -> None:
    session, message = ask_in(fake, Session(), "What dose of acetazolamide?")
    page = Page(message["html"])
    assert "Nearest passages (not an answer):" in page.words
    assert len(page.links) == 2
    assert current(open_source(fake, session, page.links[1][1:])) == [
        "Ask for MRI of the brain with contrast."
    ]


# Conversations


def test_every_answer_opens_its_own_quotes(fake: Any) -> None:
    session = ask(fake, "When should I image?")
    session = ask(fake, "Headache worse lying down", session)
    session = ask(fake, "When should I image?", session)
    first, second, third = ids(session)
    assert len({first, second, third}) == 3
    opened = [current(open_source(fake, session, f"cite-{i}-2"))[0] for i in (first, second, third)]
    assert opened[0].startswith("Do not wait for imaging")
    assert opened[1].startswith("Check the optic discs")
    assert opened[2] == opened[0]


def test_earlier_turns_go_with_the_next_question(fake: Any) -> None:
    session = ask(fake, "When should I image?")
    ask(fake, "Headache worse lying down", session)
    assert [(turn.role, turn.content[:10]) for turn in fake.histories[1]] == [
        ("user", "When shoul"),
        ("assistant", "Image the "),
    ]


def test_a_follow_up_says_what_it_was_read_together_with(fake: Any) -> None:
    session = ask(fake, "When should I image?")
    words = Page(show(fake, "and if it is lying down?", session)).words
    assert "Read together with “When should I image?”." in words
    alone = Page(show(fake, "Does bed rest help a headache after a puncture?", session)).words
    assert "Read together" not in alone


@pytest.mark.parametrize("question", ["This is too long", "This fails"])
def test_after_an_error_the_question_is_still_there(fake: Any, question: str) -> None:
    session, message = ask_in(fake, Session(), question)
    assert session == Session()
    assert message["kind"] == "failed"
    assert message["question"] == question
    assert question in Page(message["html"]).words
    assert "No answer was made" in message["html"]


def test_an_unexpected_error_shows_and_logs_no_detail(
    fake: Any, caplog: pytest.LogCaptureFixture
) -> None:
    words = Page(show(fake, "This fails")).words
    assert "Something went wrong in the program." in words
    assert "THIS FAILS" not in words + caplog.text
    assert "RuntimeError" in caplog.text


def test_a_new_conversation_leaves_the_old_one_behind(fake: Any) -> None:
    session = ask(fake, "When should I image?", Session(3))
    assert session.on(3) is session
    assert session.on(4) == Session(4)


# Sources


def test_all_quotes_of_the_answer_are_marked_and_the_chosen_one_stands_out(fake: Any) -> None:
    session = ask(fake, "When should I image?")
    panel = open_source(fake, session, f"cite-{ids(session)[0]}-2")
    quotes = fake.script["image"].quotes
    assert marks(panel) == [quote.text for quote in quotes[:3]]
    assert current(panel) == [quotes[1].text]
    assert "Imaging after a dural puncture" in panel


def test_the_whole_document_is_shown_character_by_character(fake: Any) -> None:
    for question in ("When should I image?", "hostile", "Does a normal MRI rule out a leak?"):
        session = ask(fake, question)
        answer_id, answer = ids(session)[0], session.exchanges[0].consultation.answer
        panel = open_source(fake, session, f"cite-{answer_id}-1")
        text = fake.library[answer.quotes[0].doc_id].text
        assert Page(panel.split('<div class="text">')[1]).words == text


def test_headings_look_like_headings(fake: Any) -> None:
    session = ask(fake, "When should I image?")
    panel = open_source(fake, session, f"cite-{ids(session)[0]}-1")
    assert panel.count('<span class="heading">') == 4


def test_headings_above_a_section_are_found(fake: Any) -> None:
    text = "Imaging\n\nWhen\n\nScan now. Scan.\n\nWhen\n\nNot a heading.\n"
    record = replace(
        fake.library["patch"].record, sections=(("Imaging › When", text.index("Scan now")),)
    )
    document = replace(fake.library["patch"], record=record, text=text)
    chosen = replace(fake.script["lying down"].quotes[0], span=Span(15, 24), text="Scan now.")
    panel = render_source(document, [chosen], chosen, "ab")
    assert re.findall(r'<span class="heading">([^<&]*)', panel) == ["Imaging", "When"]
    assert Page(panel.split('<div class="text">')[1]).words == text


def test_opening_the_same_quote_again_gives_a_new_panel(fake: Any) -> None:
    session = ask(fake, "When should I image?")
    link = f"cite-{ids(session)[0]}-1"
    assert open_source(fake, session, link) != open_source(fake, session, link)


def test_a_removed_document_is_not_shown(fake: Any) -> None:
    session = ask(fake, "When should I image?")
    del fake.library["imaging"]
    panel = open_source(fake, session, f"cite-{ids(session)[0]}-1")
    assert "“Imaging after a dural puncture” is no longer in the library" in Page(panel).words
    assert "Image the brain" not in panel


def test_a_quote_that_left_its_place_is_not_marked(fake: Any) -> None:
    session = ask(fake, "When should I image?")
    stored = fake.library["imaging"]
    fake.library["imaging"] = replace(stored, text="New first line.\n" + stored.text)
    panel = open_source(fake, session, f"cite-{ids(session)[0]}-1")
    assert "This document has changed" in Page(panel).words
    assert marks(panel) == []


@pytest.mark.parametrize(
    "link", ["", "cite", "cite-00-1", "cite-zz-1", "cite-00-99999999", "cite-٠-١", "x" * 9999]
)
def test_an_unknown_link_says_so(fake: Any, link: str) -> None:
    assert "earlier visit" in open_source(fake, ask(fake, "image"), link)


@pytest.mark.parametrize(("chosen", "words"), [(1, ["abcdef", "gh"]), (2, ["ab", "cdefgh"])])
def test_overlapping_quotes_leave_the_chosen_one_whole(
    fake: Any, chosen: int, words: list[str]
) -> None:
    stored = fake.library["patch"]
    document = replace(stored, text="abcdefgh")
    template = fake.script["lying down"].quotes[0]

    def quote(number: int, start: int, end: int) -> Quote:
        span = Span(start, end)
        return replace(template, number=number, span=span, text=span.of(document.text))

    quotes = [quote(1, 0, 6), quote(2, 2, 8)]
    panel = render_source(document, quotes, quotes[chosen - 1], "ab")
    assert marks(panel) == words
    assert current(panel) == [quotes[chosen - 1].text]


def test_an_answer_inside_another_leaves_marks_on_both_sides(fake: Any) -> None:
    document = replace(fake.library["patch"], text="abcdefgh")
    template = fake.script["lying down"].quotes[0]
    outer = replace(template, number=1, span=Span(0, 8), text="abcdefgh")
    inner = replace(template, number=2, span=Span(2, 4), text="cd")
    panel = render_source(document, [outer, inner], inner, "ab")
    assert marks(panel) == ["ab", "cd", "efgh"]
    assert current(panel) == ["cd"]


# Serving


def test_a_password_file_that_names_nobody_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "users"
    path.write_text("# nobody yet\n")
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="names nobody"):
        open_users(path)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])
def test_other_machines_are_refused_without_passwords(host: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_PASSWORD_FILE"):
        check_address(host, 7860, guarded=False)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_an_impossible_port_is_refused(port: int) -> None:
    with pytest.raises(SettingsError, match="65535"):
        check_address("127.0.0.1", port, guarded=False)


def test_serve_says_what_is_missing(
    tmp_path: Path, find_port: Callable[[], int], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no store")
    settings = Settings(store=str(tmp_path / "file"), embedder="hashing")
    assert ui.serve(settings, "127.0.0.1", find_port()) == 3
    assert "a store is a folder" in capsys.readouterr().err
    assert ui.serve(settings, "0.0.0.0", find_port()) == 2
    assert "ASSISTANT_PASSWORD_FILE" in capsys.readouterr().err


def test_a_taken_port_is_named(
    tmp_path: Path, taken_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(store=str(tmp_path), embedder="hashing")
    assert ui.serve(settings, "127.0.0.1", taken_port) == 2
    assert f"port {taken_port}" in capsys.readouterr().err


def test_an_answer_without_direct_numbers_still_shows_its_quotes(fake: Any) -> None:
    consultation = fake.ask("When should I image?")
    answer: Answer = replace(consultation.answer, direct=())
    words = Page(render_answer(Shown("ab", replace(consultation, answer=answer)))).words
    assert all(quote.text in words for quote in answer.quotes)
