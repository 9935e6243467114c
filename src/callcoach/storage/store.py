"""The three layers of fact and what went wrong, one method per question. Knows nothing of how any of it is made."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, Select, delete, or_, select, update

from callcoach.domain.call import Call, Transcript, Turn
from callcoach.domain.coaching import CallProblem
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.storage import schema
from callcoach.storage.bodies import body_of as _body
from callcoach.storage.bodies import uncollected, utc
from callcoach.storage.bodies import value_of as _value
from callcoach.storage.connection import open_engine, reading, sentences, writing
from callcoach.storage.migrate import migrate
from callcoach.storage.upsert import put, put_new

MOST_ATTEMPTS = 3
"""After so many failures of the same work a call is left alone until what it is made of changes."""

Judged = tuple[str, str]
"""A call id and an initiative id."""

Value = TypeVar("Value")


class _Spoken(msgspec.Struct):
    """What of a transcript says its language; the words are skipped."""

    language: str | None = None


class _SpokenTurn(msgspec.Struct):
    """What of a turn is text; word times are skipped."""

    speaker: str
    text: str
    start: float | None = None
    end: float | None = None


class _SpokenTurns(msgspec.Struct):
    turns: tuple[_SpokenTurn, ...]
    language: str | None = None


class Store:
    """Opens, and where needed makes or upgrades, the database at a URL (special characters as %20) or the SQLite file at a path.

    `made_by` keys are opaque: the digest of everything that made a value. Every `keep_` is one transaction and may be repeated.
    Raises StorageError, here and in every method, with what to do.
    """

    def __init__(self, place: str | Path, *, busy_seconds: float = 30.0) -> None:
        self._engine = open_engine(place, busy_seconds=busy_seconds)
        try:
            migrate(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give all connections back."""
        with sentences(self._engine):
            self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """The database itself, for other questions asked of it in this package."""
        return self._engine

    # calls

    def add_calls(self, calls: Iterable[Call]) -> int:
        """Keep what is known of the calls, in one transaction; how many of them were new or known differently."""
        rows = [
            {"call_id": call.call_id, "content": call.content, "rep_id": call.rep_id, "day": _day(call), "body": _body(call)}
            for call in calls
        ]
        with writing(self._engine) as connection:
            known = {row.call_id: row.body for row in connection.execute(select(schema.calls.c.call_id, schema.calls.c.body))}
            changed = [row for row in rows if known.get(row["call_id"]) != row["body"]]
            put(connection, schema.calls, changed)
        return len(changed)

    def call(self, call_id: str) -> Call | None:
        """The call of this id."""
        return self._one(select(schema.calls.c.body).where(schema.calls.c.call_id == call_id), Call)

    def calls(self, *, since: date | None = None, rep_id: str | None = None) -> tuple[Call, ...]:
        """The calls by day and id, those without a day first; `since` leaves out calls before that day."""
        found = self._all(_narrowed(select(schema.calls.c.body), since, rep_id), Call)
        return tuple(sorted(found, key=lambda call: (_day(call) or "", call.call_id)))

    # transcripts

    def transcript(self, call_id: str, made_by: str) -> Transcript | None:
        """What was said in a call, as `made_by` heard it."""
        table = schema.transcripts
        return self._one(select(table.c.body).where(table.c.call_id == call_id, table.c.made_by == made_by), Transcript)

    def keep_transcript(
        self, transcript: Transcript, content: str, made_by: str, *, stage: str | None = None, peaks: bytes | None = None
    ) -> None:
        """content: sha256 of the bytes it was made from. The call's failures in `stage` are cleared with it.

        `peaks` are those of the recording with these bytes; None leaves what is kept.
        """
        body = _body(transcript)
        row = {
            "call_id": transcript.call_id,
            "made_by": made_by,
            "content": content,
            "digest": hashlib.sha256(body.encode()).hexdigest(),
            "body": body,
        }
        with writing(self._engine) as connection:
            put(connection, schema.transcripts, row)
            if peaks is not None:
                put(connection, schema.peaks, {"content": content, "body": peaks})
            _clear(connection, transcript.call_id, stage)

    def peaks(self, content: str) -> bytes | None:
        """The peaks of the recording whose bytes have this sha256, for the player."""
        with reading(self._engine) as connection:
            body = connection.execute(select(schema.peaks.c.body).where(schema.peaks.c.content == content)).scalar()
        return None if body is None else bytes(body)

    def digests(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """What names the whole of each transcript of `wanted` (call id -> made_by); those that are not there are left out."""
        table = schema.transcripts
        with reading(self._engine) as connection:
            rows = connection.execute(select(table.c.call_id, table.c.made_by, table.c.digest)).all()
        return {row.call_id: row.digest for row in rows if wanted.get(row.call_id) == row.made_by}

    def point_at(self, transcripts: Mapping[str, str]) -> None:
        """Say which transcript of each call is the one to read from now on (call id -> made_by); those not there are left out."""
        table, missing = schema.current_transcripts, self.missing_transcripts(transcripts)
        with reading(self._engine) as connection:
            current = {row.call_id: row.made_by for row in connection.execute(select(table.c.call_id, table.c.made_by))}
        there = ((call_id, made_by) for call_id, made_by in transcripts.items() if call_id not in missing)
        moved = [{"call_id": call_id, "made_by": made_by} for call_id, made_by in there if current.get(call_id) != made_by]
        if moved:
            with writing(self._engine) as connection:
                put(connection, table, moved)

    def current_transcript(self, call_id: str) -> Transcript | None:
        """What was said in a call, as the latest run over it heard it."""
        heard, current = schema.transcripts, schema.current_transcripts
        joined = select(heard.c.body).join(
            current, (current.c.call_id == heard.c.call_id) & (current.c.made_by == heard.c.made_by)
        )
        return self._one(joined.where(heard.c.call_id == call_id), Transcript)

    def missing_transcripts(self, wanted: Mapping[str, str]) -> set[str]:
        """The call ids of `wanted` (call id -> made_by) that have no such transcript."""
        table = schema.transcripts
        with reading(self._engine) as connection:
            there = {(row.call_id, row.made_by) for row in connection.execute(select(table.c.call_id, table.c.made_by))}
        return {call_id for call_id, made_by in wanted.items() if (call_id, made_by) not in there}

    def languages(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """In which language the transcripts of `wanted` (call id -> made_by) are; those that do not know it are left out."""
        table = schema.transcripts
        with reading(self._engine) as connection:
            rows = connection.execute(select(table.c.call_id, table.c.made_by, table.c.body)).yield_per(100)
            current = (row for row in rows if wanted.get(row.call_id) == row.made_by)
            found = {row.call_id: msgspec.json.decode(row.body, type=_Spoken).language for row in current}
        return {call_id: language for call_id, language in found.items() if language}

    def texts(self, wanted: Mapping[str, str]) -> dict[str, Transcript]:
        """What was said in the calls of `wanted` (call id -> made_by), without the words' times; those not there are left out."""
        table = schema.transcripts
        found: dict[str, Transcript] = {}
        call_ids = sorted(wanted)
        with reading(self._engine) as connection:
            for first in range(0, len(call_ids), 500):
                some = table.c.call_id.in_(call_ids[first : first + 500])
                for row in connection.execute(select(table.c.call_id, table.c.made_by, table.c.body).where(some)).yield_per(100):
                    if wanted[row.call_id] == row.made_by:
                        found[row.call_id] = _text(row.call_id, _value(row, _SpokenTurns))
        return found

    # signals and scores

    def signals(self, call_id: str, initiative_id: str, made_by: str) -> Signals | None:
        """What the models say of a call and an initiative."""
        table = schema.signals
        return self._one(
            select(table.c.body).where(
                table.c.call_id == call_id, table.c.initiative_id == initiative_id, table.c.made_by == made_by
            ),
            Signals,
        )

    def keep_judgement(
        self,
        signals: Signals | None,
        score: CallScore,
        *,
        signals_made_by: str,
        score_made_by: str,
        stage: str | None = None,
        groundwork: tuple[str, bytes] | None = None,
    ) -> None:
        """Keep a score, and its signals where they are new (None where they are kept already), in one transaction.

        The score becomes the current one of its call and initiative; older ones stay for comparison. The call's failures in
        `stage` are cleared with it. groundwork: what the next score is made from and what it was made of, its key first; it takes
        the place of the one that is kept.
        """
        pair = {"call_id": score.call_id, "initiative_id": score.initiative_id}
        table = schema.scores
        row = {
            **pair,
            "made_by": score_made_by,
            "signals_made_by": signals_made_by,
            "verdict": score.verdict.value,
            "is_current": True,
            "body": _body(score),
        }
        with writing(self._engine) as connection:
            if signals is not None:
                kept = {**pair, "made_by": signals_made_by, "body": _body(signals)}
                put(connection, schema.signals, kept)
            connection.execute(
                update(table)
                # not narrowed to the current one: SQLite would then read every score of the initiative
                .where(table.c.call_id == score.call_id, table.c.initiative_id == score.initiative_id)
                .values(is_current=False)
            )
            put(connection, table, row)
            if groundwork is not None:
                put(connection, schema.groundworks, {**pair, "made_by": groundwork[0], "body": groundwork[1]})
            _clear(connection, score.call_id, stage)

    def scores(
        self,
        *,
        made_by: str | None = None,
        since: date | None = None,
        rep_id: str | None = None,
        initiative_id: str | None = None,
    ) -> tuple[CallScore, ...]:
        """The current scores, or all that `made_by` made, by day, call and initiative."""
        table = schema.scores
        question = select(table.c.body, schema.calls.c.day).join(schema.calls, schema.calls.c.call_id == table.c.call_id)
        question = question.where(table.c.is_current if made_by is None else table.c.made_by == made_by)
        if initiative_id is not None:
            question = question.where(table.c.initiative_id == initiative_id)
        with reading(self._engine) as connection, uncollected():
            found = [(row.day or "", _value(row, CallScore)) for row in connection.execute(_narrowed(question, since, rep_id))]
        return tuple(score for _, score in sorted(found, key=lambda one: (one[0], one[1].call_id, one[1].initiative_id)))

    def missing_signals(self, wanted: Mapping[Judged, str]) -> set[Judged]:
        """The (call id, initiative id) of `wanted` (-> made_by) that have no such signals."""
        table = schema.signals
        return self._missing(select(table.c.call_id, table.c.initiative_id, table.c.made_by), wanted)

    def missing_scores(self, wanted: Mapping[Judged, str]) -> set[Judged]:
        """The (call id, initiative id) of `wanted` (-> made_by) whose current score is not that one."""
        table = schema.scores
        return self._missing(select(table.c.call_id, table.c.initiative_id, table.c.made_by).where(table.c.is_current), wanted)

    # what went wrong

    def keep_failure(self, call_id: str, stage: str, sentence: str, at: datetime, key: str) -> int:
        """Note that the work `key` of a stage failed once more; the number of failures so far. at: with its time zone."""
        table = schema.failures
        here = (table.c.call_id == call_id, table.c.stage == stage, table.c.made_by == key)
        with writing(self._engine) as connection:
            attempts = (connection.execute(select(table.c.attempts).where(*here)).scalar() or 0) + 1
            row = {"call_id": call_id, "stage": stage, "made_by": key, "attempts": attempts, "sentence": sentence, "at": utc(at)}
            put(connection, table, row)
        return attempts

    def failures(self) -> tuple[CallProblem, ...]:
        """All that failed and has not succeeded since, by call and stage."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(schema.failures)).all()
        return tuple(
            CallProblem(
                call_id=row.call_id, sentence=row.sentence, attempts=row.attempts, quarantined=row.attempts >= MOST_ATTEMPTS
            )
            for row in sorted(rows, key=lambda row: (row.call_id, row.stage, row.made_by))
        )

    def quarantined(self, stage: str) -> frozenset[tuple[str, str]]:
        """The (call id, key) of a stage that are not to be tried again."""
        table = schema.failures
        question = select(table.c.call_id, table.c.made_by).where(table.c.stage == stage, table.c.attempts >= MOST_ATTEMPTS)
        with reading(self._engine) as connection:
            return frozenset((row.call_id, row.made_by) for row in connection.execute(question))

    def clear_failures(self, call_id: str, stage: str) -> None:
        """Forget the failures of a call in a stage."""
        with writing(self._engine) as connection:
            _clear(connection, call_id, stage)

    # initiatives

    def keep_initiative(self, initiative: Initiative) -> None:
        """Keep a version of an initiative; a version that is kept already stays as it is."""
        row = {"initiative_id": initiative.id, "version": initiative.version, "body": _body(initiative)}
        with writing(self._engine) as connection:
            put_new(connection, schema.initiatives, row)

    def initiative(self, initiative_id: str, version: str) -> Initiative | None:
        """The initiative as it read in this version."""
        table = schema.initiatives
        return self._one(
            select(table.c.body).where(table.c.initiative_id == initiative_id, table.c.version == version), Initiative
        )

    def _one(self, question: Select[Any], kind: type[Value]) -> Value | None:
        with reading(self._engine) as connection:
            row = connection.execute(question).first()
            return _value(row, kind) if row is not None else None

    def _all(self, question: Select[Any], kind: type[Value]) -> list[Value]:
        with reading(self._engine) as connection, uncollected():
            return [_value(row, kind) for row in connection.execute(question)]

    def _missing(self, question: Select[Any], wanted: Mapping[Judged, str]) -> set[Judged]:
        with reading(self._engine) as connection:
            there = {((row.call_id, row.initiative_id), row.made_by) for row in connection.execute(question)}
        return {pair for pair, made_by in wanted.items() if (pair, made_by) not in there}


def _narrowed(question: Select[Any], since: date | None, rep_id: str | None) -> Select[Any]:
    if since is not None:
        question = question.where(or_(schema.calls.c.day >= since.isoformat(), schema.calls.c.day.is_(None)))
    return question if rep_id is None else question.where(schema.calls.c.rep_id == rep_id)


def _clear(connection: Connection, call_id: str, stage: str | None) -> None:
    if stage is not None:
        connection.execute(delete(schema.failures).where(schema.failures.c.call_id == call_id, schema.failures.c.stage == stage))


def _text(call_id: str, spoken: _SpokenTurns) -> Transcript:
    turns = tuple(Turn(speaker=turn.speaker, text=turn.text, start=turn.start, end=turn.end) for turn in spoken.turns)
    return Transcript(call_id=call_id, turns=turns, language=spoken.language)


def _day(call: Call) -> str | None:
    return call.day.isoformat() if call.day else None
