"""Note who did what, in a log that shows when it was tampered with. Knows nothing of screens."""

from datetime import datetime
from typing import NamedTuple

from callcoach.app.workspace import Workspace
from callcoach.domain.accounts import Account, AuditLine
from callcoach.storage.audit import Audit, Verified

LINES_A_PAGE = 50


class AuditPage(NamedTuple):
    """Some lines of the log, the newest first, and which page of how many they are (from 1)."""

    lines: tuple[AuditLine, ...]
    n: int
    page: int
    pages: int


def note(workspace: Workspace, account: Account | None, action: str, subject: str, at: datetime, **details: object) -> AuditLine:
    """Add a line: who did what (`call.read`, `review.add`) to what, when; None as account: callcoach's own command line."""
    return Audit(workspace.store).add(
        at=at,
        account_id=account.account_id if account else None,
        email=account.email if account else "command line",
        action=action,
        subject=subject,
        details={name: str(value) for name, value in details.items() if value is not None},
    )


def audit_page(
    workspace: Workspace, *, page: int = 1, account_id: str | None = None, action: str | None = None, subject: str | None = None
) -> AuditPage:
    """A page of the log, narrowed to an account, to actions that begin so, to subjects that hold a text."""
    log = Audit(workspace.store)
    page = min(max(1, page), 10**9)
    n, lines = log.lines(account_id=account_id, action=action, subject=subject, skip=(page - 1) * LINES_A_PAGE, most=LINES_A_PAGE)
    return AuditPage(lines, n, page, max(1, -(-n // LINES_A_PAGE)))


def verify_audit(workspace: Workspace) -> Verified:
    """Whether every line is there and as it was written."""
    return Audit(workspace.store).verify()
