"""Have a run begun now, as a process of its own that outlives whoever asked, and tell how far it is. Runs nothing itself."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from callcoach.app.past_runs import is_held
from callcoach.app.staging import address_of
from callcoach.app.uploads import folders_of_runs, watched_folder
from callcoach.app.workspace import Workspace
from callcoach.errors import AlreadyRunning, SomethingMissing
from callcoach.storage.run_lock import RunLock
from callcoach.storage.runs import Runs

STEP = re.compile(r"^(?P<stage>[A-Z][a-z]+)\s+(?P<share>\d{1,3})% ?(?P<latest>.*)$")
"""A line of progress, as it is written where no terminal is."""
TAIL = 64 * 1024
_starting = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunHere:
    """A run that somebody began here. going: whether its process runs; code: how it ended, None where that is not known.

    stage, share (0..100) and latest: how far it is; said: the last it said, where it ended badly.
    """

    at: datetime
    by: str
    going: bool
    code: int | None
    stage: str | None
    share: int | None
    latest: str | None
    said: str | None


def run_now(workspace: Workspace, *, by: str, at: datetime) -> None:
    """Begin a nightly run over the folders of the latest run, and over the one that calls are taken into.

    Raises AlreadyRunning where one goes on, SomethingMissing where it is not known where the initiatives or the calls lie.
    """
    with _starting:
        begun = begun_here(workspace)
        if is_held(RunLock(workspace.store).holder(), at) or (begun is not None and begun.going):
            raise AlreadyRunning(
                "A run goes on. What it does not find now, the next one finds; begin that when this one has ended."
            )
        folders = [each for each in folders_of_runs(workspace) if each.is_dir()]
        into = watched_folder(workspace)
        if into.is_dir() and into not in folders:
            folders.append(into)
        if not folders:
            raise SomethingMissing("There is no folder with calls yet. Hand in calls first, then begin a run.")
        places = [address_of(workspace, each) or str(each) for each in folders]
        command = [sys.executable, "-m", "callcoach.cli.main", "nightly", *places]
        command += ["--rubrics", str(_rubrics(workspace)), "--home", str(workspace.settings.home.resolve())]
        room = workspace.settings.home / "intake"
        room.mkdir(parents=True, exist_ok=True)
        with (room / "run.log").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(workspace), start_new_session=True
            )
        noted = {"pid": process.pid, "at": at.isoformat(), "by": by, "code": None}
        _note(room, noted)
        threading.Thread(target=_wait, args=(process, room, noted), daemon=True, name="run begun here").start()


def begun_here(workspace: Workspace) -> BegunHere | None:
    """The run that was begun here last; None where none ever was."""
    room = workspace.settings.home / "intake"
    try:
        noted = json.loads((room / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    lines = _last_lines(room / "run.log")
    steps = [found for line in lines if (found := STEP.match(line))]
    going = noted["code"] is None and _runs(int(noted["pid"]))
    step = steps[-1] if steps and going else None
    spoken = [line for line in lines if line.strip() and not STEP.match(line)]
    return BegunHere(
        at=datetime.fromisoformat(noted["at"]),
        by=noted["by"],
        going=going,
        code=noted["code"],
        stage=step["stage"] if step else None,
        share=min(100, int(step["share"])) if step else None,
        latest=step["latest"][:80] if step else None,
        said=spoken[-1][:500] if spoken and not going and noted["code"] != 0 else None,
    )


def _rubrics(workspace: Workspace) -> Path:
    read = next((run.rubrics for run in reversed(Runs(workspace.store).all()) if run.rubrics), "rubrics")
    rubrics = Path(read).resolve()
    if not rubrics.is_dir():
        raise SomethingMissing(
            f"{rubrics}: there are no initiatives. Begin the first run by hand and name their folder: "
            "callcoach nightly FOLDER --rubrics FOLDER."
        )
    return rubrics


def _environment(workspace: Workspace) -> Mapping[str, str]:
    settings = {**os.environ, "PYTHONUNBUFFERED": "1"}
    if workspace.settings.database_url is not None:
        settings["CALLCOACH_DATABASE_URL"] = workspace.settings.database_url
    return settings


def _wait(process: "subprocess.Popen[bytes]", room: Path, noted: dict[str, object]) -> None:
    code = process.wait()
    with suppress(OSError):
        _note(room, {**noted, "code": code})


def _note(room: Path, noted: Mapping[str, object]) -> None:
    beside = room / ".run.json.part"
    beside.write_text(json.dumps(noted), encoding="utf-8")
    beside.replace(room / "run.json")


def _runs(pid: int) -> bool:
    """Whether that process is there and not dead and unburied."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        with suppress(OSError):
            if not Path("/proc").is_dir():
                os.kill(pid, 0)
                return True
        return False
    return state not in "ZX"


def _last_lines(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
