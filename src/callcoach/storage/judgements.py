"""Many judgements at once on the database that a Store has opened: what they are made from, what came of them. Judges nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from callcoach.domain.call import Transcript
from callcoach.domain.signals import Signals
from callcoach.domain.verdict import CallScore
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put, put_missing


class ToJudge(NamedTuple):
    """A call and an initiative whose transcript and signals are kept, and the key of the score that is to be made of them."""

    call_id: str
    initiative_id: str
    transcript_made_by: str
    signals_made_by: str
    score_made_by: str


class Written(NamedTuple):
    """A judgement as it is kept: its verdict, its JSON, and what was kept beside it to judge from; None where that stays."""

    pair: ToJudge
    verdict: str
    body: str
    groundwork: "Kept | None" = None


class Kept(NamedTuple):
    """A groundwork as bytes, by what it was made of."""

    made_by: str
    body: bytes


class Judgements:
    """A few hundred pairs per question. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def measured(self, pairs: Sequence[ToJudge]) -> list[tuple[Transcript, Signals]]:
        """What was said and what the models say of it, in the order of `pairs`. Raises KeyError where one is not kept."""
        calls = list({pair.call_id for pair in pairs})
        said, heard = schema.transcripts, schema.signals
        with reading(self._engine) as connection:
            question = select(said.c.call_id, said.c.made_by, said.c.body).where(
                said.c.call_id.in_(calls), said.c.made_by.in_({pair.transcript_made_by for pair in pairs})
            )
            transcripts = {(row.call_id, row.made_by): value_of(row, Transcript) for row in connection.execute(question)}
            question = select(heard.c.call_id, heard.c.initiative_id, heard.c.made_by, heard.c.body).where(
                heard.c.call_id.in_(calls), heard.c.made_by.in_({pair.signals_made_by for pair in pairs})
            )
            signals = {
                (row.call_id, row.initiative_id, row.made_by): value_of(row, Signals) for row in connection.execute(question)
            }
        return [
            (
                transcripts[pair.call_id, pair.transcript_made_by],
                signals[pair.call_id, pair.initiative_id, pair.signals_made_by],
            )
            for pair in pairs
        ]

    def keep_measured(self, measured: Sequence[tuple[ToJudge, Transcript, Signals]], *, content: str) -> None:
        """Keep new transcripts and signals of known calls, in one transaction. content: as in `Store.keep_transcript`."""
        said: dict[tuple[str, str], dict[str, object]] = {}
        heard = []
        for pair, transcript, signals in measured:
            body = body_of(transcript)
            row = {"call_id": pair.call_id, "made_by": pair.transcript_made_by, "content": content, "body": body}
            said[pair.call_id, pair.transcript_made_by] = {**row, "digest": digest_of(transcript)}
            about = {"call_id": pair.call_id, "initiative_id": pair.initiative_id, "made_by": pair.signals_made_by}
            heard.append({**about, "body": body_of(signals)})
        with writing(self._engine) as connection:
            put_missing(connection, schema.transcripts, list(said.values()))
            put_missing(connection, schema.signals, heard)

    def groundworks(self, made_by: Mapping[ToJudge, str]) -> dict[ToJudge, bytes]:
        """What was kept to judge these pairs from, by what it has to be made of; pairs with nothing of that are left out."""
        table = schema.groundworks
        question = select(table.c.call_id, table.c.initiative_id, table.c.made_by, table.c.body).where(
            table.c.call_id.in_({pair.call_id for pair in made_by}),
            table.c.initiative_id.in_({pair.initiative_id for pair in made_by}),
        )
        with reading(self._engine) as connection:
            found = {(row.call_id, row.initiative_id, row.made_by): bytes(row.body) for row in connection.execute(question)}
        keys = {pair: (pair.call_id, pair.initiative_id, key) for pair, key in made_by.items()}
        return {pair: found[key] for pair, key in keys.items() if key in found}

    def keep(self, judged: Sequence[tuple[ToJudge, CallScore]], *, stage: str) -> None:
        """Keep scores whose signals are kept already, in one transaction; each as `Store.keep_judgement` does."""
        self.keep_written([Written(pair, score.verdict.value, body_of(score)) for pair, score in judged], stage=stage)

    def keep_written(self, judged: Sequence[Written], *, stage: str) -> None:
        """As `keep`, of scores that are JSON already, with what goes beside them."""
        if not judged:
            return
        table, failures = schema.scores, schema.failures
        rows = [
            {
                "call_id": pair.call_id,
                "initiative_id": pair.initiative_id,
                "made_by": pair.score_made_by,
                "signals_made_by": pair.signals_made_by,
                "verdict": verdict,
                "is_current": True,
                "body": body,
            }
            for pair, verdict, body, _ in judged
        ]
        outdated = (
            update(table)
            # not narrowed to the current one: SQLite would then read every score of the initiative
            .where(table.c.call_id == bindparam("of_call"), table.c.initiative_id == bindparam("of_initiative"))
            .values(is_current=False)
        )
        with writing(self._engine) as connection:
            pairs = [{"of_call": each.pair.call_id, "of_initiative": each.pair.initiative_id} for each in judged]
            connection.execute(outdated, pairs)
            put(connection, table, rows)
            put(connection, schema.groundworks, [_groundwork(each.pair, each.groundwork) for each in judged if each.groundwork])
            calls = {each.pair.call_id for each in judged}
            connection.execute(delete(failures).where(failures.c.stage == stage, failures.c.call_id.in_(calls)))


def _groundwork(pair: ToJudge, kept: Kept) -> dict[str, object]:
    return {"call_id": pair.call_id, "initiative_id": pair.initiative_id, "made_by": kept.made_by, "body": kept.body}


def digest_of(transcript: Transcript) -> str:
    """What names the whole of a transcript, as `Store.digests` gives it."""
    return hashlib.sha256(body_of(transcript).encode()).hexdigest()
