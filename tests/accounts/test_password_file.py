"""The password file: what it holds, who may read it, what is refused."""

import threading
from pathlib import Path

import pytest

from assistant.accounts.account import Role
from assistant.accounts.password_file import PasswordFile
from assistant.errors import SettingsError

WORDS = "four plain short words"


@pytest.fixture
def users(tmp_path: Path) -> PasswordFile:
    return PasswordFile(tmp_path / "conf" / "users")


def test_an_account_signs_in_with_its_own_password_alone(users: PasswordFile) -> None:
    users.add("Dr A. Example", [Role.REVIEWER, Role.ADMIN], WORDS)
    users.add("ward", [], WORDS + "!")
    account = users.sign_in("Dr A. Example", WORDS)
    assert account is not None
    assert (account.may_review, account.may_change_library) == (True, True)
    ward = users.sign_in("ward", WORDS + "!")
    assert ward is not None
    assert ward.roles == {Role.READER}
    assert users.sign_in("ward", WORDS) is None
    assert users.sign_in("nobody", WORDS) is None
    assert users.sign_in("ward", "x" * 5000) is None


def test_the_file_holds_no_password_and_only_its_owner_reads_it(users: PasswordFile) -> None:
    users.add("ward", [], WORDS)
    text = users.path.read_text()
    assert WORDS not in text
    assert text.startswith("ward:reader:$argon2id$")
    assert users.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o666])
def test_a_file_that_others_can_read_or_change_is_refused(users: PasswordFile, mode: int) -> None:
    users.add("ward", [], WORDS)
    users.path.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600"):
        PasswordFile(users.path).accounts()


def test_what_another_process_writes_counts_at_once(users: PasswordFile) -> None:
    users.add("ward", [], WORDS)
    other = PasswordFile(users.path)
    assert other.sign_in("ward", WORDS) is not None
    users.change_password("ward", "another " + WORDS)
    assert other.sign_in("ward", WORDS) is None
    users.remove("ward")
    assert other.find("ward") is None


def test_writers_at_the_same_time_lose_nothing(users: PasswordFile) -> None:
    names = [f"user {n}" for n in range(6)]
    threads = [
        threading.Thread(target=PasswordFile(users.path).add, args=(name, [], WORDS))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(users.accounts()) == names


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("a:b", WORDS, "cannot be a name"),
        ("", WORDS, "cannot be a name"),
        ("line\nbreak", WORDS, "cannot be a name"),
        ("x" * 65, WORDS, "cannot be a name"),
        ("ward", "short", "has 5 characters"),
        ("ward", "x" * 1025, "1025"),
        ("taken", WORDS, "already"),
    ],
)
def test_what_cannot_be_an_account_is_refused(
    users: PasswordFile, name: str, password: str, words: str
) -> None:
    users.add("taken", [], WORDS)
    with pytest.raises(SettingsError, match=words):
        users.add(name, [], password)
    assert sorted(users.accounts()) == ["taken"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ward:secret\n", "line 1: expected name:roles:hash"),
        ("# nothing\n\nward:reader:secret\n", "line 3: the password of 'ward' is no Argon2id"),
        ("ward:king:x\n", "line 1: expected"),
        (":reader:x\n", "line 1: expected"),
        ("ward\n", "line 1: expected"),
    ],
)
def test_a_bad_line_is_named(users: PasswordFile, text: str, words: str) -> None:
    users.path.parent.mkdir()
    users.path.write_text(text)
    users.path.chmod(0o600)
    with pytest.raises(SettingsError, match=words):
        users.accounts()


def test_a_name_twice_is_refused(users: PasswordFile) -> None:
    users.add("ward", [], WORDS)
    users.path.write_text(users.path.read_text() * 2)
    with pytest.raises(SettingsError, match="line 2: 'ward' has a line already"):
        PasswordFile(users.path).accounts()


def test_a_missing_file_or_account_says_so(users: PasswordFile) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        users.accounts()
    with pytest.raises(SettingsError, match="cannot be read"):
        users.remove("ward")
    users.add("ward", [], WORDS)
    with pytest.raises(SettingsError, match="no account 'bed'"):
        users.change_password("bed", WORDS)
