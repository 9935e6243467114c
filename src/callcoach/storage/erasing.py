"""Take people and calls out of every table, on the database that a Store has opened. Decides nothing about who is to go.

A call takes with it whatever has its id. What a person said or set goes; what they decided about other people's calls stays,
under a stand-in for their id. Names, e-mails and phones in what others wrote go; in what others said they are covered letter by
letter.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    Table,
    delete,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)

from callcoach.domain.calibration import Label
from callcoach.domain.call import Call
from callcoach.domain.erasure import GONE, Forgotten
from callcoach.domain.people import Company, PersonRole
from callcoach.domain.pulse import PulseQuestion, PulseSheet
from callcoach.domain.review import Review
from callcoach.errors import StorageError
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, value_of
from callcoach.storage.connection import reading, sentences, shown, writing
from callcoach.storage.store import Store

AT_ONCE = 200
SAID = frozenset({"transcripts", "signals", "scores", "second_opinions", "queue", "failures"})
"""Tables of what was said in calls, or taken from it: places in it have to hold still."""
LEAVE_OUT: Mapping[str, tuple[str, ...]] = {"companies": ("id", "rep_id", "by"), "runs": ("rep_id",)}
"""Tables of lists of people, and the fields by which one is theirs."""
LEFT_ALONE = frozenset(
    {"audit", "audit_ends", "erasures", "kept_reports", "sign_in_tries", "run_locks", "recordings", "deliveries"}
)
STORIES = frozenset({"calls", "initiatives"})
"""Tables in which a sentence of a call is nobody's quote: a rep reads out what stands in the story."""
OWN_WORDS = frozenset({"field_reports", "label_drafts", "remarks", "coaching_history", "goals"})
"""Tables whose rows are a person's own: they go with them."""

Counted = dict[str, int]
"""How many rows of each table are concerned."""


class _Undone(Exception):
    """Only to end a transaction without keeping it."""


class KnownPerson(NamedTuple):
    """Somebody whom the database knows: by id, and what goes with it."""

    person_id: str
    name: str | None
    email: str | None


class Erasing:
    """Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    # who and what is there

    def people(self) -> tuple[KnownPerson, ...]:
        """Everybody that the people file, accounts, calls or what people wrote name."""
        found: dict[str, KnownPerson] = {}
        with reading(self._engine) as connection:
            for table in schema.metadata.sorted_tables:
                for name in {"rep_id", "person_id"} & set(table.columns.keys()):
                    ids = connection.execute(select(table.c[name]).where(table.c[name].is_not(None)).distinct()).scalars()
                    found |= {each: KnownPerson(each, None, None) for each in ids if each not in found}
            row = connection.execute(select(schema.companies.c.body)).first()
            company = value_of(row, Company) if row else Company()
        found |= {each.id: KnownPerson(each.id, each.name, each.email) for each in company.people}
        return tuple(found.values())

    def accounts(self) -> tuple[tuple[str, str, str | None], ...]:
        """(account id, e-mail, person id) of every account."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(schema.accounts)).all()
        return tuple((row.account_id, row.email, msgspec.json.decode(row.body).get("person_id")) for row in rows)

    def known_calls(self) -> Iterator[Call]:
        """Every call, as it is known apart from its words."""
        with reading(self._engine) as connection:
            question = select(schema.calls.c.body).execution_options(stream_results=True, yield_per=AT_ONCE)
            for row in connection.execute(question):
                yield value_of(row, Call)

    def words(self, call_ids: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
        """(call id, body) of every transcript, or of those of these calls."""
        table = schema.transcripts
        question = select(table.c.call_id, table.c.body).execution_options(stream_results=True, yield_per=50)
        with reading(self._engine) as connection:
            for some in _stretches(call_ids) if call_ids is not None else (None,):
                asked = question if some is None else question.where(table.c.call_id.in_(some))
                for row in connection.execute(asked):
                    yield row.call_id, row.body

    def places(self, contents: Collection[str]) -> dict[str, str]:
        """Where the recordings with these bytes lay when they were last seen."""
        table = schema.recordings
        with reading(self._engine) as connection:
            found = [connection.execute(select(table).where(table.c.content.in_(some))).all() for some in _stretches(contents)]
        return {row.content: row.path for rows in found for row in rows}

    def scripts(self) -> tuple[str, ...]:
        """Every initiative as it is kept."""
        with reading(self._engine) as connection:
            return tuple(connection.execute(select(schema.initiatives.c.body)).scalars())

    def people_wrote(self) -> Iterator[str]:
        """What people wrote that is of no single call: goals, reports from the field, drafts."""
        with reading(self._engine) as connection:
            for table in (
                schema.goal_changes,
                schema.field_reports,
                schema.field_answers,
                schema.workbench,
                schema.gate_overrides,
            ):
                yield from connection.execute(select(table.c.body)).scalars()

    # taking them out

    def tried(self, forgotten: Forgotten) -> Counted:
        """What `erase` would take out or change; nothing is."""
        counted: Counted = {}
        try:
            with writing(self._engine) as connection:
                counted = _erase(connection, forgotten)
                raise _Undone
        except _Undone:
            return counted

    def erase(self, forgotten: Forgotten) -> Counted:
        """Take it out, in one transaction; how many rows of each table went or read differently now."""
        with writing(self._engine) as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            return _erase(connection, forgotten)

    def purge(self, *, whole: bool = True) -> bool:
        """Have the database give up the bytes of what was deleted; whether it could. whole: rewrite it, which takes longer."""
        if self._engine.dialect.name == "sqlite":
            return self._purge_sqlite(whole=whole)
        if whole:
            alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            with sentences(self._engine), alone.connect() as connection:
                for table in schema.metadata.sorted_tables:
                    connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table.name}")
        return True

    def _purge_sqlite(self, *, whole: bool) -> bool:
        self._engine.dispose()  # a connection that another question left in the pool would hold the log up
        raw = self._engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
            if whole:
                cursor.execute("PRAGMA secure_delete=ON")
                cursor.execute("VACUUM")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as trouble:
            if "locked" in str(trouble) or "busy" in str(trouble):
                return False
            raise StorageError(
                f"{shown(self._engine)}: the rows are gone, but the file could not be rewritten ({trouble}). Check the space and "
                "erase again: what is left is done then."
            ) from trouble
        finally:
            raw.close()
        return not busy


def _erase(connection: Connection, forgotten: Forgotten) -> Counted:
    counted: Counted = {}

    def gone(table: Table, *where: ColumnElement[bool]) -> None:
        n = connection.execute(delete(table).where(*where)).rowcount
        if n:
            counted[table.name] = counted.get(table.name, 0) + n

    for table in reversed(schema.metadata.sorted_tables):
        if "call_id" in table.columns:
            for some in _stretches(forgotten.call_ids):
                gone(table, table.c.call_id.in_(some))
    for table in (schema.peaks, schema.recordings):
        for some in _stretches(forgotten.contents):
            gone(table, table.c.content.in_(some), table.c.content.not_in(select(schema.calls.c.content)))
    places = schema.recordings
    orphans = select(places).where(places.c.content.not_in(select(schema.calls.c.content)))
    named = {row.content for row in connection.execute(orphans) if forgotten.is_in(row.path)}
    for some in _stretches(named):
        gone(places, places.c.content.in_(some))
    if forgotten.call_ids or forgotten.person_ids:
        gone(schema.kept_reports)
        # a page that somebody wanted to see may be theirs; whoever is signing in just now begins again
        gone(schema.sign_ins_begun)
    _of_people(connection, forgotten, gone)
    for table in schema.metadata.sorted_tables:
        if table.name not in LEFT_ALONE:
            n = _rewritten(connection, table, forgotten)
            if n:
                counted[f"{table.name} (changed)"] = n
    return counted


def _of_people(connection: Connection, forgotten: Forgotten, gone: Callable[..., None]) -> None:
    remarks, withdrawn, people = schema.remarks, schema.withdrawn, sorted(forgotten.person_ids)
    for some in _stretches(forgotten.account_ids):
        gone(schema.accounts, schema.accounts.c.account_id.in_(some))
    if not people:
        return
    rows = connection.execute(select(remarks.c.remark_id, remarks.c.body)).all() if people else []
    said = {row.remark_id: msgspec.json.decode(row.body) for row in rows}
    theirs = {remark_id for remark_id, remark in said.items() if remark["person_id"] in forgotten.person_ids}
    theirs |= {remark_id for remark_id, remark in said.items() if remark.get("to") in theirs}
    for some in _stretches(theirs):
        gone(remarks, remarks.c.remark_id.in_(some))
        gone(withdrawn, withdrawn.c.what_id.in_(some))
    for table in schema.metadata.sorted_tables:
        for name in {"person_id", "rep_id"} & set(table.columns.keys()) if table.name in OWN_WORDS else ():
            gone(table, table.c[name].in_(people))
    _empty_sheets(connection, people, forgotten)
    _under_a_stand_in(connection, schema.reviews, "review_id", Review, "because", GONE, forgotten)
    _under_a_stand_in(connection, schema.labels, "label_id", Label, "note", None, forgotten)


def _empty_sheets(connection: Connection, people: Sequence[str], forgotten: Forgotten) -> None:
    """A sheet's answers go; a rep's keeps its place, or the others' would be shown in other groups, and tell who wrote what."""
    table = schema.pulse_sheets
    for place, person_id in enumerate(people):
        stand_in = f"{forgotten.stand_in}-{place}"
        theirs = table.c.person_id == person_id
        for row in connection.execute(select(table.c.number, table.c.body).where(theirs)).all():
            sheet = value_of(row, PulseSheet)
            if sheet.role is PersonRole.REP:
                empty = replace(sheet, person_id=stand_in, grades=dict.fromkeys(PulseQuestion))
                values = {"sheet_id": f"{stand_in}-{row.number}", "person_id": stand_in, "body": body_of(empty)}
                connection.execute(update(table).where(table.c.number == row.number).values(values))
        connection.execute(delete(table).where(theirs))


def _under_a_stand_in(
    connection: Connection,
    table: Table,
    key: str,
    kind: type[Any],
    own_words: str,
    instead: str | None,
    forgotten: Forgotten,
) -> None:
    """What somebody decided keeps its weight, and neither their id nor their words; its key, made from the id, changes."""
    rows = connection.execute(select(table).where(table.c.person_id.in_(sorted(forgotten.person_ids)))).all()
    for row in rows:
        said = {**msgspec.json.decode(row.body), "person_id": forgotten.stand_in}
        said[own_words] = instead if said.get(own_words) else said.get(own_words)
        said = forgotten.scrubbed(said)
        new = getattr(msgspec.convert(said, kind), key)
        old = row._mapping[key]
        values = {key: new, "person_id": forgotten.stand_in, "body": _text(said)}
        connection.execute(update(table).where(table.c[key] == old).values(values))
        for taken_back in connection.execute(select(schema.withdrawn).where(schema.withdrawn.c.what_id == old)).all():
            body = forgotten.scrubbed({**msgspec.json.decode(taken_back.body), "what_id": new})
            connection.execute(
                update(schema.withdrawn).where(schema.withdrawn.c.what_id == old).values(what_id=new, body=_text(body))
            )


def _rewritten(connection: Connection, table: Table, forgotten: Forgotten) -> int:
    """Scrub, or cover, the bodies of a table and its sentences; how many rows read differently now."""
    plain = (column for column in table.columns if not column.primary_key and not column.foreign_keys)
    names = [column.name for column in plain if isinstance(column.type, String) and column.name != "password"]
    if table.name in STORIES:
        forgotten = replace(forgotten, quotes=frozenset())
    if not names:
        return 0
    keys = list(table.primary_key.columns)
    found = [tuple(row) for row in connection.execute(select(*keys).where(_may_hold(table, names, forgotten)))]
    n = 0
    for first in range(0, len(found), AT_ONCE):  # bodies are large, so few are read at once
        some = found[first : first + AT_ONCE]
        these = keys[0].in_([key for (key,) in some]) if len(keys) == 1 else tuple_(*keys).in_(some)
        for row in connection.execute(select(*keys, *(table.c[name] for name in names)).where(these)).mappings().all():
            texts = {name: row[name] for name in names if isinstance(row[name], str)}
            fresh = {name: _fresh(table.name, name, text, forgotten) for name, text in texts.items()}
            values = {name: text for name, text in fresh.items() if text != texts[name]}
            if values:
                connection.execute(update(table).where(*(key == row[key.name] for key in keys)).values(values))
                n += 1
    return n


def _fresh(table: str, column: str, text: str, forgotten: Forgotten) -> str:
    if column != "body":
        return forgotten.covered(text) if table in SAID else str(forgotten.scrubbed(text))
    value = msgspec.json.decode(text)
    if table in SAID:
        fresh = forgotten.masked(value)
    else:
        fresh = forgotten.scrubbed(value, leave_out=LEAVE_OUT.get(table, ()))
        if table == "companies":
            for team in fresh.get("teams", ()):
                team["manager"] = None if team.get("manager") == forgotten.stand_in else team.get("manager")
    return text if fresh == value else _text(fresh)


def _may_hold(table: Table, names: Sequence[str], forgotten: Forgotten) -> ColumnElement[bool]:
    """Rows that hold what is looked for, as far as SQL can tell; the rest are not read. Phones and quotes it cannot tell."""
    if forgotten.phones or (forgotten.quotes and table.name not in SAID):
        return true()
    looked_for = {*forgotten.of_people} if table.name in SAID else {*forgotten.texts, *forgotten.person_ids, *forgotten.call_ids}
    if not looked_for:
        return false()
    if len(looked_for) > AT_ONCE:
        return true()
    lowered = [func.lower(table.c[name]) for name in names]
    # SQLite lowers the letters of ASCII alone
    spelt = sorted({*(each.lower() for each in looked_for), *(_ascii_lower(each) for each in looked_for)})
    return or_(*(column.contains(each, autoescape=True) for column in lowered for each in spelt))


def _ascii_lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _stretches(some: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(some)
    return (ordered[first : first + AT_ONCE] for first in range(0, len(ordered), AT_ONCE))


def _text(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def rows_as_text(store: Store, skip: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """(table, all of a row as one text) of every row, bytes left out: what a search for traces reads."""
    left_out = set(skip)
    with reading(store.engine) as connection:
        for table in schema.metadata.sorted_tables:
            columns = [column for column in table.columns if not isinstance(column.type, LargeBinary)]
            if table.name in left_out:
                continue
            for row in connection.execute(select(*columns).execution_options(stream_results=True, yield_per=AT_ONCE)):
                yield table.name, "\n".join(str(value) for value in row if value is not None)
