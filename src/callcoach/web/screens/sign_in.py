"""Sign in and out. Knows nothing of how a password is checked."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app import sign_in as signing_in
from callcoach.domain.accounts import LONGEST
from callcoach.web.access import Policy, Reader, allow, cookie_name
from callcoach.web.render import THEME_COOKIE, THEMES, page

router = APIRouter()


def own_path(path: str) -> str:
    """The path, where it is one of ours; the start page otherwise: an address elsewhere must not be reached from here."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if plain and path.isprintable() and len(path) < 2000 else "/"


@router.get("/sign-in")
def sign_in_form(request: Request, reader: Annotated[Reader, allow(Policy.OPEN)], next: str = "/") -> Response:
    """The form."""
    if reader.account is not None:
        return RedirectResponse(own_path(next), status_code=303)
    return page(request, reader, "sign_in.html", next=own_path(next), email="", sentence="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    reader: Annotated[Reader, allow(Policy.OPEN)],
    email: Annotated[str, Form(max_length=400)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    next: Annotated[str, Form(max_length=4000)] = "/",
) -> Response:
    """Check and begin a session."""
    address = request.client.host if request.client else ""
    entered = signing_in.sign_in(
        reader.workspace, email, password, address=address, agent=request.headers.get("user-agent", ""), now=reader.now
    )
    if entered.secret is None:
        return page(request, reader, "sign_in.html", status=400, next=own_path(next), email=email, sentence=entered.sentence)
    answer = RedirectResponse(own_path(next), status_code=303)
    secure = request.app.state.secure
    answer.set_cookie(
        cookie_name(secure),
        entered.secret,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request, reader: Annotated[Reader, allow(Policy.OPEN)]) -> Response:
    """End the session; one that is over already is no problem."""
    if reader.account is not None and reader.session is not None:
        signing_in.sign_out(reader.workspace, reader.account, reader.session, reader.now)
    answer = RedirectResponse("/sign-in", status_code=303)
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
