"""The command ``verify``: a saved answer proved again, without any model."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import CertificateError
from assistant.interfaces.render import to_json
from assistant.settings import Settings
from assistant.verifying.saved import read_saved
from assistant.verifying.verifying import NOT_PROVABLE, Verification, Verifier

HOLDS, FAILED = 0, 1


def verify(
    given: str, settings: Settings, progress: Callable[[str, int, int], None], *, as_json: bool
) -> int:
    """Prove every answer of a file; 1 where something no longer holds."""
    file = read_saved(_read(given), "standard input" if given == "-" else given)
    verifier = Verifier.open(settings.store, settings.corpus, to_json)
    found = verifier.verify(file, progress)
    if as_json:
        print(json.dumps(verification_json(found, batch=file.batch), ensure_ascii=False, indent=2))
    else:
        print(verification_text(found))
    return HOLDS if found.holds else FAILED


def _read(given: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if given == "-" else Path(given).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise CertificateError(
            f"{given} cannot be read: {error.strerror}. Give a file that 'ask --json' wrote, or -."
        ) from error
    except UnicodeDecodeError as error:
        raise CertificateError(f"{given} is not text in UTF-8: {error.reason}.") from error


def verification_json(found: Verification, *, batch: bool) -> dict[str, Any]:
    """The object that ``verify --json`` prints; of a batch, ``then`` lists every generation."""
    return {
        "holds": found.holds,
        "checked": found.checked,
        "failed": [
            {"what": one.what, "where": one.where, "reason": one.reason} for one in found.failed
        ],
        "generation": {
            "then": found.then if batch else next(iter(found.then), None),
            "now": found.now,
        },
        "changed_since": [
            {"what": one.what, "then": one.then, "now": one.now} for one in found.changed
        ],
        "not_provable_without_the_model": list(NOT_PROVABLE),
    }


def verification_text(found: Verification) -> str:
    """The same for a terminal, a line for each thing that no longer holds."""
    counted = ", ".join(f"{number} {name}" for name, number in found.checked.items() if number)
    lines = [f"No longer holds: {one}" for one in found.failed]
    lines += [f"Changed since: {one.what}: {one.then} is now {one.now}" for one in found.changed]
    lines.append(f"{'All holds' if found.holds else 'It does not hold'}. Checked: {counted}.")
    lines.append(f"Not provable without the model: {'; '.join(NOT_PROVABLE)}.")
    return "\n".join(lines)
