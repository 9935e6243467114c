"""The `callcoach` command. Thin: parse, one app call, print. Imports nothing heavy until a command needs it."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

import callcoach
from callcoach.cli.audit import audit
from callcoach.cli.backup import backup, restore
from callcoach.cli.bench import bench
from callcoach.cli.calibrate import calibrate
from callcoach.cli.db import db
from callcoach.cli.doctor import doctor
from callcoach.cli.erase import erase
from callcoach.cli.exports import export
from callcoach.cli.field import field
from callcoach.cli.gate import gate
from callcoach.cli.goal import goal
from callcoach.cli.initiative import initiative as initiatives
from callcoach.cli.initiative import rescore
from callcoach.cli.learn import evaluate, train
from callcoach.cli.models import models
from callcoach.cli.nightly import nightly
from callcoach.cli.pulse import pulse
from callcoach.cli.report import report
from callcoach.cli.retain import retain
from callcoach.cli.review import review
from callcoach.cli.runs import runs
from callcoach.cli.serve import serve
from callcoach.cli.token import token
from callcoach.cli.user import user
from callcoach.cli.workspace import AddressOption, ExecutorOption, HomeOption, print_json, workspace
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
app.add_typer(models, name="models")
app.add_typer(bench, name="bench")
app.add_typer(calibrate, name="calibrate")
app.add_typer(gate, name="gate")
app.add_typer(goal, name="goal")
app.add_typer(report, name="report")
app.add_typer(pulse, name="pulse")
app.add_typer(field, name="field")
app.add_typer(initiatives, name="initiative")
app.add_typer(runs, name="runs")
app.add_typer(user, name="user")
app.add_typer(token, name="token")
app.add_typer(audit, name="audit")
app.add_typer(db, name="db")
app.command()(serve)
app.command()(nightly)
app.command()(doctor)
app.command()(backup)
app.command()(restore)
app.command()(erase)
app.command()(retain)
app.command()(export)
app.command()(rescore)
app.command()(review)
app.command()(train)
app.command()(evaluate)

out = Console()
err = Console(stderr=True)

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
RepChannelOption = Annotated[
    int | None, typer.Option(help="Channel of the rep, from 0 (left); else told from the words.", min=0, max=7)
]
LeaderFlag = Annotated[bool, typer.Option("--leader", help="A leader speaking to the field, not a call with a customer.")]


@app.command()
def run(
    folder: Annotated[
        str,
        typer.Argument(
            help="Folder of recordings or transcripts, with manifest.csv if there is one; or s3://bucket/folder, sftp://host/folder."
        ),
    ],
    rubrics: Annotated[Path, typer.Option(help="Folder with one YAML file per initiative.")] = Path("rubrics"),
    home: HomeOption = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only calls from this day on.")] = None,
    rep: Annotated[str | None, typer.Option(help="Only this rep's calls (id).")] = None,
    initiative: Annotated[str | None, typer.Option(help="Only this initiative (id).")] = None,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the brief is for.")] = None,
    outcomes: Annotated[
        Path | None, typer.Option(help="A CRM's table (CSV) of what came of calls, beside the folder's crm.csv.")
    ] = None,
    executor: ExecutorOption = None,
    address: AddressOption = None,
    wait: Annotated[bool, typer.Option("--wait", help="Where another run goes on, begin when it has ended.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Transcribe and judge a folder of calls, then write the morning brief and print what to coach."""
    from callcoach.app.alone import alone
    from callcoach.app.run import run as run_folder
    from callcoach.app.taking_in import Narrowing
    from callcoach.cli.progress import progress_on
    from callcoach.cli.tables import print_report

    used = workspace(home, executor=executor, address=address)
    with progress_on(err) as progress:
        result = alone(
            used,
            lambda watched: run_folder(
                folder,
                rubrics,
                used,
                today=today.date() if today else date.today(),  # noqa: DTZ011 - the day on the wall, where the reader is
                now=datetime.now(UTC),
                only=Narrowing(since.date() if since else None, rep, initiative),
                progress=watched,
                outcomes=outcomes,
            ),
            wait=wait,
            progress=progress,
        )
    if as_json:
        print_json(result.report)
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
        workspace(),
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

    used = workspace(home)
    if not file.exists() and is_stored(used, str(file)):
        if second_opinion or leader or rep_channel is not None:
            raise UsageError(
                f"{file} is judged already and is shown as it is kept; --second-opinion, --leader and --rep-channel go with a "
                "file. Leave them out, or give the path of its recording or transcript."
            )
        _score_stored(used, str(file), initiative, as_json=as_json)
        return
    if second_opinion:
        _score_with_opinion(used, file, initiative, rep_channel=rep_channel, leader=leader, as_json=as_json)
        return
    call_score = score_file(file, initiative, used, rep_channel=rep_channel, leader=leader)
    if as_json:
        print_json(score_json(call_score))
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
        print_json({**score_json(judged.score), "second_opinion": opinion_json(opinion, reason)})
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
    from callcoach.intake.rubrics import read_initiative

    read = read_stored(workspace, call_id, read_initiative(initiative).id)
    if as_json:
        print_json(read)
    else:
        print_reviewed(out, read)


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
    except OSError as trouble:
        if trouble.filename is None:
            raise
        said = f"{trouble.filename}: {trouble.strerror}. Name a place that can be read and written, or make room there."
        err.print(said, style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(UsageError.exit_code)


if __name__ == "__main__":
    main()
