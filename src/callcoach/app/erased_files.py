"""The files that people and calls leave beside the database: cached sound, what was handed in, briefs, exports, logs, recordings.

A file that callcoach wrote goes whole where it holds a trace, for it is made again at need. Recordings and transcripts that
people put into a folder go only where that is asked for, and only those whose bytes are the erased ones.
"""

import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from callcoach.app.ledger import BACKUPS, KEY_FILE, SIDECAR
from callcoach.app.log_files import log_files
from callcoach.app.staging import LISTING, copies, copy_at, with_facts
from callcoach.app.workspace import Workspace
from callcoach.intake.arriving import is_table
from callcoach.intake.call_files import SIDECAR_ENDINGS, TRANSCRIPT_ENDINGS, is_audio
from callcoach.storage.runs import Runs
from callcoach.storage.traces import Sought, Trace, kinds_in

BRIEFS = ("brief.html", "brief.md", "brief-narrowed.html", "brief-narrowed.md")
MADE_HERE = frozenset({".html", ".md", ".csv", ".xlsx", ".json", ".jsonl", ".txt", ".log", ".vtt", ".srt", ".part"})
TEXTS = frozenset({".csv", ".yaml", ".yml", ".json", ".txt", ".vtt", ".srt"})
LARGEST_TEXT = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """own: files and folders that callcoach keeps and that go. recordings: files of the calls themselves, where people put them.

    elsewhere: files outside the home folder that still name what goes, such as a manifest; nothing is done to them.
    """

    own: tuple[Path, ...]
    recordings: tuple[Path, ...]
    elsewhere: tuple[Trace, ...]


def leftovers(
    workspace: Workspace,
    looked_for: Sought,
    contents: Collection[str],
    places: Mapping[str, str],
    names: Collection[str],
    *,
    with_briefs: bool,
) -> Leftovers:
    """What lies where. places: of recordings, by the hash of their bytes; names: what the calls' files were called in their
    folders; with_briefs: the briefs speak of whoever goes.
    """
    home = workspace.settings.home
    own = [home / name for name in BRIEFS if with_briefs and (home / name).is_file()]
    cached = home / "cache" / "audio"
    own += [file for content in sorted(contents) for file in cached.glob(f"{content}*")] if cached.is_dir() else []
    own += _handed_in(home / "intake", looked_for, contents)
    own += _copied(workspace, looked_for, contents)
    own += [file for file in other_files(workspace) if file.suffix.lower() in MADE_HERE and kinds_in(file, looked_for)]
    recordings = [file for file in _recordings(workspace, looked_for, contents, places, names) if file.resolve() not in set(own)]
    gone = {*own, *recordings}
    elsewhere = [
        Trace(where=_place(workspace, folder, file), what=kind, n=1)
        for folder in read_folders(workspace)
        for file in _texts(folder)
        if file not in gone
        for kind in sorted(kinds_in(file, looked_for))
    ]
    return Leftovers(
        own=tuple(dict.fromkeys(own)), recordings=tuple(dict.fromkeys(recordings)), elsewhere=tuple(dict.fromkeys(elsewhere))
    )


def remove(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Delete files and folders; those that could not be."""
    left = []
    for path in paths:
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError:
            left.append(path)
    return tuple(left)


def other_files(workspace: Workspace) -> Iterator[Path]:
    """Every file in the home folder but the database, what came from elsewhere, cached sound, the ledger's, calls taken in."""
    home = workspace.settings.home
    apart = {"calls", "intake", "sources", "cache"}
    logs = log_files(workspace.settings)  # of these, lines go and not files
    for file in sorted(home.rglob("*")) if home.is_dir() else ():
        within = file.relative_to(home).parts
        known = file.name in {KEY_FILE, BACKUPS, *BRIEFS} or file.name.endswith(SIDECAR) or file.name.startswith("callcoach.db")
        if file.is_file() and not known and within[0] not in apart and file.resolve() not in logs and not _is_sqlite(file):
            yield file


def files_to_search(workspace: Workspace) -> Iterator[Path]:
    """Every file in the home folder that must hold no trace afterwards: all but the database, backups and calls taken in."""
    home = workspace.settings.home
    yield from other_files(workspace)
    yield from (home / name for name in BRIEFS if (home / name).is_file())
    for name in ("intake", "cache"):
        folder = home / name
        yield from (file for file in sorted(folder.rglob("*")) if file.is_file()) if folder.is_dir() else ()
    for copy in copies(workspace):
        # tables are about everybody, and are mended where they come from, like those in people's own folders
        yield from (copy.files / path for path in copy.paths() if not is_table(path) and not is_audio(Path(path)))
        yield from (file for file in (copy.root / LISTING, *copy.coming.glob("*")) if file.is_file())


def forget_fetched(workspace: Workspace, gone: Iterable[Path], looked_for: Sought) -> None:
    """Keep only hashes of the names of fetched files that go, or that hold a trace in their names: none is fetched again."""
    removed = {path.resolve() for path in gone}
    for copy in copies(workspace):
        fetched = copy.listing().fetched
        copy.forget(path for path in fetched if (copy.files / path).resolve() in removed or looked_for.in_bytes(path.encode()))


def read_folders(workspace: Workspace) -> tuple[Path, ...]:
    """Every folder of calls that a run has read and that is there still, and the one that calls are taken into."""
    named = {each for run in Runs(workspace.store).all() for each in run.folder.split(os.pathsep) if each}
    taken_in = workspace.settings.home / "calls"
    found = {Path(each) for each in named} | {taken_in.resolve()}
    return tuple(sorted(folder for folder in found if folder.is_dir()))


def _handed_in(room: Path, looked_for: Sought, contents: Collection[str]) -> list[Path]:
    """What was handed in and not decided on goes as a whole, and the log of a run begun here."""
    if not room.is_dir():
        return []
    found = []
    for each in sorted(room.iterdir()):
        files = [file for file in sorted(each.rglob("*")) if file.is_file()] if each.is_dir() else [each]
        if any(kinds_in(file, looked_for) or _hash(file) in contents for file in files):
            found.append(each)
    return found


def _copied(workspace: Workspace, looked_for: Sought, contents: Collection[str]) -> Iterator[Path]:
    """Files that were fetched from a bucket or SFTP drop: of a call that goes, or with a trace in them; tables apart."""
    for copy in copies(workspace):
        theirs = [path for path in copy.paths() if not is_table(path)]
        found = [path for path in theirs if _tells(copy.files, path, looked_for) or _hash(copy.files / path) in contents]
        yield from ((copy.files / path).resolve() for path in with_facts(copy, found))


def _tells(folder: Path, path: str, looked_for: Sought) -> bool:
    """Whether a file's name, its folders' or its words hold a trace; what sound says is known by its hash alone."""
    file = folder / path
    return bool(looked_for.in_bytes(path.encode())) or (not is_audio(file) and bool(kinds_in(file, looked_for)))


def _taken_in(folder: Path, looked_for: Sought) -> Iterator[Path]:
    """Calls that were handed in and taken in, which no run has read yet: by the facts beside them."""
    for facts in sorted(folder.glob("in-*.yaml")):
        if kinds_in(facts, looked_for):
            yield from sorted(folder.glob(f"{facts.stem}.*"))


def _place(workspace: Workspace, folder: Path, file: Path) -> str:
    """Where somebody mends it: a file that was fetched, in the place it comes from."""
    copy = copy_at(workspace, folder)
    return str(file) if copy is None else f"{copy.listing().address}/{file.relative_to(folder).as_posix()}"


def _recordings(
    workspace: Workspace, looked_for: Sought, contents: Collection[str], places: Mapping[str, str], names: Collection[str]
) -> Iterator[Path]:
    """The files with these very bytes, and what is called after them in the same folder; and calls taken in but not read yet."""
    sought = set(contents)
    known = [Path(path) for content, path in places.items() if Path(path).is_file() and _hash(Path(path)) == content]
    for folder in read_folders(workspace):
        within = [folder, *(folder / name for name in ("audio", "transcripts") if (folder / name).is_dir())]
        files = (place / name for place in within for name in sorted(names))
        plain = (file for file in files if file.is_file() and not file.is_symlink() and file not in known)
        known += [file for file in plain if _hash(file) in sought]
        known += [file for file in _taken_in(folder, looked_for) if file not in known]
    for file in known:
        yield file
        for root in {file.parent, file.parent.parent if file.parent.name in ("audio", "transcripts") else file.parent}:
            for place in (root, root / "audio", root / "transcripts"):
                for ending in {*SIDECAR_ENDINGS, *TRANSCRIPT_ENDINGS}:
                    beside = place / f"{file.stem}{ending}"
                    if beside != file and beside.is_file():
                        yield beside


def _texts(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in TEXTS and file.is_file() and file.stat().st_size <= LARGEST_TEXT:
            yield file


def _is_sqlite(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _hash(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None
