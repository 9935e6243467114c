"""Copies of a drop are callcoach's own: what is erased or past its date goes from them, and does not come again from the drop."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from drops import SftpDrop, sftp_drop
from kept_call import AT, keep_call

from callcoach.app import run_now
from callcoach.app.erasure import asked_for, erase, planned
from callcoach.app.ledger import without_erased
from callcoach.app.progress import Silent
from callcoach.app.retention import retain
from callcoach.app.sources import bring_in
from callcoach.app.staging import Staged, copies, drop, reading_of, without_doubles
from callcoach.app.uploads import watched_folder
from callcoach.app.workspace import Workspace
from callcoach.intake.call_folders import read_call_folders
from callcoach.intake.calls import CallFolder
from callcoach.settings import Settings
from callcoach.storage.runs import Runs

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MANIFEST = """call_id,rep_id,started_at,audio_path,customer_name
kimball-0001,R01,2026-11-16T09:00,audio/kimball-0001.wav,otto@customer.example
finch-0002,R02,2026-11-16T10:00,audio/finch-0002.wav,Finch
"""
OTTO = asked_for([], ["otto@customer.example"], [], [])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SftpDrop]:
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("CALLCOACH_CACHE", str(tmp_path / "weights"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (tmp_path / "drop/audio").mkdir(parents=True)
    (tmp_path / "drop/manifest.csv").write_text(MANIFEST)
    (tmp_path / "drop/audio/kimball-0001.wav").write_bytes(b"RIFF kimball")
    (tmp_path / "drop/kimball-0001.yaml").write_text("customer_name: otto@customer.example\n")
    (tmp_path / "drop/audio/finch-0002.wav").write_bytes(b"RIFF finch")
    with sftp_drop(tmp_path / "drop", tmp_path / "user") as served:
        yield served


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(Settings(home=tmp_path / "home", source_settle=0))


def fetch(workspace: Workspace, place: SftpDrop) -> Path:
    place.read.clear()
    return bring_in(workspace, [place.address], Silent()).folders[0]


def read(workspace: Workspace, folder: Path) -> CallFolder:
    """As a run reads it."""
    before = read_call_folders([folder], reading_of(workspace))
    after, _ = without_erased(workspace, before)
    drop(workspace, before, after, erased=True)
    return after[0]


def keep(workspace: Workspace, folder: Path) -> None:
    """As a run left it."""
    keep_call(workspace, call_id="kimball-0001", recording=folder / "audio/kimball-0001.wav")
    keep_call(workspace, call_id="finch-0002", recording=folder / "audio/finch-0002.wav", rep_id="R02")
    (call,) = [each for each in workspace.store.calls() if each.call_id == "kimball-0001"]
    workspace.store.add_calls([replace(call, customer_name="otto@customer.example")])
    runs = Runs(workspace.store)
    runs.end(runs.begin(NOW, versions={}, folder=str(folder.resolve())), NOW, counts={})


def test_what_is_erased_goes_from_the_copy_and_stays_away(workspace: Workspace, place: SftpDrop) -> None:
    folder = fetch(workspace, place)
    keep(workspace, folder)
    plan = planned(workspace, OTTO)
    assert {file.name for file in plan.files} >= {"kimball-0001.wav", "kimball-0001.yaml"} and plan.recordings == ()
    done = erase(workspace, OTTO, now=NOW)
    assert (done.calls, done.traces, done.kept) == (1, (), ())
    assert sorted(path for copy in copies(workspace) for path in copy.paths()) == ["audio/finch-0002.wav", "manifest.csv"]
    listing = (folder.parent / "listing.json").read_text()
    assert "kimball" not in listing and "finch-0002" in listing
    assert {trace.where for trace in done.elsewhere} == {f"{place.address}/manifest.csv"}, "a table is mended where it comes from"

    found = read(workspace, fetch(workspace, place))
    assert place.read == [], "it lies there still, and is not fetched again"
    assert [call.call_id for call in found.calls] == ["finch-0002"] and found.problems == ()

    file = place.root / "audio/kimball-0001.wav"
    os.utime(file, (NOW.timestamp(), NOW.timestamp()))  # put there once more
    found = read(workspace, fetch(workspace, place))
    assert place.read == ["kimball-0001.yaml", "audio/kimball-0001.wav"], "with what says whose it is"
    assert [call.call_id for call in found.calls] == ["finch-0002"] and not (folder / "audio/kimball-0001.wav").exists()
    assert "kimball" not in (folder.parent / "listing.json").read_text()
    fetch(workspace, place)
    assert place.read == []


def test_sound_past_its_date_goes_from_the_copy_and_stays_away(workspace: Workspace, place: SftpDrop, tmp_path: Path) -> None:
    folder = fetch(workspace, place)
    keep(workspace, folder)
    short = Workspace(Settings(home=tmp_path / "home", source_settle=0, keep_recordings_days=30))
    done = retain(short, today=date(2027, 1, 31))
    assert (done.recordings, done.elsewhere, done.kept) == (2, 0, ())
    assert not list(folder.glob("audio/*.wav")) and AT.date() < date(2027, 1, 1)
    bring_in(workspace, [tmp_path / "drop", place.address], Silent())
    assert [name for name in place.read if name.endswith(".wav")] == ["audio/finch-0002.wav", "audio/kimball-0001.wav"], "once"
    assert not list(folder.glob("audio/*.wav"))


def test_a_transcript_beside_sound_past_its_date_is_no_call_afterwards(
    workspace: Workspace, place: SftpDrop, tmp_path: Path
) -> None:
    (tmp_path / "drop/transcripts").mkdir()
    (tmp_path / "drop/transcripts/finch-0002.txt").write_text("Rep: Good morning.\nCustomer: Good morning to you.\n")
    folder = fetch(workspace, place)
    keep(workspace, folder)
    retain(Workspace(Settings(home=tmp_path / "home", source_settle=0, keep_recordings_days=30)), today=date(2027, 1, 31))
    (tmp_path / "drop/new.wav").write_bytes(b"RIFF new")
    assert [call.call_id for call in read(workspace, fetch(workspace, place)).calls] == ["new"]


def test_a_call_that_was_sent_twice_goes_from_the_copy_and_a_file_of_two_rows_stays(
    workspace: Workspace, place: SftpDrop
) -> None:
    (place.root / "audio/finch-0002-again.wav").write_bytes(b"RIFF finch")
    with (place.root / "manifest.csv").open("a") as manifest:
        manifest.write("otto-again,R01,2026-11-16T09:00,audio/kimball-0001.wav,Otto\n")
    for _ in range(2):
        folder = fetch(workspace, place)
        whole = read_call_folders([folder], reading_of(workspace))
        read, _ = without_doubles(workspace, whole)
        drop(workspace, whole, read, erased=False)
        assert sorted(path.name for path in folder.glob("audio/*")) == ["finch-0002.wav", "kimball-0001.wav"]
    assert place.read == [], "it is not fetched again"


def test_a_call_that_lies_here_too_is_named_by_where_it_comes_from(workspace: Workspace, place: SftpDrop, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here/finch-0002.wav").write_bytes(b"RIFF another finch")
    folder = fetch(workspace, place)
    for first, second, names in (
        (tmp_path / "here", folder, (tmp_path / "here", place.address)),
        (folder, tmp_path / "here", (place.address, tmp_path / "here")),
    ):
        used, other = read_call_folders([first, second], reading_of(workspace))
        assert "finch-0002" in [call.call_id for call in used.calls] and "finch-0002" not in [
            call.call_id for call in other.calls
        ]
        (problem,) = other.problems
        assert problem.sentence == f"{names[1]}: call finch-0002 stands in {names[0]} too, which is used. Rename one of the two."


def test_what_goes_from_a_copy_is_looked_up_once_for_all(workspace: Workspace, place: SftpDrop, monkeypatch) -> None:
    for number in range(5):
        (place.root / f"otto-{number}.txt").write_text(f"Rep: Good morning, {number}.\nCustomer: Good morning to you.\n")
    folder = fetch(workspace, place)
    before = read_call_folders([folder], reading_of(workspace))
    walked: list[Staged] = []
    paths = Staged.paths
    monkeypatch.setattr(Staged, "paths", lambda copy: walked.append(copy) or paths(copy))
    drop(workspace, before, [before[0]._replace(calls=())], erased=True)
    assert len(walked) == 1 and not list(folder.rglob("*.txt")) and not list(folder.rglob("*.wav"))


def test_calls_are_not_handed_in_to_a_copy(workspace: Workspace, place: SftpDrop, tmp_path: Path) -> None:
    keep(workspace, fetch(workspace, place))
    assert watched_folder(workspace) == tmp_path / "home/calls"
    for copy in copies(workspace):
        (copy.root / "listing.json").write_text("damaged")
    assert watched_folder(workspace) == tmp_path / "home/calls"


def test_a_call_that_was_taken_in_and_not_read_yet_is_found_by_the_facts_beside_it(workspace: Workspace, place: SftpDrop) -> None:
    keep(workspace, fetch(workspace, place))
    calls = workspace.settings.home / "calls"
    calls.mkdir()
    (calls / "in-new-1-0123456789abcdef.yaml").write_text('{"call_id": "new-1", "customer_name": "otto@customer.example"}')
    (calls / "in-new-1-0123456789abcdef.wav").write_bytes(b"RIFF new")
    (calls / "in-new-2-0123456789abcdef.yaml").write_text('{"call_id": "new-2", "customer_name": "somebody else"}')
    plan = planned(workspace, OTTO)
    assert sorted(file.name for file in plan.recordings) == ["in-new-1-0123456789abcdef.wav", "in-new-1-0123456789abcdef.yaml"]
    erase(workspace, OTTO, now=NOW, recordings=True)
    assert [file.name for file in sorted(calls.iterdir())] == ["in-new-2-0123456789abcdef.yaml"]


def test_a_call_that_was_sent_twice_is_used_once(workspace: Workspace, place: SftpDrop, tmp_path: Path) -> None:
    for name in ("finch-0003 (1)", "finch-0003", "finch-0003 (2)"):
        (tmp_path / f"drop/{name}.wav").write_bytes(b"RIFF three")
    folder = fetch(workspace, place)
    found = read(workspace, folder)
    (once,), said = without_doubles(workspace, [found])
    assert [call.call_id for call in once.calls] == ["kimball-0001", "finch-0002", "finch-0003"]
    assert said == ["finch-0003 (1), finch-0003 (2): the same bytes as finch-0003, and used once."]
    workspace.store.add_calls([call for call in found.calls if call.call_id == "finch-0003 (2)"])
    (once,), _ = without_doubles(workspace, [found])
    assert [call.call_id for call in once.calls][2:] == ["finch-0003 (2)"], "the one that is known stays"
    own = found._replace(root=tmp_path / "own")
    assert without_doubles(workspace, [own]) == ([own], [])


def test_a_run_from_the_browser_fetches_from_the_same_places(
    workspace: Workspace, place: SftpDrop, tmp_path: Path, monkeypatch
) -> None:
    folder = fetch(workspace, place)
    own = tmp_path / "own"
    own.mkdir()
    (tmp_path / "rubrics").mkdir()
    runs = Runs(workspace.store)
    read = os.pathsep.join((str(own), str(folder.resolve())))
    runs.end(runs.begin(NOW, versions={}, folder=read, rubrics=str(tmp_path / "rubrics")), NOW, counts={})
    begun: list[list[str]] = []

    class Begun:
        pid = os.getpid()

        def __init__(self, command: list[str], **_: object) -> None:
            begun.append(command)

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(run_now.subprocess, "Popen", Begun)
    run_now.run_now(workspace, by="E01", at=NOW)
    assert begun[0][begun[0].index("nightly") :][:3] == ["nightly", str(own), place.address]
