"""`callcoach bench`: measure callcoach beside what people would use instead. Thin: parse, one app call, print."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import workspace, write_figures

bench = typer.Typer(help="How well and how fast callcoach works, beside what people would use instead.", no_args_is_help=True)

out = Console()
err = Console(stderr=True)

JsonFile = Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")]
Quick = Annotated[bool, typer.Option("--quick", help="A little of everything, to see that it works.")]


@bench.command()
def speech(
    audio: Annotated[
        Path | None, typer.Option(help="Folder of recordings with <name>.json references. Default: the sample calls.")
    ] = None,
    rubrics: Annotated[
        Path | None, typer.Option(help="Initiatives whose product names are looked for. Default: the sample company's.")
    ] = None,
    json_file: JsonFile = None,
    quick: Quick = False,
) -> None:
    """Measure recognition beside faster-whisper on the same recordings: speed, errors, names, roles, memory."""
    from callcoach.app.bench import bench_json, bench_speech
    from callcoach.bench.run import QUICK, WHOLE
    from callcoach.cli.bench_tables import print_bench
    from callcoach.cli.progress import progress_on

    with progress_on(err) as progress:
        found = bench_speech(workspace(), audio=audio, rubrics=rubrics, plan=QUICK if quick else WHOLE, progress=progress)
    write_figures(json_file, bench_json(found))
    print_bench(out, found)


@bench.command()
def judge(
    corpus: Annotated[
        Path | None, typer.Option(help="Folder of labelled calls to take text from. Default: those that ship.")
    ] = None,
    json_file: JsonFile = None,
    quick: Quick = False,
) -> None:
    """Measure how long judging takes: a stored call, a changed story, ten thousand calls after a changed threshold."""
    from callcoach.app.bench_judge import QUICK, WHOLE, bench_json, bench_judge
    from callcoach.bench.judge_speed import bench_lines
    from callcoach.cli.progress import progress_on

    used = workspace()
    with progress_on(err) as progress:
        found = bench_judge(used.settings, corpus or used.labelled_calls, QUICK if quick else WHOLE, progress=progress)
    write_figures(json_file, bench_json(found))
    for line in bench_lines(found):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


@bench.command()
def coaching(
    companies: Annotated[int, typer.Option(help="How many companies are invented.", min=11)] = 231,
    json_file: JsonFile = None,
    quick: Annotated[bool, typer.Option("--quick", help="Without the hundred thousand stored scores.")] = False,
) -> None:
    """Measure the roll-up on invented companies whose truth it never sees: intervals, recommendations, causes, speed."""
    from callcoach.app.bench_coaching import LARGE, bench_coaching, bench_json
    from callcoach.cli.bench_tables import print_coaching_bench
    from callcoach.cli.progress import progress_on

    with progress_on(err) as progress:
        found = bench_coaching(workspace(), companies=companies, large=None if quick else LARGE, progress=progress)
    write_figures(json_file, bench_json(found))
    print_coaching_bench(out, found)


@bench.command()
def reciting(
    folder: Annotated[
        Path, typer.Argument(help="Folder with derived_persuader_sentence_reuse.csv and derived_script_lines.csv.")
    ],
    json_file: JsonFile = None,
) -> None:
    """Measure reciting on published dialogues in which many paste one script, beside plain overlap with the script."""
    from callcoach.app.bench_reciting import bench_json, bench_reciting
    from callcoach.cli.bench_tables import print_reciting_bench
    from callcoach.cli.progress import progress_on

    with progress_on(err) as progress:
        found = bench_reciting(workspace(), folder, progress=progress)
    write_figures(json_file, bench_json(found))
    print_reciting_bench(out, found)


@bench.command()
def crash(
    kills: Annotated[int, typer.Option(help="How many runs are killed at random moments.", min=0)] = 20,
    calls: Annotated[int, typer.Option(help="How many calls there are to judge.", min=1)] = 200,
    database: Annotated[
        str | None, typer.Option(help="URL of an empty database. Default: a SQLite file that is thrown away.")
    ] = None,
    every_commit: Annotated[
        bool, typer.Option("--every-commit", help="End one run right before each commit instead of killing at random.")
    ] = False,
    stops: Annotated[int, typer.Option(help="Stop the database's server so often within one run instead of killing.", min=0)] = 0,
    stop_seconds: Annotated[float, typer.Option(help="For how long it is stopped each time.", min=0)] = 30.0,
    stop: Annotated[str, typer.Option(help="The command that stops it.")] = "systemctl stop postgresql",
    start: Annotated[str, typer.Option(help="The command that starts it.")] = "systemctl start postgresql",
    seed: Annotated[int, typer.Option(help="Of the random moments.")] = 20_261_122,
    corpus: Annotated[
        Path | None, typer.Option(help="Folder of labelled calls to take text from. Default: those that ship.")
    ] = None,
    json_file: JsonFile = None,
) -> None:
    """Kill nightly runs, or stop their database, let the last one end, and compare all it left with a night in peace."""
    from callcoach.app.bench_crash import CrashPlan, Stops, bench_crash, bench_json
    from callcoach.cli.bench_tables import print_crash_bench
    from callcoach.cli.progress import progress_on

    used = workspace()
    stopped = Stops(n=stops, seconds=stop_seconds, stop=stop, start=start) if stops else None
    plan = CrashPlan(calls=calls, kills=kills, database=database, every_commit=every_commit, seed=seed, stops=stopped)
    with progress_on(err) as progress:
        found = bench_crash(used.settings, corpus or used.labelled_calls, plan, progress)
    write_figures(json_file, bench_json(found))
    print_crash_bench(out, found)


@bench.command()
def nightly(
    calls: Annotated[int, typer.Option(help="How many sample calls are heard.", min=2)] = 6,
    json_file: JsonFile = None,
) -> None:
    """Measure a night by stage on the sample calls, beside a plain loop over faster-whisper and sentence vectors."""
    from callcoach.app.bench_nightly import bench_json, bench_nightly
    from callcoach.cli.bench_tables import print_nightly_bench, print_sizing
    from callcoach.cli.progress import progress_on

    with progress_on(err) as progress:
        found = bench_nightly(workspace().settings, calls=calls, progress=progress)
    write_figures(json_file, bench_json(found))
    print_nightly_bench(out, found)
    print_sizing(out, found)


@bench.command()
def transcripts(
    calls: Annotated[int, typer.Option(help="How many transcripts there are.", min=10)] = 2000,
    texts: Annotated[int, typer.Option(help="How many of them differ in more than a word; others are told again.", min=1)] = 60,
    new_words: Annotated[
        float, typer.Option(help="The share of turns with a word that no other call has, and so to be encoded.", min=0, max=1)
    ] = 0.05,
    poison: Annotated[
        float, typer.Option(help="The share of calls that cannot be judged, in a second night.", min=0, max=0.5)
    ] = 0.0,
    database: Annotated[
        str | None, typer.Option(help="URL of an empty database. Default: a SQLite file that is thrown away.")
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(help="Folder of labelled calls to take text from. Default: those that ship.")
    ] = None,
    json_file: JsonFile = None,
) -> None:
    """Measure a whole night over transcripts: time by stage, memory as it goes on, what calls that cannot be judged cost."""
    from callcoach.app.bench_transcripts import TranscriptPlan, bench_json, bench_transcripts
    from callcoach.bench.transcripts import transcript_lines
    from callcoach.cli.progress import progress_on

    used = workspace()
    plan = TranscriptPlan(calls=calls, texts=texts, new_words=new_words, poison=poison, database=database)
    with progress_on(err) as progress:
        found = bench_transcripts(used.settings, corpus or used.labelled_calls, plan, progress)
    write_figures(json_file, bench_json(found))
    for line in transcript_lines(found):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


@bench.command()
def web(
    calls: Annotated[int | None, typer.Option(help="How many calls are stored. Default: 100,000.", min=600)] = None,
    json_file: JsonFile = None,
    quick: Quick = False,
) -> None:
    """Measure how long pages take with a large company stored and twenty people at work."""
    from dataclasses import replace

    from callcoach.app.bench_web import QUICK, WebPlan, bench_json, bench_lines, bench_web
    from callcoach.cli.progress import progress_on

    plan = QUICK if quick else WebPlan()
    with progress_on(err) as progress:
        found = bench_web(workspace().settings, replace(plan, calls=calls or plan.calls), progress)
    write_figures(json_file, bench_json(found))
    for line in bench_lines(found):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


@bench.command()
def redaction(json_file: JsonFile = None) -> None:
    """Measure what redaction finds and what it takes out wrongly, by kind, on marked turns, and how long a call takes."""
    from callcoach.app.bench_redaction import bench_json, bench_redaction
    from callcoach.bench.redaction import bench_lines

    found = bench_redaction(workspace())
    write_figures(json_file, bench_json(found))
    for line in bench_lines(found):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


@bench.command()
def page(page: Annotated[Path, typer.Argument(help="A Markdown page with places for figures.")]) -> None:
    """Write the figures of a bench into a page."""
    from callcoach.bench.page import write_figures as write_into

    write_into(page)
    out.print(f"Wrote {page}.", markup=False, highlight=False)
