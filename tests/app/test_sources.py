"""Calls that lie in a bucket or an SFTP drop: fetched whole, once, in order, and nothing else happens there."""

import errno
import json
import logging
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import paramiko
import pytest
from botocore.exceptions import ClientError
from drops import Folder, SftpDrop, cut_off, s3_store, sftp_drop

from callcoach.app import sources
from callcoach.app.sources import Brought, bring_in
from callcoach.app.staging import Staged, address_of, copies, reading_of
from callcoach.app.workspace import Workspace
from callcoach.errors import BadInput, SomethingMissing, SourceUnreachable, StorageError, UsageError
from callcoach.intake.calls import read_call_folder
from callcoach.intake.remote import Reach, Remote
from callcoach.intake.source_address import read_address
from callcoach.settings import Settings
from callcoach.storage.store import Store

ROOT = Path(__file__).parents[2]
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
WORDS = "Rep: Half of those who ring out never ring again.\nCustomer: What would that do for me?\n"
OLD = time.time() - 3600


class Told:
    def __init__(self) -> None:
        self.warned: list[str] = []

    def stage(self, name: str, total: float) -> None: ...

    def advance(self, amount: float, sentence: str) -> None: ...

    def warn(self, sentence: str) -> None:
        self.warned.append(sentence)


def at_once(_: float) -> None:
    """Nobody waits in tests."""


def fetch(
    workspace: Workspace, *places: str | Path, sleep: Callable[[float], None] = at_once, told: Told | None = None
) -> Brought:
    return bring_in(workspace, places, told or Told(), sleep=sleep)


def here(brought: Brought) -> dict[str, bytes]:
    """What was fetched, by path."""
    (folder,) = brought.folders
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def half_fetched(workspace: Workspace) -> list[Path]:
    return [file for copy in copies(workspace) for file in copy.root.rglob("*.part")]


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    # the server logs every request
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with s3_store() as address:
        yield address


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    name = f"calls-{abs(hash(request.node.name)) % 10**9}"
    made = boto3.resource("s3", endpoint_url=store).Bucket(name)
    made.create()
    yield made


@pytest.fixture
def workspace(tmp_path: Path, store: str) -> Workspace:
    return Workspace(Settings(home=tmp_path / "home", s3_endpoint=store, source_timeout=5))


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SftpDrop]:
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (tmp_path / "drop").mkdir()
    with sftp_drop(tmp_path / "drop", tmp_path / "user") as served:
        yield served


def put(drop: SftpDrop, path: str, contents: bytes | str, *, at: float = OLD) -> Path:
    file = drop.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(contents.encode() if isinstance(contents, str) else contents)
    os.utime(file, (at, at))
    return file


# a bucket


def test_a_bucket_is_fetched_once_and_only_what_callcoach_reads(bucket, workspace: Workspace) -> None:
    for key, body in {
        "drop/wren-01.txt": WORDS,
        "drop/audio/wren-02.wav": "RIFF two",
        "drop/manifest.csv": "call_id,rep_id,audio_path\nwren-02,R01,audio/wren-02.wav\n",
        "drop/wren-03.wav.part": "by half",
        "drop/.hidden.wav": "dot",
        "drop/notes.docx": "other",
        "drop/2026/11/wren-09.txt": WORDS,
        "drop/2026/manifest.csv": "call_id",
        "drop/.cache/wren-10.txt": WORDS,
        "other/wren-08.txt": WORDS,
    }.items():
        bucket.put_object(Key=key, Body=body.encode())
    place = f"s3://{bucket.name}/drop/"
    assert set(here(fetch(workspace, place))) == {"manifest.csv", "audio/wren-02.wav", "wren-01.txt", "2026/11/wren-09.txt"}

    found = fetch(workspace, place)
    assert found.problems == () and half_fetched(workspace) == []
    (folder,) = found.folders
    assert address_of(workspace, folder) == f"s3://{bucket.name}/drop"
    calls = read_call_folder(folder, reading_of(workspace)(folder)).calls
    assert {call.call_id: call.rep_id for call in calls} == {"wren-02": "R01", "wren-01": None, "wren-09": None}
    assert len(list(bucket.objects.all())) == 10, "nothing is deleted or written there"


def test_a_second_run_downloads_nothing_and_a_changed_file_comes_again(bucket, workspace: Workspace, monkeypatch) -> None:
    copied: list[str] = []
    as_ever = sources.Remote.copy
    monkeypatch.setattr(sources.Remote, "copy", lambda self, path, into: (copied.append(path), as_ever(self, path, into))[1])
    bucket.put_object(Key="wren-01.txt", Body=WORDS.encode())
    bucket.put_object(Key="wren-02.txt", Body=WORDS.encode())
    place = f"s3://{bucket.name}"
    first = here(fetch(workspace, place))
    assert sorted(copied) == ["wren-01.txt", "wren-02.txt"]
    copied.clear()
    assert here(fetch(workspace, place)) == first and copied == []

    bucket.put_object(Key="wren-02.txt", Body=b"Rep: Anew.\nCustomer: Yes.\n")
    bucket.Object("wren-01.txt").delete()
    changed = here(fetch(workspace, place))
    assert copied == ["wren-02.txt"]
    assert changed == {"wren-01.txt": WORDS.encode(), "wren-02.txt": b"Rep: Anew.\nCustomer: Yes.\n"}, (
        "a call that is gone there stays here"
    )

    bucket.put_object(Key="wren-02.txt", Body=b"Rep: Anew.\nCustomer: Yes.\n")
    copied.clear()
    fetch(workspace, place)
    assert copied == [], "the same bytes put there again are the same file"


def test_what_is_gone_there_stays_here_unless_it_never_was_a_call(bucket, tmp_path: Path, store: str) -> None:
    workspace = Workspace(Settings(home=tmp_path / "home", s3_endpoint=store, file_name_pattern="{rep_id}_{call_id}"))
    bucket.put_object(Key="R01_wren-01.txt", Body=WORDS.encode())
    bucket.put_object(Key="misnamed.txt", Body=WORDS.encode())
    bucket.put_object(Key="also misnamed.txt", Body=WORDS.encode())
    place = f"s3://{bucket.name}"
    assert len(here(fetch(workspace, place))) == 3
    bucket.Object("R01_wren-01.txt").delete()
    bucket.Object("misnamed.txt").delete()
    assert set(here(fetch(workspace, place))) == {"R01_wren-01.txt", "also misnamed.txt"}, "no run has come to the call yet"


def test_a_file_that_changes_between_two_looks_waits_with_whatever_it_describes(bucket, workspace: Workspace) -> None:
    bucket.put_object(Key="wren-01.txt", Body=WORDS.encode())
    bucket.put_object(Key="wren-01.yaml", Body=b"rep_id:")
    bucket.put_object(Key="wren-02.txt", Body=WORDS.encode())
    told = Told()
    place = f"s3://{bucket.name}"

    def go_on(_: float) -> None:
        bucket.put_object(Key="wren-01.yaml", Body=b"rep_id: R01\n")

    brought = fetch(workspace, place, sleep=go_on, told=told)
    assert list(here(brought)) == ["wren-02.txt"] and brought.problems == ()
    assert told.warned == [
        f"{place}: 1 file still coming; the next run takes what is whole then.",
        f"{place}: wren-01.txt waits for wren-01.yaml.",
    ]
    assert set(here(fetch(workspace, place))) == {"wren-01.txt", "wren-01.yaml", "wren-02.txt"}


def test_nothing_is_taken_without_a_manifest_that_is_on_the_way(bucket, workspace: Workspace) -> None:
    bucket.put_object(Key="wren-01.txt", Body=WORDS.encode())
    bucket.put_object(Key="manifest.csv", Body=b"call_id,rep")

    def go_on(_: float) -> None:
        bucket.put_object(Key="manifest.csv", Body=b"call_id,rep_id\nwren-01,R01\n")

    with pytest.raises(BadInput, match="there is no call in it"):
        fetch(workspace, f"s3://{bucket.name}", sleep=go_on)
    assert set(here(fetch(workspace, f"s3://{bucket.name}"))) == {"manifest.csv", "wren-01.txt"}


def test_a_bucket_that_cannot_be_read_is_a_problem_and_the_other_places_are_read(
    bucket, workspace: Workspace, tmp_path: Path, monkeypatch
) -> None:
    bucket.put_object(Key="wren-01.txt", Body=WORDS.encode())
    place = f"s3://{bucket.name}"
    absent = fetch(workspace, "s3://no-such-bucket", place)
    assert [problem.call_id for problem in absent.problems] == ["s3://no-such-bucket"]
    assert absent.problems[0].sentence.startswith("s3://no-such-bucket: there is no such bucket or file. Check its name")
    assert len(absent.folders) == 1

    away = Workspace(Settings(home=tmp_path / "home", s3_endpoint="http://127.0.0.1:9", source_timeout=2))
    kept = fetch(away, place)
    assert "wren-01.txt" in here(kept), "what was fetched before is read"
    assert "does not answer as it should" in kept.problems[0].sentence
    with pytest.raises(SourceUnreachable, match=r"the next run tries again\.$"):
        fetch(away, "s3://never-seen")
    for name in KEYS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(SourceUnreachable, match="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
        fetch(workspace, "s3://another-bucket")


def test_an_object_that_comes_by_half_is_not_taken(bucket, store: str, tmp_path: Path) -> None:
    bucket.put_object(Key="wren-01.wav", Body=b"RIFF" * 50_000)
    bucket.put_object(Key="wren-02.txt", Body=WORDS.encode())
    place = f"s3://{bucket.name}"
    with cut_off(store, "wren-01.wav", after=5_000) as address:
        workspace = Workspace(Settings(home=tmp_path / "home", s3_endpoint=address, source_timeout=5))
        brought = fetch(workspace, place)
    assert list(here(brought)) == ["wren-02.txt"] and half_fetched(workspace) == []
    ((name, sentence),) = [(problem.call_id, problem.sentence) for problem in brought.problems]
    assert name == "wren-01.wav" and "it could not be fetched in 3 tries: the store does not answer as it should" in sentence
    whole = Workspace(Settings(home=tmp_path / "home", s3_endpoint=store))
    assert len(here(fetch(whole, place))["wren-01.wav"]) == 200_000


def test_an_object_that_is_replaced_while_it_comes_is_left_for_the_next_run(bucket, workspace: Workspace, monkeypatch) -> None:
    bucket.put_object(Key="wren-01.txt", Body=WORDS.encode())
    bucket.put_object(Key="wren-02.txt", Body=WORDS.encode())
    place = f"s3://{bucket.name}"
    as_ever = sources.Remote.copy

    def replaced(self: sources.Remote, path: str, into: Path) -> None:
        as_ever(self, path, into)
        if path == "wren-01.txt":
            bucket.put_object(Key=path, Body=WORDS.replace("Rep", "REP").encode())

    monkeypatch.setattr(sources.Remote, "copy", replaced)
    brought = fetch(workspace, place)
    assert list(here(brought)) == ["wren-02.txt"] and brought.problems == ()
    monkeypatch.setattr(sources.Remote, "copy", as_ever)
    assert here(fetch(workspace, place))["wren-01.txt"].startswith(b"REP")


def test_too_large_and_empty_files_are_named_and_not_fetched(bucket, tmp_path: Path, store: str) -> None:
    workspace = Workspace(Settings(home=tmp_path / "home", s3_endpoint=store, max_recording_bytes=100))
    bucket.put_object(Key="large.wav", Body=b"x" * 101)
    bucket.put_object(Key="empty.wav", Body=b"")
    bucket.put_object(Key="wren-01.txt", Body=WORDS.encode())
    brought = fetch(workspace, f"s3://{bucket.name}")
    assert list(here(brought)) == ["wren-01.txt"]
    assert [problem.sentence.partition(": ")[2] for problem in brought.problems] == [
        "it is empty. Save it again where it comes from.",
        "it has 101 bytes, more than 100 bytes (CALLCOACH_MAX_RECORDING_BYTES). Shorten it.",
    ]


def test_a_file_and_a_folder_of_one_name_are_one_problem(bucket, workspace: Workspace) -> None:
    for key in ("a.txt", "a.txt/b.txt", "c.txt"):
        bucket.put_object(Key=key, Body=(WORDS + key).encode())
    found = fetch(workspace, f"s3://{bucket.name}")
    assert {"c.txt"} < set(here(found)) and len(here(found)) == 2
    (problem,) = found.problems
    assert "a file and a folder go by one name. Rename one of them." in problem.sentence


def test_a_file_that_we_may_not_read_is_tried_once_and_an_empty_place_is_named(bucket, tmp_path: Path, store: str) -> None:
    bucket.put_object(Key="there/frozen.txt", Body=WORDS.encode(), StorageClass="GLACIER")
    told = Told()
    workspace = Workspace(Settings(home=tmp_path / "home", s3_endpoint=store, source_timeout=5))
    local = tmp_path / "local"
    local.mkdir()
    waited: list[float] = []
    found = fetch(
        workspace,
        "s3://no-such-bucket-here",
        f"s3://{bucket.name}/there",
        f"s3://{bucket.name}/empty",
        local,
        told=told,
        sleep=waited.append,
    )
    assert waited == [10.0], "no pause between tries, for there is one"
    assert [problem.sentence for problem in found.problems][1:] == [
        f"s3://{bucket.name}/there/frozen.txt: it is archived there. Restore it, or leave it out."
    ]
    assert any("/empty: there is no call in it" in sentence for sentence in told.warned), "though another place is away"


@pytest.mark.parametrize(
    ("code", "said"),
    [("RequestTimeTooSkewed", "Set this machine's clock"), ("ExpiredToken", "Get new ones"), ("403", "Check the keys")],
)
def test_what_a_store_refuses_is_told_apart(code: str, said: str) -> None:
    error = PermissionError("whatever")
    error.__cause__ = ClientError({"Error": {"Code": code}}, "ListObjectsV2")
    assert said in Remote(read_address("s3://bucket"), Reach(None, 5)).why(error)


# an SFTP drop


def test_an_sftp_drop_is_fetched_and_never_written_to(drop: SftpDrop, workspace: Workspace) -> None:
    put(drop, "calls/wren-01.txt", WORDS)
    put(drop, "calls/wren-01.yaml", "rep_id: R01\n")
    put(drop, "calls/transcripts/wren-02.txt", WORDS)
    put(drop, "calls/2026/11/22/wren-06.txt", WORDS)
    put(drop, "calls/2026/11/22/wren-06.yaml", "rep_id: R02\n")
    put(drop, "calls/.trash/wren-07.txt", WORDS)
    put(drop, "calls/wren-03.wav.filepart", "by half")
    put(drop, "calls/wren-04.tmp.wav", "by half")
    (drop.root / "calls/wren-05.txt").symlink_to("/etc/hostname")
    brought = fetch(workspace, f"{drop.address}/calls")
    day = {"2026/11/22/wren-06.txt", "2026/11/22/wren-06.yaml"}
    assert set(here(brought)) == {"wren-01.txt", "wren-01.yaml", "transcripts/wren-02.txt", *day} and brought.problems == ()
    assert all(path.endswith(".yaml") for path in drop.read[:2]), "what describes a call comes before it"
    calls = read_call_folder(brought.folders[0], reading_of(workspace)(brought.folders[0])).calls
    assert {call.call_id: call.rep_id for call in calls} == {"wren-01": "R01", "wren-02": None, "wren-06": "R02"}
    drop.read.clear()
    fetch(workspace, f"{drop.address}/calls")
    assert drop.read == [] and drop.written == []

    put(drop, "calls/wren-01.txt", WORDS + "Rep: More.\n", at=OLD + 60)
    assert here(fetch(workspace, f"{drop.address}/calls"))["wren-01.txt"].endswith(b"More.\n")
    assert drop.read == ["calls/wren-01.txt"]


def test_a_file_that_is_being_uploaded_is_left_until_it_is_whole(drop: SftpDrop, workspace: Workspace) -> None:
    growing = put(drop, "wren-01.wav", b"RIFF" * 10)
    put(drop, "wren-02.txt", WORDS)

    def go_on(_: float) -> None:
        growing.write_bytes(growing.read_bytes() + b"more")

    assert list(here(fetch(workspace, drop.address, sleep=go_on))) == ["wren-02.txt"]
    assert here(fetch(workspace, drop.address))["wren-01.wav"] == growing.read_bytes()


@pytest.mark.parametrize("how", ["breaking", "lacking"])
def test_no_half_file_is_taken_in_and_the_rest_goes_on(drop: SftpDrop, workspace: Workspace, how: str) -> None:
    put(drop, "wren-01.wav", b"RIFF" * 50_000)
    put(drop, "wren-02.txt", WORDS)
    getattr(drop, how).append("wren-01.wav")
    brought = fetch(workspace, drop.address)
    assert list(here(brought)) == ["wren-02.txt"] and half_fetched(workspace) == []
    ((name, sentence),) = [(problem.call_id, problem.sentence) for problem in brought.problems]
    assert name == "wren-01.wav" and f"{drop.address}/wren-01.wav: it could not be fetched in 3 tries: " in sentence
    assert drop.read.count("wren-01.wav") == 3

    getattr(drop, how).clear()
    assert len(here(fetch(workspace, drop.address))["wren-01.wav"]) == 200_000


def test_a_run_that_is_stopped_goes_on_where_it_was(drop: SftpDrop, workspace: Workspace, monkeypatch) -> None:
    for n in range(4):
        put(drop, f"wren-0{n}.txt", WORDS)
    as_ever = sources.Remote.copy

    def stopped(self: sources.Remote, path: str, into: Path) -> None:
        if path == "wren-02.txt":
            into.write_bytes(b"half")
            raise KeyboardInterrupt
        as_ever(self, path, into)

    monkeypatch.setattr(sources.Remote, "copy", stopped)
    with pytest.raises(KeyboardInterrupt):
        fetch(workspace, drop.address)
    monkeypatch.undo()
    monkeypatch.setenv("HOME", str(drop.root.parent / "user"))
    drop.read.clear()
    assert len(here(fetch(workspace, drop.address))) == 4 and half_fetched(workspace) == []
    assert drop.read == ["wren-02.txt", "wren-03.txt"]


def test_a_name_that_leads_elsewhere_is_refused(drop: SftpDrop, workspace: Workspace, tmp_path: Path) -> None:
    put(drop, "wren-02.txt", WORDS)
    names = ["../../evil.wav", "/evil.wav", "audio/evil.wav", "..\\evil.wav", "evil\n.wav", "evil\u202e.wav", "e" * 240 + ".wav"]
    for n, name in enumerate(names):
        put(drop, f"stranger-{n}.wav", "RIFF")
        drop.names[f"stranger-{n}.wav"] = name
    brought = fetch(workspace, drop.address)
    assert list(here(brought)) == ["wren-02.txt"] and drop.read == ["wren-02.txt"]
    assert len(brought.problems) == len(names)
    assert all("no file here may be called so" in problem.sentence for problem in brought.problems)
    assert not list(tmp_path.glob("**/evil*"))


def test_a_server_is_believed_only_by_its_known_key(drop: SftpDrop, workspace: Workspace, tmp_path: Path) -> None:
    put(drop, "wren-01.txt", WORDS)
    known = tmp_path / "user/.ssh/known_hosts"
    right = known.read_text()
    known.write_text("")
    with pytest.raises(SourceUnreachable, match=r"its key stands in no known_hosts.*connect once by hand: sftp -P"):
        fetch(workspace, drop.address)
    another = sftp_drop_key()
    known.write_text(f"[127.0.0.1]:{drop.port} {another.get_name()} {another.get_base64()}\n")
    with pytest.raises(SourceUnreachable, match=r"its key is not the one in known_hosts.*ssh-keygen -R \[127\.0\.0\.1\]"):
        fetch(workspace, drop.address)
    known.write_text(right)
    drop.let_in.clear()
    with pytest.raises(SourceUnreachable, match=r"it does not let us in\. Put a key that it knows"):
        fetch(workspace, drop.address)
    assert drop.read == []


def sftp_drop_key():
    import paramiko

    return paramiko.ECDSAKey.generate()


def test_a_folder_that_may_not_be_read_or_goes_away_holds_up_nothing_else(
    drop: SftpDrop, workspace: Workspace, monkeypatch
) -> None:
    whole = Folder.list_folder
    why = {"/lost+found": paramiko.SFTP_PERMISSION_DENIED, "/leaving": paramiko.SFTP_NO_SUCH_FILE}
    monkeypatch.setattr(Folder, "list_folder", lambda self, path: why.get(path) or whole(self, path))
    for path in ("lost+found/x.txt", "leaving/y.txt", "staying/z.txt"):
        put(drop, path, WORDS)
    found = fetch(workspace, drop.address)
    assert list(here(found)) == ["staying/z.txt"]
    (problem,) = found.problems
    assert problem.sentence.startswith(f"{drop.address}/lost+found: we may not read this folder. Ask whoever")


def test_a_home_folder_whose_folders_cannot_be_flushed_will_do(drop: SftpDrop, workspace: Workspace, monkeypatch) -> None:
    put(drop, "wren-01.txt", WORDS)
    flush = os.fsync

    def files_alone(number: int) -> None:
        if stat.S_ISDIR(os.fstat(number).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        flush(number)

    monkeypatch.setattr(os, "fsync", files_alone)
    found = fetch(workspace, drop.address)
    assert list(here(found)) == ["wren-01.txt"] and found.problems == ()


def test_what_cannot_be_written_here_is_no_fault_of_the_place(drop: SftpDrop, workspace: Workspace) -> None:
    put(drop, "wren-01.txt", WORDS)
    copy = Staged.of(workspace, read_address(drop.address))
    copy.root.mkdir(parents=True)
    copy.coming.write_text("a file where a folder has to be")
    with pytest.raises(StorageError, match="Check the space and your rights there"):
        fetch(workspace, drop.address)
    assert drop.read == []


def test_a_server_that_is_away_and_a_folder_that_is_not_there(drop: SftpDrop, workspace: Workspace) -> None:
    with pytest.raises(SourceUnreachable, match=r"there is no such folder or file\. Check the path"):
        fetch(workspace, f"{drop.address}/nowhere")
    drop.close()
    with pytest.raises(SourceUnreachable, match="does not answer as it should"):
        fetch(workspace, drop.address)


# of every place


def test_passwords_in_addresses_are_refused_and_never_said(workspace: Workspace) -> None:
    for address in ("sftp://drop:hunter2@host/x", "s3://AKIA:hunter2@bucket/x", "sftp://drop:hunter2@host:no-port/x"):
        with pytest.raises(UsageError) as refused:
            fetch(workspace, address)
        assert "hunter2" not in str(refused.value)
    with pytest.raises(UsageError, match="Calls cannot be fetched by 'ftp'"):
        fetch(workspace, "ftp://host/x")


def test_what_is_missing_is_told_with_the_extra_that_brings_it(workspace: Workspace, monkeypatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SomethingMissing, match=r"pip install 'callcoach\[s3\]'"):
        fetch(workspace, "s3://bucket/x")
    with pytest.raises(SomethingMissing, match=r"pip install 'callcoach\[sftp\]'"):
        fetch(workspace, "sftp://host/x")


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("http://store.example", "is not encrypted. Use https"),
        ("https://key:hunter2@store.example", "holds a user, a password"),
        ("store.example:9000", "is no web address"),
    ],
)
def test_an_endpoint_that_tells_too_much_is_refused(tmp_path: Path, endpoint: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        fetch(Workspace(Settings(home=tmp_path, s3_endpoint=endpoint)), "s3://bucket/x")
    assert said in str(refused.value) and "hunter2" not in str(refused.value)


@pytest.mark.parametrize("damaged", [b'{"address": ', b'{"address": "\xff"}', b""])
def test_a_listing_that_is_damaged_means_that_all_is_fetched_again(bucket, workspace: Workspace, damaged: bytes) -> None:
    bucket.put_object(Key="wren-01.txt", Body=WORDS.encode())
    place = f"s3://{bucket.name}"
    fetch(workspace, place)
    copy = Staged.of(workspace, read_address(place))
    (copy.root / "listing.json").write_bytes(damaged)
    (copy.files / "wren-01.txt").unlink()
    assert list(here(fetch(workspace, place))) == ["wren-01.txt"]


def test_a_file_that_was_taken_out_on_purpose_stays_out_and_its_row_is_no_problem(bucket, workspace: Workspace) -> None:
    bucket.put_object(Key="manifest.csv", Body=b"call_id,audio_path\nold-1,audio/old-1.wav\nnew-1,audio/new-1.wav\n")
    bucket.put_object(Key="audio/old-1.wav", Body=b"RIFF old")
    bucket.put_object(Key="audio/new-1.wav", Body=b"RIFF new")
    place = f"s3://{bucket.name}"
    fetch(workspace, place)
    copy = Staged.of(workspace, read_address(place))
    (copy.files / "audio/old-1.wav").unlink()
    assert "audio/old-1.wav" not in here(fetch(workspace, place))
    found = read_call_folder(copy.files, reading_of(workspace)(copy.files))
    assert [call.call_id for call in found.calls] == ["new-1"] and found.problems == ()


@pytest.mark.slow
def test_a_night_over_a_bucket_and_one_that_is_away(bucket, store: str, tmp_path: Path) -> None:
    samples = ROOT / "sample_calls"
    bucket.upload_file(str(samples / "people.yaml"), "drop/people.yaml")
    words = samples / "reference" / "wren-01.transcript.json"
    bucket.upload_file(str(words), "drop/transcripts/20261005_R01_A114_wren-01.json")
    bucket.upload_file(str(words), "drop/transcripts/wren-99.json")
    environment = {
        "CALLCOACH_S3_ENDPOINT": store,
        "CALLCOACH_WORKERS": "1",
        "CALLCOACH_SOURCE_SETTLE": "0",
        "CALLCOACH_FILE_NAME_PATTERN": "{date:%Y%m%d}_{rep_id}_{account_id}_{call_id}.*",
    }
    place = f"s3://{bucket.name}/drop"

    def night(*places: str) -> subprocess.CompletedProcess[str]:
        fixed = ("--rubrics", str(ROOT / "rubrics"), "--home", "home", "--today", "2026-11-16", "--json")
        return subprocess.run(
            [sys.executable, "-m", "callcoach.cli.main", "nightly", *places, *fixed],
            cwd=tmp_path,
            env={**os.environ, **environment, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    first = night(place, "s3://no-such-bucket")
    assert first.returncode == 6, first.stderr
    said = json.loads(first.stdout)
    assert (said["calls"], said["recognised"]) == (1, 1) and said["judged"] > 0
    assert {problem["call_id"] for problem in said["problems"]} == {"s3://no-such-bucket", "wren-99.json"}
    assert "wren-99.json: its name does not follow the pattern {date:%Y%m%d}_" in first.stderr.replace("\n", " ")
    with Store(tmp_path / "home" / "callcoach.db") as kept:
        (call,) = kept.calls()
        assert (call.call_id, call.rep_id, str(call.day), call.extra) == ("wren-01", "R01", "2026-10-05", {"account_id": "A114"})

    bucket.Object("drop/transcripts/wren-99.json").delete()
    bucket.Object("drop/transcripts/20261005_R01_A114_wren-01.json").delete()
    again = night(place)
    assert again.returncode == 0, "what never was a call goes with the file it is the copy of; a call stays"
    assert (json.loads(again.stdout)["calls"], json.loads(again.stdout)["judged"]) == (1, 0)
