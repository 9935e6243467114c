"""Put the web app together: every screen and resource under one guard. Knows nothing of what a screen shows."""

import gc
from collections.abc import Callable, Iterator

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from callcoach import __version__
from callcoach.app.health import Readiness
from callcoach.app.metrics_address import figures_told
from callcoach.app.workspace import Workspace
from callcoach.errors import BadInput, CallcoachError, EditConflict, NotYours, SomethingMissing, UsageError
from callcoach.web import api, files, probes
from callcoach.web.guard import Guard, guard
from callcoach.web.problems import Conflict, NotHere, Problem, Unusable
from callcoach.web.render import problem_answer
from callcoach.web.requests import HEADER, Told
from callcoach.web.screens import (
    account,
    admin,
    calibration,
    call,
    call_writing,
    initiative,
    pulse,
    queue,
    rep,
    runs,
    sign_in,
    team,
    today,
    workbench,
)

SCREENS: tuple[APIRouter, ...] = (
    files.router,
    probes.router,
    sign_in.router,
    account.router,
    today.router,
    queue.router,
    call.router,
    call_writing.router,
    rep.router,
    team.router,
    initiative.router,
    pulse.router,
    workbench.router,
    calibration.router,
    runs.router,
    admin.router,
)

MOST_BYTES = 2_000_000
"""Of a form; a route that takes files says so itself with a max_body_size of its own."""

RESOURCES: tuple[APIRouter, ...] = (
    api.openapi.router,
    api.calls.router,
    api.queue.router,
    api.standings.router,
    api.runs.router,
    api.exports.router,
)
"""What stands under /api/v1."""


def create_app(workspace: Workspace, *, secure: bool = False) -> FastAPI:
    """The app on a workspace. secure: browsers reach it over HTTPS, so that the cookie is held to that."""
    app = FastAPI(
        title="callcoach", version=__version__, docs_url=None, redoc_url=None, openapi_url=None, max_body_size=MOST_BYTES
    )
    app.state.workspace = workspace
    app.state.secure = secure
    app.state.readiness = Readiness(workspace)
    for router in SCREENS:
        app.include_router(router, include_in_schema=False)
    for router in RESOURCES:
        app.include_router(router, prefix="/api/v1")
    app.add_exception_handler(Problem, _told(lambda error: error))
    app.add_exception_handler(CallcoachError, _told(_of_callcoach))
    app.add_exception_handler(RequestValidationError, _told(_of_request))
    app.add_exception_handler(HTTPException, _told(_of_http))
    app.add_exception_handler(Exception, _told(_unforeseen))
    app.add_middleware(Guard, secure=secure)
    app.add_middleware(Told, templates=lambda: _templates(app), behind_proxy=secure)
    return app


def serve(workspace: Workspace, *, host: str, port: int, secure: bool = False) -> None:
    """Answer requests until stopped. Raises OSError where the address cannot be listened on."""
    import socket

    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening, figures_told(workspace):
        app = create_app(workspace, secure=secure)
        # what is there now stays; looking through all of it for garbage stopped every page for an eighth of a second
        gc.collect()
        gc.freeze()
        # the proxy's word on where somebody comes from counts only where a proxy was announced
        # its own log would quote what errors say; what it tells goes where callcoach's log goes
        config = uvicorn.Config(
            app, log_config=None, log_level="warning", access_log=False, proxy_headers=secure, server_header=False
        )
        uvicorn.Server(config).run(sockets=[listening])


def _templates(app: FastAPI) -> Iterator[tuple[object, str]]:
    for context in iter_route_contexts(app.routes):
        if context.endpoint is not None and context.path is not None:
            yield context.endpoint, context.path


def _told(problem_of: Callable[[Exception], Exception]) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        assert isinstance(problem, Problem)
        told = problem_answer(request, problem)
        if problem.status >= 500:  # what nobody foresaw is answered outside of everything that would put it there
            told.headers[HEADER] = getattr(request.state, "request_id", "")
            guard(told.headers, request.state.nonce, secure=request.app.state.secure)
        return told

    return answer


def _of_callcoach(error: Exception) -> Problem:
    if isinstance(error, NotYours):
        return Problem(str(error), status=403, title="Not yours to change")
    if isinstance(error, EditConflict):
        return Conflict(str(error))
    if isinstance(error, BadInput | UsageError):
        return Unusable(str(error))
    if isinstance(error, SomethingMissing):
        return Problem(str(error), status=409, title="Something is missing")
    return Problem(str(error), status=503, title="This cannot be done now")


def _of_request(error: Exception) -> Problem:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0] if error.errors() else {"loc": (), "msg": "unreadable"}
    where = str(first["loc"][-1]) if first["loc"] else "the request"
    if first["loc"][:1] == ("path",):
        return NotHere()
    return Unusable(f"{where}: {first['msg']}. Correct it and send it again.")


def _of_http(error: Exception) -> Problem:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return NotHere()
    if error.status_code == 405:
        return Problem("This address cannot be used in this way. Go back and use the page's own buttons.", status=405)
    return Problem(str(error.detail), status=error.status_code)


def _unforeseen(error: Exception) -> Problem:
    return Problem(
        f"Something went wrong on the server ({type(error).__name__}). Try again; if it stays so, tell whoever runs callcoach.",
        status=500,
        title="This should not have happened",
    )
