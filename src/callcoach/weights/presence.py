"""Whether the files of models are there, told by their sizes alone: a hash of all of them would take seconds. Opens nothing."""

from collections.abc import Iterable
from pathlib import Path

from callcoach.weights.manifest import JUDGE, ROLES, read_manifest
from callcoach.weights.verify import judge_files, judge_list, part_path, roles_file


def are_there(names: Iterable[str]) -> bool:
    """Whether every file of these models is, each by its name in the manifest, `judge`, `roles`, or the folder of one's own.

    A hub name stands for itself: its loader finds it or says so. Raises WeightsMissing or WeightsAltered where the list of the
    heads cannot be read.
    """
    return all(map(_is_there, names))


def _is_there(name: str) -> bool:
    if name == JUDGE:
        return all((judge_list().parent / file).is_file() for file in judge_files())
    if name == ROLES:
        return roles_file().is_file()
    entry = read_manifest().entry(name)
    if entry is None:
        own = Path(name).expanduser()
        return own.exists() or not (own.is_absolute() or name.startswith((".", "~")))
    places = ((part_path(entry.package(part.package), part), part.bytes) for file in entry.files for part in file.parts)
    return all(path is not None and path.is_file() and path.stat().st_size == size for path, size in places)
