"""What the runs screen shows, as one value: runs, what fails, the run that goes on, what was handed in. Runs nothing."""

from dataclasses import dataclass
from datetime import datetime

from callcoach.app.current import current_company
from callcoach.app.past_runs import PastRun, StageFailures, past_runs
from callcoach.app.run_now import BegunHere, begun_here
from callcoach.app.workspace import Workspace
from callcoach.domain.people import Company
from callcoach.errors import SomeCallsFailed
from callcoach.storage.failures import Failure
from callcoach.storage.run_lock import RunLock

MOST_RUNS = 20
MOST_FAILURES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """The run that goes on. seen_at: its last sign of life; stage and share (0..100) where it is known how far it is."""

    begun_at: datetime
    seen_at: datetime | None
    host: str | None
    stage: str | None = None
    share: int | None = None
    latest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckCall:
    """A failure with the call's names, as far as they are known."""

    failure: Failure
    rep_name: str | None
    customer_name: str | None
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """All of it. ended_badly: the run begun here that did not end well, where it is the latest thing that happened."""

    runs: tuple[PastRun, ...]
    n_runs: int
    stages: tuple[StageFailures, ...]
    failures: tuple[StuckCall, ...]
    n_failed: int
    going: Going | None
    ended_badly: BegunHere | None


def operations(workspace: Workspace, *, now: datetime) -> Operations:
    """As of now."""
    found = past_runs(workspace, now=now)
    begun = begun_here(workspace)
    latest = found.runs[0] if found.runs else None
    company = current_company(workspace)
    return Operations(
        runs=found.runs[:MOST_RUNS],
        n_runs=len(found.runs),
        stages=found.stages,
        failures=tuple(_stuck(workspace, each, company) for each in found.failures[:MOST_FAILURES]),
        n_failed=len({each.call_id for each in found.failures}),
        going=_going(workspace, latest, begun),
        ended_badly=_ended_badly(latest, begun),
    )


def _going(workspace: Workspace, latest: PastRun | None, begun: BegunHere | None) -> Going | None:
    here = begun if begun is not None and begun.going else None
    running = latest if latest is not None and latest.state == "running" else None
    began = running.begun_at if running else here.at if here else None
    if began is None:
        return None
    holder = RunLock(workspace.store).holder() if running else None
    # what a run begun here wrote last is newer than its last sign of life; of one that a timer began there is that alone
    told = here if here is not None and here.share is not None else holder
    return Going(
        begun_at=began,
        seen_at=holder.beat_at if holder else None,
        host=holder.host if holder else None,
        stage=told.stage if told else None,
        share=told.share if told else None,
        latest=told.latest if told else None,
    )


def _ended_badly(latest: PastRun | None, begun: BegunHere | None) -> BegunHere | None:
    """The run begun here where it ended badly, and no other ended since. That single calls failed is no bad end."""
    if begun is None or begun.going or begun.code in (None, 0, SomeCallsFailed.exit_code):
        return None
    return begun if latest is None or latest.took is None or latest.begun_at <= begun.at else None


def _stuck(workspace: Workspace, failure: Failure, company: Company) -> StuckCall:
    call = workspace.store.call(failure.call_id)
    return StuckCall(
        failure=failure,
        rep_name=company.name_of(call.rep_id) if call and call.rep_id else None,
        customer_name=call.customer_name if call else None,
        known=call is not None,
    )
