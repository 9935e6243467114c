"""Recordings and transcripts that were handed in: looked at, then taken into the folder that runs read.

A call that is taken in lies in the folder as one file with its facts beside it, so that the folder's own manifest stays as it is.
Hears and judges nothing.
"""

import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from callcoach.app.current import current_company
from callcoach.app.receiving import UPLOAD_ID, Refused, room_of
from callcoach.app.staging import copy_at
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call, CallKind
from callcoach.domain.coaching import CallProblem
from callcoach.errors import BadInput, StorageError
from callcoach.intake.calls import PEOPLE, Reading, read_call_folder
from callcoach.intake.file_names import FileNames
from callcoach.storage.listing import Listing
from callcoach.storage.runs import Runs

NOT_PLAIN_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")


class Fate(StrEnum):
    """What becomes of a call that was handed in."""

    NEW = "new"
    SAME = "same"
    CLASH = "clash"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCall:
    """A call as it was read. note: what its fate rests on, or what somebody should know of it; None where all is plain."""

    call: Call
    rep_name: str | None
    file: str
    fate: Fate
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What was handed in at once, and what would become of it. folder: where the new calls would be taken to."""

    upload_id: str
    by: str
    at: datetime
    calls: tuple[CheckedCall, ...]
    problems: tuple[CallProblem, ...]
    refused: tuple[Refused, ...]
    folder: Path

    @property
    def new(self) -> int:
        """How many calls would be taken in."""
        return sum(each.fate is Fate.NEW for each in self.calls)

    @property
    def same(self) -> int:
        """How many calls are there already."""
        return sum(each.fate is Fate.SAME for each in self.calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What was taken in: how many calls, how many were there already, how many were left out, and where they are."""

    calls: int
    same: int
    left_out: int
    folder: Path


def uploads(workspace: Workspace) -> tuple[Upload, ...]:
    """What was handed in and not decided on yet, the latest first."""
    room = room_of(workspace)
    found = [checked_upload(workspace, each.name) for each in room.iterdir()] if room.is_dir() else []
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.at, reverse=True))


def checked_upload(workspace: Workspace, upload_id: str) -> Upload | None:
    """What was handed in, read as a run would read it; None where there is none of this id."""
    place = _place(workspace, upload_id)
    if place is None:
        return None
    said = json.loads((place / "upload.json").read_text(encoding="utf-8"))
    target, problems = watched_folder(workspace), []
    calls: Sequence[Call] = ()
    try:
        with _people_beside(place / "files", target):
            found = read_call_folder(place / "files", Reading(FileNames(workspace.settings.file_name_pattern)))
        calls, problems = found.calls, list(found.problems)
    except BadInput as trouble:
        text = str(trouble).replace(f"{place / 'files'}", "What was handed in")
        problems = [CallProblem(call_id="", sentence=text)]
    return Upload(
        upload_id=upload_id,
        by=said["by"],
        at=datetime.fromisoformat(said["at"]),
        calls=_checked(workspace, calls, target),
        problems=tuple(problems),
        refused=tuple(Refused(**each) for each in said["refused"]),
        folder=target,
    )


def take_in(workspace: Workspace, upload_id: str) -> TakenIn | None:
    """Move the new calls into the folder that runs read, each whole or not at all; None where there is no such upload.

    Calls that are there already are left as they are. Raises StorageError where the folder cannot be written.
    """
    upload, place = checked_upload(workspace, upload_id), _place(workspace, upload_id)
    if upload is None or place is None:
        return None
    try:
        upload.folder.mkdir(parents=True, exist_ok=True)
        for each in upload.calls:
            if each.fate is Fate.NEW:
                _put(place / "files" / each.file, each.call, upload.folder)
    except OSError as trouble:
        raise StorageError(
            f"{upload.folder}: it cannot be written ({trouble.strerror or trouble}). Check the space and your rights there, then "
            "take the calls in again: what is there already is not taken twice."
        ) from trouble
    shutil.rmtree(place, ignore_errors=True)
    left_out = len(upload.calls) - upload.new - upload.same + len(upload.problems)
    return TakenIn(calls=upload.new, same=upload.same, left_out=left_out, folder=upload.folder)


def throw_away(workspace: Workspace, upload_id: str) -> bool:
    """Keep nothing of what was handed in; whether there was anything."""
    place = _place(workspace, upload_id)
    if place is None:
        return False
    shutil.rmtree(place, ignore_errors=True)
    return True


def watched_folder(workspace: Workspace) -> Path:
    """Where calls are taken in: the first folder of the latest run that can be written to, else `calls` in the home folder.

    Never the copy of a bucket or SFTP drop: what lies there comes from elsewhere.
    """
    for folder in folders_of_runs(workspace):
        if folder.is_dir() and os.access(folder, os.W_OK) and copy_at(workspace, folder) is None:
            return folder
    return (workspace.settings.home / "calls").resolve()


def folders_of_runs(workspace: Workspace) -> tuple[Path, ...]:
    """The folders that the latest run with any read."""
    read = next((run.folder for run in reversed(Runs(workspace.store).all()) if run.folder), "")
    return tuple(Path(each) for each in read.split(os.pathsep) if each)


def _checked(workspace: Workspace, calls: Sequence[Call], target: Path) -> tuple[CheckedCall, ...]:
    company = current_company(workspace)
    known = Listing(workspace.store).same_contents({call.content for call in calls})
    seen: dict[str, str] = {}
    found = []
    for call in calls:
        fate, note = Fate.NEW, None
        kept = workspace.store.call(call.call_id)
        if call.content in known or _lies_there(target, call):
            other = known.get(call.content, call.call_id)
            fate, note = Fate.SAME, f"The same recording or transcript is there already, as {other}. Nothing is done twice."
        elif call.content in seen:
            fate, note = Fate.SAME, f"The same bytes are handed in as {seen[call.content]}, too. It is taken in once."
        elif kept is not None:
            fate = Fate.CLASH
            note = f"Another call is called {call.call_id} already. Give this one a call_id of its own in manifest.csv."
        elif call.rep_id is None and call.kind is CallKind.CUSTOMER_CALL:
            note = "No rep is named. It is judged, but counts for nobody. Write rep_id or rep_email in manifest.csv."
        elif call.rep_id is not None and company.people and company.person(call.rep_id) is None:
            note = (
                f"Nobody is called {call.rep_id} in the people file. It is judged; their manager does not see it before they are."
            )
        seen.setdefault(call.content, call.call_id)
        file = call.audio_path or call.transcript_path or ""
        name = company.name_of(call.rep_id) if call.rep_id else None
        found.append(CheckedCall(call=call, rep_name=name, file=file, fate=fate, note=note))
    return tuple(found)


def _put(file: Path, call: Call, folder: Path) -> None:
    """The facts first, under a name that alone is no call; then the file itself, at once."""
    stem = _stem(call)
    _whole(folder, f"{stem}.yaml", _facts(call).encode())
    goal = folder / f"{stem}{file.suffix.lower()}"
    try:
        file.replace(goal)
    except OSError:  # another file system: copied beside the goal, then renamed
        beside = folder / f".{goal.name}.part"
        try:
            shutil.copyfile(file, beside)
            beside.replace(goal)
        finally:
            beside.unlink(missing_ok=True)


def _stem(call: Call) -> str:
    """A name that no other call's file has: of its id what is plain, and what tells its bytes."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", call.call_id).strip("-")[:60]
    return f"in-{plain}-{call.content[:16]}"


def _lies_there(folder: Path, call: Call) -> bool:
    return folder.is_dir() and any(
        each.suffix != ".yaml" for each in folder.glob(f"in-*-{call.content[:16]}.*") if not each.name.startswith(".")
    )


def _facts(call: Call) -> str:
    """A sidecar: JSON, which is YAML, with every letter that YAML has no use for written by its number."""
    facts = {
        "call_id": call.call_id,
        "kind": call.kind.value,
        "started_at": call.started_at.isoformat() if call.started_at else None,
        "rep_id": call.rep_id,
        "team": call.team,
        "customer_name": call.customer_name,
        "direction": call.direction,
        "rep_channel": None if call.rep_channel is None else str(call.rep_channel),
        "language": call.language,
        "outcome": call.outcome,
        "amount": None if call.amount is None else repr(call.amount),
    }
    said = {name: value for name, value in {**facts, **call.extra}.items() if value is not None}
    text = json.dumps(said, ensure_ascii=False, indent=1)
    return NOT_PLAIN_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _whole(folder: Path, name: str, contents: bytes) -> None:
    beside = folder / f".{name}.part"
    try:
        beside.write_bytes(contents)
        beside.replace(folder / name)
    finally:
        beside.unlink(missing_ok=True)


class _people_beside:  # noqa: N801 - reads as a sentence in `with`
    """The people file of the folder that runs read, beside what was handed in for as long as that is read."""

    def __init__(self, folder: Path, target: Path) -> None:
        self._here, self._there = folder / PEOPLE, target / PEOPLE

    def __enter__(self) -> None:
        if self._there.is_file():
            shutil.copyfile(self._there, self._here)

    def __exit__(self, *_: object) -> None:
        self._here.unlink(missing_ok=True)


def _place(workspace: Workspace, upload_id: str) -> Path | None:
    place = room_of(workspace) / upload_id if UPLOAD_ID.fullmatch(upload_id) else None
    return place if place is not None and (place / "upload.json").is_file() else None
