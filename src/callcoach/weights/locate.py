"""From a model's name to a verified folder that its loader can open. Knows nothing of loaders."""

import os
import shutil
import tempfile
from functools import cache as once
from pathlib import Path

from callcoach.domain.fingerprint import fingerprint as fingerprint_of
from callcoach.errors import WeightsMissing
from callcoach.judging.roles import decode_role_head
from callcoach.weights.manifest import JUDGE, REDACTION, ROLES, WeightEntry, WeightFile, models_folder, read_manifest
from callcoach.weights.verify import (
    FileStatus,
    cache_folder,
    check_copy,
    check_judge,
    check_packages,
    check_redaction,
    check_roles,
    copy_folder,
    judge_files,
    judge_list,
    package_folder,
    part_path,
    redaction_list,
    roles_file,
    sha256_of,
)

__all__ = ["cache_folder", "fingerprint", "locate", "models_folder"]


def locate(name_or_path: str, *, cache: Path | None = None) -> Path:
    """The folder of a model, every file in it verified against the manifest.

    `judge` is the folder of the trained heads, `roles` the file with the weights that tell who is the rep, `redaction` the
    folder of the tagger of words.
    A path that exists is taken as it is, unverified: it is the user's own model. Anything else passes through as a hub name,
    for the loader to find. Verified once in a process. Raises WeightsMissing or WeightsAltered with the repairing command.
    """
    if name_or_path == JUDGE:
        for check in check_judge():
            check.refuse()
        return judge_list().parent
    if name_or_path == ROLES:
        check_roles().refuse()
        return roles_file()
    if name_or_path == REDACTION:
        for check in check_redaction():
            check.refuse()
        return redaction_list().parent
    entry = read_manifest().entry(name_or_path)
    if entry is not None:
        return _verified(entry, cache or cache_folder())
    own = Path(name_or_path).expanduser()
    if not own.exists() and (own.is_absolute() or name_or_path.startswith((".", "~"))):
        names = ", ".join(entry.name for entry in read_manifest().entries)
        raise WeightsMissing(f"{name_or_path}: there is no such folder. Give an existing one, or one of {names}.")
    return own


def fingerprint(name_or_path: str) -> str:
    """16 hex digits that change whenever the weights do. A hub name stands for itself, its bytes are not known here."""
    if name_or_path == JUDGE:
        return fingerprint_of(JUDGE, judge_files())
    if name_or_path == ROLES:
        return decode_role_head(locate(ROLES).read_bytes()).fingerprint
    entry = read_manifest().entry(name_or_path)
    if entry is not None:
        return entry.fingerprint
    own = Path(name_or_path).expanduser()
    return _own_fingerprint(own) if own.exists() else fingerprint_of("hub", name_or_path)


@once
def _own_fingerprint(own: Path) -> str:
    files = [own] if own.is_file() else sorted(path for path in own.rglob("*") if path.is_file())
    return fingerprint_of("own", [[path.relative_to(own).as_posix(), sha256_of(path)] for path in files])


@once
def _verified(entry: WeightEntry, cache: Path) -> Path:
    if entry.assembled:
        return _copy_in_cache(entry, cache)
    for check in check_packages(entry):
        check.refuse()
    folder = package_folder(entry.packages[0])
    assert folder is not None, "a package whose files were just verified is installed"
    return folder


def _copy_in_cache(entry: WeightEntry, cache: Path) -> Path:
    copy = copy_folder(entry, cache)
    if _is_intact(entry, copy):
        return copy
    for check in check_packages(entry):
        check.refuse()
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{entry.name}-", dir=copy.parent) as scratch:
            fresh = Path(scratch) / "new"
            for file in entry.files:
                _assemble(entry, file, fresh / file.path)
            _swap_in(entry, fresh, copy, aside=Path(scratch) / "old")
    except OSError as error:
        megabytes = sum(file.bytes for file in entry.files) // 1_000_000 + 1
        raise WeightsMissing(
            f"{entry.name}: cannot be put together in {copy.parent} ({error.strerror or error}). "
            f"Free {megabytes} MB there, or set CALLCOACH_CACHE to a folder you can write to."
        ) from error
    for check in check_copy(entry, copy):
        check.refuse()
    return copy


def _is_intact(entry: WeightEntry, copy: Path) -> bool:
    return copy.is_dir() and all(check.status is FileStatus.OK for check in check_copy(entry, copy))


def _assemble(entry: WeightEntry, file: WeightFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as written:
        for part in file.parts:
            source = part_path(entry.package(part.package), part)
            assert source is not None, "parts were verified before they are copied"
            with source.open("rb") as opened:
                shutil.copyfileobj(opened, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())


def _swap_in(entry: WeightEntry, fresh: Path, copy: Path, *, aside: Path) -> None:
    """Rename `fresh` to `copy`; a damaged copy goes aside. Another process may have been faster: then its copy stays."""
    if copy.exists():
        if _is_intact(entry, copy):
            return
        copy.rename(aside)
    try:
        fresh.rename(copy)
    except OSError:
        if not _is_intact(entry, copy):
            raise
