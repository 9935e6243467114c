"""A whole database goes into another, and every released schema comes up to date with all it holds."""

from pathlib import Path

import pytest
from a_company import AT, COMPANY, insert_rows, move_in, review, rows, transcript
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from callcoach import storage
from callcoach.app.backup import copy_database
from callcoach.domain.goals import GoalAct
from callcoach.errors import StorageError, UsageError
from callcoach.storage import schema
from callcoach.storage.accounts import Accounts
from callcoach.storage.audit import Audit
from callcoach.storage.connection import open_engine, reading, writing
from callcoach.storage.copying import copy, counted
from callcoach.storage.given import GivenToRuns
from callcoach.storage.goals import Goals
from callcoach.storage.labels import Labels
from callcoach.storage.runs import Runs
from callcoach.storage.store import Store


def test_the_company_has_a_row_in_every_table(store: Store) -> None:
    move_in(store)
    assert [name for name, count in counted(store).items() if not count.rows] == []


def test_everything_goes_over_and_back_and_is_the_same(store: Store, tmp_path: Path) -> None:
    move_in(store)
    before = counted(store)
    with Store(tmp_path / "other.db") as other, Store(tmp_path / "third.db") as third:
        assert copy(store, other) == before == counted(other)
        assert copy(other, third) == before
        assert GivenToRuns(other).company() == COMPANY
        assert other.current_transcript("wren-01") == transcript("wren-01")
        assert Audit(other).verify() == Audit(store).verify()


def test_a_copy_from_a_file_gives_new_numbers_behind_those_it_brought(place: str | Path, tmp_path: Path) -> None:
    with Store(tmp_path / "source.db") as source, Store(place) as target:
        move_in(source)
        before = counted(source)
        assert copy(source, target) == before
        assert counted(target) == before
        assert Runs(target).begin(AT, versions={}) == 2
        goals = Goals(target)
        kept = goals.all()[0][-1].goal
        assert goals.set(kept, by="M-01", at=AT).goal.goal_id == "3"
        assert goals.history("3")[0].act is GoalAct.SET


def test_a_database_that_holds_anything_is_not_written_over(store: Store, tmp_path: Path) -> None:
    move_in(store)
    with Store(tmp_path / "source.db") as source:
        move_in(source)
        before = counted(store)
        with pytest.raises(StorageError, match=r"it holds something already \(.+\)\. Give an empty database"):
            copy(source, store)
        assert counted(store) == before
        with pytest.raises(StorageError, match="this is the database to copy from"):
            copy(source, source)


def test_what_changes_on_the_way_is_not_kept(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move_in(store)
    from callcoach.storage import copying

    honest = copying.counts

    def altered(connection):
        found = dict(honest(connection))
        return {**found, "calls": found["calls"]._replace(digest="0" * 64)}

    monkeypatch.setattr(copying, "counts", altered)
    with Store(tmp_path / "other.db") as other:
        with pytest.raises(StorageError, match=r"what arrived is not what was sent \(calls\), so nothing was kept"):
            copy(store, other)
        monkeypatch.undo()
        assert {count.rows for count in counted(other).values()} == {0}


def test_one_changed_letter_changes_the_digest(store: Store) -> None:
    move_in(store)
    before = counted(store)
    with writing(store.engine) as connection:
        connection.exec_driver_sql("UPDATE failures SET sentence = 'It hung!' WHERE call_id = 'wren-01'")
    after = counted(store)
    assert [name for name in before if before[name] != after[name]] == ["failures"]
    assert before["failures"].rows == after["failures"].rows


def test_a_copy_from_nothing_is_refused_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no callcoach database to copy from"):
        copy_database(f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}/new.db")
    assert list(tmp_path.iterdir()) == []


# from every released schema


def config_over(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


RELEASED = sorted(script.revision for script in ScriptDirectory.from_config(config_over(None)).walk_revisions())


def test_there_is_one_way_through_all_schemas() -> None:
    script = ScriptDirectory.from_config(config_over(None))
    assert script.get_heads() == [schema.HEAD]
    assert RELEASED[0] == "0001" and len(RELEASED) >= 14


@pytest.mark.parametrize("revision", RELEASED)
def test_a_database_of_every_released_schema_comes_up_to_date_with_all_it_holds(place: str | Path, revision: str) -> None:
    engine = open_engine(place, busy_seconds=5)
    with engine.begin() as connection:
        command.upgrade(config_over(connection), revision)
        there = inspect(connection)
        names = set(there.get_table_names()) - {schema.VERSION_TABLE}
        columns = {name: {column["name"] for column in there.get_columns(name)} for name in names}
        written = insert_rows(connection, columns)
    engine.dispose()

    with Store(place) as store:
        now = counted(store)
        assert {name: now[name].rows for name in written} == written
        assert set(written) == names - {"audit", "audit_ends"}, "a table of this schema was left without a row"
        with reading(store.engine) as connection:
            for name, row in rows():
                if name not in names:
                    continue
                table = schema.metadata.tables[name]
                key = [table.c[column.name] == row[column.name] for column in table.primary_key.columns]
                kept = connection.execute(table.select().where(*key)).mappings().one()
                same = columns[name] & row.keys()
                assert {column: kept[column] for column in same} == {column: row[column] for column in same}
        assert store.call("wren-01") is not None
        assert store.transcript("finch-01", "ear") == transcript("finch-01")
        assert len(store.scores()) == 3
        if "reviews" in names:
            assert review("finch-01", "R-02") in Labels(store).reviews("finch-01")
        if "accounts" in names:
            assert Accounts(store).by_email("ray@wrenfield.example") is not None
        assert Runs(store).all()[0].run_id == 1


def test_a_downgrade_is_refused(place: str | Path) -> None:
    Store(place).close()
    engine = open_engine(place, busy_seconds=1)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {schema.VERSION_TABLE} SET version_num = '9001'")
    engine.dispose()
    with pytest.raises(
        StorageError, match=r"it was written by a newer callcoach \(schema 9001\)\. Install that version to open it"
    ):
        Store(place)
