"""What is to be said of a rubric's text while it is written: its fields, and what is to be mended at which. Writes nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from callcoach.app import definition
from callcoach.domain.definition import Severity
from callcoach.domain.story import Initiative
from callcoach.errors import BadRubric
from callcoach.intake.drafts import Draft, draft_of
from callcoach.intake.rubric_form import form_of, place_at, read_text
from callcoach.intake.text_file import shown
from callcoach.intake.yaml_file import Place
from callcoach.language.story_check import StoryReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something to mend at its place: `field` dotted as in the file, `line` of the text from 1. better: an example of better."""

    field: str
    line: int | None
    sentence: str
    severity: Severity = Severity.REFUSE
    better: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A text as far as it can be read. form: empty and not readable where it is no YAML at all."""

    initiative: Initiative | None
    form: Mapping[str, str]
    marks: tuple[Mark, ...]
    readable: bool


def look(text: str, path: Path, language: StoryReader | None = None, others: Sequence[Initiative] = ()) -> Looked:
    """Read and check a text; `path` is where it would stand. language: also what only a language model sees."""
    try:
        file = read_text(text, path)
        draft = draft_of(file, text.encode())
    except BadRubric as trouble:
        marks = tuple(told(sentence, path, {}) for sentence in str(trouble).splitlines())
        return Looked(initiative=None, form={}, marks=marks, readable=False)
    if not isinstance(file.values, dict):
        marks = (Mark(field="", line=1, sentence="There are no fields in it. Write `key: value` lines."),)
        return Looked(initiative=None, form={}, marks=marks, readable=False)
    form = form_of(file.values)
    if draft.initiative is None:
        marks = tuple(told(sentence, path, file.lines) for sentence in draft.trouble)
        return Looked(initiative=None, form=form, marks=marks, readable=True)
    findings = definition.check(draft.initiative, others, language)
    return Looked(
        initiative=draft.initiative,
        form=form,
        readable=True,
        marks=tuple(
            Mark(
                field=finding.field,
                line=_line_of(draft, finding.field),
                sentence=finding.sentence,
                severity=finding.severity,
                better=finding.better,
            )
            for finding in findings
        ),
    )


def _line_of(draft: Draft, field: str) -> int | None:
    found = re.search(r" line (\d+)$", draft.where(field))
    return int(found[1]) if found else None


def told(sentence: str, path: Path, lines: Mapping[Place, int]) -> Mark:
    """A sentence that begins with the file and perhaps a line, as a mark at that line."""
    said = sentence.removeprefix(shown(path))
    at = re.match(r" line (\d+): ", said)
    if at is None:
        said = said.removeprefix(": ")
        missing = re.match(r"(?:the file|(\w+)) has no (\w+)\.", said)
        field = ".".join(filter(None, (missing[1] or "", missing[2]))) if missing else ""
        return Mark(field=field, line=lines.get(tuple(field.split("."))) if field else None, sentence=_begun(said))
    line, said = int(at[1]), said[at.end() :]
    named = re.match(r"([\w.\[\]]+) (?:is|has no (\w+))", said)
    field = place_at(line, lines)
    if named and named[2]:
        field = named[2] if said.startswith("the file") else f"{named[1]}.{named[2]}"
    return Mark(field=field, line=line, sentence=_begun(said))


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
