"""Goals on the database that a Store has opened: every change is a row of its own, and none is ever changed or overwritten.

Knows nothing of who may change a goal, nor of what makes one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from callcoach.coaching import goal_wording
from callcoach.domain.goals import Goal, GoalAct, GoalChange, GoalProgress
from callcoach.errors import CallcoachError, EditConflict, UsageError
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store

History = tuple[GoalChange, ...]
"""A goal's changes, the first first; the last one holds how it reads now."""


class Goals:
    """Every goal that was ever set. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def set(self, goal: Goal, *, by: str, at: datetime) -> GoalChange:
        """Keep a new goal, which is given its id."""
        with writing(self._engine) as connection:
            key = connection.execute(insert(schema.goals).values(rep_id=goal.rep_id)).inserted_primary_key
            assert key is not None, "a goal is given a number"
            first = GoalChange(revision=1, act=GoalAct.SET, by=by, at=_to_the_second(at), goal=replace(goal, goal_id=str(key[0])))
            _add(connection, first)
        return first

    def change(
        self,
        goal_id: str,
        act: GoalAct,
        made: Callable[[Goal], Goal],
        *,
        by: str,
        at: datetime,
        revision: int | None = None,
        note: str = "",
        progress: GoalProgress | None = None,
    ) -> GoalChange:
        """Add what `made` makes of the goal to its history.

        revision: the one it was read in; None where nothing rests on its text. An agreement or a noted coaching in
        between is no conflict: the text is the same.

        Raises UsageError where there is no such goal, EditConflict where its text has changed since, and what `made` raises.
        """
        with writing(self._engine) as connection:
            # PostgreSQL: whoever else changes this goal waits here; SQLite lets one write at a time anyhow
            connection.execute(select(schema.goals.c.goal_id).where(schema.goals.c.goal_id == _number(goal_id)).with_for_update())
            so_far = _read(connection, goal_id)
            latest = so_far[-1]
            if revision is not None:
                read = next((each for each in so_far if each.revision == revision), None)
                if read is None:
                    raise UsageError(f"Goal {goal_id} has no revision {revision}: it is at {latest.revision}. Read it again.")
                if _text(read.goal) != _text(latest.goal):
                    mine = _wanted(made, read.goal)
                    raise EditConflict(goal_wording.conflict(_last_edit(so_far), latest.revision, mine, revision))
            added = GoalChange(
                revision=latest.revision + 1,
                act=act,
                by=by,
                at=_to_the_second(at),
                goal=made(latest.goal),
                note=note,
                progress=progress,
            )
            _add(connection, added)
        return added

    def history(self, goal_id: str) -> History:
        """All that was done with a goal, the first first. Raises UsageError where there is no such goal."""
        with reading(self._engine) as connection:
            return _read(connection, goal_id)

    def all(self, *, rep_id: str | None = None) -> tuple[History, ...]:
        """The history of every goal, or of one rep's, in the order in which they were set."""
        table = schema.goal_changes
        question = select(table.c.goal_id, table.c.body).order_by(table.c.goal_id, table.c.revision)
        if rep_id is not None:
            question = question.join(schema.goals, schema.goals.c.goal_id == table.c.goal_id).where(
                schema.goals.c.rep_id == rep_id
            )
        found: dict[int, list[GoalChange]] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(question):
                found.setdefault(row.goal_id, []).append(value_of(row, GoalChange))
        return tuple(tuple(changes) for changes in found.values())


def _read(connection: Connection, goal_id: str) -> History:
    table = schema.goal_changes
    rows = connection.execute(select(table.c.body).where(table.c.goal_id == _number(goal_id)).order_by(table.c.revision)).all()
    if not rows:
        raise UsageError(f"There is no goal {goal_id}. `callcoach goal list` names them all.")
    return tuple(value_of(row, GoalChange) for row in rows)


def _add(connection: Connection, change: GoalChange) -> None:
    row = {"goal_id": _number(change.goal.goal_id), "revision": change.revision, "body": body_of(change)}
    connection.execute(insert(schema.goal_changes).values(row))


def _number(goal_id: str) -> int:
    """0, which no goal has, where it is no number that a database holds."""
    return int(goal_id) if goal_id.isascii() and goal_id.isdigit() and len(goal_id) < 10 else 0


def _text(goal: Goal) -> Goal:
    return replace(goal, agreed_by=())


def _wanted(made: Callable[[Goal], Goal], read: Goal) -> Goal | None:
    """How the goal that was read would then have read; None where its text stays, or nothing could be made of it."""
    try:
        mine = made(read)
    except CallcoachError:
        return None
    return None if _text(mine) == _text(read) else mine


def _last_edit(so_far: Sequence[GoalChange]) -> GoalChange:
    pairs: Iterable[tuple[GoalChange, GoalChange]] = zip(so_far[-2::-1], so_far[:0:-1], strict=True)
    return next((after for before, after in pairs if _text(before.goal) != _text(after.goal)), so_far[-1])


def _to_the_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
