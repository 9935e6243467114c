"""The `callcoach` command. Thin: parse, one app call, print. Imports nothing heavy until a command needs it."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

import callcoach
from callcoach.cli.calibrate import calibrate
from callcoach.cli.gate import gate
from callcoach.cli.initiative import initiative as initiatives
from callcoach.cli.initiative import rescore
from callcoach.cli.report import report
from callcoach.cli.review import review
from callcoach.coaching.notation import count
from callcoach.errors import CallcoachError, NoOpinion, SomeCallsFailed, UsageError

if TYPE_CHECKING:
    from callcoach.app.run import RunResult
    from callcoach.app.workspace import Workspace

app = typer.Typer(
    help="Did the rep explain the why of the initiative, or merely recite? Evidence from recorded sales calls.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
models = typer.Typer(help="The weights callcoach works with.", no_args_is_help=True)
app.add_typer(models, name="models")
bench = typer.Typer(help="How well recordings are heard, beside what people would use instead.", no_args_is_help=True)
app.add_typer(bench, name="bench")
app.add_typer(calibrate, name="calibrate")
app.add_typer(gate, name="gate")
app.add_typer(report, name="report")
app.add_typer(initiatives, name="initiative")
app.command()(rescore)
app.command()(review)

out = Console()
err = Console(stderr=True)

HomeOption = Annotated[Path | None, typer.Option(help="Folder of the database and the briefs. Default: callcoach-data.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
RepChannelOption = Annotated[
    int | None, typer.Option(help="Channel of the rep, from 0 (left); else told from the words.", min=0, max=7)
]
LeaderFlag = Annotated[bool, typer.Option("--leader", help="A leader speaking to the field, not a call with a customer.")]


def _workspace(home: Path | None = None) -> "Workspace":
    from callcoach.app.workspace import Workspace
    from callcoach.settings import Settings

    return Workspace(Settings() if home is None else Settings(home=home))


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@app.command()
def run(
    folder: Annotated[Path, typer.Argument(help="Folder of recordings or transcripts, with manifest.csv if there is one.")],
    rubrics: Annotated[Path, typer.Option(help="Folder with one YAML file per initiative.")] = Path("rubrics"),
    home: HomeOption = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only calls from this day on.")] = None,
    rep: Annotated[str | None, typer.Option(help="Only this rep's calls (id).")] = None,
    initiative: Annotated[str | None, typer.Option(help="Only this initiative (id).")] = None,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the brief is for.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Transcribe and judge a folder of calls, then write the morning brief and print what to coach."""
    from callcoach.app.run import Narrowing
    from callcoach.app.run import run as run_folder
    from callcoach.cli.progress import progress_on
    from callcoach.cli.tables import print_report

    workspace = _workspace(home)
    with progress_on(err) as progress:
        result = run_folder(
            folder,
            rubrics,
            workspace,
            today=today.date() if today else date.today(),  # noqa: DTZ011 - the day on the wall, where the reader is
            now=datetime.now(UTC),
            only=Narrowing(since.date() if since else None, rep, initiative),
            progress=progress,
        )
    if as_json:
        import msgspec

        sys.stdout.write(msgspec.json.format(msgspec.json.encode(result.report, order="deterministic")).decode() + "\n")
    else:
        print_report(out, result.report, result.company, result.initiatives)
        out.print(_what_was_done(result), markup=False, highlight=False)
        if result.opinions:
            from callcoach.cli.opinion import opinions_line

            out.print(opinions_line(result.opinions), markup=False, highlight=False, soft_wrap=True)
        out.print(f"Brief: {result.brief_html} and {result.brief_markdown}", markup=False, highlight=False, soft_wrap=True)
    if result.report.problems:
        raise SomeCallsFailed(f"{len(result.report.problems)} problem(s), named above; everything else is done.")


def _what_was_done(result: "RunResult") -> str:
    if result.did_nothing:
        calls = count(result.calls, "call")
        return f"Nothing to do: {calls} transcribed and judged already, with the current models and rubrics."
    judged = count(result.judged, "story", "stories")
    return f"Done: {result.recognised} of {count(result.calls, 'call')} newly transcribed, {judged} newly judged."


@app.command()
def transcribe(
    file: Annotated[Path, typer.Argument(help="A recording, or a transcript in any format that is read.")],
    as_json: JsonFlag = False,
    form: Annotated[
        str | None, typer.Option("--format", help="Print as json, vtt, srt or txt instead of a table.", metavar="FORMAT")
    ] = None,
    rep_channel: RepChannelOption = None,
    leader: LeaderFlag = False,
    language: Annotated[str | None, typer.Option(help="ISO 639-1 code; detected where it is not given.")] = None,
    rubrics: Annotated[
        Path | None, typer.Option(help="Folder of initiatives: their product names are written as they are written.")
    ] = None,
) -> None:
    """Put one recording into words with times, or one transcript into another format."""
    from callcoach.app.one_call import read_call
    from callcoach.cli.tables import clock
    from callcoach.intake.rubrics import read_rubrics
    from callcoach.intake.transcripts import write_transcript

    transcript = read_call(
        file,
        _workspace(),
        rep_channel=rep_channel,
        leader=leader,
        language=language,
        initiatives=read_rubrics(rubrics).initiatives if rubrics else (),
    )
    if as_json or form:
        sys.stdout.write(write_transcript(transcript, form or "json").rstrip("\n") + "\n")
        return
    for turn in transcript.turns:
        out.print(f"{clock(turn.start):>6} {turn.speaker:<9} {turn.text}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def score(
    file: Annotated[Path, typer.Argument(help="A recording or a transcript, or the id of a call that callcoach run judged.")],
    initiative: Annotated[Path, typer.Option(help="The initiative's YAML file.")],
    as_json: JsonFlag = False,
    rep_channel: RepChannelOption = None,
    leader: LeaderFlag = False,
    home: HomeOption = None,
    second_opinion: Annotated[
        bool, typer.Option("--second-opinion", help="Ask the model that CALLCOACH_OPINION_URL names, too.")
    ] = False,
) -> None:
    """Judge one call for one initiative."""
    from callcoach.app.contracts import score_json
    from callcoach.app.one_call import score_file
    from callcoach.app.reviews import is_stored
    from callcoach.cli.tables import print_score

    workspace = _workspace(home)
    if not file.exists() and is_stored(workspace, str(file)):
        if second_opinion or leader or rep_channel is not None:
            raise UsageError(
                f"{file} is judged already and is shown as it is kept; --second-opinion, --leader and --rep-channel go with a "
                "file. Leave them out, or give the path of its recording or transcript."
            )
        _score_stored(workspace, str(file), initiative, as_json=as_json)
        return
    if second_opinion:
        _score_with_opinion(workspace, file, initiative, rep_channel=rep_channel, leader=leader, as_json=as_json)
        return
    call_score = score_file(file, initiative, workspace, rep_channel=rep_channel, leader=leader)
    if as_json:
        _print_json(score_json(call_score))
    else:
        print_score(out, call_score)


def _score_with_opinion(
    workspace: "Workspace", file: Path, initiative_file: Path, *, rep_channel: int | None, leader: bool, as_json: bool
) -> None:
    """The judgement, and beside it what another model says; where that fails, why."""
    from callcoach.app.contracts import opinion_json, score_json
    from callcoach.app.one_call import score_file_of
    from callcoach.app.opinions import needed_adviser, opinion_on
    from callcoach.cli.opinion import print_opinion
    from callcoach.cli.tables import print_score
    from callcoach.intake.rubrics import read_initiative

    needed_adviser(workspace.settings)
    initiative = read_initiative(initiative_file)
    judged = score_file_of(initiative, file, workspace, rep_channel=rep_channel, leader=leader)
    opinion, reason = None, judged.score.reason
    if reason is None:
        try:
            opinion = opinion_on(judged.score, judged.transcript, initiative, workspace, at=datetime.now(UTC))
        except NoOpinion as error:
            reason = str(error)
    if as_json:
        _print_json({**score_json(judged.score), "second_opinion": opinion_json(opinion, reason)})
        return
    print_score(out, judged.score)
    if opinion is not None:
        print_opinion(out, judged.score, opinion)
    else:
        err.print(f"No second opinion. {reason}", markup=False, highlight=False, soft_wrap=True)


def _score_stored(workspace: "Workspace", call_id: str, initiative: Path, *, as_json: bool) -> None:
    """A call of the database, the machine's answer and the people's told apart."""
    from callcoach.app.reviews import read_stored
    from callcoach.cli.reviewed import print_reviewed
    from callcoach.cli.workspace import print_json
    from callcoach.intake.rubrics import read_initiative

    read = read_stored(workspace, call_id, read_initiative(initiative).id)
    if as_json:
        print_json(read)
    else:
        print_reviewed(out, read)


@app.command()
def train(
    corpus: Annotated[Path, typer.Argument(help="Folder of labelled calls.")],
    into: Annotated[Path, typer.Option("--out", help="Folder for the trained heads.")],
    with_reviews: Annotated[
        bool,
        typer.Option("--with-reviews", help="Learn from your own labels and corrections too; kept only if that judges better."),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Train the judge on labelled calls."""
    workspace = _workspace(home)
    if with_reviews:
        _retrain(workspace, corpus, into)
        return
    from callcoach.app.learn import learn

    learnt = learn(
        corpus,
        into,
        encoder_folder=workspace.encoder_folder,
        spacy_package=workspace.sentence_model,
        threads=workspace.settings.cores,
        memory=workspace.memory,
        progress=lambda sentence: err.print(sentence, markup=False, highlight=False),
    )
    out.print(f"Learnt from {learnt.calls} calls. The judge is in {learnt.folder}.", markup=False, highlight=False)


def _retrain(workspace: "Workspace", corpus: Path, into: Path) -> None:
    from callcoach.app.retrain import count_labels, retrain, sentence_of

    done = retrain(workspace, corpus, into, progress=lambda sentence: err.print(sentence, markup=False, highlight=False))
    for why, number in sorted(done.left_out.items()):
        out.print(f"{count_labels(number)} left out: {why}.", markup=False, highlight=False)
    out.print(
        f"{sentence_of(done.compared)}\nLearnt from {done.calls} calls and {count_labels(done.team_labels)}."
        f" The judge is in {done.folder}; CALLCOACH_JUDGE={done.folder} puts it to use.",
        markup=False,
        highlight=False,
    )


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder of labelled calls, or one initiative's folder.")],
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every figure and prediction to this file.")] = None,
    cross_validate: Annotated[
        bool, typer.Option("--cross-validate", help="Retrain for each group of writers and judge the calls it has not seen.")
    ] = False,
    robustness: Annotated[
        bool, typer.Option("--robustness", help="Judge edited calls too: misheard, renamed, shuffled, and tricks.")
    ] = False,
    learning_curve: Annotated[
        bool, typer.Option("--learning-curve", help="Retrain on ever more writers and calls; the same writers' calls are judged.")
    ] = False,
    few_shot: Annotated[
        str | None, typer.Option(help="What so many labelled calls of a new initiative bring, like 0,10,30.")
    ] = None,
    initiatives: Annotated[int, typer.Option(help="How many initiatives --few-shot averages over.", min=1)] = 4,
) -> None:
    """Measure the judge on labelled calls, beside simple baselines."""
    from dataclasses import replace

    from callcoach.app.curves import Wanted, measure_curves, read_sizes, refuse_few_writers
    from callcoach.app.evaluate import evaluate_cross_validated, evaluate_folder, evaluation_json
    from callcoach.cli.evaluate import print_evaluation
    from callcoach.cli.progress import progress_on
    from callcoach.training.corpus import read_corpus

    wanted = Wanted(learning=learning_curve, sizes=read_sizes(few_shot) if few_shot else (), initiatives=initiatives)
    if wanted.learning or wanted.sizes:
        refuse_few_writers(folder, read_corpus(folder))
    workspace = _workspace()
    with progress_on(err) as progress:
        if cross_validate:
            evaluation = evaluate_cross_validated(
                folder,
                encoder_folder=workspace.encoder_folder,
                spacy_package=workspace.sentence_model,
                threads=workspace.settings.cores,
                memory=workspace.memory,
                robustness=robustness,
                progress=progress,
            )
        else:
            evaluation = evaluate_folder(
                folder,
                workspace.language,
                workspace.judged,
                encode=workspace.encode,
                trained_on=workspace.labelled_calls,
                versions=workspace.versions,
                robustness=robustness,
                progress=progress,
            )
        if wanted.learning or wanted.sizes:
            progress.stage("Curves", 1)
            curves = measure_curves(
                folder,
                wanted,
                encoder_folder=workspace.encoder_folder,
                spacy_package=workspace.sentence_model,
                threads=workspace.settings.cores,
                memory=workspace.memory,
                progress=lambda sentence: progress.advance(0, sentence),
            )
            progress.advance(1, "every point is measured")
            evaluation = replace(evaluation, curves=curves)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_bytes(evaluation_json(evaluation))
    print_evaluation(out, evaluation)


@models.command()
def card(
    evaluation: Annotated[Path, typer.Argument(help="JSON of a cross-validated `callcoach evaluate`.")],
    notes: Annotated[Path, typer.Option(help="What no figure says: command, what was tried, limits (TOML).")],
    into: Annotated[Path, typer.Option("--out", help="The card to write (Markdown).")],
) -> None:
    """Write the judge's model card from its evaluation."""
    from callcoach.training.card import write_card

    write_card(evaluation, notes, into)
    out.print(f"Wrote {into}.", markup=False, highlight=False)


@models.command("fit-roles")
def fit_roles(
    corpus: Annotated[Path, typer.Argument(help="Folder of labelled calls.")],
    into: Annotated[Path, typer.Option("--out", help="The file of weights to write (JSON).")],
) -> None:
    """Learn from labelled calls to tell the rep from the customer by what is said."""
    from callcoach.training.fit_roles import learn_roles

    learn_roles(corpus, into, command=f"callcoach models fit-roles {corpus} --out {into}")
    out.print(f"Wrote {into}.", markup=False, highlight=False)


@models.command()
def verify() -> None:
    """Check every weight file against models/manifest.toml."""
    from callcoach.cli.tables import print_weights
    from callcoach.weights.verify import verify as verify_weights

    print_weights(out, verify_weights())


@bench.command()
def speech(
    audio: Annotated[
        Path | None, typer.Option(help="Folder of recordings with <name>.json references. Default: the sample calls.")
    ] = None,
    rubrics: Annotated[
        Path | None, typer.Option(help="Initiatives whose product names are looked for. Default: the sample company's.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A little of everything, to see that it works.")] = False,
) -> None:
    """Measure recognition beside faster-whisper on the same recordings: speed, errors, names, roles, memory."""
    from callcoach.app.bench import bench_json, bench_speech
    from callcoach.bench.run import QUICK, WHOLE
    from callcoach.cli.bench import print_bench
    from callcoach.cli.progress import progress_on

    with progress_on(err) as progress:
        found = bench_speech(_workspace(), audio=audio, rubrics=rubrics, plan=QUICK if quick else WHOLE, progress=progress)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_bytes(bench_json(found))
    print_bench(out, found)


@bench.command()
def judge(
    corpus: Annotated[
        Path | None, typer.Option(help="Folder of labelled calls to take text from. Default: those that ship.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A little of everything, to see that it works.")] = False,
) -> None:
    """Measure how long judging takes: a stored call, a changed story, ten thousand calls after a changed threshold."""
    from callcoach.app.bench_judge import QUICK, WHOLE, bench_json, bench_judge
    from callcoach.bench.judge_speed import bench_lines
    from callcoach.cli.progress import progress_on

    workspace = _workspace()
    with progress_on(err) as progress:
        found = bench_judge(workspace.settings, corpus or workspace.labelled_calls, QUICK if quick else WHOLE, progress=progress)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_bytes(bench_json(found))
    for line in bench_lines(found):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


@bench.command()
def coaching(
    companies: Annotated[int, typer.Option(help="How many companies are invented.", min=7)] = 210,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Without the hundred thousand stored scores.")] = False,
) -> None:
    """Measure the roll-up on invented companies whose truth it never sees: intervals, recommendations, causes, speed."""
    from callcoach.app.bench_coaching import LARGE, bench_coaching, bench_json
    from callcoach.cli.bench import print_coaching_bench
    from callcoach.cli.progress import progress_on

    with progress_on(err) as progress:
        found = bench_coaching(_workspace(), companies=companies, large=None if quick else LARGE, progress=progress)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_bytes(bench_json(found))
    print_coaching_bench(out, found)


@bench.command()
def reciting(
    folder: Annotated[
        Path, typer.Argument(help="Folder with derived_persuader_sentence_reuse.csv and derived_script_lines.csv.")
    ],
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
) -> None:
    """Measure reciting on published dialogues in which many paste one script, beside plain overlap with the script."""
    from callcoach.app.bench_reciting import bench_json, bench_reciting
    from callcoach.cli.bench import print_reciting_bench
    from callcoach.cli.progress import progress_on

    with progress_on(err) as progress:
        found = bench_reciting(_workspace(), folder, progress=progress)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_bytes(bench_json(found))
    print_reciting_bench(out, found)


@bench.command()
def page(page: Annotated[Path, typer.Argument(help="A Markdown page with places for figures.")]) -> None:
    """Write the figures of a bench into a page."""
    from callcoach.bench.page import write_figures

    write_figures(page)
    out.print(f"Wrote {page}.", markup=False, highlight=False)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    """Options of the command itself."""
    if version:
        out.print(f"callcoach {callcoach.__version__}", highlight=False)
        raise typer.Exit


def main() -> None:
    """Run the command; an error that is meant for a person is one sentence on stderr and an exit code."""
    try:
        app()
    except CallcoachError as error:
        err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
