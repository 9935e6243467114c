"""`callcoach review`: correct what the machine said of a call. Thin: parse, one app call, print."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from callcoach.errors import UsageError

out = Console()


def review(
    call_id: Annotated[str, typer.Argument(metavar="CALL", help="Id of a call that callcoach run has judged.")],
    initiative: Annotated[str, typer.Option(help="Id of the initiative.")],
    by: Annotated[str, typer.Option(help="Your id.")],
    because: Annotated[str, typer.Option(help="Why, in a sentence.")],
    verdict: Annotated[str | None, typer.Option(help="The verdict it should be.")] = None,
    level: Annotated[list[str] | None, typer.Option(help="The level it should be, like wall=2. May be repeated.")] = None,
    evidence: Annotated[str | None, typer.Option(help='Words that are evidence, like part:"For you that means ..."')] = None,
    no_evidence: Annotated[str | None, typer.Option(help="Words that are no evidence, in the same form.")] = None,
    home: Annotated[Path | None, typer.Option(help="Folder of the database. Default: callcoach-data.")] = None,
) -> None:
    """Correct a verdict, a level or a quote. The machine's answer stays beside it, and no later run changes it."""
    from callcoach.app.reviews import QuoteReview
    from callcoach.app.reviews import review as keep_review
    from callcoach.cli.calibrate import read_levels, read_verdict
    from callcoach.cli.reviewed import print_reviewed
    from callcoach.cli.workspace import workspace

    if evidence and no_evidence:
        raise UsageError("One quote at a time: give --evidence or --no-evidence.")
    words = evidence or no_evidence
    act, _, quote = (words or "").partition(":")
    read = keep_review(
        workspace(home),
        call_id,
        initiative,
        by=by,
        because=because,
        at=datetime.now(UTC),
        verdict=read_verdict(verdict) if verdict else None,
        levels=read_levels(level),
        quote=QuoteReview(act.strip(), quote.strip(), evidence is not None) if words else None,
    )
    print_reviewed(out, read)
