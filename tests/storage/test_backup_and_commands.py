"""Backups while others write, the commands as they are typed, and a folder that still holds what was erased."""

import json
import sqlite3
import threading
from pathlib import Path

import pytest
from a_company import CALLS, NOW, SECRET, move_in
from typer.testing import CliRunner

from callcoach.app import ledger
from callcoach.app.backup import back_up
from callcoach.app.erasure import asked_for, erase
from callcoach.app.sources import Brought
from callcoach.app.taking_in import Narrowing, take_in
from callcoach.app.workspace import Workspace
from callcoach.cli.main import app
from callcoach.domain.call import Call, Transcript, Turn
from callcoach.errors import TracesLeft
from callcoach.settings import Settings
from callcoach.storage.connection import reading
from callcoach.storage.copying import counted
from callcoach.storage.store import Store


def typed(*words: str, home: Path | None = None) -> str:
    done = CliRunner().invoke(app, [*words, *(["--home", str(home)] if home else [])])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a company in it, made by one program that has ended."""
    monkeypatch.setenv("CALLCOACH_CACHE", str(tmp_path / "weights"))
    used = Workspace(Settings(home=tmp_path / "home"))
    move_in(used.store)
    ledger.keep_key(used, "5a" * 32)
    used.store.close()
    return tmp_path / "home"


def test_backups_taken_while_others_write_are_whole_and_hold_all_up_to_a_moment(tmp_path: Path) -> None:
    used, writer = Workspace(Settings(home=tmp_path / "home")), None
    stop, written = threading.Event(), []

    def write() -> None:
        with Store(tmp_path / "home" / "callcoach.db") as other:
            while not stop.is_set():
                call_id = f"c{len(written):05}"
                other.add_calls([Call(call_id=call_id, content="0" * 64, audio_path="a")])
                words = Transcript(call_id=call_id, turns=(Turn(speaker="rep", text="x" * 3000),))
                other.keep_transcript(words, "0" * 64, "key")
                written.append(call_id)

    assert used.store.calls() == ()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            before = len(written)
            while len(written) < before + 3:
                assert writer.is_alive()
            finished = list(written)
            back_up(used, tmp_path / f"backup-{number}.db", now=NOW)
            direct = sqlite3.connect(tmp_path / f"backup-{number}.db")
            assert direct.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert direct.execute("PRAGMA foreign_key_check").fetchall() == []
            heard = [row[0] for row in direct.execute("SELECT call_id FROM transcripts ORDER BY call_id")]
            direct.close()
            assert heard[: len(finished)] == finished, "all that was committed before it began"
            assert heard == [f"c{n:05}" for n in range(len(heard))], "and nothing without what came before it"
            assert not list(tmp_path.glob(f"backup-{number}.db-*"))
    finally:
        stop.set()
        writer.join()
    assert len(written) >= 12, "the writer went on"
    used.store.close()


@pytest.mark.slow
def test_postgresql_s_own_files_hold_nothing_of_it_either(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    import psycopg

    address: str = request.getfixturevalue("postgresql")
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bytes")
    used = Workspace(Settings(home=tmp_path / "home", database_url=address.format("bytes")))
    move_in(used.store)
    ledger.keep_key(used, "5a" * 32)
    with reading(used.store.engine) as connection:
        where = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
        number = connection.exec_driver_sql("SELECT oid FROM pg_database WHERE datname = 'bytes'").scalar_one()

    def bytes_of_tables() -> bytes:
        with psycopg.connect(address.format("bytes"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        return b"".join(file.read_bytes() for file in sorted((where / "base" / str(number)).iterdir()) if file.is_file())

    texts = (SECRET.encode(), b"Tyler Boone", b"tyler.boone@wrenfield.example", b"wren-01", b"acc-tyler")
    before = bytes_of_tables()
    assert all(text in before for text in texts)
    assert erase(used, asked_for(["R-01"], [], [], []), now=NOW).traces == ()
    after = bytes_of_tables()
    assert [text for text in texts if text in after] == []
    used.store.close()


def test_a_person_is_erased_from_the_command_line_after_a_preview(home: Path) -> None:
    told = typed("erase", "--rep", "R-01", home=home)
    assert "This would erase 2 calls and 1 person, 1 account" in told and "call wren-01: a call of R-01" in told
    assert "Nothing was erased. It cannot be taken back; to erase, add --yes." in told
    assert SECRET.encode() in (home / "callcoach.db").read_bytes()
    told = typed("erase", "--rep", "R-01", "--yes", home=home)
    assert "Erased: 2 calls, 1 person" in told and "Found: 0." in told
    assert not [file for file in home.glob("callcoach.db*") if SECRET.encode() in file.read_bytes()]
    told = typed("erase", "--rep", "R-01", home=home)
    assert "Nobody with the id R-01 is known." in told and "Nothing of it is kept here." in told
    assert json.loads(typed("erase", "--call", "finch-01", "--yes", "--json", home=home))["calls"] == 1


def test_a_trace_that_is_left_ends_with_an_error(home: Path) -> None:
    (home / "notes.yaml").write_text("call: wren-01")
    with pytest.raises(TracesLeft, match="Something is left, named above"):
        typed("erase", "--call", "wren-01", "--yes", home=home)
    (home / "notes.yaml").unlink()
    assert "Found: 0." in typed("erase", "--call", "wren-01", "--yes", home=home)


def test_backup_erase_restore_from_the_command_line(home: Path, tmp_path: Path) -> None:
    told = typed("backup", str(tmp_path / "monday.db"), home=home)
    assert "whole and checked" in told and "monday.db.erasures" in told
    typed("erase", "--call", "wren-01", "--yes", home=home)
    told = typed("restore", str(tmp_path / "monday.db"), home=tmp_path / "new")
    assert "Erased after the backup was made, and erased again: 1 call, 0 people." in told
    with Store(tmp_path / "new" / "callcoach.db") as store:
        assert [call.call_id for call in store.calls()] == ["wren-02", "finch-01"]


def test_a_database_is_copied_from_the_command_line(home: Path, tmp_path: Path) -> None:
    told = typed("db", "copy", f"sqlite:///{home}/callcoach.db", f"sqlite:///{tmp_path}/other.db")
    assert "both databases hold the same, row by row" in told
    with Store(home / "callcoach.db") as one, Store(tmp_path / "other.db") as other:
        assert counted(one) == counted(other)


def test_what_is_past_its_date_goes_from_the_command_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Everything is kept for good" in typed("retain", home=home)
    monkeypatch.setenv("CALLCOACH_KEEP_SCORES_DAYS", "8")
    assert "Past its date and gone: all of 2 calls." in typed("retain", "--today", "2026-11-23", home=home).replace("\n", " ")


class Warned:
    """Hears what a run warns of."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def stage(self, name: str, total: float) -> None: ...

    def advance(self, amount: float, sentence: str) -> None: ...

    def warn(self, sentence: str) -> None:
        self.said.append(sentence)


def test_a_folder_that_still_holds_them_brings_nobody_back(home: Path, tmp_path: Path) -> None:
    folder, rubrics = tmp_path / "calls", tmp_path / "rubrics"
    folder.mkdir()
    rubrics.mkdir()
    (rubrics / "catchback.yaml").write_text(
        "id: catchback\nname: CatchBack\nlaunched: 2026-10-01\nvalue_story:\n  wall: Callers who ring out do not ring again.\n"
        "  hammer: CatchBack texts whoever could not get through.\n  part: For you that means fewer lost customers.\n"
    )
    lines = ["call_id,rep_id,started_at,transcript_path"]
    for call in CALLS:
        (folder / f"{call.call_id}.txt").write_text(f"Rep: Hello from {call.call_id}.\nCustomer: Hello.\n")
        lines.append(f"{call.call_id},{call.rep_id},{call.started_at.isoformat() if call.started_at else ''},{call.call_id}.txt")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    (folder / "people.yaml").write_text(
        "company: Wrenfield\npeople:\n- {id: R-01, name: Tyler Boone, role: rep}\n- {id: R-02, name: Dana Pruitt, role: rep}\n"
    )
    used, warned = Workspace(Settings(home=home)), Warned()
    erase(used, asked_for(["R-01"], [], [], []), now=NOW)
    taken = take_in(used, Brought((folder,)), rubrics, Narrowing(), None, warned, today=NOW.date())
    assert [call.call_id for call in taken.calls] == ["finch-01"]
    assert [person.id for person in taken.company.people] == ["R-02"]
    assert warned.said == ["2 calls left out: erased before, and still in the folder. Delete them there."]
    used.store.close()
    assert not [file for file in home.glob("callcoach.db*") if b"Tyler Boone" in file.read_bytes()]
    used = Workspace(Settings(home=home, keep_scores_days=3))
    taken = take_in(used, Brought((folder,)), rubrics, Narrowing(), None, warned, today=NOW.date())
    assert taken.calls == () and warned.said[-1].startswith("1 call left out: past their date")
    used.store.close()
