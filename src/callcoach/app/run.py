"""The main job: a folder of calls in, the morning report and its brief out. Knows nothing of terminals, models' names or SQL."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from callcoach.app.attribution import Attribution
from callcoach.app.goals import close_due
from callcoach.app.kept_reports import keep_for_screens
from callcoach.app.morning import the_report
from callcoach.app.opinions import Asked, adviser, ask_about
from callcoach.app.progress import Progress
from callcoach.app.same_words import said_again
from callcoach.app.sources import bring_in
from callcoach.app.stage_clock import clocked
from callcoach.app.stages import Stages
from callcoach.app.taking_in import Narrowing, TakenIn, take_in
from callcoach.app.workspace import Workspace
from callcoach.batch import brief, stale
from callcoach.batch.whole_file import write_whole
from callcoach.coaching.canned import with_said_again
from callcoach.coaching.recommendations import now_given
from callcoach.domain.coaching import MorningReport
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.events import RunFinished, RunStarted, say, within
from callcoach.marks import Stage
from callcoach.storage.runs import Runs


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
    folder: str | Path | Sequence[str | Path],
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

    folder: a folder of this machine, or the address of a bucket or SFTP drop, from which what is new is fetched first.
    outcomes: a table of what came of calls, beside the crm.csv of the folders.

    What is not stored is stale: a run that was stopped at any point goes on where it was, and a second run finds nothing to do.
    The report of a narrowed run stands beside the whole one, in brief-narrowed.html.

    Raises BadInput where a folder or all rubrics cannot be read; the problems of single files are in the report.
    """
    begun = time.perf_counter()
    adviser(workspace.settings)  # settings that nobody can be asked with are told before the work and not after it
    workspace.refuse_missing_executor()
    brought = bring_in(workspace, [folder] if isinstance(folder, str | Path) else folder, progress)
    taken = take_in(workspace, brought, rubrics, only, outcomes, progress, today=today)
    attribution = workspace.attribution(taken.stories, taken.company)
    done = _brought_up_to_date(taken, rubrics, workspace, attribution, now=now, progress=progress)
    with within(run=done.run_id), clocked(Stage.REPORT):
        report = _reported(taken, done, workspace, attribution, today=today, now=now, only=only)
        stories, company = taken.initiatives, taken.company
        file = workspace.settings.home / ("brief" if only.whole else "brief-narrowed")
        result = RunResult(
            report,
            stories,
            company,
            len(taken.calls),
            done.recognised,
            done.judged,
            write_whole(file.with_suffix(".html"), brief.render_html(report, initiatives=stories, company=company)),
            write_whole(file.with_suffix(".md"), brief.render_markdown(report, initiatives=stories, company=company)),
            done.opinions,
        )
    with within(run=done.run_id):
        say(
            RunFinished(
                calls=result.calls,
                recognised=result.recognised,
                judged=result.judged,
                problems=len(report.problems),
                seconds=time.perf_counter() - begun,
            )
        )
    return result


class _Done(NamedTuple):
    run_id: int
    recognised: int
    judged: int
    opinions: tuple[Asked, ...]


def _brought_up_to_date(
    taken: TakenIn, rubrics: Path, workspace: Workspace, attribution: Attribution, *, now: datetime, progress: Progress
) -> _Done:
    """Recognise, attribute and judge what is stale, and note what was done."""
    runs = Runs(workspace.store)
    waiting = len(stale.stale_recognitions(workspace.store, taken.calls, workspace.makers))
    run_id = runs.begin(
        now,
        versions=workspace.versions,
        folder=taken.folders,
        rubrics=str(rubrics.resolve()),
        initiatives=[(initiative.id, initiative.version) for initiative in taken.stories],
        waiting=waiting,
    )
    stages = Stages(workspace, attribution, now=now, progress=progress)
    with within(run=run_id):
        say(RunStarted(calls=len(taken.calls), waiting=waiting))
        with clocked(Stage.HEAR):
            recognised = sum(stages.recognise(folder, calls) for folder, calls in taken.by_folder)
        with clocked(Stage.ATTRIBUTE):
            stages.attribute(taken.calls)
        with clocked(Stage.JUDGE):
            judged = stages.judge(taken.calls, taken.initiatives)
    opinions = ask_about(workspace, attribution, taken.calls, taken.initiatives, taken.company, now=now, progress=progress)
    runs.end(run_id, datetime.now(UTC), counts={"recognised": recognised, "judged": judged})
    return _Done(run_id, recognised, judged, opinions)


def _reported(
    taken: TakenIn, done: _Done, workspace: Workspace, attribution: Attribution, *, today: date, now: datetime, only: Narrowing
) -> MorningReport:
    """The report; that of a whole run closes goals that are due, and is kept for the screens and for what the next one holds."""
    read_at = datetime.now(UTC)
    made = the_report(
        workspace,
        taken.initiatives,
        taken.company,
        today=today,
        since=only.since,
        rep_id=only.rep_id,
        initiative_id=only.initiative_id,
        problems=tuple(dict.fromkeys((*taken.problems, *workspace.store.failures()))),
        new_calls=_new_today(workspace, now),
        opinions=done.opinions,
    )
    transcript_key = partial(stale.transcript_key, attributed_by=attribution.key, makers=workspace.makers)
    again = said_again(workspace.store, made.calls, made.scores, taken.initiatives, transcript_key)
    report = with_said_again(made.report, again)
    if not only.whole:
        return report
    report = close_due(workspace, report, at=now)
    advice = now_given((each for rep in report.reps for each in rep.recommendations), made.given, today)
    Runs(workspace.store).keep_given(done.run_id, advice)
    rolled_up = made._replace(report=report)
    keep_for_screens(workspace, done.run_id, rolled_up, taken.initiatives, taken.company, at=read_at, given=advice)
    return report


def _new_today(workspace: Workspace, now: datetime) -> int:
    """Calls put into words today, in this run or an earlier one: a second run must not call the morning's calls old.

    A run that was killed counted nothing; what it did is what the next one no longer found waiting.
    """
    runs = [run for run in Runs(workspace.store).all() if run.begun_at.date() == now.date()]
    counted = sum(run.counts.get("recognised", 0) for run in runs)
    killed = ((run, following) for run, following in pairwise(runs) if run.ended_at is None)
    return counted + sum(max(0, run.waiting - following.waiting) for run, following in killed)
