"""The catalogue of sources that documents cite by key: ``sources.yaml`` beside a library."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from assistant.errors import ReadError
from assistant.yaml_files import read_yaml

SOURCES_FILE = "sources.yaml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class SourceStatus(StrEnum):
    """Whether the source itself was seen: first hand, through another text, or not at all."""

    VERIFIED_PRIMARY = "verified-primary"
    VERIFIED_SECONDARY = "verified-secondary"
    UNCONFIRMED = "unconfirmed"


class SourceKind(StrEnum):
    """What kind of evidence it is."""

    GUIDELINE = "guideline"
    CRITERIA = "criteria"
    RCT = "rct"
    META_ANALYSIS = "meta-analysis"
    SYSTEMATIC_REVIEW = "systematic-review"
    REVIEW = "review"
    COHORT = "cohort"
    CASE = "case"
    LOCAL_GUIDELINE = "local-guideline"
    PATIENT_LEAFLET = "patient-leaflet"
    WEB_PAGE = "web-page"
    CONVENTION = "convention"


class Source(BaseModel):
    """One entry; what was never seen is left out, not guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    kind: SourceKind
    status: SourceStatus
    authors: Text | None = None
    container: Text | None = None
    year: int | None = None
    doi: Text | None = None
    pmid: str | int | None = None
    url: Text | None = None
    population: Text | None = None
    strength: Text | None = None
    certainty: Text | None = None

    @property
    def citation(self) -> str:
        """One line for people: authors, title, where, when."""
        container = self.container or ""
        year = "" if self.year is None or str(self.year) in container else str(self.year)
        place = " ".join(part for part in (container, year) if part)
        parts = [part for part in (self.authors, self.title, place) if part]
        return ". ".join(part.rstrip(".") for part in parts) + "."


def find_sources(document: Path, top: Path) -> Path | None:
    """The nearest ``sources.yaml`` beside or above a document, not above ``top``'s parent."""
    limit = top.resolve().parent
    for folder in document.resolve().parents:
        candidate = folder / SOURCES_FILE
        if candidate.is_file():
            return candidate
        if folder == limit:
            return None
    return None


def load_sources(path: Path) -> dict[str, Source]:
    """The catalogue, by key. Raises ReadError naming the entry and field at fault."""
    try:
        entries = read_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ReadError(str(path), f"not valid YAML: {reason}") from error
    if not isinstance(entries, dict):
        raise ReadError(str(path), "expected a mapping from key to source")
    sources = {}
    for key, entry in entries.items():
        try:
            sources[str(key)] = Source.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "entry"
            raise ReadError(str(path), f"source '{key}', {field}: {first['msg']}") from error
    return sources
