"""A program for the tests: asks again and again, and prints when it asked and what was quoted."""

import itertools
import json
import sys
import time

from assistant import Assistant, Settings

QUESTIONS = (
    "How much stripe syrup for zebra fever treatment?",
    "How long does zebra fever last?",
    "When to order a marble scan?",
    "What to do for marble cough?",
)


def main(store: str) -> None:
    assistant = Assistant.open(Settings(store=store, embedder="hashing"))
    for question in itertools.cycle(QUESTIONS):
        asked = time.monotonic()
        answer = assistant.ask(question).answer
        quotes = [quote.text for quote in (*answer.quotes, *answer.nearest)]
        print(json.dumps({"asked": asked, "quotes": quotes}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
