"""The own account: password, sessions, tokens, colours and shortcuts. Knows nothing of how they are kept."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app.accounts import end_other_sessions, end_session, new_token, own_account, revoke_token
from callcoach.app.sign_in import SHORTEST, change_password
from callcoach.errors import BadInput
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere
from callcoach.web.render import page

router = APIRouter()

SignedIn = Annotated[Reader, allow(Policy.SIGNED_IN)]
Password = Annotated[str, Form(max_length=2000)]

SAID = {
    "password": "Your password is changed. Every other browser has been signed out.",
    "session": "That browser is signed out.",
    "sessions": "Every other browser is signed out.",
    "token": "That token works no more.",
}


@router.get("/account")
def account(request: Request, reader: SignedIn, done: str = "") -> Response:
    """The page."""
    return _shown(request, reader, said=SAID.get(done, ""))


@router.post("/account/password")
def password(request: Request, reader: SignedIn, old: Password = "", new: Password = "", again: Password = "") -> Response:
    """Replace the password."""
    if new != again:
        return _shown(request, reader, problem="The new password is not the same twice. Type it again.", status=422)
    try:
        change_password(reader.workspace, reader.known, old, new, session=reader.session, now=reader.now)
    except BadInput as error:
        return _shown(request, reader, problem=str(error), status=422)
    return _done("password")


@router.post("/account/sessions/end-others")
def end_others(reader: SignedIn) -> Response:
    """Sign out every other browser."""
    end_other_sessions(reader.workspace, reader.known, reader.session, reader.now)
    return _done("sessions")


@router.post("/account/sessions/{session_id}/end")
def end_one(session_id: str, reader: SignedIn) -> Response:
    """Sign out one of the own browsers."""
    if not end_session(reader.workspace, session_id, of=reader.known, by=reader.known, now=reader.now):
        raise NotHere("This session is over already.")
    return _done("session")


@router.post("/account/tokens")
def add_token(request: Request, reader: SignedIn, name: Annotated[str, Form(max_length=400)] = "") -> Response:
    """Make a token, and show it this once."""
    try:
        made = new_token(reader.workspace, reader.known, name, by=reader.known, now=reader.now)
    except BadInput as error:
        return _shown(request, reader, problem=str(error), status=422)
    return _shown(request, reader, token=made.secret)


@router.post("/account/tokens/{token_id}/revoke")
def take_token(token_id: str, reader: SignedIn) -> Response:
    """Take one of the own tokens' power away."""
    if not revoke_token(reader.workspace, token_id, of=reader.known, by=reader.known, now=reader.now):
        raise NotHere("This token works no more already.")
    return _done("token")


def _done(what: str) -> Response:
    return RedirectResponse(f"/account?done={what}", status_code=303)


def _shown(
    request: Request, reader: Reader, *, said: str = "", problem: str = "", token: str = "", status: int = 200
) -> Response:
    found = own_account(reader.workspace, reader.known, reader.now)
    return page(
        request, reader, "account.html", status=status, found=found, said=said, problem=problem, token=token, shortest=SHORTEST
    )
