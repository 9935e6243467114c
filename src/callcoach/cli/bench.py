"""Print a bench of the speech side: the systems side by side. Knows nothing of how the figures are computed."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from callcoach.bench.figures import SpeechBench
from callcoach.bench.page import tables
from callcoach.coaching.notation import plain


def print_bench(console: Console, bench: SpeechBench) -> None:
    """Everything but the single recordings, which `--json` holds; what could not be used comes last."""
    rows: list[list[str]] = []
    for line in [*tables(bench).splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            console.print(_table(rows))
            rows = []
        elif line:
            console.print(plain(line), markup=False, highlight=False)
    for problem in bench.material.problems:
        console.print(f"! {plain(problem)}", style="yellow", markup=False, highlight=False)


def _table(rows: list[list[str]]) -> Table:
    heading, _, *figures = rows
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(heading):
        table.add_column(plain(column), justify="right" if number else "left")
    for row in figures:
        table.add_row(*map(plain, row))
    return table
