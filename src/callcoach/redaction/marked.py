"""Turns of calls in which people marked what tells somebody, as they are written in a text: one item a line.

Turns are divided by " / ", each begins with who speaks, what tells somebody stands as {KIND:words}, lines that begin with "#" say
something about the lines. Knows no file, and nothing of what finds the marked words.
"""

import re
from typing import NamedTuple

from callcoach.domain.call import Role, Transcript, Turn
from callcoach.redaction.kinds import Kind

_MARKED = re.compile(r"\{([A-Z]+):([^{}]*)\}")
_SPEAKERS = (Role.REP, Role.CUSTOMER)


class Mark(NamedTuple):
    """Characters `begin`..`end` of a turn tell somebody by a `kind`."""

    turn: int
    begin: int
    end: int
    kind: Kind


class MarkedTurns(NamedTuple):
    """Some turns and what is marked in them, in order."""

    transcript: Transcript
    marks: tuple[Mark, ...]

    def of_turn(self, number: int) -> list[Mark]:
        """What is marked in one turn."""
        return [mark for mark in self.marks if mark.turn == number]


def read_marked(text: str, name: str) -> list[MarkedTurns]:
    """The items of a text. name: what the text is called.

    Raises ValueError with name, line and what to write where a line is no item.
    """
    lines = enumerate(text.splitlines(), start=1)
    return [_item(line, f"{name}, line {number}") for number, line in lines if line.strip() and not line.startswith("#")]


def _item(line: str, where: str) -> MarkedTurns:
    turns, marks = [], []
    for place, turn in enumerate(line.split(" / ")):
        speaker, _, said = turn.partition(" ")
        if speaker not in _SPEAKERS or not said.strip():
            raise ValueError(f'{where}: a turn begins with "rep" or "customer" and what is said; here it is "{turn[:40]}".')
        text, behind = "", 0
        for match in _MARKED.finditer(said):
            text += said[behind : match.start()]
            marks.append(Mark(place, len(text), len(text) + len(match[2]), _kind(match, where)))
            text += match[2]
            behind = match.end()
        text += said[behind:]
        if "{" in text or "}" in text:
            raise ValueError(f"{where}: a brace belongs to no mark. Write marks as {{PHONE:415 555 0199}}.")
        turns.append(Turn(speaker=speaker, text=text))
    return MarkedTurns(Transcript(call_id=where, turns=tuple(turns)), tuple(marks))


def _kind(match: re.Match[str], where: str) -> Kind:
    if match[1] not in Kind.__members__ or match[2].strip() != match[2] or not match[2]:
        raise ValueError(
            f'{where}: "{match[0]}" is no mark. Write one of {", ".join(Kind)}, a colon and the words, no space at their ends.'
        )
    return Kind(match[1])
