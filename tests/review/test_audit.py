"""The audit trail: nobody changes it through the database, and nobody unnoticed around it."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from assistant.errors import DatabaseError
from assistant.review.database import Database
from assistant.review.desk import Desk

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("review_audit", "review_head")


@pytest.fixture
def busy(desk: Desk, make_answer: Any, ward: Any, anna: Any) -> Desk:
    """A desk with six entries about two items."""
    for question in ("How long?", "How much?"):
        item = desk.submit_answer(make_answer(question), ward).item_id
        desk.start(item, anna)
        desk.approve(item, anna, f"Fine: {question}")
    return desk


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review_audit SET actor = 'nobody' WHERE seq = 2",
        "DELETE FROM review_audit WHERE seq = 6",
        "DELETE FROM review_head",
        "UPDATE review_head SET seq = 3",
        "UPDATE review_head SET hash = 'x'",
    ],
)
def test_the_database_itself_refuses(busy: Desk, database: Database, statement: str) -> None:
    with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
        session.execute(text(statement))
    assert busy.inspect_trail().entries == 6
    assert busy.inspect_trail().holds


def test_a_postgresql_table_cannot_be_emptied(busy: Desk, database: Database) -> None:
    if not database.name.startswith("postgresql"):
        pytest.skip("SQLite has no TRUNCATE")
    for table in TABLES:
        with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
            session.execute(text(f"TRUNCATE {table}"))


def tamper(database: Database, *statements: str) -> None:
    """Change what the triggers guard, as somebody with every right in the database can."""
    sqlite = not database.name.startswith("postgresql")
    with database.writing() as session:
        if sqlite:
            names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for (name,) in names.all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in TABLES:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(text(statement))


SWAP = (
    "UPDATE review_audit SET seq = -2 WHERE seq = 2",
    "UPDATE review_audit SET seq = 2 WHERE seq = 3",
    "UPDATE review_audit SET seq = 3 WHERE seq = -2",
)
CUT = (
    "DELETE FROM review_audit WHERE seq = 6",
    "UPDATE review_head SET seq = 5, hash = (SELECT hash FROM review_audit WHERE seq = 5)",
)


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (("UPDATE review_audit SET actor = 'nobody' WHERE seq = 2",), "entry 2 was altered"),
        (("UPDATE review_audit SET at = '2020-01-01' WHERE seq = 6",), "entry 6 was altered"),
        (("UPDATE review_audit SET item = 2 WHERE seq = 3",), "entry 3 was altered"),
        (("UPDATE review_audit SET details = '{}' WHERE seq = 1",), "entry 1 was altered"),
        (("UPDATE review_audit SET details = '[' WHERE seq = 6",), "entry 6 was altered"),
        (("UPDATE review_audit SET hash = previous WHERE seq = 4",), "entry 4 was altered"),
        (("DELETE FROM review_audit WHERE seq = 1",), "entry 1 is missing"),
        (("DELETE FROM review_audit WHERE seq = 3",), "entry 3 is missing"),
        (("DELETE FROM review_audit WHERE seq = 6",), "the last entry should be 6, and is 5"),
        (SWAP, "entry 2 does not follow"),
        (CUT, "item 2 was changed without an entry"),
        (("DELETE FROM review_head",), "the last entry should be"),
        (("UPDATE review_items SET state = 'rejected' WHERE id = 1",), "item 1 is not as entry 3"),
        (("UPDATE review_items SET content = 'x' WHERE id = 2",), "item 2 is not as entry 6"),
        (("UPDATE review_items SET comment = 'x' WHERE id = 2",), "item 2 is not as entry 6"),
        (("DELETE FROM review_items WHERE id = 2",), "item 2 is missing"),
        (
            (
                "INSERT INTO review_audit SELECT 7, at, actor, action, item, details, hash, hash "
                "FROM review_audit WHERE seq = 6",
            ),
            "entry 7 was altered",
        ),
    ],
)
def test_what_was_altered_removed_or_reordered_is_found(
    busy: Desk, database: Database, statements: tuple[str, ...], words: str
) -> None:
    tamper(database, *statements)
    trail = busy.inspect_trail()
    assert not trail.holds
    assert any(fault.startswith(words) for fault in trail.faults), trail.faults


def test_a_trail_forged_from_its_beginning_does_not_hold_against_a_noted_hash(
    busy: Desk, database: Database, make_answer: Any, ward: Any
) -> None:
    noted = (6, busy.inspect_trail().head)
    assert busy.inspect_trail(noted).holds
    busy.submit_answer(make_answer("And now?"), ward)
    assert busy.inspect_trail(noted).holds
    zero = "0" * 64
    tamper(
        database,
        "DELETE FROM review_audit",
        "DELETE FROM review_items",
        f"UPDATE review_head SET seq = 0, hash = '{zero}'",
    )
    for question in ("How long?", "How much?"):
        busy.submit_answer(make_answer(question), ward)
    assert busy.inspect_trail().holds
    assert busy.inspect_trail(noted).faults == (
        f"entry 6 with the hash {noted[1]} is not in the trail",
    )


def test_threads_writing_at_once_make_one_chain(
    location: str, shelf: Any, make_answer: Callable[..., Any], ward: Any
) -> None:
    databases = [Database.open(location) for _ in range(4)]
    databases[0].upgrade()
    failed: list[BaseException] = []

    def submit(database: Database, who: int) -> None:
        try:
            for n in range(10):
                Desk(database, shelf).submit_answer(make_answer(f"{who} {n}"), ward)
        except BaseException as error:
            failed.append(error)

    threads = [
        threading.Thread(target=submit, args=(database, who))
        for who, database in enumerate(databases)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    trail = Desk(databases[0], shelf).inspect_trail()
    assert (trail.entries, trail.faults) == (40, ())
    for database in databases:
        database.close()


PROCESS = """
import sys
from assistant.accounts.account import Account
from assistant.review import audit
from assistant.review.database import Database
from assistant.review.tables import ItemRow

database = Database.open(sys.argv[1])
database.upgrade()
for n in range(15):
    with database.writing() as session:
        row = ItemRow(kind="document", key=f"{sys.argv[2]}-{n}", fingerprint="f", title="t",
                      quoted="{}", state="submitted", submitted_by="x", submitted_at="y", entry=0)
        session.add(row)
        session.flush()
        audit.append(session, "x", "submit", row, {})
"""


@pytest.mark.slow
def test_processes_writing_at_once_make_one_chain(location: str, shelf: Any) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", PROCESS, location, str(n)], cwd=ROOT)
        for n in range(2)
    ]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    database = Database.open(location)
    trail = Desk(database, shelf).inspect_trail()
    assert (trail.entries, trail.faults) == (30, ())
    database.close()
