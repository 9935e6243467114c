"""Where what is fetched from a bucket or an SFTP drop lies here, and what is known of it: `sources/NAME/` in the home folder.

`files/` is a call folder like any other; `listing.json` says of which place it is the copy, and which state of each file was
fetched. What is in the listing is not fetched again, whether or not it is still in `files/`: what was taken out on purpose (past
its date, erased) stays out. Of what was erased the listing keeps keyed hashes alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from callcoach.app.ledger import Kind, hashed, key_of
from callcoach.app.workspace import Workspace
from callcoach.batch.whole_file import write_whole
from callcoach.domain.call import Call
from callcoach.errors import StorageError
from callcoach.intake.arriving import is_call, is_table
from callcoach.intake.call_files import SIDECAR_ENDINGS, TRANSCRIPT_ENDINGS, call_of, stem
from callcoach.intake.calls import CallFolder, Reading
from callcoach.intake.file_names import FileNames
from callcoach.intake.remote import Version
from callcoach.intake.source_address import Source

FILES, COMING, LISTING = "files", "coming", "listing.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What was fetched: by path in the drop, the state of each file. forgotten: hashes of what was erased."""

    address: str
    fetched: Mapping[str, Version] = field(default_factory=dict)
    forgotten: frozenset[str] = frozenset()


class Staged:
    """The copy of one place."""

    def __init__(self, workspace: Workspace, root: Path) -> None:
        self._workspace = workspace
        self.root = root

    @classmethod
    def of(cls, workspace: Workspace, source: Source) -> "Staged":
        """The copy of this place, whether or not there is one yet."""
        return cls(workspace, room_of(workspace) / source.name)

    @property
    def files(self) -> Path:
        """The call folder."""
        return self.root / FILES

    @property
    def coming(self) -> Path:
        """Where files lie while they come."""
        return self.root / COMING

    @property
    def holds_calls(self) -> bool:
        """Whether there is anything that a run can read."""
        return any(is_call(path) for path in self.paths())

    def listing(self, address: str = "") -> Listing:
        """What was fetched. One that is damaged is an empty one: then everything is fetched again. Raises StorageError."""
        try:
            return msgspec.json.decode((self.root / LISTING).read_bytes(), type=Listing)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return Listing(address=address)
        except OSError as trouble:
            raise StorageError(
                f"{self.root / LISTING}: it cannot be read ({trouble.strerror}). Check your rights there, then run again."
            ) from trouble

    def keep(self, listing: Listing) -> None:
        """Raises StorageError where it cannot be written."""
        text = msgspec.json.format(msgspec.json.encode(listing, order="deterministic"), indent=1).decode()
        write_whole(self.root / LISTING, text + "\n")

    def paths(self) -> Iterator[str]:
        """Every file of the copy, as it is called in the drop."""
        for file in sorted(self.files.rglob("*")) if self.files.is_dir() else ():
            if file.is_file():
                yield file.relative_to(self.files).as_posix()

    def let_go(self) -> Callable[[str], bool]:
        """Whether a file, by path or by its name without ending, was fetched and taken out on purpose."""
        listing = self.listing()
        gone = {each for path in listing.fetched if not (self.files / path).is_file() for each in (path, stem(Path(path)))}
        return lambda name: bool(name) and (name in gone or self.is_forgotten(listing, name))

    def is_forgotten(self, listing: Listing, name: str) -> bool:
        """Whether this path, state of a path, or name without ending was erased."""
        return bool(listing.forgotten) and hashed(key_of(self._workspace), Kind.CONTENT, name) in listing.forgotten

    def forget(self, paths: Iterable[str]) -> None:
        """Keep hashes of these paths instead of the paths: in their present state they are not fetched again."""
        listing = self.listing()
        erased = {path: listing.fetched[path] for path in paths if path in listing.fetched}
        if not erased:
            return
        key = key_of(self._workspace)
        names = {name for path, version in erased.items() for name in (path, stem(Path(path)), state(path, version))}
        self.keep(
            replace(
                listing,
                fetched={path: version for path, version in listing.fetched.items() if path not in erased},
                forgotten=listing.forgotten | {hashed(key, Kind.CONTENT, name) for name in names},
            )
        )


def room_of(workspace: Workspace) -> Path:
    """Where all copies lie."""
    return workspace.settings.home / "sources"


def copies(workspace: Workspace) -> tuple[Staged, ...]:
    """Every copy that is there."""
    room = room_of(workspace)
    return tuple(Staged(workspace, each) for each in sorted(room.iterdir()) if each.is_dir()) if room.is_dir() else ()


def copy_at(workspace: Workspace, folder: Path) -> Staged | None:
    """The copy whose call folder this is; None for a folder that is no copy."""
    root = folder.resolve().parent
    return Staged(workspace, root) if folder.name == FILES and root.parent == room_of(workspace).resolve() else None


def address_of(workspace: Workspace, folder: Path) -> str | None:
    """Of which place a folder is the copy; None where it is none."""
    copy = copy_at(workspace, folder)
    return (copy.listing().address or None) if copy is not None else None


def reading_of(workspace: Workspace) -> Callable[[Path], Reading]:
    """How each folder is read: a copy with all its folders, and without missing what was taken out on purpose."""
    names = FileNames(workspace.settings.file_name_pattern)

    def of(folder: Path) -> Reading:
        copy = copy_at(workspace, folder)
        return Reading(names) if copy is None else Reading(names, copy.let_go(), deep=True, place=copy.listing().address or None)

    return of


def drop(workspace: Workspace, before: Iterable[CallFolder], after: Iterable[CallFolder], *, erased: bool) -> None:
    """Take out of copies the calls that a run leaves out, with the facts beside them. erased: keep only hashes of their names."""
    for whole, rest in zip(before, after, strict=True):
        copy = copy_at(workspace, whole.root)
        kept = {call.call_id for call in rest.calls}
        used = {_file_of(call) for call in rest.calls}  # two rows may name one file
        gone = [file for call in whole.calls if call.call_id not in kept and (file := _file_of(call)) not in used]
        if copy is None or not gone:
            continue
        paths = [path for path in with_facts(copy, gone) if path not in used]
        if erased:
            copy.forget(paths)
        for path in paths:
            with suppress(OSError):
                (copy.files / path).unlink(missing_ok=True)


def _file_of(call: Call) -> str:
    return call.audio_path or call.transcript_path or ""


def without_doubles(workspace: Workspace, folders: Iterable[CallFolder]) -> tuple[list[CallFolder], list[str]]:
    """The folders, of each copy's calls with the very same bytes only one, and sentences about the others.

    A recorder that is not sure of having sent a call sends it again under another name. The one that is known stays. Left where
    they are, the others would be calls of their own once the sound of the first is past its date.
    """
    kept, said = [], []
    for whole in folders:
        same: dict[str, list[Call]] = {}
        for call in whole.calls if copy_at(workspace, whole.root) is not None else ():
            same.setdefault(call.content, []).append(call)
        twice = [sorted(some, key=lambda call: (len(call.call_id), call.call_id)) for some in same.values() if len(some) > 1]
        left_out: set[str] = set()
        for some in twice:
            first = next((call for call in some if workspace.store.call(call.call_id) is not None), some[0])
            others = [call.call_id for call in some if call is not first]
            left_out |= set(others)
            said.append(f"{', '.join(others)}: the same bytes as {first.call_id}, and used once.")
        kept.append(whole._replace(calls=tuple(call for call in whole.calls if call.call_id not in left_out)))
    return kept, said


def with_facts(copy: Staged, paths: Iterable[str]) -> list[str]:
    """The files of calls and what describes them: what is called the same beside each, tables apart."""
    calls = list(paths)
    own, endings = {call_of(path) for path in calls}, {*SIDECAR_ENDINGS, *TRANSCRIPT_ENDINGS}
    beside = (each for each in copy.paths() if Path(each).suffix.lower() in endings and call_of(each) in own)
    return list(dict.fromkeys((*calls, *(each for each in beside if not is_table(each)))))


def state(path: str, version: Version) -> str:
    """A path in one state, as one text."""
    return f"{path}\0{version.size}\0{version.changed_at}\0{version.tag}"
