"""Both databases, each with tables of the test's own, and a library that can be changed at will."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.accounts.account import Account, Role
from assistant.errors import UnknownDocumentError
from assistant.retrieval.records import DocumentRecord
from assistant.review.database import Database
from assistant.review.desk import Desk
from assistant.review.item import Kind


def find_postgresql() -> Path | None:
    """The folder of PostgreSQL's programs, Debian's or those on PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb")
    return debian[-1].parent if debian else Path(found).resolve().parent if found else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own on a socket."""
    programs = find_postgresql()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql, or 'make test'")
    # The server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    cluster = folder / "data"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [programs / program, "-D", cluster, *arguments],
            user=user,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    settings = f"-c listen_addresses='' -k {folder} -c fsync=off -c shared_buffers=16MB"
    run("initdb", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", settings, "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is, of one kind, then of the other."""
    if request.param == "sqlite":
        return str(tmp_path / "reviews.sqlite3")
    import psycopg

    url: str = request.getfixturevalue("postgresql")
    with psycopg.connect(url) as connection:
        connection.execute("SET lock_timeout = '10s'")
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url


@pytest.fixture
def database(location: str) -> Iterator[Database]:
    database = Database.open(location)
    database.upgrade()
    yield database
    database.close()


@dataclass
class FakeLibrary:
    """Answers as it is told to; a text that names a Mr or Ms tells of a patient."""

    checksums: dict[str, str] = field(default_factory=lambda: {"zebra": "a" * 64, "cough": "b"})
    answer_faults: tuple[str, ...] = ()
    document_faults: tuple[str, ...] = ()

    def checksum(self, kind: Kind, doc_id: str) -> str | None:
        return self.checksums.get(doc_id)

    def document(self, doc_id: str) -> DocumentRecord:
        if doc_id not in self.checksums:
            raise UnknownDocumentError(f"No document {doc_id}.")
        return DocumentRecord(doc_id, doc_id.title(), "x.md", self.checksums[doc_id], 1)

    def faults_of_document(self, doc_id: str) -> tuple[str, ...]:
        return self.document_faults

    def faults_of_answer(self, plain: Mapping[str, Any]) -> tuple[str, ...]:
        return self.answer_faults

    def tells_of_patient(self, text: str, earlier: tuple[str, ...] = ()) -> bool:
        return any(word in " ".join((text, *earlier)) for word in ("Mr", "Ms"))


@pytest.fixture
def shelf() -> FakeLibrary:
    return FakeLibrary()


@dataclass
class Now:
    at: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def desk(database: Database, shelf: FakeLibrary, now: Now) -> Desk:
    return Desk(database, shelf, now=now)


@pytest.fixture
def anna() -> Account:
    return Account("Dr Anna", frozenset({Role.REVIEWER}), "x")


@pytest.fixture
def ben() -> Account:
    return Account("Dr Ben", frozenset({Role.REVIEWER}), "x")


@pytest.fixture
def ward() -> Account:
    return Account("ward", frozenset({Role.READER}), "x")


@pytest.fixture(scope="session")
def make_answer() -> Callable[..., dict[str, Any]]:
    """As much of an answer's JSON as reviewing reads."""

    def make(question: str = "How long does zebra fever last?", **more: Any) -> dict[str, Any]:
        quote = {"number": 1, "document": "zebra", "text": "Nine days.", "start": 0, "end": 10}
        settings = {"role": "clinician", "documents": None, "history": [], "corrections": {}}
        return {
            "question": question,
            "outcome": "answered",
            "direct": [1],
            "quotes": [quote],
            "findings": [],
            "pathways": [],
            "check": {"verdict": "clear", "issues": []},
            "certificate": {"documents": {"zebra": "a" * 64}, "settings": settings},
        } | more

    return make
