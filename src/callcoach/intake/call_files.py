"""Which files of a call folder are recordings, transcripts and sidecars, and which belong to another. Never leaves the folder.

Knows nothing of what a manifest or a sidecar says.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from callcoach.errors import BadTranscript
from callcoach.intake.facts import WrongField
from callcoach.intake.transcripts import recognise

# fmt: off
AUDIO_ENDINGS = (
    ".wav", ".wave", ".mp3", ".m4a", ".mp4", ".mov", ".3gp", ".ogg", ".opus", ".flac", ".webm", ".mkv",
    ".amr", ".aif", ".aiff", ".au",
)
# fmt: on
TRANSCRIPT_ENDINGS = (".json", ".vtt", ".srt", ".txt")
SIDECAR_ENDINGS = (".yaml", ".yml", ".json")
SUBFOLDERS = ("audio", "transcripts")


class CallFiles:
    """The files in a folder, its audio/ and its transcripts/, looked up by their names without ending. deep: all folders."""

    def __init__(self, root: Path, *, deep: bool = False) -> None:
        self.root = root
        folders = sorted(each for each in root.rglob("*") if each.is_dir()) if deep else [root / name for name in SUBFOLDERS]
        places = (root, *(folder for folder in folders if folder.is_dir()))
        files = (path for place in places for path in sorted(place.iterdir()) if not path.is_dir())
        self.files = tuple(path for path in files if not _is_known(path))
        self._named: dict[str, list[Path]] = {}
        for path in self.files:
            self._named.setdefault(stem(path), []).append(path)
        self._shared = frozenset(name for name, paths in self._named.items() if self._are_several(paths))

    def recording(self, name: str) -> Path | None:
        """The recording called `name`."""
        return self._first(name, AUDIO_ENDINGS)

    def transcript(self, name: str) -> Path | None:
        """The transcript called `name`: JSON before WebVTT, SRT and text. A JSON file that only describes the call is none."""
        return next(filter(_may_be_transcript, self._called(name, TRANSCRIPT_ENDINGS)), None)

    def sidecar(self, path: Path) -> Path | None:
        """The YAML or JSON file that describes the call in the file at `path` and is not its transcript."""
        beside = self._same(path, SIDECAR_ENDINGS)
        return next((each for each in beside if each.suffix.lower() != ".json" or not is_transcript(each)), None)

    def name(self, path: Path) -> str:
        """What the files of one call have in common: a name, and with it the folder where calls of several folders have it."""
        return self._name(path, stem(path))

    def unowned(self, owners: Iterable[str]) -> Iterator[Path]:
        """Recordings, then transcripts, that belong to none of the owners: one file per name, and none named after another."""
        taken = set(owners)
        recordings = [path for path in self.files if is_audio(path) and self.name(path) not in taken]
        yield from recordings
        taken |= {self.name(path) for path in recordings}
        texts = [path for path in self.files if path.suffix.lower() in TRANSCRIPT_ENDINGS]
        beside = {self.name(path) for path in texts}
        for path in texts:
            if not self._belongs(path, path.name, taken) and not self._belongs(path, stem(path), beside):
                taken.add(self.name(path))
                yield next(filter(_may_be_transcript, self._same(path, TRANSCRIPT_ENDINGS)), path)

    def inside(self, field: str, given: str) -> Path:
        """The file at a path relative to the folder. Raises WrongField for one that leads out of it, also by a link."""
        normal = given.replace("\\", "/")
        outside = WrongField(
            f"{field} '{given[:80]}' leads out of the folder. Put the file into the folder and write its path from there."
        )
        if normal.startswith("/") or normal[1:2] == ":" or ".." in normal.split("/"):
            raise outside
        path = self.root / normal
        try:
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise outside
            if path.exists() and not path.is_file():
                raise WrongField(f"{field} '{given}' is not a file. Write the path of a recording or transcript.")
        except (OSError, ValueError, RuntimeError):
            raise WrongField(f"{field} '{given[:80]}' is not a path. Write it like audio/call-1.wav.") from None
        return path

    def relative(self, path: Path) -> str:
        """The path from the folder, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def sha256(self, path: Path) -> str:
        """The sha256 of a file's bytes. Raises WrongField where it is not there or cannot be read."""
        try:
            with path.open("rb") as opened:
                return hashlib.file_digest(opened, "sha256").hexdigest()
        except FileNotFoundError:
            raise WrongField(f"there is no file {self.relative(path)}. Put it there or correct the path.") from None
        except OSError as trouble:
            raise WrongField(f"{self.relative(path)} cannot be read ({trouble.strerror}). Check its rights.") from None

    def _called(self, name: str, endings: tuple[str, ...]) -> list[Path]:
        found = (path for path in self._named.get(name, ()) if path.suffix.lower() in endings)
        return sorted(found, key=lambda path: endings.index(path.suffix.lower()))

    def _same(self, path: Path, endings: tuple[str, ...]) -> list[Path]:
        own = self.name(path)
        return [each for each in self._called(stem(path), endings) if self.name(each) == own]

    def _name(self, path: Path, name: str) -> str:
        return Path(call_of(self.relative(path))).with_name(name).as_posix() if name in self._shared else name

    def _belongs(self, path: Path, name: str, owners: set[str]) -> bool:
        """Whether a file is named after an owner: `wren-01.labels.json` after `wren-01`."""
        parts = name.split(".")
        return any(self._name(path, ".".join(parts[:count])) in owners for count in range(1, len(parts)))

    def _are_several(self, paths: list[Path]) -> bool:
        """Whether files of one name are calls of several folders; a recording and a transcript are one call."""
        if len(paths) == 1 or len({call_of(self.relative(path)) for path in paths}) == 1:
            return False
        calls = [path for path in paths if is_audio(path)]
        calls = calls or [path for path in paths if path.suffix.lower() in TRANSCRIPT_ENDINGS and _may_be_transcript(path)]
        return len({call_of(self.relative(path)) for path in calls}) > 1

    def _first(self, name: str, endings: tuple[str, ...]) -> Path | None:
        return next(iter(self._called(name, endings)), None)


def is_audio(path: Path) -> bool:
    """Whether the ending is that of a recording; what is in the file is the decoder's business."""
    return path.suffix.lower() in AUDIO_ENDINGS


def is_transcript(path: Path) -> bool:
    """Whether the contents are those of a transcript."""
    try:
        recognise(path)
    except BadTranscript:
        return False
    return True


def stem(path: Path) -> str:
    """The name a file goes by: `wren-01` for `wren-01.ogg` and `wren-01.transcript.json`."""
    return path.stem.removesuffix(".transcript")


def call_of(path: str) -> str:
    """What the files of one call have in common: the folder, audio/ and transcripts/ apart, and the name without ending."""
    folder = Path(path).parent
    return (folder.parent if folder.name in SUBFOLDERS else folder).joinpath(stem(Path(path))).as_posix()


def _may_be_transcript(path: Path) -> bool:
    return path.suffix.lower() != ".json" or is_transcript(path)


def _is_known(path: Path) -> bool:
    name = path.name.lower()
    return name.startswith((".", "readme", "license")) or name in ("manifest.csv", "people.yaml")
