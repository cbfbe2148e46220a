"""The commands of a library that changes: withdraw, restore, diff, impact."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import SettingsError, StoreMissingError, UnknownDocumentError
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.library.changes import Change
    from assistant.library.impact import Impact
    from assistant.library.versions import Said, Version
    from assistant.retrieval.index import Snapshot
    from assistant.retrieval.store import Store

DONE, FOUND = 0, 1


def add_library_commands(actions: Any, common: argparse.ArgumentParser) -> None:
    """Put the commands of this module among those of ``library``."""
    one = actions.add_parser(
        "withdraw", parents=[common], help="Quote documents no more, until they are restored."
    )
    one.add_argument("ids", nargs="+", metavar="ID")
    one.add_argument("--reason", help="why, shown wherever the document is listed")
    one.set_defaults(command=withdraw)
    one = actions.add_parser("restore", parents=[common], help="Quote withdrawn documents again.")
    one.add_argument("ids", nargs="+", metavar="ID")
    one.set_defaults(command=restore)
    one = actions.add_parser(
        "diff", parents=[common], help="What changed between two versions, statement by statement."
    )
    for name in ("old", "new"):
        one.add_argument(name, metavar=name.upper(), help="a file, or a document's id")
    one.set_defaults(command=diff)
    one = actions.add_parser(
        "impact",
        parents=[common],
        help="Which rules, disagreements, questions and answers lose their quotations.",
    )
    one.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="new versions of documents (without any: the library as it stands)",
    )
    one.add_argument(
        "--gold", nargs="+", type=Path, default=[], metavar="PATH", help="gold questions"
    )
    one.add_argument("--answers", type=Path, metavar="DIR", help="saved answers of 'ask --json'")
    one.set_defaults(command=impact)


def withdraw(arguments: argparse.Namespace, settings: Settings) -> int:
    """Withdraw documents, in one switch."""
    from assistant.retrieval.withdrawing import withdraw_documents

    generation = withdraw_documents(
        _store(settings), arguments.ids, settings.day(), arguments.reason
    )
    named = sorted(set(arguments.ids))
    if arguments.json:
        _print_json({"withdrawn": named, "generation": generation.name})
    else:
        print(f"Withdrawn: {', '.join(named)}. Not quoted from now on; 'library impact' shows what")
        print("rested on it.")
    return DONE


def restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """Undo a withdrawal."""
    from assistant.retrieval.withdrawing import restore_documents

    generation = restore_documents(_store(settings), arguments.ids)
    named = sorted(set(arguments.ids))
    if arguments.json:
        _print_json({"restored": named, "generation": generation.name})
    else:
        print(f"Restored: {', '.join(named)}.")
    return DONE


def diff(arguments: argparse.Namespace, settings: Settings) -> int:
    """What changed between two versions."""
    from assistant.library.changes import compare_versions

    old = _versions(arguments.old, settings)
    new = _versions(arguments.new, settings)
    if len(old) == len(new) == 1:
        pairs = [(old[0], new[0])]
    else:
        then, now = {v.doc_id: v for v in old}, {v.doc_id: v for v in new}
        pairs = [
            (then.get(i) or _none(now[i]), now.get(i) or _none(then[i]))
            for i in sorted({*then, *now})
        ]
    compared = [(one, other, compare_versions(one, other)) for one, other in pairs]
    if arguments.json:
        _print_json([_diff_json(*one) for one in compared])
    else:
        print("\n\n".join(_diff_text(*one) for one in compared))
    return DONE


def impact(arguments: argparse.Namespace, settings: Settings) -> int:
    """What rests on a quotation that is no longer there; 1 where something does."""
    from assistant.library.impact import find_impact, find_in_answer, find_in_answers
    from assistant.library.quotations import Holder, find_in_corpus, find_in_file
    from assistant.library.versions import read_versions, stored_version
    from assistant.review.opening import approved_answers

    if arguments.paths:
        versions = {v.doc_id: v for v in read_versions(arguments.paths)}
    else:
        library = _open(settings)
        versions = {i: stored_version(library, i) for i in library.shelf}
    if arguments.answers and not arguments.answers.is_dir():
        raise SettingsError(f"--answers {arguments.answers}: there is no such folder.")
    only, on = bool(arguments.paths), settings.day()
    quotations = [*find_in_corpus(settings.corpus)]
    for path in _yaml_files(arguments.gold):
        quotations += find_in_file(path, Holder.GOLD)
    found = find_impact(quotations, versions, on, only=only)
    if arguments.answers:
        found += find_in_answers(arguments.answers, versions, on, only=only)
    for item in approved_answers(settings):
        where = "reviews", None, f"approved answer {item.item_id}: {item.title}"
        found += find_in_answer(item.content or {}, where, versions, on, only=only)
    if arguments.json:
        _print_json({"broken": [_impact_json(one) for one in found], "checked": len(quotations)})
    else:
        print(_impact_text(found, len(quotations)))
    return FOUND if found else DONE


def _yaml_files(paths: Sequence[Path]) -> list[Path]:
    for path in paths:
        if not path.exists():
            raise SettingsError(f"--gold {path}: there is nothing there.")
    return [f for p in paths for f in (sorted(p.rglob("*.yaml")) if p.is_dir() else [p])]


def _store(settings: Settings) -> "Store":
    from assistant.retrieval.store import Store

    return Store.open(settings.store)


def _open(settings: Settings) -> "Snapshot":
    from assistant.retrieval.index import Snapshot

    store = _store(settings)
    return Snapshot(store, store.current(), {}, on=settings.day())


def _versions(given: str, settings: Settings) -> "tuple[Version, ...]":
    from assistant.library.versions import read_versions, stored_version

    if Path(given).exists():
        versions = read_versions([Path(given)])
        if not versions:
            raise SettingsError(f"{given}: no document in it that can be read.")
        return versions
    try:
        return (stored_version(_open(settings), given),)
    except (StoreMissingError, UnknownDocumentError) as error:
        raise SettingsError(
            f"'{given}' is neither a file nor the id of a document of the library."
        ) from error


def _none(version: "Version") -> "Version":
    """A version without anything, for a document that only the other side has."""
    from assistant.library.versions import Version

    return Version(version.doc_id, version.title, "", (), "none", version.description)


# Output


def _counts(changes: "Sequence[Change]") -> dict[str, int]:
    from assistant.library.changes import ChangeKind

    return {kind.value: sum(c.kind is kind for c in changes) for kind in ChangeKind}


def _said_json(said: "Said | None") -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "text": said.text,
        "lead": said.lead or None,
        "section": said.section,
        "start": said.span.start,
        "end": said.span.end,
    }


def _diff_json(old: "Version", new: "Version", changes: "Sequence[Change]") -> dict[str, Any]:
    return {
        "old": {"id": old.doc_id, "title": old.title, "origin": old.origin},
        "new": {"id": new.doc_id, "title": new.title, "origin": new.origin},
        "counts": _counts(changes),
        "changes": [
            {
                "kind": one.kind.value,
                "old": _said_json(one.old),
                "new": _said_json(one.new),
                "details": list(one.details),
            }
            for one in changes
        ],
    }


def _diff_text(old: "Version", new: "Version", changes: "Sequence[Change]") -> str:
    from assistant.library.changes import ChangeKind

    counts = ", ".join(f"{n} {kind}" for kind, n in _counts(changes).items() if n)
    name = new.title if new.title == old.title else f"{old.title} → {new.title}"
    lines = [f"{name} ({new.doc_id}): {counts or 'nothing in either'}"]
    kind = None
    for one in changes:
        if one.kind is ChangeKind.SAME:
            continue
        if one.kind is not kind:
            kind = one.kind
            loud = kind is ChangeKind.FIGURES
            lines += ["", f"{'!! FIGURES CHANGED' if loud else kind.value.capitalize()}"]
        lines += _change_lines(one)
    return "\n".join(lines)


def _change_lines(one: "Change") -> list[str]:
    from assistant.library.changes import ChangeKind

    said = one.new or one.old
    if one.kind is ChangeKind.MOVED and one.old and one.new:
        places = dict.fromkeys((one.old.section, one.new.section))
        return [f"  = {one.new.whole}", f"    {' → '.join(places)}"]
    lines = [f"  - {one.old.whole}"] if one.old else []
    lines += [f"  + {one.new.whole}"] if one.new else []
    lines += [f"    {detail}" for detail in one.details]
    return [*lines, f"    {said.section}"] if said and said.section else lines


def _impact_json(one: "Impact") -> dict[str, Any]:
    quotation = one.quotation
    return {
        "kind": quotation.holder.value,
        "id": quotation.name,
        "path": quotation.path,
        "line": quotation.line,
        "document": quotation.document,
        "quote": quotation.quote,
        "why": one.why,
        "nearest": _said_json(one.nearest),
        "likeness": round(one.likeness, 2),
        "details": list(one.details),
    }


def _impact_text(found: "Sequence[Impact]", checked: int) -> str:
    lines = []
    for one in found:
        quotation = one.quotation
        place = f"{quotation.path}{f':{quotation.line}' if quotation.line else ''}"
        lines += [
            f"{place}: {quotation.holder.value} {quotation.name}: {one.why}",
            f"    «{quotation.quote}»",
        ]
        if one.nearest:
            lines.append(f"  → «{one.nearest.whole}» ({one.likeness:.0%} alike)")
            lines += [f"    !! {detail}" for detail in one.details]
    if found:
        return "\n".join([*lines, "", f"{len(found)} quotations broke."])
    return f"Nothing broke: {checked} quotations and the answers given were checked."


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
