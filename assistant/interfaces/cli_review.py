"""The command ``review``. Who sits at the machine could write to the database anyway, so no
password is asked for; but the name must be an account's, with the role that the act needs."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.accounts.account import Account
from assistant.accounts.password_file import PasswordFile
from assistant.errors import CertificateError, SettingsError
from assistant.interfaces.render import to_json
from assistant.interfaces.render_review import (
    dossier_json,
    dossier_text,
    entries_json,
    entry_line,
    standing_json,
    standing_line,
    trail_json,
    trail_text,
)
from assistant.review.desk import Desk
from assistant.review.item import State
from assistant.review.opening import open_database, open_desk
from assistant.settings import Settings

HOLDS, FAILED = 0, 1


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """One action of ``review``."""
    if arguments.action == "upgrade":
        database = open_database(settings)
        _print(arguments, {"database": database.name}, [f"Up to date: {database.name}."])
        return HOLDS
    desk = open_desk(settings, to_json)
    if arguments.action in ("audit list", "audit verify"):
        return _audit(arguments, desk)
    if arguments.action in ("list", "show", "export"):
        return _tell(arguments, desk)
    by = _find_account(settings, arguments.by)
    if arguments.action == "submit":
        item = _submit(arguments, desk, by)
    elif arguments.action == "start":
        item = desk.start(arguments.id, by)
    elif arguments.action == "approve":
        item = desk.approve(arguments.id, by, arguments.comment, arguments.until)
    else:
        item = desk.reject(arguments.id, by, arguments.comment)
    standing = next(one for one in desk.list() if one.item.item_id == item.item_id)
    _print(arguments, standing_json(standing), [standing_line(standing).strip()])
    return HOLDS


def _tell(arguments: argparse.Namespace, desk: Desk) -> int:
    if arguments.action == "show":
        dossier = desk.open(arguments.id)
        _print(arguments, dossier_json(dossier), [dossier_text(dossier)])
        return HOLDS
    state = State(arguments.state) if arguments.state else None
    if arguments.action == "list":
        found = desk.list(state)
        lines = [standing_line(one) for one in found] or ["Nothing is under review."]
        _print(arguments, [standing_json(one) for one in found], lines)
        return HOLDS
    exported = {
        "items": [standing_json(one) | {"answer": one.item.content} for one in desk.export(state)],
        "audit": entries_json(desk.trail()),
        "trail": trail_json(desk.inspect_trail()),
    }
    text = json.dumps(exported, ensure_ascii=False, indent=2)
    if arguments.out is None:
        print(text)
        return HOLDS
    try:
        arguments.out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"--out {arguments.out}: {error.strerror}.") from error
    _print(arguments, {"out": str(arguments.out)}, [f"Written: {arguments.out}."])
    return HOLDS


def _audit(arguments: argparse.Namespace, desk: Desk) -> int:
    if arguments.action == "audit list":
        entries = desk.trail() if arguments.id is None else desk.open(arguments.id).entries
        _print(arguments, entries_json(entries), [entry_line(entry) for entry in entries])
        return HOLDS
    trail = desk.inspect_trail(_read_anchor(arguments.head))
    _print(arguments, trail_json(trail), [trail_text(trail)])
    return HOLDS if trail.holds else FAILED


def _read_anchor(head: str | None) -> tuple[int, str] | None:
    if head is None:
        return None
    if not re.fullmatch(r"\d{1,18}:[0-9a-f]{64}", head):
        raise SettingsError("--head: expected NUMBER:HASH, as 'review audit verify' prints it.")
    number, _, hashed = head.partition(":")
    return int(number), hashed


def _submit(arguments: argparse.Namespace, desk: Desk, by: Account) -> Any:
    if (arguments.answer is None) == (arguments.document is None):
        raise SettingsError("Give an ANSWER.json that 'ask --json' wrote, or --document ID.")
    if arguments.document is not None:
        return desk.submit_document(arguments.document, by)
    name = arguments.answer
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        plain = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise CertificateError(f"{name} holds no answer: {error}.") from error
    if not isinstance(plain, dict):
        raise CertificateError(f"{name} holds no answer: expected one, as 'ask --json' gives.")
    return desk.submit_answer(plain, by)


def _find_account(settings: Settings, name: str) -> Account:
    if settings.password_file is None:
        raise SettingsError(
            "Reviewing needs accounts: set ASSISTANT_PASSWORD_FILE and add them with 'users add'."
        )
    return PasswordFile(settings.password_file).get(name)


def _print(arguments: argparse.Namespace, plain: object, lines: Sequence[str]) -> None:
    if arguments.json:
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines))
