"""Tell Prometheus of this process at an address of its own, apart from the one that people use. Decides on no figure.

A port of its own is the way of Prometheus, and needs no account: whoever can reach the port is let in, so it is this machine's
alone unless the setting says otherwise. Nothing told there names anybody.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from callcoach.app.workspace import Workspace
from callcoach.errors import UsageError
from callcoach.events import listen


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int


def address_of(setting: str) -> Address:
    """HOST:PORT, or PORT for this machine alone; [HOST]:PORT for IPv6. Raises UsageError."""
    host, _, port = setting.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    try:
        host = str(ipaddress.ip_address("127.0.0.1" if host == "localhost" else host))
        number = int(port)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise UsageError(f"CALLCOACH_METRICS_LISTEN ({setting}) is no address to listen at. Write it like 127.0.0.1:9464.")
    return Address(host, number)


@contextmanager
def figures_told(workspace: Workspace) -> Iterator[Address | None]:
    """The block is a server; while it runs its figures can be asked for where the settings say. None: they say nothing.

    Raises UsageError where that address cannot be listened at.
    """
    setting = workspace.settings.metrics_listen
    if setting is None:
        yield None
        return
    from prometheus_client import disable_created_metrics, start_http_server

    from callcoach.app.metrics import Metrics

    disable_created_metrics()  # type: ignore[no-untyped-call]
    address, metrics = address_of(setting), Metrics(workspace, where="serve")
    try:
        server, thread = start_http_server(address.port, addr=address.host, registry=metrics.registry)
    except OSError as trouble:
        raise UsageError(
            f"CALLCOACH_METRICS_LISTEN ({setting}): it cannot be listened at ({trouble.strerror}). Choose another port."
        ) from None
    stop = listen(metrics.hear)
    try:
        yield address
    finally:
        stop()
        server.shutdown()
        server.server_close()
        thread.join()
