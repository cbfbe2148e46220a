"""``python -m evals run`` scores the gold set; ``external DIR`` any folder; ``fit`` learns the
weights; ``bench`` compares speed; ``label`` judges an answer."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant import MODEL_FILE, Assistant, AssistantError, Settings, ingest
from assistant.errors import StoreError
from evals import external, report
from evals.agreement import read_labels
from evals.baseline import BASELINE_FILE, read_baseline, write_baseline
from evals.gates import load_gates
from evals.gold import GOLD_FOLDER, load_gold, locate
from evals.runner import Plan, run_gold
from evals.terminal import Tell, print_report, print_values, show_progress
from evals.twins.running import EVERYTHING, GATE_SAMPLE

DONE, FAILED, UNUSABLE, NO_STORE = 0, 1, 2, 3
REPORT = Path("reports/gold")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one evaluation; returns its exit status, 1 where a gate fails."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="The gold set.")
    run.add_argument("--gold", nargs="+", type=Path, metavar="PATH", help="some questions only")
    run.add_argument("--store", metavar="S", help="a library; else corpus/ is read into a new one")
    run.add_argument("--out", type=Path, default=REPORT, metavar="DIR")
    run.add_argument(
        "--baseline",
        type=Path,
        metavar="FILE",
        help="a baseline or an earlier report.json; default: evals/baseline.json",
    )
    run.add_argument(
        "--write-baseline", action="store_true", help="keep this run as evals/baseline.json"
    )
    run.add_argument("--labels", nargs="+", type=Path, default=[], metavar="FILE")
    run.add_argument("--all", action="store_true", help="every twin, not a sample of each kind")
    run.set_defaults(command=_run)
    outside = commands.add_parser(
        "external", help="A folder with docs.jsonl and questions.jsonl, or as BEIR has them."
    )
    outside.add_argument("folder", type=Path, metavar="DIR")
    outside.add_argument("--store", metavar="S", help="where the new library goes")
    outside.add_argument("--out", type=Path, metavar="DIR", help="default: reports/<folder>")
    outside.set_defaults(command=_external)
    fit = commands.add_parser("fit", help="Learn the weights from labelled questions.")
    fit.add_argument(
        "--data", nargs="+", type=Path, default=[], metavar="DIR", help="as 'external' takes them"
    )
    fit.add_argument("--out", type=Path, metavar="FILE", help="default: the package's model.json")
    fit.add_argument(
        "--keep", type=Path, metavar="DIR", help="where the libraries read are kept for next time"
    )
    fit.set_defaults(command=_fit)
    label = commands.add_parser("label", help="A page for clinicians to label a report's answers.")
    label.add_argument("--report", type=Path, default=REPORT / "report.json", metavar="FILE")
    label.add_argument("--labels", type=Path, default=Path("reports/labels.jsonl"), metavar="FILE")
    label.add_argument("--port", type=int, default=7861)
    label.set_defaults(command=_label)
    bench = commands.add_parser("bench", help="Speed and memory against plain retrieval.")
    bench.add_argument("--repeats", type=int, default=5)
    bench.add_argument("--questions", type=int, default=100)
    bench.add_argument("--out", type=Path, default=Path("reports/bench"), metavar="DIR")
    bench.set_defaults(command=_bench)
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
    files = load_gold(arguments.gold or [GOLD_FOLDER])
    gates = load_gates()
    known = arguments.baseline or (BASELINE_FILE if BASELINE_FILE.is_file() else None)
    plan = Plan(
        twins=EVERYTHING if arguments.all else GATE_SAMPLE,
        partial=bool(arguments.gold),
        labels=read_labels(arguments.labels),
        baseline=read_baseline(known) if known else None,
    )
    with show_progress() as tell, _library(arguments.store, tell) as assistant:
        result = run_gold(assistant, locate(files, assistant), gates, plan, tell)
    report.write_report(result, arguments.out)
    if arguments.write_baseline:
        write_baseline(result)
    print_report(result)
    for gate in result["gates"]:
        if gate["passed"] is False:
            value = "nothing" if gate["value"] is None else f"{gate['value']:.4g}"
            print(
                f"Gate failed: {gate['measure']} is {value}, at {gate['side']} {gate['limit']:g}."
            )
    print(f"Written: {arguments.out / 'report.html'}")
    return DONE if result["passed"] else FAILED


def _external(arguments: argparse.Namespace) -> int:
    out = arguments.out or Path("reports") / arguments.folder.resolve().name
    with tempfile.TemporaryDirectory() as folder, show_progress() as tell:
        settings = Settings.load(store=arguments.store or str(Path(folder) / "store"))
        result = external.run_external(arguments.folder, settings, tell)
    report.write_json(result, out)
    print_values(result["measures"] | result["speed"])
    print(f"Written: {out / 'report.json'}")
    return DONE


def _bench(arguments: argparse.Namespace) -> int:
    from evals.bench.speed import run_speed

    files = load_gold([GOLD_FOLDER])
    asked = [q.question for f in files for q in f.questions if not q.history]
    asked = asked[:: max(1, len(asked) // arguments.questions)][: arguments.questions]
    with tempfile.TemporaryDirectory() as folder, show_progress() as tell:
        corpus = Settings.load().corpus
        result = run_speed(corpus, asked, Path(folder), arguments.repeats, tell)
    report.write_json(result, arguments.out)
    for name, told in result.items():
        print(f"{name:30} {told['median']:9.3f}   ({told['least']:.3f} to {told['most']:.3f})")
    print(f"Written: {arguments.out / 'report.json'}")
    return DONE


def _fit(arguments: argparse.Namespace) -> int:
    from evals.fitting import fit_model

    with tempfile.TemporaryDirectory() as folder, show_progress() as tell:
        model, summary = fit_model(arguments.data, arguments.keep or Path(folder), tell)
    out = arguments.out or MODEL_FILE
    out.write_text(json.dumps(model, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for kind, values in summary.items():
        print(f"{kind}, on questions left out of the fit")
        print_values(values)
    print(f"Written: {out}")
    return DONE


def _label(arguments: argparse.Namespace) -> int:
    from evals.labelling import make_page, serve

    serve(make_page(report.read_report(arguments.report), arguments.labels), arguments.port)
    return DONE


@contextmanager
def _library(store: str | None, tell: Tell) -> Iterator[Assistant]:
    if store:
        yield Assistant.open(Settings.load(store=store))
        return
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(store=str(Path(folder) / "store"))
        outcome = ingest(
            [settings.corpus], settings, progress=lambda _name, n, m: tell("documents", n, m)
        )
        for path, reason in outcome.failed:
            print(f"Not read: {path}: {reason}", file=sys.stderr)
        yield Assistant.open(settings)


if __name__ == "__main__":
    sys.exit(main())
