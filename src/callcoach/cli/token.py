"""`callcoach token`: keys for programs. Thin: parse, one app call, print."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from callcoach.cli.serve import WorkspaceOption
from callcoach.cli.workspace import workspace
from callcoach.errors import UsageError

token = typer.Typer(help="Keys with which programs use the JSON interface.", no_args_is_help=True)

out = Console()


@token.command()
def new(
    email: Annotated[str, typer.Argument(help="Whose it is: it may what this account may.")],
    name: Annotated[str, typer.Option(help="What uses it.")],
    home: WorkspaceOption = None,
) -> None:
    """Make a token and print it, this once."""
    from callcoach.app.accounts import needed_account, new_token

    place = workspace(home)
    made = new_token(place, needed_account(place, email), name, by=None, now=datetime.now(UTC))
    out.print(made.secret, markup=False, highlight=False, soft_wrap=True)


@token.command("list")
def list_tokens(home: WorkspaceOption = None) -> None:
    """Show every token that is not revoked; its secret is kept nowhere."""
    from callcoach.app.accounts import tokens_of

    found = tokens_of(workspace(home))
    if not found:
        out.print("There is no token. Make one: callcoach token new EMAIL --name NAME", markup=False, highlight=False)
        return
    table = Table("Id", "Name", "Whose", "Made", "Last used", box=None, pad_edge=False)
    for each, account in found:
        used = each.used_at.strftime("%Y-%m-%d") if each.used_at else "never"
        table.add_row(each.token_id, each.name, account.email, each.made_at.strftime("%Y-%m-%d"), used)
    out.print(table)


@token.command()
def revoke(
    token_id: Annotated[str, typer.Argument(help="As `callcoach token list` shows it.")], home: WorkspaceOption = None
) -> None:
    """Take a token's power away."""
    from callcoach.app.accounts import revoke_token

    if not revoke_token(workspace(home), token_id, of=None, by=None, now=datetime.now(UTC)):
        raise UsageError(f"No token {token_id}. See which there are: callcoach token list.")
    out.print(f"{token_id} is revoked.", markup=False, highlight=False)
