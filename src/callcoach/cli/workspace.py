"""What several commands share: the workspace that the settings and --home give, and JSON on standard output."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callcoach.app.workspace import Workspace


def workspace(home: Path | None = None) -> "Workspace":
    """The workspace of the settings, with another home folder where one is given."""
    from callcoach.app.workspace import Workspace
    from callcoach.settings import Settings

    return Workspace(Settings() if home is None else Settings(home=home))


def print_json(value: object) -> None:
    """A value as indented JSON, the same value always in the same bytes."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value, order="deterministic")).decode() + "\n")
