"""Captions: SRT and WebVTT as files hold them, and every form that callcoach writes read back."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transcript_exports import EXPORTS

from callcoach.domain.call import RoleFinding, RoleSource, Transcript, Turn, Word
from callcoach.errors import BadInput, BadTranscript
from callcoach.intake.calls import read_call_folder
from callcoach.intake.transcripts import read_transcript, recognise, write_json, write_transcript

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "interchange" / "webvtt-samples"
GIVEN = RoleFinding(source=RoleSource.GIVEN)


def read(folder: Path, text: str, **asked: object) -> Transcript:
    (folder / "x").write_text(text, encoding="utf-8")
    return read_transcript(folder / "x", **asked)  # type: ignore[arg-type]


def said(transcript: Transcript) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in transcript.turns]


# SRT

SRT = """\
1
00:00:01,000 --> 00:00:03,000
<i>Tyler Boone:</i> Good morning,
it is AT&T &amp; us: 2 &lt; 3.

2
00:00:03,500 --> 00:00:05,000
{\\an8}<font color="#ffffff">And on.</font>

3
00:00:05,100 --> 00:00:06,000
Ann Lee: Yes?
"""


def test_srt_has_names_in_front_and_tags_that_go(tmp_path: Path) -> None:
    transcript = read(tmp_path, SRT, rep_names=["Tyler Boone"])

    assert recognise(tmp_path / "x") == "srt"
    assert said(transcript) == [("rep", "Good morning, it is AT&T & us: 2 < 3. And on."), ("customer", "Yes?")]
    assert (transcript.turns[0].start, transcript.turns[0].end, transcript.duration, transcript.roles) == (1.0, 5.0, 6.0, GIVEN)


@pytest.mark.parametrize(
    "text",
    [
        "00:00:01,000 --> 00:00:03,000\nRep: Hi.\n\n00:00:03,000 --> 00:00:04,000\nCustomer: 5",  # no numbers
        "1\r\n00:00:01,000 --> 00:00:03,000\r\nRep: Hi.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nCustomer: 5\r\n",
        "\ufeff1\n00:01,0 --> 00:03,0\nRep: Hi.\n2\n00:00:03.000 --> 00:00:04.000\nCustomer: 5",  # no empty line, points
        "\n\n1\n\n00:00:01 --> 00:00:03\nRep: Hi.\n\n\n\n2\n00:00:03 --> 00:00:04 X1:1 X2:2\nCustomer:  5\n\n3\n",
    ],
    ids=["no numbers", "windows", "no empty line", "too many empty lines"],
)
def test_srt_as_programs_write_it(tmp_path: Path, text: str) -> None:
    transcript = read(tmp_path, text)

    assert said(transcript) == [("rep", "Hi."), ("customer", "5")]
    assert [(turn.start, turn.end) for turn in transcript.turns] == [(1.0, 3.0), (3.0, 4.0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\n00:00:01,000 --> 00:00:03:000\nHi", "x line 2: this SRT time cannot be read: '00:00:01,000 --> 00:00:03:000'."),
        ("1\n00:00:01,000 --> 00:61:03,000\nHi", "x line 2: this SRT time cannot be read: "),
        ("1\n00:00:05,000 --> 00:00:03,000\nHi", "x line 2: this SRT cue ends at 3 s before it starts at 5 s."),
        ("1\n00:00:01,000 --> 00:00:03,000\nHi\n\n2\nlost", "x line 5: these SRT words have no time."),
        ("1\n00:00:01,000 --> 00:00:03,000\n\n", "x: this SRT file has no cue with words."),
    ],
)
def test_a_broken_srt_names_the_line(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(BadTranscript) as raised:
        read(tmp_path, text)

    assert str(raised.value).startswith(f"{tmp_path.name}/{expected}")
    assert str(raised.value).endswith("Export it anew.")


def test_captions_after_the_end_of_the_recording_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTranscript, match=r"its words go on until 6\.0 s, but the recording is 3\.0 s long"):
        read(tmp_path, SRT, seconds=3.0)


def test_a_folder_of_srt_files_is_a_folder_of_calls(tmp_path: Path) -> None:
    (tmp_path / "2026-10-05_R01_wren-01.srt").write_text(SRT, encoding="utf-8")

    found = read_call_folder(tmp_path)

    assert found.problems == ()
    assert [(call.call_id, call.rep_id, call.transcript_path) for call in found.calls] == [
        ("wren-01", "R01", "2026-10-05_R01_wren-01.srt")
    ]


# WebVTT


def test_webvtt_says_its_language_and_hides_notes_and_styles(tmp_path: Path) -> None:
    text = (
        "WEBVTT - a call\nKind: captions\nLanguage: de-DE\n\nSTYLE\n::cue {\n}\n\nNOTE not\nsaid\n\nREGION\nid:a\n\n"
        "a-b\n0:0:1.5 --> 0:0:2.540 region:a\n<v Rep>Guten<00:00:02.000> Tag\n"
    )
    transcript = read(tmp_path, text)

    assert (said(transcript), transcript.language) == ([("rep", "Guten Tag")], "de")
    assert (transcript.turns[0].start, transcript.turns[0].end) == (1.5, 2.54)


def test_no_cue_is_lost_without_a_sound(tmp_path: Path) -> None:
    with pytest.raises(BadTranscript, match=r"x line 6: these WebVTT words have no time\. Export it anew\."):
        read(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n\nlost\n\n00:03.000 --> 00:04.000\nBye\n")


READ = {
    "captions_with_bom.vtt": 4, "comments.vtt": 3, "cue_tags.vtt": 3, "invalid.vtt": 7, "invalid_timeframe_in_cue_text.vtt": 3,
    "metadata_headers.vtt": 2, "metadata_headers_multiline.vtt": 2, "missing_caption_text.srt": 4, "missing_caption_text.vtt": 4,
    "netflix_chicas_del_cable.vtt": 865, "non_padded_timestamps.vtt": 3, "one_caption.srt": 1, "one_caption.vtt": 1,
    "regions.vtt": 2, "sample.srt": 5, "sample.vtt": 16, "styles.vtt": 1, "styles_colours.srt": 6, "styles_colours.vtt": 6,
    "styles_with_comments.vtt": 1, "using_identifiers.vtt": 6, "youtube_dl.vtt": 4,
}  # fmt: skip
SAMPLE_NAMES = sorted(path.name for path in SAMPLES.iterdir()) if SAMPLES.is_dir() else []


@pytest.mark.skipif(not SAMPLE_NAMES, reason="the genuine samples are not beside the repository")
@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_each_genuine_caption_file_is_read_whole_or_refused_in_a_sentence(name: str) -> None:
    if name not in READ:
        with pytest.raises(BadTranscript) as raised:
            read_transcript(SAMPLES / name)
        assert str(raised.value).startswith(f"webvtt-samples/{name}")
        assert len(str(raised.value)) < 250
        return
    transcript = read_transcript(SAMPLES / name)
    raw = (SAMPLES / name).read_text(encoding="utf-8-sig")
    spoken = " ".join(turn.text for turn in transcript.turns)
    captions = [word for line in raw.splitlines() if line.startswith("Caption text") for word in line.split()]
    assert spoken.split() == captions or not captions
    assert raw.count("-->") - READ[name] == (1 if name.startswith(("missing", "invalid_timeframe_in")) else 0)
    assert "<" not in spoken.replace("2 < 3", "") and "-->" not in spoken


# written

WORDS = tuple(
    Word(text=text, start=1.0 + number, end=1.5 + number)
    for number, text in enumerate(["R&D", "is", "<b>not</b>", "1", "-->", "2.", "&amp;"])
)
CALL = Transcript(
    call_id="wren-01",
    language="en",
    duration=20.0,
    roles=GIVEN,
    turns=(
        Turn(speaker="rep", text="R&D is <b>not</b> 1 --> 2. &amp;", start=1.0, end=7.5, words=WORDS),
        Turn(speaker="customer2", text="Note: I see.\nYes.", start=8.0, end=9.0),
        Turn(speaker="unknown", text="Hm.", start=10.0),
    ),
)


def test_webvtt_has_voice_tags_and_escapes() -> None:
    assert write_transcript(CALL, "vtt") == (
        "WEBVTT\nLanguage: en\n\n"
        "00:00:01.000 --> 00:00:07.500\n<v Rep>R&amp;D is &lt;b&gt;not&lt;/b&gt; 1 --&gt; 2. &amp;amp;</v>\n\n"
        "00:00:08.000 --> 00:00:09.000\n<v Customer 2>Note: I see. Yes.</v>\n\n"
        "00:00:10.000 --> 00:00:20.000\n<v Unknown>Hm.</v>\n"
    )


def test_srt_has_the_speaker_in_front() -> None:
    assert write_transcript(CALL, "srt") == (
        "1\n00:00:01,000 --> 00:00:07,500\nRep: R&D is &lt;b>not&lt;/b> 1 --> 2. &amp;amp;\n\n"
        "2\n00:00:08,000 --> 00:00:09,000\nCustomer 2: Note: I see. Yes.\n\n"
        "3\n00:00:10,000 --> 00:00:20,000\nUnknown: Hm.\n"
    )


def test_text_has_a_line_per_turn() -> None:
    late = Transcript(call_id="c", turns=(Turn(speaker="customer", text="Hi", start=3723.9), Turn(speaker="rep", text="Yes.")))

    assert write_transcript(CALL, "txt") == (
        "[0:01] Rep: R&D is <b>not</b> 1 --> 2. &amp;\n[0:08] Customer 2: Note: I see. Yes.\n[0:10] Unknown: Hm.\n"
    )
    assert write_transcript(late, "txt") == "[1:02:03] Customer: Hi\nRep: Yes.\n"


def test_a_long_turn_is_cut_at_sentences_pauses_and_before_it_gets_too_long() -> None:
    texts = ["word"] * 9 + ["end."] + ["word"] * 40
    words = [Word(text=text, start=number * 0.5, end=number * 0.5 + 0.4) for number, text in enumerate(texts)]
    words.append(Word(text="later", start=60.0, end=60.5))
    turn = Turn(speaker="rep", text=" ".join(word.text for word in words), start=0.0, end=60.5, words=tuple(words))

    cues = write_transcript(Transcript(call_id="c", turns=(turn,)), "vtt").split("\n\n")[1:]

    texts_of_cues = [cue.split("\n")[1].removeprefix("<v Rep>").removesuffix("</v>") for cue in cues]
    assert texts_of_cues[0].endswith("end.")
    assert texts_of_cues[-1] == "later"
    assert all(len(text) <= 84 for text in texts_of_cues)
    assert cues[1].startswith("00:00:05.000 --> ")
    assert " ".join(texts_of_cues) == turn.text


@pytest.mark.parametrize("form", ["vtt", "srt"])
def test_a_transcript_without_times_is_no_caption_file(form: str) -> None:
    with pytest.raises(BadTranscript) as raised:
        write_transcript(Transcript(call_id="wren-01", turns=(Turn(speaker="rep", text="Hello."),)), form)

    name = {"vtt": "WebVTT", "srt": "SRT"}[form]
    assert str(raised.value) == (
        f'wren-01: the turn "Hello." has no time, so it cannot be written as {name}. Write it as txt or json.'
    )


def test_a_form_that_is_none_is_named() -> None:
    with pytest.raises(BadInput, match=r"docx: this is no form of a transcript\. Choose one of json, vtt, srt, txt\."):
        write_transcript(CALL, "docx")


text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
spoken = text.map(lambda said: " ".join(said.split())).filter(bool)


@st.composite
def calls(draw: st.DrawFn) -> Transcript:
    """A call whose turns follow each other, with or without word times."""
    turns, clock = [], 0.0
    for _ in range(draw(st.integers(1, 6))):
        speaker = draw(st.sampled_from(["rep", "rep2", "customer", "customer2", "unknown", "unknown2", "leader"]))
        words = []
        for part in " ".join(draw(st.lists(spoken, min_size=1, max_size=30))).split():
            start, clock = clock, round(clock + draw(st.integers(1, 3000)) / 1000, 3)
            words.append(Word(text=part, start=start, end=clock))
        timed = draw(st.booleans())
        turns.append(
            Turn(
                speaker=speaker,
                text=" ".join(word.text for word in words),
                start=words[0].start,
                end=clock if timed or draw(st.booleans()) else None,
                words=tuple(words) if timed else (),
            )
        )
    return Transcript(call_id="c", turns=tuple(turns), duration=clock)


def by_speaker(transcript: Transcript) -> list[tuple[str, list[str]]]:
    """Who said which words in a row: captions join a speaker's turns and cut them at pauses."""
    rows: list[tuple[str, list[str]]] = []
    for turn in transcript.turns:
        if rows and rows[-1][0] == turn.speaker:
            rows[-1][1].extend(turn.text.split())
        else:
            rows.append((turn.speaker, turn.text.split()))
    return rows


@pytest.mark.parametrize("form", ["json", "vtt", "srt", "txt"])
@given(transcript=calls())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_back_with_the_same_speakers_and_words(tmp_path: Path, form: str, transcript: Transcript) -> None:
    back = read(tmp_path, write_transcript(transcript, form), call_id="c")

    assert recognise(tmp_path / "x") == {"json": "json", "vtt": "webvtt", "srt": "srt", "txt": "text"}[form]
    assert by_speaker(back) == by_speaker(transcript)
    if form == "json":
        assert back == transcript
    elif form != "txt":
        assert back.turns[0].start == transcript.turns[0].start


@pytest.mark.parametrize("form", ["json", "vtt", "srt", "txt"])
@pytest.mark.parametrize("what", EXPORTS)
def test_every_format_goes_out_in_every_form(tmp_path: Path, what: str, form: str) -> None:
    (tmp_path / "in").write_text(json.dumps(EXPORTS[what][1]), encoding="utf-8")
    transcript = read_transcript(tmp_path / "in", call_id="c")

    assert by_speaker(read(tmp_path, write_transcript(transcript, form))) == by_speaker(transcript)


@pytest.mark.skipif(not SAMPLE_NAMES, reason="the genuine exports are not beside the repository")
@pytest.mark.parametrize("form", ["json", "vtt", "srt", "txt"])
@pytest.mark.parametrize("path", sorted(SAMPLES.parent.glob("*.json")), ids=lambda path: path.stem)
def test_genuine_exports_go_out_in_every_form(tmp_path: Path, path: Path, form: str) -> None:
    transcript = read_transcript(path)
    back = read(tmp_path, write_transcript(transcript, form), call_id=transcript.call_id)

    for speaker in {turn.speaker for turn in transcript.turns}:
        before, after = (
            [word for turn in one.turns if turn.speaker == speaker for word in turn.text.split()] for one in (transcript, back)
        )
        assert before == after
    assert back.roles == transcript.roles
    if form == "json":
        assert back == transcript


def test_repairs_and_how_roles_are_known_survive_json(tmp_path: Path) -> None:
    word = Word(text="CatchBack", start=0.0, end=0.5, probability=0.5, heard="cash back")
    turn = Turn(speaker="rep", text="CatchBack", start=0.0, end=0.5, words=(word,))
    transcript = Transcript(
        call_id="c", turns=(turn,), roles=RoleFinding(source=RoleSource.HEARD, confidence=0.97, contradicted=True)
    )

    assert read(tmp_path, write_json(transcript)) == transcript
    written = json.loads(write_json(transcript))
    assert written["roles"] == {"source": "heard", "confidence": 0.97, "contradicted": True}
    assert written["turns"][0]["words"][0]["heard"] == "cash back"
