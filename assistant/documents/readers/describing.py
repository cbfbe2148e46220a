"""What a document says about itself, in YAML: at its top, in a file beside it, in JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import yaml

from assistant.documents.document import Description, Review
from assistant.documents.ids import check_id, one_line
from assistant.documents.validity import first_day, last_day
from assistant.errors import ReadError

KEYS = (
    "id",
    "title",
    "population",
    "published",
    "updated",
    "review",
    "licence",
    "version",
    "valid_from",
    "valid_until",
    "status",
    "reason",
    "owner",
    "local_policy_over",
)
REVIEW_KEYS = ("status", "by", "on")
WITHDRAWN = "withdrawn"
_VALIDITY = ("valid_from", "valid_until", "owner", "local_policy_over")


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

_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")

UNDESCRIBED = Description()


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What it says; ``None`` where it says nothing."""

    doc_id: str | None = None
    title: str | None = None
    description: Description = UNDESCRIBED


def parse_front_matter(written: str, path: str, name: str) -> FrontMatter:
    """YAML as front matter; ``name`` is what messages call it. ReadError names the key at fault."""
    fields = _Fields.parse(written, path, name)
    fields.allow(KEYS)
    review = fields.inner("review")
    review.allow(REVIEW_KEYS)
    doc_id = fields.text("id", one=False)
    status = fields.text("status")
    if status not in (None, WITHDRAWN):
        raise fields.fault("status", f"is {status!r}: write {WITHDRAWN}, or leave it out")
    described = Description(
        population=fields.text("population"),
        published=fields.date("published"),
        updated=fields.date("updated"),
        review=Review(review.text("status"), review.text("by"), review.date("on")),
        licence=fields.text("licence"),
        version=fields.text("version"),
        withdrawn=status == WITHDRAWN,
        reason=fields.text("reason"),
    )
    return FrontMatter(
        doc_id=None if doc_id is None else check_id(doc_id, path),
        title=fields.text("title"),
        description=fields.with_validity(described),
    )


def describe_line(values: Mapping[str, object], path: str) -> Description:
    """What a JSON line says of its document. Other collections use ``status``, ``version`` and
    ``owner`` in their own ways: what is of no use here is passed over."""
    read = {key: values[key] for key in _VALIDITY if key in values}
    if "local_policy_over" not in read:
        read.pop("owner", None)
    status, version = values.get("status"), values.get("version")
    described = Description(
        version=str(version) if isinstance(version, str | int | float) else None,
        withdrawn=isinstance(status, str) and status.strip().casefold() == WITHDRAWN,
    )
    return _Fields(read, path, "the line").with_validity(described)


@dataclass(frozen=True, slots=True)
class _Fields:
    """A mapping's values, checked as they are taken; ``within`` is the key that holds it."""

    values: Mapping[str, object]
    path: str
    name: str
    within: str = ""

    @classmethod
    def parse(cls, written: str, path: str, name: str) -> "_Fields":
        try:
            values = yaml.load(written, Loader=_Loader)  # noqa: S506
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            reason = " ".join(str(error).split())
            raise ReadError(path, f"{name} is not valid YAML: {reason}") from error
        if values is None:
            values = {}
        if not isinstance(values, dict):
            raise ReadError(path, f"{name} is not a mapping from keys to values")
        return cls(values, path, name)

    def allow(self, keys: tuple[str, ...]) -> None:
        """Refuse any other key."""
        for key in self.values:
            if key not in keys:
                raise self.fault(str(key), f"is not known: use {', '.join(keys)}")

    def inner(self, key: str) -> "_Fields":
        """A mapping below a key, empty when there is none."""
        value = self.values.get(key)
        if value is None:
            return _Fields({}, self.path, self.name, f"{key}.")
        if not isinstance(value, dict):
            raise self.fault(key, f"is {value!r}: write it as {{status: …, by: …, on: …}}")
        return _Fields(value, self.path, self.name, f"{key}.")

    def text(self, key: str, *, one: bool = True) -> str | None:
        """Text, on one line unless its newlines are to be judged."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.fault(key, f"is {value!r}, not text: put it in quotation marks")
        return (one_line(value) or None) if one else value

    def date(self, key: str) -> str | None:
        """A date as YYYY-MM-DD, or only the year or month."""
        value = self.values.get(key)
        if value is None:
            return None
        written = str(value).strip()
        if not _is_date(written):
            raise self.fault(key, f"is {written!r}, not a date: write it as YYYY-MM-DD")
        return written

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once; empty where there is none."""
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.fault(key, f"is {value!r}: write it as a list, [one, two]")
        return tuple(dict.fromkeys(one.strip() for one in value if one.strip()))

    def with_validity(self, description: Description) -> Description:
        """The description with when it counts and before whom, checked against each other."""
        start, end = self.date("valid_from"), self.date("valid_until")
        if start and end and first_day(start) > last_day(end):
            raise self.fault("valid_until", f"is {end!r}, before 'valid_from', {start!r}")
        owner, over = self.text("owner"), self.texts("local_policy_over")
        if over and owner is None:
            raise self.fault("owner", "is missing: a local policy says whose it is")
        return replace(
            description, valid_from=start, valid_until=end, owner=owner, local_policy_over=over
        )

    def fault(self, key: str, what: str) -> ReadError:
        """What is wrong with a key."""
        name = self.name.removeprefix("the ")
        return ReadError(self.path, f"{name}: '{self.within}{key}' {what}")


def _is_date(written: str) -> bool:
    if not _DATE.fullmatch(written):
        return False
    try:
        date.fromisoformat(f"{written}-01-01"[:10])
    except ValueError:
        return False
    return True
