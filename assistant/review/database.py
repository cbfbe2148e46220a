"""The review database: SQLite in a file or PostgreSQL by URL, brought up to date when opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from assistant.errors import DatabaseError, SettingsError
from assistant.review.tables import HeadRow

if TYPE_CHECKING:
    from alembic.config import Config

REVISION = "0001"
_VERSION_TABLE = "review_version"
_LOCK = 7_150_883_204  # of ours among PostgreSQL's advisory locks
_PATIENCE_S = 10
_WRITES = {"writes": True}
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Opened once and kept; safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, location: str, *, connect_s: int = _PATIENCE_S) -> "Database":
        """Open a database that is there, whatever its version; nothing is asked of it yet.

        ``location`` is a file, or a URL of SQLite or PostgreSQL. Raises SettingsError.
        """
        return cls(_make_engine(_read_location(location), connect_s))

    @property
    def name(self) -> str:
        """How a message names it: without the password."""
        url = self._engine.url
        if url.get_backend_name() == "sqlite":
            return str(url.database)
        return url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def upgrade(self) -> str:
        """Bring the tables up to date and return their revision. One process at a time does so."""
        with self._told(), self._engine.connect() as connection:
            found = _revision(connection)
        if found != REVISION:
            with self._told():
                self._migrate()
        return REVISION

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read in."""
        with self._told(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is kept when the block ends and undone when it fails; one at a time, so
        that what was read in it still holds when it is written."""
        engine = self._engine.execution_options(**_WRITES)
        with self._told(), Session(engine) as session, session.begin():
            session.get_one(HeadRow, 1, with_for_update=True)
            yield session

    def _migrate(self) -> None:
        from alembic import command
        from alembic.util.exc import CommandError

        with self._engine.execution_options(**_WRITES).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
            if _revision(connection) == REVISION:
                return
            try:
                command.upgrade(_config(connection), "head")
            except CommandError as error:
                raise DatabaseError(
                    f"The review database {self.name} was made by a newer version of this "
                    f"program ({error}). Use that version."
                ) from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A fault of the database in plain words."""
        try:
            yield
        except SQLAlchemyError as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            first = (str(reason).strip().splitlines() or [type(error).__name__])[0]
            raise DatabaseError(
                f"The review database {self.name} cannot be used: {first}. Check the setting "
                "'database'; where its tables are missing or old, run 'review upgrade'."
            ) from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    query = text(f"SELECT version_num FROM {_VERSION_TABLE}")  # noqa: S608 - a constant
    return connection.execute(query).scalar_one_or_none()


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": _VERSION_TABLE})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _read_location(location: str) -> URL:
    if "://" not in location:
        return URL.create("sqlite", database=str(Path(location).absolute()))
    try:
        url = make_url(location)
    except ArgumentError as error:
        raise SettingsError(
            "Setting 'database' is neither a file nor a URL such as "
            "postgresql://user@host/database."
        ) from error
    backend = url.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database:
        return url.set(drivername="sqlite")
    raise SettingsError(f"Setting 'database': {backend} is not known; give SQLite or PostgreSQL.")


def _make_engine(url: URL, connect_s: int) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _PATIENCE_S})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": connect_s,
                "options": f"-c lock_timeout={_PATIENCE_S * 1000}",
            },
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            "PostgreSQL needs a driver: install the extra 'postgres' of this package."
        ) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions, not the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
