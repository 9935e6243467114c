"""`callcoach serve`: the web app. Thin: parse, check what is there, serve."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import workspace
from callcoach.errors import UsageError

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "--home", help="Folder of the database and the briefs. Default: callcoach-data.", metavar="DIR"),
]

out = Console()
err = Console(stderr=True)


def serve(
    home: WorkspaceOption = None,
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0: every one of this machine.")] = "127.0.0.1",
    behind_https: Annotated[
        bool,
        typer.Option("--behind-https", help="Browsers come over HTTPS, through a proxy on this machine: cookies are held to it."),
    ] = False,
) -> None:
    """Serve the web app to browsers until stopped."""
    from callcoach.app.accounts import has_admin
    from callcoach.app.sign_in_elsewhere import ways_in
    from callcoach.web.render import front_end_is_built
    from callcoach.web.server import serve as serve_app

    place = workspace(home, serving=True)
    ways_in(place)  # settings that let nobody in, or that cannot be used, are told now rather than to whoever comes first
    if not has_admin(place):
        err.print(
            "Nobody can administer yet. Make the first account, in another terminal or before the next start: "
            f"callcoach user add YOU@EXAMPLE.COM --role admin{f' --workspace {home}' if home else ''}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    if not front_end_is_built():
        err.print(
            "The front end is not built: pages work as plain forms, without player, shortcuts and live effects. "
            "With Node.js 20 or later installed, build it: make frontend",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    if host not in ("127.0.0.1", "localhost", "::1") and not behind_https:
        err.print(
            "Passwords and calls travel unencrypted to this address. Put a proxy with HTTPS in front and give --behind-https.",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    name = f"[{host}]" if ":" in host else host
    out.print(f"callcoach serves http://{name}:{port} until you press Ctrl+C.", markup=False, highlight=False)
    sys.stdout.flush()
    try:
        serve_app(place, host=host, port=port, secure=behind_https)
    except OSError as trouble:
        raise UsageError(f"{host}:{port}: it cannot be listened on ({trouble.strerror}). Choose another --port.") from None
