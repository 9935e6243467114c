"""Sign in and out. Knows nothing of how a password, or another service's word, is checked."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from callcoach.app import sign_in as signing_in
from callcoach.app import sign_in_elsewhere as elsewhere
from callcoach.domain.accounts import LONGEST
from callcoach.web.access import Policy, Reader, allow, cookie_name
from callcoach.web.problems import NotHere
from callcoach.web.render import THEME_COOKIE, THEMES, page

router = APIRouter()


def own_path(path: str) -> str:
    """The path, where it is one of ours; the start page otherwise: an address elsewhere must not be reached from here."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if plain and path.isprintable() and len(path) < 2000 else "/"


@router.get("/sign-in")
def sign_in_form(
    request: Request, reader: Annotated[Reader, allow(Policy.OPEN)], next: str = "/", still_in: bool = False
) -> Response:
    """The form, and the way to another service where there is one. still_in: somebody who has just left is still in there."""
    if reader.account is not None:
        return RedirectResponse(own_path(next), status_code=303)
    return _door(request, reader, next=next, still_in=still_in)


@router.post("/sign-in")
def sign_in(
    request: Request,
    reader: Annotated[Reader, allow(Policy.OPEN)],
    email: Annotated[str, Form(max_length=400)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    next: Annotated[str, Form(max_length=4000)] = "/",
) -> Response:
    """Check and begin a session."""
    entered = signing_in.sign_in(
        reader.workspace, email, password, address=_address(request), agent=request.headers.get("user-agent", ""), now=reader.now
    )
    if entered.secret is None:
        return _door(request, reader, next=next, email=email, sentence=entered.sentence, status=400)
    return _let_in(request, entered.secret, next)


@router.get("/sign-in/elsewhere")
def set_out(
    request: Request,
    reader: Annotated[Reader, allow(Policy.OPEN)],
    next: Annotated[str, Query(max_length=4000)] = "/",
) -> Response:
    """Send the browser to the other service. A link and no form: a form would not be let go to another host."""
    _need_a_service(reader)
    if reader.account is not None:
        return RedirectResponse(own_path(next), status_code=303)
    sent = elsewhere.set_out(
        reader.workspace, back=_back(request), goal=own_path(next), address=_address(request), now=reader.now
    )
    if sent.address is None:
        return _door(request, reader, next=next, sentence=sent.sentence, status=503)
    answer = RedirectResponse(sent.address, status_code=303)
    secure = request.app.state.secure
    answer.set_cookie(
        _door_cookie(secure),
        sent.browser,
        max_age=int(elsewhere.AT_MOST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/sign-in/elsewhere/back")
def arrive(
    request: Request,
    reader: Annotated[Reader, allow(Policy.OPEN)],
    state: Annotated[str, Query(max_length=4000)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Come back from it, and begin a session where its word is good."""
    _need_a_service(reader)
    secure = request.app.state.secure
    arrived = elsewhere.arrive(
        reader.workspace,
        elsewhere.Answer(state=state, code=code, error=error, issuer=iss),
        browser=request.cookies.get(_door_cookie(secure), ""),
        back=_back(request),
        address=_address(request),
        agent=request.headers.get("user-agent", ""),
        now=reader.now,
    )
    secret = arrived.entered.secret
    answer = (
        _let_in(request, secret, arrived.goal)
        if secret is not None
        else _door(request, reader, next=arrived.goal, sentence=arrived.entered.sentence, status=400)
    )
    answer.delete_cookie(_door_cookie(secure), path="/", secure=secure, httponly=True, samesite="lax")
    return answer


@router.get("/sign-in/elsewhere/out")
def leave(request: Request, reader: Annotated[Reader, allow(Policy.OPEN)]) -> Response:
    """Send the browser to where it signs out at the other service, too."""
    _need_a_service(reader)
    sent = elsewhere.way_out(reader.workspace, address=_address(request), now=reader.now)
    if sent.address is None:
        return _door(request, reader, next="/", sentence=sent.sentence, status=503)
    return RedirectResponse(sent.address, status_code=303)


def _door(
    request: Request,
    reader: Reader,
    *,
    next: str,
    email: str = "",
    sentence: str = "",
    still_in: bool = False,
    status: int = 200,
) -> HTMLResponse:
    told = {"next": own_path(next), "email": email, "sentence": sentence, "still_in": still_in}
    return page(request, reader, "sign_in.html", status=status, **told, ways=elsewhere.ways_in(reader.workspace))


def _let_in(request: Request, secret: str, goal: str) -> Response:
    answer = RedirectResponse(own_path(goal), status_code=303)
    secure = request.app.state.secure
    answer.set_cookie(
        cookie_name(secure),
        secret,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _need_a_service(reader: Reader) -> None:
    if elsewhere.ways_in(reader.workspace).host is None:
        raise NotHere


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _back(request: Request) -> str:
    """Where the other service sends the browser: it has to be told there word for word beforehand."""
    scheme = "https" if request.app.state.secure else request.url.scheme
    return f"{scheme}://{request.url.netloc}/sign-in/elsewhere/back"


def _door_cookie(secure: bool) -> str:
    return f"{cookie_name(secure)}-door"


@router.post("/sign-out")
def sign_out(request: Request, reader: Annotated[Reader, allow(Policy.OPEN)]) -> Response:
    """End the session; one that is over already is no problem. The other service's own session is left to a link there."""
    goal = "/sign-in"
    if reader.account is not None and reader.session is not None:
        signing_in.sign_out(reader.workspace, reader.account, reader.session, reader.now)
        if elsewhere.still_in(reader.workspace, reader.account):
            goal = "/sign-in?still_in=1"
    answer = RedirectResponse(goal, status_code=303)
    secure = request.app.state.secure
    answer.delete_cookie(cookie_name(secure), path="/", secure=secure, httponly=True, samesite="lax")
    return answer


@router.post("/theme")
def theme(
    request: Request,
    reader: Annotated[Reader, allow(Policy.OPEN)],
    theme: Annotated[str, Form(max_length=20)] = "",
    next: Annotated[str, Form(max_length=4000)] = "/",
) -> Response:
    """Keep the colours somebody wants; anything but light and dark is the machine's own choice."""
    answer = RedirectResponse(own_path(next), status_code=303)
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=31536000, path="/", secure=request.app.state.secure, samesite="lax")
    else:
        answer.delete_cookie(THEME_COOKIE, path="/")
    return answer
