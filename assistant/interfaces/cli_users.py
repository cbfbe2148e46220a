"""The command ``users``: the accounts of the password file."""

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import Any

from assistant.accounts.account import Role
from assistant.accounts.password_file import PasswordFile
from assistant.errors import SettingsError
from assistant.settings import Settings


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Add, remove or list accounts, or change a password."""
    path = arguments.file or settings.password_file
    if path is None:
        raise SettingsError("Name the password file: --file FILE, or set ASSISTANT_PASSWORD_FILE.")
    file = PasswordFile(path)
    if arguments.action == "list":
        _list(file, as_json=arguments.json)
        return 0
    if arguments.action == "add":
        roles = [Role(role) for role in arguments.role or (Role.READER,)]
        account = file.add(arguments.name, roles, _ask_password())
        done = f"Added: {account.name} ({', '.join(sorted(account.roles))})."
    elif arguments.action == "password":
        file.get(arguments.name)
        file.change_password(arguments.name, _ask_password())
        done = f"Changed: the password of {arguments.name}."
    else:
        file.remove(arguments.name)
        done = f"Removed: {arguments.name}. Where signed in, it is signed out now."
    if arguments.json:
        print(json.dumps({"done": arguments.action, "name": arguments.name}, ensure_ascii=False))
    else:
        print(done)
    return 0


def _list(file: PasswordFile, *, as_json: bool) -> None:
    accounts = [(name, sorted(one.roles)) for name, one in sorted(file.accounts().items())]
    if as_json:
        plain = [{"name": name, "roles": roles} for name, roles in accounts]
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        for name, roles in accounts:
            print(f"{name}  {', '.join(roles)}")


def _ask_password() -> str:
    """Typed twice on a terminal; elsewhere the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise SettingsError("The two passwords differ. Nothing was changed.")
    return password


def add_parser(commands: Any, common: argparse.ArgumentParser) -> None:
    """The command with its actions."""
    users = commands.add_parser("users", help="The accounts that may sign in to the page.")
    actions = users.add_subparsers(required=True, metavar="ACTION")
    for action, summary in (
        ("add", "A new account; the password is asked for, or read from standard input."),
        ("password", "Another password for an account."),
        ("remove", "Take an account away; where it is signed in, it is signed out."),
        ("list", "Every account with its roles."),
    ):
        one = actions.add_parser(action, parents=[common], help=summary, description=summary)
        one.set_defaults(command=run, action=action)
        one.add_argument("--file", type=Path, metavar="FILE", help="the password file")
        if action != "list":
            one.add_argument("name", metavar="NAME")
        if action == "add":
            roles = [role.value for role in Role]
            one.add_argument("--role", action="append", choices=roles, help="may be repeated")
