"""Read the lines of calls.txt and twins.txt into blocks, and gather the mistakes. Knows nothing of what labels mean together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, Act
from callcoach.errors import BadCorpus

_SPEAKERS = {"R": "rep", "C": "customer", "C2": "customer2"}
_SPOKEN = re.compile(r"(R|C|C2): (.*?)(?:\s*\{([a-z, ]+)\})?\s*$")
_EDIT = re.compile(r"@(\d+)(\+?)\s+(.*)$")
_SHOWN_MISTAKES = 20


class Mistakes:
    """The mistakes found so far, so that a person can mend a file in one go."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, path: Path, line: int | None, sentence: str) -> None:
        """Note one mistake; `line` counts from 1."""
        self._lines.append(f"{path}, line {line}: {sentence}" if line else f"{path}: {sentence}")

    def raise_if_any(self) -> None:
        """Raise BadCorpus with the mistakes found, one a line."""
        if self._lines:
            shown = self._lines[:_SHOWN_MISTAKES]
            more = len(self._lines) - len(shown)
            raise BadCorpus("\n".join([*shown, *([f"... and {more} more mistakes."] if more else [])]))


class TaggedTurn(NamedTuple):
    """A spoken line with the acts in its braces."""

    speaker: str
    text: str
    acts: frozenset[Act]


class Edit(NamedTuple):
    """What a twin does to a turn of its base call: replace it, put a turn after it, or (turn None) leave it out."""

    number: int
    insert: bool
    turn: TaggedTurn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBlock:
    """One `===` block as it stands in the file: header and labels unread, turns or edits with their line numbers."""

    path: Path
    line: int
    call_id: str
    header: dict[str, str]
    labels: dict[str, str]
    rationale: str = ""
    turns: list[tuple[int, TaggedTurn]] = field(default_factory=list)
    edits: list[tuple[int, Edit]] = field(default_factory=list)


def read_call_blocks(path: Path, mistakes: Mistakes) -> tuple[CallBlock, ...]:
    """The calls of a calls.txt: blocks with turns."""
    blocks = []
    for block, body in _blocks(path, mistakes):
        for line, text in body:
            turn = _spoken(path, line, text, mistakes)
            if turn:
                block.turns.append((line, turn))
        blocks.append(block)
    return tuple(blocks)


def read_twin_blocks(path: Path, mistakes: Mistakes) -> tuple[CallBlock, ...]:
    """The twins of a twins.txt: blocks with edits."""
    blocks = []
    for block, body in _blocks(path, mistakes):
        for line, text in body:
            match = _EDIT.match(text)
            if match is None:
                mistakes.add(path, line, f'cannot read "{_short(text)}". Write @12 R: ..., @12 - or @12+ R: ...')
                continue
            number, insert, rest = int(match[1]), bool(match[2]), match[3].strip()
            if rest == "-" and not insert:
                block.edits.append((line, Edit(number, False, None)))
                continue
            turn = _spoken(path, line, rest, mistakes)
            if turn:
                block.edits.append((line, Edit(number, insert, turn)))
        blocks.append(block)
    return tuple(blocks)


def _blocks(path: Path, mistakes: Mistakes) -> Iterator[tuple[CallBlock, list[tuple[int, str]]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        mistakes.add(path, None, "not UTF-8 text. Save it as UTF-8.")
        return
    starts = [number for number, text in enumerate(lines) if text.startswith("=== ")]
    for number, text in enumerate(lines[: starts[0] if starts else len(lines)], 1):
        if text.strip():
            mistakes.add(path, number, f'"{_short(text)}" stands before the first call. Begin with a line `=== call-id ...`.')
            break
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        body: list[tuple[int, str]] = []
        label_words: dict[str, str] = {}
        rationale = ""
        for number, text in enumerate(lines[start + 1 : end], start + 2):
            if text.startswith("--- why:"):
                rationale = text[len("--- why:") :].strip()
            elif text.startswith("--- "):
                label_words |= _pairs(path, number, text[4:], mistakes)
            elif text.strip():
                body.append((number, text))
        call_id, _, header = lines[start][4:].strip().partition(" ")
        yield (
            CallBlock(
                path=path,
                line=start + 1,
                call_id=call_id,
                header=_pairs(path, start + 1, header, mistakes),
                labels=label_words,
                rationale=rationale,
            ),
            body,
        )


def _pairs(path: Path, line: int, text: str, mistakes: Mistakes) -> dict[str, str]:
    pairs = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        if equals:
            pairs[name] = value
        else:
            mistakes.add(path, line, f'"{word}" is to read name=value.')
    return pairs


def _spoken(path: Path, line: int, text: str, mistakes: Mistakes) -> TaggedTurn | None:
    match = _SPOKEN.match(text)
    if match is None:
        mistakes.add(path, line, f'cannot read "{_short(text)}". A turn begins with R:, C: or C2: and a space.')
        return None
    speaker = _SPEAKERS[match[1]]
    named = [tag.strip() for tag in (match[3] or "").split(",") if tag.strip()]
    allowed = [act.value for act in (REP_ACTS if speaker == "rep" else CUSTOMER_ACTS)]
    for tag in named:
        if tag not in allowed:
            mistakes.add(path, line, f"a {speaker} turn cannot be tagged {tag}. Use {', '.join(allowed)}, or take the tag away.")
    return TaggedTurn(speaker, match[2], frozenset(Act(tag) for tag in named if tag in allowed))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
