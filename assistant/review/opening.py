"""From the settings to a desk, or to looking up what was decided."""

from pathlib import Path

from assistant.errors import SettingsError
from assistant.review.database import Database
from assistant.review.desk import Desk, Rules
from assistant.review.item import Item, Kind, State
from assistant.review.lookup import Lookup
from assistant.review.proving import LibraryNow
from assistant.review.rows import read_items
from assistant.settings import Settings
from assistant.verifying.verifying import Render

_CONNECT_S = 2  # of an answer's time, where the server does not answer at all


def open_database(settings: Settings) -> Database:
    """The review database, made when missing and brought up to date. Raises SettingsError and
    DatabaseError."""
    location = settings.review_database
    if location is None:
        raise SettingsError(
            "The library is behind a server, so say where reviews are kept: set ASSISTANT_DATABASE "
            "to a file or a URL such as postgresql://user@host/database."
        )
    database = Database.open(location)
    database.upgrade()
    return database


def open_desk(settings: Settings, render: Render) -> Desk:
    """Where reviews are made; ``render`` makes a consultation's JSON."""
    return Desk(
        open_database(settings),
        LibraryNow(settings.store, settings.corpus, render, settings.day),
        Rules(settings.review_own, settings.review_patients, settings.review_days),
    )


def approved_answers(settings: Settings) -> tuple[Item, ...]:
    """Every answer that was approved, with its content, whatever became of it since; none where no
    reviews are kept. Raises DatabaseError."""
    location = settings.review_database
    if location is None or ("://" not in location and not Path(location).is_file()):
        return ()
    with open_database(settings).reading() as session:
        items = read_items(session, whole=True)
    return tuple(i for i in items if i.kind is Kind.ANSWER and i.state is State.APPROVED)


def open_lookup(location: str) -> Lookup:
    """What was decided so far, in a database that is there; nothing is changed in it."""
    return Lookup(Database.open(location, connect_s=_CONNECT_S))
