"""Who asks, and what they may: every route declares a policy and gets a Reader by it. Knows nothing of screens."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from fastapi import Depends, Request

from callcoach.app import current
from callcoach.app.sign_in import known_by_session, known_by_token
from callcoach.app.workspace import Workspace
from callcoach.domain.accounts import Account, Session
from callcoach.domain.people import Company, PersonRole, Viewer, VisibleReps, visible_reps
from callcoach.web.problems import NotPermitted, NotSignedIn, PasswordDue

BEARER = "Bearer "
WITH_OLD_PASSWORD = ("/account", "/account/password", "/sign-out", "/theme")
"""What somebody may do before a password that was given to them is replaced."""


class Policy(StrEnum):
    """Who may use a route. SHIPPED: files of the program itself and probes, for which nobody is looked up."""

    SHIPPED = "shipped"
    OPEN = "open"
    SIGNED_IN = "signed in"
    OWN_CALLS = "own calls"
    REVIEW = "review"
    TEAMS = "teams"
    ENABLEMENT = "enablement"
    OPERATIONS = "operations"
    PULSE = "pulse"
    ADMIN = "admin"


_EVERYBODY = frozenset(PersonRole)
ROLES: Mapping[Policy, frozenset[PersonRole]] = {
    Policy.SHIPPED: _EVERYBODY,
    Policy.OPEN: _EVERYBODY,
    Policy.SIGNED_IN: _EVERYBODY,
    Policy.OWN_CALLS: _EVERYBODY - {PersonRole.EXECUTIVE},
    Policy.REVIEW: frozenset({PersonRole.MANAGER, PersonRole.ENABLEMENT, PersonRole.ADMIN}),
    Policy.TEAMS: _EVERYBODY - {PersonRole.REP},
    Policy.ENABLEMENT: frozenset({PersonRole.ENABLEMENT, PersonRole.ADMIN}),
    Policy.OPERATIONS: frozenset({PersonRole.ENABLEMENT, PersonRole.ADMIN}),
    Policy.PULSE: frozenset({PersonRole.REP, PersonRole.MANAGER}),
    Policy.ADMIN: frozenset({PersonRole.ADMIN}),
}
"""Which roles each policy lets in; OPEN and SHIPPED let in those as well who are not signed in."""

WITHOUT_SIGN_IN = frozenset({Policy.OPEN, Policy.SHIPPED})


class Reader:
    """Whoever asks, with what they may see; what costs a question to the database is asked once, when it is needed."""

    def __init__(self, workspace: Workspace, account: Account | None, session: Session | None = None) -> None:
        self.workspace = workspace
        self.account = account
        self.session = session
        self.now = datetime.now(UTC)

    @property
    def known(self) -> Account:
        """The account; only for routes that let nobody in without one."""
        if self.account is None:
            raise NotSignedIn
        return self.account

    @property
    def by(self) -> str:
        """Under which name their words are kept: the person's, or the account's where it is nobody's in particular."""
        return self.known.person_id or self.known.email

    @property
    def viewer(self) -> Viewer:
        """The account as the rule of who sees whom takes it."""
        return self.known.viewer

    @cached_property
    def company(self) -> Company:
        """The company as the latest run read it."""
        return current.current_company(self.workspace)

    @cached_property
    def visible(self) -> VisibleReps:
        """The reps whose calls they may see."""
        return visible_reps(self.viewer, self.company)

    @cached_property
    def name(self) -> str:
        """What the person is called."""
        person = self.company.person(self.known.person_id)
        return person.name if person else self.known.email

    def may(self, policy: Policy) -> bool:
        """Whether a route with this policy would let them in."""
        return policy in WITHOUT_SIGN_IN or (self.account is not None and self.account.role in ROLES[policy])


class Gate:
    """Lets those through whom a policy permits."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __call__(self, request: Request) -> Reader:
        """The reader; raises where they may not."""
        workspace: Workspace = request.app.state.workspace
        reader = _reader(request, workspace)
        request.state.reader = reader
        if self.policy is Policy.OPEN:
            return reader
        if reader.account is None:
            raise NotSignedIn
        if reader.account.must_change and request.url.path not in WITH_OLD_PASSWORD:
            raise PasswordDue
        if not reader.may(self.policy):
            raise NotPermitted(reader.account.role, ROLES[self.policy])
        return reader


class OpenGate(Gate):
    """Lets everybody through without a question, and without a thread: those may all be waiting for the database."""

    async def __call__(self, request: Request) -> Reader:  # type: ignore[override]
        """A reader who is nobody."""
        return Reader(request.app.state.workspace, None)


def allow(policy: Policy) -> Reader:
    """The dependency of a route: `reader: Annotated[Reader, allow(Policy.REVIEW)]`."""
    gate: Reader = Depends(OpenGate(policy) if policy is Policy.SHIPPED else Gate(policy))
    return gate


def cookie_name(secure: bool) -> str:
    """The name of the session's cookie; the prefix makes browsers hold it to this host and to HTTPS."""
    return "__Host-callcoach" if secure else "callcoach"


def _reader(request: Request, workspace: Workspace) -> Reader:
    now = datetime.now(UTC)
    authorization = request.headers.get("authorization", "")
    if authorization.startswith(BEARER):
        known = known_by_token(workspace, authorization.removeprefix(BEARER).strip(), now)
        return Reader(workspace, known.account if known else None)
    secret = request.cookies.get(cookie_name(request.app.state.secure))
    known = known_by_session(workspace, secret, now) if secret else None
    return Reader(workspace, known.account, known.session) if known else Reader(workspace, None)
