import hashlib
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.exc import OperationalError

from callcoach import storage
from callcoach.domain.call import Call, Transcript
from callcoach.errors import StorageAway, StorageError
from callcoach.storage import schema
from callcoach.storage.connection import open_engine, sentences
from callcoach.storage.store import Store

CALL = Call(call_id="wren-01", content="ab" * 32, audio_path="audio/wren-01.ogg")


def complaint(place: str | Path) -> str:
    with pytest.raises(StorageError) as raised:
        Store(place, busy_seconds=0.1)
    return str(raised.value)


def test_the_migrations_make_the_tables_of_the_schema(place: str | Path) -> None:
    Store(place).close()
    engine = open_engine(place, busy_seconds=1)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": schema.VERSION_TABLE})

        assert compare_metadata(context, schema.metadata) == []
        assert context.get_current_revision() == schema.HEAD
    engine.dispose()


def test_a_database_of_an_older_program_is_brought_up_to_date_with_all_it_holds(place: str | Path) -> None:
    engine = open_engine(place, busy_seconds=1)
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO calls (call_id, content, body) VALUES "
            '(\'wren-01\', \'ab\', \'{"call_id": "wren-01", "content": "ab", "audio_path": "a.ogg"}\')'
        )
        connection.exec_driver_sql(
            "INSERT INTO transcripts (call_id, made_by, content, body) VALUES "
            "('wren-01', 'whisper-0', 'ab', '{\"call_id\": \"wren-01\", \"turns\": []}')"
        )
    engine.dispose()

    with Store(place) as store:
        assert [call.call_id for call in store.calls()] == ["wren-01"]
        store.keep_transcript(Transcript(call_id="wren-01", turns=()), "ab", "whisper-1", peaks=b"peaks")
        assert store.peaks("ab") == b"peaks"
        assert store.digests({"wren-01": "whisper-0"}) == {
            "wren-01": hashlib.sha256(b'{"call_id": "wren-01", "turns": []}').hexdigest()
        }


def test_a_database_of_a_newer_program_is_refused_and_left_alone(place: str | Path) -> None:
    Store(place).close()
    engine = open_engine(place, busy_seconds=1)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {schema.VERSION_TABLE} SET version_num = '0999'")
    engine.dispose()

    assert "written by a newer callcoach (schema 0999). Install that version" in complaint(place)


def test_several_programs_may_open_a_new_database_at_once(place: str | Path) -> None:
    troubles: list[BaseException] = []

    def open_and_add(number: int) -> None:
        try:
            with Store(place) as store:
                store.add_calls([Call(call_id=f"c{number}", content="0" * 64, audio_path="a")])
        except BaseException as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=open_and_add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert troubles == []
    with Store(place) as store:
        assert len(store.calls()) == 4


def test_sqlite_is_set_so_that_commits_outlive_a_power_cut(tmp_path: Path) -> None:
    Store(tmp_path / "c.db").close()
    engine = open_engine(tmp_path / "c.db", busy_seconds=7)
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SETTINGS}

    assert found == SETTINGS
    engine.dispose()


SETTINGS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 7000}


def test_a_path_and_its_address_are_the_same_database(tmp_path: Path) -> None:
    with Store(tmp_path / "new folder" / "c.db") as store:
        store.add_calls([CALL])

    with Store(f"sqlite:///{tmp_path}/new folder/c.db") as store:
        assert store.calls() == (CALL,)


def test_a_locked_database_says_to_wait(tmp_path: Path) -> None:
    with Store(tmp_path / "c.db", busy_seconds=0.1) as store:
        other = sqlite3.connect(tmp_path / "c.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StorageError, match=r"c\.db: another program has been writing to it for too long\. Wait"):
            store.add_calls([CALL])
        assert store.calls() == (), "reading goes on meanwhile"

        other.execute("ROLLBACK")
        other.close()
        assert store.add_calls([CALL]) == 1


def test_a_lock_that_ends_in_time_is_waited_for(tmp_path: Path) -> None:
    with Store(tmp_path / "c.db", busy_seconds=10) as store:
        other = sqlite3.connect(tmp_path / "c.db", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.2, lambda: other.execute("COMMIT"))
        release.start()

        assert store.add_calls([CALL]) == 1
        release.join()
        other.close()


def test_a_read_only_database_says_so(tmp_path: Path) -> None:
    Store(tmp_path / "c.db").close()
    with (
        Store(f"sqlite:///file:{tmp_path}/c.db?mode=ro&uri=true") as store,
        pytest.raises(StorageError, match=r"it is read-only\. Get the right to write"),
    ):
        store.add_calls([CALL])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"no database at all, just a text" * 40, "this is no database"),
        (b"SQLite format 3\0" + b"\xff" * 5000, "this is no database"),
    ],
)
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, body: bytes, expected: str) -> None:
    (tmp_path / "c.db").write_bytes(body)

    assert expected in complaint(tmp_path / "c.db")
    assert (tmp_path / "c.db").read_bytes() == body


def test_damaged_pages_are_named(tmp_path: Path) -> None:
    with Store(tmp_path / "c.db") as store:
        store.add_calls([Call(call_id=f"c{number}", content="0" * 64, audio_path="a" * 500) for number in range(100)])
    with (tmp_path / "c.db").open("r+b") as opened:
        opened.seek(8192)
        opened.write(b"\xff" * ((tmp_path / "c.db").stat().st_size - 8192))

    with pytest.raises(StorageError, match=r"it is damaged\. Put a backup in its place"), Store(tmp_path / "c.db") as store:
        store.calls()


def test_a_value_of_another_version_is_named(tmp_path: Path) -> None:
    with Store(tmp_path / "c.db") as store:
        store.add_calls([CALL])
        direct = sqlite3.connect(tmp_path / "c.db")
        direct.execute("UPDATE calls SET body = '{\"call\": 1}'")
        direct.commit()
        direct.close()

        with pytest.raises(StorageError, match="written by another version of callcoach"):
            store.call("wren-01")


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    direct = sqlite3.connect(tmp_path / "c.db")
    direct.execute("CREATE TABLE recipes (name TEXT)")
    direct.commit()
    direct.close()

    assert "the database of another program" in complaint(tmp_path / "c.db")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("in the way/c.db", "in the way: this folder cannot be made"),
        ("folder", "folder: it cannot be opened. Check that this is a file"),
    ],
)
def test_a_place_where_no_file_can_be_is_named(tmp_path: Path, place: str, expected: str) -> None:
    (tmp_path / "in the way").write_text("a file")
    (tmp_path / "folder").mkdir()

    assert expected in complaint(tmp_path / place)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("callcoach.db", "Write sqlite:///FILE or postgresql://"),
        ("mysql+nothing://u@h/d", "SQLite or PostgreSQL"),
        ("postgresql://coach:hunter2@127.0.0.1:1/calls", "the server cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_explained_without_its_password(address: str, expected: str) -> None:
    sentence = complaint(address)

    assert expected in sentence
    assert "hunter2" not in sentence


@pytest.mark.parametrize(
    ("complained", "kind", "expected"),
    [
        # what a server, the network or SQLite says; whether waiting helps; what the reader is told
        ('connection to server at "db" failed: Connection refused', StorageAway, "the server cannot be reached"),
        ("connection failed: FATAL:  the database system is starting up", StorageAway, "the server is starting up"),
        ("connection failed: FATAL:  the database system is shutting down", StorageAway, "the server cannot be reached"),
        ("connection failed: FATAL:  sorry, too many clients already", StorageAway, "the server has no connection left"),
        ("failed to resolve host 'db': [Errno -3] Temporary failure in name resolution", StorageAway, "cannot be looked up now"),
        ("terminating connection due to administrator command", StorageAway, "the server cannot be reached"),
        ("database is locked", StorageAway, "another program has been writing"),
        ('connection failed: FATAL:  password authentication failed for user "coach"', StorageError, "refuses the login"),
        ("connection failed: fe_sendauth: no password supplied", StorageError, "refuses the login"),
        ('connection failed: FATAL:  no pg_hba.conf entry for host "10.0.0.7"', StorageError, "Have pg_hba.conf admit"),
        ('connection failed: FATAL:  database "cals" does not exist', StorageError, "does not exist on the server"),
        ("failed to resolve host 'bd': [Errno -2] Name or service not known", StorageError, "no machine has the name"),
        ("database disk image is malformed", StorageError, "it is damaged"),
    ],
)
def test_a_database_that_is_away_is_told_from_one_that_is_wrong(
    tmp_path: Path, complained: str, kind: type[StorageError], expected: str
) -> None:
    engine = open_engine(tmp_path / "c.db", busy_seconds=1)
    with pytest.raises(StorageError, match=expected) as raised, sentences(engine):
        raise OperationalError("SELECT 1", {}, Exception(complained))
    assert type(raised.value) is kind
    engine.dispose()


@pytest.mark.slow
def test_a_wrong_name_on_a_server_is_no_reason_to_wait(postgresql: str) -> None:
    for address in (postgresql.format("nowhere"), postgresql.replace("coach@", "nobody@").format("postgres")):
        with pytest.raises(StorageError, match="it does not exist on the server") as raised:
            Store(address)
        assert type(raised.value) is StorageError


KEEP_ON = """
import sys
from pathlib import Path
from callcoach.domain.call import Call, Transcript, Turn
from callcoach.storage.store import Store
store = Store(Path(sys.argv[1]))
for number in range(100_000):
    call_id = f"c{number}"
    store.add_calls([Call(call_id=call_id, content="0" * 64, audio_path="a")])
    store.keep_transcript(Transcript(call_id=call_id, turns=(Turn(speaker="rep", text="x" * 2000),)), "0" * 64, "key")
    print(call_id, flush=True)
"""


def test_what_was_kept_outlives_a_kill(tmp_path: Path) -> None:
    program = subprocess.Popen([sys.executable, "-c", KEEP_ON, str(tmp_path / "c.db")], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    kept = [program.stdout.readline().strip() for _ in range(20)]
    program.send_signal(signal.SIGKILL)
    kept += program.stdout.read().split()
    program.wait()

    with Store(tmp_path / "c.db") as store:
        assert store.missing_transcripts(dict.fromkeys(kept, "key")) == set()
        assert len(store.calls()) - len(kept) in (0, 1), "nothing twice, and at most the call it was killed in"
    assert_intact(tmp_path / "c.db")


FILL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_600_000, 1_600_000))" + KEEP_ON


def test_a_full_disk_is_one_sentence_and_nothing_is_lost(tmp_path: Path) -> None:
    program = subprocess.run([sys.executable, "-c", FILL, str(tmp_path / "c.db")], capture_output=True, text=True, check=False)
    kept = program.stdout.split()

    assert program.returncode == 1
    last = program.stderr.strip().splitlines()[-1]
    assert last.startswith("callcoach.errors.StorageError: ")
    assert "what was kept is safe" in last
    assert_intact(tmp_path / "c.db")
    with Store(tmp_path / "c.db") as store:
        assert kept
        assert store.missing_transcripts(dict.fromkeys(kept, "key")) == set()
        assert store.add_calls([CALL]) == 1, "with space again, work goes on"


def assert_intact(path: Path) -> None:
    direct = sqlite3.connect(path)
    assert direct.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert direct.execute("PRAGMA foreign_key_check").fetchall() == []
    direct.close()


def test_opening_a_ready_database_needs_no_alembic(tmp_path: Path) -> None:
    Store(tmp_path / "c.db").close()
    code = "import sys; from callcoach.storage.store import Store; Store(sys.argv[1]).close(); print('alembic' in sys.modules)"

    answer = subprocess.run(
        [sys.executable, "-c", code, f"sqlite:///{tmp_path}/c.db"], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "False"


def test_two_connections_see_whole_transactions_only(tmp_path: Path) -> None:
    with Store(tmp_path / "c.db") as writer, Store(tmp_path / "c.db") as reader:
        stop = threading.Event()
        seen: set[int] = set()

        def look() -> None:
            while not stop.is_set():
                seen.add(len(reader.calls()))

        thread = threading.Thread(target=look)
        thread.start()
        for batch in range(5):
            writer.add_calls([Call(call_id=f"{batch}-{n}", content="0" * 64, audio_path="a") for n in range(10)])
            time.sleep(0.01)
        stop.set()
        thread.join()

    assert all(count % 10 == 0 for count in seen)
