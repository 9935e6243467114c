"""Who may sign in and as what: accounts, their sessions and tokens, and lines of the audit log. Knows nothing of passwords."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callcoach.domain.people import PersonRole, Viewer

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in. person_id: who they are in the people file; team: a team id a manager's account was made for.

    must_change: the password was given by somebody else and is to be replaced before anything else is done.
    """

    account_id: str
    email: str
    role: PersonRole
    made_at: datetime
    person_id: str | None = None
    team: str | None = None
    disabled_at: datetime | None = None
    must_change: bool = False

    @property
    def viewer(self) -> Viewer:
        """The account as the rule of who sees whom takes it."""
        return Viewer(role=self.role, person_id=self.person_id, team=self.team)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that is signed in. seen_at is kept to some minutes; address and agent are what the browser came with."""

    session_id: str
    account_id: str
    begun_at: datetime
    seen_at: datetime
    address: str = ""
    agent: str = ""

    def over(self, now: datetime) -> bool:
        """Whether it has been idle or alive for too long."""
        return now - self.seen_at > IDLE or now - self.begun_at > LONGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Whose word lets somebody in: another service (its issuer) and who they are there (its subject), never the e-mail."""

    issuer: str
    subject: str
    account_id: str
    linked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A key for programs, which may what its account may."""

    token_id: str
    account_id: str
    name: str
    made_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """Who did what to what. number counts from 1; chain is the hash over this line and the one before."""

    number: int
    at: datetime
    action: str
    subject: str
    account_id: str | None = None
    email: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    chain: str = ""
