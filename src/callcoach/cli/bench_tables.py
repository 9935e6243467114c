"""Print a bench: systems or measures side by side, of coaching its figures. Knows nothing of how they are computed."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from callcoach.app.bench_coaching import CoachingBench
from callcoach.bench.crash import CrashBench
from callcoach.bench.figures import SpeechBench
from callcoach.bench.judge_speed import BUSY
from callcoach.bench.night import NightlyBench
from callcoach.bench.page import tables
from callcoach.bench.reciting import RecitingBench
from callcoach.bench.sizing import HEADINGS, sizing_rows, sizing_words
from callcoach.coaching.notation import count, percent, plain


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


def print_coaching_bench(console: Console, bench: CoachingBench) -> None:
    """What was invented, and how often the roll-up was right."""
    lines = [
        f"{count(bench.companies, 'invented company', 'invented companies')} with {bench.calls:,} calls, seed {bench.seed}.",
        f"True shares inside the 90% interval: {_figure(bench.coverage90)}.",
        f"Recommended behaviour is one of the rep’s two weakest (15 calls, reps who differ): {_figure(bench.weakest_two_named)}; "
        f"in every kind of company: {_figure(bench.weakest_two_strict_all)}.",
        f"Planted cause named: {_figure(bench.cause_named)}. Reps named where the leaders are the cause: "
        f"{_figure(bench.reps_blamed_for_leaders)}. False alarms where nothing is wrong: {_figure(bench.false_alarms_null)}.",
        f"Rep whose scores rise while wins do not: found {_figure(bench.gaming_found)}; "
        f"raised for other reps {_figure(bench.gaming_false_per_rep)}. More effort without a pattern: found "
        f"{_figure(bench.scattered_found)}; raised in other companies {_figure(bench.scattered_false)}.",
    ]
    if bench.rollup_100k_s is not None:
        lines.append(f"{bench.rollup_scores:,} stored scores rolled up in {bench.rollup_100k_s:.1f} s.")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_reciting_bench(console: Console, bench: RecitingBench) -> None:
    """The measures side by side, and whether what was asked of them can be had."""
    console.print(
        f"{bench.recited:,} recited sentences and {bench.others:,} others from {count(bench.dialogues, 'dialogue')}; "
        f"{count(bench.script_lines, 'script line')}.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    rows = [["Measure", "AUC", "90%", "found at 1%", "above plain", "misheard"], []]
    for name, measure in bench.as_written.items():
        heard = bench.misheard.get(name)
        above = measure.above_plain
        rows.append(
            [
                name,
                f"{measure.auc:.3f}",
                f"{measure.low:.3f}–{measure.high:.3f}",
                percent(measure.found),
                "–" if above is None else f"{above[0]:+.3f}",
                "n/a" if heard is None else f"{heard.auc:.3f}",
            ]
        )
    console.print(_table(rows))
    best, can = bench.as_written[bench.best_plain].auc, "can" if bench.reachable else "cannot"
    for line in (
        f"Asked for: {bench.best_plain} {best:.3f} and 0.05, {bench.asked_for:.3f}, which an AUC {can} reach.",
        f"Without the script: {', '.join(bench.without_script)}.",
        f"Of {bench.long_ones.recited:,} recited sentences of {bench.long_ones.words} words and more the search of a run finds "
        f"{_tenths(bench.long_ones.found)}, of {bench.long_ones.others:,} others {_tenths(bench.long_ones.wrongly)}.",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_crash_bench(console: Console, bench: CrashBench) -> None:
    """How many runs were killed and what that did to the end."""
    where = f"{count(bench.calls, 'call')} on {bench.database}, {bench.rows:,} rows"
    if bench.stops:
        killed = (
            f"the server stopped {count(bench.stops, 'time')} for {bench.stop_seconds:.0f} s within {count(bench.lives, 'run')}"
        )
    elif bench.commit_boundaries is None:
        killed = f"{count(bench.kills, 'run')} killed at random moments (seed {bench.seed})"
    else:
        killed = f"{count(bench.kills, 'run')} ended right before one of {bench.commit_boundaries} commits each"
    same = "the same bytes as a night in peace" if bench.identical_end_state else f"differs in {', '.join(bench.differing)}"
    phases = ", ".join(f"{n} while {phase}" for phase, n in bench.kills_by_phase.items() if n)
    if bench.kills:
        killed += f" ({phases}; {bench.kills_in_commit} inside a commit), {bench.kills_in_work} of them with something stored"
    busy = f" The machine was busy with something else (load {bench.load:.1f} a core)." if bench.load > BUSY else ""
    for line in (
        f"{where}: {killed}; {bench.seconds:.0f} s, {bench.cpu_seconds:.0f} s of processor time.{busy}",
        f"Rows lost: {bench.lost}. Rows too many: {bench.duplicated}. End state: {same}.",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_nightly_bench(console: Console, bench: NightlyBench) -> None:
    """Calls per hour by stage, and beside the plain loop."""
    rates = {**bench.calls_per_hour, "the whole night": bench.night_per_hour, "plain loop": bench.plain_per_hour}
    console.print(_table([["Stage", "calls per hour"], [], *([name, f"{rate:,.0f}"] for name, rate in rates.items())]))
    busy = f" The machine was busy with something else (load {bench.load:.1f} a core)." if bench.load > BUSY else ""
    for line in (
        f"{count(bench.calls, 'call')} of {bench.audio_minutes:.1f} minutes in all, {count(bench.workers, 'worker')}, "
        f"{count(bench.initiatives, 'initiative')}. Peak memory {bench.peak_mb:,.0f} MB.{busy}",
        f"Two workers are {bench.speedup_2_workers:.2f} times as fast as one. A night is {bench.ratio_to_plain_loop:.2f} times "
        "as fast as the plain loop, which hears and encodes, and tells neither parties nor stories.",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_sizing(console: Console, bench: NightlyBench) -> None:
    """How many workers nights of several sizes need."""
    console.print(_table([list(HEADINGS), [], *sizing_rows(bench)]))
    console.print(sizing_words(bench), markup=False, highlight=False, soft_wrap=True)


def _figure(share: float | None) -> str:
    return "n/a" if share is None else percent(share)


def _tenths(share: float | None) -> str:
    return "n/a" if share is None else f"{share:.1%}"


def _table(rows: list[list[str]]) -> Table:
    heading, _, *figures = rows
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(heading):
        table.add_column(plain(column), justify="right" if number else "left")
    for row in figures:
        table.add_row(*map(plain, row))
    return table
