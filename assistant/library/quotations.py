"""Every quotation that rules, disagreements, questions and gold files rest on, with its line.

All of these files are YAML in which a ``quote`` stands beside or below its ``document``, so one
reading serves them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import yaml

from assistant.documents.disagreements import DISAGREEMENTS_FILE
from assistant.documents.questions import QUESTIONS_FOLDER
from assistant.errors import ReadError
from assistant.pathways.calculators import CALCULATORS_FILE
from assistant.pathways.loading import PATHWAYS_FOLDER
from assistant.yaml_files import FastLoader


class Holder(StrEnum):
    """What rests on a quotation."""

    RULE = "rule"
    CALCULATOR = "calculator"
    DISAGREEMENT = "disagreement"
    QUESTIONS = "questions"
    GOLD = "gold question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Quotation:
    """``name`` is the id of what rests on it, ``line`` where it stands in the file at ``path``."""

    holder: Holder
    path: str
    line: int | None
    name: str
    document: str
    quote: str


def find_in_corpus(corpus: Path) -> Iterator[Quotation]:
    """Those of a corpus folder. Raises ReadError for a file that is not YAML."""
    for path in sorted((corpus / PATHWAYS_FOLDER).glob("*.yaml")):
        yield from find_in_file(path, Holder.RULE)
    for name, holder in (
        (CALCULATORS_FILE, Holder.CALCULATOR),
        (DISAGREEMENTS_FILE, Holder.DISAGREEMENT),
    ):
        if (corpus / name).is_file():
            yield from find_in_file(corpus / name, holder)
    for path in sorted((corpus / QUESTIONS_FOLDER).glob("*.yaml")):
        yield from find_in_file(path, Holder.QUESTIONS)


def find_in_file(path: Path, holder: Holder) -> Iterator[Quotation]:
    """Those of one file."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=FastLoader)
    except OSError as error:
        raise ReadError(str(path), f"cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ReadError(str(path), f"not valid YAML: {reason}") from error
    if node is not None:
        yield from _walk(node, Quotation(holder, str(path), None, path.stem, "", ""))


def _walk(node: yaml.Node, within: Quotation) -> Iterator[Quotation]:
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _walk(one, within)
    elif isinstance(node, yaml.MappingNode):
        plain = {
            key.value: value.value
            for key, value in node.value
            if isinstance(value, yaml.ScalarNode) and isinstance(key, yaml.ScalarNode)
        }
        within = replace(
            within,
            name=plain.get("id", within.name),
            document=plain.get("document", within.document),
        )
        if within.document and "quote" in plain:
            line = node.start_mark.line + 1
            yield replace(within, line=line, quote=plain["quote"].strip())
        for _, value in node.value:
            yield from _walk(value, within)
