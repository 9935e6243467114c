"""Admin: accounts, sessions, tokens, the audit log. Knows nothing of how they are kept."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app import accounts as people
from callcoach.app.audit import audit_page, verify_audit
from callcoach.app.sign_in_elsewhere import unlink
from callcoach.domain.accounts import Account
from callcoach.domain.people import PersonRole
from callcoach.errors import BadInput, UsageError
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere
from callcoach.web.render import page

router = APIRouter()

Admin = Annotated[Reader, allow(Policy.ADMIN)]
Short = Annotated[str, Form(max_length=400)]
Role = Annotated[PersonRole, Form()]

SAID = {
    "changed": "The account is changed; it holds from the next page on.",
    "disabled": "The account is disabled and its sessions are over.",
    "enabled": "The account may sign in again.",
    "session": "That session is over.",
    "token": "That token works no more.",
    "unlinked": "The link is undone and every session ended. The next sign-in there with this e-mail makes a new link.",
}


@router.get("/admin")
def accounts(request: Request, reader: Admin, done: str = "") -> Response:
    """Everybody who may sign in, and everybody who might."""
    return _accounts(request, reader, said=SAID.get(done, ""))


@router.post("/admin/accounts")
def add(request: Request, reader: Admin, role: Role, email: Short = "", person: Short = "", team: Short = "") -> Response:
    """Make an account, and show its first password this once."""
    try:
        made = people.add_account(
            reader.workspace, email, role, by=reader.known, now=reader.now, person_id=person or None, team=team or None
        )
    except BadInput as error:
        return _accounts(request, reader, problem=str(error), status=422)
    return _accounts(request, reader, secret=made)


@router.get("/admin/accounts/{account_id}")
def one(account_id: str, request: Request, reader: Admin, done: str = "") -> Response:
    """One account."""
    return _one(request, reader, _needed(reader, account_id), said=SAID.get(done, ""))


@router.post("/admin/accounts/{account_id}")
def change(account_id: str, request: Request, reader: Admin, role: Role, person: Short = "", team: Short = "") -> Response:
    """Give it another role, person or team."""
    account = _needed(reader, account_id)
    try:
        people.change_account(
            reader.workspace, account, role=role, person_id=person or None, team=team or None, by=reader.known, now=reader.now
        )
    except BadInput as error:
        return _one(request, reader, account, problem=str(error), status=422)
    return RedirectResponse(f"/admin/accounts/{account.account_id}?done=changed", status_code=303)


@router.post("/admin/accounts/{account_id}/disable")
def disable(account_id: str, request: Request, reader: Admin) -> Response:
    """Let it in no more."""
    account = _needed(reader, account_id)
    try:
        people.disable_account(reader.workspace, account, by=reader.known, now=reader.now)
    except BadInput as error:
        return _one(request, reader, account, problem=str(error), status=422)
    return RedirectResponse(f"/admin/accounts/{account.account_id}?done=disabled", status_code=303)


@router.post("/admin/accounts/{account_id}/enable")
def enable(account_id: str, reader: Admin) -> Response:
    """Let it in again."""
    account = _needed(reader, account_id)
    people.enable_account(reader.workspace, account, by=reader.known, now=reader.now)
    return RedirectResponse(f"/admin/accounts/{account.account_id}?done=enabled", status_code=303)


@router.post("/admin/accounts/{account_id}/password")
def give_password(account_id: str, request: Request, reader: Admin) -> Response:
    """Give it a new password, and show it this once."""
    made = people.give_password(reader.workspace, _needed(reader, account_id), by=reader.known, now=reader.now)
    return _one(request, reader, made.account, secret=made)


@router.post("/admin/accounts/{account_id}/unlink")
def undo_link(account_id: str, reader: Admin) -> Response:
    """Undo its link with another service."""
    account = _needed(reader, account_id)
    if not unlink(reader.workspace, account, by=reader.known, now=reader.now):
        raise NotHere("This account is linked with nobody elsewhere.")
    return RedirectResponse(f"/admin/accounts/{account.account_id}?done=unlinked", status_code=303)


@router.get("/admin/sessions")
def sessions(request: Request, reader: Admin, done: str = "") -> Response:
    """Who is signed in, and which programs have a token."""
    found = people.directory(reader.workspace, reader.now)
    whose = {account.account_id: account for account in found.accounts}
    return page(request, reader, "admin_sessions.html", found=found, whose=whose, said=SAID.get(done, ""))


@router.post("/admin/sessions/{session_id}/end")
def end_session(session_id: str, reader: Admin) -> Response:
    """Sign somebody out."""
    if not people.end_session(reader.workspace, session_id, of=None, by=reader.known, now=reader.now):
        raise NotHere("This session is over already.")
    return RedirectResponse("/admin/sessions?done=session", status_code=303)


@router.post("/admin/tokens/{token_id}/revoke")
def revoke_token(token_id: str, reader: Admin) -> Response:
    """Take a token's power away."""
    if not people.revoke_token(reader.workspace, token_id, of=None, by=reader.known, now=reader.now):
        raise NotHere("This token works no more already.")
    return RedirectResponse("/admin/sessions?done=token", status_code=303)


@router.get("/admin/audit")
def audit(
    request: Request,
    reader: Admin,
    who: Annotated[str, Query(max_length=400)] = "",
    action: Annotated[str, Query(max_length=100)] = "",
    subject: Annotated[str, Query(max_length=400)] = "",
    number: Annotated[str, Query(alias="page", max_length=10)] = "1",
) -> Response:
    """Who did what."""
    return _audit(request, reader, who=who, action=action, subject=subject, number=number)


@router.post("/admin/audit/verify")
def verify(request: Request, reader: Admin) -> Response:
    """Check that the log is whole."""
    return _audit(request, reader, verified=verify_audit(reader.workspace))


def _needed(reader: Reader, account_id: str) -> Account:
    try:
        return people.needed_account(reader.workspace, account_id)
    except UsageError:
        raise NotHere("There is no such account.") from None


def _accounts(
    request: Request,
    reader: Reader,
    *,
    said: str = "",
    problem: str = "",
    secret: people.WithSecret | None = None,
    status: int = 200,
) -> Response:
    found = people.directory(reader.workspace, reader.now)
    return page(request, reader, "admin.html", status=status, found=found, said=said, problem=problem, secret=secret)


def _one(
    request: Request,
    reader: Reader,
    account: Account,
    *,
    said: str = "",
    problem: str = "",
    secret: people.WithSecret | None = None,
    status: int = 200,
) -> Response:
    found = people.own_account(reader.workspace, account, reader.now)
    return page(
        request,
        reader,
        "admin_account.html",
        status=status,
        account=account,
        found=found,
        said=said,
        problem=problem,
        secret=secret,
    )


def _audit(
    request: Request,
    reader: Reader,
    *,
    who: str = "",
    action: str = "",
    subject: str = "",
    number: str = "1",
    verified: object = None,
) -> Response:
    wanted = int(number) if number.isascii() and number.isdigit() else 1
    found = audit_page(reader.workspace, page=wanted, account_id=who or None, action=action or None, subject=subject or None)
    asked = {"who": who, "action": action, "subject": subject}
    narrowed = {name: value for name, value in asked.items() if value}
    accounts = people.directory(reader.workspace, reader.now).accounts
    way = f"/admin/audit?{urlencode(narrowed)}&" if narrowed else "/admin/audit?"
    return page(
        request,
        reader,
        "admin_audit.html",
        found=found,
        asked=asked,
        narrowed=bool(narrowed),
        accounts=accounts,
        way=way,
        verified=verified,
    )
