"""From a draft to a published definition: check it, begin it, publish it, end it. Joins files to rules; judges no call."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from callcoach.app.workspace import Workspace
from callcoach.domain.definition import Severity, StoryFinding
from callcoach.domain.story import Initiative, Published
from callcoach.errors import BadRubric, StoryUnfinished, UsageError
from callcoach.intake.drafts import Draft, find_draft, read_draft
from callcoach.intake.rubric_file import add_published, set_ended, write_new
from callcoach.intake.rubric_schema import SCHEMA_FILE, new_text, schema_text
from callcoach.intake.rubrics import read_rubrics
from callcoach.intake.text_file import shown
from callcoach.judging.story_check import check_story
from callcoach.language.story_check import StoryReader

STOPS = (Severity.REFUSE, Severity.VAGUE)
"""What keeps a definition from being published."""


class Checked(NamedTuple):
    """A file and what is to be said of it; `trouble`: sentences where it cannot be read as an initiative at all."""

    draft: Draft
    findings: tuple[StoryFinding, ...]

    @property
    def passes(self) -> bool:
        """Whether it may be published."""
        return self.draft.initiative is not None and not any(finding.severity in STOPS for finding in self.findings)


def check(initiative: Initiative, others: Iterable[Initiative], language: StoryReader | None) -> tuple[StoryFinding, ...]:
    """Findings of the rules, and of the encoder where there is one; `others` are looked at for overlap where live together."""
    found = check_story(initiative)
    if language is None:
        return found
    beside = [other for other in others if other.id != initiative.id and _live_together(initiative, other)]
    known = {(finding.kind, finding.field) for finding in found}
    return (*found, *(each for each in language.findings(initiative, beside) if (each.kind, each.field) not in known))


def check_file(rubrics: Path, asked: str, language: StoryReader | None) -> Checked:
    """Check the file that an id or a path names, beside the others of the folder. Raises BadRubric where there is none."""
    draft = read_draft(find_draft(rubrics, asked))
    if draft.initiative is None:
        return Checked(draft, ())
    others = read_rubrics(draft.path.parent).initiatives if language else ()
    return Checked(draft, check(draft.initiative, others, language))


def check_folder(rubrics: Path, language: StoryReader | None) -> tuple[Checked, ...]:
    """Every file of the folder, by name. Raises BadRubric where there is none."""
    paths = sorted(path for path in rubrics.glob("*.y*ml") if not path.name.startswith(".")) if rubrics.is_dir() else []
    if not paths:
        raise BadRubric(f"{rubrics}: there is no initiative in it. Begin one with `callcoach initiative new`.")
    return tuple(check_file(rubrics, str(path), language) for path in paths)


def begin(rubrics: Path, initiative_id: str, name: str, launched: date) -> Path:
    """Write a file to be filled in, and the schema beside it for editors. Raises EditConflict where the file is there already."""
    if not initiative_id or not all(
        word.isalnum() and word.isascii() and word == word.lower() for word in initiative_id.split("-")
    ):
        raise UsageError(f"{initiative_id} is no id. Write lower case letters, digits and hyphens, like safe-seat.")
    path = rubrics / f"{initiative_id}.yaml"
    write_new(path, new_text(initiative_id, name, launched))
    schema_file = rubrics / SCHEMA_FILE
    if not schema_file.exists():
        write_new(schema_file, schema_text())
    return path


def publish(
    workspace: Workspace, rubrics: Path, asked: str, *, by: str, on: date, note: str, language: StoryReader | None
) -> Published:
    """Write a publication of the wording as it stands into the file, and keep the version for good.

    Raises StoryUnfinished where the check refuses it or calls it vague, UsageError where this version is published already,
    EditConflict where the file changed while it was checked.
    """
    checked = check_file(rubrics, asked, language)
    draft, initiative = checked.draft, checked.draft.initiative
    if initiative is None:
        raise StoryUnfinished("\n".join((*draft.trouble, f"{shown(draft.path)} is not published.")))
    if not checked.passes:
        stopping = [finding for finding in checked.findings if finding.severity in STOPS]
        sentences = [f"{draft.where(finding.field)}: {finding.sentence}" for finding in stopping]
        raise StoryUnfinished("\n".join((*sentences, f"{shown(draft.path)} is not published. Mend it, then publish it again.")))
    if initiative.is_published:
        last = initiative.published[-1]
        raise UsageError(f"{shown(draft.path)}: this wording is published already, on {last.on} by {last.by} ({last.version}).")
    published = Published(version=initiative.version, on=on, by=by, note=note)
    workspace.store.keep_initiative(initiative)  # first: a wording kept and not published harms nobody, the reverse loses it
    add_published(draft.path, published, expected=draft.content)
    return published


def retire(rubrics: Path, asked: str, *, last_day: date) -> Initiative:
    """Write the last day on which reps tell the story. Raises BadRubric for a file that cannot be read, UsageError for a day
    before the launch."""
    draft = read_draft(find_draft(rubrics, asked))
    if draft.initiative is None:
        raise BadRubric("\n".join(draft.trouble))
    if last_day < draft.initiative.launched:
        raise UsageError(f"{asked} was launched on {draft.initiative.launched}. Give a last day from then on with --on.")
    set_ended(draft.path, last_day, expected=draft.content)
    return draft.initiative


def _live_together(one: Initiative, other: Initiative) -> bool:
    return (one.ended is None or other.launched <= one.ended) and (other.ended is None or one.launched <= other.ended)
