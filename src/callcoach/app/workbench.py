"""The enablement workbench as it is read: the rubrics of the folder, one of them opened, where it stands. Writes nothing.

Files are found by name in the folder that the latest run read, never by a path that somebody sends.
"""

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from callcoach.app.gates import gates
from callcoach.app.rubric_text import Mark, look
from callcoach.app.wordings import KnownVersion, known_versions
from callcoach.app.workspace import Workspace
from callcoach.domain.calibration import Gate
from callcoach.domain.story import Initiative, Published
from callcoach.errors import BadRubric, SomethingMissing
from callcoach.intake.drafts import read_draft
from callcoach.intake.rubric_form import read_text
from callcoach.intake.text_file import decoded
from callcoach.storage.runs import Runs
from callcoach.storage.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """A file of the folder. initiative: None where it cannot be read as one yet, `title` is then what it calls itself.

    is_draft: whether its text is not what was last published. has_draft: whether the reader has a text that is not in the file.
    """

    name: str
    title: str
    initiative: Initiative | None
    is_draft: bool
    ended: bool
    has_draft: bool

    @property
    def last_published(self) -> Published | None:
        """The newest publication."""
        return self.initiative.published[-1] if self.initiative and self.initiative.published else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The folder that the latest run read, and its files by name; missing: why there is none."""

    rubrics: tuple[Rubric, ...] = ()
    folder: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A rubric on the bench. text: the reader's own where they have one, else the file's. base: digest of what they began from.

    form: the fields of `text`, empty where it cannot be read. marks: what is to be mended by the rules alone. behind: whether the
    file was changed since by somebody else; `in_file` is then what stands there.
    """

    rubric: Rubric
    text: str
    in_file: str
    base: str
    now: str
    form: Mapping[str, str]
    marks: tuple[Mark, ...]
    readable: bool
    draft_at: datetime | None

    @property
    def behind(self) -> bool:
        """Whether somebody else changed the file since."""
        return self.draft_at is not None and self.base != self.now

    @property
    def differences(self) -> tuple[tuple[str, str], ...]:
        """The lines in which the reader's text differs from the file, with those round them: "-" theirs, "+" own, " " both."""
        lines = difflib.unified_diff(self.in_file.split("\n"), self.text.split("\n"), lineterm="", n=2)
        return tuple((line[:1], line[1:]) for line in lines if not line.startswith(("---", "+++")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an initiative stands: its gate, and the wordings that are kept with how many calls were judged with each."""

    rubric: Rubric
    gate: Gate | None
    versions: tuple[KnownVersion, ...]


def rubrics_folder(workspace: Workspace) -> Path:
    """The folder of rubrics that the latest run read. Raises SomethingMissing where there is none."""
    read = Runs(workspace.store).latest_rubrics()
    if not read:
        raise SomethingMissing("No run has read a folder of rubrics yet. Run `callcoach run FOLDER --rubrics rubrics` first.")
    folder = Path(read)
    if not folder.is_dir():
        raise SomethingMissing(
            f"{folder.name}: the folder of rubrics that the latest run read is not there any more. Put it back, or run again."
        )
    return folder.resolve()


def bench(workspace: Workspace, account_id: str, *, today: date) -> Bench:
    """Every rubric of the folder, by name."""
    try:
        folder = rubrics_folder(workspace)
    except SomethingMissing as trouble:
        return Bench(missing=str(trouble))
    drafts = Workbench(workspace.store, account_id).drafts()
    return Bench(
        folder=folder.name,
        rubrics=tuple(_rubric(name, path, name in drafts, today) for name, path in sorted(_files(folder).items())),
    )


def open_rubric(workspace: Workspace, account_id: str, name: str, *, today: date) -> Opened | None:
    """The rubric of this name, with the reader's own text where they have one; None where there is no such file."""
    path = find(workspace, name)
    if path is None:
        return None
    content = path.read_bytes()
    in_file, now = text_of(content, path), digest(content)
    kept = Workbench(workspace.store, account_id).draft(name)
    if kept is not None and kept.text == in_file:
        kept = None
    text = kept.text if kept else in_file
    looked = look(text, path)
    return Opened(
        rubric=_rubric(name, path, kept is not None, today),
        text=text,
        in_file=in_file,
        base=kept.base if kept else now,
        now=now,
        form=looked.form,
        marks=looked.marks,
        readable=looked.readable,
        draft_at=kept.at if kept else None,
    )


def standing(workspace: Workspace, name: str, *, today: date) -> Standing | None:
    """Gate and versions of a rubric; None where there is no such file."""
    path = find(workspace, name)
    if path is None:
        return None
    rubric = _rubric(name, path, False, today)
    if rubric.initiative is None:
        return Standing(rubric=rubric, gate=None, versions=())
    initiative = rubric.initiative
    found = gates(workspace, (initiative,), today=today)
    return Standing(rubric=rubric, gate=found.get(initiative.id), versions=known_versions(workspace, initiative))


def find(workspace: Workspace, name: str) -> Path | None:
    """The file of this name in the folder; None where there is none. A name is compared with those that are there."""
    try:
        return _files(rubrics_folder(workspace)).get(name)
    except SomethingMissing:
        return None


def beside(path: Path) -> tuple[Initiative, ...]:
    """The other initiatives of the folder that can be read."""
    others = [(each, each.stat().st_mtime_ns) for each in _files(path.parent).values() if each != path]
    found = (_read_once(each, changed) for each, changed in others)
    return tuple(initiative for initiative in found if initiative is not None)


def digest(content: bytes) -> str:
    """What a file's content is compared by."""
    return hashlib.sha256(content).hexdigest()


def _rubric(name: str, path: Path, has_draft: bool, today: date) -> Rubric:
    try:
        draft = read_draft(path)
    except BadRubric:
        return Rubric(name=name, title=name, initiative=None, is_draft=True, ended=False, has_draft=has_draft)
    initiative = draft.initiative
    if initiative is None:
        values = read_text(text_of(draft.content, path), path).values if _is_yaml(path) else None
        title = str(values.get("name") or name) if isinstance(values, dict) else name
        return Rubric(name=name, title=title, initiative=None, is_draft=True, ended=False, has_draft=has_draft)
    return Rubric(
        name=name,
        title=initiative.name,
        initiative=initiative,
        is_draft=not initiative.is_published,
        ended=initiative.ended is not None and initiative.ended < today,
        has_draft=has_draft,
    )


@lru_cache(maxsize=256)
def _read_once(path: Path, _changed: int) -> Initiative | None:
    """What a file holds as an initiative, read again only where it was changed."""
    return read_draft(path).initiative if _is_yaml(path) else None


def _files(folder: Path) -> dict[str, Path]:
    """The rubrics of a folder by name; what leads out of the folder is none of it."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        real = path.resolve()
        if path.suffix in (".yaml", ".yml") and not path.name.startswith(".") and real.parent == folder and real.is_file():
            found.setdefault(path.stem, path)
    return found


def _is_yaml(path: Path) -> bool:
    try:
        read_text(text_of(path.read_bytes(), path), path)
    except (BadRubric, OSError):
        return False
    return True


def text_of(content: bytes, path: Path) -> str:
    """The text of a file, with plain line ends. Raises BadRubric where it is no text."""
    return plain(decoded(content, path, BadRubric))


def plain(text: str) -> str:
    """A text with plain line ends, whatever system it comes from."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
