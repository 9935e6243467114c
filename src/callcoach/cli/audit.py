"""`callcoach audit`: who did what. Thin: parse, one app call, print."""

import typer
from rich.console import Console

from callcoach.cli.serve import WorkspaceOption
from callcoach.cli.workspace import workspace
from callcoach.errors import AuditBroken

audit = typer.Typer(help="The log of who did what.", no_args_is_help=True)

out = Console()


@audit.callback()
def _group() -> None:
    """A group of its own, as more can be asked of a log than whether it is whole."""


@audit.command()
def verify(home: WorkspaceOption = None) -> None:
    """Check that every line of the audit log is there and as it was written."""
    from callcoach.app.audit import verify_audit

    found = verify_audit(workspace(home))
    if found.wrong is not None:
        raise AuditBroken(f"{found.wrong} Keep this database as it is, and compare it with a backup.")
    end = f" It ends with {found.chain}; write that down to notice later if lines are cut off." if found.lines else ""
    out.print(f"The audit log is whole: {found.lines} lines.{end}", markup=False, highlight=False, soft_wrap=True)
