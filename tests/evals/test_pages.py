"""The report and the labelling page in a real browser."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import Assistant
from evals.agreement import read_labels
from evals.gold import Located
from evals.report import write_report
from evals.runner import Plan, run_gold

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def page() -> Iterator["Page"]:
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser.new_page()
        browser.close()


@pytest.fixture
def folder(assistant: Assistant, questions: tuple[Located, ...], tmp_path: Path) -> Path:
    write_report(run_gold(assistant, questions, [], Plan(twins=None, peers=False)), tmp_path)
    return tmp_path


def test_the_answers_of_a_report_are_filtered(page: "Page", folder: Path) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((folder / "report.html").as_uri())
    answers = page.locator("#all > details:visible")
    assert answers.count() == 2
    page.select_option("#type", "terse")
    assert answers.count() == 1
    page.select_option("#type", "")
    page.select_option("#state", "unsafe")
    assert answers.count() == 0
    page.select_option("#state", "all")
    page.fill("#words", "stripe")
    assert page.locator("#count").text_content() == "1 of 2"
    answers.first.locator("> summary").click()
    assert answers.first.locator("blockquote").first.is_visible()
    assert faults == []


def test_a_clinician_labels_an_answer(page: "Page", folder: Path) -> None:
    labels = folder / "labels.jsonl"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "evals", "label", "--port", port]
    files = ["--report", str(folder / "report.json"), "--labels", str(labels)]
    process = subprocess.Popen([*command, *files], stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_text("How much stripe syrup").wait_for()
        page.get_by_label("Your name or initials").fill("AB")
        page.get_by_text("incomplete: right as far").click()
        page.get_by_label("Note (optional)").fill("no dose for children")
        page.get_by_role("button", name="Save and next").click()
        page.get_by_text("2 of 2; 1 labelled by AB").wait_for()
    finally:
        process.terminate()
        process.wait(timeout=30)
    (one,) = read_labels([labels])
    assert (one.question, one.labeller, one.label) == ("dose", "AB", "incomplete")
    assert one.note == "no dose for children"
    assert json.loads(labels.read_text())["quote"] is None


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    pytest.fail(f"nothing is served at {address}")
