"""Judge the stored calls of any age again, with the rubrics as they stand or with one earlier version. Joins, decides little."""

from collections.abc import Iterator
from pathlib import Path

from callcoach.app.restate import Rescored, find_version, rescore
from callcoach.app.workspace import Workspace
from callcoach.domain.story import default_rubrics
from callcoach.errors import UsageError
from callcoach.intake.rubrics import read_rubrics


def rescore_all(workspace: Workspace, rubrics: Path, *, initiative_id: str | None, version: str | None) -> Iterator[Rescored]:
    """One result per initiative. Raises UsageError for an unknown id or version, BadRubric where the folder cannot be read.

    The version in the file becomes the current one; scores of any other version are kept beside.
    """
    known = {initiative.id: initiative for initiative in default_rubrics(read_rubrics(rubrics).initiatives)}
    if initiative_id is not None and initiative_id not in known:
        raise UsageError(f"No initiative {initiative_id} in {rubrics}. Known: {', '.join(sorted(known)) or 'none'}.")
    if version is not None and initiative_id is None:
        raise UsageError("A version belongs to one initiative. Name it with --initiative.")
    for each in [known[initiative_id]] if initiative_id else known.values():
        chosen = find_version(workspace, each.id, version, each) if version else each
        yield rescore(workspace, chosen, is_current=chosen.version == each.version)
