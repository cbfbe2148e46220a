"""The command line. Results go to standard output, everything else to standard error."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from assistant.errors import (
    AssistantError,
    CertificateError,
    QuestionError,
    SettingsError,
    StoreError,
)
from assistant.interfaces import cli_review_parser, cli_users
from assistant.interfaces.cli_library import add_library_commands
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.interfaces.reviewed import Reviews
    from assistant.retrieval.records import DocumentRecord
    from assistant.review.known import Known

DONE, PARTLY, UNUSABLE, NO_STORE = 0, 1, 2, 3
Command = Callable[[argparse.Namespace, Settings], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. No traceback reaches a user for bad input."""
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings.load(store=arguments.store)
        command: Command = arguments.command
        return command(arguments, settings)
    except StoreError as error:
        return _complain(error, NO_STORE)
    except (SettingsError, QuestionError, CertificateError) as error:
        return _complain(error, UNUSABLE)
    except AssistantError as error:
        return _complain(error, PARTLY)
    except BrokenPipeError:
        sys.stderr.close()
        return PARTLY
    except KeyboardInterrupt:
        print("Stopped. The library is as it was.", file=sys.stderr)
        return 130


def _complain(error: AssistantError, status: int) -> int:
    print(f"guideline-assistant: {error}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--store", metavar="S", help="the library: a folder or http://host:port")
    common.add_argument("--json", action="store_true", help="print one JSON value, nothing else")
    parser = argparse.ArgumentParser(
        prog="guideline-assistant",
        description="Answers clinical questions in the guideline's own words.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, summary: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[common], help=summary, description=summary)
        added.set_defaults(command=command)
        return added

    one = add("ingest", _ingest, "Read documents into the library.")
    one.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    one.add_argument(
        "--prune", action="store_true", help="remove documents whose file is no longer there"
    )
    one.add_argument(
        "--rebuild", action="store_true", help="replace the whole library, whatever made it"
    )

    one = add("search", _search, "Show the passages nearest a query.")
    one.add_argument("query", nargs="?", metavar="QUERY")
    one.add_argument("-k", type=_positive, default=10, help="how many (10)")
    _add_batch(one)

    one = add("ask", _ask, "Answer a question with quotations.")
    one.add_argument("question", nargs="?", metavar="QUESTION")
    one.add_argument("--role", choices=["clinician", "trainee", "patient"], default="clinician")
    one.add_argument("--document", nargs="+", metavar="ID", help="answer from these alone")
    _add_correct(one)
    _add_batch(one)

    one = add("verify", _verify, "Prove a saved 'ask --json' again, without any model.")
    one.add_argument(
        "answer",
        metavar="ANSWER.json",
        help="an answer, or a batch of them; - reads standard input",
    )

    one = add(
        "check",
        _lazily("check"),
        "Read a patient out of a text and hold the case against the pathways.",
    )
    one.add_argument("case", metavar="CASE", help="the patient's story; - reads standard input")
    _add_correct(one)

    pathways = commands.add_parser("pathways", help="List, show or prove the pathways.")
    actions = pathways.add_subparsers(required=True, metavar="ACTION")
    listed = actions.add_parser("list", parents=[common], help="Every pathway.")
    listed.set_defaults(command=_lazily("list_pathways"))
    shown = actions.add_parser("show", parents=[common], help="One pathway with its quotations.")
    shown.add_argument("id", metavar="ID")
    shown.set_defaults(command=_lazily("show_pathway"))
    proved = actions.add_parser(
        "validate",
        parents=[common],
        help="Prove that the pathways are complete, free of contradiction and safe.",
    )
    proved.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="a corpus folder or file"
    )
    proved.set_defaults(command=_lazily("validate"))

    library = commands.add_parser("library", help="List, show, change or compare documents.")
    actions = library.add_subparsers(required=True, metavar="ACTION")
    listed = actions.add_parser("list", parents=[common], help="What the library holds.")
    listed.set_defaults(command=_list)
    shown = actions.add_parser("show", parents=[common], help="One document.")
    shown.add_argument("id", metavar="ID")
    shown.add_argument("--text", action="store_true", help="print its text, exactly")
    shown.set_defaults(command=_show)
    removed = actions.add_parser("remove", parents=[common], help="Take documents out.")
    removed.add_argument("ids", nargs="+", metavar="ID")
    removed.set_defaults(command=_remove)
    add_library_commands(actions, common)
    checked = actions.add_parser(
        "validate", parents=[common], help="Check digests, sources, lexicon and disagreements."
    )
    checked.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="a file or a folder (corpus)"
    )
    checked.set_defaults(command=_validate)

    cli_users.add_parser(commands, common)
    cli_review_parser.add_parser(commands, common)

    one = add("serve", _serve, "Serve the page.")
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=_port, default=7860)
    return parser


def _lazily(name: str) -> Command:
    """A command of the patient's side, loaded when it is called."""

    def run(arguments: argparse.Namespace, settings: Settings) -> int:
        from assistant.interfaces import cli_patient

        command: Command = getattr(cli_patient, name)
        return command(arguments, settings)

    return run


def _add_batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--batch", type=Path, metavar="IN.jsonl", help="one question a line")
    parser.add_argument("--out", type=Path, metavar="OUT.jsonl", help="where the answers go")


def _add_correct(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--correct",
        action="append",
        default=[],
        metavar="FACT=VALUE",
        help="say how a finding is, whatever the text says: present, absent, unknown, or a number "
        "with its unit (temperature=38.4, hours-since-procedure=3days); may be repeated",
    )


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:
        raise argparse.ArgumentTypeError("must be from 0 to 65535")
    return value


# The commands


def _ingest(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.consultation import ingest

    with _progress("Reading") as progress:
        report = ingest(
            arguments.paths,
            settings,
            prune=arguments.prune,
            rebuild=arguments.rebuild,
            progress=progress,
        )
    plain = asdict(report)
    plain["failed"] = [{"path": path, "reason": reason} for path, reason in report.failed]
    if arguments.json:
        _print_json(plain)
    else:
        print(
            f"{len(report.added)} added, {len(report.changed)} changed, {report.unchanged} "
            f"unchanged, {len(report.removed)} removed. The library holds {report.documents} "
            f"documents in {report.passages} passages ({report.seconds:.1f} s)."
        )
    for doc_id in report.withdrawn:
        print(
            f"Still withdrawn, and not quoted: {doc_id} (see 'library restore').",
            file=sys.stderr,
        )
    for doc_id, named in report.dangling:
        print(
            f"{doc_id}: a local policy over '{named}', which the library does not have.",
            file=sys.stderr,
        )
    for path, reason in report.failed:
        print(f"Not read: {path}: {reason}", file=sys.stderr)
    return PARTLY if report.failed else DONE


def _search(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.consultation import Assistant
    from assistant.interfaces.render import hits_json, hits_text

    def find(assistant: Assistant, line: dict[str, Any]) -> dict[str, Any]:
        query = _text_of(line, "query", "question")
        return hits_json(query, assistant.search(query, arguments.k))

    if arguments.batch:
        return _run_batch(arguments, settings, find)
    query = _given(arguments.query, "QUERY")
    hits = Assistant.open(settings).search(query, arguments.k)
    if arguments.json:
        _print_json(hits_json(query, hits))
    else:
        print(hits_text(hits))
    return DONE


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.case.facts import load_facts
    from assistant.completion import Audience
    from assistant.consultation import Assistant
    from assistant.followups import Turn
    from assistant.interfaces.cli_correct import read_corrections
    from assistant.interfaces.render import to_json, to_text
    from assistant.interfaces.render_review import reviewed_json, reviewed_lines
    from assistant.interfaces.reviewed import Reviews

    audience = Audience(arguments.role)
    reviews = Reviews(settings)
    doc_ids = frozenset(arguments.document) if arguments.document else None

    def answer(assistant: Assistant, line: dict[str, Any]) -> dict[str, Any]:
        history = tuple(
            Turn(str(turn.get("role", "")), str(turn.get("content", "")))
            for turn in line.get("history") or ()
            if isinstance(turn, dict)
        )
        consultation = assistant.ask(
            _text_of(line, "question"), audience=audience, doc_ids=doc_ids, history=history
        )
        plain = to_json(consultation, {"id": line["id"]} if "id" in line else {})
        return plain | reviewed_json(reviews.of_answer(assistant, plain))

    if arguments.batch:
        if arguments.correct:
            raise SettingsError("--correct goes with one QUESTION, not with --batch.")
        return _run_batch(arguments, settings, answer)
    question = _given(arguments.question, "QUESTION")
    corrections = read_corrections(arguments.correct, load_facts(settings.corpus))
    assistant = Assistant.open(settings)
    if doc_ids:
        for doc_id in sorted(doc_ids):
            standing = assistant.standing(assistant.document(doc_id).record)
            if not standing.is_quotable:
                raise SettingsError(f"The document '{doc_id}' is {standing.value}: not quoted.")
    consultation = assistant.ask(
        question, audience=audience, doc_ids=doc_ids, corrections=corrections
    )
    plain = to_json(consultation)
    reviewed = reviews.of_answer(assistant, plain)
    if arguments.json:
        _print_json(plain | reviewed_json(reviewed))
    else:
        titles = {quote.doc_id: quote.title for quote in consultation.answer.quotes}
        print("\n".join([to_text(consultation), *reviewed_lines(reviewed, titles)]))
    return DONE


def _verify(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.interfaces.cli_verify import verify

    with _progress("Verifying") as progress:
        return verify(arguments.answer, settings, progress, as_json=arguments.json)


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.consultation import Assistant
    from assistant.documents.validity import Standing
    from assistant.interfaces.render_review import known_json, say_known
    from assistant.interfaces.reviewed import Reviews

    assistant = Assistant.open(settings)
    records = assistant.documents()
    known = _reviewed(Reviews(settings), records)
    if arguments.json:
        _print_json(
            [
                {
                    "id": record.doc_id,
                    "title": record.title,
                    "passages": record.passages,
                    "standing": assistant.standing(record).value,
                    **asdict(record.description),
                    "reviewed": known_json(known.get(record.doc_id)),
                }
                for record in records
            ]
        )
    else:
        for record in records:
            standing = assistant.standing(record)
            marks = [
                "" if standing is Standing.CURRENT else standing.value,
                record.description.review.status or "",
                f"here: {say_known(known[record.doc_id])}" if record.doc_id in known else "",
            ]
            shown = "".join(f"  [{mark}]" for mark in marks if mark)
            print(f"{record.doc_id}  {record.title}{shown}")
    return DONE


def _show(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.consultation import Assistant
    from assistant.documents.reading import say_reading, say_unread
    from assistant.interfaces.render_review import known_json
    from assistant.interfaces.reviewed import Reviews

    assistant = Assistant.open(settings)
    document = assistant.document(arguments.id)
    record = document.record
    known = _reviewed(Reviews(settings), [record])
    plain = {
        "id": record.doc_id,
        "title": record.title,
        "passages": record.passages,
        "standing": assistant.standing(record).value,
        **asdict(record.description),
        "reviewed": known_json(known.get(record.doc_id)),
        "sections": [{"section": section, "start": start} for section, start in record.sections],
        "sources": {key: source.citation for key, source in record.sources.items()},
        "reading": asdict(record.reading),
    }
    if arguments.json:
        _print_json(plain | ({"text": document.text} if arguments.text else {}))
    elif arguments.text:
        sys.stdout.write(document.text)
    else:
        for name, value in plain.items():
            if name != "reading":
                print(f"{name}: {value}")
        print(f"read: {say_reading(record.reading)}")
        for line in say_unread(record.reading):
            print(line)
    return DONE


def _reviewed(reviews: "Reviews", records: "Sequence[DocumentRecord]") -> "Mapping[str, Known]":
    """What is known of documents in review, by id."""
    found = reviews.of_documents({record.doc_id: record.checksum for record in records})
    if found.unavailable:
        print(found.unavailable, file=sys.stderr)
    return found.documents


def _remove(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.consultation import Assistant

    assistant = Assistant.open(settings)
    assistant.remove(arguments.ids)
    if arguments.json:
        _print_json({"removed": sorted(set(arguments.ids)), "generation": assistant.generation})
    else:
        print(f"Removed: {', '.join(sorted(set(arguments.ids)))}.")
    return DONE


def _validate(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.validation.library import inspect_library

    inspection = inspect_library(arguments.paths or [settings.corpus])
    if arguments.json:
        _print_json(asdict(inspection))
    else:
        for fault in inspection.faults:
            print(fault)
        if not inspection.faults:
            print(f"No fault found in {inspection.documents} documents.")
    return PARTLY if inspection.faults else DONE


def _serve(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.interfaces.ui import serve

    return serve(settings, arguments.host, arguments.port)


# Batches, progress, output


def _run_batch(
    arguments: argparse.Namespace,
    settings: Settings,
    work: Callable[[Any, dict[str, Any]], dict[str, Any]],
) -> int:
    """Each line in gives one line out, in order; a line that fails says why in ``error``."""
    from assistant.consultation import Assistant

    try:
        lines = arguments.batch.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--batch {arguments.batch}: {error}.") from error
    numbered = [(n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    assistant = Assistant.open(settings)
    failed = 0
    with _output(arguments.out) as out, _progress("Asking") as progress:
        for done, (number, line) in enumerate(numbered):
            progress("", done, len(numbered))
            result: dict[str, Any] = {}
            try:
                asked = _read_line(line, number)
                result = {"id": asked["id"]} if "id" in asked else {}
                result |= work(assistant, asked)
            except (QuestionError, SettingsError) as error:
                failed += 1
                result |= {"error": str(error)}
                print(f"Line {number}: {error}", file=sys.stderr)
            out.write(json.dumps(result, ensure_ascii=False) + "\n")
        progress("", len(numbered), len(numbered))
    return PARTLY if failed else DONE


def _read_line(line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except json.JSONDecodeError as error:
        raise SettingsError(f"line {number} is not JSON: {error}.") from error
    if not isinstance(asked, dict):
        raise SettingsError(f'line {number} is not an object such as {{"id": …, "question": …}}.')
    return asked


def _text_of(line: dict[str, Any], *names: str) -> str:
    for name in names:
        if isinstance(line.get(name), str):
            return str(line[name])
    raise SettingsError(f"the line has no '{names[0]}'.")


def _given(value: str | None, name: str) -> str:
    if value is None:
        raise SettingsError(f"Give a {name}, or --batch FILE.")
    return value


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"--out {path}: {error.strerror}.") from error
    with file:
        yield file


@contextmanager
def _progress(verb: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal's standard error; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _name, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn(verb),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[name]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=None, name="")

        def show(name: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, name=name)

        yield show


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
