"""``python -m evals run`` scores the gold set; ``python -m evals external DIR`` any folder."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant import Assistant, AssistantError, Settings, ingest
from assistant.errors import StoreError
from evals import external, report
from evals.gold import GOLD_FOLDER, load_gold, locate
from evals.runner import compare, load_gates, run_gold

DONE, FAILED, UNUSABLE, NO_STORE = 0, 1, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one evaluation; returns its exit status, 1 where a gate fails."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="The gold set.")
    run.add_argument("--gold", nargs="+", type=Path, default=[GOLD_FOLDER], metavar="PATH")
    run.add_argument("--store", metavar="S", help="a library; else corpus/ is read into a new one")
    run.add_argument("--out", type=Path, default=Path("reports/gold"), metavar="DIR")
    run.add_argument("--baseline", type=Path, metavar="FILE", help="an earlier report.json")
    run.set_defaults(command=_run)
    outside = commands.add_parser("external", help="A folder with docs.jsonl and questions.jsonl.")
    outside.add_argument("folder", type=Path, metavar="DIR")
    outside.add_argument("--store", metavar="S", help="where the new library goes")
    outside.add_argument("--out", type=Path, metavar="DIR", help="default: reports/<folder>")
    outside.set_defaults(command=_external)
    arguments = parser.parse_args(argv)
    try:
        command: Callable[[argparse.Namespace], int] = arguments.command
        return command(arguments)
    except StoreError as error:
        print(f"evals: {error}", file=sys.stderr)
        return NO_STORE
    except AssistantError as error:
        print(f"evals: {error}", file=sys.stderr)
        return UNUSABLE


def _run(arguments: argparse.Namespace) -> int:
    files = load_gold(arguments.gold)
    gates = load_gates()
    with _library(arguments.store) as assistant:
        result = run_gold(assistant, locate(files, assistant), gates)
    if arguments.baseline:
        result["against_baseline"] = compare(result, arguments.baseline)
    report.write_report(result, arguments.out)
    _print_table(result["measures"] | result["latency_ms"])
    for gate in result["gates"]:
        if not gate["passed"]:
            print(f"Gate failed: {gate['measure']} is {gate['value']}, at least {gate['least']}.")
    print(f"Written: {arguments.out / 'report.html'}")
    return DONE if result["passed"] else FAILED


def _external(arguments: argparse.Namespace) -> int:
    out = arguments.out or Path("reports") / arguments.folder.resolve().name
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(store=arguments.store or str(Path(folder) / "store"))
        result = external.run_external(arguments.folder, settings, _progress)
    report.write_json(result, out)
    _print_table(result["measures"] | result["speed"])
    print(f"Written: {out / 'report.json'}")
    return DONE


@contextmanager
def _library(store: str | None) -> Iterator[Assistant]:
    if store:
        yield Assistant.open(Settings.load(store=store))
        return
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(store=str(Path(folder) / "store"))
        outcome = ingest([settings.corpus], settings, progress=_progress)
        for path, reason in outcome.failed:
            print(f"Not read: {path}: {reason}", file=sys.stderr)
        yield Assistant.open(settings)


def _progress(_name: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total}", end=end, file=sys.stderr, flush=True)


def _print_table(values: dict[str, Any]) -> None:
    width = max(map(len, values))
    for name, value in values.items():
        shown = "–" if value is None else f"{value:.3f}" if isinstance(value, float) else value
        print(f"{name:<{width}}  {shown}")


if __name__ == "__main__":
    sys.exit(main())
