"""What runs did, what failed in them and how to have it tried again. Runs nothing itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from callcoach.app.workspace import Workspace
from callcoach.errors import UsageError
from callcoach.storage.failures import Failure, Failures
from callcoach.storage.run_lock import NIGHTLY, STALE_SECONDS, Holder, RunLock
from callcoach.storage.runs import Run, Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run as it is shown. state: done, running, or not ended (killed, or begun by hand and still going); took: seconds."""

    number: int
    state: str
    begun_at: datetime
    age: float
    took: float | None
    counts: Mapping[str, int]
    folder: str
    rubrics: str
    versions: Mapping[str, str]
    initiatives: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFailures:
    """What fails in a stage now. oldest_age: seconds since the failure that has waited longest."""

    stage: str
    calls: int
    quarantined: int
    oldest_age: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRuns:
    """The latest run first; what fails now, by stage; who holds the nightly lock."""

    runs: tuple[PastRun, ...]
    stages: tuple[StageFailures, ...]
    failures: tuple[Failure, ...]
    lock: Mapping[str, object] | None


def past_runs(workspace: Workspace, *, now: datetime, most: int | None = None) -> PastRuns:
    """The `most` latest runs, or all."""
    store, failures = workspace.store, Failures(workspace.store).all()
    holder = RunLock(store).holder()
    runs = Runs(store).all()
    shown = [_shown(run, holder, now, latest=run is runs[-1]) for run in reversed(runs)]
    return PastRuns(
        runs=tuple(shown[:most]),
        stages=_by_stage(failures, now),
        failures=failures,
        lock=None if holder is None else {"name": NIGHTLY, "held": is_held(holder, now), **holder._asdict()},
    )


def one_run(workspace: Workspace, number: int, *, now: datetime) -> tuple[PastRun, tuple[Failure, ...]]:
    """A run, and what failed while it went on and has not succeeded since. Raises UsageError where there is no such run."""
    store = workspace.store
    runs = Runs(store).all()
    run = next((run for run in runs if run.run_id == number), None)
    if run is None:
        known = f"Known: {runs[0].run_id} to {runs[-1].run_id}." if runs else "There has been none yet."
        raise UsageError(f"There is no run {number}. {known}")
    following = next((each.begun_at for each in runs if each.run_id > number), None)
    # failures bear the time at which their run began
    during = tuple(
        failure
        for failure in Failures(store).all()
        if failure.at >= run.begun_at and (following is None or failure.at < following or failure.at == run.begun_at)
    )
    return _shown(run, RunLock(store).holder(), now, latest=run is runs[-1]), during


def retry(workspace: Workspace, call_ids: Sequence[str], *, everything: bool) -> int:
    """Forget failures, so that the next run tries the calls again; how many calls. Raises UsageError where a call has none."""
    failures = Failures(workspace.store)
    if everything == bool(call_ids):
        raise UsageError("Name the calls to try again, or give --all. `callcoach runs` lists what failed.")
    if not everything:
        unknown = set(call_ids) - {failure.call_id for failure in failures.all()}
        if unknown:
            raise UsageError(f"{', '.join(sorted(unknown))}: nothing failed there. `callcoach runs` lists what failed.")
    return failures.forget(None if everything else call_ids)


def is_held(holder: Holder | None, now: datetime) -> bool:
    """Whether a nightly run goes on, as far as can be told from here."""
    if holder is None or holder.free or holder.alive is False:
        return False
    return now - holder.beat_at <= timedelta(seconds=STALE_SECONDS)


def _shown(run: Run, holder: Holder | None, now: datetime, *, latest: bool) -> PastRun:
    state = "done"
    if run.ended_at is None:
        going = latest and holder is not None and is_held(holder, now) and run.begun_at <= holder.beat_at
        state = "running" if going else "not ended"
    return PastRun(
        number=run.run_id,
        state=state,
        begun_at=run.begun_at,
        age=max(0.0, (now - run.begun_at).total_seconds()),
        took=None if run.ended_at is None else max(0.0, (run.ended_at - run.begun_at).total_seconds()),
        counts=run.counts,
        folder=run.folder,
        rubrics=run.rubrics,
        versions=run.versions,
        initiatives=run.initiatives,
    )


def _by_stage(failures: Sequence[Failure], now: datetime) -> tuple[StageFailures, ...]:
    stages: dict[str, list[Failure]] = {}
    for failure in failures:
        stages.setdefault(failure.stage, []).append(failure)
    return tuple(
        StageFailures(
            stage=stage,
            calls=len(found),
            quarantined=sum(failure.quarantined for failure in found),
            oldest_age=max(0.0, (now - min(failure.at for failure in found)).total_seconds()),
        )
        for stage, found in stages.items()
    )
