"""Judge the stored calls of any age again, with the rubrics as they stand or with one earlier version. Joins, decides little."""

from collections.abc import Iterator
from pathlib import Path

from callcoach.app.restate import Rescored, rescore
from callcoach.app.wordings import find_version
from callcoach.app.workspace import Workspace
from callcoach.domain.story import default_rubrics
from callcoach.errors import UsageError
from callcoach.intake.rubrics import read_rubrics


def rescore_all(workspace: Workspace, rubrics: Path, *, initiative_id: str | None, version: str | None) -> Iterator[Rescored]:
    """One result per rubric: of an initiative in several languages each judges its own calls.

    Raises UsageError for an unknown id or version, BadRubric where the folder cannot be read.
    The version in the file becomes the current one; scores of any other version are kept beside.
    """
    every = read_rubrics(rubrics).initiatives
    known = {initiative.id: initiative for initiative in default_rubrics(every)}
    if initiative_id is not None and initiative_id not in known:
        raise UsageError(f"No initiative {initiative_id} in {rubrics}. Known: {', '.join(sorted(known)) or 'none'}.")
    if version is not None and initiative_id is None:
        raise UsageError("A version belongs to one initiative. Name it with --initiative.")
    wanted = [each for each in every if initiative_id in (None, each.id)]
    if initiative_id is not None and version is not None:
        for each in wanted:
            workspace.store.keep_initiative(each)
        chosen = find_version(workspace, initiative_id, version, known[initiative_id])
        wanted = [each for each in wanted if each.version == chosen.version]
        if not wanted:
            yield rescore(workspace, chosen, is_current=False)
    for each in wanted:
        yield rescore(workspace, each, is_current=True, beside=every)
