"""Runs over folders of calls, on the database that a Store has opened: when, with what, what was done, what was recommended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import func, insert, select, update

from callcoach.domain.coaching import Given
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, utc
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run over a folder. ended_at is None while it goes on, and stays so if it was killed; counts say what was done.

    folder, rubrics: absolute paths of the calls (several as in PATH) and the initiatives it read; initiatives: their (id,
    version). waiting: calls that had no words when it began. Empty in runs of earlier versions.
    """

    run_id: int
    begun_at: datetime
    ended_at: datetime | None
    versions: Mapping[str, str]
    counts: Mapping[str, int]
    folder: str = ""
    rubrics: str = ""
    initiatives: tuple[tuple[str, str], ...] = ()
    waiting: int = 0


class _Read(msgspec.Struct):
    """What of a run's body says which initiatives it read; the rest is skipped."""

    initiatives: tuple[tuple[str, str], ...] = ()
    rubrics: str = ""


_READ = msgspec.json.Decoder(_Read)


class Runs:
    """Every run that was begun. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def begin(
        self,
        at: datetime,
        *,
        versions: Mapping[str, str],
        folder: str = "",
        rubrics: str = "",
        initiatives: Sequence[tuple[str, str]] = (),
        waiting: int = 0,
    ) -> int:
        """Note that a run begins, with what; its number."""
        read = {"folder": folder, "rubrics": rubrics, "initiatives": list(initiatives), "waiting": waiting}
        row = {"begun_at": utc(at), "ended_at": None, "body": body_of({"versions": dict(versions), "counts": {}, **read})}
        with writing(self._engine) as connection:
            result = connection.execute(insert(schema.runs).values(row))
            key = result.inserted_primary_key
        assert key is not None, "a run is given a number"
        return int(key[0])

    def end(self, run_id: int, at: datetime, *, counts: Mapping[str, int]) -> None:
        """Note that a run ended, and what it did."""
        table = schema.runs
        with writing(self._engine) as connection:
            body = msgspec.json.decode(connection.execute(select(table.c.body).where(table.c.run_id == run_id)).scalar_one())
            values = {"ended_at": utc(at), "body": body_of({**body, "counts": dict(counts)})}
            connection.execute(update(table).where(table.c.run_id == run_id).values(values))

    def all(self) -> tuple[Run, ...]:
        """All runs, the first first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(schema.runs).order_by(schema.runs.c.run_id)).all()
        return tuple(
            Run(
                run_id=row.run_id,
                begun_at=datetime.fromisoformat(row.begun_at),
                ended_at=datetime.fromisoformat(row.ended_at) if row.ended_at else None,
                versions=body["versions"],
                counts=body["counts"],
                folder=body.get("folder", ""),
                rubrics=body.get("rubrics", ""),
                initiatives=tuple((initiative_id, version) for initiative_id, version in body.get("initiatives", ())),
                waiting=body.get("waiting", 0),
            )
            for row in rows
            for body in (msgspec.json.decode(row.body),)
        )

    def latest_number(self) -> int | None:
        """The number of the run that began last; None where none has."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(schema.runs.c.run_id))).scalar()

    def latest_initiatives(self) -> tuple[tuple[str, str], ...]:
        """The (id, version) of the initiatives that the latest run with any read; the runs before it are not looked at."""
        question = select(schema.runs.c.body).order_by(schema.runs.c.run_id.desc())
        with reading(self._engine) as connection, connection.execute(question.execution_options(yield_per=1)) as rows:
            read = (_READ.decode(row.body).initiatives for row in rows)
            return next((initiatives for initiatives in read if initiatives), ())

    def latest_rubrics(self) -> str:
        """The folder of initiatives that the latest run with one read; empty where none did."""
        question = select(schema.runs.c.body).order_by(schema.runs.c.run_id.desc())
        with reading(self._engine) as connection, connection.execute(question.execution_options(yield_per=1)) as rows:
            return next((folder for row in rows if (folder := _READ.decode(row.body).rubrics)), "")

    def keep_given(self, run_id: int, given: Iterable[Given]) -> None:
        """Note what a run recommended, so that the next one can hold it."""
        table = schema.runs
        with writing(self._engine) as connection:
            body = msgspec.json.decode(connection.execute(select(table.c.body).where(table.c.run_id == run_id)).scalar_one())
            values = {"body": body_of({**body, "given": [msgspec.to_builtins(each) for each in given]})}
            connection.execute(update(table).where(table.c.run_id == run_id).values(values))

    def given(self) -> tuple[Given, ...]:
        """What the latest run that noted it recommended."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(schema.runs.c.body).order_by(schema.runs.c.run_id.desc())).all()
        noted = (body["given"] for row in rows if "given" in (body := msgspec.json.decode(row.body)))
        return msgspec.convert(next(noted, []), type=tuple[Given, ...])
