"""What can be set, from a file, then from the environment; read only by the floors above."""

import os
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parents[1]
SETTINGS_FILE = "assistant.toml"
_PREFIX = "ASSISTANT_"


class Settings(BaseModel):
    """Every setting with its default.

    ``Settings.load()`` reads ``assistant.toml`` in the project's root (or the file that
    ``ASSISTANT_SETTINGS`` names), then variables such as ``ASSISTANT_STORE``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    store: str = Field(
        default=str(PROJECT_ROOT / ".store"), description="a folder, or http://host:port"
    )
    embedder: str = Field(
        default="all-MiniLM-L6-v2",
        description="a sentence-transformers model: its folder, or a name already on this machine",
    )
    corpus: Path = Field(
        default=PROJECT_ROOT / "corpus", description="the library that comes with the program"
    )
    password_file: Path | None = Field(
        default=None, description="accounts, as 'users add' writes; needed beyond this machine"
    )
    database: str | None = Field(
        default=None,
        description="of reviews: a file (beside the store), or postgresql://user@host/database",
    )
    review_own: bool = Field(default=False, description="who submits may approve it too")
    review_patients: bool = Field(
        default=False, description="answers about patients may be submitted, and so are kept"
    )
    review_days: int = Field(default=365, ge=1, description="how long an approval lasts")
    feedback: Path | None = Field(
        default=PROJECT_ROOT / "feedback.jsonl",
        description="where thumbs and their reasons are appended; never a question or a finding",
    )
    writer: str = Field(
        default="extractive",
        description="extractive, or a LangChain chat model such as openai:NAME or ollama:NAME",
    )
    writer_url: str | None = Field(
        default=None, description="where that model is served, such as http://localhost:8000/v1"
    )
    writer_timeout_s: float = Field(default=30.0, gt=0)
    today: date | None = Field(
        default=None, description="the day that documents must be valid on; the present day if not"
    )
    max_question_characters: int = Field(default=20_000, ge=1)
    max_document_bytes: int = Field(default=20_000_000, ge=1)

    def day(self) -> date:
        """The day that counts as today: the one place where it is asked for."""
        return self.today or date.today()

    @classmethod
    def load(cls, **given: Any) -> "Settings":
        """File, then environment, then ``given`` (``None`` means not given)."""
        values = _from_file() | _from_environment()
        values |= {name: value for name, value in given.items() if value is not None}
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            known = ", ".join(sorted(cls.model_fields))
            raise SettingsError(
                f"Setting '{name}': {first['msg']}. The settings are: {known}."
            ) from error

    @property
    def review_database(self) -> str | None:
        """Where reviews are kept; None where the store is a server and nothing is set."""
        if self.database is not None or "://" in self.store:
            return self.database
        return str(Path(self.store).absolute()) + ".reviews.sqlite3"


def _from_file() -> dict[str, Any]:
    named = os.environ.get(f"{_PREFIX}SETTINGS")
    path = Path(named) if named else PROJECT_ROOT / SETTINGS_FILE
    if not path.is_file():
        if named:
            raise SettingsError(f"ASSISTANT_SETTINGS names {path}, which is not a file.")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error


def _from_environment() -> dict[str, Any]:
    return {
        name: os.environ[f"{_PREFIX}{name.upper()}"]
        for name in Settings.model_fields
        if os.environ.get(f"{_PREFIX}{name.upper()}")
    }
