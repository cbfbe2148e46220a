"""What changed between two versions: the figures loudest, and nothing told twice."""

from pathlib import Path

import pytest

from assistant.library.changes import ChangeKind, compare_versions
from assistant.library.meaning import list_changes
from assistant.library.versions import Version, read_versions

OLD = """# Zebra fever

## Treatment

Give 30 mL of stripe syrup twice a day. Rest for three days in a quiet stable. Do not ride zebras.

Avoid:

- loud music at night
- cold marbles

## Course

Zebra fever lasts 9 days in most adults. Ask about stripes at every visit.
"""
NEW = """# Zebra fever

## Treatment

Give 20 mL of stripe syrup twice a day. Rest in a quiet stable for three days. Ride zebras.

Offer:

- loud music at night

## What to ask

Ask about stripes at every visit.

## Course

Zebra fever lasts 9 days in most adults. A marble scan is of no use.
"""


def version(folder: Path, name: str, text: str) -> Version:
    (folder / name).write_text(text, encoding="utf-8")
    (found,) = read_versions([folder / name])
    return found


def test_every_statement_is_told_once_and_as_what_it_is(tmp_path: Path) -> None:
    changes = compare_versions(version(tmp_path, "a.md", OLD), version(tmp_path, "b.md", NEW))
    told = {
        (one.kind, one.old.whole if one.old else None, one.new.whole if one.new else None)
        for one in changes
    }
    give, course = "stripe syrup twice a day.", "Zebra fever lasts 9 days in most adults."
    ask = "Ask about stripes at every visit."
    assert told >= {
        (ChangeKind.FIGURES, f"Give 30 mL of {give}", f"Give 20 mL of {give}"),
        (ChangeKind.FIGURES, "Do not ride zebras.", "Ride zebras."),
        (ChangeKind.SAME, course, course),
        (ChangeKind.MOVED, ask, ask),
        (ChangeKind.GONE, "Avoid: cold marbles", None),
        (ChangeKind.NEW, None, "A marble scan is of no use."),
    }
    (music,) = [one for one in changes if one.old and "loud music" in one.old.text]
    assert music.kind is ChangeKind.FIGURES, "the line above a bullet turned it round"
    assert music.details[0].startswith("negation: avoid")
    assert changes[0].kind is ChangeKind.FIGURES


def test_a_document_does_not_differ_from_itself(corpus: Path) -> None:
    (one,) = read_versions([corpus / "documents" / "epidural-blood-patch.md"])
    assert {change.kind for change in compare_versions(one, one)} == {ChangeKind.SAME}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Give 2 h of rest.", "Give 120 minutes of rest.", ""),
        ("Give 20 mg of it.", "Give 20 g of it.", "figures: 20 mg → 20 g"),
        ("Aim for 20 mL; 15, 20 and 30 mL were tried.", "Aim for 15 mL; 15, 20 and 30 mL were tried.", "figures: 20 mL → 15 mL"),
        ("Adults 20 mL, children 15 mL.", "Adults 15 mL, children 20 mL.", "figures: the same, in another order"),
        ("Wait at least 12 h.", "Wait at most 12 h.", "figures"),
        ("It must be kept.", "It may be kept.", "how strongly: must → may"),
        ("Give it before the scan.", "Give it after the scan.", "direction: before → after"),
        ("Do not give A but give B.", "Give A but do not give B.", "the same words, in another order"),
        ("Rest in a quiet stable.", "Rest in a calm stable.", ""),
    ],
)  # fmt: skip
def test_what_changes_what_is_done_is_told_from_wording(old: str, new: str, told: str) -> None:
    found = "; ".join(list_changes(old, new))
    assert (told in found) if told else not found
