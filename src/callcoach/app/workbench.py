"""The enablement workbench: open a rubric, change it as a form or as text, save, publish and retire it. Judges no call.

Files are found by name in the folder that the latest run read, never by a path that somebody sends; a person's unsaved text is
kept with every check, so that nothing is lost where a browser or the server goes away.
"""

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from callcoach.app import definition
from callcoach.app.gates import gates
from callcoach.app.restate import KnownVersion, known_versions
from callcoach.app.rubric_text import Mark, look, told
from callcoach.app.workspace import Workspace
from callcoach.domain.calibration import Gate
from callcoach.domain.story import Initiative, Published
from callcoach.domain.workbench import Replaced, RubricDraft
from callcoach.errors import BadRubric, EditConflict, SomethingMissing, UsageError
from callcoach.intake.drafts import draft_of, read_draft
from callcoach.intake.rubric_file import replace_text
from callcoach.intake.rubric_form import MOST_LETTERS as MOST_LETTERS
from callcoach.intake.rubric_form import Change as Change
from callcoach.intake.rubric_form import read_text, with_changes
from callcoach.intake.text_file import decoded
from callcoach.language.story_check import StoryReader
from callcoach.storage.runs import Runs
from callcoach.storage.workbench import Workbench

MOST_NOTE = 500


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
class Followed:
    """A text after a change of it, or of fields of the form. readable: whether the form can follow it."""

    text: str
    form: Mapping[str, str]
    marks: tuple[Mark, ...]
    readable: bool
    is_initiative: bool
    version: str | None
    is_published: bool
    changed: bool


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
    in_file, now = _text(content, path), digest(content)
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


def follow(
    workspace: Workspace, account_id: str, name: str, text: str, changes: Iterable[Change], *, base: str, at: datetime
) -> Followed | None:
    """A text with fields of the form set, kept as the reader's draft; None where there is no such file.

    Where it cannot be read, it stays as it is, and a mark says why.
    """
    path = find(workspace, name)
    if path is None:
        return None
    wanted, text = tuple(changes), _plain(text)
    failed: list[Mark] = []
    if wanted:
        try:
            text = with_changes(text, wanted, path)
        except BadRubric as trouble:
            failed = [told(sentence, path, {}) for sentence in str(trouble).splitlines()]
    in_file = _text(path.read_bytes(), path)
    _keep_draft(workspace, account_id, name, text, in_file, base=base, at=at)
    looked = look(text, path)
    marks = looked.marks if not looked.readable else (*failed, *looked.marks)
    initiative = looked.initiative
    return Followed(
        text=text,
        form=looked.form,
        marks=marks,
        readable=looked.readable,
        is_initiative=initiative is not None,
        version=initiative.version if initiative else None,
        is_published=initiative.is_published if initiative else False,
        changed=text != in_file,
    )


def save(workspace: Workspace, account_id: str, name: str, text: str, *, base: str, at: datetime) -> Opened | None:
    """Write a text into its file, as a draft of the initiative. Raises EditConflict where the file holds another one by now,
    BadRubric where tonight's run would leave it out; the text is the reader's draft in either case."""
    path = find(workspace, name)
    if path is None:
        return None
    text, before = _plain(text), path.read_bytes()
    in_file = _text(before, path)
    _keep_draft(workspace, account_id, name, text, in_file, base=base, at=at)
    if digest(before) != base:
        raise EditConflict("Somebody else changed this file since you began. Nothing was written, and your text is kept.")
    _refuse_foreign(text, path)
    unfinished = read_draft(path).initiative is None
    written = replace_text(path, text, expected=before, unfinished=unfinished)
    own = Workbench(workspace.store, account_id)
    own.keep_replaced(name, Replaced(text=in_file, after=digest(written)))
    own.drop_draft(name)
    return open_rubric(workspace, account_id, name, today=at.date())


def put_back(workspace: Workspace, account_id: str, name: str, *, at: datetime) -> bool:
    """Undo the reader's latest write of a file. Raises UsageError where the file holds something else by now."""
    path, own = find(workspace, name), Workbench(workspace.store, account_id)
    replaced = own.replaced(name) if path else None
    if path is None or replaced is None:
        return False
    before = path.read_bytes()
    if digest(before) != replaced.after:
        raise UsageError("The file was changed again since, so it stays as it is. Open it and change it there.")
    in_file = _text(before, path)
    written = replace_text(path, replaced.text, expected=before, unfinished=True)
    own.drop_replaced(name)
    # what was saved and is taken back is what the person still has on the bench
    _keep_draft(workspace, account_id, name, in_file, replaced.text, base=digest(written), at=at)
    return True


def discard(workspace: Workspace, account_id: str, name: str) -> bool:
    """Leave the reader's text and go on from the file."""
    if find(workspace, name) is None:
        return False
    Workbench(workspace.store, account_id).drop_draft(name)
    return True


def take_over(workspace: Workspace, account_id: str, name: str, text: str, *, at: datetime) -> bool:
    """Go on with the reader's text after somebody else changed the file: theirs was seen, and is what it is compared with now."""
    path = find(workspace, name)
    if path is None:
        return False
    content = path.read_bytes()
    _keep_draft(workspace, account_id, name, _plain(text), _text(content, path), base=digest(content), at=at)
    return True


def publish(
    workspace: Workspace, account_id: str, name: str, *, by: str, note: str, at: datetime, language: StoryReader | None
) -> Published | None:
    """Publish what stands in the file. Raises StoryUnfinished, UsageError and EditConflict as `definition.publish`, and
    EditConflict where the reader has a text that is not in the file."""
    path = find(workspace, name)
    if path is None:
        return None
    if len(note) > MOST_NOTE:
        raise UsageError(f"A note has {MOST_NOTE} letters at most. Shorten it, then publish.")
    kept = Workbench(workspace.store, account_id).draft(name)
    if kept is not None and kept.text != _text(path.read_bytes(), path):
        raise UsageError("You have changes that are not saved. Save or discard them first: what stands in the file is published.")
    note = " ".join(note.split())
    return definition.publish(workspace, path.parent, str(path), by=by, on=at.date(), note=note, language=language)


def retire(workspace: Workspace, account_id: str, name: str, *, last_day: date) -> Initiative | None:
    """Write the last day on which the story is told. Raises UsageError, BadRubric and EditConflict as `definition.retire`."""
    path = find(workspace, name)
    if path is None:
        return None
    before = _text(path.read_bytes(), path)
    ended = definition.retire(path.parent, str(path), last_day=last_day)
    own = Workbench(workspace.store, account_id)
    own.keep_replaced(name, Replaced(text=before, after=digest(path.read_bytes())))
    return ended


def begin(workspace: Workspace, initiative_id: str, title: str, launched: date) -> str:
    """A new rubric from the template; its name. Raises UsageError for an id that is none, EditConflict where it is taken."""
    title = " ".join(title.split())
    if not title or len(title) > 120 or len(initiative_id) > 60:
        raise UsageError("Give it a name and an id of at most 60 letters, like SafeSeat and safe-seat.")
    return definition.begin(rubrics_folder(workspace), initiative_id.strip(), title, launched).stem


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


def _refuse_foreign(text: str, path: Path) -> None:
    """A text keeps the id of its file and the publications in it: the first would be another initiative, the second a forgery."""
    old = read_draft(path)
    new = draft_of(read_text(text, path), text.encode())
    known = read_text(_text(old.content, path), path).values
    wanted = read_text(text, path).values
    if isinstance(known, dict) and isinstance(wanted, dict):
        if known.get("id") and wanted.get("id") != known.get("id"):
            raise BadRubric(f"The id stays {known.get('id')}: calls are judged under it. For another id begin a new initiative.")
        if known.get("published") != wanted.get("published"):
            raise BadRubric("The list `published` is written by publishing alone. Put it back as it was, then save.")
    if old.initiative is not None and new.initiative is None:
        raise BadRubric("\n".join(new.trouble))


def _keep_draft(workspace: Workspace, account_id: str, name: str, text: str, in_file: str, *, base: str, at: datetime) -> None:
    own = Workbench(workspace.store, account_id)
    if text == in_file:
        own.drop_draft(name)
    else:
        own.keep_draft(RubricDraft(name=name, text=text, base=base, at=at))


def _rubric(name: str, path: Path, has_draft: bool, today: date) -> Rubric:
    try:
        draft = read_draft(path)
    except BadRubric:
        return Rubric(name=name, title=name, initiative=None, is_draft=True, ended=False, has_draft=has_draft)
    initiative = draft.initiative
    if initiative is None:
        values = read_text(_text(draft.content, path), path).values if _is_yaml(path) else None
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
        read_text(_text(path.read_bytes(), path), path)
    except (BadRubric, OSError):
        return False
    return True


def _text(content: bytes, path: Path) -> str:
    return _plain(decoded(content, path, BadRubric))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
