"""Everything kept of one call, asked by the call's id: it costs the same with a hundred calls and with a hundred thousand.

Reads the database that a Store has opened and changes nothing in it.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from sqlalchemy import select

from callcoach.domain.coaching import CallProblem
from callcoach.domain.verdict import CallScore
from callcoach.storage import schema
from callcoach.storage.bodies import value_of
from callcoach.storage.connection import reading
from callcoach.storage.store import MOST_ATTEMPTS, Store

Span = tuple[int, int]
"""Where a sentence begins and ends in the text of its turn, in characters."""


class KeptScore(NamedTuple):
    """A score with what made it, and whether it is the one that counts."""

    score: CallScore
    made_by: str
    signals_made_by: str
    is_current: bool


class _Sentence(msgspec.Struct):
    begin: int
    end: int


class _Turn(msgspec.Struct):
    turn: int
    sentences: tuple[_Sentence, ...] = ()


class _Split(msgspec.Struct):
    """What of signals says where sentences end; the numbers are skipped."""

    turns: tuple[_Turn, ...]


class OneCall:
    """What is kept of the call of this id. Raises StorageError as the Store does."""

    def __init__(self, store: Store, call_id: str) -> None:
        self._engine, self._call_id = store.engine, call_id

    def scores(self) -> tuple[KeptScore, ...]:
        """All judgements of the call, by initiative, the current one of each first, earlier ones by what made them."""
        table = schema.scores
        columns = (table.c.body, table.c.made_by, table.c.signals_made_by, table.c.is_current)
        with reading(self._engine) as connection:
            rows = connection.execute(select(*columns).where(table.c.call_id == self._call_id)).all()
            found = [KeptScore(value_of(row, CallScore), row.made_by, row.signals_made_by, row.is_current) for row in rows]
        return tuple(sorted(found, key=lambda kept: (kept.score.initiative_id, not kept.is_current, kept.made_by)))

    def score(self, initiative_id: str) -> KeptScore | None:
        """The current judgement of the call for an initiative."""
        table = schema.scores
        columns = (table.c.body, table.c.made_by, table.c.signals_made_by, table.c.is_current)
        here = (table.c.call_id == self._call_id, table.c.initiative_id == initiative_id, table.c.is_current)
        with reading(self._engine) as connection:
            row = connection.execute(select(*columns).where(*here)).first()
            return None if row is None else KeptScore(value_of(row, CallScore), row.made_by, row.signals_made_by, True)

    def sentences(self, initiative_id: str, signals_made_by: str) -> dict[int, tuple[Span, ...]]:
        """Where the language models found sentences, by turn number; empty where those signals are not kept."""
        table = schema.signals
        question = select(table.c.body).where(
            table.c.call_id == self._call_id, table.c.initiative_id == initiative_id, table.c.made_by == signals_made_by
        )
        with reading(self._engine) as connection:
            body = connection.execute(question).scalar()
            split = _Split(turns=()) if body is None else msgspec.json.decode(body, type=_Split)
        return {turn.turn: tuple((each.begin, each.end) for each in turn.sentences) for turn in split.turns}

    def failures(self) -> tuple[CallProblem, ...]:
        """What failed with this call and has not succeeded since."""
        table = schema.failures
        with reading(self._engine) as connection:
            rows = connection.execute(select(table).where(table.c.call_id == self._call_id)).all()
        return tuple(
            CallProblem(
                call_id=row.call_id, sentence=row.sentence, attempts=row.attempts, quarantined=row.attempts >= MOST_ATTEMPTS
            )
            for row in sorted(rows, key=lambda row: (row.stage, row.made_by))
        )


def current_keys(store: Store, call_ids: Iterable[str]) -> dict[str, str]:
    """Which transcript of each call is the one to read (call id -> made_by); calls without one are left out."""
    table, wanted = schema.current_transcripts, sorted(set(call_ids))
    found: dict[str, str] = {}
    with reading(store.engine) as connection:
        for first in range(0, len(wanted), 500):
            some = table.c.call_id.in_(wanted[first : first + 500])
            found |= {
                row.call_id: row.made_by for row in connection.execute(select(table.c.call_id, table.c.made_by).where(some))
            }
    return found
