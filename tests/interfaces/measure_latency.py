"""How long from Enter to the full answer, in a real browser; run by hand, not by pytest.

python tests/interfaces/measure_latency.py [--store S] [--questions 50]

Of each question: the assistant's own time, the time to draw the answer as HTML, and the rest, which
is Gradio's queue, the way there and back, and the browser until the answer is painted.
"""

import argparse
import os
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assistant import Assistant, Settings  # noqa: E402
from assistant.interfaces.ui import build_ui  # noqa: E402
from assistant.interfaces.ui_serving import launch  # noqa: E402

MEASURE = """(question) => new Promise((resolve) => {
  const box = document.getElementById("question");
  const log = document.getElementById("log");
  box.value = question;
  let started, told;
  document.addEventListener("mail", () => { told ??= performance.now(); }, { capture: true });
  new MutationObserver((_, observer) => {
    const article = log.lastElementChild;
    if (!article) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve({
      all: performance.now() - started,
      browser: performance.now() - told,
      asked: Number(article.dataset.asked || 0),
      drawn: Number(article.dataset.drawn || 0),
    })));
  }).observe(log, { childList: true });
  started = performance.now();
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
})"""


def main() -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store")
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--port", type=int, default=7893)
    arguments = parser.parse_args()
    settings = Settings.load(store=arguments.store)
    assistant = Assistant.open(settings)
    assistant.search("ready", 1)
    address = launch(build_ui(assistant), "127.0.0.1", arguments.port)
    questions = load_questions(arguments.questions)
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.wait_for_selector("#list *", state="attached")
        for question in [questions[0], *questions]:  # the first one warms up
            rows.append(page.evaluate(MEASURE, question))
            page.wait_for_timeout(1500)  # the suggestions are asked meanwhile
            page.click("text=New conversation")
            page.wait_for_timeout(100)
        browser.close()
    report(rows[1:])
    return 0


def load_questions(count: int) -> list[str]:
    """Gold questions of every kind, spread evenly over the set."""
    found: list[str] = []
    for path in sorted((ROOT / "evals" / "gold").glob("*.yaml")):
        plain: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = plain.get("questions", []) if isinstance(plain, dict) else plain
        found += [one["question"] for one in entries if isinstance(one, dict) and "question" in one]
    step = max(len(found) // count, 1)
    return found[::step][:count]


def report(rows: list[dict[str, float]]) -> None:
    for row in rows:
        row["rest"] = row["all"] - row["asked"] - row["drawn"]
    shares = {
        "all": "Enter to painted answer",
        "asked": "of it the assistant",
        "drawn": "of it drawing the answer as HTML",
        "rest": "of it Gradio, the way and the browser",
        "browser": "  in the last: from arrival to painted",
    }
    print(f"{len(rows)} questions, milliseconds: p50, p90, worst")
    for key, words in shares.items():
        values = sorted(row[key] for row in rows)
        p90 = values[int(len(values) * 0.9) - 1]
        print(f"{words:40} {statistics.median(values):6.0f} {p90:6.0f} {values[-1]:6.0f}")


if __name__ == "__main__":
    sys.exit(main())
