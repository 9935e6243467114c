"""Change an initiative's file the way a careful person would: comments and layout stay, and nobody else's edit is lost.

Only the lines that a change concerns are replaced; every other one stays byte for byte. Knows nothing of what a story should say.
"""

import difflib
import io
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from callcoach.domain.story import Published
from callcoach.errors import BadRubric, EditConflict
from callcoach.intake.rubrics import read_initiative
from callcoach.intake.text_file import decoded, shown

SCHEMA_LINE = "# yaml-language-server: $schema="
_WIDE = 1_000_000
"""Folded texts are not folded anew."""


def add_published(path: Path, published: Published, *, expected: bytes | None = None) -> None:
    """Write a publication at the end of the `published` list. `expected`: the bytes that were checked."""

    def add(fields: CommentedMap) -> None:
        entry = CommentedMap(version=published.version, on=published.on)
        entry["by"] = published.by
        if published.note:
            entry["note"] = published.note
        if not isinstance(fields.get("published"), CommentedSeq):
            fields["published"] = CommentedSeq()
        fields["published"].append(entry)

    edit(path, add, expected=expected)


def set_ended(path: Path, day: date, *, expected: bytes | None = None) -> None:
    """Write the last day on which the story is told, right after its first one where there is none yet."""

    def end(fields: CommentedMap) -> None:
        if "ended" not in fields:
            fields.insert(list(fields).index("launched") + 1, "ended", day)
        else:
            fields["ended"] = day

    edit(path, end, expected=expected)


def edit(path: Path, change: Callable[[CommentedMap], None], *, expected: bytes | None = None) -> None:
    """Read, change, write in one rename. `expected`: what the file held when a person last saw it; None: what it holds now.

    Raises EditConflict where the file holds something else by now, BadRubric where the changed file would not be read.
    """
    path = path.resolve()
    before = path.read_bytes()
    if expected is not None and before != expected:
        raise _conflict(path)
    text = decoded(before, path, BadRubric)
    newline = "\r\n" if "\r\n" in text else "\n"
    after = _changed(text.replace("\r\n", "\n"), change).replace("\n", newline)
    _replace(path, before, after.encode())


def edited(text: str, change: Callable[[CommentedMap], None]) -> str:
    """A text of plain line ends with a change made in it, comments and layout kept. It must be YAML."""
    return _changed(text, change)


def replace_text(path: Path, text: str, *, expected: bytes, unfinished: bool = False) -> bytes:
    """Write a whole text in one rename, in the file's own line ends; the bytes that stand there now.

    unfinished: the text need not be an initiative yet, as the one that stands there is none. Raises EditConflict where the file
    holds something else than `expected`, BadRubric where the text would not be read.
    """
    path = path.resolve()
    before = path.read_bytes()
    if before != expected:
        raise _conflict(path)
    newline = "\r\n" if b"\r\n" in before else "\n"
    after = text.replace("\r\n", "\n").replace("\n", newline).encode()
    _replace(path, before, after, unfinished=unfinished)
    return after


def write_new(path: Path, text: str) -> None:
    """Write a file that must not be there yet. Raises EditConflict where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise EditConflict(f"{shown(path)}: the file is there already. Take another id, or edit that file.") from None


def _changed(text: str, change: Callable[[CommentedMap], None]) -> str:
    yaml = _yaml(text)
    fields = yaml.load(text)
    plain = _dumped(yaml, fields)
    change(fields)
    return _patched(text, plain, _dumped(yaml, fields))


def _patched(text: str, plain: str, changed: str) -> str:
    """`text` with the lines in which `changed` differs from `plain`, the same values as `text` in the writer's own layout."""
    if not text.endswith("\n"):
        text += "\n"
    if plain == text:
        return changed
    ours, theirs, wanted = text.splitlines(True), plain.splitlines(True), changed.splitlines(True)
    place = {0: 0, len(theirs): len(ours)}
    for block in difflib.SequenceMatcher(None, theirs, ours, autojunk=False).get_matching_blocks():
        place |= {block.a + step: block.b + step for step in range(block.size + 1)}
    result, done = [], 0
    for kind, begin, end, first, last in difflib.SequenceMatcher(None, theirs, wanted, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        begin = max(known for known in place if known <= begin)
        result += ours[done : place[begin]] + wanted[first:last]
        done = place[min(known for known in place if known >= end)]
    return "".join(result + ours[done:])


def _replace(path: Path, before: bytes, after: bytes, *, unfinished: bool = False) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, fresh)
        try:
            if not unfinished:
                read_initiative(fresh)
        except BadRubric as trouble:
            raise BadRubric(str(trouble).replace(fresh.name, path.name)) from None
        if path.read_bytes() != before:
            raise _conflict(path)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _conflict(path: Path) -> EditConflict:
    return EditConflict(
        f"{shown(path)}: somebody changed the file meanwhile, so nothing was written. Look at it, then do it again."
    )


def _yaml(text: str) -> YAML:
    """A writer whose lists are indented as in `text`."""
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    entries = [line for line in text.splitlines() if line.lstrip().startswith("- ")]
    if not entries or any(line.startswith(" ") for line in entries):
        yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _dumped(yaml: YAML, fields: Any) -> str:
    stream = io.StringIO()
    yaml.dump(fields, stream)
    return stream.getvalue()
