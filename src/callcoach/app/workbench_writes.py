"""The enablement workbench as it is written: a text followed, saved, published, retired and put back. Judges no call.

A person's unsaved text is kept with every check, so that nothing is lost where a browser or the server goes away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from callcoach.app import definition
from callcoach.app.rubric_text import Mark, look, told
from callcoach.app.workbench import Opened, digest, find, open_rubric, plain, rubrics_folder, text_of
from callcoach.app.workspace import Workspace
from callcoach.domain.story import Initiative, Published
from callcoach.domain.workbench import Replaced, RubricDraft
from callcoach.errors import BadRubric, EditConflict, UsageError
from callcoach.intake.drafts import draft_of, read_draft
from callcoach.intake.rubric_file import replace_text
from callcoach.intake.rubric_form import MOST_LETTERS as MOST_LETTERS
from callcoach.intake.rubric_form import Change as Change
from callcoach.intake.rubric_form import read_text, with_changes
from callcoach.language.story_check import StoryReader
from callcoach.storage.workbench import Workbench

MOST_NOTE = 500


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


def follow(
    workspace: Workspace, account_id: str, name: str, text: str, changes: Iterable[Change], *, base: str, at: datetime
) -> Followed | None:
    """A text with fields of the form set, kept as the reader's draft; None where there is no such file.

    Where it cannot be read, it stays as it is, and a mark says why.
    """
    path = find(workspace, name)
    if path is None:
        return None
    wanted, text = tuple(changes), plain(text)
    failed: list[Mark] = []
    if wanted:
        try:
            text = with_changes(text, wanted, path)
        except BadRubric as trouble:
            failed = [told(sentence, path, {}) for sentence in str(trouble).splitlines()]
    in_file = text_of(path.read_bytes(), path)
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
    text, before = plain(text), path.read_bytes()
    in_file = text_of(before, path)
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
    in_file = text_of(before, path)
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
    _keep_draft(workspace, account_id, name, plain(text), text_of(content, path), base=digest(content), at=at)
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
    if kept is not None and kept.text != text_of(path.read_bytes(), path):
        raise UsageError("You have changes that are not saved. Save or discard them first: what stands in the file is published.")
    note = " ".join(note.split())
    return definition.publish(workspace, path.parent, str(path), by=by, on=at.date(), note=note, language=language)


def retire(workspace: Workspace, account_id: str, name: str, *, last_day: date) -> Initiative | None:
    """Write the last day on which the story is told. Raises UsageError, BadRubric and EditConflict as `definition.retire`."""
    path = find(workspace, name)
    if path is None:
        return None
    before = text_of(path.read_bytes(), path)
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


def _refuse_foreign(text: str, path: Path) -> None:
    """A text keeps the id of its file and the publications in it: the first would be another initiative, the second a forgery."""
    old = read_draft(path)
    new = draft_of(read_text(text, path), text.encode())
    known = read_text(text_of(old.content, path), path).values
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
