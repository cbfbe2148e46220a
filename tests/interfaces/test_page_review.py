"""Signing in, sending for review and deciding, in a browser; a real library of the test's own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import find_violations

from assistant import Assistant, Settings, ingest
from assistant.accounts.account import Role
from assistant.accounts.password_file import PasswordFile
from assistant.interfaces.reviewed import Reviews
from assistant.interfaces.ui import build_ui, make_reviewing
from assistant.interfaces.ui_serving import launch

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]

WORDS = "four plain short words"
QUESTION = "How much stripe syrup for zebra fever treatment?"


class Ward:
    """The page of a small hospital, and its people."""

    def __init__(self, address: str, settings: Settings, library: Path, browser: Any) -> None:
        self.address, self.settings, self.browser = address, settings, browser
        self.library = library
        self.contexts: list[Any] = []

    def sign_in(self, name: str, words: str = WORDS, **context: Any) -> Any:
        made = self.browser.new_context(**{"viewport": {"width": 1280, "height": 860}} | context)
        self.contexts.append(made)
        made.set_default_timeout(60_000)
        page = made.new_page()
        page.goto(self.address)
        page.fill("#name", name)
        page.fill("#password", words)
        page.click("#go")
        return page


@pytest.fixture(scope="module")
def served(
    browser: Any, find_port: Any, write_library: Any, tmp_path_factory: Any
) -> Iterator[Ward]:
    folder = tmp_path_factory.mktemp("ward")
    settings = Settings(store=str(folder / "store"), embedder="hashing")
    library = write_library(folder)
    ingest([library], settings)
    users = PasswordFile(folder / "users")
    users.add("ward", [], WORDS)
    users.add("Dr Anna", [Role.REVIEWER, Role.ADMIN], WORDS)
    ui = build_ui(
        Assistant.open(settings),
        reviews=Reviews(settings, sendable=True),
        reviewing=make_reviewing(users, settings),
    )
    yield Ward(launch(ui, "127.0.0.1", find_port(), users), settings, library, browser)
    ui.close(verbose=False)


@pytest.fixture
def ward(served: Ward) -> Iterator[Ward]:
    yield served
    for context in served.contexts:
        context.close()
    served.contexts.clear()


def ask(page: Any, question: str = QUESTION) -> Any:
    """In a new conversation: this one would be read together with a question before it."""
    page.wait_for_selector("#account b")
    page.get_by_role("button", name="New conversation").click()
    page.fill("#question", question)
    page.keyboard.press("Enter")
    page.locator("article.exchange").wait_for()
    return page.locator("article.exchange")


def send(answer: Any) -> str:
    answer.get_by_role("button", name="Send for review").click()
    answer.get_by_role("button", name="Send it").click()
    answer.locator(".sent", has_text=re.compile("Sent|It ")).wait_for()
    return str(answer.locator(".sent").text_content())


def test_a_wrong_password_says_so_and_the_right_one_goes_on(ward: Ward) -> None:
    page = ward.sign_in("ward", "wrong")
    page.get_by_role("alert").get_by_text("The name or the password is wrong.").wait_for()
    assert page.evaluate("document.activeElement.id") == "password"
    page.fill("#password", WORDS)
    page.keyboard.press("Enter")
    page.get_by_text("Signed in as ward").wait_for()
    page.get_by_role("link", name="Sign out").click()
    page.wait_for_selector("#name")


def item_of(words: str) -> str:
    found = re.fullmatch(r"Sent for review as item (\d+)\.", words)
    assert found, words
    return found[1]


def test_from_a_readers_answer_to_an_approval_and_back(ward: Ward) -> None:
    reader = ward.sign_in("ward")
    answer = ask(reader)
    assert not reader.locator("#tab-review").is_visible()
    item = item_of(send(answer))
    assert f"submitted before: see item {item}" in send(answer)
    patient = ask(reader, f"34-year-old woman, temperature 38.4. {QUESTION}")
    assert "It tells of a patient" in send(patient)
    reader.click("#tab-library")
    row = reader.locator(".document", has_text="Zebra fever")
    assert not row.get_by_text("Remove", exact=True).is_visible()
    row.get_by_role("button", name="for review").click()
    reader.get_by_text("Sent for review as item").last.wait_for()

    anna = ward.sign_in("Dr Anna")
    anna.get_by_text("Signed in as Dr Anna").wait_for()
    anna.click("#tab-review")
    pane = anna.locator("#pane-review")
    pane.get_by_role("button", name=f"Answer {item}").click()
    pane.get_by_text("nothing bars approval").wait_for()
    words = pane.locator(".words").first.text_content() or ""
    assert words == "Give 30 mL of stripe syrup twice a day for zebra fever."
    pane.get_by_role("button", name="Start its review").click()
    pane.get_by_role("button", name="Reject").click()
    pane.get_by_text("Say in a comment why").wait_for()
    pane.get_by_label("Comment").fill("As the trial says.")
    pane.get_by_role("button", name="Approve", exact=True).click()
    pane.get_by_text("Dr Anna approved it “As the trial says.”").wait_for()
    pane.get_by_role("button", name="All items").click()
    pane.get_by_text("Approved (1)").wait_for()

    shown = ask(anna, "how much stripe syrup for zebra fever  treatment").locator(".reviewed")
    assert "This answer: approved by Dr Anna" in (shown.text_content() or "")
    assert "As the trial says." in (shown.text_content() or "")
    document = ward.library / "zebra-fever.md"
    before = document.read_text()
    document.write_text(before.replace("9 days", "8 days"))
    ingest([ward.library], ward.settings)
    shown = ask(anna).locator(".reviewed.stale")
    assert "needs review" in (shown.text_content() or "")
    anna.click("#tab-review")
    pane.get_by_text(f"Answer {item}").wait_for()
    pane.get_by_text("Approved (").wait_for(state="detached")
    document.write_text(before)
    ingest([ward.library], ward.settings)
    assert ask(anna).locator(".reviewed.approved").count() == 1


def test_who_is_no_reviewer_gets_nothing_from_the_server_either(ward: Ward) -> None:
    reader = ward.sign_in("ward")
    item = item_of(send(ask(reader, "How long does zebra fever last in adults?")))
    call = """(name, data) => {
      // Shows the tab by force, then does as a reviewer's page would.
      const tab = document.getElementById("tab-review");
      tab.hidden = false;
      const button = document.createElement("button");
      button.dataset.do = name;
      Object.assign(button.dataset, data);
      document.getElementById("pane-evidence").append(button);
      button.click();
    }"""
    for name, data in (
        ("queue", {}),
        ("dossier", {"item": item}),
        ("decide", {"item": item, "act": "start"}),
    ):
        reader.evaluate(f"([name, data]) => ({call})(name, data)", [name, data])
        reader.locator("#pane-review .refused").wait_for(state="attached")
        words = reader.locator("#pane-review .refused").text_content()
        assert words == "Only a reviewer sees what is under review."
        assert reader.locator("#pane-review button").count() == 0
        reader.evaluate("document.querySelector('#pane-review .refused').remove()")
    reader.evaluate(
        f"([name, data]) => ({call})(name, data)", ["removing", {"document": "zebra-fever"}]
    )
    reader.wait_for_function(
        "document.getElementById('spoken').textContent === 'Only an admin changes the library.'"
    )
    assert len(Assistant.open(ward.settings).documents()) == 2


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(ward: Ward, theme: str) -> None:
    page = ward.sign_in("ward", "wrong", color_scheme=theme)
    page.get_by_role("alert").get_by_text("wrong").wait_for()
    assert find_violations(page) == [], "sign-in"
    page = ward.sign_in("Dr Anna", color_scheme=theme)
    answer = ask(page, f"What does the treatment of marble cough avoid? {theme}")
    answer.get_by_role("button", name="Send for review").click()
    assert find_violations(page) == [], "sending"
    answer.get_by_role("button", name="Send it").click()
    answer.get_by_text("Sent for review").wait_for()
    item = item_of(answer.locator(".sent").text_content())
    page.click("#tab-review")
    page.get_by_role("button", name=f"Answer {item}").wait_for()
    assert find_violations(page) == [], "queue"
    page.get_by_role("button", name=f"Answer {item}").click()
    page.get_by_role("button", name="Start its review").click()
    page.get_by_text("It cannot be approved now").wait_for()
    page.get_by_label("Comment").wait_for()
    assert find_violations(page) == [], "item"
