"""Reach a Ray cluster, or start one on this machine, and say how many workers have room there. Knows nothing of any work.

Ray is an optional extra and is imported here alone, when a cluster is needed. Nothing is reported to anybody: no usage
statistics, no dashboard, no environment that is shipped to the workers.
"""

import importlib
import importlib.util
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from callcoach.errors import ClusterUnusable, SomethingMissing, UsageError

LOOK_SECONDS = 1.0
HEAD_SECONDS = 10.0
"""A head is given at least so long to say that it is one: the process that asks has to import Ray."""
OBJECT_STORE_BYTES = 256_000_000
"""Of a cluster of our own: a few transcripts are on their way at any time, never sound."""
GUIDE = 'See "On a Ray cluster" in docs/operations.md.'
QUIET: Mapping[str, str] = {
    "RAY_USAGE_STATS_ENABLED": "0",
    # would send the folder that the command was given in to every worker
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    # Ray says on standard output, where --json goes, that a worker died; we say it in a sentence of our own
    "RAY_DEDUP_LOGS": "1",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",
}
_HOST_AND_PORT = re.compile(r"\[?(?P<host>[^\s/\[\]]+?)\]?:(?P<port>\d{1,5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What one worker asks a machine of the cluster for. gpus: parts of one are shared; memory: bytes, 0 for not counted."""

    cpus: float = 1.0
    gpus: float = 0.0
    memory: int = 0

    @property
    def resources(self) -> dict[str, float]:
        """By the names that Ray has for them, what is not asked for left out."""
        named = {"CPU": self.cpus, "GPU": self.gpus, "memory": float(self.memory)}
        return {name: needed for name, needed in named.items() if needed}

    def __str__(self) -> str:
        memory = f" and {self.memory / 1e9:.0f} GB of memory" if self.memory else ""
        return f"{self.cpus:g} CPU, {self.gpus:g} GPU{memory}"


class Cluster:
    """A Ray cluster, reached when first needed; a process is on one at a time. One of our own ends with this process."""

    def __init__(self, address: str | None, *, cores: int, wait: float) -> None:
        """address: HOST:PORT of the head, `auto` for the one that this machine is part of; None starts one with `cores` here.

        wait: seconds after which a cluster that does not answer, or gives no worker, is given up.
        Raises SomethingMissing where Ray is not installed, UsageError for an address of another kind.
        """
        if not is_installed():
            raise SomethingMissing(
                "Ray is not installed here. Install it with pip install 'callcoach[ray]', on every machine of the cluster, or "
                "leave out --executor ray."
            )
        if address not in (None, "auto"):
            _host_and_port(address)
        self._address, self._cores, self.wait = address, cores, wait

    @property
    def name(self) -> str:
        """For sentences."""
        return "The cluster on this machine" if self._address is None else f"The cluster at {self._address}"

    def connected(self) -> Any:
        """Ray itself, connected. Raises ClusterUnusable."""
        os.environ.update(QUIET)  # some of it is read when Ray is imported
        ray = importlib.import_module("ray")
        if ray.is_initialized():
            return ray
        if self._address is not None:
            trouble = unreachable(self._address, wait=self.wait) or _no_head(self._address, wait=self.wait)
            if trouble is not None:
                raise ClusterUnusable(f"{trouble} {GUIDE}")
        own = {"num_cpus": self._cores, "object_store_memory": OBJECT_STORE_BYTES, "include_dashboard": False}
        try:
            ray.init(
                address=self._address or "local", log_to_driver=False, logging_level="ERROR", **({} if self._address else own)
            )
        except Exception as error:
            said = str(error).strip().partition("\n")[0]
            raise ClusterUnusable(
                f"{self.name} cannot be used ({type(error).__name__}: {said}). callcoach must be started on one of its "
                f"machines, with the same versions of Python and Ray on all. {GUIDE}"
            ) from error
        return ray

    def room(self, needs: Needs) -> int:
        """How many workers fit on its machines if nobody else uses them, at least one. Raises ClusterUnusable."""
        machines = [node["Resources"] for node in self.connected().nodes() if node["Alive"]]
        fit = sum(min(int(has.get(name, 0.0) // needed) for name, needed in needs.resources.items()) for has in machines)
        if fit == 0:
            held = ", ".join(f"{has.get('CPU', 0):g} CPU and {has.get('GPU', 0):g} GPU" for has in machines) or "nothing"
            raise ClusterUnusable(
                f"{self.name} has no machine with room for a worker of {needs}; there is {held}. Lower CALLCOACH_RAY_CPUS or "
                f"CALLCOACH_RAY_GPUS, or start Ray on a machine that has it. {GUIDE}"
            )
        return fit


def is_installed() -> bool:
    """Whether Ray could be imported; it is not."""
    return importlib.util.find_spec("ray") is not None


def unreachable(address: str, *, wait: float) -> str | None:
    """The sentence that says that nobody listens at HOST:PORT, tried for `wait` seconds; None where somebody does.

    Nothing of Ray is imported. `auto` is looked for only by Ray itself. Raises UsageError for an address of another kind.
    """
    if address == "auto":
        return None
    host, port = _host_and_port(address)
    give_up_at = time.monotonic() + wait
    while True:
        left = give_up_at - time.monotonic()
        try:
            with socket.create_connection((host, port), timeout=max(LOOK_SECONDS, min(left, 10.0))):
                return None
        except OSError as trouble:
            if left <= LOOK_SECONDS:
                return (
                    f"No Ray cluster answers at {address} within {wait:.0f} s ({trouble.strerror or trouble}). Start it there "
                    "with ray start --head, or correct --address; CALLCOACH_RAY_WAIT sets how long is waited."
                )
        time.sleep(LOOK_SECONDS)


def _no_head(address: str, *, wait: float) -> str | None:
    """The sentence that says that what listens there is no head; None where it is one.

    Asked by a process of its own: Ray itself would try for many minutes, and then end the process that asked.
    """
    if address == "auto":
        return None
    ask = "import sys; from ray.scripts.scripts import cli; sys.argv[0] = 'ray'; cli()"
    command = [sys.executable, "-c", ask, "health-check", "--skip-version-check", "--address", address]
    with suppress(subprocess.TimeoutExpired):
        if subprocess.run(command, timeout=max(HEAD_SECONDS, wait), capture_output=True, check=False).returncode == 0:
            return None
    return (
        f"What listens at {address} does not answer as the head of a Ray cluster of this version. Give --address the port that "
        "ray start --head has printed, 6379 where none was chosen."
    )


def _host_and_port(address: str | None) -> tuple[str, int]:
    found = _HOST_AND_PORT.fullmatch(address or "")
    if found is None or not 0 < int(found["port"]) < 65536:
        raise UsageError(
            f"{address}: is no address of a Ray cluster. Give HOST:PORT of its head, for instance head.example:6379, or auto on "
            "a machine that is part of it."
        )
    return found["host"], int(found["port"])
