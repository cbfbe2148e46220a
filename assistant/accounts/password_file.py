"""The password file: a line ``name:roles:hash`` for each account, read anew when it changes."""

import os
import stat
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from assistant.accounts.account import Account, Role, check_name
from assistant.accounts.passwords import hash_password, is_hash, is_password
from assistant.errors import SettingsError

_HINT = "'guideline-assistant users add NAME' writes such a line"


class PasswordFile:
    """The accounts of one file. What another process writes to it counts from the next call on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._state: tuple[int, int, int] | None = None
        self._accounts: Mapping[str, Account] = {}

    def accounts(self) -> Mapping[str, Account]:
        """Every account by name. Raises SettingsError for a file that cannot be used."""
        try:
            status = self.path.stat()
            state = (status.st_mtime_ns, status.st_size, status.st_ino)
            with self._lock:
                if state != self._state:
                    _check_mode(self.path, status.st_mode)
                    text = self.path.read_text(encoding="utf-8")
                    self._accounts, self._state = _parse(text, self.path), state
                return self._accounts
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"The password file {self.path} cannot be read: {error}. {_HINT}."
            ) from error

    def find(self, name: str) -> Account | None:
        """The account of that name."""
        return self.accounts().get(name)

    def get(self, name: str) -> Account:
        """The account of that name. Raises SettingsError naming those that there are."""
        return _known(self.accounts(), name)

    def sign_in(self, name: str, password: str) -> Account | None:
        """The account whose name and password these are; as slow for a name that nobody has."""
        account = self.find(name)
        held = is_password(password, account.password_hash if account else None)
        return account if held else None

    def add(self, name: str, roles: Iterable[Role], password: str) -> Account:
        """One more account; the file is made when missing. Raises SettingsError."""
        account = Account(
            check_name(name), frozenset(roles) or frozenset({Role.READER}), hash_password(password)
        )
        with self._changing(missing_ok=True) as accounts:
            if account.name in accounts:
                raise SettingsError(
                    f"There is an account '{account.name}' already. 'users password' changes its "
                    "password; 'users remove' takes it away."
                )
            accounts[account.name] = account
        return account

    def change_password(self, name: str, password: str) -> None:
        """Another password for an account. Raises SettingsError."""
        password_hash = hash_password(password)
        with self._changing() as accounts:
            account = _known(accounts, name)
            accounts[name] = Account(name, account.roles, password_hash)

    def remove(self, name: str) -> None:
        """Take an account away. Raises SettingsError."""
        with self._changing() as accounts:
            del accounts[_known(accounts, name).name]

    @contextmanager
    def _changing(self, *, missing_ok: bool = False) -> Iterator[dict[str, Account]]:
        """The accounts to change; they are written whole afterwards, one process at a time."""
        from filelock import FileLock

        try:
            if missing_ok:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=30):
                known = {} if missing_ok and not self.path.exists() else dict(self.accounts())
                yield known
                _write(self.path, known)
        except (OSError, TimeoutError) as error:
            raise SettingsError(
                f"The password file {self.path} cannot be written: {error}."
            ) from error


def _known(accounts: Mapping[str, Account], name: str) -> Account:
    if name not in accounts:
        known = ", ".join(sorted(accounts)) or "none"
        raise SettingsError(f"There is no account '{name}'. There are: {known}.")
    return accounts[name]


def _parse(text: str, path: Path) -> dict[str, Account]:
    accounts: dict[str, Account] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{path}, line {number}"
        name, roles, password_hash = [*line.strip().split(":", 2), "", ""][:3]
        try:
            name = check_name(name)
            held = frozenset(Role(role) for role in roles.split(","))
        except (SettingsError, ValueError):
            raise SettingsError(
                f"{where}: expected name:roles:hash, with roles such as reader or reviewer,admin. "
                f"{_HINT}."
            ) from None
        if not is_hash(password_hash):
            raise SettingsError(f"{where}: the password of '{name}' is no Argon2id hash. {_HINT}.")
        if name in accounts:
            raise SettingsError(f"{where}: '{name}' has a line already.")
        accounts[name] = Account(name, held, password_hash)
    return accounts


def _check_mode(path: Path, mode: int) -> None:
    if os.name == "posix" and stat.S_IMODE(mode) & (stat.S_IWGRP | stat.S_IRWXO):
        raise SettingsError(
            f"Others can read or change the password file {path}. Run: chmod 600 '{path}'"
        )


def _write(path: Path, accounts: Mapping[str, Account]) -> None:
    """Replace the file in one step; it is never there half written, nor readable by others."""
    lines = [
        f"{one.name}:{','.join(sorted(one.roles))}:{one.password_hash}\n"
        for _, one in sorted(accounts.items())
    ]
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
