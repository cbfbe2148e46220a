"""A run on a terminal: a bar while it works, a table at the end."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

Tell = Callable[[str, int, int], None]


@contextmanager
def show_progress() -> Iterator[Tell]:
    """A bar for each stage, on a terminal only; elsewhere nothing is shown."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        stages: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = progress.add_task(stage, total=total)
            progress.update(stages[stage], completed=done, total=total)

        yield tell


def print_report(report: Mapping[str, Any]) -> None:
    """The measures with their intervals and the baseline's, then what fails."""
    console = Console()
    compared = report["against_baseline"]
    before = compared["measures"] if compared else {}
    table = Table(title=f"{report['questions']} gold questions", title_justify="left")
    table.add_column("Measure")
    for head in ("Value", "95 % interval", "Counted", "Baseline"):
        table.add_column(head, justify="right")
    for name, value in report["measures"].items():
        interval = report["intervals"][name]
        table.add_row(
            name,
            _number(value),
            "" if interval is None else f"{interval[0]:.3f}–{interval[1]:.3f}",
            str(report["counted"][name]),
            _number(before.get(name, {}).get("before")) if before else "",
        )
    console.print(table)
    if report["peers"]:
        console.print(_peers(report["peers"]))
    for one in report["unsafe"]:
        console.print(
            f"Unsafe: {one['question_id']}: {one['danger']}. {one['explanation']}",
            style="red",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _peers(peers: Mapping[str, Any]) -> Table:
    table = Table(title="Peers", title_justify="left")
    table.add_column("")
    for name in next(iter(peers.values())):
        table.add_column(name, justify="right")
    for system, measured in peers.items():
        table.add_row(system, *(_number(one["value"]) for one in measured.values()))
    return table


def print_values(values: Mapping[str, Any]) -> None:
    """Names and values, one a line."""
    width = max(map(len, values))
    for name, value in values.items():
        print(f"{name:<{width}}  {_number(value)}")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) and value != int(value) else f"{value:g}"
