"""A person or a call is forgotten in every table, file and log, and comes back neither from a folder nor from a backup."""

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from a_company import AT, CALLS, CATCHBACK, COMPANY, EMAIL, NOW, PHONE, SCRIPT, SECRET, label, move_in, review

from callcoach.app import erasure, ledger
from callcoach.app.backup import back_up, restore
from callcoach.app.erasure import asked_for, erase, planned
from callcoach.app.ledger import without_erased
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Transcript
from callcoach.domain.erasure import GONE, MASK
from callcoach.errors import SomethingMissing, StorageError, UsageError
from callcoach.intake.calls import CallFolder
from callcoach.language.encoder import text_key
from callcoach.settings import Settings
from callcoach.storage import schema
from callcoach.storage.audit import Audit
from callcoach.storage.connection import reading
from callcoach.storage.copying import counted
from callcoach.storage.erasing import rows_as_text
from callcoach.storage.erasures import Erasures
from callcoach.storage.given import GivenToRuns
from callcoach.storage.goals import Goals
from callcoach.storage.labels import Labels
from callcoach.storage.remarks import Remarks
from callcoach.storage.store import Store
from callcoach.storage.two_way import TwoWay

TYLER = ("Tyler Boone", "tyler.boone@wrenfield.example", "R-01", "acc-tyler", "wren-01", "wren-02", "a" * 64, SECRET)
REP = asked_for(["R-01"], [], [], [])


@pytest.fixture
def workspace(place: str | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A home folder with everything in it, on each kind of database."""
    monkeypatch.setenv("CALLCOACH_CACHE", str(tmp_path / "weights"))
    url = place if isinstance(place, str) else None
    used = Workspace(Settings(home=tmp_path / "home", database_url=url))
    move_in(used.store)
    ledger.keep_key(used, "5a" * 32)
    yield used
    used.store.close()


def everything(store: Store) -> str:
    return "\n".join(text for _, text in rows_as_text(store))


def files_of(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(home.rglob("*")) if file.is_file() and file.name != "backup.db")


def fill_home(home: Path) -> list[Path]:
    """What a home folder gathers: briefs, cached sound, an export, a log, files that were handed in. Those that tell of Tyler."""
    telling = {
        "brief.html": "<p>Tyler Boone</p>",
        "brief.md": "Tyler Boone",
        "exports/scores.csv": f'wren-01,"{SECRET}"',
        "exports/calls.json": json.dumps({"rep": "tyler.boone@wrenfield.example"}),
        "intake/run.log": "wren-01: the decoder hung",
        f"cache/audio/{'a' * 64}.wav": "RIFF",
        "intake/0123456789abcdef/upload.json": json.dumps({"by": "tyler.boone@wrenfield.example"}),
    }
    for name, text in telling.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    with zipfile.ZipFile(home / "exports" / "scores.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", "<t>Tyler Boone</t>" * 50)
    (home / "exports" / "others.csv").write_text("finch-01,R-02")
    (home / "cache" / "audio" / f"{'c' * 64}.wav").write_text("RIFF")
    return [*(home / name for name in telling), home / "exports" / "scores.xlsx"]


def test_a_rep_is_gone_from_every_table_file_and_log(workspace: Workspace) -> None:
    home = workspace.settings.home
    telling = fill_home(home)
    before = everything(workspace.store)
    assert all(text in before for text in TYLER)

    done = erase(workspace, REP, now=NOW)

    assert (done.calls, done.people, done.traces, done.settled, done.kept) == (2, 1, (), True, ())
    after = everything(workspace.store)
    assert [text for text in TYLER if text.lower() in after.lower()] == []
    assert [file for file in telling if file.exists()] == []
    assert (home / "exports" / "others.csv").exists() and (home / "cache" / "audio" / f"{'c' * 64}.wav").exists()
    bytes_left = files_of(home).lower()
    for text in (*TYLER[:2], "wren-01", "wren-02", "acc-tyler", "a" * 64, SECRET):
        assert text.lower().encode() not in bytes_left, text
    store = workspace.store
    assert [call.call_id for call in store.calls()] == ["finch-01"]
    assert [person.name for person in GivenToRuns(store).company().people] == ["Dana Pruitt", "Ray Delgado"]
    assert [each.rep_id for each in GivenToRuns(store).company().coached] == ["R-02"]
    assert Audit(store).verify().wrong is None


def test_what_others_did_stays_and_reads_without_the_name(workspace: Workspace) -> None:
    erase(workspace, REP, now=NOW)
    store = workspace.store
    (goal,) = Goals(store).all()
    assert goal[0].goal.rep_id == "R-02" and goal[0].goal.text == f"Say the why first, as {GONE} does."
    assert goal[0].note == f"As in “{GONE}” by {GONE}"
    assert review("finch-01", "R-02") in Labels(store).reviews("finch-01")
    (case,) = TwoWay(store).cases("catchback")
    assert (case.report.by, case.report.call_id, case.report.quote) == ("R-02", None, None)
    assert case.report.words == f"It does not land. He said: {GONE}"
    assert case.answer is not None and case.answer.because == f"We heard it too, {GONE}."
    (drawn,) = Labels(store).rounds("catchback")
    assert drawn.call_ids == ("finch-01",) and drawn.people[0] == "M-01" and drawn.people[1].startswith("erased-")
    assert [sheet.person_id for sheet in TwoWay(store).sheets("catchback")][1:] == ["R-02", "M-01"]
    assert store.initiative("catchback", CATCHBACK.version) == CATCHBACK, "what everybody reads out is nobody's trace"


def test_a_name_that_others_say_is_covered_letter_by_letter_so_that_places_hold_still(workspace: Workspace) -> None:
    before = workspace.store.transcript("finch-01", "ear")
    erase(workspace, REP, now=NOW)
    after = workspace.store.transcript("finch-01", "ear")
    assert isinstance(before, Transcript) and isinstance(after, Transcript)
    assert [len(turn.text) for turn in after.turns] == [len(turn.text) for turn in before.turns]
    assert after.turns[0].text == f"As {MASK * 5} {MASK * 5} says: {SCRIPT}"
    assert [word.text for word in after.turns[0].words][:4] == ["As", MASK * 5, MASK * 5, "says:"]
    assert [word.start for word in after.turns[0].words] == [word.start for word in before.turns[0].words]
    (score,) = workspace.store.scores()
    assert all(quote.quote in after.turns[quote.turn].text for quote in score.evidence), "quotes stay word for word"
    assert workspace.store.digests({"finch-01": "ear"}) == {"finch-01": "d" * 64}, "nothing is measured anew for it"


def test_a_manager_s_corrections_keep_their_weight_without_their_id_and_words(workspace: Workspace) -> None:
    erase(workspace, asked_for([], ["Ray@Wrenfield.example"], [], []), now=NOW)
    store = workspace.store
    assert len(store.calls()) == 3, "calls are their reps'"
    left = everything(store)
    assert "M-01" not in left and "Ray Delgado" not in left and "ray@wrenfield.example" not in left
    stood_in = [each for each in Labels(store).reviews("wren-01", with_withdrawn=True) if each.person_id != "R-01"]
    assert len(stood_in) == 1 and stood_in[0].person_id.startswith("erased-") and stood_in[0].because == GONE
    with reading(store.engine) as connection:
        kept = connection.execute(schema.reviews.select().where(schema.reviews.c.person_id == stood_in[0].person_id)).all()
        assert {row.review_id for row in kept} == {
            replace(review(call.call_id, stood_in[0].person_id), because=GONE).review_id for call in CALLS
        }
        withdrawn = set(connection.execute(schema.withdrawn.select()).mappings())
        assert {row["what_id"] for row in withdrawn} == {row.review_id for row in kept}, "what was taken back stays taken back"
    assert stood_in[0] not in Labels(store).reviews("wren-01")
    assert Remarks(store).of_call("wren-01") == (), "the comment went, and the answer to it"
    company = GivenToRuns(store).company()
    assert company.teams[0].manager is None and company.coached == ()
    histories = Goals(store).all()
    assert {history[0].goal.rep_id for history in histories} == {"R-01", "R-02"}
    assert all(history[0].by.startswith("erased-") and history[0].goal.manager_id == history[0].by for history in histories)


def test_the_audit_log_keeps_keyed_hashes_and_is_whole(workspace: Workspace) -> None:
    erase(workspace, REP, now=NOW)
    n, lines = Audit(workspace.store).lines(most=50)
    by_action = {line.action: line for line in lines}
    assert n == 6 and Audit(workspace.store).verify().wrong is None
    key = ledger.key_of(workspace)
    assert by_action["rep.read"].subject == f"erased:{ledger.hashed(key, ledger.Kind.PERSON, 'R-01')[:16]}"
    theirs = next(line for line in lines if line.account_id and line.account_id.startswith("erased:"))
    assert theirs.email.startswith("erased:") and theirs.subject == "finch-01", "what was read is known still"
    assert by_action["erase"].details["log_before"] == "whole" and "R-01" not in str(by_action["erase"])


def test_tampering_before_an_erasure_is_not_hidden_by_it(workspace: Workspace) -> None:
    with workspace.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET subject = 'nothing' WHERE number = 1")
    done = erase(workspace, REP, now=NOW)
    assert done.audit_was_wrong == "Line 1 is not as it was written."
    _, lines = Audit(workspace.store).lines(action="erase")
    assert lines[0].details["log_before"] == "Line 1 is not as it was written."
    assert Audit(workspace.store).verify().wrong == "Line 1 is not as it was written."


def test_a_customer_is_found_by_phone_however_it_is_written_and_by_e_mail_in_the_words(workspace: Workspace) -> None:
    plan = planned(workspace, asked_for([], [EMAIL.upper()], ["001 415.555.0199"], []))
    assert plan.calls == {
        "wren-01": "the phone number stands in what is known of it",
        "wren-02": "it is said in it",
    }
    done = erase(workspace, asked_for([], [EMAIL.upper()], ["001 415.555.0199"], []), now=NOW)
    left = everything(workspace.store)
    assert done.traces == () and EMAIL not in left and PHONE not in left and SECRET not in left
    assert "Tyler Boone" in left, "only the customers were to go"
    assert done.people == 0 and done.calls == 2


def test_a_preview_says_all_of_it_and_changes_nothing(workspace: Workspace) -> None:
    fill_home(workspace.settings.home)
    before, files = counted(workspace.store), files_of(workspace.settings.home / "exports")
    plan = planned(workspace, asked_for(["R-01", "R-77"], [], [], ["none"]))
    assert plan.calls == {"wren-01": "a call of R-01", "wren-02": "a call of R-01"}
    assert plan.unknown == ("Nobody with the id R-77 is known.", "No call none is kept.")
    assert plan.rows["transcripts"] == 2 and plan.rows["reviews"] == 4 and plan.rows["goals"] == 1
    assert plan.rows["transcripts (changed)"] == 1 and plan.accounts == 1
    assert len(plan.files) == 8
    assert counted(workspace.store) == before and files_of(workspace.settings.home / "exports") == files


def test_recordings_go_only_on_request_and_only_those_with_the_very_bytes(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    (folder / "audio").mkdir(parents=True)
    own, other = folder / "audio" / "wren-01.ogg", folder / "audio" / "wren-02.ogg"
    own.write_bytes(b"the very bytes")
    other.write_bytes(b"another recording under the old name")
    (folder / "wren-01.yaml").write_text("rep_id: R-01")
    (folder / "manifest.csv").write_text("call_id,rep_id\nwren-01,R-01\n")
    content = hashlib.sha256(own.read_bytes()).hexdigest()
    moved = [replace(CALLS[0], content=content), *CALLS[1:]]
    workspace.store.add_calls(moved)
    GivenToRuns(workspace.store).keep(COMPANY, {content: own, "b" * 64: other})
    with workspace.store.engine.begin() as connection:
        body = json.dumps({"versions": {}, "counts": {}, "folder": str(folder)})
        connection.execute(schema.runs.update().values(body=body))

    plan = planned(workspace, REP)
    assert set(plan.recordings) == {own, folder / "wren-01.yaml"}
    assert {Path(trace.where).name for trace in plan.elsewhere} == {"manifest.csv"}
    done = erase(workspace, asked_for([], [], [], ["wren-01"]), now=NOW)
    assert own.exists() and done.recordings_left == (own, folder / "wren-01.yaml")

    workspace.store.add_calls(moved)
    done = erase(workspace, REP, now=NOW, recordings=True)
    assert not own.exists() and not (folder / "wren-01.yaml").exists() and other.exists()
    assert done.traces == ()


def test_vectors_of_what_was_said_are_dropped(workspace: Workspace) -> None:
    memory = workspace.memory
    memory.mkdir(parents=True)
    keys = np.frombuffer(b"".join(map(text_key, (SECRET, "Something else."))), dtype=np.uint8).reshape(-1, 16)
    np.savez(memory / "vectors-abc.npz", keys=keys, vectors=np.ones((2, 4), dtype=np.float32))
    assert erase(workspace, REP, now=NOW).vectors == 1
    with np.load(memory / "vectors-abc.npz") as left:
        assert [key.tobytes() for key in left["keys"]] == [text_key("Something else.")]
        assert left["vectors"].shape == (1, 4)


def test_too_much_in_a_day_is_asked_about(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "MOST_CALLS", 2)
    erase(workspace, asked_for([], [], [], ["wren-01"]), now=NOW)
    before = counted(workspace.store)
    everybody = asked_for([], [], [], ["wren-02", "finch-01"])
    with pytest.raises(UsageError, match=r"3 calls and 0 people erased within a day.*add --over-the-limit"):
        erase(workspace, everybody, now=NOW + timedelta(hours=2))
    assert counted(workspace.store) == before
    assert erase(workspace, everybody, now=NOW + timedelta(hours=2), over_the_limit=True).calls == 2
    assert workspace.store.calls() == ()


def test_what_was_erased_is_not_taken_in_again_and_later_calls_are(workspace: Workspace, tmp_path: Path) -> None:
    erase(workspace, REP, now=NOW)
    later = replace(CALLS[0], call_id="wren-03", content="e" * 64, started_at=NOW + timedelta(days=1))
    earlier = replace(CALLS[0], call_id="wren-00", content="f" * 64, started_at=AT - timedelta(days=90))
    renamed = replace(CALLS[0], call_id="renamed", rep_id=None)
    folder = CallFolder(tmp_path, (*CALLS, later, earlier, renamed), (), COMPANY)
    (kept,), left_out = without_erased(workspace, [folder])
    assert [call.call_id for call in kept.calls] == ["finch-01", "wren-03"] and left_out == 4
    assert [person.id for person in kept.company.people] == ["R-02", "M-01"]
    assert [each.rep_id for each in kept.company.coached] == ["R-02"]


def test_without_its_key_the_ledger_is_of_no_use_and_that_is_said(workspace: Workspace) -> None:
    erase(workspace, REP, now=NOW)
    (workspace.settings.home / "erasure.key").unlink()
    with pytest.raises(SomethingMissing, match=r"erasure\.key: it is gone"):
        without_erased(workspace, [])


def test_the_ledger_holds_hashes_that_only_the_key_can_try(workspace: Workspace) -> None:
    erase(workspace, asked_for(["R-01"], [], [PHONE], []), now=NOW)
    held = {each.hash for each in Erasures(workspace.store).all()}
    key = ledger.key_of(workspace)
    assert ledger.hashed(key, ledger.Kind.PERSON, "R-01") in held
    assert ledger.hashed("00" * 32, ledger.Kind.PERSON, "R-01") not in held
    assert hashlib.sha256(b"R-01").hexdigest() not in held
    assert (workspace.settings.home / "erasure.key").stat().st_mode & 0o077 == 0


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest, place: str | Path, tmp_path: Path, postgresql_database: Callable[[], str] | None
) -> Iterator[Workspace]:
    """An empty home, on an empty database of the same kind."""
    url = postgresql_database() if postgresql_database else None
    used = Workspace(Settings(home=tmp_path / "new home", database_url=url))
    yield used
    if url or (tmp_path / "new home" / "callcoach.db").exists():
        used.store.close()


@pytest.fixture
def postgresql_database(request: pytest.FixtureRequest, place: str | Path) -> Callable[[], str] | None:
    if not isinstance(place, str):
        return None
    import psycopg

    def make() -> str:
        with psycopg.connect(place, autocommit=True) as connection:
            name = f"{connection.info.dbname}_again"
            connection.execute(f"CREATE DATABASE {name}")
        return place.replace(f"/{name.removesuffix('_again')}?", f"/{name}?")

    return make


def test_a_restored_backup_is_without_what_was_erased_since(workspace: Workspace, elsewhere: Workspace, tmp_path: Path) -> None:
    before = counted(workspace.store)
    made = back_up(workspace, tmp_path / "backup.db", now=NOW)
    assert made.rows == sum(count.rows for count in before.values())
    erase(workspace, asked_for(["R-01"], [], [PHONE], []), now=NOW + timedelta(hours=1))
    assert SECRET.encode() in (tmp_path / "backup.db").read_bytes(), "a backup is as it was"

    done = restore(elsewhere, tmp_path / "backup.db", now=NOW + timedelta(days=1))

    assert (done.erased_calls, done.erased_people) == (2, 1)
    left = everything(elsewhere.store)
    assert [text for text in (*TYLER, PHONE) if text.lower() in left.lower()] == []
    assert SECRET.encode() not in files_of(elsewhere.settings.home)
    assert [call.call_id for call in elsewhere.store.calls()] == ["finch-01"]
    (kept,), left_out = without_erased(elsewhere, [CallFolder(tmp_path, CALLS, (), COMPANY)])
    assert left_out == 2 and [call.call_id for call in kept.calls] == ["finch-01"]


def test_a_backup_comes_back_row_by_row_and_never_over_anything(
    workspace: Workspace, elsewhere: Workspace, tmp_path: Path
) -> None:
    before = counted(workspace.store)
    back_up(workspace, tmp_path / "backup.db", now=NOW)
    with pytest.raises(UsageError, match="it is there already, and no backup is written over"):
        back_up(workspace, tmp_path / "backup.db", now=NOW)
    with pytest.raises(UsageError, match=r"it holds something already, and nothing is written over"):
        restore(workspace, tmp_path / "backup.db", now=NOW)
    restore(elsewhere, tmp_path / "backup.db", now=NOW)
    after = counted(elsewhere.store)
    assert [name for name in before if before[name] != after[name]] == ["audit", "audit_ends"], "but for the line that says so"
    assert Audit(elsewhere.store).verify().wrong is None


def test_a_restore_without_a_ledger_is_only_on_somebody_s_word(
    workspace: Workspace, elsewhere: Workspace, tmp_path: Path
) -> None:
    back_up(workspace, tmp_path / "backup.db", now=NOW)
    (tmp_path / "backup.db.erasures").unlink()
    with pytest.raises(SomethingMissing, match=r"backup\.db\.erasures: there is no such ledger.*--nothing-erased"):
        restore(elsewhere, tmp_path / "backup.db", now=NOW)
    assert restore(elsewhere, tmp_path / "backup.db", now=NOW, nothing_erased=True).erased_calls == 0
    assert len(elsewhere.store.calls()) == 3


def test_a_damaged_backup_is_refused_and_makes_nothing(workspace: Workspace, elsewhere: Workspace, tmp_path: Path) -> None:
    back_up(workspace, tmp_path / "backup.db", now=NOW)
    whole = (tmp_path / "backup.db").read_bytes()
    (tmp_path / "backup.db").write_bytes(whole[: len(whole) // 2] + b"\xff" * 9000 + whole[len(whole) // 2 + 9000 :])
    with pytest.raises(StorageError, match="Use another backup"):
        restore(elsewhere, tmp_path / "backup.db", now=NOW)
    assert not elsewhere.settings.home.exists()


def test_a_file_of_the_database_that_is_held_open_is_said(tmp_path: Path) -> None:
    used = Workspace(Settings(home=tmp_path / "home"))
    move_in(used.store)
    ledger.keep_key(used, "5a" * 32)
    holder = sqlite3.connect(tmp_path / "home" / "callcoach.db", isolation_level=None)
    holder.execute("BEGIN")
    holder.execute("SELECT count(*) FROM calls").fetchone()
    used.store.engine.dispose()
    with used.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=100")
    done = erase(used, REP, now=NOW)
    assert not done.settled
    holder.execute("ROLLBACK")
    holder.close()
    again = erase(used, REP, now=NOW)
    assert again.settled and again.traces == ()
    used.store.close()


def test_a_pulse_sheet_keeps_its_place_without_answers(workspace: Workspace) -> None:
    erase(workspace, asked_for(["R-01", "M-01"], [], [], []), now=NOW)
    emptied, other = TwoWay(workspace.store).sheets("catchback")
    assert emptied.person_id.startswith("erased-") and set(emptied.grades.values()) == {None}
    assert (other.person_id, set(other.grades.values())) == ("R-02", {4})


def test_labels_in_a_file_bring_nobody_back(workspace: Workspace) -> None:
    erase(workspace, asked_for(["M-01"], [], [], ["wren-01"]), now=NOW)
    later = replace(label("wren-02", "M-01"), at=NOW + timedelta(days=1))
    in_the_file = (label("wren-01", "R-02"), label("wren-02", "M-01"), later, label("wren-02", "R-02"))
    assert ledger.labels_kept(workspace, in_the_file) == (later, label("wren-02", "R-02"))


@pytest.mark.parametrize("where", ["tell_backups", "_forget_vectors", "_audit", "note", "_search"])
def test_an_erasure_that_is_stopped_anywhere_is_made_good_by_the_next(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    telling = fill_home(workspace.settings.home)

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger if where == "tell_backups" else erasure, where, stopped)
    with pytest.raises(KeyboardInterrupt):
        erase(workspace, REP, now=NOW)
    monkeypatch.undo()
    done = erase(workspace, REP, now=NOW)
    assert done.traces == () and done.settled
    left = everything(workspace.store)
    assert [text for text in TYLER if text.lower() in left.lower()] == []
    assert [file for file in telling if file.exists()] == []
    assert SECRET.encode() not in files_of(workspace.settings.home)
    assert Audit(workspace.store).verify().wrong is None
