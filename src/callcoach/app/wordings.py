"""The wordings of an initiative that are kept: which there are, which one a person means, in which fields two differ.

Judges no call with any of them.
"""

import difflib
import re
from datetime import date
from typing import Any, NamedTuple

from callcoach.app.workspace import Workspace
from callcoach.domain.restated import TextChange
from callcoach.domain.story import Component, Criterion, Initiative
from callcoach.domain.verdict import Verdict
from callcoach.errors import UsageError
from callcoach.storage.history import History
from callcoach.storage.labels import Labels

IN_THE_FILE = "file"
"""How a person asks for the wording as it stands in the rubrics folder now."""

JUDGED_FIELDS = (
    "name",
    "story.wall",
    "story.hammer",
    "story.part",
    "terms",
    "script",
    "facts",
    "compliance",
    "language",
    "criteria",
)
"""All that `Initiative.version` is made from, apart from the id."""

_FEWEST_HEX = 4


class KnownVersion(NamedTuple):
    """A wording that is kept: its publication (None: never), how many calls were judged with it, whether the file holds it."""

    version: str
    published: date | None
    n_calls: int
    in_file: bool


def known_versions(workspace: Workspace, in_file: Initiative) -> tuple[KnownVersion, ...]:
    """Every version that scores or publications have used, and the one in the file, by version."""
    history = History(workspace.store)
    kept = {initiative.version for initiative in history.versions(in_file.id)} | {in_file.version}
    days, counted = {each.version: each.on for each in in_file.published}, history.n_scores(in_file.id)
    return tuple(
        KnownVersion(version, days.get(version), counted.get(version, 0), version == in_file.version) for version in sorted(kept)
    )


def find_version(workspace: Workspace, initiative_id: str, asked: str, in_file: Initiative | None) -> Initiative:
    """The version that `asked` names: its first hex digits, or `file`. Raises UsageError with the known ones."""
    if asked == IN_THE_FILE and in_file is not None:
        return in_file
    kept = {initiative.version: initiative for initiative in History(workspace.store).versions(initiative_id)}
    if in_file is not None:
        kept.setdefault(in_file.version, in_file)
    found = [initiative for version, initiative in kept.items() if len(asked) >= _FEWEST_HEX and version.startswith(asked)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(sorted(kept)) or "none"
    problem = "names more than one version" if found else "is no version"
    raise UsageError(f"{asked} {problem} of {initiative_id}. Known: {known}" + (f", and `{IN_THE_FILE}`." if in_file else "."))


def last_published(in_file: Initiative) -> str:
    """The version to compare with where none is named. Raises UsageError where the file has never been published."""
    if not in_file.published:
        raise UsageError(f"{in_file.id} has never been published. Name the version to compare with.")
    return in_file.published[-1].version


def people_say(workspace: Workspace, initiative_id: str) -> dict[str, Verdict]:
    """By call: the verdict that people settled on, whichever version they had before them."""
    settled = Labels(workspace.store).labels_to_learn_from(initiative_id)
    return {label.call_id: label.verdict for label in settled if label.verdict is not None}


def text_changes(before: Initiative, after: Initiative) -> tuple[TextChange, ...]:
    """What reads differently, by field in the order of the file."""
    changes = []
    for field in JUDGED_FIELDS:
        old, new = _pieces(value_of(before, field)), _pieces(value_of(after, field))
        if old != new:
            steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
            changed = [step for step in steps if step[0] != "equal"]
            changes.append(
                TextChange(
                    field=field,
                    removed=tuple(piece for _, first, last, _, _ in changed for piece in old[first:last]),
                    added=tuple(piece for _, _, _, first, last in changed for piece in new[first:last]),
                )
            )
    return tuple(changes)


def value_of(initiative: Initiative, field: str) -> Any:
    """What stands in one of `JUDGED_FIELDS`."""
    return (
        initiative.story.of(Component(field.removeprefix("story."))) if field.startswith("story.") else getattr(initiative, field)
    )


def _pieces(value: Any) -> list[str]:
    """Sentences of a text, entries of a list."""
    if isinstance(value, str):
        return [piece for piece in re.split(r"(?<=[.!?])\s+", " ".join(value.split())) if piece]
    if isinstance(value, tuple):
        return [_criterion(each) if isinstance(each, Criterion) else str(each) for each in value]
    return [str(value)]


def _criterion(criterion: Criterion) -> str:
    examples = {"yes": criterion.yes, "no": criterion.no, "near_misses": criterion.near_misses}
    listed = "; ".join(f"{name}: {', '.join(texts)}" for name, texts in examples.items() if texts)
    return f"{criterion.id} (about {criterion.about}, weight {criterion.weight:g}): {criterion.question} {listed}".strip()
