"""The arguments of ``review``; apart from the command, so that ``--help`` loads no database."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from assistant.review.item import State
from assistant.settings import Settings


def add_parser(commands: Any, common: argparse.ArgumentParser) -> None:
    """The command with its actions."""
    review = commands.add_parser("review", help="Review answers and documents.")
    actions = review.add_subparsers(required=True, metavar="ACTION")

    def add(
        name: str, summary: str, to: Any = actions, action: str | None = None
    ) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = to.add_parser(
            name, parents=[common], help=summary, description=summary
        )
        added.set_defaults(command=_run, action=action or name)
        return added

    states = [state.value for state in State]
    one = add("list", "What was submitted, and where it stands now.")
    one.add_argument("--state", choices=states)
    one = add("show", "One item, with its quotes, what bars it, and its audit.")
    one.add_argument("id", type=int, metavar="ID")
    one = add("submit", "Send an answer or a document for review.")
    one.add_argument("answer", nargs="?", metavar="ANSWER.json", help="- reads standard input")
    one.add_argument("--document", metavar="ID")
    _add_name(one)
    one = add("start", "Take an item up, or up again.")
    one.add_argument("id", type=int, metavar="ID")
    _add_name(one)
    one = add("approve", "Approve an item; refused while a check fails.")
    one.add_argument("id", type=int, metavar="ID")
    one.add_argument("--comment", default="", metavar="WORDS")
    one.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="its last day")
    _add_name(one)
    one = add("reject", "Reject an item, or take its approval back.")
    one.add_argument("id", type=int, metavar="ID")
    one.add_argument("--comment", required=True, metavar="WORDS")
    _add_name(one)
    one = add("export", "Everything as JSON: items with their answers, and the audit trail.")
    one.add_argument("--state", choices=states)
    one.add_argument("--out", type=Path, metavar="FILE")
    add("upgrade", "Make the database, or bring it up to date.")
    audit = actions.add_parser("audit", help="The trail of who did what.")
    acts = audit.add_subparsers(required=True, metavar="ACTION")
    one = add("list", "Every entry, or those about an item.", acts, "audit list")
    one.add_argument("id", type=int, nargs="?", metavar="ID")
    one = add("verify", "Prove that no entry was altered, removed or moved.", acts, "audit verify")
    one.add_argument("--head", metavar="NUMBER:HASH", help="an entry noted earlier")


def _add_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="by", required=True, metavar="NAME", help="the account")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("expected a day as YYYY-MM-DD") from None


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.interfaces.cli_review import run

    return run(arguments, settings)
