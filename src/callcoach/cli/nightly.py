"""`callcoach nightly`: the whole night in one command, for a timer. Thin."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import AddressOption, ExecutorOption, HomeOption
from callcoach.coaching.notation import count
from callcoach.errors import NotDelivered, SomeCallsFailed

out = Console()
err = Console(stderr=True)


def nightly(
    folders: Annotated[
        list[str],
        typer.Argument(
            metavar="FOLDER...", help="Folders of recordings or transcripts, or s3://bucket/folder, sftp://user@host/folder."
        ),
    ],
    rubrics: Annotated[Path, typer.Option(help="Folder with one YAML file per initiative.")] = Path("rubrics"),
    home: HomeOption = None,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the brief is for.")] = None,
    executor: ExecutorOption = None,
    address: AddressOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Do what is new or stale in all folders, one run at a time, write the brief and send it. Made for a timer."""
    from callcoach.app.nightly import nightly as run_night
    from callcoach.cli.progress import progress_on
    from callcoach.cli.workspace import print_json, workspace

    with progress_on(err) as progress:
        night = run_night(
            folders,
            rubrics,
            workspace(home, executor=executor, address=address, unattended=True),
            today=today.date() if today else date.today(),  # noqa: DTZ011 - the day on the wall, where the reader is
            now=datetime.now(UTC),
            progress=progress,
        )
    done, problems = night.result, night.result.report.problems
    if as_json:
        print_json(
            {
                "number": night.number,
                "calls": done.calls,
                "recognised": done.recognised,
                "judged": done.judged,
                "problems": problems,
                "brief": str(done.brief_html),
                "deliveries": [each._asdict() for each in night.deliveries],
                "retention": night.retained.sentence if night.retained.on else None,
            }
        )
    else:
        lines = [
            f"{count(done.calls, 'call')}: {done.recognised} newly transcribed, "
            f"{count(done.judged, 'story', 'stories')} newly judged.",
            f"Brief: {done.brief_html} and {done.brief_markdown}",
        ]
        lines += [night.retained.sentence] if night.retained.on else []
        for each in night.deliveries:
            became = each.trouble or ("sent before, nothing new" if each.already else "sent")
            lines.append(f"{each.channel.capitalize()}: {became}")
        for line in lines:
            out.print(line, markup=False, highlight=False, soft_wrap=True)
    failed = [each for each in night.deliveries if each.trouble]
    if failed:
        named = " ".join(f"{each.channel}: {each.trouble}" for each in failed)
        raise NotDelivered(f"The brief is written but was not sent. {named} The next nightly run tries again.")
    if problems:
        raise SomeCallsFailed(f"{count(len(problems), 'problem')}; the brief and `callcoach runs` name them. All else is done.")
