import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcoach.domain.call import CallKind
from callcoach.errors import BadInput, BadManifest
from callcoach.intake.calls import CallFolder, read_call_folder

HEADER = "call_id,started_at,rep_id,audio_path,customer_name,amount,stage"
GOOD = "wren-01,2026-10-05T09:40,R01,audio/wren-01.ogg,Kimball Tire,870,prospecting"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A call folder with two recordings and no manifest yet."""
    calls = tmp_path / "calls"
    (calls / "audio").mkdir(parents=True)
    (calls / "audio/wren-01.ogg").write_bytes(b"OggS one")
    (calls / "audio/wren-02.ogg").write_bytes(b"OggS two")
    return calls


def with_manifest(folder: Path, *lines: str, encoding: str = "utf-8", newline: str = "\n") -> CallFolder:
    (folder / "manifest.csv").write_bytes((newline.join(lines) + newline).encode(encoding))
    return read_call_folder(folder)


def sentences(found: CallFolder) -> list[str]:
    return [problem.sentence for problem in found.problems]


def test_a_manifest_row_is_a_call(folder: Path) -> None:
    found = with_manifest(folder, HEADER, GOOD)
    call = found.calls[0]

    assert call.call_id == "wren-01"
    assert call.content == hashlib.sha256(b"OggS one").hexdigest()
    assert call.audio_path == "audio/wren-01.ogg"
    assert call.started_at == datetime(2026, 10, 5, 9, 40, tzinfo=UTC)
    assert (call.rep_id, call.customer_name, call.amount) == ("R01", "Kimball Tire", 870.0)
    assert call.extra == {"stage": "prospecting"}, "unknown columns are kept"
    assert [call.call_id for call in found.calls] == ["wren-01", "wren-02"], "a recording without a row is a call too"
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "day", "offset"),
    [
        ("2026-10-05T09:40", date(2026, 10, 5), 0),
        ("2026-10-05 09:40:30", date(2026, 10, 5), 0),
        ("2026-10-05T23:40:00-05:00", date(2026, 10, 5), -5),  # the day where the call took place, not that of UTC
        ("2026-10-05T09:40:00Z", date(2026, 10, 5), 0),
        ("2026-10-05T09:40:00.250+0200", date(2026, 10, 5), 2),
        ("2026-10-05", date(2026, 10, 5), 0),
    ],
)
def test_times_keep_their_offset(folder: Path, text: str, day: date, offset: int) -> None:
    call = with_manifest(folder, HEADER, GOOD.replace("2026-10-05T09:40", text)).calls[0]

    assert call.day == day
    assert call.started_at is not None
    assert call.started_at.utcoffset() == timedelta(hours=offset)


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ("2026-10-05T09:40", "31.10.26", "manifest.csv line 2: started_at '31.10.26' is not a date and time. Write 2026-10-31T"),
        ("2026-10-05T09:40", "2026-13-05T09:40", "line 2: started_at '2026-13-05T09:40' is not a date and time."),
        ("2026-10-05T09:40", "2026-W41-1", "line 2: started_at '2026-W41-1' is not a date and time."),
        ("2026-10-05T09:40", "0001-01-01T00:00+14:00", "line 2: started_at"),
        ("870", "1.200 Euro", "line 2: amount '1.200 Euro' is not a number. Write 1200 or 1200.50"),
        ("870", "nan", "line 2: amount 'nan' is not a number."),
        ("audio/wren-01.ogg", "audio/gone.ogg", "line 2: there is no file audio/gone.ogg."),
        ("audio/wren-01.ogg", "audio", "line 2: audio_path 'audio' is not a file."),
        ("wren-01,", ",", "line 2: there is no call_id."),
        ("wren-01,", "../wren,", "line 2: call_id '../wren' cannot be used."),
        (",prospecting", ",prospecting,and,more", "line 2: it has 9 cells, the header 7."),
        (",prospecting", ',"prospecting', "line 2: it cannot be read (unexpected end of data). Check its quotation marks."),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_rest_go_on(folder: Path, was: str, becomes: str, expected: str) -> None:
    good = "wren-02,2026-10-06T10:00,R02,audio/wren-02.ogg,Petal and Stem,0,discovery"
    rows = (GOOD.replace(was, becomes), good) if "unexpected" not in expected else (GOOD.replace(was, becomes),)

    found = with_manifest(folder, HEADER, *rows)

    assert any(expected in sentence for sentence in sentences(found))
    assert [call.call_id for call in found.calls if call.call_id == "wren-02"] == ["wren-02"]


@pytest.mark.parametrize(
    "path", ["../secret.wav", "audio/../../secret.wav", "/etc/hostname", "C:\\secret.wav", "audio/link.ogg", "..\\secret.wav"]
)
def test_no_path_leads_out_of_the_folder(folder: Path, path: str) -> None:
    (folder.parent / "secret.wav").write_bytes(b"RIFF secret")
    (folder / "audio/link.ogg").symlink_to(folder.parent / "secret.wav")

    found = with_manifest(folder, HEADER, GOOD.replace("audio/wren-01.ogg", path))

    assert any("leads out of the folder" in sentence for sentence in sentences(found))
    assert hashlib.sha256(b"RIFF secret").hexdigest() not in {call.content for call in found.calls}


@pytest.mark.parametrize("path", ["audio/a\0b.ogg", "a" * 5000])
def test_a_path_that_is_none_is_a_problem(folder: Path, path: str) -> None:
    (folder / "manifest.csv").write_text(f"call_id,audio_path\nx,{path}\n")
    if "\0" in path:
        with pytest.raises(BadManifest, match="not a text file"):
            read_call_folder(folder)
    else:
        assert "is not a path" in sentences(read_call_folder(folder))[0]


def test_a_link_in_the_folder_that_leads_out_is_no_call(folder: Path) -> None:
    (folder.parent / "secret.wav").write_bytes(b"RIFF secret")
    (folder / "audio/link.ogg").symlink_to(folder.parent / "secret.wav")

    found = read_call_folder(folder)

    assert [call.call_id for call in found.calls] == ["wren-01", "wren-02"]
    assert "leads out of the folder" in sentences(found)[0]


def test_the_second_row_with_a_call_id_names_the_first(folder: Path) -> None:
    found = with_manifest(folder, HEADER, GOOD, "", GOOD.replace("R01", "R02"))

    assert sentences(found) == ["manifest.csv line 4: call_id wren-01 stands in line 2 too. Give each call an id of its own."]
    assert found.calls[0].rep_id == "R01"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_manifest_as_office_programs_write_it(folder: Path, encoding: str, newline: str, delimiter: str) -> None:
    header = "Call_ID,started at, rep_id ,audio_path,customer_name".replace(",", delimiter)
    row = 'wren-01,2026-10-05T09:40,R01,audio\\wren-01.ogg,"Müller, Söhne; Co"'
    if delimiter != ",":
        row = delimiter.join(["wren-01", "2026-10-05T09:40", "R01", "audio\\wren-01.ogg", '"Müller, Söhne; Co"'])

    call = with_manifest(folder, header, row, encoding=encoding, newline=newline).calls[0]

    assert call.customer_name == "Müller, Söhne; Co"
    assert call.audio_path == "audio/wren-01.ogg"


def test_a_text_over_several_lines_does_not_shift_line_numbers(folder: Path) -> None:
    found = with_manifest(
        folder, HEADER, GOOD.replace("Kimball Tire", '"Kimball\nTire"'), GOOD.replace("wren-01,2026-10-05T09:40", "b,soon")
    )

    assert "manifest.csv line 4: started_at 'soon'" in sentences(found)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "it is empty"),
        ("rep_id,audio_path\nR01,a.wav\n", "line 1: there is no column call_id"),
        ("call_id,rep_id,rep_id\n", "line 1: the column rep_id stands there twice"),
    ],
)
def test_a_manifest_without_a_usable_header_is_refused(folder: Path, text: str, expected: str) -> None:
    (folder / "manifest.csv").write_text(text)

    with pytest.raises(BadManifest, match=expected):
        read_call_folder(folder)


def test_the_recording_is_the_truth_where_a_row_gives_both(folder: Path) -> None:
    (folder / "text.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nRep: Hello.\n")
    header = "call_id,audio_path,transcript_path"

    both = with_manifest(folder, header, "a,audio/wren-01.ogg,text.vtt").calls[0]
    without_audio = with_manifest(folder, header, "a,audio/gone.ogg,text.vtt").calls[0]

    assert (both.audio_path, both.transcript_path) == ("audio/wren-01.ogg", None)
    assert (without_audio.audio_path, without_audio.transcript_path) == (None, "text.vtt")


def test_a_row_without_paths_takes_the_file_of_its_name(folder: Path) -> None:
    call = with_manifest(folder, "call_id,rep_id", "wren-01,R01", "wren-09,R01").calls[0]

    assert call.audio_path == "audio/wren-01.ogg"
    assert "wren-09 names no file" in sentences(read_call_folder(folder))[0]


def test_a_leader_recording_is_nobodys_call(folder: Path) -> None:
    call = with_manifest(folder, "call_id,kind,leader_id,audio_path", "kickoff,leader,V01,audio/wren-01.ogg").calls[0]

    assert call.kind is CallKind.LEADER_RECORDING
    assert call.rep_id is None
    assert call.extra["leader_id"] == "V01"


def test_the_rep_is_found_by_mail_and_the_team_by_the_rep(folder: Path) -> None:
    (folder / "people.yaml").write_text(
        "teams: [{id: river, name: River}]\npeople: [{id: R01, name: Ty, role: rep, team: river, email: Ty@w.example}]\n"
    )

    call = with_manifest(folder, "call_id,rep_email,audio_path", "a,ty@W.example,audio/wren-01.ogg").calls[0]

    assert (call.rep_id, call.team) == ("R01", "river")


def test_a_broken_people_file_is_a_problem_and_the_calls_go_on(folder: Path) -> None:
    (folder / "people.yaml").write_text("people: [{id: R01}]\n")

    found = read_call_folder(folder)

    assert len(found.calls) == 2
    assert found.problems[0].call_id == "people.yaml"


def test_files_that_belong_to_a_call_are_not_calls(folder: Path) -> None:
    (folder / "reference").mkdir()
    (folder / "reference/wren-77.transcript.json").write_text('{"turns": []}')
    (folder / "audio/wren-01.times.json").write_text("[]")
    (folder / "wren-01.transcript.json").write_text('{"turns": []}')
    (folder / "wren-01.labels.json").write_text("{}")
    (folder / "wren-02.txt").write_text("Rep: hello")
    (folder / "README.txt").write_text("read me")
    (folder / ".hidden.wav").write_bytes(b"RIFF")
    (folder / "expected.yaml").write_text("a: 1")

    found = with_manifest(folder, HEADER, GOOD)

    assert [call.call_id for call in found.calls] == ["wren-01", "wren-02"]
    assert [call.audio_path for call in found.calls] == ["audio/wren-01.ogg", "audio/wren-02.ogg"]
    assert found.problems == ()


def test_a_bad_row_still_owns_its_recording(folder: Path) -> None:
    found = with_manifest(folder, HEADER, GOOD.replace("2026-10-05T09:40", "yesterday"))

    assert [call.call_id for call in found.calls] == ["wren-02"], "a recording is not judged with half of its row"


def test_transcripts_alone_are_calls_and_recognised_by_their_contents(folder: Path) -> None:
    (folder / "transcripts").mkdir()
    (folder / "transcripts/a.transcript.json").write_text(json.dumps({"turns": [{"speaker": "rep", "text": "Hi"}]}))
    (folder / "transcripts/b.txt").write_text("Rep: Hi\nCustomer: Hello\n")
    (folder / "c.VTT").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nRep: Hello.\n")
    (folder / "notes.txt").write_text("call Gary back\n")
    (folder / "export.json").write_text('{"calls": []}')
    (folder / "slides.pdf").write_bytes(b"%PDF")

    found = read_call_folder(folder)

    assert {call.call_id: call.transcript_path for call in found.calls if call.transcript_path} == {
        "a": "transcripts/a.transcript.json",
        "b": "transcripts/b.txt",
        "c": "c.VTT",
    }
    assert sorted(problem.call_id for problem in found.problems) == ["export.json", "notes.txt"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("wren-01.yaml", "rep_id: R01\nstarted_at: 2026-10-05T09:40:00Z\nrep_channel: 1\namount: 12.5\nstage: late\n"),
        (
            "wren-01.json",
            '{"rep_id": "R01", "started_at": "2026-10-05T09:40Z", "rep_channel": 1, "amount": 12.5, "stage": "late"}',
        ),
    ],
)
def test_a_sidecar_describes_the_call_beside_it(folder: Path, name: str, text: str) -> None:
    (folder / "audio" / name).write_text(text)

    call = read_call_folder(folder).calls[0]

    assert (call.call_id, call.rep_id, call.rep_channel, call.amount) == ("wren-01", "R01", 1, 12.5)
    assert call.day == date(2026, 10, 5)
    assert call.extra == {"stage": "late"}


def test_a_sidecar_describes_a_transcript_too(folder: Path) -> None:
    (folder / "x.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nRep: Hello.\n")
    (folder / "x.json").write_text('{"rep_id": "R03"}')

    found = read_call_folder(folder)

    assert [(call.call_id, call.transcript_path, call.rep_id) for call in found.calls if call.rep_id] == [("x", "x.vtt", "R03")]
    assert found.problems == ()


def test_a_bad_sidecar_is_named(folder: Path) -> None:
    (folder / "audio/wren-01.yaml").write_text("rep_channel: left\n")
    (folder / "audio/wren-02.yaml").write_text("- a\n")

    found = read_call_folder(folder)

    assert sentences(found)[0].startswith("wren-01.ogg: rep_channel is 'left'. Write 0")
    assert "audio/wren-02.yaml: there are no fields in it." in sentences(found)[1]


@pytest.mark.parametrize(
    ("name", "call_id", "rep_id", "started_at"),
    [
        ("2026-10-05_R01_wren-09.ogg", "wren-09", "R01", datetime(2026, 10, 5, tzinfo=UTC)),
        ("2026-10-05T0940_R01_wren-09.wav", "wren-09", "R01", datetime(2026, 10, 5, 9, 40, tzinfo=UTC)),
        ("2026-10-05_R01_a_b.mp3", "a_b", "R01", datetime(2026, 10, 5, tzinfo=UTC)),
        ("2026-13-45_R01_wren-09.ogg", "2026-13-45_R01_wren-09", None, None),  # no such day: just a name
        ("wren.09.final.ogg", "wren.09.final", None, None),
    ],
)
def test_a_file_name_tells_day_rep_and_call(
    tmp_path: Path, name: str, call_id: str, rep_id: str | None, started_at: datetime | None
) -> None:
    (tmp_path / name).write_bytes(b"audio")

    call = read_call_folder(tmp_path).calls[0]

    assert (call.call_id, call.rep_id, call.started_at) == (call_id, rep_id, started_at)


@pytest.mark.parametrize("text", ["nul\\u0000", "half a character \\ud800"])
def test_characters_that_no_database_keeps_are_refused(folder: Path, text: str) -> None:
    (folder / "audio/wren-01.json").write_text(f'{{"rep_id": "{text}"}}')

    found = read_call_folder(folder)

    assert [call.call_id for call in found.calls] == ["wren-02"]
    assert "characters that are no text" in sentences(found)[0] or "not YAML" in sentences(found)[0]


@given(raw=st.binary(max_size=300) | st.text(st.sampled_from('call_id,audio_path;\t"\n\r x1.ogg'), max_size=300).map(str.encode))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_manifest_is_read_or_refused_in_a_sentence(folder: Path, raw: bytes) -> None:
    (folder / "manifest.csv").write_bytes(b"call_id,audio_path,started_at,amount\n" + raw)
    try:
        found = read_call_folder(folder)
    except BadManifest as trouble:
        assert str(trouble).endswith(".")
        return
    assert all(sentence.endswith((".", ".?")) for sentence in sentences(found))
    assert len({call.call_id for call in found.calls}) == len(found.calls)


def test_two_recordings_of_one_name_are_one_call_and_a_problem(folder: Path) -> None:
    (folder / "wren-01.wav").write_bytes(b"RIFF")

    found = read_call_folder(folder)

    assert [call.call_id for call in found.calls] == ["wren-01", "wren-02"]
    assert "another call is named wren-01 already" in sentences(found)[0]


@pytest.mark.parametrize(
    ("place", "expected"), [("gone", "no such folder"), ("empty", "no call in it. Put recordings"), ("f.wav", "a file")]
)
def test_a_folder_without_calls_says_what_to_do(tmp_path: Path, place: str, expected: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "f.wav").write_bytes(b"")

    with pytest.raises(BadInput, match=expected):
        read_call_folder(tmp_path / place)


def test_reading_a_folder_twice_gives_the_same_value(folder: Path) -> None:
    assert with_manifest(folder, HEADER, GOOD) == read_call_folder(folder)
