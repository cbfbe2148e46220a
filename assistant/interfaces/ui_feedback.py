"""Thumbs with a reason, written to a file: which quotes were judged, nothing that was typed."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

from assistant.consultation import Consultation
from assistant.interfaces.ui_actions import GOOD_REASONS, REASONS

_lock = threading.Lock()


def record_judgement(path: Path, consultation: Consultation, *, useful: bool, reason: str) -> bool:
    """Append one judgement as a JSON line; False where the reason is none of those offered.

    Neither the question nor a finding is written: only what was quoted, by which generation.
    """
    if reason not in (GOOD_REASONS if useful else REASONS):
        return False
    answer = consultation.answer
    line = {
        "on": datetime.now(UTC).date().isoformat(),
        "useful": useful,
        "reason": reason,
        "outcome": answer.outcome.value,
        "generation": consultation.generation,
        "quotes": [
            {"document": q.doc_id, "start": q.span.start, "end": q.span.end} for q in answer.quotes
        ],
    }
    with _lock, path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return True
