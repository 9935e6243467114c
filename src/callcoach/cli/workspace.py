"""What several commands share: --home, the workspace that it and the settings give, JSON on standard output or in a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callcoach.errors import UsageError

if TYPE_CHECKING:
    from callcoach.app.workspace import Workspace

HomeOption = Annotated[Path | None, typer.Option(help="Folder of the database and the briefs. Default: callcoach-data.")]

ExecutorOption = Annotated[
    str | None, typer.Option(help="Where calls are worked on: local, or ray for a cluster. Default: local.", metavar="local|ray")
]
AddressOption = Annotated[
    str | None,
    typer.Option(help="The Ray cluster: HOST:PORT of its head, or auto. Default: one on this machine.", metavar="HOST:PORT"),
]


def workspace(
    home: Path | None = None,
    *,
    executor: str | None = None,
    address: str | None = None,
    unattended: bool = False,
    serving: bool = False,
) -> "Workspace":
    """The workspace of the settings, with another home folder where one is given; from now on it is logged what is done there.

    executor, address: as --executor and --address say. unattended: nobody watches; serving: the command goes on until it is
    stopped.
    """
    from callcoach.app.log import open_log
    from callcoach.app.workspace import Workspace
    from callcoach.settings import Settings

    if executor not in (None, "local", "ray"):
        raise UsageError(f"--executor {executor}: there is none of this name. Write local or ray.")
    given = {"home": home, "executor": executor, "ray_address": address}
    settings = Settings.model_validate({name: said for name, said in given.items() if said is not None})
    if address is not None and settings.executor != "ray":
        raise UsageError("--address names a Ray cluster, but nothing is to be done on one. Add --executor ray.")
    open_log(settings, serving=serving)
    return Workspace(settings, unattended=unattended)


def print_json(value: object) -> None:
    """A value as indented JSON, the same value always in the same bytes."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value, order="deterministic")).decode() + "\n")


def write_figures(file: Path | None, figures: bytes) -> None:
    """Write what --json names, its folder made; nothing where it names none."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(figures)


def refuse_unwritable(*files: Path | None) -> None:
    """Find out before hours of work whether what comes of them can be written. Raises OSError where it cannot."""
    for file in files:
        if file is None:
            continue
        is_new = not file.exists()
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab"):
            pass
        if is_new:
            file.unlink()
