"""Compare weight files on disk with their pinned sha256. Changes nothing on disk and loads no model."""

import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from callcoach.errors import WeightsAltered, WeightsMissing
from callcoach.judging.roles import decode_role_head
from callcoach.weights.manifest import JUDGE, REDACTION, ROLES, FilePart, PackagePin, WeightEntry, models_folder, read_manifest

TRAIN_AGAIN = "callcoach train (or git checkout models/judge)"
FIT_ROLES_AGAIN = "callcoach models fit-roles (or git checkout models/roles.json)"
FIT_REDACTION_AGAIN = "callcoach models fit-redaction (or git checkout models/redaction)"


class FileStatus(StrEnum):
    """What became of a pinned file."""

    OK = "ok"
    MISSING = "missing"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCheck:
    """One pinned file: its model, its path in the package or cache, what was found, and what to do where it is not ok."""

    model: str
    path: str
    status: FileStatus
    repair: str | None = None

    def refuse(self) -> None:
        """Raises WeightsMissing or WeightsAltered, with the repairing command, where the file is not ok."""
        if self.status is FileStatus.MISSING:
            raise WeightsMissing(f"{self.model}: {self.path} is missing. Repair: {self.repair}")
        if self.status is FileStatus.ALTERED:
            raise WeightsAltered(
                f"{self.model}: {self.path} is not the pinned file (its sha256 differs) and is not used. Repair: {self.repair}"
            )


def cache_folder() -> Path:
    """CALLCOACH_CACHE, or .cache/callcoach in the home folder."""
    return Path(os.environ.get("CALLCOACH_CACHE") or Path.home() / ".cache" / "callcoach")


def verify(name: str | None = None, *, cache: Path | None = None) -> tuple[FileCheck, ...]:
    """Every pinned file of the model `name`, or of all, those trained here too: in its package, and in `cache` if there."""
    cache = cache or cache_folder()
    checks: list[FileCheck] = []
    for entry in read_manifest().entries:
        if name in (None, entry.name):
            checks += check_packages(entry)
            copy = copy_folder(entry, cache)
            if entry.assembled and copy.exists():
                checks += check_copy(entry, copy)
    if name in (None, JUDGE) and judge_list().is_file():
        checks += check_judge()
    if name in (None, ROLES) and roles_file().is_file():
        checks.append(check_roles())
    if name in (None, REDACTION) and redaction_list().is_file():
        checks += check_redaction()
    return tuple(checks)


def check_packages(entry: WeightEntry) -> Iterator[FileCheck]:
    """Each part of each file where its package has it."""
    for file in entry.files:
        for part in file.parts:
            package = entry.package(part.package)
            status = _status(part_path(package, part), part.sha256, part.bytes)
            yield _checked(entry.name, f"{part.package}/{part.path}", status, package.repair)


def check_copy(entry: WeightEntry, copy: Path) -> Iterator[FileCheck]:
    """Each file of the copy in the cache."""
    for file in entry.files:
        status = _status(copy / file.path, file.sha256, file.bytes)
        yield _checked(
            entry.name, str(copy / file.path), status, "none needed, the next run makes the copy again from the packages"
        )


def check_judge() -> Iterator[FileCheck]:
    """Each trained head that judge.json lists. Raises WeightsMissing without judge.json, WeightsAltered if it is no list."""
    return _check_listed(JUDGE, judge_list(), judge_files(), TRAIN_AGAIN)


def check_redaction() -> Iterator[FileCheck]:
    """The tagger of words that tagger.json pins. Raises WeightsMissing without tagger.json, WeightsAltered if it pins nothing."""
    return _check_listed(REDACTION, redaction_list(), redaction_files(), FIT_REDACTION_AGAIN)


def check_roles() -> FileCheck:
    """The weights that tell who is the rep: the file names the fingerprint of what it holds."""
    path = roles_file()
    status = FileStatus.MISSING
    if path.is_file():
        try:
            decode_role_head(path.read_bytes())
            status = FileStatus.OK
        except ValueError:
            status = FileStatus.ALTERED
    return _checked(ROLES, "models/roles.json", status, FIT_ROLES_AGAIN)


def roles_file() -> Path:
    """The file with the weights that tell who is the rep."""
    return models_folder() / "roles.json"


def judge_list() -> Path:
    """The file that pins the trained heads."""
    return models_folder() / "judge" / "judge.json"


def judge_files() -> dict[str, str]:
    """The sha256 of each trained head by file name."""
    return _listed(JUDGE, judge_list(), "there are no trained heads", TRAIN_AGAIN)


def redaction_list() -> Path:
    """The file that pins the tagger of words."""
    return models_folder() / "redaction" / "tagger.json"


def redaction_files() -> dict[str, str]:
    """The sha256 of the tagger by file name."""
    return _listed(REDACTION, redaction_list(), "there is no tagger of words", FIT_REDACTION_AGAIN)


def copy_folder(entry: WeightEntry, cache: Path) -> Path:
    """Where the copy of an assembled model lies: a new set of files is a new folder."""
    return cache / "weights" / f"{entry.name}-{entry.fingerprint}"


def part_path(package: PackagePin, part: FilePart) -> Path | None:
    """Where the package has the part; None where it is not installed. Does not import the package."""
    folder = package_folder(package)
    return folder / part.path if folder else None


def package_folder(package: PackagePin) -> Path | None:
    """The folder with the package's files; None where it is not installed. Does not import the package."""
    spec = importlib.util.find_spec(package.module)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / package.folder


def sha256_of(path: Path) -> str:
    """The sha256 of a file, read in blocks."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _listed(model: str, path: Path, without: str, repair: str) -> dict[str, str]:
    where = _shown(path)
    if not path.is_file():
        raise WeightsMissing(f"{model}: {where} is missing, {without}. Repair: {repair}")
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {str(name): str(sha256) for name, sha256 in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WeightsAltered(f'{model}: {where} has no list of "files". Repair: {repair}') from None


def _check_listed(model: str, pins: Path, files: Mapping[str, str], repair: str) -> Iterator[FileCheck]:
    for name, sha256 in files.items():
        path = pins.parent / name
        yield _checked(model, _shown(path), _status(path, sha256, None), repair)


def _shown(path: Path) -> str:
    return f"models/{path.parent.name}/{path.name}"


def _checked(model: str, path: str, status: FileStatus, repair: str) -> FileCheck:
    return FileCheck(model=model, path=path, status=status, repair=None if status is FileStatus.OK else repair)


def _status(path: Path | None, sha256: str, size: int | None) -> FileStatus:
    if path is None or not path.is_file():
        return FileStatus.MISSING
    if size is not None and path.stat().st_size != size:
        return FileStatus.ALTERED
    return FileStatus.OK if sha256_of(path) == sha256 else FileStatus.ALTERED
