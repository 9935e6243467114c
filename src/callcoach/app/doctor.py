"""What is installed, configured, stale or broken here, and the command that mends it. Changes nothing and loads no model."""

import importlib.util
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import callcoach
from callcoach.app.deliver import channels
from callcoach.app.metrics_address import address_of
from callcoach.app.metrics_file import file_of
from callcoach.app.opinions import adviser
from callcoach.app.past_runs import is_held
from callcoach.app.workspace import Workspace, judge_folder
from callcoach.batch.ray_cluster import unreachable
from callcoach.coaching.notation import count
from callcoach.errors import CallcoachError, StorageError
from callcoach.intake.file_names import FileNames
from callcoach.storage.failures import Failures
from callcoach.storage.health import examine
from callcoach.storage.run_lock import RunLock
from callcoach.storage.runs import Runs
from callcoach.weights.verify import FileStatus, verify

LOW_BYTES, TOO_LOW_BYTES = 5_000_000_000, 500_000_000
LATE = timedelta(hours=36)
"""A night and a half without a run: the timer is likely off."""
CODECS = ("pcm_s16le", "pcm_mulaw", "pcm_alaw", "mp3", "aac", "opus", "vorbis", "flac", "amrnb")
CLUSTER_SECONDS = 3.0
INSTALL = "pip install -r requirements.lock"
BUILD = "npm --prefix frontend ci && npm --prefix frontend run build"


class State(StrEnum):
    """ok; look: it works, and something is worth a look; broken: runs fail or say something wrong until it is mended."""

    OK = "ok"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at. mend: the command or step, None where there is nothing to do."""

    name: str
    state: State
    sentence: str
    mend: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything that was looked at. exit_code: 5 where the database is broken, else 3 where anything is, else 0."""

    callcoach: str
    checks: tuple[Check, ...]

    @property
    def exit_code(self) -> int:
        """For the command."""
        broken = {check.name for check in self.checks if check.state is State.BROKEN}
        return 5 if "database" in broken else 3 if broken else 0


def examine_all(workspace: Workspace, *, now: datetime) -> Findings:
    """Look at everything; what cannot be looked at is broken, with its sentence, and the rest goes on."""
    looks: dict[str, Callable[[], Iterator[Check]]] = {
        "weights": _weights,
        "judge": lambda: _judge(workspace),
        "decoders": _decoders,
        "database": lambda: _database(workspace),
        "disk": lambda: _disk(workspace),
        "settings": lambda: _settings(workspace),
        "cluster": lambda: _cluster(workspace),
        "screens": _screens,
        "runs": lambda: _runs(workspace, now),
    }
    checks: list[Check] = []
    for name, look in looks.items():
        if name == "runs" and any(check.name == "database" and check.mend for check in checks):
            continue  # it would be made or upgraded by being asked
        try:
            checks += look()
        except CallcoachError as trouble:
            checks.append(Check(name=name, state=State.BROKEN, sentence=str(trouble), mend=_mend(name)))
        except Exception as trouble:  # one look that fails must not hide the others
            sentence = f"it cannot be looked at ({type(trouble).__name__}: {trouble})."
            checks.append(Check(name=name, state=State.BROKEN, sentence=sentence, mend=_mend(name)))
    return Findings(callcoach=callcoach.__version__, checks=tuple(checks))


def _mend(name: str) -> str:
    steps = {
        "weights": "callcoach models verify",
        "judge": "callcoach train models/corpus --out FOLDER",
        "decoders": INSTALL,
        "cluster": "pip install 'callcoach[ray]'",
    }
    return steps.get(name, "do what the sentence says, then callcoach doctor")


def _weights() -> Iterator[Check]:
    checks = verify()
    for model in dict.fromkeys(check.model for check in checks):
        own = [check for check in checks if check.model == model]
        wrong = [check for check in own if check.status is not FileStatus.OK]
        if not wrong:
            yield Check(
                name="weights", state=State.OK, sentence=f"{model}: {count(len(own), 'file')}, each with its pinned sha256."
            )
        for check in wrong:
            copy_only = (check.repair or "").startswith("none needed")
            yield Check(
                name="weights",
                state=State.LOOK if copy_only else State.BROKEN,
                sentence=f"{model}: {check.path} is {check.status.value}.",
                mend=check.repair,
            )


def _judge(workspace: Workspace) -> Iterator[Check]:
    folder = judge_folder(workspace.settings)
    made = workspace.judge.fingerprint
    yield Check(name="judge", state=State.OK, sentence=f"The judge in {folder} can be read ({made}).")


def _decoders() -> Iterator[Check]:
    import av.codec

    missing = [name for name in CODECS if name not in av.codec.codecs_available]
    if missing:
        yield Check(name="decoders", state=State.BROKEN, sentence=f"PyAV cannot decode {', '.join(missing)}.", mend=INSTALL)
    else:
        yield Check(name="decoders", state=State.OK, sentence=f"PyAV decodes {', '.join(CODECS)}; no ffmpeg is needed.")


def _database(workspace: Workspace) -> Iterator[Check]:
    found = examine(workspace.settings.database)
    first_run = "callcoach run FOLDER"
    if not found.there:
        yield Check(
            name="database",
            state=State.LOOK,
            sentence=f"{found.name}: there is none yet, the first run makes it.",
            mend=first_run,
        )
    elif found.version is None:
        yield Check(
            name="database", state=State.LOOK, sentence=f"{found.name}: it is empty, the first run fills it.", mend=first_run
        )
    elif found.version == found.head:
        yield Check(
            name="database", state=State.OK, sentence=f"{found.name}: it can be read and written, schema {found.version}."
        )
    elif found.version < found.head:
        sentence = f"{found.name}: its schema is {found.version}, the next run upgrades it to {found.head}. Back it up before."
        yield Check(name="database", state=State.LOOK, sentence=sentence, mend=first_run)
    else:
        raise StorageError(f"{found.name}: it was written by a newer callcoach (schema {found.version}). Install that version.")


def _disk(workspace: Workspace) -> Iterator[Check]:
    home = workspace.settings.home.resolve()
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    for name, folder in {"home folder": there, "temporary folder": Path(tempfile.gettempdir())}.items():
        free = shutil.disk_usage(folder).free
        state = State.BROKEN if free < TOO_LOW_BYTES else State.LOOK if free < LOW_BYTES else State.OK
        mend = None if state is State.OK else f"free some space under {folder}"
        yield Check(name="disk", state=state, sentence=f"{free / 1e9:.1f} GB are free for the {name}.", mend=mend)


def _settings(workspace: Workspace) -> Iterator[Check]:
    settings = workspace.settings
    where = channels(settings)
    ways = [name for name, way in (("mail", where.server), ("webhook", where.webhook)) if way is not None]
    sends = f"The nightly brief goes out by {' and '.join(ways)}." if ways else "The nightly brief is written and sent to nobody."
    yield Check(name="settings", state=State.OK, sentence=sends)
    names = FileNames(settings.file_name_pattern)
    if names.fields:
        kept = f"; kept with the call as they are: {', '.join(names.unknown_fields)}" if names.unknown_fields else ""
        yield Check(name="settings", state=State.OK, sentence=f"File names tell {', '.join(names.fields)}{kept}.")
    if adviser(settings) is not None:
        yield Check(name="settings", state=State.OK, sentence="A second opinion is asked for where the judge is unsure.")
    if settings.log_file is not None or settings.log_format is not None:
        goes = settings.log_file or "standard error"
        yield Check(name="settings", state=State.OK, sentence=f"The log goes to {goes}.")
    if settings.metrics_listen is not None:
        host, port = address_of(settings.metrics_listen)
        yield Check(name="settings", state=State.OK, sentence=f"`callcoach serve` tells Prometheus of itself at {host}:{port}.")
    if settings.metrics_file is not None:
        sentence = f"`callcoach nightly` tells Prometheus of itself in {file_of(settings.metrics_file)}."
        yield Check(name="settings", state=State.OK, sentence=sentence)
    sentence = f"{count(settings.worker_count, 'worker')} with {count(settings.threads_per_worker, 'thread')} each."
    yield Check(name="settings", state=State.OK, sentence=sentence)


def _cluster(workspace: Workspace) -> Iterator[Check]:
    address = workspace.settings.ray_address
    if workspace.cluster is None:
        return
    if address is None:
        sentence = "Calls are worked on in a Ray cluster that each run starts on this machine."
    elif address == "auto":
        sentence = "Calls are worked on in the Ray cluster that this machine is part of; a run looks for it."
    elif (trouble := unreachable(address, wait=CLUSTER_SECONDS)) is not None:
        yield Check(name="cluster", state=State.BROKEN, sentence=trouble, mend="ray start --head, then callcoach doctor")
        return
    else:
        sentence = f"Calls are worked on in the Ray cluster at {address}, which answers."
    yield Check(name="cluster", state=State.OK, sentence=sentence)


def _screens() -> Iterator[Check]:
    folder = Path(callcoach.__file__).parent / "web" / "static"
    if importlib.util.find_spec("fastapi") is None:
        yield Check(name="screens", state=State.LOOK, sentence="The web server's packages are not installed.", mend=INSTALL)
    elif not any(folder.glob("**/*.js")):
        yield Check(name="screens", state=State.LOOK, sentence="The browser front end is not built.", mend=BUILD)
    else:
        yield Check(name="screens", state=State.OK, sentence="The browser front end is built.")


def _runs(workspace: Workspace, now: datetime) -> Iterator[Check]:
    runs = Runs(workspace.store).all()
    ended = [run for run in runs if run.ended_at is not None]
    holder = RunLock(workspace.store).holder()
    if is_held(holder, now) and holder is not None:
        sentence = f"A run goes on: number {holder.fence} on {holder.host} (process {holder.pid})."
        yield Check(name="runs", state=State.OK, sentence=sentence)
    if not ended:
        yield Check(name="runs", state=State.LOOK, sentence="No run has ended yet.", mend="callcoach nightly FOLDER")
    else:
        last = ended[-1]
        hours = (now - (last.ended_at or now)).total_seconds() / 3600
        late = hours > LATE.total_seconds() / 3600
        yield Check(
            name="runs",
            state=State.LOOK if late else State.OK,
            sentence=f"The last run ended {hours:.0f} h ago.",
            mend="systemctl list-timers callcoach-nightly.timer, then callcoach nightly FOLDER" if late else None,
        )
        changed = [name for name, made in workspace.versions.items() if last.versions.get(name) not in (None, made)]
        if changed:
            sentence = f"Since the last run something else is in use: {', '.join(changed)}. What it makes is stale."
            yield Check(name="runs", state=State.LOOK, sentence=sentence, mend="callcoach nightly FOLDER")
    left_alone = sorted({failure.call_id for failure in Failures(workspace.store).all() if failure.quarantined})
    if left_alone:
        sentence = f"{count(len(left_alone), 'call')} left alone after three failures."
        yield Check(name="runs", state=State.LOOK, sentence=sentence, mend="callcoach runs, then callcoach runs retry CALL")
