"""The main job: a folder of calls in, the morning report and its brief out. Knows nothing of terminals, models' names or SQL."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from callcoach.app.gates import take_in_labels
from callcoach.app.morning import the_report
from callcoach.app.opinions import Asked, adviser, ask_about
from callcoach.app.progress import Progress
from callcoach.app.same_words import said_again
from callcoach.app.stages import Stages
from callcoach.app.workspace import Workspace
from callcoach.batch import brief, stale
from callcoach.coaching.canned import with_said_again
from callcoach.coaching.recommendations import now_given
from callcoach.domain.call import Call
from callcoach.domain.coaching import MorningReport
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.errors import UsageError
from callcoach.intake.calls import CallFolder, read_call_folder
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
    folder: Path, rubrics: Path, workspace: Workspace, *, today: date, now: datetime, only: Narrowing, progress: Progress
) -> RunResult:
    """Bring every call of `folder` up to date with the initiatives in `rubrics`, then write the brief.

    What is not stored is stale: a run that was stopped at any point goes on where it was, and a second run finds nothing to do.

    Raises BadInput where the folder or all rubrics cannot be read; the problems of single files are in the report.
    """
    adviser(workspace.settings)  # settings that nobody can be asked with are told before the work and not after it
    found = read_call_folder(folder)
    stories = read_rubrics(rubrics)
    if only.initiative_id and only.initiative_id not in {initiative.id for initiative in stories.initiatives}:
        known = ", ".join(sorted(initiative.id for initiative in stories.initiatives)) or "none"
        raise UsageError(f"No initiative {only.initiative_id} in {rubrics}. Known: {known}.")
    initiatives = tuple(item for item in stories.initiatives if only.initiative_id in (None, item.id))
    calls = _chosen(found, only, workspace.settings.rep_channel)
    unread = take_in_labels(workspace, rubrics, initiatives)
    for problem in (*found.problems, *stories.problems, *unread):
        progress.warn(f"{problem.call_id}: {problem.sentence}")
    workspace.store.add_calls(calls)
    for initiative in stories.initiatives:
        workspace.store.keep_initiative(initiative)
    recordings = {call.content: found.root / call.audio_path for call in calls if call.audio_path}
    GivenToRuns(workspace.store).keep(found.company, recordings)

    runs = Runs(workspace.store)
    run_id = runs.begin(
        now,
        versions=workspace.versions,
        folder=str(found.root.resolve()),
        rubrics=str(rubrics.resolve()),
        initiatives=[(initiative.id, initiative.version) for initiative in stories.initiatives],
    )
    attribution = workspace.attribution(stories.initiatives, found.company)
    stages = Stages(workspace, attribution, now=now, progress=progress)
    recognised = stages.recognise(found, calls)
    stages.attribute(calls)
    judged = stages.judge(calls, initiatives)
    opinions = ask_about(workspace, attribution, calls, initiatives, found.company, now=now, progress=progress)
    runs.end(run_id, datetime.now(UTC), counts={"recognised": recognised, "judged": judged})

    report, known_calls, scores, given, _ = the_report(
        workspace,
        initiatives,
        found.company,
        today=today,
        since=only.since,
        rep_id=only.rep_id,
        initiative_id=only.initiative_id,
        problems=tuple(dict.fromkeys((*found.problems, *stories.problems, *unread, *workspace.store.failures()))),
        new_calls=_new_today(workspace, now),
        opinions=opinions,
    )
    if only == Narrowing():
        chosen = (each for rep in report.reps for each in rep.recommendations)
        runs.keep_given(run_id, now_given(chosen, given, today))
    transcript_key = partial(stale.transcript_key, attributed_by=attribution.key, makers=workspace.makers)
    report = with_said_again(report, said_again(workspace.store, known_calls, scores, initiatives, transcript_key))
    home = workspace.settings.home
    return RunResult(
        report,
        initiatives,
        found.company,
        len(calls),
        recognised,
        judged,
        _written(home / "brief.html", brief.render_html(report, initiatives=initiatives, company=found.company)),
        _written(home / "brief.md", brief.render_markdown(report, initiatives=initiatives, company=found.company)),
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
    """Calls put into words today, in this run or an earlier one: a second run must not call the morning's calls old."""
    return sum(run.counts.get("recognised", 0) for run in Runs(workspace.store).all() if run.begun_at.date() == now.date())


def _written(path: Path, text: str) -> Path:
    """Write the file only where it says something new."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path
