"""What was judged before, and from what: versions of initiatives, the words behind a score, scores kept beside the current ones.

Nothing here is ever overwritten by another version: a version's text, its signals and its scores stay as they were.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Table, select

from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.storage import schema
from callcoach.storage.bodies import body_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put_new


class Words(NamedTuple):
    """A transcript as it is kept, without its words: what made it, and the digest of its content."""

    call_id: str
    made_by: str
    digest: str


class _Made(msgspec.Struct):
    """What of a score says what it was made with; the rest is skipped."""

    versions: dict[str, str] = {}


class History:
    """Earlier judgements in the database that a Store has opened. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def versions(self, initiative_id: str) -> tuple[Initiative, ...]:
        """Every version of an initiative that a score or a publication has used, by version."""
        table = schema.initiatives
        with reading(self._store.engine) as connection:
            rows = connection.execute(
                select(table.c.body).where(table.c.initiative_id == initiative_id).order_by(table.c.version)
            )
            return tuple(msgspec.json.decode(row.body, type=Initiative) for row in rows)

    def n_scores(self, initiative_id: str) -> dict[str, int]:
        """How many calls were judged with each version of an initiative."""
        table = schema.scores
        counted: dict[str, set[str]] = {}
        with reading(self._store.engine) as connection:
            for row in connection.execute(select(table.c.call_id, table.c.body).where(table.c.initiative_id == initiative_id)):
                version = _version(msgspec.json.decode(row.body, type=_Made).versions)
                counted.setdefault(version, set()).add(row.call_id)
        return {version: len(calls) for version, calls in sorted(counted.items())}

    def current_words(self, call_ids: Sequence[str] | None = None) -> dict[str, Words]:
        """By call: the transcript that its latest run pointed at, else the one that its current scores were made from.

        call_ids: of a few calls, which costs the same with however many are kept.
        """
        heard, current = schema.transcripts, schema.current_transcripts
        with reading(self._store.engine) as connection:
            asked = select(heard.c.call_id, heard.c.made_by, heard.c.digest)
            at = select(current.c.call_id, current.c.made_by)
            if call_ids is not None:
                asked, at = asked.where(heard.c.call_id.in_(call_ids)), at.where(current.c.call_id.in_(call_ids))
            kept = [Words(*row) for row in connection.execute(asked)]
            pointed = {(row.call_id, row.made_by) for row in connection.execute(at)}
            chosen = {words.call_id: words for words in kept if (words.call_id, words.made_by) in pointed}
            left = [words for words in sorted(kept) if words.call_id not in chosen]
            judged: dict[str, set[_Source]] = {}
            for call_id, source in self._sources(connection) if left else ():
                judged.setdefault(call_id, set()).add(source)
        for words in left:
            if any(source.is_from(words) for source in judged.get(words.call_id, ())):
                chosen.setdefault(words.call_id, words)
        return chosen

    def keep_beside(self, signals: Signals, score: CallScore, *, signals_made_by: str, score_made_by: str) -> None:
        """Keep signals and score of another version; the current score stays the current one, and what is kept stays as it is."""
        pair = {"call_id": score.call_id, "initiative_id": score.initiative_id}
        rows: dict[Table, dict[str, object]] = {
            schema.signals: {**pair, "made_by": signals_made_by, "body": body_of(signals)},
            schema.scores: {
                **pair,
                "made_by": score_made_by,
                "signals_made_by": signals_made_by,
                "verdict": score.verdict.value,
                "is_current": False,
                "body": body_of(score),
            },
        }
        with writing(self._store.engine) as connection:
            for table, row in rows.items():
                put_new(connection, table, row)

    def _sources(self, connection: Connection) -> Iterator[tuple[str, "_Source"]]:
        """By call, what each current score was made from."""
        table = schema.scores
        for row in connection.execute(select(table.c.call_id, table.c.signals_made_by, table.c.body).where(table.c.is_current)):
            versions = msgspec.json.decode(row.body, type=_Made).versions
            language = versions.get("language", "").rpartition(" ")[2]
            yield row.call_id, _Source(_version(versions), language, row.signals_made_by)


class _Source(NamedTuple):
    """Initiative version, language models and the key of the signals of one score."""

    version: str
    language: str
    signals_made_by: str

    def is_from(self, words: Words) -> bool:
        return fingerprint(words.digest, self.version, self.language) == self.signals_made_by


def _version(versions: dict[str, str]) -> str:
    """The initiative's version that a score names: `rubric` is its id and version."""
    return versions.get("rubric", "").rpartition(" ")[2]
