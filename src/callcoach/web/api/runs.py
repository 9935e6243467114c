"""/api/v1/runs: what runs did, and what fails now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from callcoach.app.past_runs import PastRun, StageFailures, past_runs
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.api.answers import answered, gives

router = APIRouter(tags=["runs"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunItem:
    """A run. state: done, running, or not ended; took: seconds, null while it goes on."""

    number: int
    state: str
    begun_at: datetime
    took: float | None
    counts: Mapping[str, int]
    versions: Mapping[str, str]
    initiatives: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureItem:
    """A call that failed in a stage: how often, when last, and why. quarantined: it is left alone until someone retries it."""

    call_id: str
    stage: str
    attempts: int
    at: datetime
    sentence: str
    quarantined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsAnswer:
    """The latest runs, the last first, what fails now by stage, and each failure with its cause."""

    runs: tuple[RunItem, ...]
    stages: tuple[StageFailures, ...]
    failures: tuple[FailureItem, ...]


@router.get("/runs", **gives(RunsAnswer, problems=(401, 403, 405, 422)))
def runs(
    request: Request,
    reader: Annotated[Reader, allow(Policy.OPERATIONS)],
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> Response:
    """What runs did, and what fails now."""
    found = past_runs(reader.workspace, now=reader.now, most=limit)
    failures = tuple(
        FailureItem(
            call_id=each.call_id,
            stage=each.stage,
            attempts=each.attempts,
            at=each.at,
            sentence=each.sentence,
            quarantined=each.quarantined,
        )
        for each in found.failures
    )
    return answered(request, RunsAnswer(runs=tuple(_item(each) for each in found.runs), stages=found.stages, failures=failures))


def _item(run: PastRun) -> RunItem:
    return RunItem(
        number=run.number,
        state=run.state,
        begun_at=run.begun_at,
        took=run.took,
        counts=run.counts,
        versions=run.versions,
        initiatives=tuple(run.initiatives),
    )
