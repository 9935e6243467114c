"""What several commands share: --home, the workspace that it and the settings give, JSON on standard output or in a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from callcoach.app.workspace import Workspace

HomeOption = Annotated[Path | None, typer.Option(help="Folder of the database and the briefs. Default: callcoach-data.")]


def workspace(home: Path | None = None) -> "Workspace":
    """The workspace of the settings, with another home folder where one is given."""
    from callcoach.app.workspace import Workspace
    from callcoach.settings import Settings

    return Workspace(Settings() if home is None else Settings(home=home))


def print_json(value: object) -> None:
    """A value as indented JSON, the same value always in the same bytes."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value, order="deterministic")).decode() + "\n")


def write_figures(file: Path | None, figures: bytes) -> None:
    """Write what --json names, its folder made; nothing where it names none."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(figures)
