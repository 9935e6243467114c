"""The beginning of a run: read the folders, the rubrics, the labels and the outcomes, and keep what they say. Judges no call."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from callcoach.app.gates import take_in_labels
from callcoach.app.ledger import without_erased
from callcoach.app.outcomes import with_outcomes
from callcoach.app.progress import Progress
from callcoach.app.retention import without_old
from callcoach.app.sources import Brought
from callcoach.app.staging import drop, reading_of, without_doubles
from callcoach.app.workspace import Workspace
from callcoach.coaching.notation import count
from callcoach.domain.call import Call
from callcoach.domain.coaching import CallProblem
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.errors import UsageError
from callcoach.intake.call_folders import read_call_folders
from callcoach.intake.calls import CallFolder
from callcoach.intake.rubrics import read_rubrics
from callcoach.storage.given import GivenToRuns


class Narrowing(NamedTuple):
    """Which part of the folder a person asked for; None: everything."""

    since: date | None = None
    rep_id: str | None = None
    initiative_id: str | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Narrowing()


class TakenIn(NamedTuple):
    """What a run is about. by_folder: each folder with those of its calls that were asked for; problems: what could not be read.

    stories: all initiatives of the rubrics, initiatives: those that were asked for.
    """

    by_folder: tuple[tuple[CallFolder, tuple[Call, ...]], ...]
    company: Company
    stories: tuple[Initiative, ...]
    initiatives: tuple[Initiative, ...]
    problems: tuple[CallProblem, ...]

    @property
    def calls(self) -> tuple[Call, ...]:
        """Those of all folders."""
        return tuple(call for _, calls in self.by_folder for call in calls)

    @property
    def folders(self) -> str:
        """Where they lie, as a search path is written."""
        return os.pathsep.join(str(folder.root.resolve()) for folder, _ in self.by_folder)


def take_in(
    workspace: Workspace,
    brought: Brought,
    rubrics: Path,
    only: Narrowing,
    outcomes: Path | None,
    progress: Progress,
    *,
    today: date,
) -> TakenIn:
    """Read everything that was brought in, keep it, and warn of what could not be used. What was erased, or is past its
    date today, stays outside, and goes from the copies of places that calls are fetched from.

    Raises BadInput where a folder, all rubrics or the named table cannot be read, UsageError for an unknown initiative.
    """
    found = read_call_folders(brought.folders, reading_of(workspace))
    rest, erased = without_erased(workspace, found)
    drop(workspace, found, rest, erased=True)
    read, old = without_old(workspace.settings, rest, today)
    drop(workspace, rest, read, erased=False)
    whole = read
    read, doubles = without_doubles(workspace, whole)
    drop(workspace, whole, read, erased=False)
    for sentence in doubles:
        progress.warn(sentence)
    for left_out, why in ((erased, "erased before"), (old, "past their date")):
        if left_out:
            progress.warn(f"{count(left_out, 'call')} left out: {why}, and still in the folder. Delete them there.")
    stories = read_rubrics(rubrics)
    known = {initiative.id for initiative in stories.initiatives}
    if only.initiative_id and only.initiative_id not in known:
        raise UsageError(f"No initiative {only.initiative_id} in {rubrics}. Known: {', '.join(sorted(known)) or 'none'}.")
    initiatives = tuple(item for item in stories.initiatives if only.initiative_id in (None, item.id))
    by_folder = tuple((folder, _chosen(folder, only, workspace.settings.rep_channel)) for folder in read)
    unread = take_in_labels(workspace, rubrics, initiatives)
    told = with_outcomes(
        workspace, [folder.root for folder in read], [call for _, calls in by_folder for call in calls], outcomes
    )
    of_folders = (problem for folder in read for problem in folder.problems)
    problems = tuple(dict.fromkeys((*brought.problems, *of_folders, *stories.problems, *unread, *told.problems)))
    for problem in problems:
        progress.warn(f"{problem.call_id}: {problem.sentence}")
    for sentence in told.unmatched:
        progress.warn(sentence)
    workspace.store.add_calls((*told.calls, *told.others))
    for initiative in stories.initiatives:
        workspace.store.keep_initiative(initiative)
    recordings = {call.content: folder.root / call.audio_path for folder, some in by_folder for call in some if call.audio_path}
    company = read[0].company
    GivenToRuns(workspace.store).keep(company, recordings)
    return TakenIn(by_folder, company, stories.initiatives, initiatives, problems)


def _chosen(found: CallFolder, only: Narrowing, rep_channel: int | None) -> tuple[Call, ...]:
    """The calls of the folder that were asked for; a call without a day is never left out by date.

    rep_channel: the rep's in every call that does not say it.
    """
    return tuple(
        replace(call, rep_channel=rep_channel) if call.rep_channel is None else call
        for call in found.calls
        if (only.rep_id is None or call.rep_id == only.rep_id)
        and (only.since is None or call.day is None or call.day >= only.since)
    )
