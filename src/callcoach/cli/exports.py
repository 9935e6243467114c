"""`callcoach export`: what is known as a file for other programs. Thin: parse, one app call, print."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import HomeOption, workspace
from callcoach.errors import UsageError

out = Console()


def export(
    what: Annotated[str, typer.Argument(help="calls, scores, evidence, recommendations or queue.", metavar="WHAT")],
    file: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="FILE")],
    form: Annotated[str | None, typer.Option("--format", help="csv, xlsx or jsonl. Default: by the file's ending.")] = None,
    redacted: Annotated[
        bool | None,
        typer.Option(
            "--redacted/--not-redacted",
            help="Stand-ins for ids and names, placeholders in texts. Default: as CALLCOACH_REDACT_EXPORTS says.",
        ),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write calls, scores, evidence, recommendations or the review queue to a file: CSV, XLSX or JSON Lines."""
    from callcoach.app.export_files import Form, write_export
    from callcoach.app.export_rows import Export
    from callcoach.app.exports import EVERYTHING

    if what not in tuple(Export):
        raise UsageError(f"{what}: nothing of this name can be exported. Choose one of {', '.join(Export)}.")
    wanted = form or file.suffix.removeprefix(".").lower()
    if wanted not in tuple(Form):
        raise UsageError(f"{wanted or file}: this is no form of an export. Give --format {', '.join(Form)}.")
    used = workspace(home)
    taken_out = used.settings.redact_exports if redacted is None else redacted
    size = write_export(used, Export(what), Form(wanted), EVERYTHING, file, at=datetime.now(UTC), redacted=taken_out)
    out.print(f"Written: {file} ({size:,} bytes).", markup=False, highlight=False, soft_wrap=True)
