"""The runs screen: what ran, what failed and why, what goes on. Everything it shows is one value of `app.operations`."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app.audit import note
from callcoach.app.operations import operations
from callcoach.app.past_runs import one_run, retry
from callcoach.app.run_now import run_now
from callcoach.coaching.notation import count
from callcoach.errors import AlreadyRunning, SomethingMissing, UsageError
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere, Problem, Unusable
from callcoach.web.render import by_htmx, fragment, page, toast
from callcoach.web.screens import exports, intake

router = APIRouter()
router.include_router(intake.router)
router.include_router(exports.router)

Operator = Annotated[Reader, allow(Policy.OPERATIONS)]

STAGES = {"hear": "Putting into words", "measure": "Measuring", "judge": "Judging"}
COUNTS = {"recognised": "put into words", "judged": "judged"}
DONE = {"begun": "A run has begun. It goes on when you leave this page."}


@router.get("/runs")
def runs(request: Request, reader: Operator, done: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The page; what changes of it where htmx asks."""
    return _shown(request, reader, done=done)


@router.get("/runs/{number}")
def run(number: int, request: Request, reader: Operator) -> Response:
    """One run: what it read, what it was made with, what failed."""
    try:
        found, failures = one_run(reader.workspace, number, now=reader.now)
    except UsageError:
        raise NotHere from None
    return page(request, reader, "run.html", run=found, failures=failures, stages=STAGES, counts=COUNTS, lasted=lasted)


@router.post("/runs/retry")
def try_again(
    request: Request,
    reader: Operator,
    call: Annotated[list[str], Form(max_length=200)] = [],  # noqa: B006 - FastAPI reads it and never writes to it
    everything: Annotated[bool, Form()] = False,
) -> Response:
    """Have calls tried again that failed, one or all."""
    try:
        n = retry(reader.workspace, call, everything=everything)
    except UsageError as error:
        raise Unusable(str(error)) from None
    note(reader.workspace, reader.account, "runs.retry", "all" if everything else ", ".join(call)[:400], reader.now, calls=n)
    if by_htmx(request):
        return _shown(request, reader, headers=toast(_retried(n)))
    return RedirectResponse(f"/runs?done=retried-{n}", status_code=303)


@router.post("/runs/now")
def begin(request: Request, reader: Operator, begin: Annotated[Literal["now"], Form()]) -> Response:
    """Begin a run, in a process of its own. begin: what the button says, so that no empty request begins one."""
    try:
        run_now(reader.workspace, by=reader.known.email, at=reader.now)
    except AlreadyRunning as error:
        raise Problem(str(error), status=409, title="A run goes on already") from None
    except SomethingMissing as error:
        raise Problem(str(error), status=409, title="No run can begin yet") from None
    note(reader.workspace, reader.account, "runs.begin", "nightly", reader.now)
    if by_htmx(request):
        return _shown(request, reader, headers=toast(DONE["begun"]))
    return RedirectResponse("/runs?done=begun", status_code=303)


def lasted(seconds: float) -> str:
    """A length of time in its largest unit: 12 s, 5 min, 3 h, 4 days."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"


def _shown(request: Request, reader: Reader, *, done: str = "", headers: dict[str, str] | None = None) -> Response:
    found = operations(reader.workspace, now=reader.now)
    said = DONE.get(done, "")
    if done.startswith("retried-") and done.removeprefix("retried-").isdecimal():
        said = _retried(int(done.removeprefix("retried-")))
    values: dict[str, Any] = {
        "found": found,
        "stages": STAGES,
        "counts": COUNTS,
        "lasted": lasted,
        "said": said,
        "now": reader.now,
    }
    if by_htmx(request):
        return fragment(request, reader, "parts/_runs.html", headers=headers, **values)
    return page(request, reader, "runs.html", **values)


def _retried(n: int) -> str:
    return f"{count(n, 'call')} will be tried again in the next run." if n else "Nothing had failed."
