"""The YAML between two lines of dashes at the top of a Markdown file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import yaml

from assistant.documents.document import Description, Review
from assistant.documents.ids import check_id, one_line
from assistant.errors import ReadError

KEYS = ("id", "title", "population", "published", "updated", "review", "licence")
REVIEW_KEYS = ("status", "by", "on")


class _Loader(yaml.SafeLoader):
    """As in YAML 1.2, only true and false are truth values ("on" is a key of ours) and a date is
    text, so that a wrong one is refused by its key's name.
    """


_OTHERWISE = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag not in _OTHERWISE]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


_FRONT = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")

UNDESCRIBED = Description()


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What it says; ``None`` where it says nothing."""

    doc_id: str | None = None
    title: str | None = None
    description: Description = UNDESCRIBED


def read_front_matter(text: str, path: str) -> tuple[FrontMatter, str]:
    """The front matter and the text below it; raises ReadError naming the key at fault."""
    found = _FRONT.match(text)
    if found is None:
        return FrontMatter(), text
    fields = _Fields.parse(found[1], path)
    fields.allow(KEYS)
    review = fields.inner("review")
    review.allow(REVIEW_KEYS)
    doc_id = fields.text("id", one=False)
    front = FrontMatter(
        doc_id=None if doc_id is None else check_id(doc_id, path),
        title=fields.text("title"),
        description=Description(
            population=fields.text("population"),
            published=fields.date("published"),
            updated=fields.date("updated"),
            review=Review(review.text("status"), review.text("by"), review.date("on")),
            licence=fields.text("licence"),
        ),
    )
    return front, text[found.end() :]


@dataclass(frozen=True, slots=True)
class _Fields:
    """A mapping's values, checked as they are taken; ``within`` is the key that holds it."""

    values: Mapping[object, object]
    path: str
    within: str = ""

    @classmethod
    def parse(cls, written: str, path: str) -> "_Fields":
        try:
            values = yaml.load(written, Loader=_Loader)  # noqa: S506
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            reason = " ".join(str(error).split())
            raise ReadError(path, f"the front matter is not valid YAML: {reason}") from error
        if values is None:
            values = {}
        if not isinstance(values, dict):
            raise ReadError(path, "the front matter is not a mapping from keys to values")
        return cls(values, path)

    def allow(self, keys: tuple[str, ...]) -> None:
        """Refuse any other key."""
        for key in self.values:
            if key not in keys:
                raise self._fault(str(key), f"is not known: use {', '.join(keys)}")

    def inner(self, key: str) -> "_Fields":
        """A mapping below a key, empty when there is none."""
        value = self.values.get(key)
        if value is None:
            return _Fields({}, self.path, f"{key}.")
        if not isinstance(value, dict):
            raise self._fault(key, f"is {value!r}: write it as {{status: …, by: …, on: …}}")
        return _Fields(value, self.path, f"{key}.")

    def text(self, key: str, *, one: bool = True) -> str | None:
        """Text, on one line unless its newlines are to be judged."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._fault(key, f"is {value!r}, not text: put it in quotation marks")
        return (one_line(value) or None) if one else value

    def date(self, key: str) -> str | None:
        """A date as YYYY-MM-DD, or only the year or month."""
        value = self.values.get(key)
        if value is None:
            return None
        written = str(value).strip()
        if not _is_date(written):
            raise self._fault(key, f"is {written!r}, not a date: write it as YYYY-MM-DD")
        return written

    def _fault(self, key: str, what: str) -> ReadError:
        return ReadError(self.path, f"front matter: '{self.within}{key}' {what}")


def _is_date(written: str) -> bool:
    if not _DATE.fullmatch(written):
        return False
    try:
        date.fromisoformat(f"{written}-01-01"[:10])
    except ValueError:
        return False
    return True
