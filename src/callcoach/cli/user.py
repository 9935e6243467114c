"""`callcoach user`: who may sign in. Thin: parse, one app call, print."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from callcoach.cli.serve import WorkspaceOption
from callcoach.cli.workspace import workspace
from callcoach.domain.people import PersonRole
from callcoach.errors import UsageError

user = typer.Typer(help="Who may sign in to the web app.", no_args_is_help=True)

out = Console()

EmailArgument = Annotated[str, typer.Argument(help="The account's e-mail.")]
RoleOption = Annotated[PersonRole, typer.Option(help="What the account may do.")]
TeamOption = Annotated[str | None, typer.Option(help="A manager's team (id), beside those the people file says they manage.")]
PersonOption = Annotated[
    str | None, typer.Option(help="Who it is in the people file (id). Default: whoever has this e-mail there.", metavar="ID")
]
PasswordFlag = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@user.command()
def add(
    email: EmailArgument,
    role: RoleOption,
    team: TeamOption = None,
    person: PersonOption = None,
    password_stdin: PasswordFlag = False,
    home: WorkspaceOption = None,
) -> None:
    """Make an account, and print a password for the first sign-in unless one is given, or none is taken."""
    from callcoach.app.accounts import add_account

    password = _password() if password_stdin else None
    made = add_account(
        workspace(home), email, role, by=None, now=datetime.now(UTC), person_id=person, team=team, password=password
    )
    _told(f"{made.account.email} may sign in as {role.value}.")
    if password is None and made.secret:
        _told(f"Password for the first sign-in, shown this once: {made.secret}")


@user.command("list")
def list_users(home: WorkspaceOption = None) -> None:
    """Show every account."""
    from callcoach.app.accounts import directory

    found = directory(workspace(home), datetime.now(UTC))
    if not found.accounts:
        _told("Nobody may sign in yet. Make the first account: callcoach user add YOU@EXAMPLE.COM --role admin")
        return
    table = Table("E-mail", "Role", "Person", "Team", "State", box=None, pad_edge=False)
    for account in found.accounts:
        state = "disabled" if account.disabled_at else "first password" if account.must_change else "in use"
        person = found.company.name_of(account.person_id) if account.person_id else ""
        table.add_row(account.email, account.role.value, person, account.team or "", state)
    out.print(table)


@user.command()
def role(
    email: EmailArgument,
    role: Annotated[PersonRole, typer.Argument(help="What the account may do from now on.")],
    team: TeamOption = None,
    person: PersonOption = None,
    home: WorkspaceOption = None,
) -> None:
    """Give an account another role; person and team stay where they are not given."""
    from callcoach.app.accounts import change_account, needed_account

    place = workspace(home)
    account = needed_account(place, email)
    change_account(
        place,
        account,
        role=role,
        person_id=person or account.person_id,
        team=team or account.team,
        by=None,
        now=datetime.now(UTC),
    )
    _told(f"{account.email} is {role.value} from the next page on.")


@user.command()
def disable(
    email: EmailArgument,
    undo: Annotated[bool, typer.Option("--undo", help="Let the account in again.")] = False,
    home: WorkspaceOption = None,
) -> None:
    """Let an account in no more and end its sessions."""
    from callcoach.app.accounts import disable_account, enable_account, needed_account

    place = workspace(home)
    account = needed_account(place, email)
    (enable_account if undo else disable_account)(place, account, by=None, now=datetime.now(UTC))
    _told(f"{account.email} may sign in again." if undo else f"{account.email} may not sign in any more.")


@user.command()
def password(email: EmailArgument, password_stdin: PasswordFlag = False, home: WorkspaceOption = None) -> None:
    """Give an account a new password and end its sessions."""
    from callcoach.app.accounts import give_password, needed_account

    place = workspace(home)
    given = _password() if password_stdin else None
    made = give_password(place, needed_account(place, email), by=None, now=datetime.now(UTC), password=given)
    told = "has the new password." if given is not None else f"has a new password, shown this once: {made.secret}"
    _told(f"{made.account.email} {told}")


@user.command()
def unlink(email: EmailArgument, home: WorkspaceOption = None) -> None:
    """Undo the link of an account with another service; the next sign-in there with its e-mail makes a new one."""
    from callcoach.app.accounts import needed_account
    from callcoach.app.sign_in_elsewhere import unlink as undo_link

    place = workspace(home)
    account = needed_account(place, email)
    undone = undo_link(place, account, by=None, now=datetime.now(UTC))
    _told(f"{account.email} is linked with nobody elsewhere {'any more' if undone else 'as it is'}.")


def _password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UsageError("There is no password on standard input. Pipe one in, or leave --password-stdin out to have one made.")
    return password


def _told(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)
