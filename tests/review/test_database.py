"""Opening, upgrading and losing the database; what each kind of it refuses."""

import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from assistant.errors import DatabaseError, SettingsError
from assistant.review.database import REVISION, Database
from assistant.review.tables import Base


def test_the_newest_migration_is_the_one_that_the_program_expects() -> None:
    import assistant.review.migrations as migrations

    script = ScriptDirectory(str(Path(str(migrations.__file__)).parent))
    assert script.get_current_head() == REVISION


def test_the_migrations_make_the_tables_that_the_program_reads(database: Database) -> None:
    with database.reading() as session:
        found = inspect(session.connection())
        for table in Base.metadata.sorted_tables:
            columns = {
                column["name"]: column["nullable"] for column in found.get_columns(table.name)
            }
            assert columns == {column.name: column.nullable for column in table.columns}


def test_several_upgrade_at_the_same_time(location: str) -> None:
    databases = [Database.open(location) for _ in range(6)]
    done: list[str] = []
    threads = [threading.Thread(target=lambda d=d: done.append(d.upgrade())) for d in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    assert done == [REVISION] * 6


def test_a_database_of_a_newer_version_is_refused(location: str, database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE review_version SET version_num = '9999'"))
    again = Database.open(location)
    with pytest.raises(DatabaseError, match="newer version"):
        again.upgrade()
    again.close()


def test_a_database_without_tables_says_what_makes_them(location: str) -> None:
    database = Database.open(location)
    with pytest.raises(DatabaseError, match="review upgrade"), database.writing():
        pass
    database.close()


def test_what_fails_is_undone(database: Database, desk: Any, make_answer: Any, ward: Any) -> None:
    desk.submit_answer(make_answer(), ward)

    def fail() -> None:
        with database.writing() as session:
            session.execute(text("DELETE FROM review_items"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(desk.list()) == 1


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("mysql://host/name", "mysql is not known"),
        ("sqlite://", "sqlite is not known"),
        ("no url://at all", "neither a file nor a URL"),
    ],
)
def test_what_is_no_database_is_refused(location: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Database.open(location)


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    database = Database.open("postgresql://me:hunter2@127.0.0.1:1/reviews")
    with pytest.raises(DatabaseError, match="cannot be used") as caught:
        database.upgrade()
    assert "hunter2" not in str(caught.value)
    assert "me:***@127.0.0.1" in str(caught.value)
    database.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "reviews.sqlite3"
    path.write_text("not a database, but long enough to be looked at as one " * 50)
    database = Database.open(f"sqlite:///{path}")
    with pytest.raises(DatabaseError, match="not a database"):
        database.upgrade()
    database.close()


def test_connections_are_given_back(location: str, database: Database) -> None:
    if not location.startswith("postgresql"):
        pytest.skip("of a server")
    for _ in range(30):
        with database.reading() as session:
            session.execute(text("SELECT 1"))
    engine = create_engine(location.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        count = connection.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        ).scalar_one()
    engine.dispose()
    assert count <= 3
