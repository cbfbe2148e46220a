"""That nothing of a patient is left behind: the program as it is started, in a browser."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Settings, ingest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Quillfeather"


@pytest.fixture
def running(
    tmp_path: Path, settings: Settings, library: Path, find_port: Any
) -> Iterator[tuple[str, Path]]:
    """The address of ``app.py`` and a folder with everything that it may write."""
    ingest([library], settings)
    port, home = find_port(), tmp_path / "home"
    (home / "tmp").mkdir(parents=True)
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "ASSISTANT_STORE": settings.store,
        "ASSISTANT_EMBEDDER": "hashing",
        "ASSISTANT_FEEDBACK": str(home / "feedback.jsonl"),
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
    }
    with (home / "output").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "--port", str(port)],
            cwd=home,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(address, timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            else:
                raise RuntimeError((home / "output").read_text())
            yield address, home
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_no_log_file_or_temporary_file_holds_what_was_typed(
    running: tuple[str, Path], visits: Any, tmp_path: Path
) -> None:
    address, home = running
    visit = visits(address)
    visit.ask(f"{SECRET}, 34F with zebra fever, temperature 38.4: how long does it last?")
    visit.tab("patient").locator("input[max='120']").first.fill("35")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_text("corrected by you").wait_for()
    visit.page.locator("[data-useful=yes][data-do=thumb]").click()
    visit.page.get_by_text("It answers the question").click()
    visit.page.get_by_text("Thank you.").first.wait_for()
    visit.tab("library")
    visit.page.fill("#find", f"{SECRET} stripes")
    visit.page.keyboard.press("Enter")
    visit.page.locator("#found *").first.wait_for()
    visit.ask("x" * 20_001 + SECRET)
    assert "characters" in (visit.page.text_content(".notice.failed") or "")
    assert (home / "feedback.jsonl").read_text().count("\n") == 1
    holding = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
    assert holding == []
