"""The main job: a folder of calls in, the morning report and its brief out. Knows nothing of terminals, models' names or SQL."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from callcoach.app.gates import take_in_labels
from callcoach.app.goals import close_due
from callcoach.app.kept_reports import keep_for_screens
from callcoach.app.morning import the_report
from callcoach.app.opinions import Asked, adviser, ask_about
from callcoach.app.outcomes import with_outcomes
from callcoach.app.progress import Progress
from callcoach.app.same_words import said_again
from callcoach.app.stages import Stages
from callcoach.app.workspace import Workspace
from callcoach.batch import brief, stale
from callcoach.batch.whole_file import write_whole
from callcoach.coaching.canned import with_said_again
from callcoach.coaching.recommendations import now_given
from callcoach.domain.call import Call
from callcoach.domain.coaching import MorningReport
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.errors import UsageError
from callcoach.intake.call_folders import joined, read_call_folders
from callcoach.intake.calls import CallFolder
from callcoach.intake.rubrics import read_rubrics
from callcoach.storage.given import GivenToRuns
from callcoach.storage.runs import Runs


class Narrowing(NamedTuple):
    """Which part of the folder a person asked for; None: everything."""

    since: date | None = None
    rep_id: str | None = None
    initiative_id: str | None = None


class RunResult(NamedTuple):
    """What a run did, and the report it leaves."""

    report: MorningReport
    initiatives: tuple[Initiative, ...]
    company: Company
    calls: int
    recognised: int
    judged: int
    brief_html: Path
    brief_markdown: Path
    opinions: tuple[Asked, ...] = ()

    @property
    def did_nothing(self) -> bool:
        """Whether everything was already up to date."""
        return not self.recognised and not self.judged


def run(
    folder: Path | Sequence[Path],
    rubrics: Path,
    workspace: Workspace,
    *,
    today: date,
    now: datetime,
    only: Narrowing,
    progress: Progress,
    outcomes: Path | None = None,
) -> RunResult:
    """Bring every call of `folder`, or of several, up to date with the initiatives in `rubrics`, then write the brief.

    outcomes: a table of what came of calls, beside the crm.csv of the folders.

    What is not stored is stale: a run that was stopped at any point goes on where it was, and a second run finds nothing to do.

    Raises BadInput where a folder or all rubrics cannot be read; the problems of single files are in the report.
    """
    adviser(workspace.settings)  # settings that nobody can be asked with are told before the work and not after it
    folders = read_call_folders([folder] if isinstance(folder, Path) else folder)
    found = joined(folders)
    stories = read_rubrics(rubrics)
    if only.initiative_id and only.initiative_id not in {initiative.id for initiative in stories.initiatives}:
        known = ", ".join(sorted(initiative.id for initiative in stories.initiatives)) or "none"
        raise UsageError(f"No initiative {only.initiative_id} in {rubrics}. Known: {known}.")
    initiatives = tuple(item for item in stories.initiatives if only.initiative_id in (None, item.id))
    chosen = [_chosen(each, only, workspace.settings.rep_channel) for each in folders]
    calls = tuple(call for each in chosen for call in each)
    unread = take_in_labels(workspace, rubrics, initiatives)
    told = with_outcomes(workspace, [each.root for each in folders], calls, outcomes)
    for problem in (*found.problems, *stories.problems, *unread, *told.problems):
        progress.warn(f"{problem.call_id}: {problem.sentence}")
    for sentence in told.unmatched:
        progress.warn(sentence)
    workspace.store.add_calls((*told.calls, *told.others))
    for initiative in stories.initiatives:
        workspace.store.keep_initiative(initiative)
    by_folder = list(zip(folders, chosen, strict=True))
    recordings = {call.content: each.root / call.audio_path for each, some in by_folder for call in some if call.audio_path}
    GivenToRuns(workspace.store).keep(found.company, recordings)

    runs = Runs(workspace.store)
    run_id = runs.begin(
        now,
        versions=workspace.versions,
        folder=os.pathsep.join(str(each.root.resolve()) for each in folders),
        rubrics=str(rubrics.resolve()),
        initiatives=[(initiative.id, initiative.version) for initiative in stories.initiatives],
        waiting=len(stale.stale_recognitions(workspace.store, calls, workspace.makers)),
    )
    attribution = workspace.attribution(stories.initiatives, found.company)
    stages = Stages(workspace, attribution, now=now, progress=progress)
    recognised = sum(stages.recognise(each, some) for each, some in by_folder)
    stages.attribute(calls)
    judged = stages.judge(calls, initiatives)
    opinions = ask_about(workspace, attribution, calls, initiatives, found.company, now=now, progress=progress)
    runs.end(run_id, datetime.now(UTC), counts={"recognised": recognised, "judged": judged})

    read_at = datetime.now(UTC)
    made = the_report(
        workspace,
        initiatives,
        found.company,
        today=today,
        since=only.since,
        rep_id=only.rep_id,
        initiative_id=only.initiative_id,
        problems=tuple(dict.fromkeys((*found.problems, *stories.problems, *unread, *told.problems, *workspace.store.failures()))),
        new_calls=_new_today(workspace, now),
        opinions=opinions,
    )
    report, known_calls, scores, given, _ = made
    transcript_key = partial(stale.transcript_key, attributed_by=attribution.key, makers=workspace.makers)
    report = with_said_again(report, said_again(workspace.store, known_calls, scores, initiatives, transcript_key))
    if only == Narrowing():
        report = close_due(workspace, report, at=now)
        advice = now_given((each for rep in report.reps for each in rep.recommendations), given, today)
        runs.keep_given(run_id, advice)
        rolled_up = made._replace(report=report)
        keep_for_screens(workspace, run_id, rolled_up, initiatives, found.company, at=read_at, given=advice)
    home = workspace.settings.home
    return RunResult(
        report,
        initiatives,
        found.company,
        len(calls),
        recognised,
        judged,
        write_whole(home / "brief.html", brief.render_html(report, initiatives=initiatives, company=found.company)),
        write_whole(home / "brief.md", brief.render_markdown(report, initiatives=initiatives, company=found.company)),
        opinions,
    )


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


def _new_today(workspace: Workspace, now: datetime) -> int:
    """Calls put into words today, in this run or an earlier one: a second run must not call the morning's calls old.

    A run that was killed counted nothing; what it did is what the next one no longer found waiting.
    """
    runs = [run for run in Runs(workspace.store).all() if run.begun_at.date() == now.date()]
    counted = sum(run.counts.get("recognised", 0) for run in runs)
    killed = ((run, following) for run, following in pairwise(runs) if run.ended_at is None)
    return counted + sum(max(0, run.waiting - following.waiting) for run, following in killed)
